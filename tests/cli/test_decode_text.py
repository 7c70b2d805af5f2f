"""Text telegrams through ``cosem decode``: as text and as JSON, with a device, without one, and damaged."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from tests.cli.telegrams import parsed
from tests.link.readouts import CIPHERED, DSMR_5, optical, p1

from cosem.cli.app import run
from cosem.cli.decode import decode

METER_READOUT = optical("F.F(00)", "0.9.1(231643)", "1.8.1*05(0302.8260*kWh)", identification="LGZ5\\2ZMD")


def as_json(octets: bytes, capsys: pytest.CaptureFixture[str], *options: str) -> list[dict[str, Any]]:
    run(["decode", "--json", octets.hex(), *options])
    return parsed(capsys.readouterr().out)


def readings(item: dict[str, Any]) -> dict[str, Any]:
    return {each["item"]: each for each in item["readings"]}


def test_a_file_with_a_telegram_is_read_with_the_device_that_its_version_names(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "telegram.txt"
    path.write_bytes(DSMR_5)
    assert run(["decode", "--file", str(path)]) == 0
    shown = capsys.readouterr().out
    for text in (
        "ISK5\\\\2M550T-1012",
        "telegram of DSMR P1 5.0",
        "active_energy_import_e1: 1.0.1.8.1.255 active energy import (+A)",
        "= 2130.115 kWh",
        "= 2020-04-26 22:33:25",
        '= "E0044007382246019"',
        "power_failure_log_1_power_failure_duration",
    ):
        assert text in shown


def test_readings_are_those_of_a_push(capsys: pytest.CaptureFixture[str]) -> None:
    (item,) = as_json(DSMR_5, capsys)
    assert item["frame"] == {"identification": "ISK5\\2M550T-1012", "flag": "ISK", "check": "crc16"}
    assert (item["layer"], item["device"], item["list"], item["errors"]) == (
        "text",
        "dsmr_p1_5",
        "telegram",
        [],
    )
    found = readings(item)
    assert found["m_bus_value_b2"] == {
        "at": [38, 2],
        "item": "m_bus_value_b2",
        "obis": "0.2.24.2.1.255",
        "name": "M-Bus value, instance 1, channel 2",
        "class_id": 4,
        "attribute": 2,
        "value": 246.138,
        "unit": "m³",
    }
    assert found["m_bus_value_b2_5"]["value"]["date_time"] == "2020-04-26 22:30:01"
    assert found["m_bus_client_b2_9"]["value"] == 3
    assert item["values"][3] == {"address": "1-0:1.8.1", "values": ["002130.115*kWh"]}


def test_standard_input_and_an_argument_may_be_text(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    text = DSMR_5.replace(b"\r\n", b"\n")
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(text)))
    assert run(["decode", "--json"]) == 0
    (from_input,) = parsed(capsys.readouterr().out)
    assert run(["decode", "--json", text.decode()]) == 0
    (from_argument,) = parsed(capsys.readouterr().out)
    assert from_input == from_argument
    assert from_input["tolerated"] == [
        "lines end with LF alone; the CRC is that of lines that end with CR LF"
    ]


def test_a_readout_of_no_known_list_tells_codes_and_units(capsys: pytest.CaptureFixture[str]) -> None:
    (item,) = as_json(METER_READOUT, capsys)
    assert item["frame"]["check"] == "bcc"
    assert (item["device"], item["list"], item["candidates"]) == (None, None, [])
    told = {each["obis"]: each for each in item["readings"]}
    assert (told["1.0.1.8.1.5"]["value"], told["1.0.1.8.1.5"]["unit"]) == (302826, "Wh")
    assert told["0.0.97.97.0.255"]["value"] == "00"


def test_a_device_may_be_named(capsys: pytest.CaptureFixture[str]) -> None:
    nobody = p1("0-0:42.0.0(414243)", "1-0:15.8.0(1.5*kWh)", "0-0:96.3.10(1)")
    (item,) = as_json(nobody, capsys)
    assert (item["device"], item["list"]) == (None, None)
    (item,) = as_json(nobody, capsys, "--device", "hungary_p1")
    assert (item["device"], item["list"]) == ("hungary_p1", "any_maker")
    assert readings(item)["breaker_3"]["value"] == 1
    (item,) = as_json(nobody, capsys, "--device", "emucs_p1")
    assert (item["device"], item["list"]) == (None, None)


@pytest.mark.parametrize(
    ("octets", "says"),
    [
        (DSMR_5.replace(b"229.9", b"229.8"), "the CRC is 56DD"),
        (DSMR_5[:400], "ends early"),
        (b"/XYZ5\r\nnonsense\r\n" + DSMR_5, "no data set: 'nonsense'"),
    ],
)
def test_a_damaged_telegram_is_told_and_gives_no_values(
    octets: bytes, says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["decode", "--json", octets.hex()]) == 3
    item = parsed(capsys.readouterr().out)[0]
    assert says in item["errors"][0]
    assert item["values"] is None
    assert run(["decode", octets.hex()]) == 3
    assert says in capsys.readouterr().out


def test_telegrams_stand_among_other_units_and_noise() -> None:
    octets = (
        b"\xff\xfe"
        + DSMR_5
        + b"\r\n"
        + METER_READOUT
        + CIPHERED
        + b"\x00\x01\x00\x01\x00\x01\x00\x00"
        + DSMR_5
    )
    assert [item.layer for item in decode(octets)] == ["unknown", "text", "text", "apdu", "wrapper", "text"]


def test_a_ciphered_telegram_shows_who_sent_it_and_its_counter(capsys: pytest.CaptureFixture[str]) -> None:
    (item,) = as_json(CIPHERED, capsys)
    assert item["apdu"] == "general-glo-ciphering"
    assert item["security"] == {
        "system_title": "5341473130333030",
        "security_control": 0x30,
        "suite": 0,
        "protection": ["authenticated", "encrypted"],
        "invocation_counter": 123456,
        "ciphered_octets": 28,
    }
