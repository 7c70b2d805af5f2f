"""The control octet and the information field of FRMR."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cosem.core.errors import DecodeError
from cosem.link.hdlc.control import KINDS, FrameKind, FrameReject
from cosem.link.hdlc.frame import Frame


@pytest.mark.parametrize(
    ("control", "kind"),
    [
        (0x00, FrameKind.INFORMATION),
        (0x10, FrameKind.INFORMATION),
        (0xFE, FrameKind.INFORMATION),
        (0x11, FrameKind.RR),
        (0xF1, FrameKind.RR),
        (0x15, FrameKind.RNR),
        (0x19, FrameKind.REJ),
        (0x1D, FrameKind.SREJ),
        (0x93, FrameKind.SNRM),
        (0x83, FrameKind.SNRM),
        (0x53, FrameKind.DISC),
        (0x73, FrameKind.UA),
        (0x1F, FrameKind.DM),
        (0x0F, FrameKind.DM),
        (0x97, FrameKind.FRMR),
        (0x03, FrameKind.UI),
        (0x13, FrameKind.UI),
        (0xFF, FrameKind.UNDEFINED),
        (0x6F, FrameKind.UNDEFINED),
    ],
)
def test_the_kind_of_frame_is_in_the_control_octet(control: int, kind: FrameKind) -> None:
    assert KINDS[control] is kind


def test_an_i_frame_carries_both_numbers_and_the_poll_bit() -> None:
    frame = Frame(b"\x03", b"\x21", 0b101_1_011_0)
    assert (frame.receive, frame.poll_final, frame.send) == (5, True, 3)


@given(st.integers(0, 255), st.integers(0, 7), st.integers(0, 7), st.tuples(*[st.booleans()] * 4))
def test_frame_reject_round_trips(
    control: int, send: int, receive: int, why: tuple[bool, bool, bool, bool]
) -> None:
    reject = FrameReject(control, send, receive, *why)
    assert FrameReject.decode(reject.encode()) == reject


def test_frame_reject_has_w_x_y_z_in_the_low_bits_of_its_last_octet() -> None:
    assert FrameReject(0xFF, 2, 3, undefined=True).encode() == bytes((0xFF, 0b0110_0100, 0b0001))
    assert FrameReject(0x11, 0, 0, undefined=True, unexpected_information=True).encode()[2] == 0b0011
    assert FrameReject(0x10, 0, 0, too_long=True).encode()[2] == 0b0100
    assert FrameReject(0x31, 0, 0, wrong_receive_number=True).encode()[2] == 0b1000


def test_frame_reject_says_why() -> None:
    assert (
        str(FrameReject(0x31, 0, 0, wrong_receive_number=True)) == "RR frame refused (Z: N(R) was never sent)"
    )
    assert "no reason" in str(FrameReject(0x31, 0, 0))


@pytest.mark.parametrize("octets", [b"", b"\x00\x00", b"\x00\x00\x00\x00"])
def test_frame_reject_has_three_octets(octets: bytes) -> None:
    with pytest.raises(DecodeError):
        FrameReject.decode(octets)
