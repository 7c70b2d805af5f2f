"""Readouts of IEC 62056-21: customer ports and optical heads."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from tests.link.readouts import CIPHERED, DSMR_5, optical, p1

from cosem.core.errors import DecodeError, IncompleteError, LimitError
from cosem.core.text_telegram import DataSet, TextTelegram, WrittenValue
from cosem.link.iec21 import (
    CipheredReadout,
    DamagedReadout,
    Readout,
    ReadoutEvent,
    ReadoutLimits,
    ReadoutParser,
)
from cosem.link.iec21.checks import crc16

STYRIA = Path(__file__).parents[1] / "vectors" / "telegrams" / "sagemcom_styria_ciphered.yaml"

lines = st.lists(
    st.sampled_from(["1-0:1.8.1(1*kWh)", "F.F(00)", "(2)", "0-0:96.13.0()", "junk", ""]), max_size=4
)
stretches = st.one_of(
    st.builds(lambda given: p1(*given), lines),
    st.builds(lambda given: optical(*given), lines),
    st.sampled_from([DSMR_5, CIPHERED, b"/XYZ5\r\n1.8.0(", b"/XYZ5\r\n!\r\n", b"\xdb\x08SAG", b"!\r\n"]),
    st.binary(max_size=12),
)


def parsed(octets: bytes, *, limits: ReadoutLimits | None = None, finish: bool = True) -> list[ReadoutEvent]:
    parser = ReadoutParser() if limits is None else ReadoutParser(limits)
    found = parser.feed(octets)
    return found + parser.finish() if finish else found


def one(octets: bytes) -> Readout:
    (found,) = parsed(octets)
    assert isinstance(found, Readout)
    return found


def damaged(octets: bytes, limits: ReadoutLimits | None = None) -> DamagedReadout:
    found = parsed(octets, limits=limits)[0]
    assert isinstance(found, DamagedReadout)
    return found


def plain(events: list[ReadoutEvent]) -> list[str]:
    return [str(each) if not isinstance(each, DamagedReadout) else f"{each} {each.error}" for each in events]


def test_a_telegram_of_a_p1_port_is_read_and_its_crc_is_right() -> None:
    found = one(DSMR_5)
    assert (found.check, found.tolerated, found.octets) == ("crc16", None, DSMR_5)
    assert (found.telegram.flag, found.telegram.identification) == ("ISK", "ISK5\\2M550T-1012")
    sets = {each.address: each.values for each in found.telegram.data_sets}
    assert sets["1-0:1.8.1"] == [WrittenValue("002130.115", "kWh")]
    assert sets["0-2:24.2.1"] == [WrittenValue("200426223001S"), WrittenValue("00246.138", "m3")]
    assert list(map(str, sets["1-0:99.97.0"]))[2:] == ["190326095015W", "0000002014*s"]
    assert sets["0-1:96.1.0"] == [WrittenValue("")]
    assert len(sets) == 38


def test_the_crc_is_that_of_arc() -> None:
    assert crc16(b"123456789") == 0xBB3D


@given(st.lists(stretches, max_size=4), st.lists(st.integers(0, 3000), max_size=6))
def test_any_cut_gives_the_same_events(pieces: list[bytes], places: list[int]) -> None:
    octets = b"".join(pieces)
    parser = ReadoutParser()
    found: list[ReadoutEvent] = []
    begin = 0
    for place in [*sorted(places), len(octets)]:
        found += parser.feed(octets[begin:place])
        begin = max(begin, min(place, len(octets)))
    assert plain(found + parser.finish()) == plain(parsed(octets))


@pytest.mark.parametrize("octets", [DSMR_5, optical("1.8.0(1*kWh)"), CIPHERED, b"/XYZ5\r\n1(\r\n" + DSMR_5])
def test_octet_by_octet_gives_the_same_events(octets: bytes) -> None:
    parser = ReadoutParser()
    found = [event for octet in octets for event in parser.feed(bytes((octet,)))]
    assert plain(found) == plain(parsed(octets, finish=False))


@given(st.binary(max_size=40), st.binary(max_size=40))
def test_a_readout_is_found_between_any_noise_without_slashes(before: bytes, behind: bytes) -> None:
    kept = before.translate(None, b"/\xdb"), behind.translate(None, b"/\xdb")
    assert one(kept[0] + DSMR_5 + kept[1]).octets == DSMR_5


def test_an_optical_readout_has_a_block_check() -> None:
    octets = optical("F.F(00)", "C.1.0(123)", "1.8.1(000.5*kWh)1.8.1*05(1*kWh)")
    found = one(octets)
    assert (found.check, found.octets) == ("bcc", octets)
    assert [each.address for each in found.telegram.data_sets] == ["F.F", "C.1.0", "1.8.1", "1.8.1*05"]


def test_the_octet_of_a_block_check_may_be_any() -> None:
    octets = next(each for number in range(256) if (each := optical(f"1.8.1({number})")).endswith(b"\x03!"))
    assert one(octets + DSMR_5[:0]).check == "bcc"


def test_values_on_a_line_of_their_own_belong_to_the_address_before() -> None:
    found = one(b"/XYZ5\r\n\r\n0-1:24.3.0(161107190000)(00)\r\n(00001.001)\r\n!\r\n")
    assert found.check is None
    assert found.telegram == TextTelegram(
        "XYZ5",
        [
            DataSet(
                "0-1:24.3.0", [WrittenValue("161107190000"), WrittenValue("00"), WrittenValue("00001.001")]
            )
        ],
    )


def test_a_capture_that_lost_its_carriage_returns_is_tolerated() -> None:
    found = one(DSMR_5.replace(b"\r\n", b"\n"))
    assert found.check == "crc16"
    assert found.tolerated is not None


def test_zeros_in_front_of_the_crc_may_be_left_out() -> None:
    octets = next(each for number in range(999) if b"!0" in (each := p1(f"1.8.0({number})")))
    assert one(octets.replace(b"!0", b"!")).check == "crc16"


def test_the_end_of_the_last_line_may_be_missing() -> None:
    assert one(DSMR_5[:-2]).check == "crc16"


@pytest.mark.parametrize(
    ("octets", "says"),
    [
        (DSMR_5.replace(b"00.111", b"00.112"), "the CRC is 56DD, and"),
        (b"/XYZ5\r\n1.8.0(1)\r\n!zz\r\n", "no check sequence behind '!': 'zz'"),
        (b"/XYZ5\r\n1.8.0(1\r\n!\r\n", "no data set: '1.8.0(1'"),
        (b"/XYZ5\r\n1.8.0(1))\r\n!\r\n", "no data set: ')'"),
        (b"/XYZ5\r\n(1)\r\n!\r\n", "a value has no address"),
        (b"/XYZ5\r\n1.8.0(\xff)\r\n!\r\n", "no printable character"),
        (b"/XYZ5\r\n\x021.8.0(1)\r\n!\r\n1!", "ETX is missing"),
        (optical("1.8.0(1)")[:-1] + b"\x00", "the block check is 00"),
    ],
)
def test_what_is_wrong_is_said_and_the_next_readout_is_found(octets: bytes, says: str) -> None:
    found = damaged(octets + DSMR_5)
    assert says in str(found.error)
    assert type(found.error) is DecodeError
    assert isinstance(parsed(octets + DSMR_5)[-1], Readout)


def test_a_readout_that_stops_is_damaged_when_the_next_begins() -> None:
    cut, whole = parsed(DSMR_5[:200] + b"\r\n" + DSMR_5)
    assert isinstance(cut, DamagedReadout)
    assert isinstance(whole, Readout)
    assert whole.octets == DSMR_5


@pytest.mark.parametrize("cut", [40, 60, 77, 300])
def test_a_readout_that_begins_within_a_line_is_found(cut: int) -> None:
    assert any(isinstance(each, Readout) and each.octets == DSMR_5 for each in parsed(DSMR_5[:cut] + DSMR_5))


def test_a_readout_that_ends_early_is_incomplete() -> None:
    assert isinstance(damaged(DSMR_5[:-10]).error, IncompleteError)
    assert parsed(DSMR_5[:-10], finish=False) == []


@pytest.mark.parametrize(
    "limits",
    [ReadoutLimits(line=50), ReadoutLimits(octets=200), ReadoutLimits(data_sets=5)],
)
def test_what_exceeds_a_bound_is_damaged(limits: ReadoutLimits) -> None:
    assert isinstance(damaged(DSMR_5, limits).error, LimitError)


def test_an_endless_line_is_not_kept() -> None:
    parser = ReadoutParser(ReadoutLimits(line=50))
    found = [event for _ in range(1000) for event in parser.feed(b"/XYZ5\r\n" + b"1" * 90)]
    assert len(found) == 1000
    assert not parser.pending


def test_a_ciphered_readout_shows_title_and_counter() -> None:
    (found,) = parsed(b"\xdb\x00" + CIPHERED + b"\r\n")
    assert isinstance(found, CipheredReadout)
    assert (found.system_title, found.security_control, found.invocation_counter) == (
        b"SAG10300",
        0x30,
        123456,
    )
    assert (found.ciphertext, found.tag) == (bytes(range(1, 17)), bytes(range(0xA0, 0xAC)))
    assert found.octets == CIPHERED


@pytest.mark.parametrize("length", ["80", "10", "83000010", "82FFFF"])
def test_a_length_that_cannot_be_is_no_ciphered_readout(length: str) -> None:
    """Indefinite, shorter than a tag, of three octets, more than is taken."""
    begun = bytes.fromhex("DB08 5341473130333030" + length)
    (found,) = parsed(begun + bytes(40) + DSMR_5, limits=ReadoutLimits(octets=60_000))
    assert isinstance(found, Readout)


def test_a_telegram_that_a_meter_ciphered_is_found_in_pieces_and_among_others() -> None:
    octets = bytes.fromhex(yaml.safe_load(STYRIA.read_text("utf-8"))["octets"])
    parser = ReadoutParser()
    found = [event for octet in DSMR_5 + octets + octets for event in parser.feed(bytes((octet,)))]
    assert [type(each) for each in found] == [Readout, CipheredReadout, CipheredReadout]
    last = found[2]
    assert isinstance(last, CipheredReadout)
    assert (last.system_title[:4], last.invocation_counter, len(last.ciphertext)) == (b"SAG5", 424, 481)
    assert last.octets == octets
