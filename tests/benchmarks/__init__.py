"""How fast we are, as ratios to installed peers measured in one run: ``python -m tests.benchmarks``."""
