"""Kamstrup's lists of Denmark and Switzerland."""

from __future__ import annotations

from decimal import Decimal

from tests.devices.overlays import captures, numbers, values

from cosem.devices.kamstrup_han import DEVICE

PHASES = ("l1", "l2", "l3")


def test_currents_of_the_long_list_have_no_unit_for_it_depends_on_transformers() -> None:
    """With power, power factor and voltage of a phase, a unit of the current is 0.01 A here and 0.001 A there."""
    sizes: list[Decimal] = []
    for capture in captures("kamstrup_han", "long_list"):
        found, raw = numbers(DEVICE, capture), values(DEVICE, capture)
        assert all(raw[f"current_{phase}"].quantity is None for phase in PHASES)
        power, amperes = Decimal(), Decimal()
        for phase in PHASES:
            power = max(found[f"active_power_import_{phase}"], found[f"active_power_export_{phase}"])
            amperes += power / found[f"power_factor_{phase}"] / found[f"voltage_{phase}"]
        counted = sum(int(str(raw[f"current_{phase}"].data.value)) for phase in PHASES)
        sizes.append(amperes / counted)
    assert [Decimal("0.0007") < size < Decimal("0.0014") for size in sizes] == [True, False, False]
    assert [Decimal("0.004") < size < Decimal("0.014") for size in sizes] == [False, True, True]


def test_voltages_of_five_digits_are_hundredths() -> None:
    (capture,) = captures("kamstrup_han", "ten_seconds_fine")
    found = numbers(DEVICE, capture)
    assert all(Decimal(207) < found[f"voltage_{phase}"] < Decimal(253) for phase in PHASES)


def test_the_phases_make_the_whole() -> None:
    (_, switzerland, denmark) = captures("kamstrup_han", "long_list")
    for capture, way in ((switzerland, "export"), (denmark, "import")):
        found = numbers(DEVICE, capture)
        phases = sum((found[f"active_power_{way}_{phase}"] for phase in PHASES), Decimal())
        assert abs(phases - found[f"active_power_{way}"]) <= 2
