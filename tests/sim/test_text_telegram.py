"""What a meter of a device with a text port sends: every list, as the device reads it."""

from __future__ import annotations

import pytest
from tests.sim.devices import Kind, kinds

from cosem.core.device import Device
from cosem.core.errors import EncodeError
from cosem.core.push_list import PushValue
from cosem.core.text_list import TextList
from cosem.core.text_telegram import DataSet, TextTelegram, WrittenValue
from cosem.link.iec21 import Readout, ReadoutParser, encode_p1
from cosem.sim.text_telegram import text_telegram

SENT = [
    pytest.param(kind, known, id=f"{kind} {known.name}")
    for kind in kinds()
    for known in kind.package.device.text_lists
]


def read(device: Device, telegram: TextTelegram) -> tuple[TextList, dict[str, PushValue]]:
    """What the device reads in a telegram that went over the line."""
    (found,) = ReadoutParser().feed(encode_p1(telegram))
    assert isinstance(found, Readout)
    assert (found.check, found.telegram) == ("crc16", telegram)
    pushed = device.read_push(found.telegram)
    assert pushed is not None
    assert isinstance(pushed[0], TextList)
    return pushed[0], {each.item.name: each for each in pushed[1]}


@pytest.mark.parametrize(("kind", "known"), SENT)
def test_a_list_is_sent_and_taken_for_that_list(kind: Kind, known: TextList) -> None:
    device = kind.package.device
    found, values = read(device, text_telegram(kind.meter(), device, known))
    assert found is known
    assert all(each.item.class_id is not None for each in values.values())


@pytest.mark.parametrize(("kind", "known"), SENT)
def test_what_has_a_unit_in_the_list_of_objects_has_it_in_the_telegram(kind: Kind, known: TextList) -> None:
    device = kind.package.device
    _, values = read(device, text_telegram(kind.meter(), device, known))
    units = 0
    for row in device.objects:
        given = next((each.unit for each in row.attributes.values() if each.unit is not None), None)
        value = values.get(row.name)
        if given is None or value is None or value.item.class_id not in (3, 4):
            continue
        assert value.quantity is not None, row.name
        assert value.quantity.unit.symbol == given.symbol
        units += 1
    assert units > 5


@pytest.mark.parametrize(("kind", "known"), [each for each in SENT if "slovenia_p1" not in str(each.id)])
def test_the_clock_is_local_time_and_says_the_season(kind: Kind, known: TextList) -> None:
    meter, device = kind.meter(), kind.package.device
    telegram = text_telegram(meter, device, known)
    (clock,) = [each for each in telegram.data_sets if each.address == "0-0:1.0.0"]
    moment = meter.clock.stamp(meter.clock.now())
    letter = "S" if moment.daylight_saving else "W"
    assert clock.values == [WrittenValue(f"{moment.to_datetime():%y%m%d%H%M%S}{letter}")]


@pytest.mark.parametrize("name", ["dsmr_p1_4", "dsmr_p1_5", "emucs_p1"])
def test_the_tariff_in_force_is_one_that_the_meter_has(name: str) -> None:
    kind, known = next(each.values for each in SENT if each.id == f"{name} telegram")
    assert isinstance(kind, Kind)
    assert isinstance(known, TextList)
    telegram = text_telegram(kind.meter(), kind.package.device, known)
    (tariff,) = [each.values for each in telegram.data_sets if each.address == "0-0:96.14.0"]
    assert tariff == [WrittenValue("0001")]


def test_a_log_is_its_length_a_code_and_its_entries() -> None:
    kind, known = next(each.values for each in SENT if each.id == "dsmr_p1_5 telegram")
    assert isinstance(kind, Kind)
    assert isinstance(known, TextList)
    telegram = text_telegram(kind.meter(), kind.package.device, known)
    (log,) = [each.values for each in telegram.data_sets if each.address == "1-0:99.97.0"]
    assert log[1] == WrittenValue("0-0:96.7.19")
    assert len(log) == 2 + 2 * int(log[0].text)


@pytest.mark.parametrize(
    "telegram",
    [
        TextTelegram("X"),
        TextTelegram("XYZ5\r\n"),
        TextTelegram("XYZ5ä"),
        TextTelegram("XYZ5", [DataSet("1.8.0(")]),
        TextTelegram("XYZ5", [DataSet("1.8.0", [WrittenValue("!")])]),
        TextTelegram("XYZ5", [DataSet("1.8.0", [WrittenValue("1", "m\n")])]),
    ],
)
def test_what_would_not_be_read_again_is_not_written(telegram: TextTelegram) -> None:
    with pytest.raises(EncodeError):
        encode_p1(telegram)
