"""The server (secondary station) of an HDLC line, sans-IO (IEC 62056-46 6.4.4).

One station hosts logical devices behind one physical address and keeps a link for every pair of client SAP
and logical device. It speaks only when it was polled, except for UI frames.
"""

from __future__ import annotations

from collections.abc import Container

from cosem.core.errors import CosemError, DecodeError, LimitError, LinkError, LocalProtocolError, Timeout
from cosem.core.limits import DEFAULT_LIMITS, Limits
from cosem.link import llc
from cosem.link.events import ApduReceived, LinkDown, LinkEvent, LinkUp
from cosem.link.hdlc.address import ALL_STATIONS, NO_STATION, ServerAddress, decode_client, encode_client
from cosem.link.hdlc.control import DM, FRMR, POLL_FINAL, UA, FrameKind, FrameReject
from cosem.link.hdlc.frame import Frame, encode_frame
from cosem.link.hdlc.options import DEFAULT_OPTIONS, HdlcOptions
from cosem.link.hdlc.parameters import HdlcParameters
from cosem.link.hdlc.parser import DamagedFrame, ParsedItem, TimedFrameParser
from cosem.link.hdlc.states import SERVER, Do, ServerInput, ServerState
from cosem.link.hdlc.transfer import Acknowledgement, NumberedTransfer
from cosem.link.hdlc.unnumbered import UnnumberedAssembler, unnumbered_frames

_INPUTS = {
    FrameKind.SNRM: ServerInput.SNRM,
    FrameKind.DISC: ServerInput.DISC,
    FrameKind.UI: ServerInput.UI,
    FrameKind.INFORMATION: ServerInput.INFORMATION,
    FrameKind.RR: ServerInput.RR,
    FrameKind.RNR: ServerInput.RNR,
    FrameKind.REJ: ServerInput.NOT_IN_PROFILE,
    FrameKind.SREJ: ServerInput.NOT_IN_PROFILE,
    FrameKind.UA: ServerInput.RESPONSE,
    FrameKind.DM: ServerInput.RESPONSE,
    FrameKind.FRMR: ServerInput.RESPONSE,
    FrameKind.UNDEFINED: ServerInput.UNDEFINED,
}


class _Link:
    """One client at one logical device; both addresses as octets on the line."""

    __slots__ = ("answer_by", "client", "client_sap", "heard", "reject", "server", "server_sap", "transfer")

    def __init__(self, frame: Frame, client_sap: int, server_sap: int, transfer: NumberedTransfer) -> None:
        self.client = frame.source
        self.server = frame.destination
        self.client_sap = client_sap
        self.server_sap = server_sap
        self.transfer = transfer
        self.heard = 0.0
        self.reject = b""  # the FRMR frame, once there was reason for it
        self.answer_by: float | None = None  # a poll waits for the answer of the application until then

    @property
    def state(self) -> ServerState:
        if self.reject:
            return ServerState.REJECTED
        if self.transfer.receiving:
            return ServerState.RECEIVING
        return ServerState.SENDING if self.transfer.sending else ServerState.IDLE


class HdlcServer:
    """A :class:`~cosem.link.events.LinkEngine` in the server role, for all links of one physical device.

    ``logical_devices`` are the upper addresses hosted here, ``clients`` the client SAPs served (None: all);
    any container does, its ``in`` is asked once per link. ``physical`` is the lower address, None on a line
    where only one-octet addresses are used. Frames for anybody else meet silence, so several stations can
    share one line. ``discarded`` counts frames, damaged ones included, that had no effect.
    """

    __slots__ = (
        "_clients",
        "_devices",
        "_events",
        "_limits",
        "_links",
        "_links_by_sap",
        "_options",
        "_output",
        "_parser",
        "_physical",
        "_unnumbered",
        "discarded",
    )

    def __init__(
        self,
        logical_devices: Container[int],
        *,
        physical: int | None = None,
        clients: Container[int] | None = None,
        options: HdlcOptions = DEFAULT_OPTIONS,
        limits: Limits = DEFAULT_LIMITS,
    ) -> None:
        self.discarded = 0
        self._devices = logical_devices
        self._physical = physical
        self._clients = clients
        self._options = options
        self._limits = limits
        self._parser = TimedFrameParser(options.inter_octet_timeout)
        self._unnumbered = UnnumberedAssembler(limits.octets)
        self._output: list[bytes] = []
        self._events: list[LinkEvent] = []
        self._links: dict[tuple[bytes, bytes], _Link] = {}
        self._links_by_sap: dict[tuple[int, int], _Link] = {}

    # The LinkEngine protocol

    def open(self, now: float) -> None:
        """Nothing to do: the client sets links up."""

    def close(self, now: float) -> None:
        """Drop all links without a word on the line; LinkDown for each."""
        for link in list(self._links.values()):
            self._drop(link, None)

    def send(
        self, apdu: bytes, now: float, *, client_sap: int | None = None, server_sap: int | None = None
    ) -> None:
        """Queue one APDU for the link of that pair; it goes out when the client polls, at once if it has
        polled.

        Without the pair the only link is meant; LocalProtocolError if there are several. An APDU for a link
        that is down is dropped: LinkDown has told so, or is about to.
        """
        if client_sap is None or server_sap is None:
            if len(self._links) > 1:
                raise LocalProtocolError("several HDLC links are up: name client_sap and server_sap")
            link = next(iter(self._links.values()), None)
        else:
            link = self._links_by_sap.get((client_sap, server_sap))
        if link is None or link.reject:
            return
        link.transfer.queue(llc.RESPONSE + apdu)
        if link.answer_by is not None:
            link.answer_by = None
            self._output.append(link.transfer.window())

    def send_unconfirmed(self, apdu: bytes, *, client_sap: int, server_sap: int) -> None:
        """Push one APDU in UI frames, with a link or without. Nothing else may be on the line."""
        link = self._links_by_sap.get((client_sap, server_sap))
        parameters = link.transfer.parameters if link is not None else HdlcParameters()
        source = link.server if link is not None else ServerAddress(server_sap, self._physical).encode()
        self._output.append(
            unnumbered_frames(
                encode_client(client_sap), source, llc.RESPONSE + apdu, parameters.max_information_transmit
            )
        )

    def receive(self, octets: bytes, now: float) -> None:
        """Take whatever arrived, in any cut."""
        self._take(self._parser.feed(octets, now), now)

    def take_output(self) -> bytes:
        """Octets to put on the line now; empty if none."""
        octets = b"".join(self._output)
        self._output.clear()
        return octets

    def next_event(self) -> LinkEvent | None:
        """The oldest event not yet taken."""
        return self._events.pop(0) if self._events else None

    def deadline(self) -> float | None:
        """When ``on_time`` wants to be called, or None."""
        fragment = self._parser.deadline()
        times = [] if fragment is None else [fragment]
        for link in self._links.values():
            if link.answer_by is not None:
                times.append(link.answer_by)
            if self._options.inactivity_timeout:
                times.append(link.heard + self._options.inactivity_timeout)
        return min(times) if times else None

    def on_time(self, now: float) -> None:
        """A deadline has come: drop a fragment, answer a poll for the application, drop idle links."""
        self._take(self._parser.on_time(now), now)
        for link in list(self._links.values()):
            if self._options.inactivity_timeout and now >= link.heard + self._options.inactivity_timeout:
                self._drop(link, Timeout("no frame within the inactivity time-out"))
            elif link.answer_by is not None and now >= link.answer_by:
                self._answer(link, link.transfer.receive_ready())

    # Frames in

    def _take(self, items: list[ParsedItem], now: float) -> None:
        for item in items:
            if isinstance(item, DamagedFrame):
                self.discarded += 1
                self._unnumbered.damage()
                continue
            link = self._links.get((item.destination, item.source))
            if link is not None:
                self._on_frame(item, link, link.client_sap, link.server_sap, now)
            else:
                self._on_unlinked(item, now)

    def _on_unlinked(self, frame: Frame, now: float) -> None:
        """A frame of which it is not known yet whether it is for this station."""
        try:
            address = ServerAddress.decode(frame.destination)
            client_sap = decode_client(frame.source)
        except DecodeError:
            self.discarded += 1
            return
        everybody = address.is_broadcast_upper or address.is_broadcast_lower
        if (
            address.size not in self._options.address_sizes
            or client_sap in (NO_STATION, ALL_STATIONS)
            or address.upper == NO_STATION
            or (everybody and frame.kind is not FrameKind.UI)
            or not (address.is_broadcast_upper or address.upper in self._devices)
            or not (address.lower is None or address.is_broadcast_lower or address.lower == self._physical)
            or not (self._clients is None or client_sap in self._clients)
        ):
            self.discarded += 1
        elif everybody:
            self._deliver_unnumbered(frame, client_sap, address.sap)
        else:
            self._on_frame(frame, None, client_sap, address.sap, now)

    def _on_frame(
        self, frame: Frame, link: _Link | None, client_sap: int, server_sap: int, now: float
    ) -> None:
        parameters = HdlcParameters()
        what = _INPUTS[frame.kind]
        if what is ServerInput.SNRM:
            try:
                parameters = HdlcParameters.decode(frame.information)
            except DecodeError:
                what = ServerInput.SNRM_MALFORMED
        elif link is not None:
            what = _judged(what, frame, link.transfer)
        state = ServerState.NDM
        if link is not None:
            link.heard = now
            if what in (ServerInput.INFORMATION, ServerInput.I_SEGMENT, ServerInput.RR, ServerInput.RNR):
                link.transfer.acknowledge(frame.receive)
            state = link.state

        do = SERVER[what][state]
        if do is Do.NOTHING:
            self.discarded += 1
        elif do is Do.GIVE_UI:
            self._deliver_unnumbered(frame, client_sap, server_sap)
            if frame.poll_final:
                self._say(frame, DM) if link is None else self._answer(link, link.transfer.receive_ready())
        elif do is Do.SET_UP or do is Do.RESET:
            self._set_up(frame, client_sap, server_sap, parameters, now)
        elif link is None:
            self._say(frame, DM)
        else:
            self._do(do, frame, link, now)

    def _do(self, do: Do, frame: Frame, link: _Link, now: float) -> None:
        """What happens on a link; every way through answers a poll exactly once."""
        transfer = link.transfer
        poll = frame.poll_final
        match do:
            case Do.RELEASE:
                self._say(frame, UA)
                self._drop(link, None)
            case Do.DELIVER | Do.APPEND:
                self._accept(frame, link, now)
            case Do.SEND:
                if poll:
                    self._answer(link, transfer.window())
            case Do.AGAIN if (frame.send + 1) & 7 == transfer.expected:
                if poll:
                    self._answer(link, transfer.window())
            case Do.FRMR_W | Do.FRMR_X | Do.FRMR_Y | Do.FRMR_Z:
                self._reject(do, frame, link)
            case Do.FRMR_AGAIN:
                if poll:
                    self._output.append(link.reject)
            case _:
                if poll:
                    self._answer(link, transfer.receive_ready())

    def _set_up(
        self, frame: Frame, client_sap: int, server_sap: int, theirs: HdlcParameters, now: float
    ) -> None:
        old = self._links_by_sap.get((client_sap, server_sap))
        if old is not None:
            self._drop(old, LinkError("the client has reset the link"))
        if len(self._links) >= self._options.max_links:
            self._say(frame, DM)
            return
        parameters = self._options.parameters.agreed_with(theirs)
        transfer = NumberedTransfer(frame.destination, frame.source, parameters, self._limits.octets)
        link = _Link(frame, client_sap, server_sap, transfer)
        link.heard = now
        self._links[frame.destination, frame.source] = link
        self._links_by_sap[client_sap, server_sap] = link
        self._say(frame, UA, parameters.encode())
        self._events.append(LinkUp(client_sap, server_sap))

    def _accept(self, frame: Frame, link: _Link, now: float) -> None:
        try:
            lpdu = link.transfer.accept(frame)
        except LimitError:
            self._reject(Do.FRMR_Y, frame, link)
            return
        apdu = llc.strip(lpdu, llc.COMMAND) if lpdu is not None else None
        if apdu:
            self._events.append(ApduReceived(apdu, link.client_sap, link.server_sap))
            if frame.poll_final:
                link.answer_by = now + self._options.answer_within
            return
        if lpdu is not None:
            self.discarded += 1  # no LLC header, or nothing behind it
        if frame.poll_final:
            self._answer(link, link.transfer.receive_ready())

    def _deliver_unnumbered(self, frame: Frame, client_sap: int, server_sap: int) -> None:
        apdu = self._unnumbered.put(frame)
        if apdu:
            self._events.append(ApduReceived(apdu, client_sap, server_sap, confirmed=False))

    # Frames out

    def _say(self, frame: Frame, control: int, information: bytes = b"") -> None:
        """An unnumbered response, if ``frame`` asks for one."""
        if frame.poll_final:
            octets = encode_frame(frame.source, frame.destination, control | POLL_FINAL, information)
            self._output.append(octets)

    def _answer(self, link: _Link, octets: bytes) -> None:
        link.answer_by = None
        self._output.append(octets)

    def _reject(self, do: Do, frame: Frame, link: _Link) -> None:
        transfer = link.transfer
        reason = FrameReject(
            frame.control,
            transfer.next_send,
            transfer.expected,
            undefined=do is Do.FRMR_W or do is Do.FRMR_X,
            unexpected_information=do is Do.FRMR_X,
            too_long=do is Do.FRMR_Y,
            wrong_receive_number=do is Do.FRMR_Z,
        )
        link.reject = encode_frame(link.client, link.server, FRMR | POLL_FINAL, reason.encode())
        link.answer_by = None
        # An undefined control field has no P bit to go by.
        if frame.poll_final or frame.kind is FrameKind.UNDEFINED:
            self._output.append(link.reject)
        self._events.append(LinkDown(link.client_sap, link.server_sap, LinkError(str(reason))))

    def _drop(self, link: _Link, error: CosemError | None) -> None:
        del self._links[link.server, link.client]
        del self._links_by_sap[link.client_sap, link.server_sap]
        if not link.reject:
            self._events.append(LinkDown(link.client_sap, link.server_sap, error))


def _judged(what: ServerInput, frame: Frame, transfer: NumberedTransfer) -> ServerInput:
    """The row of the state table for a numbered frame: size first, then N(R), then N(S)."""
    numbered = what is ServerInput.INFORMATION
    if numbered and len(frame.information) > transfer.parameters.max_information_receive:
        return ServerInput.I_TOO_LONG
    if what is ServerInput.RR or what is ServerInput.RNR:
        if frame.information:
            return ServerInput.S_WITH_INFORMATION
    elif not numbered:
        return what
    match transfer.judge(frame.receive):
        case Acknowledgement.INVALID:
            return ServerInput.NR_INVALID
        case Acknowledgement.STALE:
            return ServerInput.NR_STALE
        case Acknowledgement.VALID if numbered and frame.send != transfer.expected:
            return ServerInput.I_OUT_OF_SEQUENCE
        case _:
            return ServerInput.I_SEGMENT if numbered and frame.segmented else what
