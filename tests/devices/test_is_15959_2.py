"""IS 15959 part 2: ciphered associations, more columns, event status word, pushes, prepayment and the load switch."""

from __future__ import annotations

import pytest
from tests.devices.tables import columns, decoded, entry, writers

from cosem.core.data import Data
from cosem.devices.is_15959_2 import DEVICE, EventStatusWord, Is15959Part2, OtherEvent, TransactionEvent

SINGLE, POLYPHASE = "single_phase", "polyphase"
TIME = "0.0.1.0.0"
BOTH_WAYS = {"authenticated_request", "encrypted_request", "authenticated_response", "encrypted_response"}


def test_it_stands_on_part_1() -> None:
    assert DEVICE.extends == ("is_15959_1",)
    assert DEVICE.variants == (SINGLE, POLYPHASE)
    assert DEVICE.link.start == "wrapper"


@pytest.mark.parametrize(
    ("name", "sap", "mechanism", "number"),
    [
        ("meter_reader", 32, 1, 2),
        ("utility_setting", 48, 2, 3),
        ("push", 64, 2, 4),
        ("firmware_upgrade", 80, 2, 5),
    ],
)
def test_all_but_the_public_client_are_ciphered(name: str, sap: int, mechanism: int, number: int) -> None:
    found = DEVICE.association(name)
    assert found is not None
    assert (found.client_sap, found.mechanism, found.ciphered, found.suite) == (sap, mechanism, True, 0)
    assert str(found.association) == f"0.0.40.0.{number}.255"
    assert str(found.security_setup) == f"0.0.43.0.{number}.255"
    assert str(found.invocation_counter) == f"0.0.43.1.{number}.255"
    assert found.policy == ({"authenticated_response", "encrypted_response"} if name == "push" else BOTH_WAYS)
    assert found.pre_established == (name == "push")
    assert entry(DEVICE, 64, str(found.security_setup)).version == 0
    assert "public_client" in entry(DEVICE, 1, str(found.invocation_counter)).access


def test_the_public_client_is_that_of_part_1() -> None:
    found = DEVICE.association("public_client")
    assert found is not None
    assert (found.client_sap, found.mechanism, found.ciphered) == (16, 0, False)


def phases(*first: int, d: str = "7") -> list[str]:
    return [f"1.0.{each + 20 * phase}.{d}.0" for each in first for phase in range(3)]


INSTANT_SINGLE = [
    TIME, "1.0.12.7.0", "1.0.11.7.0", "1.0.91.7.0", "1.0.13.7.0", "1.0.14.7.0", "1.0.9.7.0", "1.0.1.7.0", "1.0.1.8.0",
    "1.0.9.8.0", "1.0.1.6.0", "1.0.1.6.0 5", "1.0.9.6.0", "1.0.9.6.0 5", "0.0.94.91.14", "0.0.94.91.0", "0.0.0.1.0",
    "0.0.96.2.0", "1.0.2.8.0", "1.0.10.8.0", "0.0.96.3.10", "0.0.17.0.0 3",
]  # fmt: skip
INSTANT_POLYPHASE = [
    TIME, *phases(31, 32, 33), "1.0.13.7.0", "1.0.14.7.0", "1.0.9.7.0", "1.0.1.7.0", "1.0.3.7.0", "0.0.96.7.0",
    "0.0.94.91.8", "0.0.94.91.0", "0.0.0.1.0", "0.0.96.2.0", "0.0.0.1.2", "1.0.1.8.0", "1.0.2.8.0", "1.0.9.8.0",
    "1.0.10.8.0", "1.0.1.6.0", "1.0.1.6.0 5", "1.0.9.6.0", "1.0.9.6.0 5", "0.0.96.3.10", "0.0.17.0.0 3",
    "1.0.5.8.0", "1.0.6.8.0", "1.0.7.8.0", "1.0.8.8.0",
]  # fmt: skip


@pytest.mark.parametrize(
    ("code", "variant", "captured"),
    [
        ("1.0.94.91.0.255", SINGLE, INSTANT_SINGLE),
        ("1.0.94.91.0.255", POLYPHASE, INSTANT_POLYPHASE),
        (
            "1.0.99.1.0.255",
            SINGLE,
            [TIME, "1.0.12.27.0", "1.0.1.29.0", "1.0.9.29.0", "1.0.2.29.0", "1.0.10.29.0", "1.0.11.27.0"],
        ),
        (
            "1.0.99.1.0.255",
            POLYPHASE,
            [TIME, *phases(31, 32, d="27"), *(f"1.0.{each}.29.0" for each in (1, 2, 9, 10, 5, 6, 7, 8))],
        ),
        ("1.0.99.2.0.255", SINGLE, [TIME, "1.0.1.8.0", "1.0.9.8.0", "1.0.2.8.0", "1.0.10.8.0"]),
        ("1.0.99.2.0.255", POLYPHASE, [TIME, *(f"1.0.{each}.8.0" for each in (1, 2, 9, 10, 5, 6, 7, 8))]),
        (
            "1.0.98.1.0.255",
            SINGLE,
            [
                "0.0.0.1.2", "1.0.13.0.0", *(f"1.0.1.8.{zone}" for zone in range(9)),
                *(f"1.0.9.8.{zone}" for zone in range(9)), "1.0.1.6.0", "1.0.1.6.0 5", "1.0.9.6.0", "1.0.9.6.0 5",
                "0.0.94.91.13", "1.0.2.8.0", "1.0.10.8.0",
            ],
        ),
        (
            "0.0.94.91.10.255",
            SINGLE,
            [
                "0.0.96.1.0", "0.0.96.1.2", "0.0.96.1.1", "1.0.0.2.0", "0.0.94.91.9", "0.0.94.91.11", "0.0.94.91.12",
                "0.0.96.1.4",
            ],
        ),
        (
            "0.0.99.98.1.255",
            SINGLE,
            [
                TIME, "0.0.96.11.1", "1.0.94.91.14", "1.0.12.7.0", "1.0.13.7.0", "1.0.1.8.0", "1.0.2.8.0",
                "0.0.94.91.0",
            ],
        ),
    ],
)  # fmt: skip
def test_profiles_have_export_and_the_load_switch(code: str, variant: str, captured: list[str]) -> None:
    assert columns(DEVICE, code, variant) == captured


@pytest.mark.parametrize("variant", [SINGLE, POLYPHASE])
def test_scalers_are_of_registers_only_and_in_the_order_of_the_profile(variant: str) -> None:
    for profile, scalers in (("1.0.94.91.0", 3), ("1.0.99.1.0", 4), ("1.0.99.2.0", 5), ("1.0.98.1.0", 6)):
        captured = [each for each in columns(DEVICE, f"{profile}.255", variant) if " " not in each]
        found = [each.removesuffix(" 3") for each in columns(DEVICE, f"1.0.94.91.{scalers}.255", variant)]
        assert found == [each for each in captured if each in found]
        assert {each.partition(".")[0] for each in set(captured) - set(found)} <= {"0"}


def test_bits_of_the_event_status_word_are_counted_from_the_first_on_the_wire() -> None:
    octets = bytearray(16)
    for bit in (3, 51, 83, 87):
        octets[bit // 8] |= 0x80 >> bit % 8
    found = decoded(Is15959Part2.event_status_word.value, f"04 8180 {octets.hex()}")
    word = EventStatusWord
    assert found == word(
        word.OVERVOLTAGE | word.EARTH_LOADING | word.COVER_OPENED | word.BILLING_COUNT_INCREMENTED
    )
    assert writers(DEVICE, 1, "0.0.94.91.26.255", 2) == {"utility_setting"}


def test_codes_of_smart_meters_beside_those_of_part_1() -> None:
    assert TransactionEvent(151).name == "CLOCK_SET"
    assert decoded(Is15959Part2.transaction_event.value, "12 009D") is TransactionEvent.FIRMWARE_ACTIVATED
    assert (
        decoded(Is15959Part2.transaction_event.value, "12 00A5")
        is TransactionEvent.EVENT_STATUS_WORD_FILTER_CHANGED
    )
    assert decoded(Is15959Part2.other_event.value, "12 00D4") is OtherEvent.PREPAID_MODE


@pytest.mark.parametrize(
    ("class_id", "code", "index"),
    [(70, "0.0.96.3.10.255", 4), (71, "0.0.17.0.0.255", 4), (1, "0.0.94.96.20.255", 2), (40, "0.4.25.9.0.255", 3),
     (22, "0.0.15.0.4.255", 4)],
)  # fmt: skip
def test_utility_setting_writes_the_load_switch_and_limit_payment_and_pushes(
    class_id: int, code: str, index: int
) -> None:
    assert writers(DEVICE, class_id, code, index) == {"utility_setting"}


def test_only_firmware_upgrade_transfers_images() -> None:
    assert [*entry(DEVICE, 18, "0.0.44.0.0.255").access] == ["firmware_upgrade"]
    assert entry(DEVICE, 40, "0.0.25.9.0.255").version == 1


DEVICE_ID, CLOCK = Data.octet_string(b"ZZX1234567890123"), Data.octet_string(bytes(12))


def push(setup: str, *rest: Data) -> list[str]:
    code = Data.octet_string(bytes(map(int, setup.split("."))))
    body = Data.structure([DEVICE_ID, code, CLOCK, *rest])
    return [each.name for each in DEVICE.push if each.fits(body)]


def test_a_push_is_told_by_its_setup_and_size() -> None:
    assert push("0.4.25.9.0.255", Data.null()) == ["alert"]
    assert push("0.0.25.9.0.255", *(Data.null() for _ in range(21))) == ["instant_single_phase"]
    assert push("0.5.25.9.0.255", *(Data.null() for _ in range(7))) == ["block_load_single_phase"]
    assert push("0.0.25.9.0.255", Data.null()) == []


def test_an_instant_push_has_the_columns_of_the_instantaneous_profile() -> None:
    instant = next(each for each in DEVICE.push if each.name == "instant_single_phase")
    found = [
        f"{str(each.logical_name).removesuffix('.255')}{'' if each.attribute == 2 else f' {each.attribute}'}"
        for each in instant.items[2:]
    ]
    assert found == INSTANT_SINGLE


def test_push_setups_send_what_the_lists_have() -> None:
    for name, code in (("alert", "0.4.25.9.0.255"), ("instant_single_phase", "0.0.25.9.0.255")):
        pushed = next(each for each in DEVICE.push if each.name == name)
        sent = entry(DEVICE, 40, code, SINGLE).columns
        assert [(each.codes.at(), each.class_id, each.attribute) for each in sent[2:]] == [
            (each.logical_name, each.class_id, each.attribute) for each in pushed.items[2:]
        ]
        assert (sent[1].codes.text, sent[1].attribute) == (code, 1)


def test_no_pushed_item_has_a_unit_since_the_scaler_is_not_known() -> None:
    assert all(item.unit is None for each in DEVICE.push for item in each.items)
