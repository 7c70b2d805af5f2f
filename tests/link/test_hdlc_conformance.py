"""The 22 HDLC cases of the DLMS UA conformance test plan (1001-3), against our server, one test each."""

from __future__ import annotations

import pytest
from tests.link.frames import (
    CLIENT_ADDRESS,
    CLIENT_LLC,
    SERVER_LLC,
    Station,
    command,
    disc,
    frames,
    i_frame,
    kinds,
    only,
    rr,
    snrm,
)
from tests.link.line import drain

from cosem.link.events import ApduReceived
from cosem.link.fcs import check_sequence
from cosem.link.hdlc.address import ServerAddress
from cosem.link.hdlc.control import FrameKind, FrameReject
from cosem.link.hdlc.frame import Frame
from cosem.link.hdlc.options import HdlcOptions
from cosem.link.hdlc.parameters import HdlcParameters
from cosem.link.hdlc.server import HdlcServer

AARQ = CLIENT_LLC + bytes.fromhex("601da109060760857405080101be10040e01000000065f1f040000301dffff")
AARE = bytes.fromhex("6129a109060760857405080101")
UA_OR_DM = (FrameKind.UA, FrameKind.DM)


def remade(octets: bytes, place: int, octet: int) -> bytes:
    """A frame without information with one octet changed and the check sequence made good again."""
    header = bytearray(octets[1:-3])
    header[place] = octet
    return b"~" + bytes(header) + check_sequence(bytes(header)) + b"~"


def test_hdlc_frame_p1_link_is_set_up_and_released() -> None:
    station = Station()
    assert only(station.say(disc())).kind in UA_OR_DM
    assert kinds(station.say(snrm())) == [FrameKind.UA]
    ready = only(station.say(rr()))
    assert (ready.kind, ready.receive, ready.poll_final) == (FrameKind.RR, 0, True)
    assert kinds(station.say(disc())) == [FrameKind.UA]
    assert kinds(station.say(disc())) == [FrameKind.DM]


def test_hdlc_frame_p2_fragment_is_dropped_after_the_inter_octet_timeout() -> None:
    station = Station()
    station.say(snrm())
    for missing in range(1, 8):
        assert station.say(disc()[:-missing]) == b""
        assert station.wait(6) == b""
        assert kinds(station.say(rr())) == [FrameKind.RR]


def test_hdlc_frame_p3_inactivity_leads_to_ndm() -> None:
    station = Station(HdlcServer({1}, options=HdlcOptions(inactivity_timeout=120)))
    station.say(snrm())
    assert station.wait(121) == b""
    assert kinds(station.say(disc())) == [FrameKind.DM]


@pytest.mark.parametrize("octets", [snrm()[1:], snrm()[:-1], snrm()[1:-1]])
def test_hdlc_frame_n1_frame_without_its_flags_meets_silence(octets: bytes) -> None:
    station = Station()
    assert station.say(octets) == b""
    station.wait(6)
    assert kinds(station.say(disc())) == [FrameKind.DM]


def test_hdlc_frame_n2_frame_too_short_meets_silence() -> None:
    station = Station()
    for cut in range(1, 7):
        assert station.say(snrm()[: -1 - cut] + b"~") == b""
        assert station.say(b"~" + snrm()[1 + cut :]) == b""
    assert kinds(station.say(snrm())) == [FrameKind.UA]


@pytest.mark.parametrize("nibble", [n for n in range(16) if n != 0xA])
def test_hdlc_frame_n3_other_format_type_meets_silence(nibble: int) -> None:
    station = Station()
    assert station.say(remade(snrm(), 0, nibble << 4)) == b""
    assert kinds(station.say(disc())) == [FrameKind.DM]


@pytest.mark.parametrize("length", [0, 1, 6, 8, 9, 127, 255])
def test_hdlc_frame_n4_wrong_length_field_meets_silence(length: int) -> None:
    station = Station()
    assert station.say(remade(snrm(), 1, length)) == b""
    assert kinds(station.say(disc())) == [FrameKind.DM]


def test_hdlc_frame_n5_undefined_control_field_is_rejected_with_frmr_w() -> None:
    station = Station()
    station.say(snrm())
    frame = only(station.say(command(0xEF)))
    assert frame.kind is FrameKind.FRMR
    assert FrameReject.decode(frame.information) == FrameReject(0xFF, 0, 0, undefined=True)
    assert kinds(station.say(snrm())) == [FrameKind.UA]
    assert kinds(station.say(disc())) == [FrameKind.UA]


def test_hdlc_frame_n7_wrong_hcs_meets_silence() -> None:
    station = Station()
    octets = bytearray(snrm(HdlcParameters().encode()))
    octets[6] ^= 0xFF
    octets[-3:-1] = check_sequence(bytes(octets[1:-3]))
    assert station.say(bytes(octets)) == b""
    assert kinds(station.say(disc())) == [FrameKind.DM]


@pytest.mark.parametrize("octets", [snrm(), snrm(HdlcParameters().encode())])
def test_hdlc_frame_n8_wrong_fcs_meets_silence(octets: bytes) -> None:
    station = Station()
    damaged = bytearray(octets)
    damaged[-2] ^= 0x01
    assert station.say(bytes(damaged)) == b""
    assert kinds(station.say(disc())) == [FrameKind.DM]


FORMS = [ServerAddress(1), ServerAddress(1, 17), ServerAddress(1, 17, 4)]


def multi_drop(sizes: frozenset[int] = frozenset({1, 2, 4})) -> Station:
    return Station(HdlcServer({1}, physical=17, options=HdlcOptions(address_sizes=sizes)))


@pytest.mark.parametrize("form", FORMS)
def test_hdlc_address_p1_every_declared_address_form_gets_ua(form: ServerAddress) -> None:
    answer = only(multi_drop().say(Frame(form.encode(), CLIENT_ADDRESS, 0x93).encode()))
    assert (answer.kind, answer.destination, answer.source) == (FrameKind.UA, CLIENT_ADDRESS, form.encode())


@pytest.mark.parametrize("form", FORMS)
def test_hdlc_address_n1_client_address_on_two_octets_meets_silence(form: ServerAddress) -> None:
    assert multi_drop().say(Frame(form.encode(), b"\x02\x21", 0x93).encode()) == b""


@pytest.mark.parametrize("size", [2, 4])
@pytest.mark.parametrize(("upper", "lower"), [(2, 17), (1, 18), (2, 18), (0x3F, 0x3F), (0, 17)])
def test_hdlc_address_n4_unknown_destination_meets_silence(upper: int, lower: int, size: int) -> None:
    station = multi_drop()
    assert (
        station.say(Frame(ServerAddress(upper, lower, size).encode(), CLIENT_ADDRESS, 0x93).encode()) == b""
    )


@pytest.mark.parametrize(
    ("declared", "form"), [({2}, FORMS[0]), ({4}, FORMS[0]), ({4}, FORMS[1]), ({1}, FORMS[2])]
)
def test_hdlc_address_n6_undeclared_address_form_meets_silence(
    declared: set[int], form: ServerAddress
) -> None:
    station = multi_drop(frozenset(declared))
    assert station.say(Frame(form.encode(), CLIENT_ADDRESS, 0x93).encode()) == b""


@pytest.mark.parametrize("address", ["020023", "0002000223", "000200020023", "02020202020202020203"])
def test_hdlc_address_n7_three_or_five_octets_meet_silence(address: str) -> None:
    assert multi_drop().say(Frame(bytes.fromhex(address), CLIENT_ADDRESS, 0x93).encode()) == b""


@pytest.mark.parametrize("proposed", [2030, 128, 64, None])
@pytest.mark.parametrize("granted", [128, 1024])
def test_hdlc_ndm2nrm_p1_information_field_is_not_above_the_proposal(
    proposed: int | None, granted: int
) -> None:
    station = Station(HdlcServer({1}, options=HdlcOptions(parameters=HdlcParameters(granted, granted))))
    information = b"" if proposed is None else HdlcParameters(proposed, proposed).encode()
    agreed = HdlcParameters.decode(only(station.say(snrm(information))).information)
    size = min(proposed or 128, granted)
    assert (agreed.max_information_transmit, agreed.max_information_receive) == (size, size)
    station.say(i_frame(0, 0, AARQ))
    assert len(only(station.answer(bytes(3000))).information) == size


@pytest.mark.parametrize("proposed", [7, 4, 1, None])
def test_hdlc_ndm2nrm_p2_window_is_one_to_seven_and_not_above_the_proposal(proposed: int | None) -> None:
    station = Station(HdlcServer({1}, options=HdlcOptions(parameters=HdlcParameters(128, 128, 5, 5))))
    information = b"" if proposed is None else HdlcParameters(128, 128, proposed, proposed).encode()
    agreed = HdlcParameters.decode(only(station.say(snrm(information))).information)
    window = min(proposed or 1, 5)
    assert (agreed.window_transmit, agreed.window_receive) == (window, window)
    station.say(i_frame(0, 0, AARQ))
    sent = frames(station.answer(bytes(3000)))
    assert [frame.send for frame in sent] == list(range(window))
    assert [frame.poll_final for frame in sent] == [False] * (window - 1) + [True]


@pytest.mark.parametrize("size", [len(AARQ), 10])
def test_hdlc_info_p1_aarq_in_one_i_frame_and_in_segments(size: int) -> None:
    station = Station()
    station.say(snrm())
    drain(station.server)
    fields = [AARQ[at : at + size] for at in range(0, len(AARQ), size)]
    for number, field in enumerate(fields[:-1]):
        ready = only(station.say(i_frame(number, 0, field, segmented=True)))
        assert (ready.kind, ready.receive) == (FrameKind.RR, number + 1)
    assert station.say(i_frame(len(fields) - 1, 0, fields[-1])) == b""
    assert drain(station.server) == [ApduReceived(AARQ[3:], 16, 1)]
    assert only(station.answer(AARE)).information == SERVER_LLC + AARE


def test_hdlc_info_n1_information_too_long_is_rejected_with_frmr_y() -> None:
    station = Station()
    station.say(snrm())
    frame = only(station.say(i_frame(0, 0, CLIENT_LLC + bytes(126))))
    assert FrameReject.decode(frame.information) == FrameReject(0x10, 0, 0, too_long=True)
    assert kinds(station.say(snrm())) == [FrameKind.UA]


@pytest.mark.parametrize("octets", [rr(3), i_frame(0, 3, AARQ)])
def test_hdlc_info_n2_wrong_nr_is_rejected_with_frmr_z(octets: bytes) -> None:
    station = Station()
    station.say(snrm())
    frame = only(station.say(octets))
    assert FrameReject.decode(frame.information).wrong_receive_number
    assert kinds(station.say(snrm())) == [FrameKind.UA]


def test_hdlc_info_n3_wrong_ns_gets_rr_with_the_expected_number() -> None:
    station = Station()
    station.say(snrm())
    drain(station.server)
    frame = only(station.say(i_frame(1, 0, AARQ)))
    assert (frame.kind, frame.receive, frame.poll_final) == (FrameKind.RR, 0, True)
    assert drain(station.server) == []


def test_hdlc_ndmop_n1_i_frame_in_ndm_gets_dm() -> None:
    station = Station()
    assert kinds(station.say(i_frame(0, 0, AARQ))) == [FrameKind.DM]
    assert drain(station.server) == []


# Items of the older public plan, and the repeat test of a published tool


def test_snrm_without_information_then_rr() -> None:
    station = Station()
    assert kinds(station.say(snrm())) == [FrameKind.UA]
    assert only(station.say(rr())).receive == 0


@pytest.mark.parametrize("parameter", ["050140", "060140", "070400000002", "080400000002"])
def test_snrm_with_one_parameter_only(parameter: str) -> None:
    group = bytes.fromhex(parameter)
    assert kinds(Station().say(snrm(bytes((0x81, 0x80, len(group))) + group))) == [FrameKind.UA]


def test_repeats_of_an_answered_i_frame_keep_the_server_in_step() -> None:
    station = Station()
    station.say(snrm())
    drain(station.server)
    for number in range(20):
        here, there = number & 7, number + 1 & 7
        request = i_frame(here, here, AARQ)
        assert station.say(request) == b""
        answer = station.answer(AARE)
        assert station.say(request) == station.say(request) == answer
        assert only(answer).receive == there
    assert len(drain(station.server)) == 20
