"""Descriptions of devices: patterns of logical names, pushed lists, recognition, and the registry of packages."""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import suppress
from importlib.metadata import EntryPoint, EntryPoints
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cosem.core import device_registry
from cosem.core.data import Data
from cosem.core.device import Device, DeviceObject, Match, ObisPattern
from cosem.core.device_registry import installed_devices, load_device, recognise
from cosem.core.errors import CosemError, InvalidValueError
from cosem.core.obis import LogicalName
from cosem.core.origin import Origin
from cosem.core.push_list import PushItem, PushList, element_at

ORIGIN = Origin("Acme", "Manual", "p. 1")


class Watt:
    symbol = "W"


def test_a_letter_in_its_place_admits_every_number() -> None:
    pattern = ObisPattern("1.b.1.8.e.255")
    assert pattern.open == "be"
    assert pattern.admits(LogicalName("1.7.1.8.255.255"))
    assert not pattern.admits(LogicalName("1.7.2.8.0.255"))
    assert pattern.at(b=0, e=3) == LogicalName("1.0.1.8.3.255")


def test_ranges_admit_what_is_in_them() -> None:
    pattern = ObisPattern("0.1-4/7.24.1.0.255")
    assert [pattern.admits(LogicalName(f"0.{b}.24.1.0.255")) for b in (0, 1, 4, 5, 7)] == [
        False, True, True, False, True,
    ]  # fmt: skip
    assert pattern.at(b=7) == LogicalName("0.7.24.1.0.255")


@pytest.mark.parametrize("given_groups", [{}, {"b": 0}, {"b": 300}, {"b": 1, "e": 2}, {"e": 1}])
def test_open_groups_are_filled_exactly_and_within(given_groups: dict[str, int]) -> None:
    with pytest.raises(InvalidValueError):
        ObisPattern("0.1-4.24.1.0.255").at(**given_groups)


@given(st.text(max_size=30))
def test_no_text_breaks_a_pattern(text: str) -> None:
    with suppress(CosemError):
        assert len(ObisPattern(text).groups) == 6


@pytest.mark.parametrize(
    "text", ["1.0.1.8.0", "e.0.1.8.0.255", "1.0.1.8.4-1.255", "1.0.1.8.256.255", "1.0.1.8.a-b.255"]
)
def test_what_is_no_pattern_is_refused(text: str) -> None:
    with pytest.raises(InvalidValueError):
        ObisPattern(text)


def test_an_object_is_found_by_the_closest_pattern() -> None:
    every = DeviceObject("every", ObisPattern("1.0.1.8.e.255"), 3, 0, ORIGIN)
    total = DeviceObject("total", ObisPattern("1.0.1.8.0.255"), 3, 0, ORIGIN)
    device = Device("acme", "Acme", objects=(every, total))
    assert device.find(3, LogicalName("1.0.1.8.0.255")) is total
    assert device.find(3, LogicalName("1.0.1.8.1.255")) is every
    assert device.find(4, LogicalName("1.0.1.8.1.255")) is None


def test_a_variant_has_what_all_have_and_its_own() -> None:
    clock = DeviceObject("clock", ObisPattern("0.0.1.0.0.255"), 8, 0, ORIGIN)
    second = DeviceObject("second", ObisPattern("1.0.52.7.0.255"), 3, 0, ORIGIN, variants=("polyphase",))
    device = Device("acme", "Acme", variants=("single_phase", "polyphase"), objects=(clock, second))
    assert device.objects_of() == (clock, second)
    assert device.objects_of("polyphase") == (clock, second)
    assert device.objects_of("single_phase") == (clock,)
    with pytest.raises(InvalidValueError, match="no variant 'green'; there are single_phase, polyphase"):
        device.objects_of("green")


def test_an_object_of_one_variant_is_found_among_those_alike() -> None:
    one = DeviceObject("one", ObisPattern("1.0.99.1.0.255"), 7, 1, ORIGIN, variants=("single_phase",))
    more = DeviceObject("more", ObisPattern("1.0.99.1.0.255"), 7, 1, ORIGIN, variants=("polyphase",))
    device = Device("acme", "Acme", variants=("single_phase", "polyphase"), objects=(one, more))
    profile = LogicalName("1.0.99.1.0.255")
    assert device.find(7, profile) is one
    assert device.find(7, profile, "polyphase") is more
    with pytest.raises(InvalidValueError):
        device.find(7, profile, "green")


def body(*elements: Data) -> Data:
    return Data.structure(list(elements))


LIST = PushList(
    "list_1",
    ORIGIN,
    count=3,
    texts={(1,): "ACME_V*"},
    items=(
        PushItem("version", (1,)),
        PushItem("power", (2,), LogicalName("1.0.1.7.0.255"), scaler=1, unit=Watt()),
        PushItem("voltage", (3, 2)),
    ),
)


def test_a_list_is_known_by_its_shape() -> None:
    version, power, inner = (
        Data.visible_string("ACME_V2"),
        Data.long_unsigned(12),
        body(Data.null(), Data.unsigned(7)),
    )
    assert LIST.fits(body(version, power, inner))
    assert LIST.fits(body(Data.octet_string(b"ACME_V2"), power, inner))
    assert not LIST.fits(body(Data.visible_string("OTHER"), power, inner))
    assert not LIST.fits(body(version, power))
    assert not LIST.fits(Data.unsigned(3))


@pytest.mark.parametrize(
    ("element", "text"),
    [
        (Data.octet_string(bytes([1, 1, 0, 2, 129, 255])), "1.1.0.2.129.255"),
        (Data.octet_string(b"\x00\x01"), "0001"),
        (Data.unsigned(9), "9"),
    ],
)
def test_a_text_is_compared_as_people_write_it(element: Data, text: str) -> None:
    assert PushList("a", ORIGIN, texts={(1,): text}).fits(body(element))


def test_items_are_read_by_position_and_scaled() -> None:
    values = LIST.read(
        body(Data.visible_string("ACME_V2"), Data.long_unsigned(12), body(Data.null(), Data.unsigned(7)))
    )
    assert [(value.item.name, value.data.value) for value in values] == [
        ("version", "ACME_V2"), ("power", 12), ("voltage", 7),
    ]  # fmt: skip
    assert str(values[1].quantity) == "120 W"
    assert values[2].quantity is None


def test_an_item_that_is_not_there_is_left_out() -> None:
    assert [value.item.name for value in LIST.read(body(Data.unsigned(1)))] == ["version"]
    assert element_at(Data.unsigned(1), (1,)) is None


@given(st.binary(max_size=60))
def test_no_octets_break_a_list(octets: bytes) -> None:
    LIST.fits(Data(octets))
    with suppress(CosemError):
        LIST.read(Data(octets))


def test_what_a_match_does_not_name_it_does_not_ask_for() -> None:
    match = Match(flag="ZZX", firmware="2.*")
    assert match.fits(flag="ZZX", device_name="anything", firmware="2.10")
    assert not match.fits(flag="ZZX", firmware="3.0")
    assert not Device("acme", "Acme").fits(flag="ZZX")


def test_a_device_that_two_descriptions_fit_is_an_error() -> None:
    one, other = (
        Device(name, name, match=(Match(flag=flag),)) for name, flag in (("a", "ZZX"), ("b", "ZZ?"))
    )
    assert recognise({"a": one}, flag="ZZX") is one
    assert recognise({"a": one}, flag="ACM") is None
    with pytest.raises(InvalidValueError, match="a, b all fit"):
        recognise({"a": one, "b": other}, flag="ZZX")


def registered(points: list[EntryPoint]) -> Callable[..., EntryPoints]:
    def entry_points(*, group: str) -> EntryPoints:
        assert group == "cosem.overlays"
        return EntryPoints(points)

    return entry_points


def test_installed_packages_register_their_devices(monkeypatch: pytest.MonkeyPatch) -> None:
    module = ModuleType("acme_meters")
    module.__dict__["DEVICE"] = Device("acme", "Acme")
    module.__dict__["OTHER"] = 7
    monkeypatch.setitem(sys.modules, "acme_meters", module)
    right = EntryPoint("acme_meters", "acme_meters:DEVICE", "cosem.overlays")
    monkeypatch.setattr(device_registry, "entry_points", registered([right]))
    assert list(installed_devices()) == ["acme"]
    assert load_device("acme_meters").title == "Acme"
    twin = EntryPoint("acme_twin", "acme_meters:DEVICE", "cosem.overlays")
    for points in (
        [right, twin],
        [EntryPoint("x", "acme_meters:OTHER", "g")],
        [EntryPoint("x", "nowhere_at_all:D", "g")],
    ):
        monkeypatch.setattr(device_registry, "entry_points", registered(points))
        with pytest.raises(InvalidValueError):
            installed_devices()


def test_described_devices_are_those_that_come_along_and_installed_ones_which_go_first(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    module = ModuleType("acme_meters")
    module.__dict__["DEVICE"] = Device("kpz_m2m", "Installed")
    monkeypatch.setitem(sys.modules, "acme_meters", module)
    monkeypatch.setattr(device_registry, "entry_points", registered([]))
    shipped = device_registry.described_devices()
    assert shipped["kpz_m2m"].package == "cosem.devices.kpz_m2m"
    assert shipped["uni_ts_11291"].catalogue[8192, 0].NAME == "Tariff plan"
    assert not any(each.installed for each in shipped.values())
    assert device_registry.find_device("kpz_m2m").title == "KPZ M2M"
    point = EntryPoint("acme_meters", "acme_meters:DEVICE", "cosem.overlays")
    monkeypatch.setattr(device_registry, "entry_points", registered([point]))
    both = device_registry.described_devices()
    assert set(both) == set(shipped)
    assert both["kpz_m2m"].installed
    assert device_registry.known_devices()["kpz_m2m"].title == "Installed"
    with pytest.raises(InvalidValueError, match="CATALOGUE"):
        _ = both["kpz_m2m"].catalogue
    module.__dict__["CATALOGUE"] = {}
    with pytest.raises(InvalidValueError, match="no catalogue"):
        _ = both["kpz_m2m"].catalogue
    with pytest.raises(InvalidValueError, match="no device 'nothing'"):
        device_registry.find_device("nothing")
