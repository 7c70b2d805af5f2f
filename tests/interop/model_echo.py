"""``gurux-dlms`` as an echo: it reads an attribute into its object and writes it again from there.

What it drops or cannot read gives no octets: it takes only the class ids and enumerations that it knows, text where
the book has octets, and no bits beyond its own.
"""

from __future__ import annotations

from typing import Any

from gurux_dlms import GXByteBuffer
from gurux_dlms._GXObjectFactory import _GXObjectFactory as Factory
from gurux_dlms.enums import ObjectType
from gurux_dlms.GXDLMSSettings import GXDLMSSettings
from gurux_dlms.internal._GXCommon import _GXCommon as Common
from gurux_dlms.internal._GXDataInfo import _GXDataInfo as DataInfo
from gurux_dlms.objects import GXDLMSObject
from gurux_dlms.ValueEventArgs import ValueEventArgs

_COMPOSED = (1, 2)


def echoes(class_id: int, version: int) -> bool:
    """Whether the peer has a class for this, and knows it by so high a version."""
    if class_id not in [int(number) for number in ObjectType]:
        return False
    thing = Factory.createObject(ObjectType(class_id))
    return type(thing) is not GXDLMSObject and version <= thing.version


def echo(class_id: int, version: int, index: int, octets: bytes) -> bytes | None:
    """The octets that the peer writes for an attribute after it read these; None if it fails to do either."""
    thing: Any = Factory.createObject(ObjectType(class_id))
    thing.version = version
    settings = GXDLMSSettings(True, None)
    try:
        event = ValueEventArgs(settings, thing, index)
        event.value = Common.getData(settings, GXByteBuffer(octets), DataInfo())
        thing.setValue(settings, event)
        return _written(settings, thing, index)
    except Exception:
        return None


def _written(settings: Any, thing: Any, index: int) -> bytes:
    value: Any = thing.getValue(settings, ValueEventArgs(settings, thing, index))
    if isinstance(value, GXByteBuffer):
        return bytes(value.array())
    tag = thing.getDataType(index) or Common.getDLMSDataType(value)
    if tag in _COMPOSED and isinstance(value, bytes | bytearray):
        return bytes(value)
    buffer = GXByteBuffer()
    Common.setData(settings, buffer, tag, value)
    return bytes(buffer.array())
