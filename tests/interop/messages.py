"""One message of every kind that peers may know, as we build it."""

from __future__ import annotations

from typing import Final

from cosem.apdu import (
    AARE,
    AARQ,
    RLRE,
    RLRQ,
    AccessRequest,
    AccessRequestAction,
    AccessRequestGet,
    AccessRequestGetWithSelection,
    AccessRequestSet,
    AccessResponse,
    AccessResponseGet,
    AccessResponseSet,
    AcseRequirements,
    AcseServiceProvider,
    AcseServiceUser,
    ActionRequestNextPblock,
    ActionRequestNormal,
    ActionRequestWithFirstPblock,
    ActionRequestWithList,
    ActionRequestWithListAndFirstPblock,
    ActionRequestWithPblock,
    ActionResponseNextPblock,
    ActionResponseNormal,
    ActionResponseWithList,
    ActionResponseWithOptionalData,
    ActionResponseWithPblock,
    ActionResult,
    ApplicationContextName,
    AssociationResult,
    ConfirmedService,
    ConfirmedServiceError,
    CosemAttributeDescriptor,
    CosemAttributeDescriptorWithSelection,
    CosemMethodDescriptor,
    CosemPdu,
    DataAccessResult,
    DataBlockG,
    DataBlockSA,
    DataNotification,
    EventNotificationRequest,
    ExceptionResponse,
    ExceptionServiceError,
    GeneralBlockTransfer,
    GeneralGloCiphering,
    GetRequestNext,
    GetRequestNormal,
    GetRequestWithList,
    GetResponseNormal,
    GetResponseWithDatablock,
    GetResponseWithList,
    InitiateError,
    InitiateRequest,
    InitiateResponse,
    MechanismName,
    ReleaseRequestReason,
    ReleaseResponseReason,
    SelectiveAccessDescriptor,
    SetRequestNormal,
    SetRequestWithDatablock,
    SetRequestWithFirstDatablock,
    SetRequestWithList,
    SetRequestWithListAndFirstDatablock,
    SetResponseDatablock,
    SetResponseLastDatablock,
    SetResponseLastDatablockWithList,
    SetResponseNormal,
    SetResponseWithList,
    StateError,
)
from cosem.core.data import Data
from cosem.core.datetime import DateTime
from cosem.core.obis import LogicalName
from cosem.session.association import CLIENT_CONFORMANCE, SERVER_CONFORMANCE

_INVOKE, _LONG_INVOKE = 0xC1, 0xC000_0001
_ENERGY = CosemAttributeDescriptor(3, LogicalName("1.0.1.8.0.255"), 2)
_BUFFER = CosemAttributeDescriptor(7, LogicalName("1.0.99.1.0.255"), 2)
_SCRIPT = CosemMethodDescriptor(9, LogicalName("0.0.10.0.0.255"), 1)
_CLOCK = Data.structure(
    [
        Data.long_unsigned(8),
        Data.octet_string(LogicalName("0.0.1.0.0.255")),
        Data.integer(2),
        Data.long_unsigned(0),
    ]
)
_NOON = DateTime.parse("2024-05-01 12:00:00.00+02:00")
_RANGE = SelectiveAccessDescriptor(
    1, Data.structure([_CLOCK, Data.octet_string(_NOON), Data.octet_string(_NOON), Data.array([])])
)
_ENTRIES = SelectiveAccessDescriptor(
    2,
    Data.structure(
        [
            Data.double_long_unsigned(1),
            Data.double_long_unsigned(5),
            Data.long_unsigned(1),
            Data.long_unsigned(0),
        ]
    ),
)
_NUMBER = Data.double_long_unsigned(12_345_678)
_TEXT = Data.visible_string("ABC")
_BLOCK = DataBlockSA(False, 1, b"\x09\x0412")
_LAST_BLOCK = DataBlockSA(True, 2, b"34")
_DONE, _REFUSED = DataAccessResult.SUCCESS, DataAccessResult.READ_WRITE_DENIED
_PLAIN = ApplicationContextName.LOGICAL_NAME_REFERENCING_NO_CIPHERING
_INITIATE = InitiateRequest(6, CLIENT_CONFORMANCE, 0xFFFF)
_GRANTED = InitiateResponse(6, SERVER_CONFORMANCE, 0xFFFF, 7)


def _one(descriptor: CosemAttributeDescriptor) -> CosemAttributeDescriptorWithSelection:
    return CosemAttributeDescriptorWithSelection(descriptor, None)


MESSAGES: Final[dict[str, CosemPdu]] = {
    "AARQ": AARQ(_PLAIN, user_information=_INITIATE.encode()),
    "AARQ with a password": AARQ(
        _PLAIN,
        sender_acse_requirements=AcseRequirements.AUTHENTICATION,
        mechanism_name=MechanismName.LOW_LEVEL_SECURITY,
        calling_authentication_value=b"12345678",
        user_information=_INITIATE.encode(),
    ),
    "AARE": AARE(
        _PLAIN, AssociationResult.ACCEPTED, AcseServiceUser.NULL, user_information=_GRANTED.encode()
    ),
    "AARE that refuses": AARE(
        _PLAIN, AssociationResult.REJECTED_PERMANENT, AcseServiceUser.AUTHENTICATION_FAILURE
    ),
    "AARE that refuses the version": AARE(
        _PLAIN, AssociationResult.REJECTED_PERMANENT, AcseServiceProvider.NO_COMMON_ACSE_VERSION
    ),
    "RLRQ": RLRQ(ReleaseRequestReason.NORMAL),
    "RLRE": RLRE(ReleaseResponseReason.NORMAL),
    "initiate-request": _INITIATE,
    "initiate-response": _GRANTED,
    "confirmed-service-error": ConfirmedServiceError(
        ConfirmedService.INITIATE_ERROR, InitiateError.DLMS_VERSION_TOO_LOW
    ),
    "exception-response": ExceptionResponse(
        StateError.SERVICE_NOT_ALLOWED, ExceptionServiceError.SERVICE_NOT_SUPPORTED
    ),
    "get-request-normal": GetRequestNormal(_INVOKE, _ENERGY),
    "get-request-normal by range": GetRequestNormal(_INVOKE, _BUFFER, _RANGE),
    "get-request-normal by entry": GetRequestNormal(_INVOKE, _BUFFER, _ENTRIES),
    "get-request-next": GetRequestNext(_INVOKE, 3),
    "get-request-with-list": GetRequestWithList(_INVOKE, [_one(_ENERGY), _one(_BUFFER)]),
    "get-response-normal": GetResponseNormal(_INVOKE, _NUMBER),
    "get-response-normal that refuses": GetResponseNormal(_INVOKE, _REFUSED),
    "get-response-with-datablock": GetResponseWithDatablock(_INVOKE, DataBlockG(False, 1, b"\x01\x02\x03")),
    "get-response-with-datablock, the last": GetResponseWithDatablock(_INVOKE, DataBlockG(True, 2, b"\x04")),
    "get-response-with-datablock that refuses": GetResponseWithDatablock(
        _INVOKE, DataBlockG(True, 1, DataAccessResult.LONG_GET_ABORTED)
    ),
    "get-response-with-list": GetResponseWithList(_INVOKE, [_NUMBER, _REFUSED, _TEXT]),
    "set-request-normal": SetRequestNormal(_INVOKE, _ENERGY, _NUMBER),
    "set-request-with-first-datablock": SetRequestWithFirstDatablock(_INVOKE, _ENERGY, _BLOCK),
    "set-request-with-datablock": SetRequestWithDatablock(_INVOKE, _LAST_BLOCK),
    "set-request-with-list": SetRequestWithList(_INVOKE, [_one(_ENERGY), _one(_BUFFER)], [_NUMBER, _TEXT]),
    "set-request-with-list-and-first-datablock": SetRequestWithListAndFirstDatablock(
        _INVOKE, [_one(_ENERGY)], _BLOCK
    ),
    "set-response-normal": SetResponseNormal(_INVOKE, _DONE),
    "set-response-normal that refuses": SetResponseNormal(_INVOKE, _REFUSED),
    "set-response-datablock": SetResponseDatablock(_INVOKE, 1),
    "set-response-last-datablock": SetResponseLastDatablock(_INVOKE, _DONE, 2),
    "set-response-last-datablock-with-list": SetResponseLastDatablockWithList(_INVOKE, [_DONE, _REFUSED], 2),
    "set-response-with-list": SetResponseWithList(_INVOKE, [_DONE, _REFUSED]),
    "action-request-normal": ActionRequestNormal(_INVOKE, _SCRIPT, Data.long_unsigned(1)),
    "action-request-normal without a parameter": ActionRequestNormal(_INVOKE, _SCRIPT),
    "action-request-next-pblock": ActionRequestNextPblock(_INVOKE, 1),
    "action-request-with-list": ActionRequestWithList(_INVOKE, [_SCRIPT, _SCRIPT], [_NUMBER, _TEXT]),
    "action-request-with-first-pblock": ActionRequestWithFirstPblock(_INVOKE, _SCRIPT, _BLOCK),
    "action-request-with-pblock": ActionRequestWithPblock(_INVOKE, _LAST_BLOCK),
    "action-request-with-list-and-first-pblock": ActionRequestWithListAndFirstPblock(
        _INVOKE, [_SCRIPT], _BLOCK
    ),
    "action-response-normal": ActionResponseNormal(
        _INVOKE, ActionResponseWithOptionalData(ActionResult.SUCCESS)
    ),
    "action-response-normal with data": ActionResponseNormal(
        _INVOKE, ActionResponseWithOptionalData(ActionResult.SUCCESS, _NUMBER)
    ),
    "action-response-normal that refuses": ActionResponseNormal(
        _INVOKE, ActionResponseWithOptionalData(ActionResult.OBJECT_UNDEFINED)
    ),
    "action-response-with-pblock": ActionResponseWithPblock(_INVOKE, _LAST_BLOCK),
    "action-response-next-pblock": ActionResponseNextPblock(_INVOKE, 1),
    "action-response-with-list": ActionResponseWithList(
        _INVOKE,
        [
            ActionResponseWithOptionalData(ActionResult.SUCCESS, _TEXT),
            ActionResponseWithOptionalData(ActionResult.TYPE_UNMATCHED),
        ],
    ),
    "access-request": AccessRequest(
        _LONG_INVOKE,
        b"",
        [
            AccessRequestGet(_ENERGY),
            AccessRequestSet(_ENERGY),
            AccessRequestAction(_SCRIPT),
            AccessRequestGetWithSelection(_BUFFER, _ENTRIES),
        ],
        [Data.null(), _NUMBER, Data.long_unsigned(1), Data.null()],
    ),
    "access-response": AccessResponse(
        _LONG_INVOKE,
        b"",
        [_NUMBER, Data.null()],
        [AccessResponseGet(_DONE), AccessResponseSet(_REFUSED)],
    ),
    "data-notification": DataNotification(_LONG_INVOKE, _NOON, Data.structure([_NUMBER, _TEXT])),
    "data-notification without a time": DataNotification(_LONG_INVOKE, b"", _NUMBER),
    "event-notification-request": EventNotificationRequest(_ENERGY, _NUMBER, _NOON),
    "event-notification-request without a time": EventNotificationRequest(_ENERGY, _NUMBER),
    "general-glo-ciphering": GeneralGloCiphering(b"COS\x00\x00\x00\x00\x01", b"\x30\x00\x00\x00\x01\xaa\xbb"),
    "general-block-transfer": GeneralBlockTransfer(0xC1, 1, 0, b"\xc0\x02"),
}
"""By what they are, in the words of the grammar."""
