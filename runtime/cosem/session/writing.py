"""SET, client side: normal, with-list, and a long value in blocks (Green Book 9.4.6.4)."""

from __future__ import annotations

from collections.abc import Sequence

from cosem.apdu import (
    Conformance,
    DataAccessResult,
    DataBlockSA,
    SetRequestNormal,
    SetRequestWithDatablock,
    SetRequestWithFirstDatablock,
    SetRequestWithList,
    SetResponseDatablock,
    SetResponseLastDatablock,
    SetResponseNormal,
    SetResponseWithList,
)
from cosem.apdu.errors import access_error
from cosem.core.data import Data
from cosem.core.errors import AccessError, LocalProtocolError, RemoteProtocolError
from cosem.session.conversation import Conversation, Exchange
from cosem.session.targets import AttributeTarget
from cosem.session.transfers import BLOCK_OVERHEAD, FIRST_BLOCK_OVERHEAD, RESULTS_OVERHEAD, Outgoing


def set_one(session: Conversation, target: AttributeTarget, value: Data) -> Exchange[None]:
    """One attribute. Raises AccessError when the meter refuses, LocalProtocolError when the value is too long."""
    invoke_id = session.next_invoke_id()
    apdu = SetRequestNormal(invoke_id, target.descriptor, value, target.access_selection).encode()
    if not session.fits(apdu):
        yield from _set_in_blocks(session, target, value, invoke_id)
        return
    response = yield from session.request(apdu, invoke_id)
    if not isinstance(response, SetResponseNormal):
        raise RemoteProtocolError(f"{type(response).__name__} in answer to a SET of one attribute")
    _check(response.result, target)


def set_many(
    session: Conversation, items: Sequence[tuple[AttributeTarget, Data]]
) -> Exchange[list[AccessError | None]]:
    """Several attributes; None where it was done."""
    if session.supports(Conformance.MULTIPLE_REFERENCES) and 0 < len(items) <= _most_results(session):
        invoke_id = session.next_invoke_id()
        request = SetRequestWithList(
            invoke_id, [target.with_selection for target, _ in items], [value for _, value in items]
        )
        apdu = request.encode()
        if session.fits(apdu):
            return (yield from _set_list(session, apdu, items, invoke_id))
    results: list[AccessError | None] = []
    for target, value in items:
        try:
            yield from set_one(session, target, value)
            results.append(None)
        except AccessError as error:
            results.append(error)
    return results


def _most_results(session: Conversation) -> int:
    """Results of a list that this side takes in one response: there are no blocks for them."""
    most, size = session.options.limits.list_items, session.options.max_receive_pdu_size
    return min(most, size - RESULTS_OVERHEAD) if size else most


def _set_list(
    session: Conversation, apdu: bytes, items: Sequence[tuple[AttributeTarget, Data]], invoke_id: int
) -> Exchange[list[AccessError | None]]:
    response = yield from session.request(apdu, invoke_id)
    if not isinstance(response, SetResponseWithList):
        raise RemoteProtocolError(f"{type(response).__name__} in answer to a SET of a list")
    if len(response.result) != len(items):
        raise RemoteProtocolError(f"{len(response.result)} results for a list of {len(items)}")
    return [
        access_error(result, str(target)) if result else None
        for (target, _), result in zip(items, response.result, strict=True)
    ]


def _set_in_blocks(
    session: Conversation, target: AttributeTarget, value: Data, invoke_id: int
) -> Exchange[None]:
    if not session.supports(Conformance.BLOCK_TRANSFER_WITH_SET_OR_WRITE):
        raise LocalProtocolError(
            f"the value is longer than the meter takes ({len(value.octets)} octets), and it takes no blocks"
        )
    selection = target.selection
    overhead = FIRST_BLOCK_OVERHEAD + (1 + len(selection.parameters.octets) if selection else 0)
    outgoing = Outgoing(value.octets, min(session.room_for(overhead), session.room_for(BLOCK_OVERHEAD)))
    number, last, octets = outgoing.next_block()
    block = DataBlockSA(last, number, octets)
    apdu = SetRequestWithFirstDatablock(invoke_id, target.descriptor, block, target.access_selection).encode()
    while True:
        response = yield from session.request(apdu, invoke_id)
        if isinstance(response, SetResponseLastDatablock):
            _check(response.result, target)
            if last:
                return
            raise RemoteProtocolError("the meter ended a SET before its last block")
        if isinstance(response, SetResponseNormal):
            _check(response.result, target)
        if not isinstance(response, SetResponseDatablock) or last:
            raise RemoteProtocolError(f"{type(response).__name__} in the middle of a SET in blocks")
        if response.block_number != number:
            raise RemoteProtocolError(f"block {response.block_number} acknowledged where {number} was due")
        number, last, octets = outgoing.next_block()
        apdu = SetRequestWithDatablock(invoke_id, DataBlockSA(last, number, octets)).encode()


def _check(result: DataAccessResult, target: AttributeTarget) -> None:
    if result:
        raise access_error(result, str(target))
