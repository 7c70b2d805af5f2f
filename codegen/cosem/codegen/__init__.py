"""The generator: tables in spec/ become typed Python. Imports nothing else of cosem."""
