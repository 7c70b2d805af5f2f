"""Text telegrams: how addresses and values are written, and what a list of them says."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cosem.core.datetime import DateTime
from cosem.core.device import Device, DeviceObject, ObisPattern, Prescribed
from cosem.core.obis import LogicalName
from cosem.core.origin import Origin
from cosem.core.text_forms import Form, as_address, read_value, symbols_of
from cosem.core.text_list import TextList, TextValue
from cosem.core.text_telegram import DataSet, TextTelegram, WrittenValue

ORIGIN = Origin("Acme", "Manual", "p. 1")


@dataclass(frozen=True)
class Unit:
    symbol: str


UNITS = [Unit(symbol) for symbol in ("W", "Wh", "var", "V", "m³", "s", "J", "")]
SYMBOLS = symbols_of(UNITS)
COUNT = UNITS[-1]


def row(name: str, code: str, class_id: int = 3, **attributes: Prescribed) -> DeviceObject:
    return DeviceObject(
        name,
        ObisPattern(code),
        class_id,
        0,
        ORIGIN,
        attributes={int(key[1:]): each for key, each in attributes.items()},
    )


OBJECTS = (
    row("clock", "0.0.1.0.0.255", 8),
    row("power", "1.0.1.7.0.255"),
    row("power_factor", "1.0.13.7.0.255", a3=Prescribed(scaler=-3, unit=COUNT)),
    row("gas", "0.1-4.24.2.1.255", 4),
    row("identifier", "0.0.96.1.1.255", 1),
    row("failures", "1.0.99.97.0.255", 7),
)
LIST = TextList(
    "port",
    ORIGIN,
    "XYZ5*",
    {LogicalName("0.0.96.1.1.255"): "41*"},
    {
        "clock": (TextValue(2, "time"),),
        "power": (TextValue(2, "number"),),
        "power_factor": (TextValue(2, "number"),),
        "gas": (TextValue(5, "time"), TextValue(2, "number")),
        "identifier": (TextValue(2, "octets"),),
        "failures": (TextValue(2, columns=(("clock", "time"), ("duration", "number"))),),
    },
    UNITS,
)


def telegram(*data_sets: str, identification: str = "XYZ5ABC") -> TextTelegram:
    found = TextTelegram(identification)
    for text in data_sets:
        address, _, values = text.partition("(")
        parts = [each.partition("*") for each in values.removesuffix(")").split(")(")]
        found.data_sets.append(DataSet(address, [WrittenValue(value, unit) for value, _, unit in parts]))
    return found


def read(*data_sets: str) -> dict[str, str]:
    return {
        each.item.name: str(each.quantity or each.data.value)
        for each in LIST.read(telegram(*data_sets), OBJECTS)
    }


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("1-0:1.8.1", "1.0.1.8.1.255"),
        ("1-0:1.8.0*255", "1.0.1.8.0.255"),
        ("1-0:31.7.0.255", "1.0.31.7.0.255"),
        ("0-2:24.2.1", "0.2.24.2.1.255"),
        ("1.8.1*05", "1.0.1.8.1.5"),
        ("1.8.1&12", "1.0.1.8.1.12"),
        ("1.6", "1.0.1.6.0.255"),
        ("F.F", "0.0.97.97.0.255"),
        ("C.1.0", "0.0.96.1.0.255"),
        ("96.1.0", "0.0.96.1.0.255"),
        ("1-C:96", None),
        ("1.8.256", None),
        ("x", None),
        ("", None),
    ],
)
def test_an_address_leaves_out_what_is_usual(text: str, code: str | None) -> None:
    assert as_address(text) == (None if code is None else LogicalName(code))


@pytest.mark.parametrize(
    ("text", "unit", "value", "symbol"),
    [
        ("000123.456", "kWh", "123456", "Wh"),
        ("01.193", "kW", "1193", "W"),
        ("0230.1", "V", "230.1", "V"),
        ("240.860", "GJ", "240860000000", "J"),
        ("00981.443", "m3", "981.443", "m³"),
        ("5", "kVAr", "5000", "var"),
        ("-0.5", "W", "-0.5", "W"),
        ("0000000240", "s", "240", "s"),
    ],
)
def test_a_number_is_its_digits_and_the_unit_says_how_they_are_scaled(
    text: str, unit: str, value: str, symbol: str
) -> None:
    found = read_value(WrittenValue(text, unit), "number", SYMBOLS)
    assert found.unit is not None
    assert found.unit.symbol == symbol
    number = found.data.value
    assert isinstance(number, int)
    assert Decimal(number).scaleb(found.scaler or 0) == Decimal(value)
    assert number == int(text.replace(".", ""))


@pytest.mark.parametrize(
    ("text", "form", "value"),
    [
        ("50", "octets", b"\x50"),
        ("5", "octets", "5"),
        ("0002", "number", 2),
        ("", "number", None),
        ("", "time", None),
        ("", "octets", b""),
        ("", "text", ""),
        ("1*parsec", "number", "1*parsec"),
        ("4.5", "number", "4.5"),
        ("9" * 19, "number", "9" * 19),
        ("999999999999999999", "number", 999999999999999999),
        ("-3000000000", "number", -3000000000),
        ("632525252525W", "time", "632525252525W"),
        ("041", "text", "041"),
        ("123456.7*Wh", None, 1234567),
        ("0000123", None, "0000123"),
    ],
)
def test_what_is_not_of_the_form_is_characters(text: str, form: Form | None, value: object) -> None:
    plain, _, unit = text.partition("*")
    assert read_value(WrittenValue(plain, unit), form, SYMBOLS).data.value == value


@pytest.mark.parametrize(
    ("text", "moment", "status"),
    [
        ("241231235959W", "2024-12-31 23:59:59", 0),
        ("200426223325S", "2020-04-26 22:33:25", 0x80),
        ("161107190000", "2016-11-07 19:00:00", None),
        ("700101010000W", "1970-01-01 01:00:00", 0),
    ],
)
def test_a_moment_is_local_time_and_says_whether_it_is_summer(
    text: str, moment: str, status: int | None
) -> None:
    octets = read_value(WrittenValue(text), "time", SYMBOLS).data.value
    assert isinstance(octets, bytes)
    found = DateTime(octets)
    assert (str(found), found.status, found.deviation) == (moment, status, None)


def test_a_list_gives_names_units_and_attributes() -> None:
    found = read(
        "1-0:1.7.0(00.111*kW)",
        "0-2:24.2.1(200426223001S)(00246.138*m3)",
        "1-0:13.7.0(0.987)",
        "1-0:9.9.9(12*W)",
        "0-0:96.13.0(41)",
        "quality(good)",
    )
    assert found.pop("gas_b2_5")
    assert found == {
        "power": "111 W",
        "gas_b2": "246.138 m³",
        "power_factor": "0.987",
        "1.0.9.9.9.255": "12 W",
        "0.0.96.13.0.255": "41",
        "quality": "good",
    }


@pytest.mark.parametrize(
    ("written", "entries"),
    [
        ("(2)(0-0:96.7.19)(190326095015W)(0000002014*s)(190326095015W)(3*s)", ["2014 s", "3 s"]),
        ("(0)(0-0:96.7.19)", []),
        ("(0)(0-0:96.7.19)()", []),
        ("()", []),
        ("(0)", []),
        ("(190326095015W)(7*s)", ["7 s"]),
        ("(1)(0-0:96.7.19)(0-0:1.0.0)(190326095015W)", []),
    ],
)
def test_the_buffer_of_a_profile_is_read_row_by_row(written: str, entries: list[str]) -> None:
    found = read(f"1-0:99.97.0{written}")
    assert [found[f"failures_{number}_duration"] for number in range(1, len(entries) + 1)] == entries
    assert sum(name.endswith("duration") for name in found) == len(entries)


def test_positions_count_data_sets_and_brackets() -> None:
    found = LIST.read(telegram("1-0:1.7.0(1*kW)", "0-1:24.2.1(200426223001S)(1*m3)(9)"), OBJECTS)
    assert [(each.item.at, each.item.name, each.item.class_id) for each in found] == [
        ((1,), "power", 3),
        ((2, 1), "gas_b1_5", 4),
        ((2, 2), "gas_b1", 4),
        ((2, 3), "gas_b1_3", 4),
    ]


def test_a_list_is_known_by_identification_and_values() -> None:
    assert LIST.names_itself
    assert LIST.conditions == 2
    assert LIST.fits(telegram("0-0:96.1.1(4142)"))
    assert not LIST.fits(telegram("0-0:96.1.1(4142)", identification="ABC5"))
    assert not LIST.fits(telegram("0-0:96.1.1(5142)"))
    assert not LIST.fits(telegram())
    assert not TextList("any", ORIGIN, "???5*", {LogicalName("0.0.96.1.1.255"): "*"}).names_itself
    assert TextList("version", ORIGIN, codes={LogicalName("1.3.0.2.8.255"): "5?"}).names_itself


def test_a_device_reads_the_list_that_asks_for_most() -> None:
    every = TextList("every", ORIGIN, "*", units=UNITS)
    device = Device("acme", "Acme", objects=OBJECTS, text_lists=(every, LIST))
    found = device.read_push(telegram("0-0:96.1.1(4142)"))
    assert found is not None
    assert found[0] is LIST
    assert [each.data.value for each in found[1]] == [b"AB"]
    other = device.read_push(telegram("0-0:96.1.1(99)"))
    assert other is not None
    assert other[0] is every
    assert Device("none", "None").read_push(telegram()) is None


addresses = st.one_of(st.sampled_from(["1-0:99.97.0", "0-1:24.2.1", "0-0:1.0.0"]), st.text(max_size=12))
texts = st.one_of(st.text(max_size=16), st.sampled_from(["1", "0-0:1.0.0", "190326095015W", "9" * 30, "1.5"]))
written_values = st.builds(
    WrittenValue, texts, st.one_of(st.text(max_size=4), st.sampled_from(["kWh", "m3", ""]))
)
telegrams = st.builds(
    TextTelegram,
    st.text(max_size=10),
    st.lists(st.builds(DataSet, addresses, st.lists(written_values, max_size=7)), max_size=5),
)


@given(telegrams)
def test_whatever_is_written_is_read(given: TextTelegram) -> None:
    for value in LIST.read(given, OBJECTS):
        assert value.data.octets
    LIST.fits(given)
