"""Every captured telegram through ``cosem decode --json``: values, times and check sequences as they are known."""

from __future__ import annotations

import random
import sys
from importlib.metadata import EntryPoint, EntryPoints
from types import ModuleType
from typing import Any, cast

import pytest
from tests.cli.telegrams import Telegram, delivered, messages, parsed, plain, telegrams

from cosem.cli.app import run
from cosem.cli.decode import decode
from cosem.cli.decode.as_json import item_to_json
from cosem.cli.decode.explain import explain
from cosem.cli.nodes import lines

TELEGRAMS = telegrams()
NAMES = [telegram.name for telegram in TELEGRAMS]
EVERY = pytest.mark.parametrize("telegram", TELEGRAMS, ids=NAMES)
EVENTS = [each for each in TELEGRAMS if each.facts["apdu"] == "event-notification-request"]


def as_json(octets: bytes) -> list[dict[str, Any]]:
    return [item_to_json(item) for item in decode(octets)]


def _numbers(value: Any) -> set[int]:
    """Every number in a JSON value."""
    match value:
        case dict():
            return _numbers([*cast("dict[str, Any]", value).values()])
        case [*items]:
            return set[int]().union(*map(_numbers, items))
        case _:
            return {value} if isinstance(value, int) else set()


@pytest.mark.parametrize("telegram", [each for each in TELEGRAMS if each not in EVENTS], ids=str)
def test_values_and_time_are_those_of_the_vector(
    telegram: Telegram, capsys: pytest.CaptureFixture[str]
) -> None:
    status = run(["decode", "--json", telegram.octets.hex()])
    items = parsed(capsys.readouterr().out)
    found = list(delivered(items))
    facts = telegram.facts
    if not telegram.delivers:
        assert found == []
        return
    assert status == 0
    assert len(found) == 1
    (item,) = found
    assert item["apdu"] == "data-notification"
    assert item["carried_by"] == (
        ["general-block-transfer"] if facts["apdu"] == "general-block-transfer" else []
    )
    assert plain(item["values"]) == facts["values"]
    assert item["body"] == facts["body"]
    assert item["long_invoke_id"] == facts["long_invoke_id_and_priority"]
    assert item["errors"] == []
    assert (item["date_time"] is None) == (facts["date_time"] is None)
    if facts["date_time"] is not None:
        assert item["date_time"].startswith(facts["date_time"])
        assert bytes.fromhex(item["date_time_octets"]) == bytes.fromhex(facts["date_time_octets"])
        assert item["deviation"] == facts["deviation"]
        assert item["clock_status"] == facts["clock_status"]
    assert ("tag octet 09" in str(item["tolerated"])) == facts.get("date_time_tagged", False)


@pytest.mark.parametrize("telegram", EVENTS, ids=str)
def test_an_event_notification_tells_attribute_value_and_a_tagged_time(
    telegram: Telegram, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["decode", "--json", telegram.octets.hex()]) == 0
    (item,) = parsed(capsys.readouterr().out)
    assert (item["apdu"], item["errors"]) == ("event-notification-request", [])
    assert item["fields"]["cosem_attribute_descriptor"] == telegram.facts["attribute"]
    assert item["fields"]["time"] == telegram.facts["time"]
    assert [
        {"octets": bytes.fromhex(each["octets"]).hex(" ").upper()} for each in item["values"]
    ] == telegram.facts["values"]
    assert item["tolerated"] == ["a tag octet 09 in place of the time's presence"]


@EVERY
def test_the_layer_and_its_check_sequences_are_told(telegram: Telegram) -> None:
    items, facts = as_json(telegram.octets), telegram.facts
    assert {item["layer"] for item in items} == {facts["layer"]}
    assert len(items) == facts.get("frames", 1)
    assert b"".join(bytes.fromhex(item["octets"]) for item in items) == telegram.octets
    if "fcs" in facts:
        assert {item["fcs"] for item in items} == {facts["fcs"]}
        assert {item["hcs"] for item in items} == {"good"}
    if facts["layer"] == "wrapper":
        frame = items[0]["frame"]
        assert (frame["source_wport"], frame["destination_wport"]) == (
            facts["source_wport"],
            facts["destination_wport"],
        )


@pytest.mark.parametrize(
    "telegram", [each for each in TELEGRAMS if each.facts.get("fcs") == "damaged"], ids=str
)
def test_a_damaged_frame_is_named_and_its_values_are_withheld(
    telegram: Telegram, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["decode", "--json", telegram.octets.hex()]) == 3
    (item,) = parsed(capsys.readouterr().out)
    assert item["apdu"] == telegram.facts["apdu"]
    assert "frame check sequence is wrong" in item["errors"]
    assert bytes.fromhex(item["octets"]) == telegram.octets
    assert item["values"] is None
    assert run(["decode", telegram.octets.hex()]) == 3
    assert "double-long" not in capsys.readouterr().out


@pytest.mark.parametrize("telegram", [each for each in TELEGRAMS if each.ciphered], ids=str)
def test_a_ciphered_message_shows_its_header_only(telegram: Telegram) -> None:
    last, facts = as_json(telegram.octets)[-1], telegram.facts
    assert last["apdu"] == facts["apdu"]
    assert last["security"]["security_control"] == facts["security_control"]
    assert last["security"]["system_title"] == facts["system_title"]
    assert last["security"]["invocation_counter"] == facts["invocation_counter"]
    assert last["values"] is None


def test_blocks_out_of_order_deliver_nothing() -> None:
    (telegram,) = [each for each in TELEGRAMS if each.name == "landis_gyr_e450_gbt_doubled"]
    items = as_json(telegram.octets)
    assert [item["block"]["block_number"] for item in items] == [1, 2, 2, 4, 3]
    assert "a repetition of block 2" in items[2]["tolerated"]
    assert "where block 3 is the next" in items[3]["errors"][0]
    assert "block 4 is missing" in items[4]["errors"][0]


@EVERY
def test_no_prefix_yields_values_before_the_message_is_whole(telegram: Telegram) -> None:
    whole = list(delivered(as_json(telegram.octets)))
    for end in range(len(telegram.octets)):
        for item in delivered(as_json(telegram.octets[:end])):
            # The message is whole once the frame check sequence is there, even if the closing flag is not.
            assert end == len(telegram.octets) - 1
            assert item["values"] == whole[0]["values"]


@pytest.mark.parametrize("telegram", [each for each in TELEGRAMS if each.facts["layer"] == "hdlc"], ids=str)
def test_one_octet_changed_never_yields_other_values(telegram: Telegram) -> None:
    whole = [item["values"] for item in delivered(as_json(telegram.octets))]
    chance = random.Random(telegram.name)
    for _ in range(40):
        at = chance.randrange(len(telegram.octets))
        damaged = bytearray(telegram.octets)
        damaged[at] ^= 1 << chance.randrange(8)
        for item in delivered(as_json(bytes(damaged))):
            assert item["values"] in whole


# That an unnumbered frame in the middle never came cannot be told from the frames around it.
@pytest.mark.parametrize(
    ("lost", "damaged"), [(0, False), (4, False), *((index, True) for index in range(5))]
)
def test_a_message_that_lacks_a_segment_is_not_delivered(lost: int, damaged: bool) -> None:
    (telegram,) = [each for each in TELEGRAMS if each.name == "iskra_am550_segmented_long"]
    frames = [bytes.fromhex(item["octets"]) for item in as_json(telegram.octets)]
    if damaged:
        frames[lost] = frames[lost][:-4] + bytes((frames[lost][-4] ^ 1,)) + frames[lost][-3:]
    else:
        del frames[lost]
    items = as_json(b"".join(frames))
    assert list(delivered(items)) == []
    assert any(item["errors"] for item in items)
    whole = as_json(b"".join(frames) + telegram.octets)
    assert [plain(item["values"]) for item in delivered(whole)] == [telegram.facts["values"]]


def test_telegrams_in_any_order_are_all_found() -> None:
    chance = random.Random(4)
    for _ in range(10):
        order = chance.sample(TELEGRAMS, k=len(TELEGRAMS))
        found = [
            plain(item["values"]) for item in delivered(as_json(b"".join(each.octets for each in order)))
        ]
        assert found == [telegram.facts["values"] for telegram in order if telegram.delivers]


def test_noise_on_a_serial_line_hides_no_telegram() -> None:
    chance = random.Random(5)
    framed = [each for each in TELEGRAMS if each.facts["layer"] in ("hdlc", "mbus")]
    for _ in range(10):
        order = chance.sample(framed, k=len(framed))
        stream = b""
        for telegram in order:
            stream += telegram.octets + bytes(chance.choices(range(0x80, 0xA0), k=chance.randrange(3)))
        found = [plain(item["values"]) for item in delivered(as_json(stream))]
        assert found == [telegram.facts["values"] for telegram in order if telegram.delivers]


def test_a_flag_may_close_one_frame_and_open_the_next() -> None:
    octets = {each.name: each.octets for each in TELEGRAMS}
    items = as_json(octets["kaifa_list_1"][:-1] + octets["aidon_list_1_escape_octet"])
    first, second = delivered(items)
    assert first["values"] == [4117]
    assert second["tolerated"] == []


def test_frames_without_flags_are_tolerated() -> None:
    octets = next(each.octets for each in TELEGRAMS if each.name == "kaifa_list_1")
    (item,) = as_json(octets[1:-1])
    assert item["values"] == [4117]
    assert "the opening flag is missing" in item["tolerated"]
    assert "the closing flag is missing" in item["tolerated"]


@pytest.mark.parametrize(("name", "octets", "facts"), messages(), ids=[name for name, _, _ in messages()])
def test_single_messages_are_named(name: str, octets: bytes, facts: dict[str, Any]) -> None:
    (item,) = as_json(octets)
    assert item["layer"] == "apdu"
    assert item["apdu"] == facts["apdu"]
    fields = facts["fields"]
    if "security_control" in fields:
        assert item["security"]["security_control"] == fields["security_control"]
        assert item["security"]["invocation_counter"] == fields["invocation_counter"]
    for key in ("invoke_id_and_priority", "block_number", "class_id"):
        if key in fields:
            assert fields[key] in _numbers(item.get("fields") or item["block"])


@pytest.mark.parametrize(("name", "octets", "facts"), messages(), ids=[name for name, _, _ in messages()])
def test_no_prefix_of_a_single_message_is_taken_for_one(
    name: str, octets: bytes, facts: dict[str, Any]
) -> None:
    for end in range(1, len(octets)):
        items = as_json(octets[:end])
        assert list(delivered(items)) == []
        assert items[0]["errors"]


def test_messages_one_behind_the_other_are_told_apart() -> None:
    chance = random.Random(7)
    known = [
        (octets, facts["apdu"])
        for _, octets, facts in messages()
        if facts["apdu"] != "general-block-transfer"
    ]
    for _ in range(10):
        order = chance.sample(known, k=12)
        items = as_json(b"".join(octets for octets, _ in order))
        assert [item["apdu"] for item in items] == [name for _, name in order]


def test_passwords_are_not_shown(capsys: pytest.CaptureFixture[str]) -> None:
    octets = next(octets for name, octets, _ in messages() if name == "AARQ with low level security")
    for options in ([], ["--json"]):
        run(["decode", *options, octets.hex()])
        out = capsys.readouterr().out
        assert "12345678" not in out.replace(octets.hex().upper(), "")
        assert "31 32 33 34" not in out


@EVERY
def test_the_explanation_names_each_layer(telegram: Telegram) -> None:
    text = "\n".join(line.plain for item in decode(telegram.octets) for line in lines(explain(item)))
    assert telegram.facts["apdu"] in text
    if telegram.facts["layer"] == "hdlc":
        assert f"FCS       {telegram.facts['fcs']}" in text or f"FCS     {telegram.facts['fcs']}" in text
    if telegram.name == "aidon_list_1_escape_octet":
        assert "1.0.1.7.0.255 active power import" in text
        assert "double-long-unsigned 1661               = 1.661 kW" in text


@pytest.mark.parametrize(
    ("telegram", "device", "told"),
    [
        (
            "kaifa_list_3_three_phase",
            "kaifa_han",
            {"1.0.1.7.0.255": (5056, "W"), "1.0.32.7.0.255": (235.6, "V"), "1.0.1.8.0.255": (42879838, "Wh")},
        ),
        (
            "kamstrup_10_s_single_phase",
            "kamstrup_han",
            {"1.1.1.7.0.255": (616, "W"), "1.1.31.7.0.255": (2.9, "A")},
        ),
    ],
)
def test_a_list_without_codes_or_units_gets_them_from_the_device_that_pushes_it(
    telegram: str, device: str, told: dict[str, tuple[float, str]]
) -> None:
    (octets,) = (each.octets for each in TELEGRAMS if each.name == telegram)
    (item,) = as_json(octets)
    readings = {each["obis"]: each for each in item["readings"] if "obis" in each}
    assert item["device"] == device
    assert {code: (float(readings[code]["value"]), readings[code]["unit"]) for code in told} == told


def test_a_list_that_does_not_name_itself_is_nobodys() -> None:
    """One number is a Kaifa list, and as well anything else: it is shown, and not given a meaning."""
    (octets,) = (each.octets for each in TELEGRAMS if each.name == "kaifa_list_1")
    (item,) = as_json(octets)
    assert plain(item["values"]) == [4117]
    assert item["readings"] == []


def _octets(name: str) -> str:
    (octets,) = (each.octets for each in TELEGRAMS if each.name == name)
    return octets.hex()


def test_a_device_that_is_named_is_the_one_whose_lists_are_looked_for(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """One number is known as Kaifa's list_1 if somebody says that a Kaifa sent it."""
    assert run(["decode", "--json", "--device", "kaifa_han", _octets("kaifa_list_1")]) == 0
    (item,) = parsed(capsys.readouterr().out)
    assert (item["device"], item["list"], item["candidates"]) == ("kaifa_han", "list_1", [])
    (reading,) = item["readings"]
    assert reading["item"] == "active_power_import"
    assert (reading["obis"], reading["value"], reading["unit"]) == ("1.0.1.7.0.255", 4117, "W")
    assert reading["at"] == [1]
    assert run(["decode", "--device", "kaifa_han", _octets("kaifa_list_1")]) == 0
    text = capsys.readouterr().out
    assert "list_1 of Kaifa HAN" in text
    assert "active_power_import: 1.0.1.7.0.255" in text


def test_two_devices_that_fit_are_both_named(capsys: pytest.CaptureFixture[str]) -> None:
    octets = _octets("landis_gyr_e570_load")
    assert run(["decode", "--json", octets]) == 0
    *_, item = parsed(capsys.readouterr().out)
    assert (item["device"], item["list"]) == (None, None)
    assert item["candidates"] == ["landis_gyr_e450", "landis_gyr_e570"]
    assert {each["obis"]: each["value"] for each in item["readings"]}["1.0.31.7.0.255"] == 400
    assert run(["decode", octets]) == 0
    assert "of landis_gyr_e450, landis_gyr_e570" in capsys.readouterr().out
    assert run(["decode", "--json", "--device", "landis_gyr_e570", octets]) == 0
    *_, item = parsed(capsys.readouterr().out)
    told = {each["item"]: (each["value"], each.get("unit")) for each in item["readings"]}
    assert told["current_l1"] == (400, "A")
    assert told["voltage_l2"] == (230, "V")
    assert "push_setup" not in told


def test_a_list_that_the_named_device_does_not_have_is_said_to_be_not_known(
    capsys: pytest.CaptureFixture[str],
) -> None:
    octets = _octets("landis_gyr_e570_load")
    assert run(["decode", "--device", "kamstrup_han", octets]) == 0
    text = capsys.readouterr().out
    assert "none of Kamstrup HAN fits" in text
    assert "1.0.31.7.0.255 attribute 2" in text


def test_a_device_that_nobody_describes_is_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["decode", "--device", "acme", "00"]) == 2
    assert "no device 'acme'; there are" in capsys.readouterr().err


def test_an_installed_package_is_a_device_as_well(monkeypatch: pytest.MonkeyPatch) -> None:
    from cosem.cli import known_lists
    from cosem.core import device_registry
    from cosem.core.device import Device
    from cosem.core.origin import Origin
    from cosem.core.push_list import PushItem, PushList

    pushed = PushList("one", Origin("Acme", "Manual", ""), 1, items=(PushItem("power", (1,)),))
    acme = Device("acme", "Acme", push=(pushed,))
    module = ModuleType("acme_meters")
    module.__dict__["DEVICE"] = acme
    monkeypatch.setitem(sys.modules, "acme_meters", module)
    point = EntryPoint("acme_meters", "acme_meters:DEVICE", device_registry.GROUP)
    monkeypatch.setattr(device_registry, "entry_points", lambda *, group: EntryPoints([point]))
    known_lists._devices.cache_clear()
    try:
        assert acme in known_lists._devices()
        assert device_registry.find_device("acme") is acme
        (item,) = decode(bytes.fromhex(_octets("kaifa_list_1")))
        assert item_to_json(item, acme)["list"] == "one"
    finally:
        known_lists._devices.cache_clear()
