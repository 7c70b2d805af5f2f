"""GET, client side: normal, with-list, and the blocks of a long answer (Green Book 9.4.6.3)."""

from __future__ import annotations

from collections.abc import Sequence

from cosem.apdu import (
    Conformance,
    DataAccessResult,
    GetRequestNext,
    GetRequestNormal,
    GetRequestWithList,
    GetResponseNormal,
    GetResponseWithDatablock,
    GetResponseWithList,
    decode_get_data_result_list,
)
from cosem.apdu.errors import access_error
from cosem.core.data import Data
from cosem.core.errors import AccessError, LimitError, RemoteProtocolError
from cosem.session.conversation import Conversation, Exchange
from cosem.session.targets import AttributeTarget
from cosem.session.transfers import Incoming, joined_value

_LIST_OVERHEAD = 6
_LARGEST_DESCRIPTOR = 10


def get(session: Conversation, target: AttributeTarget) -> Exchange[Data]:
    """One attribute. Raises AccessError when the meter refuses."""
    invoke_id = session.next_invoke_id()
    request = GetRequestNormal(invoke_id, target.descriptor, target.access_selection)
    # Conversation.request without a generator of its own: most of what clients do is this.
    octets = yield session.outgoing(request.encode())
    while (response := session.response(octets, invoke_id)) is None:
        octets = yield None
    if type(response) is GetResponseNormal:
        result = response.result
        if isinstance(result, Data):
            return result
        raise access_error(result, str(target))
    if isinstance(response, GetResponseWithDatablock):
        octets = yield from _blocks(session, response, invoke_id, str(target))
        return joined_value(octets, session.options.limits)
    raise RemoteProtocolError(f"{type(response).__name__} in answer to a GET of one attribute")


def get_many(session: Conversation, targets: Sequence[AttributeTarget]) -> Exchange[list[Data | AccessError]]:
    """Several attributes; a refusal takes the place of a value."""
    results: list[Data | AccessError] = []
    listed = session.supports(Conformance.MULTIPLE_REFERENCES)
    if listed and not session.options.switches.no_get_with_list:
        groups = _groups(session, targets)
    else:
        groups = [[target] for target in targets]
    for group in groups:
        if len(group) > 1:
            results += yield from _get_group(session, group)
            continue
        try:
            results.append((yield from get(session, group[0])))
        except AccessError as error:
            results.append(error)
    return results


def _groups(session: Conversation, targets: Sequence[AttributeTarget]) -> list[list[AttributeTarget]]:
    """The targets in lists that the meter takes in one request."""
    groups: list[list[AttributeTarget]] = []
    room = 0
    for target in targets:
        selection = target.selection
        size = _LARGEST_DESCRIPTOR + (1 + len(selection.parameters.octets) if selection else 0)
        if not groups or size > room or len(groups[-1]) >= session.options.limits.list_items:
            groups.append([])
            room = session.room_for(_LIST_OVERHEAD)
        groups[-1].append(target)
        room -= size
    return groups


def _get_group(
    session: Conversation, targets: Sequence[AttributeTarget]
) -> Exchange[list[Data | AccessError]]:
    invoke_id = session.next_invoke_id()
    request = GetRequestWithList(invoke_id, [target.with_selection for target in targets])
    response = yield from session.request(request.encode(), invoke_id)
    if isinstance(response, GetResponseWithDatablock):
        octets = yield from _blocks(session, response, invoke_id, "a list")
        results = decode_get_data_result_list(octets, session.options.limits)
    elif isinstance(response, GetResponseWithList):
        results = response.result
    elif isinstance(response, GetResponseNormal) and isinstance(response.result, DataAccessResult):
        results = [response.result] * len(targets)  # the list as a whole is refused
    else:
        raise RemoteProtocolError(f"{type(response).__name__} in answer to a GET of a list")
    if len(results) != len(targets):
        raise RemoteProtocolError(f"{len(results)} results for a list of {len(targets)}")
    return [
        result if isinstance(result, Data) else access_error(result, str(target))
        for target, result in zip(targets, results, strict=True)
    ]


def _blocks(
    session: Conversation, response: GetResponseWithDatablock, invoke_id: int, subject: str
) -> Exchange[bytes]:
    """The octets of all blocks, the first of which has arrived."""
    incoming = Incoming(session.options.limits)
    while True:
        block = response.result
        octets = block.result
        if not isinstance(octets, bytes):
            raise access_error(octets, subject)
        if block.block_number != incoming.expected:
            raise RemoteProtocolError(f"block {block.block_number} where {incoming.expected} was due")
        if not incoming.fits(octets):
            raise LimitError(f"{subject} is longer than {incoming.limit} octets")
        incoming.add(octets)
        if block.last_block:
            return bytes(incoming.octets)
        request = GetRequestNext(invoke_id, block.block_number)
        answer = yield from session.request(request.encode(), invoke_id)
        if isinstance(answer, GetResponseNormal) and isinstance(answer.result, DataAccessResult):
            raise access_error(answer.result, subject)
        if not isinstance(answer, GetResponseWithDatablock):
            raise RemoteProtocolError(f"{type(answer).__name__} in the middle of a block transfer")
        response = answer
