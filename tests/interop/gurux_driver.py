"""Driver of ``gurux-dlms`` 1.0.203 over a plain socket: a visit, and the walk over the whole object list.

The peer sends SNRM without parameters and RLRQ only when asked. It finds class 62 and most classes above
100 unknown: they stay in the object list as plain objects. A :class:`Refused` is its ``getErrorMessage``.
Values are taken as they came, before the peer's object model interprets them, because that model drops what
it does not expect.

What to keep from it: it looks for 0.0.40.0.0.255 in the object list and reads the access modes as version 2
of the association if it is not there; modes of version 3 have to be members of its ``AccessMode3``.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from gurux_dlms import GXByteBuffer, GXDateTime, GXDLMSClient, GXReplyData
from gurux_dlms.enums import AccessMode, AccessMode3, Authentication, InterfaceType, ObjectType
from gurux_dlms.objects import GXDLMSClock, GXDLMSObject, GXDLMSProfileGeneric
from tests.interop.visit import (
    Attribute,
    Meter,
    PeerFailed,
    Plain,
    Range,
    Refused,
    Stream,
    Visit,
    Walk,
    contained,
    plain,
    rows_of,
)

_CURRENT_ASSOCIATION = "0.0.40.0.0.255"


class _Session:
    """One association: the peer makes and reads the octets, the stream carries them."""

    def __init__(self, meter: Meter) -> None:
        self.client: Any = GXDLMSClient(
            True,
            meter.client,
            meter.server,
            Authentication.NONE if meter.password is None else Authentication.LOW,
            meter.password,
            InterfaceType.HDLC if meter.hdlc else InterfaceType.WRAPPER,
        )
        self.client.maxReceivePDUSize = meter.pdu_size
        self._stream = Stream(meter)

    def open(self) -> None:
        self._stream.connect()
        if (link := self.exchange(self.client.snrmRequest())) is not None:
            self.client.parseUAResponse(link.data)
        self.client.parseAareResponse(self.answer(self.client.aarqRequest()).data)

    def release(self) -> bool:
        """RLRQ, then DISC on HDLC; whether an RLRE came."""
        released = self.exchange(self.client.releaseRequest()) is not None
        self.exchange(self.client.disconnectRequest())
        return released

    def close(self) -> None:
        self._stream.disconnect()

    def read(self, item: Any, index: int) -> Plain | Refused:
        return self.value(self.client.read(item, index))

    def value(self, request: Any) -> Plain | Refused:
        reply = self.answer(request)
        return Refused(str(reply.getErrorMessage())) if reply.error else plain(reply.value)

    def answer(self, request: Any) -> Any:
        reply = self.exchange(request)
        if reply is None:
            raise PeerFailed("the peer made no request")
        return reply

    def exchange(self, request: Any) -> Any:
        """Send the frames of one request, collect blocks and segments; ``None`` if there are no frames."""
        if not request:
            return None
        reply: Any = None
        for frame in request if isinstance(request, list) else [request]:
            reply = GXReplyData()
            self._once(frame, reply)
            while reply.isMoreData():
                self._once(self.client.receiverReady(reply), reply)
        return reply

    def _once(self, frame: Any, reply: Any) -> None:
        self._stream.send(bytes(frame))
        received, notified = GXByteBuffer(), GXReplyData()
        while not self.client.getData(received, reply, notified):
            received.set(self._stream.some())


def gurux_visit(meter: Meter, attributes: Sequence[Attribute], profile: Range | None = None) -> Visit:
    """Associate, GET each of ``attributes`` and the rows of ``profile``, release, disconnect."""
    visit = Visit()
    with contained():
        session = _Session(meter)
        try:
            session.open()
            for attribute in attributes:
                visit.values[attribute] = session.read(_object(attribute), attribute[2])
            if profile is not None:
                buffer = session.value(_range_request(session.client, profile))
                visit.rows = buffer if isinstance(buffer, Refused) else rows_of(buffer)
            visit.released = session.release()
        finally:
            session.close()
    return visit


def gurux_walk(meter: Meter) -> Walk:
    """Read the object list, then every attribute it grants to read, each by its own GET."""
    walk = Walk()
    with contained():
        session = _Session(meter)
        try:
            session.open()
            objects = session.client.parseObjects(
                session.answer(session.client.getObjectsRequest()).data, False, False
            )
            version = next((item.version for item in objects if item.logicalName == _CURRENT_ASSOCIATION), 2)
            for item in objects:
                class_id, name = int(item.objectType), str(item.logicalName)
                walk.objects.append((class_id, int(item.version), name))
                for granted in item.attributes:
                    if _is_readable(granted, version):
                        walk.values[class_id, name, granted.index] = session.read(item, granted.index)
            session.release()
        finally:
            session.close()
    return walk


def _is_readable(granted: Any, version: int) -> bool:
    """Whether an attribute may be read without a ciphered request; the peer keeps the modes of version 3 apart."""
    if version < 3:
        return granted.access in (AccessMode.READ, AccessMode.READ_WRITE)
    return granted.access3 in (AccessMode3.READ, AccessMode3.READ_WRITE)


def _object(attribute: Attribute) -> Any:
    item: Any = GXDLMSObject(ObjectType(attribute[0]), attribute[1])
    return item


def _range_request(client: Any, profile: Range) -> Any:
    buffer: Any = GXDLMSProfileGeneric(profile.logical_name)
    buffer.sortObject = GXDLMSClock("0.0.1.0.0.255")
    return client.readRowsByRange(buffer, GXDateTime(profile.start), GXDateTime(profile.end))
