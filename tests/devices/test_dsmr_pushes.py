"""What meters of SMR 5 push, and what is set up for it along the Dutch chain."""

from __future__ import annotations

import pytest
from tests.cli.telegrams import parsed, telegrams
from tests.devices.dsmr import CHAIN, SMR_5, VERSIONS, since
from tests.devices.overlays import captures, values
from tests.devices.tables import entry

from cosem.cli.app import run
from cosem.core.data import Data
from cosem.core.obis import LogicalName
from cosem.devices import smr_5_0

# Seventeen characters, made unreadable by those who published the messages of the vectors wrapper_smr5_*.
IDENTIFIER = "0911 4558585858313233343536373839303132"
SETUPS = {
    # what the push setups send: code, attribute
    "0.0.25.9.0.255": [("0.0.96.1.1.255", 2), ("0.0.25.9.0.255", 1)],
    "0.1.25.9.0.255": [("0.0.96.1.1.255", 2), ("0.1.25.9.0.255", 1), ("0.0.97.98.0.255", 2)],
    "0.2.25.9.0.255": [("0.0.96.1.1.255", 2), ("0.2.25.9.0.255", 1)],
}
LISTS = {
    # list: first version, octets behind the equipment identifier, names
    "alarm": ("smr_5_0", "0203", "0906 0001190900FF 0600000002", ["push_setup", "alarm_register_1"]),
    "schedule": ("smr_5_0", "0202", "0906 0000190900FF", ["push_setup"]),
    "wake_up": ("smr_5_0", "0202", "0906 0002190900FF", ["push_setup"]),
    "alarms": (
        "smr_5_2",
        "0204",
        "0906 0001190900FF 0600000002 060000003F",
        ["push_setup", "alarm_register_1", "alarm_register_2"],
    ),
    "last_gasp": ("smr_5_5", "0203", "0906 0003190900FF 0600000001", ["push_setup", "alarm_register_3"]),
}


@pytest.mark.parametrize("version", SMR_5)
@pytest.mark.parametrize("code", SETUPS)
def test_a_push_setup_sends_the_equipment_identifier_and_its_own_code(version: str, code: str) -> None:
    sent = [(column.codes.text, column.attribute) for column in entry(CHAIN[version], 40, code).columns]
    assert sent == SETUPS[code]


def test_the_last_gasp_has_a_push_setup_of_its_own() -> None:
    found = entry(CHAIN["smr_5_5"], 40, "0.3.25.9.0.255")
    assert [column.codes.text for column in found.columns] == [
        "0.0.96.1.1.255",
        "0.3.25.9.0.255",
        "0.0.97.98.2.255",
    ]
    assert found.access["management"].writable == {2, 3, 4, 5, 6, 7}
    assert entry(CHAIN["smr_5_5"], 21, "0.0.16.1.2.255").name == "alarm_monitor_3"


@pytest.mark.parametrize("version", since("dsmr_4_2_2"))
def test_what_triggers_a_push_is_listed(version: str) -> None:
    device = CHAIN[version]
    assert all(
        device.find(class_id, LogicalName(code))
        for class_id, code in (
            (9, "0.0.10.0.108.255"),
            (22, "0.0.15.0.4.255"),
            (21, "0.0.16.1.0.255"),
            (28, "0.0.2.2.0.255"),
        )
    )


@pytest.mark.parametrize("version", VERSIONS)
def test_lists_are_known_from_the_version_on_that_has_them(version: str) -> None:
    expected = [name for name, (first, *_) in LISTS.items() if version in since(first)]
    assert [each.name for each in CHAIN[version].push] == expected
    assert not any(each.names_itself for each in CHAIN[version].push)


@pytest.mark.parametrize("name", LISTS)
def test_a_list_is_told_by_the_push_setup_in_it(name: str) -> None:
    first, head, rest, names = LISTS[name]
    body = Data(bytes.fromhex(f"{head}{IDENTIFIER}{rest}"))
    for version in VERSIONS:
        found = CHAIN[version].read_push(body)
        if version in since(first):
            assert found is not None
            assert found[0].name == name
            assert [each.item.name for each in found[1]] == ["equipment_identifier", *names]
            assert found[1][0].data.value == b"EXXXX123456789012"
        else:
            assert found is None


@pytest.mark.parametrize(
    ("vector", "name"), [("wrapper_smr5_alarm", "alarm"), ("wrapper_smr5_schedule", "schedule")]
)
@pytest.mark.parametrize("version", SMR_5)
def test_published_telegrams_are_decoded_with_the_device(
    vector: str, name: str, version: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (telegram,) = [each for each in telegrams() if each.name == vector]
    assert run(["decode", "--json", "--device", version, telegram.octets.hex()]) == 0
    (item,) = parsed(capsys.readouterr().out)
    assert item["apdu"] == "data-notification"
    found = CHAIN[version].read_push(Data(telegram.octets[14:]))
    assert found is not None
    assert found[0].name == name
    assert run(["decode", "--device", version, telegram.octets.hex()]) == 0
    assert f"{name} of {CHAIN[version].title}" in capsys.readouterr().out


def test_the_alarm_that_was_published_is_an_old_battery() -> None:
    (alarm,) = captures("smr_5_0", "alarm")
    register = values(CHAIN["smr_5_0"], alarm)["alarm_register_1"].data.value
    assert isinstance(register, int)
    assert [*smr_5_0.AlarmRegister1(register).names()] == ["replace_battery"]
