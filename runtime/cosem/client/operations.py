"""What a client does with a meter, sans-IO: each operation is an exchange that either driver runs.

The blocking and the asyncio client are thin: their verbs are these functions and a loop.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from cosem.client.options import Verify
from cosem.core.access import MethodCall, ReadOnly, ReadWrite
from cosem.core.data import Data
from cosem.core.errors import AccessError, CosemError, DecodeError
from cosem.session.client import ClientSession, Exchange
from cosem.session.switches import BY_THE_BOOKS, Switches
from cosem.session.targets import AttributeTarget, MethodTarget

if TYPE_CHECKING:
    from cosem.core.codec import Codec
    from cosem.core.device import Device
    from cosem.core.tolerant import Deviation

T = TypeVar("T")

READINGS = 8
"""How often a value is read at most until two readings agree."""


class Operations:
    """The verbs of a client over one session.

    ``tolerated`` is called with whatever a meter sent that is not quite what the books ask for. ``device`` is what the
    meter is taken for; its quirks are in the options of the session.
    """

    __slots__ = ("device", "session", "tolerated", "verify")

    def __init__(
        self,
        session: ClientSession,
        verify: Verify = "none",
        tolerated: Callable[[Deviation], None] | None = None,
        device: Device | None = None,
    ) -> None:
        self.device = device
        self.session = session
        self.verify = verify
        self.tolerated = tolerated

    def take_for(self, device: Device | None) -> None:
        """Take the meter for this device from now on: its quirks, and what its object list fixes."""
        self.device = device
        switches = BY_THE_BOOKS if device is None else Switches.of(device.quirks)
        self.session.options = self.session.options.__replace__(switches=switches)

    def get_data(self, target: AttributeTarget) -> Exchange[Data]:
        """One attribute as it came."""
        if self.verify == "none":
            return self.session.get(target)
        return self._reread(lambda: self.session.get(target), _essence, str(target))

    def get(self, reference: ReadOnly[T]) -> Exchange[T]:
        """One attribute as its type."""
        data = yield from self.get_data(AttributeTarget.of(reference))
        return self.decode(reference, data)

    def get_many_data(self, targets: Sequence[AttributeTarget]) -> Exchange[list[Data | AccessError]]:
        """Several attributes as they came; a refusal takes the place of a value."""
        if self.verify == "none":
            return self.session.get_many(targets)
        return self._reread(lambda: self.session.get_many(targets), _essences, f"{len(targets)} attributes")

    def get_many(self, references: Sequence[ReadOnly[Any]]) -> Exchange[list[Any]]:
        """Several attributes as their types; a CosemError takes the place of one refused or malformed."""
        answers = yield from self.get_many_data([AttributeTarget.of(reference) for reference in references])
        return [
            self._decode_or_error(reference, answer)
            for reference, answer in zip(references, answers, strict=True)
        ]

    def set(self, reference: ReadWrite[T], value: T) -> Exchange[None]:
        """Write one attribute."""
        if self.session.options.switches.inverted_deviation:
            from cosem.client.moments import to_send

            value = to_send(value)
        return self.session.set(AttributeTarget.of(reference), Data(reference.codec.encode(value)))

    def call(self, call: MethodCall[T]) -> Exchange[T | None]:
        """Invoke a method; its decoded return value, or None if it returns nothing."""
        returned = yield from self.session.action(MethodTarget.of(call), call.parameters)
        if call.returns is None or returned is None:
            return None
        return self._decoded(call.returns, returned)

    def decode(self, reference: ReadOnly[T], data: Data) -> T:
        """An attribute's typed value. Raises DecodeError that names the attribute."""
        try:
            return self._decoded(reference.codec, data)
        except DecodeError as error:
            error.within(str(reference))
            raise

    def _decoded(self, codec: Codec[T], data: Data) -> T:
        options = self.session.options
        value = codec.decode(data.octets, options.limits, tolerated=self.tolerated)
        if options.switches.inverted_deviation:
            from cosem.client.moments import received

            return received(value)
        return value

    def _decode_or_error(self, reference: ReadOnly[T], answer: Data | AccessError) -> T | CosemError:
        if isinstance(answer, AccessError):
            return answer
        try:
            return self.decode(reference, answer)
        except DecodeError as error:
            return error

    def _reread(
        self, read: Callable[[], Exchange[T]], essence: Callable[[T], object], subject: str
    ) -> Exchange[T]:
        before = yield from read()
        for _ in range(READINGS - 1):
            again = yield from read()
            if essence(before) == essence(again):
                return again
            before = again
        raise DecodeError(f"{subject}: {READINGS} readings, and no two in a row agree")


def _essence(answer: Data | AccessError) -> Data | int:
    """What two readings of an attribute have to share."""
    return answer if isinstance(answer, Data) else answer.result


def _essences(answers: list[Data | AccessError]) -> list[Data | int]:
    return [_essence(answer) for answer in answers]
