"""The examples in the documentation of core are true."""

from __future__ import annotations

import doctest
from importlib import import_module

import pytest


@pytest.mark.parametrize("name", ["bitstring", "data", "datetime", "quantity", "rows"])
def test_examples(name: str) -> None:
    results = doctest.testmod(import_module(f"cosem.core.{name}"))
    assert results.attempted
    assert not results.failed
