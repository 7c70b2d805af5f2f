"""ACTION, client side: normal, and long parameters or results in blocks (Green Book 9.4.6.5).

Blocks of a result carry the return parameters alone: success is implied. Public sources agree on that, and no more
than that is known of it (confidence low); a result that starts with an action-result is understood too.
"""

from __future__ import annotations

from cosem.apdu import (
    ActionRequestNextPblock,
    ActionRequestNormal,
    ActionRequestWithFirstPblock,
    ActionRequestWithPblock,
    ActionResponseNextPblock,
    ActionResponseNormal,
    ActionResponseWithOptionalData,
    ActionResponseWithPblock,
    ActionResult,
    Conformance,
    DataBlockSA,
    decode_pdu,
)
from cosem.apdu.errors import access_error, action_error
from cosem.core.data import Data, skip
from cosem.core.errors import DecodeError, LimitError, LocalProtocolError, RemoteProtocolError
from cosem.session.conversation import Conversation, Exchange, Response
from cosem.session.targets import MethodTarget
from cosem.session.transfers import BLOCK_OVERHEAD, FIRST_BLOCK_OVERHEAD, Incoming, Outgoing


def action(session: Conversation, target: MethodTarget, parameters: Data | None) -> Exchange[Data | None]:
    """One method. Raises ActionError when the meter refuses, AccessError when only its return value is refused."""
    invoke_id = session.next_invoke_id()
    apdu = ActionRequestNormal(invoke_id, target.descriptor, parameters).encode()
    if parameters is None or session.fits(apdu):
        response = yield from session.request(apdu, invoke_id)
    else:
        response = yield from _send_blocks(session, target, parameters, invoke_id)
    if isinstance(response, ActionResponseNormal):
        return _result(response.single_response, target)
    if isinstance(response, ActionResponseWithPblock):
        octets = yield from _receive_blocks(session, response, invoke_id, str(target))
        return _long_result(session, octets, invoke_id, target)
    raise RemoteProtocolError(f"{type(response).__name__} in answer to an ACTION")


def _send_blocks(
    session: Conversation, target: MethodTarget, parameters: Data, invoke_id: int
) -> Exchange[Response]:
    if not session.supports(Conformance.BLOCK_TRANSFER_WITH_ACTION):
        raise LocalProtocolError("the parameters are longer than the meter takes, and it takes no blocks")
    outgoing = Outgoing(
        parameters.octets, min(session.room_for(FIRST_BLOCK_OVERHEAD), session.room_for(BLOCK_OVERHEAD))
    )
    number, last, octets = outgoing.next_block()
    block = DataBlockSA(last, number, octets)
    apdu = ActionRequestWithFirstPblock(invoke_id, target.descriptor, block).encode()
    while True:
        response = yield from session.request(apdu, invoke_id)
        if last or not isinstance(response, ActionResponseNextPblock):
            return response
        if response.block_number != number:
            raise RemoteProtocolError(f"block {response.block_number} acknowledged where {number} was due")
        number, last, octets = outgoing.next_block()
        apdu = ActionRequestWithPblock(invoke_id, DataBlockSA(last, number, octets)).encode()


def _receive_blocks(
    session: Conversation, response: ActionResponseWithPblock, invoke_id: int, subject: str
) -> Exchange[bytes]:
    incoming = Incoming(session.options.limits)
    while True:
        block = response.pblock
        if block.block_number != incoming.expected:
            raise RemoteProtocolError(f"block {block.block_number} where {incoming.expected} was due")
        if not incoming.fits(block.raw_data):
            raise LimitError(f"{subject} is longer than {incoming.limit} octets")
        incoming.add(block.raw_data)
        if block.last_block:
            return bytes(incoming.octets)
        answer = yield from session.request(
            ActionRequestNextPblock(invoke_id, block.block_number).encode(), invoke_id
        )
        if not isinstance(answer, ActionResponseWithPblock):
            raise RemoteProtocolError(f"{type(answer).__name__} in the middle of a block transfer")
        response = answer


def _result(response: ActionResponseWithOptionalData, target: MethodTarget) -> Data | None:
    if response.result:
        raise action_error(response.result, str(target))
    returned = response.return_parameters
    if returned is None or isinstance(returned, Data):
        return returned
    if returned:
        raise access_error(returned, str(target))
    return None


def _long_result(session: Conversation, octets: bytes, invoke_id: int, target: MethodTarget) -> Data | None:
    try:
        if skip(octets, 0, session.options.limits) == len(octets):
            return Data(octets)
    except DecodeError:
        pass
    head = ActionResponseNormal(invoke_id, ActionResponseWithOptionalData(ActionResult.SUCCESS)).encode()[:3]
    whole = decode_pdu(head + octets, session.options.limits)
    assert isinstance(whole, ActionResponseNormal)
    return _result(whole.single_response, target)
