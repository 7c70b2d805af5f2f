"""The client (primary station) of an HDLC line, sans-IO (IEC 62056-46 6.4.4).

The line is half duplex: after a frame with P = 1 the client waits for one with F = 1. If the answer does not
come the client asks with RR; N(R) in the answer then says which I frames were lost, in either direction.
"""

from __future__ import annotations

from cosem.core.errors import CosemError, DecodeError, LimitError, LinkError, LocalProtocolError, Timeout
from cosem.core.limits import DEFAULT_LIMITS, Limits
from cosem.link import llc
from cosem.link.events import ApduReceived, LinkDown, LinkEvent, LinkUp
from cosem.link.hdlc.address import ALL_STATIONS, ServerAddress, encode_client
from cosem.link.hdlc.control import DISC, POLL_FINAL, SNRM, FrameKind, FrameReject
from cosem.link.hdlc.frame import Frame, encode_frame
from cosem.link.hdlc.options import DEFAULT_OPTIONS, HdlcOptions
from cosem.link.hdlc.output import Output
from cosem.link.hdlc.parameters import HdlcParameters
from cosem.link.hdlc.parser import DamagedFrame, ParsedItem, TimedFrameParser
from cosem.link.hdlc.states import CLIENT, Act, ClientState
from cosem.link.hdlc.transfer import Acknowledgement, NumberedTransfer
from cosem.link.hdlc.unnumbered import UnnumberedAssembler, unnumbered_frames

_EVERYBODY = encode_client(ALL_STATIONS)


class HdlcClient:
    """A :class:`~cosem.link.events.LinkEngine` in the client role, for one link.

    ``server`` is an address, or a logical device for the one-octet form. ``discarded`` counts frames, damaged
    ones included, that had no effect.
    """

    __slots__ = (
        "_answer_by",
        "_closing",
        "_events",
        "_fruitless",
        "_heard",
        "_heard_damage",
        "_hurried",
        "_limits",
        "_options",
        "_output",
        "_own",
        "_parser",
        "_peer",
        "_peer_busy",
        "_poll_at",
        "_polled",
        "_silent",
        "_state",
        "_transfer",
        "_unnumbered",
        "_wait_until",
        "client_sap",
        "discarded",
        "server_sap",
    )

    def __init__(
        self,
        client_sap: int,
        server: ServerAddress | int,
        options: HdlcOptions = DEFAULT_OPTIONS,
        limits: Limits = DEFAULT_LIMITS,
    ) -> None:
        address = ServerAddress(server) if isinstance(server, int) else server
        self.client_sap = client_sap
        self.server_sap = address.sap
        self.discarded = 0
        self._own = encode_client(client_sap)
        self._peer = address.encode()
        self._options = options
        self._limits = limits
        self._parser = TimedFrameParser(options.inter_octet_timeout)
        self._unnumbered = UnnumberedAssembler(limits.octets)
        self._output = Output(options.frame_gap)
        self._events: list[LinkEvent] = []
        self._state = ClientState.DISCONNECTED
        self._reset()

    def _reset(self) -> None:
        self._transfer = NumberedTransfer(
            self._own, self._peer, self._options.parameters, self._limits.octets
        )
        self._closing = False
        self._peer_busy = False
        self._polled = False
        self._wait_until: float | None = None  # an answer is awaited until then
        self._heard = False
        self._heard_damage: float | None = None  # when the last damaged frame was heard, while waiting
        self._hurried = False
        self._silent = 0
        self._fruitless = 0
        self._poll_at: float | None = None  # it is our turn, and RR goes out then
        self._answer_by = 0.0

    # The LinkEngine protocol

    @property
    def state(self) -> ClientState:
        """The state of the link."""
        return self._state

    @property
    def parameters(self) -> HdlcParameters:
        """What is in force: as agreed once the link is up, as proposed before."""
        return self._transfer.parameters

    def open(self, now: float) -> None:
        """Send SNRM; LinkUp or LinkDown follows. LocalProtocolError unless the link is down."""
        if self._state is not ClientState.DISCONNECTED:
            raise LocalProtocolError("the HDLC link is not down")
        self._reset()
        self._state = ClientState.CONNECTING
        self._set_up(now)

    def close(self, now: float) -> None:
        """Send DISC, after the answer that is under way; LinkDown follows. No effect if the link is down."""
        if self._state is ClientState.CONNECTED:
            self._closing = True
            if self._wait_until is None:
                self._disconnect(now)
        elif self._state is ClientState.CONNECTING:
            self._disconnect(now)

    def send(
        self, apdu: bytes, now: float, *, client_sap: int | None = None, server_sap: int | None = None
    ) -> None:
        """Queue one APDU; it goes out when the line is ours. LocalProtocolError unless the link is up."""
        if self._state is not ClientState.CONNECTED or self._closing:
            raise LocalProtocolError("the HDLC link is not up")
        self._transfer.queue(llc.COMMAND + apdu)
        self._answer_by = now + self._options.answer_timeout
        if self._wait_until is None:
            self._go_on(now)

    def send_unconfirmed(self, apdu: bytes, *, server: ServerAddress | None = None) -> None:
        """Send one APDU in UI frames, to this server or, ``server`` being a broadcast address, to all of
        them.

        There is no acknowledgement. Nothing else may be under way on the line.
        """
        destination = self._peer if server is None else server.encode()
        size = self._transfer.parameters.max_information_transmit
        self._output.put(unnumbered_frames(destination, self._own, llc.COMMAND + apdu, size), 0.0)

    def receive(self, octets: bytes, now: float) -> None:
        """Take whatever arrived, in any cut."""
        if octets:
            self._output.heard(now)
        if self._heard_damage is not None:
            self._heard_damage = now
        self._take(self._parser.feed(octets, now), now)

    def take_output(self) -> bytes:
        """Octets to put on the line now; empty if none."""
        return self._output.take()

    def next_event(self) -> LinkEvent | None:
        """The oldest event not yet taken."""
        return self._events.pop(0) if self._events else None

    def deadline(self) -> float | None:
        """When ``on_time`` wants to be called, or None."""
        waits = self._parser.deadline(), self._repeat_at(), self._poll_at, self._output.deadline()
        return min((time for time in waits if time is not None), default=None)

    def on_time(self, now: float) -> None:
        """A deadline has come: drop a fragment, repeat, poll or give up."""
        self._output.on_time(now)
        self._take(self._parser.on_time(now), now)
        repeat_at = self._repeat_at()
        if repeat_at is not None and now >= repeat_at:
            self._repeat(now)
        elif self._poll_at is not None and now >= self._poll_at:
            self._poll(now)

    # Frames in

    def _take(self, items: list[ParsedItem], now: float) -> None:
        for item in items:
            if isinstance(item, DamagedFrame):
                self.discarded += 1
                self._unnumbered.damage()
                if self._wait_until is not None:
                    self._heard_damage = now
                continue
            kind = item.kind
            mine = item.destination == self._own and item.source == self._peer
            if not mine and not (kind is FrameKind.UI and item.destination in (self._own, _EVERYBODY)):
                self.discarded += 1
                continue
            self._on_frame(item, kind, now)

    def _on_frame(self, frame: Frame, kind: FrameKind, now: float) -> None:
        match CLIENT[kind][self._state]:
            case Act.CONNECT:
                self._connect(frame, now)
            case Act.FAIL:
                self._down(_failure(frame, kind, self._state))
            case Act.FINISH:
                self._down(None)
            case Act.ACCEPT:
                self._accept(frame, now)
            case Act.READY:
                self._acknowledged(frame, now, busy=False)
            case Act.BUSY:
                self._acknowledged(frame, now, busy=True)
            case Act.GIVE_UI:
                apdu = self._unnumbered.put(frame)
                if apdu:
                    sap = _sap(frame.source, self.server_sap)
                    self._events.append(ApduReceived(apdu, self.client_sap, sap, confirmed=False))
            case Act.IGNORE:
                self.discarded += 1

    def _connect(self, frame: Frame, now: float) -> None:
        try:
            theirs = HdlcParameters.decode(frame.information)
        except DecodeError as error:
            self._down(LinkError(f"UA: {error}"))
            return
        self._transfer.parameters = self._options.parameters.agreed_with(theirs)
        self._state = ClientState.CONNECTED
        self._ours()
        self._progress(now)
        self._rest(now)
        self._events.append(LinkUp(self.client_sap, self.server_sap))

    def _accept(self, frame: Frame, now: float) -> None:
        transfer = self._transfer
        if transfer.judge(frame.receive) is not Acknowledgement.VALID:
            self.discarded += 1
            return
        if transfer.acknowledge(frame.receive):
            self._progress(now)
        ahead = (frame.send - transfer.expected) & 7
        if ahead:
            self._out_of_step(now, lost=ahead < transfer.parameters.window_receive)
            return
        self._heard_good()
        self._peer_busy = False
        self._progress(now)
        try:
            lpdu = transfer.accept(frame)
        except LimitError as error:
            self._down(error)
            return
        if lpdu is not None:
            apdu = llc.strip(lpdu, llc.RESPONSE)
            if apdu is None:
                self._down(LinkError(f"no LLC header before the APDU: {lpdu[:3].hex(' ')}"))
                return
            self._events.append(ApduReceived(apdu, self.client_sap, self.server_sap))
            # One RR later shows whether the server has more to say.
            self._answer_by = now + self._options.poll_interval
        if frame.poll_final:
            self._ours()
            if self._closing:
                self._disconnect(now)
            elif transfer.receiving:
                self._send(transfer.receive_ready(), now)
            else:
                self._go_on(now)
        elif self._wait_until is not None:
            self._wait(now, 0)

    def _acknowledged(self, frame: Frame, now: float, *, busy: bool) -> None:
        transfer = self._transfer
        if transfer.judge(frame.receive) is not Acknowledgement.VALID:
            self.discarded += 1
            return
        progress = transfer.acknowledge(frame.receive)
        if progress:
            self._progress(now)
        elif transfer.unacknowledged and not self._polled:
            self._out_of_step(now, lost=True)
            return
        self._heard_good()
        self._peer_busy = busy
        if not frame.poll_final:
            return
        self._ours()
        if self._closing:
            self._disconnect(now)
        elif progress or not transfer.unacknowledged or self._again():
            self._go_on(now)

    def _out_of_step(self, now: float, *, lost: bool) -> None:
        """A frame does not continue what is here: frames before it were lost, or it is late or a repeat.

        To speak at once in the second case would double every later frame. In the first the frame is treated
        like a damaged one: RR finds out where the server stands; once, as it may be the second case after all.
        """
        self.discarded += 1
        self._heard = True
        if lost and self._wait_until is not None and not self._hurried:
            self._hurried = True
            self._heard_damage = now

    def _heard_good(self) -> None:
        self._heard = True
        self._silent = 0

    # Frames out

    def _go_on(self, now: float) -> None:
        """It is our turn: send what waits, or poll later if an answer is due."""
        if self._transfer.sending and not self._peer_busy:
            self._send_window(now)
        elif self._transfer.sending or self._transfer.receiving or now < self._answer_by:
            self._poll_at = now + self._options.poll_interval
        else:
            self._rest(now)

    def _rest(self, now: float) -> None:
        """Nothing is under way or awaited; RR keeps the link up if that is wanted."""
        self._answer_by = now
        if self._options.keep_alive:
            self._poll_at = now + self._options.keep_alive

    def _send_window(self, now: float) -> None:
        self._send(self._transfer.window(), now)
        self._polled = False

    def _poll(self, now: float) -> None:
        if (self._transfer.sending or self._transfer.receiving) and now >= self._answer_by:
            self._down(Timeout("the HDLC server stayed busy"))
        else:
            self._send(self._transfer.receive_ready(), now)
            self._polled = True

    def _set_up(self, now: float) -> None:
        proposed = self._options.parameters
        octets = b"" if proposed == HdlcParameters() else proposed.encode()
        self._send(encode_frame(self._peer, self._own, SNRM | POLL_FINAL, octets), now)

    def _disconnect(self, now: float) -> None:
        self._state = ClientState.DISCONNECTING
        self._send(encode_frame(self._peer, self._own, DISC | POLL_FINAL), now)

    def _send(self, octets: bytes, now: float) -> None:
        self._heard = False
        self._wait(self._output.put(octets, now), len(octets))

    def _wait(self, now: float, sent: int) -> None:
        """Wait for an answer to ``sent`` octets."""
        parameters = self._transfer.parameters
        answer = parameters.window_receive * (parameters.max_information_receive + 16)
        self._wait_until = now + self._options.response_timeout + self._options.octet_time * (sent + answer)
        self._heard_damage = None
        self._poll_at = None

    def _ours(self) -> None:
        """The answer has come, the line is ours."""
        self._wait_until = None
        self._heard_damage = None
        self._poll_at = None

    # Repetition

    def _repeat_at(self) -> float | None:
        if self._wait_until is None or self._heard_damage is None:
            return self._wait_until
        silence = self._heard_damage + self._options.turnaround
        return min(self._wait_until, max(silence, self._parser.deadline() or silence))

    def _repeat(self, now: float) -> None:
        """The answer did not come, or came damaged."""
        damaged = self._heard_damage is not None
        self._heard = self._heard or damaged
        if not self._again():
            return
        if self._state is ClientState.CONNECTING:
            self._set_up(now)
        elif self._state is ClientState.DISCONNECTING or self._closing:
            self._disconnect(now)
        else:
            self._send(self._transfer.receive_ready(), now)
            self._polled = True

    def _again(self) -> bool:
        """Count one more repetition; False, and the link is down, if it was the last."""
        if self._heard:
            self._silent = 0
            self._fruitless += 1
            if self._fruitless > self._options.resends:
                self._down(LinkError(f"no undamaged answer after {self._options.resends} repetitions"))
                return False
        else:
            self._silent += 1
            if self._silent > self._options.retries:
                self._down(Timeout(f"no answer after {self._options.retries} repetitions"))
                return False
        return True

    def _progress(self, now: float) -> None:
        self._hurried = False
        self._silent = 0
        self._fruitless = 0
        self._answer_by = max(self._answer_by, now + self._options.answer_timeout)

    def _down(self, error: CosemError | None) -> None:
        self._state = ClientState.DISCONNECTED
        self._reset()
        self._events.append(LinkDown(self.client_sap, self.server_sap, error))


def _failure(frame: Frame, kind: FrameKind, state: ClientState) -> CosemError:
    """What DM or FRMR mean to a client that waits for something else."""
    if kind is FrameKind.FRMR:
        try:
            return LinkError(f"FRMR: {FrameReject.decode(frame.information)}")
        except DecodeError as error:
            return LinkError(f"FRMR: {error}")
    if state is ClientState.CONNECTING:
        return LinkError("the server refused the link (DM)")
    return LinkError("the server has dropped the link (DM)")


def _sap(source: bytes, known: int) -> int:
    """The server SAP in the source address of a UI frame; ``known`` where there is none."""
    try:
        return ServerAddress.decode(source).sap
    except DecodeError:
        return known
