"""A meter that has a description: recognised, learnt with narrow types, read without asking for what is fixed."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from types import ModuleType

import pytest
from tests.client.described_meters import (
    CLOCK,
    NOON,
    PASSWORD,
    PLAN,
    ROWS,
    gas_meter,
    inverted,
    kpz_meter,
    served,
)
from tests.client.links import Meters
from tests.session.host import MemoryHost

from cosem.apdu import GetRequestNormal, decode_pdu
from cosem.client import AssociationOptions, Authentication, ConnectOptions, connect_blocking, decode_push
from cosem.core.access import CosemObject, ReadOnly
from cosem.core.catalogue import Catalogue
from cosem.core.codecs import UNSIGNED
from cosem.core.data import Data
from cosem.core.device import Device, DeviceObject, Match, ObisPattern, Prescribed, Quirk
from cosem.core.device_registry import known_devices
from cosem.core.errors import AssociationError, DecodeError, InvalidValueError
from cosem.core.obis import LogicalName
from cosem.core.origin import Origin
from cosem.devices.kpz_m2m import DEVICE as KPZ
from cosem.devices.kpz_m2m import KpzM2M, VoltageEvent
from cosem.devices.uni_ts_11291 import CATALOGUE, DEVICE, UniTs11291, ValveClosureCause
from cosem.model import CATALOGUE as BOOKS
from cosem.model import Data as DataObject
from cosem.model import DemandRegister, Register
from cosem.model.types.structures import SCALER_UNIT, ScalerUnit
from cosem.model.types.units import Unit
from cosem.session.switches import Switches

HERE = Origin("acme", "manual")
NAME, FIRMWARE, OTHER_FIRMWARE = (
    (1, LogicalName(code), 2) for code in ("0.0.42.0.0.255", "1.0.0.2.0.255", "0.0.0.2.0.255")
)
MAKERS = {
    name: Device(name, name, match=matches)
    for name, matches in {
        "any_acm": (Match("ACM", "", "3.*"),),
        "em3": (Match("ZZX", "ZZX3*", "2.*"), Match("", "EM3*", "")),
    }.items()
}


@pytest.fixture(scope="module")
def gas() -> Iterator[str]:
    with served(gas_meter()) as address:
        yield address


@pytest.fixture(scope="module")
def kpz() -> Iterator[str]:
    with served(kpz_meter()) as address:
        yield address


# -- recognition


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({NAME: Data.octet_string(b"ZZX3000000000001"), FIRMWARE: Data.visible_string("2.1")}, "em3"),
        ({NAME: Data.octet_string(b"ZZX3\x00\xff\x01"), OTHER_FIRMWARE: Data.octet_string(b"2.1\0")}, "em3"),
        ({NAME: Data.visible_string("EM3-7")}, "em3"),
        ({NAME: Data.octet_string(b"ACM1"), FIRMWARE: Data.octet_string(b"3.0")}, "any_acm"),
        ({NAME: Data.octet_string(b"ACM1"), FIRMWARE: Data.octet_string(b"4.0")}, None),
        ({NAME: Data.octet_string(b"AC-1"), FIRMWARE: Data.octet_string(b"3.0")}, None),
        ({NAME: Data.unsigned(7)}, None),
        ({NAME: Data(b"\x0c\x01\xff")}, None),
        ({}, None),
    ],
)
def test_a_meter_is_recognised_by_its_name_and_firmware(
    meters: Meters, values: dict[tuple[int, bytes, int], Data], expected: str | None
) -> None:
    meter, _ = meters.connect(MemoryHost(dict(values)))
    found = meter.identify(MAKERS)
    assert (found.name if found else None) == expected


def test_a_meter_that_two_descriptions_fit_is_an_error(meters: Meters) -> None:
    meter, _ = meters.connect(
        MemoryHost({NAME: Data.octet_string(b"ZZX3"), FIRMWARE: Data.octet_string(b"2.1")})
    )
    with pytest.raises(InvalidValueError, match="em3, twin all fit"):
        meter.identify(MAKERS | {"twin": Device("twin", "Twin", match=(Match("ZZX"),))})


def test_setting_the_device_switches_its_quirks_and_none_switches_them_off(meters: Meters) -> None:
    turned = Data.octet_string(inverted(NOON))
    meter, _ = meters.connect(MemoryHost({(8, CLOCK, 2): turned}))
    assert meter.device is None
    clock = UniTs11291.clock
    strict = meter.get(clock.time).to_datetime()
    meter.device = DEVICE
    assert meter.device is DEVICE
    assert meter.get(clock.time).to_datetime() == NOON.to_datetime() != strict
    meter.device = None
    assert meter.get(clock.time).to_datetime() == strict


# -- through a connection


def test_a_device_connects_and_reads_with_its_quirks_units_and_types(gas: str) -> None:
    with connect_blocking(gas, device="uni_ts_11291", association="public") as meter:
        assert meter.device is DEVICE
        assert meter.get(UniTs11291.clock.time).to_datetime() == NOON.to_datetime()
        assert str(meter.read(UniTs11291.converted_volume)) == "1234.567 m³"
        assert meter.get(UniTs11291.valve_closure_cause.value) is ValveClosureCause.LEAKAGE
        assert meter.get(UniTs11291.active_tariff_plan.plan) == PLAN
        found = meter.profile(UniTs11291.daily_load_profile, start=NOON.to_datetime())
        assert len(found) == ROWS
        assert str(found.quantities[0][1]) == "1.000 m³"


def test_a_meter_that_says_who_it_is_is_recognised_and_then_read_with_its_types(kpz: str) -> None:
    with connect_blocking(kpz) as meter:
        meter.device = meter.identify(known_devices())
        assert meter.device is KPZ
        assert meter.get(KpzM2M.voltage_event.value) is VoltageEvent.VOLTAGE_L2_MISSING


def test_an_association_with_a_password_is_opened_with_it(kpz: str) -> None:
    secret = Authentication.low(PASSWORD)
    with connect_blocking(kpz, device=KPZ, association="reader", auth=secret) as meter:
        assert meter.identify(known_devices()) is KPZ
    with pytest.raises(AssociationError):
        connect_blocking(kpz, device=KPZ, association="reader", auth=Authentication.low("wrong"))


# -- classes of objects whose types the device prescribes


def test_the_object_list_gives_rows_with_a_prescribed_type_their_narrow_class(gas: str) -> None:
    with connect_blocking(gas, device=DEVICE, association="public") as meter:
        narrow = {each.logical_name: each.object for each in meter.objects(CATALOGUE)}
        books = {each.logical_name: each.object for each in meter.objects(BOOKS)}
    for own in (
        UniTs11291.valve_closure_cause,
        UniTs11291.on_demand_snapshot_time,
        UniTs11291.active_tariff_plan,
        UniTs11291.converted_volume,
        UniTs11291.clock,
    ):
        assert narrow[own.logical_name] == own
    assert type(books[UniTs11291.valve_closure_cause.logical_name]) is DataObject
    assert books[UniTs11291.active_tariff_plan.logical_name] is None


def row(
    name: str, codes: str, version: int = 0, *, scaler: int | None = None, variant: str = ""
) -> DeviceObject:
    return DeviceObject(
        name,
        ObisPattern(codes),
        3,
        version,
        HERE,
        attributes={3: Prescribed(scaler=scaler, unit=None if scaler is None else Unit.ACTIVE_ENERGY)},
        variants=(variant,) if variant else (),
    )


@pytest.fixture
def acme(monkeypatch: pytest.MonkeyPatch) -> Catalogue:
    """Rows a to e, each of a class of its own, but that e has none."""
    rows = (
        row("a", "1.0.1.8.e.255"),
        row("b", "1.0.1.8.0.255"),
        row("c", "1.0.2.8.0.255", variant="one"),
        row("d", "1.0.2.8.0.255", variant="three"),
        row("e", "1.0.1.8.9.255"),
    )
    package, module, device = (
        ModuleType("acme_em"),
        ModuleType("acme_em.classes"),
        Device("acme", "Acme", objects=rows),
    )
    for name in "abcd":
        setattr(module, name.upper(), type(name.upper(), (Register,), {"__slots__": ()}))
    package.__dict__["DEVICE"] = device
    monkeypatch.setitem(sys.modules, "acme_em", package)
    monkeypatch.setitem(sys.modules, "acme_em.classes", module)
    return Catalogue("acme_em", {}, BOOKS, rows={name: f".classes:{name.upper()}" for name in "abcd"})


@pytest.mark.parametrize(
    ("code", "version", "expected"),
    [
        ("1.0.1.8.4.255", 0, "A"),
        ("1.0.1.8.0.255", 0, "B"),
        ("1.0.1.8.9.255", 0, "RegisterV0"),
        ("1.0.2.8.0.255", 0, "RegisterV0"),
        ("1.0.3.8.0.255", 0, "RegisterV0"),
        ("1.0.1.8.4.255", 7, ""),
    ],
    ids=["open row", "closed row goes first", "row without", "variants differ", "no row", "another version"],
)
def test_the_class_of_an_object_is_that_of_its_row(
    acme: Catalogue, code: str, version: int, expected: str
) -> None:
    found = acme.class_of(3, version, LogicalName(code))
    assert (found.__name__ if found else "") == expected


# -- scalers and units that the object list fixes

ENERGY, EXPORT = Register("1.0.1.8.0.255"), Register("1.0.2.8.0.255")
SCALED = Device(
    "acme",
    "Acme",
    objects=(
        row("energy", "1.0.1.8.e.255", scaler=-1),
        row("export_one", "1.0.2.8.0.255", scaler=0, variant="one"),
        row("export_three", "1.0.2.8.0.255", scaler=3, variant="three"),
        DeviceObject(
            "demand",
            ObisPattern("1.0.1.4.0.255"),
            5,
            0,
            HERE,
            attributes={4: Prescribed(scaler=0, unit=Unit.ACTIVE_POWER)},
        ),
    ),
)


def scaled_host() -> MemoryHost:
    told = Data.structure([Data.integer(2), Data.enum(30)])
    return MemoryHost(
        {
            (3, ENERGY.logical_name, 2): Data.unsigned(25),
            (3, ENERGY.logical_name, 3): told,
            (3, EXPORT.logical_name, 2): Data.unsigned(25),
            (3, EXPORT.logical_name, 3): told,
            (5, LogicalName("1.0.1.4.0.255"), 2): Data.unsigned(7),
        }
    )


def requests(asked: Sequence[bytes]) -> list[type]:
    return [type(decode_pdu(apdu)) for apdu in asked]


def test_a_unit_that_the_device_fixes_is_not_asked_for(meters: Meters) -> None:
    meter, wire = meters.connect(scaled_host(), ConnectOptions(device=SCALED))
    assert str(meter.read(ENERGY)) == "2.5 Wh"
    assert str(meter.read(DemandRegister("1.0.1.4.0.255"))) == "7 W"
    assert requests(wire.asked[1:]) == [GetRequestNormal, GetRequestNormal]


def test_the_meter_is_asked_where_nothing_or_not_the_same_for_all_variants_is_fixed(meters: Meters) -> None:
    meter, _ = meters.connect(scaled_host(), ConnectOptions(device=SCALED))
    assert str(meter.read(EXPORT)) == "2.5 kWh"
    plain, _ = meters.connect(scaled_host())
    assert str(plain.read(ENERGY)) == "2.5 kWh"


class Typed(CosemObject):
    """A register as a device has it whose list prescribes the type of its value."""

    __slots__ = ()
    CLASS_ID = 3
    VERSION = 0
    NAME = "Register"
    ATTRIBUTES = Register.ATTRIBUTES
    METHODS = Register.METHODS

    @property
    def value(self) -> ReadOnly[int]:
        return ReadOnly(self, 2, UNSIGNED)

    @property
    def scaler_unit(self) -> ReadOnly[ScalerUnit]:
        return ReadOnly(self, 3, SCALER_UNIT)


def test_a_register_whose_value_has_a_type_of_its_own_is_read_with_its_unit(meters: Meters) -> None:
    meter, _ = meters.connect(scaled_host())
    assert str(meter.read(Typed(ENERGY.logical_name))) == "2.5 kWh"


# -- pushes


def test_a_push_is_decoded_with_the_quirks_of_its_device() -> None:
    swapped = bytes.fromhex("0F 00000001 00 0202 0609 0100010700FF 1105")
    device = Device("acme", "Acme", quirks={Quirk.SWAPPED_TAGS: HERE})
    assert decode_push(swapped, device).notification_body.elements[0].octets[2:] == LogicalName(
        "1.0.1.7.0.255"
    )
    with pytest.raises(DecodeError):
        decode_push(swapped)
    assert ConnectOptions.of(device=device).association == AssociationOptions(
        switches=Switches.of([Quirk.SWAPPED_TAGS])
    )
