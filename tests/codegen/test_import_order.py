"""Imports of generated modules stand in the order that linters ask for, however many parts a series has."""

from __future__ import annotations

from random import Random

import pytest

from cosem.codegen.emit.module import import_order


@pytest.mark.parametrize(
    "names",
    [
        ["cosem.a.object_list", "cosem.a.object_list_2", "cosem.a.object_list_9", "cosem.a.object_list_10"],
        ["IECLocalPortSetupV1", "ImageTransferV0", "IPv4SetupV0", "IPv6SetupV0"],
        ["DataOfBitsAlarmV0", "DataOfBitStringV0", "DataOfBooleanV0"],
        ["ALARM", "ZERO", "Alarm", "Zero", "alarm"],
    ],
)
def test_numbers_by_value_and_small_letters_as_large_ones(names: list[str]) -> None:
    mixed = Random(1).sample(names, k=len(names))
    assert sorted(mixed, key=import_order) == names
