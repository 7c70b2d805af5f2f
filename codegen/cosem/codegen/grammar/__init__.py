"""Lark grammars of the spec: the type notation and the APDU modules."""
