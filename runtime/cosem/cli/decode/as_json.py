"""Items as JSON: one object each, values in the order of the wire."""

from __future__ import annotations

from cosem.apdu import DataNotification, GeneralBlockTransfer
from cosem.cli.decode.contents import enclosed_octets, fields, held_data, security
from cosem.cli.decode.items import HdlcHeader, Item, MbusHeader, Message, TextHeader, WrapperHeader
from cosem.cli.decode.messages import read_message
from cosem.cli.json_value import Json
from cosem.cli.meaning import Meaning, Reading, meaning_of
from cosem.cli.values import data_to_json, number, to_json
from cosem.core.data import Data
from cosem.core.datetime import DateTime
from cosem.core.device import Device
from cosem.core.errors import DecodeError
from cosem.core.tags import Tag
from cosem.core.text_telegram import TextTelegram
from cosem.link.hdlc import FrameKind, ServerAddress
from cosem.link.hdlc.control import KINDS, POLL_FINAL


def item_to_json(item: Item, device: Device | None = None) -> dict[str, Json]:
    """One unit and what it completes; ``device`` is whose pushed lists are looked for.

    ``hcs`` and ``fcs`` are "good", "damaged" or null. ``values`` is null unless a whole message came in good units.
    ``tolerated`` and ``errors`` hold everything said about the unit, its block and its message.
    """
    parts = [part for part in (item, item.block, item.message) if part is not None]
    shown: dict[str, Json] = {
        "layer": item.layer,
        "offset": item.offset,
        "octets": item.octets.hex().upper(),
        **_frame(item),
        "llc": item.llc,
        "segment": item.segment,
        "joined": item.joined,
    }
    if item.block is not None:
        shown["block"] = _block(item.block)
    shown |= message_to_json(
        item.message or Message(item.block.apdu if item.block is not None else None, b""), device
    )
    if item.telegram is not None:
        shown |= _text(item.telegram, device)
    shown["tolerated"] = [text for part in parts for text in part.tolerated]
    shown["errors"] = [text for part in parts for text in part.errors]
    return shown


def message_to_json(message: Message, device: Device | None = None) -> dict[str, Json]:
    """One message: its name, what carried it, what it says."""
    shown: dict[str, Json] = {
        "apdu": message.apdu,
        "carried_by": list[Json](message.carried_by),
        "values": None,
    }
    pdu = message.pdu
    if isinstance(pdu, DataNotification):
        return shown | _notification(pdu, device)
    if pdu is None:
        return shown
    if header := security(pdu):
        shown["security"] = {
            "system_title": None if header.system_title is None else header.system_title.hex().upper(),
            "security_control": header.control,
            "suite": header.suite,
            "protection": list[Json](header.words),
            "invocation_counter": header.invocation_counter,
            "ciphered_octets": header.octets,
        }
    told: dict[str, Json] = {}
    for field in fields(pdu):
        inside = enclosed_octets(field, pdu)
        if field.secret:
            told[field.name] = {"hidden": True}
        elif inside is not None:
            inner = read_message(inside)
            told[field.name] = {**message_to_json(inner), "errors": list[Json](inner.errors)}
        else:
            told[field.name] = to_json(field.value)
    if "invoke_id_and_priority" in told:
        shown["invoke_id_and_priority"] = told["invoke_id_and_priority"]
    if "long_invoke_id_and_priority" in told:
        shown["long_invoke_id"] = told["long_invoke_id_and_priority"]
    shown["fields"] = told
    data = list(held_data(pdu))
    if data:
        shown["values"] = [data_to_json(each) for each in data]
        shown["types"] = [types(each) for each in data]
    return shown


def types(data: Data) -> Json:
    """The types of a Data, nested as its values are: a name, or a list of them for array and structure."""
    if data.tag in (Tag.ARRAY, Tag.STRUCTURE, Tag.COMPACT_ARRAY):
        return [types(element) for element in data.elements]
    return data.tag.book_name


def _notification(pdu: DataNotification, device: Device | None) -> dict[str, Json]:
    """A push. ``values`` are the elements of its body; a body that is no array or structure is the only one.

    ``device`` and ``list`` say whose list gave the readings their names and units; ``candidates`` are the devices among
    which it cannot be told.
    """
    body = pdu.notification_body
    elements = body.elements if body.tag in (Tag.ARRAY, Tag.STRUCTURE, Tag.COMPACT_ARRAY) else [body]
    meaning = meaning_of(body, device)
    moment = DateTime(pdu.date_time) if len(pdu.date_time) == DateTime.SIZE else None
    return {
        "long_invoke_id": pdu.long_invoke_id_and_priority,
        "date_time": None if moment is None else str(moment),
        "date_time_octets": None if moment is None else moment.hex().upper(),
        "deviation": None if moment is None else moment.deviation,
        "clock_status": None if moment is None else moment.status,
        "body": body.tag.book_name,
        "values": [data_to_json(element) for element in elements],
        "types": [types(element) for element in elements],
        **_meaning(meaning),
    }


def _text(telegram: TextTelegram, device: Device | None) -> dict[str, Json]:
    """A text telegram: its data sets as they are written, and ``readings`` as those of a push."""
    return {
        "values": [
            {"address": each.address, "values": [str(value) for value in each.values]}
            for each in telegram.data_sets
        ],
        **_meaning(meaning_of(telegram, device)),
    }


def _meaning(meaning: Meaning) -> dict[str, Json]:
    return {
        "device": None if meaning.device is None else meaning.device.name,
        "list": meaning.list,
        "candidates": list[Json](meaning.candidates),
        "readings": [_reading(each) for each in meaning.readings],
    }


def _reading(reading: Reading) -> Json:
    from cosem.obis import describe

    shown: dict[str, Json] = {"at": list[Json](reading.at)}
    if reading.item is not None:
        shown["item"] = reading.item
    if reading.code is not None:
        shown |= {"obis": str(reading.code), "name": describe(reading.code)}
    if reading.class_id is not None:
        shown["class_id"], shown["attribute"] = reading.class_id, reading.attribute
    if reading.quantity is None:
        return shown | {"value": data_to_json(reading.value)}
    return shown | {"value": number(reading.quantity.value), "unit": reading.quantity.unit.symbol}


def _block(block: Message) -> Json:
    pdu = block.pdu
    assert isinstance(pdu, GeneralBlockTransfer)  # nothing else is put there
    return {
        "block_number": pdu.block_number,
        "last": bool(pdu.block_control & 0x80),
        "streaming": bool(pdu.block_control & 0x40),
        "window": pdu.block_control & 0x3F,
        "block_number_ack": pdu.block_number_ack,
        "octets": len(pdu.block_data),
    }


def _frame(item: Item) -> dict[str, Json]:
    match item.header:
        case HdlcHeader() as header:
            kind = KINDS[header.control]
            frame: dict[str, Json] = {
                "format_type": 3,
                "length": header.length,
                "segmented": header.segmented,
                "destination": _address(header.destination),
                "source": _address(header.source),
                "control": header.control,
                "kind": kind.name.lower(),
                "poll_final": bool(header.control & POLL_FINAL),
            }
            if kind is FrameKind.INFORMATION:
                frame["send"] = header.control >> 1 & 7
            if kind in (FrameKind.INFORMATION, FrameKind.RR, FrameKind.RNR):
                frame["receive"] = header.control >> 5
            return {"frame": frame, "hcs": _check(header.hcs), "fcs": _check(header.fcs)}
        case WrapperHeader() as header:
            return {
                "frame": {
                    "source_wport": header.source_wport,
                    "destination_wport": header.destination_wport,
                    "length": header.length,
                }
            }
        case MbusHeader() as header:
            return {
                "frame": {
                    "control": header.control,
                    "address": header.address,
                    "control_information": header.control_information,
                    "checksum": _check(header.checksum),
                }
            }
        case TextHeader() as header:
            return {
                "frame": {
                    "identification": header.identification,
                    "flag": header.flag,
                    "check": header.check,
                }
            }
        case None:
            return {"frame": None}


def _check(right: bool | None) -> str | None:
    return None if right is None else "good" if right else "damaged"


def _address(octets: bytes) -> Json:
    try:
        address = ServerAddress.decode(octets)
    except DecodeError:
        return {"octets": octets.hex().upper()}
    shown: dict[str, Json] = {"octets": octets.hex().upper(), "upper": address.upper}
    return shown if address.lower is None else {**shown, "lower": address.lower}
