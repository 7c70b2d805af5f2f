"""What the tables say, as frozen dataclasses that remember where they were read."""
