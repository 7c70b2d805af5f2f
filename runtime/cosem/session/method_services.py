"""ACTION as a meter serves it: long parameters come in blocks, long results go out in blocks (Green Book 9.4.6.5)."""

from __future__ import annotations

from cosem.apdu import (
    ActionRequest,
    ActionRequestNextPblock,
    ActionRequestNormal,
    ActionRequestWithFirstPblock,
    ActionRequestWithList,
    ActionRequestWithPblock,
    ActionResponse,
    ActionResponseNextPblock,
    ActionResponseNormal,
    ActionResponseWithList,
    ActionResponseWithOptionalData,
    ActionResponseWithPblock,
    ActionResult,
    Conformance,
    CosemMethodDescriptor,
    DataBlockSA,
    decode_data_list,
)
from cosem.core.data import Data
from cosem.core.errors import AccessError, ActionError, DecodeError
from cosem.core.limits import Limits
from cosem.session.association import Negotiated
from cosem.session.host import Host
from cosem.session.transfers import BLOCK_OVERHEAD, Incoming, Outgoing, joined_value


class ActionService:
    """ACTION, with the long transfer that may be under way in either direction."""

    __slots__ = ("_host", "_incoming", "_limits", "_negotiated", "_outgoing", "_targets")

    def __init__(self, host: Host, negotiated: Negotiated, limits: Limits) -> None:
        self._host = host
        self._negotiated = negotiated
        self._limits = limits
        self._incoming: Incoming | None = None
        self._outgoing: Outgoing | None = None
        self._targets: list[CosemMethodDescriptor] | CosemMethodDescriptor | None = None

    def serve(self, request: ActionRequest) -> ActionResponse:
        """The response to one request."""
        invoke_id = request.invoke_id_and_priority
        if isinstance(request, ActionRequestNextPblock):
            return self._next(invoke_id, request.block_number)
        self._outgoing = None
        if isinstance(request, ActionRequestWithPblock):
            return self._block(invoke_id, request.pblock)
        self._incoming = None
        if isinstance(request, ActionRequestNormal):
            response = self._invoke(request.cosem_method_descriptor, request.method_invocation_parameters)
            return self._answer(invoke_id, response)
        if isinstance(request, ActionRequestWithList):
            return self._invoke_list(
                invoke_id, request.cosem_method_descriptor_list, request.method_invocation_parameters
            )
        if isinstance(request, ActionRequestWithFirstPblock):
            self._targets = request.cosem_method_descriptor
        else:
            self._targets = request.cosem_method_descriptor_list
        self._incoming = Incoming(self._limits)
        return self._block(invoke_id, request.pblock)

    def _block(self, invoke_id: int, block: DataBlockSA) -> ActionResponse:
        incoming, number = self._incoming, block.block_number
        if incoming is None:
            return _refused(invoke_id, ActionResult.NO_LONG_ACTION_IN_PROGRESS)
        if number != incoming.expected or not incoming.fits(block.raw_data):
            self._incoming = None
            return _refused(invoke_id, ActionResult.LONG_ACTION_ABORTED)
        incoming.add(block.raw_data)
        if not block.last_block:
            return ActionResponseNextPblock(invoke_id, number)
        self._incoming = None
        octets, targets = bytes(incoming.octets), self._targets
        assert targets is not None
        try:
            if isinstance(targets, list):
                return self._invoke_list(invoke_id, targets, decode_data_list(octets, self._limits))
            return self._answer(invoke_id, self._invoke(targets, joined_value(octets, self._limits)))
        except DecodeError:
            return _refused(invoke_id, ActionResult.TYPE_UNMATCHED)

    def _invoke_list(
        self, invoke_id: int, targets: list[CosemMethodDescriptor], parameters: list[Data]
    ) -> ActionResponse:
        if len(targets) != len(parameters):
            return _refused(invoke_id, ActionResult.TYPE_UNMATCHED)
        responses = [self._invoke(target, given) for target, given in zip(targets, parameters, strict=True)]
        response = ActionResponseWithList(invoke_id, responses)
        octets = response.encode()
        if self._negotiated.takes(len(octets)):
            return response
        if not self._may_send_blocks:
            return ActionResponseWithList(invoke_id, list(map(_without_result, responses)))
        return self._in_blocks(invoke_id, octets[3:])

    def _invoke(
        self, target: CosemMethodDescriptor, parameters: Data | None
    ) -> ActionResponseWithOptionalData:
        result = ActionResult.SUCCESS
        try:
            returned = self._host.action(target.class_id, target.instance_id, target.method_id, parameters)
            return ActionResponseWithOptionalData(result, returned)
        except (ActionError, AccessError) as error:
            result = ActionResult(error.result)
        except DecodeError:
            result = ActionResult.TYPE_UNMATCHED
        except Exception as error:
            self._host.fault(error)
            result = ActionResult.HARDWARE_FAULT
        return ActionResponseWithOptionalData(result, None)

    def _answer(self, invoke_id: int, response: ActionResponseWithOptionalData) -> ActionResponse:
        returned = response.return_parameters
        if not isinstance(returned, Data) or self._negotiated.takes(len(returned.octets) + 6):
            return ActionResponseNormal(invoke_id, response)
        if not self._may_send_blocks:
            return ActionResponseNormal(invoke_id, _without_result(response))
        # Blocks of a result carry the return parameters alone.
        return self._in_blocks(invoke_id, returned.octets)

    @property
    def _may_send_blocks(self) -> bool:
        return Conformance.BLOCK_TRANSFER_WITH_ACTION in self._negotiated.conformance

    def _in_blocks(self, invoke_id: int, octets: bytes) -> ActionResponse:
        self._outgoing = Outgoing(octets, self._negotiated.max_send_pdu_size - BLOCK_OVERHEAD)
        return self._outgoing_block(invoke_id, self._outgoing)

    def _next(self, invoke_id: int, number: int) -> ActionResponse:
        outgoing = self._outgoing
        if outgoing is None:
            return _refused(invoke_id, ActionResult.NO_LONG_ACTION_IN_PROGRESS)
        if number != outgoing.number:
            self._outgoing = None
            return _refused(invoke_id, ActionResult.LONG_ACTION_ABORTED)
        return self._outgoing_block(invoke_id, outgoing)

    def _outgoing_block(self, invoke_id: int, outgoing: Outgoing) -> ActionResponse:
        number, last, octets = outgoing.next_block()
        if last:
            self._outgoing = None
        return ActionResponseWithPblock(invoke_id, DataBlockSA(last, number, octets))


def _without_result(response: ActionResponseWithOptionalData) -> ActionResponseWithOptionalData:
    """What is left to say where the result is longer than the client takes."""
    if response.return_parameters is None:
        return response
    return ActionResponseWithOptionalData(ActionResult.OTHER_REASON, None)


def _refused(invoke_id: int, result: ActionResult) -> ActionResponse:
    return ActionResponseNormal(invoke_id, ActionResponseWithOptionalData(result, None))
