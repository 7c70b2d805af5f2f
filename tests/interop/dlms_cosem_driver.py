"""Driver of ``dlms-cosem`` 25.1.0: attributes one by one, and a profile by range, with block transfer.

The peer sends SNRM without parameters, segments what it sends at 128 octets and never uses a window above
1. Its AARQ carries a calling-AP-title even without ciphering, its RLRQ an initiate-request in clear. Its
range descriptor restricts by a clock and selects all columns; the dates say day of week not specified,
hundredths 0, and the deviation of the books (UTC minus local time).

What to keep from it: a class id or result code outside its enumerations, unsolicited frames, compact-array
and delta types, and at a closed connection its own TCP stream, which loops for ever. Its own ``get`` asks
for the next event after an exception-response. So this driver sends and receives by itself, over its own
stream; that delivers octets up to each 7E, since the peer waits for more when handed a whole frame with a
7E inside.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dlms_cosem import cosem, enumerations, utils
from dlms_cosem.client import DlmsClient
from dlms_cosem.cosem.selective_access import CaptureObject, RangeDescriptor
from dlms_cosem.io import HdlcTransport, TcpTransport
from dlms_cosem.protocol import acse, xdlms
from dlms_cosem.security import LowLevelSecurityAuthentication, NoSecurityAuthentication
from tests.interop.visit import (
    Attribute,
    Meter,
    PeerFailed,
    Plain,
    Range,
    Refused,
    Stream,
    Visit,
    contained,
    plain,
    rows_of,
)

_CLOCK: Attribute = (8, "0.0.1.0.0.255", 2)


def dlms_cosem_visit(meter: Meter, attributes: Sequence[Attribute], profile: Range | None = None) -> Visit:
    """Associate, GET each of ``attributes`` and the rows of ``profile``, release, disconnect."""
    visit = Visit()
    with contained():
        stream = Stream(meter)
        transport = (HdlcTransport if meter.hdlc else TcpTransport)(
            client_logical_address=meter.client, server_logical_address=meter.server, io=stream
        )
        authentication = (
            NoSecurityAuthentication()
            if meter.password is None
            else LowLevelSecurityAuthentication(secret=meter.password)
        )
        client = DlmsClient(
            transport=transport,
            authentication=authentication,
            block_transfer=True,
            max_pdu_size=meter.pdu_size,
        )
        try:
            client.connect()
            client.associate()
            for attribute in attributes:
                visit.values[attribute] = _get(client, attribute)
            if profile is not None:
                buffer = _get(client, (7, profile.logical_name, 2), _descriptor(profile))
                visit.rows = buffer if isinstance(buffer, Refused) else rows_of(buffer)
            visit.released = isinstance(client.release_association(), acse.ReleaseResponse)
            client.disconnect()
        finally:
            stream.disconnect()
    return visit


def _get(client: Any, attribute: Attribute, selection: object = None) -> Plain | Refused:
    client.send(xdlms.GetRequestNormal(cosem_attribute=_reference(attribute), access_selection=selection))
    octets = bytearray()
    while True:
        answer = client.next_event()
        match answer:
            case xdlms.GetResponseNormalWithError() | xdlms.GetResponseLastBlockWithError():
                return Refused(answer.error.name)
            case xdlms.GetResponseNormal() | xdlms.GetResponseLastBlock():
                return plain(utils.parse_as_dlms_data(bytes(octets + answer.data)))
            case xdlms.GetResponseWithBlock():
                octets += answer.data
                client.send(
                    xdlms.GetRequestNext(
                        invoke_id_and_priority=answer.invoke_id_and_priority,
                        block_number=answer.block_number,
                    )
                )
            case _:
                raise PeerFailed(f"GET answered by {answer!r}")


def _reference(attribute: Attribute) -> Any:
    class_id, logical_name, index = attribute
    return cosem.CosemAttribute(
        interface=enumerations.CosemInterface(class_id),
        instance=cosem.Obis(*(int(part) for part in logical_name.split("."))),
        attribute=index,
    )


def _descriptor(profile: Range) -> Any:
    return RangeDescriptor(
        restricting_object=CaptureObject(cosem_attribute=_reference(_CLOCK), data_index=0),
        from_value=profile.start,
        to_value=profile.end,
    )
