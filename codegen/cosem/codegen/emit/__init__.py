"""IR → template variables → source. No logic in templates, no layout in Python."""
