"""Frames as a client with SAP 16 and a server with logical device 1 write them, and what they answered."""

from __future__ import annotations

from cosem.link.hdlc.address import ServerAddress, encode_client
from cosem.link.hdlc.control import DISC as DISC_CONTROL
from cosem.link.hdlc.control import POLL_FINAL, RNR, RR, SNRM, UI, FrameKind
from cosem.link.hdlc.control import information as information_control
from cosem.link.hdlc.control import supervisory as supervisory_control
from cosem.link.hdlc.frame import Frame
from cosem.link.hdlc.options import HdlcOptions
from cosem.link.hdlc.parser import FrameParser
from cosem.link.hdlc.server import HdlcServer

CLIENT_ADDRESS = encode_client(16)
SERVER_ADDRESS = ServerAddress(1).encode()
SERVER_LLC = b"\xe6\xe7\x00"
CLIENT_LLC = b"\xe6\xe6\x00"


def command(control: int, information: bytes = b"", *, poll: bool = True, segmented: bool = False) -> bytes:
    return Frame(SERVER_ADDRESS, CLIENT_ADDRESS, control | poll * POLL_FINAL, information, segmented).encode()


def response(control: int, information: bytes = b"", *, final: bool = True, segmented: bool = False) -> bytes:
    return Frame(
        CLIENT_ADDRESS, SERVER_ADDRESS, control | final * POLL_FINAL, information, segmented
    ).encode()


def snrm(information: bytes = b"") -> bytes:
    return command(SNRM, information)


def disc() -> bytes:
    return command(DISC_CONTROL)


def rr(receive: int = 0, *, poll: bool = True) -> bytes:
    return command(supervisory_control(RR, receive), poll=poll)


def rnr(receive: int = 0) -> bytes:
    return command(supervisory_control(RNR, receive))


def ui(apdu: bytes, *, poll: bool = False) -> bytes:
    return command(UI, CLIENT_LLC + apdu, poll=poll)


def i_frame(
    send: int, receive: int, information: bytes, *, poll: bool = True, segmented: bool = False
) -> bytes:
    return command(information_control(send, receive), information, poll=poll, segmented=segmented)


def frames(octets: bytes) -> list[Frame]:
    """The frames in ``octets``, which must all be good."""
    found: list[Frame] = []
    for item in FrameParser().feed(octets):
        assert isinstance(item, Frame)
        found.append(item)
    return found


def kinds(octets: bytes) -> list[FrameKind]:
    return [frame.kind for frame in frames(octets)]


def only(octets: bytes) -> Frame:
    """The one frame in ``octets``."""
    (frame,) = frames(octets)
    return frame


class Station:
    """A server with a clock; ``say`` gives it octets, long after what was said before, and takes its answer."""

    def __init__(self, server: HdlcServer | None = None) -> None:
        self.server = server or HdlcServer({1}, options=HdlcOptions(inactivity_timeout=0))
        self.now = 0.0

    def say(self, octets: bytes, gap: float = 2.0) -> bytes:
        self.now += gap
        self.server.receive(octets, self.now)
        return self.server.take_output()

    def wait(self, seconds: float) -> bytes:
        """Let time pass, deadline by deadline."""
        end = self.now + seconds
        while (deadline := self.server.deadline()) is not None and deadline <= end:
            self.now = max(self.now, deadline)
            self.server.on_time(self.now)
        self.now = end
        return self.server.take_output()

    def answer(self, apdu: bytes) -> bytes:
        """The application answers on the only link."""
        self.server.send(apdu, self.now)
        return self.server.take_output()
