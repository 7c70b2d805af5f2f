"""GET and SET as a meter serves them: one request in, one response out, long values in blocks (Green Book 9.4.6)."""

from __future__ import annotations

from cosem.apdu import (
    Conformance,
    CosemAttributeDescriptor,
    CosemAttributeDescriptorWithSelection,
    DataAccessResult,
    DataBlockG,
    DataBlockSA,
    GetRequest,
    GetRequestNext,
    GetRequestNormal,
    GetResponse,
    GetResponseNormal,
    GetResponseWithDatablock,
    GetResponseWithList,
    SelectiveAccessDescriptor,
    SetRequest,
    SetRequestNormal,
    SetRequestWithDatablock,
    SetRequestWithFirstDatablock,
    SetRequestWithList,
    SetResponse,
    SetResponseDatablock,
    SetResponseLastDatablock,
    SetResponseLastDatablockWithList,
    SetResponseNormal,
    SetResponseWithList,
    decode_data_list,
)
from cosem.core.access import Selection
from cosem.core.data import Data
from cosem.core.errors import AccessError, DecodeError
from cosem.core.limits import Limits
from cosem.session.association import Negotiated
from cosem.session.host import Host
from cosem.session.transfers import BLOCK_OVERHEAD, Incoming, Outgoing, joined_value


class GetService:
    """GET: what is too long for one response goes out in blocks, one GET-NEXT at a time."""

    __slots__ = ("_host", "_negotiated", "_outgoing")

    def __init__(self, host: Host, negotiated: Negotiated) -> None:
        self._host = host
        self._negotiated = negotiated
        self._outgoing: Outgoing | None = None

    def serve(self, request: GetRequest) -> GetResponse:
        """The response to one request."""
        if isinstance(request, GetRequestNormal):
            self._outgoing = None
            return self._normal(request)
        if isinstance(request, GetRequestNext):
            return self._next(request)
        self._outgoing = None
        invoke_id = request.invoke_id_and_priority
        results = [
            self._read(item.cosem_attribute_descriptor, item.access_selection)
            for item in request.attribute_descriptor_list
        ]
        response = GetResponseWithList(invoke_id, results)
        octets = response.encode()
        if self._negotiated.takes(len(octets)):
            return response
        if not self._may_send_blocks:
            return GetResponseWithList(invoke_id, [DataAccessResult.OTHER_REASON for _ in results])
        return self._in_blocks(invoke_id, octets[3:])

    def _normal(self, request: GetRequestNormal) -> GetResponse:
        invoke_id = request.invoke_id_and_priority
        result = self._read(request.cosem_attribute_descriptor, request.access_selection)
        if not isinstance(result, Data) or self._negotiated.takes(len(result.octets) + 4):
            return GetResponseNormal(invoke_id, result)
        if not self._may_send_blocks:
            return GetResponseNormal(invoke_id, DataAccessResult.OTHER_REASON)
        return self._in_blocks(invoke_id, result.octets)

    def _read(
        self, descriptor: CosemAttributeDescriptor, access: SelectiveAccessDescriptor | None
    ) -> Data | DataAccessResult:
        try:
            return self._host.get(
                descriptor.class_id,
                descriptor.instance_id,
                descriptor.attribute_id,
                selection_of(access),
            )
        except AccessError as error:
            return DataAccessResult(error.result)
        except Exception as error:
            self._host.fault(error)
            return DataAccessResult.HARDWARE_FAULT

    @property
    def _may_send_blocks(self) -> bool:
        return Conformance.BLOCK_TRANSFER_WITH_GET_OR_READ in self._negotiated.conformance

    def _in_blocks(self, invoke_id: int, octets: bytes) -> GetResponse:
        self._outgoing = Outgoing(octets, self._negotiated.max_send_pdu_size - BLOCK_OVERHEAD)
        return self._block(invoke_id, self._outgoing)

    def _next(self, request: GetRequestNext) -> GetResponse:
        outgoing = self._outgoing
        if outgoing is None:
            return self._no_block(request, DataAccessResult.NO_LONG_GET_IN_PROGRESS)
        if request.block_number != outgoing.number:
            self._outgoing = None
            return self._no_block(request, DataAccessResult.DATA_BLOCK_NUMBER_INVALID)
        return self._block(request.invoke_id_and_priority, outgoing)

    def _block(self, invoke_id: int, outgoing: Outgoing) -> GetResponse:
        number, last, octets = outgoing.next_block()
        if last:
            self._outgoing = None
        return GetResponseWithDatablock(invoke_id, DataBlockG(last, number, octets))

    @staticmethod
    def _no_block(request: GetRequestNext, result: DataAccessResult) -> GetResponse:
        return GetResponseWithDatablock(
            request.invoke_id_and_priority, DataBlockG(True, request.block_number, result)
        )


class SetService:
    """SET: a long value comes in blocks and is written when the last one is there."""

    __slots__ = ("_host", "_incoming", "_limits", "_targets")

    def __init__(self, host: Host, limits: Limits) -> None:
        self._host = host
        self._limits = limits
        self._incoming: Incoming | None = None
        self._targets: (
            list[CosemAttributeDescriptorWithSelection] | CosemAttributeDescriptorWithSelection | None
        ) = None

    def serve(self, request: SetRequest) -> SetResponse:
        """The response to one request."""
        invoke_id = request.invoke_id_and_priority
        if isinstance(request, SetRequestWithDatablock):
            return self._block(invoke_id, request.datablock)
        self._incoming = None
        if isinstance(request, SetRequestNormal):
            result = self._write(request.cosem_attribute_descriptor, request.access_selection, request.value)
            return SetResponseNormal(invoke_id, result)
        if isinstance(request, SetRequestWithList):
            items, values = request.attribute_descriptor_list, request.value_list
            if len(items) != len(values):
                return SetResponseWithList(invoke_id, [DataAccessResult.OTHER_REASON] * len(items))
            return SetResponseWithList(invoke_id, self._write_list(items, values))
        if isinstance(request, SetRequestWithFirstDatablock):
            self._targets = CosemAttributeDescriptorWithSelection(
                request.cosem_attribute_descriptor, request.access_selection
            )
        else:
            self._targets = request.attribute_descriptor_list
        self._incoming = Incoming(self._limits)
        return self._block(invoke_id, request.datablock)

    def _block(self, invoke_id: int, block: DataBlockSA) -> SetResponse:
        incoming = self._incoming
        number = block.block_number
        if incoming is None:
            return SetResponseLastDatablock(invoke_id, DataAccessResult.NO_LONG_SET_IN_PROGRESS, number)
        if number != incoming.expected:
            return self._abort(invoke_id, DataAccessResult.DATA_BLOCK_NUMBER_INVALID, number)
        if not incoming.fits(block.raw_data):
            return self._abort(invoke_id, DataAccessResult.LONG_SET_ABORTED, number)
        incoming.add(block.raw_data)
        if not block.last_block:
            return SetResponseDatablock(invoke_id, number)
        self._incoming = None
        return self._finish(invoke_id, bytes(incoming.octets), number)

    def _abort(self, invoke_id: int, result: DataAccessResult, number: int) -> SetResponse:
        self._incoming = None
        return SetResponseLastDatablock(invoke_id, result, number)

    def _finish(self, invoke_id: int, octets: bytes, number: int) -> SetResponse:
        targets = self._targets
        if isinstance(targets, list):
            try:
                values = decode_data_list(octets, self._limits)
            except DecodeError:
                values = []
            if len(values) != len(targets):
                results = [DataAccessResult.TYPE_UNMATCHED] * len(targets)
            else:
                results = self._write_list(targets, values)
            return SetResponseLastDatablockWithList(invoke_id, results, number)
        assert targets is not None
        try:
            value = joined_value(octets, self._limits)
        except DecodeError:
            return SetResponseLastDatablock(invoke_id, DataAccessResult.TYPE_UNMATCHED, number)
        result = self._write(targets.cosem_attribute_descriptor, targets.access_selection, value)
        return SetResponseLastDatablock(invoke_id, result, number)

    def _write_list(
        self, items: list[CosemAttributeDescriptorWithSelection], values: list[Data]
    ) -> list[DataAccessResult]:
        return [
            self._write(item.cosem_attribute_descriptor, item.access_selection, value)
            for item, value in zip(items, values, strict=True)
        ]

    def _write(
        self, descriptor: CosemAttributeDescriptor, access: SelectiveAccessDescriptor | None, value: Data
    ) -> DataAccessResult:
        try:
            self._host.set(
                descriptor.class_id,
                descriptor.instance_id,
                descriptor.attribute_id,
                selection_of(access),
                value,
            )
        except AccessError as error:
            return DataAccessResult(error.result)
        except DecodeError:
            return DataAccessResult.TYPE_UNMATCHED
        except Exception as error:
            self._host.fault(error)
            return DataAccessResult.HARDWARE_FAULT
        return DataAccessResult.SUCCESS


def selection_of(access: SelectiveAccessDescriptor | None) -> Selection | None:
    """The selection of a request, if it makes one."""
    return None if access is None else Selection(access.access_selector, access.access_parameters)
