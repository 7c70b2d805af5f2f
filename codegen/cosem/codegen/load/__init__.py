"""Spec files → located nodes → IR."""
