"""The verbs of a blocking link, over whatever moves the octets and the time."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import deque
from types import TracebackType
from typing import Literal, Self

from cosem.core.errors import ConnectionLost, CosemError, Timeout
from cosem.link.events import ApduReceived, LinkEngine, LinkUp
from cosem.transport.base import CLOSE_TIMEOUT, EXCHANGE_TIMEOUT, QUEUED_APDUS, OnUnsolicited


class PolledLink(ABC):
    """A client engine that is moved on only while one of its verbs is called.

    What arrives in between waits where the octets come from. ``dropped`` counts APDUs that found the queue
    full. Leaving ``with`` closes the link.
    """

    __slots__ = (
        "_answer",
        "_engine",
        "_failure",
        "_queue",
        "_up",
        "_waits",
        "dropped",
        "on_unsolicited",
        "timeout",
    )

    def __init__(self, engine: LinkEngine, timeout: float = EXCHANGE_TIMEOUT) -> None:
        self._engine = engine
        self._queue: deque[ApduReceived] = deque(maxlen=QUEUED_APDUS)
        self._answer: ApduReceived | None = None
        self._waits: Literal["", "answer", "any"] = ""
        self._up = False
        self._failure: CosemError | None = None
        self.timeout = timeout
        self.on_unsolicited: OnUnsolicited | None = None
        self.dropped = 0

    @property
    def is_open(self) -> bool:
        """Whether APDUs can be exchanged."""
        return self._up

    def exchange(self, apdu: bytes, timeout: float | None = None) -> bytes:
        """Send an APDU and return the next confirmed one that arrives, within ``timeout`` seconds."""
        if not self._up:
            self._check_open()
        now = self._now()
        self._engine.send(apdu, now)
        return self._await("answer", now, self.timeout if timeout is None else timeout).apdu

    def send(self, apdu: bytes) -> None:
        """Send an APDU that has no answer, or whose answer ``receive`` will fetch."""
        self._check_open()
        self._engine.send(apdu, self._now())
        self._pump()

    def receive(self, timeout: float | None = None) -> ApduReceived:
        """Return the oldest APDU kept, or the next one that arrives within ``timeout`` seconds."""
        if self._queue:
            return self._queue.popleft()
        self._check_open()
        return self._await("any", self._now(), self.timeout if timeout is None else timeout)

    def close(self, timeout: float = CLOSE_TIMEOUT) -> None:
        """Disconnect in order, within ``timeout`` seconds; never raises for what the other side does."""
        try:
            if self._up:
                now = self._now()
                until = now + timeout
                self._engine.close(now)
                self._pump()
                while self._up and self._now() < until:
                    self._advance(until)
                    self._pump()
        except CosemError:
            pass  # a connection that is lost is closed as well
        finally:
            self.abort()

    def abort(self) -> None:
        """Drop the connection at once."""
        self._fail(ConnectionLost("the link was closed"))
        self._drop()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _open(self, timeout: float) -> None:
        """Set the data link up, on a connection that is there."""
        now = self._now()
        until = now + timeout
        try:
            self._engine.open(now)
            self._pump()
            while not self._up:
                self._check_failure()
                if self._now() >= until:
                    raise Timeout(f"no data link within {timeout:g} s")
                self._advance(until)
                self._pump()
        except BaseException:
            self.abort()
            raise

    def _await(self, waits: Literal["answer", "any"], now: float, timeout: float) -> ApduReceived:
        self._waits = waits
        until = now + timeout
        try:
            while True:
                self._pump()
                if (answer := self._answer) is not None:
                    return answer
                self._check_failure()
                if now >= until:
                    raise Timeout("no answer in time")
                now = self._advance(until)
        except ConnectionLost as error:
            self._fail(error)
            raise
        finally:
            self._waits = ""
            self._answer = None

    @abstractmethod
    def _advance(self, until: float) -> float:
        """Wait for octets, for the engine's deadline or for ``until``, and give the engine what came.

        Returns the time that it then is. Raises ConnectionLost.
        """

    @abstractmethod
    def _now(self) -> float:
        """The time, in seconds of a clock that only goes forward."""

    @abstractmethod
    def _write(self, octets: bytes) -> None:
        """Put octets on the line. Raises ConnectionLost."""

    @abstractmethod
    def _drop(self) -> None:
        """Give the line back."""

    def _pump(self) -> None:
        """Put the engine's octets on the line and take its events."""
        engine = self._engine
        while octets := engine.take_output():
            self._write(octets)
        while (event := engine.next_event()) is not None:
            if isinstance(event, ApduReceived):
                self._arrived(event)
            elif isinstance(event, LinkUp):
                self._up = True
            else:
                self._fail(event.error or ConnectionLost("the data link was disconnected"))

    def _arrived(self, event: ApduReceived) -> None:
        waits = self._waits if self._answer is None else ""
        if waits and (event.confirmed or (waits == "any" and self.on_unsolicited is None)):
            self._answer = event
        elif self.on_unsolicited is not None:
            self.on_unsolicited(event)
        else:
            self.dropped += len(self._queue) == QUEUED_APDUS
            self._queue.append(event)

    def _fail(self, error: CosemError) -> None:
        self._up = False
        if self._failure is None:
            self._failure = error

    def _check_failure(self) -> None:
        if self._failure is not None:
            raise self._failure.with_traceback(None)

    def _check_open(self) -> None:
        self._check_failure()
        if not self._up:
            raise ConnectionLost("the link is not open")
