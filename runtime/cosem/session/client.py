"""The client's side of an association, sans-IO.

Every operation is an :data:`~cosem.session.conversation.Exchange`: a generator that yields the octets of an APDU to
send, or None to wait for one more, is sent the octets of each APDU that arrives, and returns the result. A driver
runs it over any link::

    def run(exchange, link):
        reply = None
        try:
            while True:
                out = exchange.send(reply)
                reply = link.exchange(out) if out is not None else link.receive()
        except StopIteration as done:
            return done.value

One exchange runs at a time. Abandoning one (a time-out) leaves the session usable: the next request takes another
invoke id, and what still arrives for the old one is recognised and dropped.

All but GET is imported when it is first used, so that importing a client is cheap.
"""

from __future__ import annotations

from collections.abc import Sequence

from cosem.core.data import Data
from cosem.core.errors import AccessError
from cosem.session import reading
from cosem.session.association import Negotiated
from cosem.session.conversation import Conversation, Exchange
from cosem.session.targets import AttributeTarget, MethodTarget

__all__ = ["ClientSession", "Exchange"]


class ClientSession(Conversation):
    """One application association as its client sees it."""

    __slots__ = ()

    def associate(self) -> Exchange[Negotiated]:
        """Open the association. Raises AssociationError when the meter refuses."""
        from cosem.session import opening

        return opening.associate(self)

    def release(self) -> Exchange[None]:
        """Release the association in order. Some meters never answer: a driver may stop waiting at any time."""
        from cosem.session import opening

        return opening.release(self)

    def get(self, target: AttributeTarget) -> Exchange[Data]:
        """GET one attribute. Raises AccessError when the meter refuses."""
        return reading.get(self, target)

    def get_many(self, targets: Sequence[AttributeTarget]) -> Exchange[list[Data | AccessError]]:
        """GET several attributes, in as few requests as the meter allows; a refusal takes the place of a value."""
        return reading.get_many(self, targets)

    def set(self, target: AttributeTarget, value: Data) -> Exchange[None]:
        """SET one attribute. Raises AccessError when the meter refuses."""
        from cosem.session import writing

        return writing.set_one(self, target, value)

    def set_many(self, items: Sequence[tuple[AttributeTarget, Data]]) -> Exchange[list[AccessError | None]]:
        """SET several attributes, in as few requests as the meter allows; None where it was done."""
        from cosem.session import writing

        return writing.set_many(self, items)

    def action(self, target: MethodTarget, parameters: Data | None = None) -> Exchange[Data | None]:
        """Invoke a method; its return value, or None. Raises ActionError when the meter refuses."""
        from cosem.session import invoking

        return invoking.action(self, target, parameters)
