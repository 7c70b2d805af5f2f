"""Open groups of an object list become a few objects, and what is named elsewhere is always among them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from cosem.core.device import Device, DeviceAssociation, DeviceColumn, DeviceObject, ObisPattern
from cosem.core.obis import LogicalName
from cosem.core.origin import Origin
from cosem.sim.expand import MOST_OF_A_ROW, expand

ORIGIN = Origin("Test", "no source", "")


def row(
    codes: str, class_id: int = 3, *columns: DeviceColumn, variants: tuple[str, ...] = ()
) -> DeviceObject:
    return DeviceObject(
        f"row_{codes}", ObisPattern(codes), class_id, 0, ORIGIN, columns=columns, variants=variants
    )


def names(
    *rows: DeviceObject, variant: str = "", associations: tuple[DeviceAssociation, ...] = ()
) -> list[str]:
    device = Device("test", "Test", objects=rows, variants=("one", "two"), associations=associations)
    return [str(each.logical_name) for each in expand(device, variant)]


def test_open_tariffs_and_channels_are_a_few() -> None:
    assert names(row("1.0.1.8.e.255")) == [f"1.0.1.8.{e}.255" for e in range(5)]
    assert names(row("0.b.24.1.0.255", 72)) == [f"0.{b}.24.1.0.255" for b in range(1, 5)]
    assert names(row("0.2-3.24.1.0.255", 72)) == ["0.2.24.1.0.255", "0.3.24.1.0.255"]
    assert names(row("1.b.1.8.0.255")) == ["1.0.1.8.0.255"]
    assert names(row("1.0.1.8.0.f")) == ["1.0.1.8.0.101", "1.0.1.8.0.102", "1.0.1.8.0.255"]


def test_what_profiles_capture_is_there() -> None:
    fixed = DeviceColumn(ObisPattern("1.0.1.8.60.255"), 3, 2)
    assert "1.0.1.8.60.255" in names(row("1.0.1.8.e.255"), row("1.0.99.1.0.255", 7, fixed))
    by_channel = DeviceColumn(ObisPattern("0.b.24.2.1.255"), 4, 2)
    profile = row("0.7.24.3.0.255", 7, DeviceColumn(ObisPattern("0.7.24.2.1.255"), 4, 2))
    assert "0.7.24.2.1.255" in names(row("0.b.24.2.1.255", 4), profile)
    assert "0.9.24.2.1.255" in names(row("0.b.24.2.1.255", 4), row("0.8-9.24.3.0.255", 7, by_channel))


def test_what_associations_refer_to_is_there() -> None:
    association = DeviceAssociation("one", 1, ORIGIN, security_setup=LogicalName("0.0.43.0.9.255"))
    assert "0.0.43.0.9.255" in names(row("0.0.43.0.e.255", 64), associations=(association,))


def test_a_row_without_open_groups_goes_before_one_with_them() -> None:
    device = Device("test", "Test", objects=(row("1.0.1.8.e.255"), row("1.0.1.8.2.255", 4)))
    assert {str(each.logical_name): each.row.class_id for each in expand(device)}["1.0.1.8.2.255"] == 4


def test_variants_have_what_is_theirs() -> None:
    rows = row("1.0.1.8.0.255"), row("1.0.2.8.0.255", variants=("two",))
    assert names(*rows, variant="one") == ["1.0.1.8.0.255"]
    assert names(*rows, variant="two") == ["1.0.1.8.0.255", "1.0.2.8.0.255"]


@given(st.lists(st.sampled_from("abcdef"), unique=True))
def test_no_row_becomes_many_objects_whatever_is_open(letters: list[str]) -> None:
    codes = ".".join(letter if letter in letters else "1" for letter in "abcdef")
    found = names(row(codes))
    assert 0 < len(found) <= MOST_OF_A_ROW
    assert all(ObisPattern(codes).admits(LogicalName(name)) for name in found)
