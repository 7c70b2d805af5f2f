"""Items as trees of lines: layer by layer, from the frame down to each value."""

from __future__ import annotations

from collections.abc import Mapping

from cosem.apdu import DataNotification, GeneralBlockTransfer
from cosem.cli.decode.contents import enclosed_octets, fields, security
from cosem.cli.decode.items import HdlcHeader, Item, MbusHeader, Message, TextHeader, WrapperHeader
from cosem.cli.decode.messages import read_message
from cosem.cli.explain import data_node, field_node, text_of
from cosem.cli.meaning import Meaning, Reading, meaning_of
from cosem.cli.nodes import Node
from cosem.cli.printable import spaced
from cosem.core.datetime import DateTime
from cosem.core.device import Device
from cosem.core.errors import DecodeError
from cosem.core.text_telegram import TextTelegram
from cosem.link.hdlc import FrameKind, FrameReject, HdlcParameters, ServerAddress
from cosem.link.hdlc.control import KINDS, POLL_FINAL

_TITLES: Mapping[str, str] = {
    "hdlc": "HDLC frame",
    "wrapper": "Wrapper PDU",
    "mbus": "M-Bus frame",
    "text": "Text telegram",
    "apdu": "APDU",
    "unknown": "Unreadable",
}


def explain(item: Item, device: Device | None = None) -> Node:
    """One unit, its layers below it; ``device`` is whose pushed lists are looked for."""
    root = Node(
        _TITLES[item.layer], note=f"{len(item.octets)} octets at {item.offset}", bad=bool(item.errors)
    )
    match item.header:
        case HdlcHeader() as header:
            _hdlc(root, header)
        case WrapperHeader() as header:
            root.add("version", "1")
            root.add("wPorts", f"from {header.source_wport} to {header.destination_wport}")
            root.add("length", str(header.length))
        case MbusHeader() as header:
            _mbus(root, header)
        case TextHeader() as header:
            root.add("identification", header.identification, f"maker {header.flag}")
            if header.check is not None:
                root.add("CRC" if header.check == "crc16" else "BCC", "good", good=True)
        case None:
            pass
    for text in item.errors:
        root.add("wrong", text, bad=True)
    for text in item.tolerated:
        root.add("tolerated", text)
    if item.header is None and item.errors:
        root.add("octets", spaced(item.octets))
    if item.llc is not None:
        root.add("LLC", item.llc, "E6 E6 00" if item.llc == "command" else "E6 E7 00")
    if item.segment:
        pieces = f"the last of {item.joined}" if item.joined > 1 else "one of several"
        root.add("segment", pieces)
    if item.block is not None:
        _block(root, item.block)
    if item.telegram is not None:
        _text(root, item.telegram, device)
    if item.message is not None:
        joined = (
            f"joined from {item.joined} {'blocks' if item.block else 'segments'}" if item.joined > 1 else ""
        )
        root.children.append(message_node(item.message, joined, device))
    return root


def message_node(message: Message, note: str = "", device: Device | None = None) -> Node:
    """One message and its fields."""
    node = Node("APDU", message.apdu or "not known", note, bad=bool(message.errors))
    for text in message.errors:
        node.add("wrong", text, bad=True)
    for text in message.tolerated:
        node.add("tolerated", text)
    pdu = message.pdu
    if isinstance(pdu, DataNotification):
        _notification(node, pdu, device)
    elif header := security(pdu):
        if header.system_title is not None:
            node.add("system title", spaced(header.system_title), _maker(header.system_title))
        words = ", ".join(header.words) or "not protected"
        node.add("security control", f"{header.control:02X}", f"suite {header.suite}, {words}")
        node.add("invocation counter", str(header.invocation_counter))
        node.add("content", f"{header.octets} octets", "not deciphered")
    elif pdu is not None:
        for field in fields(pdu):
            inside = enclosed_octets(field, pdu)
            if field.secret:
                node.add(field.name, "not shown")
            elif inside is not None:
                node.add(field.name).children.append(message_node(read_message(inside)))
            elif field.value is not None:
                node.children.append(field_node(field.name, field.value))
    return node


def _notification(node: Node, pdu: DataNotification, device: Device | None) -> None:
    node.add("long_invoke_id_and_priority", f"{pdu.long_invoke_id_and_priority:08X}")
    if pdu.date_time:
        moment = DateTime(pdu.date_time)
        status = "" if moment.status is None else f"clock status {moment.status:02X}"
        node.add("date_time", str(moment), status)
    else:
        node.add("date_time", "none")
    meaning = meaning_of(pdu.notification_body, device)
    _whose(node, meaning, device)
    notes = {reading.at: _said(reading) for reading in meaning.readings}
    body = data_node(pdu.notification_body, notes)
    body.label = f"notification_body: {body.label}"
    node.children.append(body)


def _text(root: Node, telegram: TextTelegram, device: Device | None) -> None:
    """The data sets as they are written, and what their values are."""
    meaning = meaning_of(telegram, device)
    _whose(root, meaning, device)
    values: dict[int, list[Reading]] = {}
    for reading in meaning.readings:
        values.setdefault(reading.at[0], []).append(reading)
    for number, data_set in enumerate(telegram.data_sets, 1):
        brackets = "".join(f"({value})" for value in data_set.values)
        readings = values.get(number, [])
        if len(readings) == 1:
            root.add(data_set.address, brackets, _told(readings[0]))
        else:
            node = root.add(data_set.address, brackets)
            for reading in readings:
                node.add(f"({data_set.values[reading.at[-1] - 1]})", note=_told(reading))


def _told(reading: Reading) -> str:
    """What a written value is: its object, and the value where that is more than the characters."""
    said = _said(reading)
    value = reading.value.value
    if reading.quantity is not None or not isinstance(value, bytes | int):
        return said
    text, looks = text_of(reading.value)
    return f"{said} = {looks or text}"


def _whose(node: Node, meaning: Meaning, asked: Device | None) -> None:
    """Which device's list it is, or why none is taken."""
    if meaning.device is not None:
        node.add("list", f"{meaning.list} of {meaning.device.title}", f"device {meaning.device.name}")
    elif meaning.candidates:
        node.add("list", f"of {', '.join(meaning.candidates)}", "more than one fits; --device says which")
    elif asked is not None:
        node.add("list", "not known", f"none of {asked.title} fits")


def _said(reading: Reading) -> str:
    from cosem.obis import describe

    named = f"{reading.code} {describe(reading.code)}" if reading.code is not None else ""
    if reading.item is not None:
        name = f"{reading.item}: {named}" if named else reading.item
        return name if reading.quantity is None else f"{name} = {reading.quantity}"
    if reading.quantity is not None:
        return f"= {reading.quantity}"
    if reading.class_id is None or reading.code is None:
        return ""
    return f"{reading.code} attribute {reading.attribute}: {describe(reading.code)}"


def _block(root: Node, block: Message) -> None:
    pdu = block.pdu
    assert isinstance(pdu, GeneralBlockTransfer)  # nothing else is put there
    control = pdu.block_control
    said = [f"{len(pdu.block_data)} octets"]
    if control & 0x80:
        said.append("last block")
    if control & 0x40:
        said.append("streaming")
    node = root.add("APDU", "general-block-transfer", bad=bool(block.errors))
    node.add("block_number", str(pdu.block_number), ", ".join(said))
    node.add("block_number_ack", str(pdu.block_number_ack), f"window {control & 0x3F}")
    for text in block.errors:
        node.add("wrong", text, bad=True)
    for text in block.tolerated:
        node.add("tolerated", text)


def _hdlc(root: Node, header: HdlcHeader) -> None:
    segmented = "segmented" if header.segmented else "not segmented"
    root.add("format", f"type 3, length {header.length}, {segmented}")
    root.add("addresses", f"to {_address(header.destination)}, from {_address(header.source)}")
    root.add("control", f"{header.control:02X}", _control(header.control))
    for name, right in (("HCS", header.hcs), ("FCS", header.fcs)):
        if right is not None:
            root.add(name, "good" if right else "damaged", good=right, bad=not right)
    if header.fcs and header.information:
        _parameters(root, KINDS[header.control], header.information)


def _parameters(root: Node, kind: FrameKind, information: bytes) -> None:
    try:
        if kind in (FrameKind.SNRM, FrameKind.UA):
            told = HdlcParameters.decode(information)
            fields_of = (
                f"transmit {told.max_information_transmit}, receive {told.max_information_receive} octets"
            )
            root.add("information", fields_of, f"window {told.window_transmit} and {told.window_receive}")
        elif kind is FrameKind.FRMR:
            root.add("information", str(FrameReject.decode(information)))
    except DecodeError as error:
        root.add("information", str(error), bad=True)


def _mbus(root: Node, header: MbusHeader) -> None:
    information = header.control_information
    root.add("control", f"{header.control:02X}", f"address {header.address:02X}")
    said = (
        f"segment {information & 0x0F}{', the last' if information & 0x10 else ''}"
        if information <= 0x1F
        else ""
    )
    root.add("CI", f"{information:02X}", said)
    root.add(
        "checksum", "good" if header.checksum else "damaged", good=header.checksum, bad=not header.checksum
    )


def _control(control: int) -> str:
    kind = KINDS[control]
    said = ["I" if kind is FrameKind.INFORMATION else kind.name]
    if kind is FrameKind.INFORMATION:
        said.append(f"N(S) {control >> 1 & 7}")
    if kind in (FrameKind.INFORMATION, FrameKind.RR, FrameKind.RNR):
        said.append(f"N(R) {control >> 5}")
    if control & POLL_FINAL:
        said.append("P/F")
    return ", ".join(said)


def _address(octets: bytes) -> str:
    try:
        address = ServerAddress.decode(octets)
    except DecodeError:
        return octets.hex().upper()
    both = str(address.upper) if address.lower is None else f"{address.upper}/{address.lower}"
    return f"{both} ({octets.hex().upper()})"


def _maker(title: bytes) -> str:
    letters = title[:3].decode("latin-1")
    return f"maker {letters}" if letters.isascii() and letters.isalpha() else ""
