"""Access rights in a meter file."""

from __future__ import annotations

from typing import Final

from cosem.core.errors import InvalidValueError
from cosem.core.obis import LogicalName
from cosem.server import Access, ObjectRights, Rights
from cosem.server.hosted import Key
from cosem.sim.located import Node, one_of, sequence, table, text, truth

_ACCESS: Final = {
    "none": Access.NONE,
    "read": Access.READ,
    "write": Access.WRITE,
    "read_write": Access.READ_WRITE,
}
_ALWAYS: Final = tuple(map(LogicalName, ("0.0.40.0.0.255", "0.0.41.0.0.255", "0.0.42.0.0.255")))
"""What every client sees: its association, the SAP assignment, the logical device name."""


def read_rights(node: Node) -> Rights:
    """Rights: ``default``, ``methods``, ``visible``, and what differs by ``classes`` (id) and ``objects`` (OBIS code).

    ``visible`` lists objects; the current association, the SAP assignment and the logical device name are always among
    them. Raises MeterFileError.
    """
    entries = table(node, "default", "methods", "visible", "classes", "objects").entries
    return Rights(
        one_of(entries["default"], _ACCESS) if "default" in entries else Access.READ,
        truth(entries["methods"]) if "methods" in entries else False,
        [*_ALWAYS, *map(logical_name, sequence(entries["visible"]))] if "visible" in entries else None,
        {_class(node, key): _special(entry) for key, entry in table(entries["classes"])}
        if "classes" in entries
        else {},
        {_name(node, key): _special(entry) for key, entry in table(entries["objects"])}
        if "objects" in entries
        else {},
    )


def logical_name(node: Node) -> LogicalName:
    """An OBIS code. Raises MeterFileError."""
    return _name(node, text(node))


def _name(node: Node, code: str) -> LogicalName:
    try:
        return LogicalName(code)
    except InvalidValueError as error:
        raise node.place.mistake(str(error)) from None


def _class(node: Node, key: str) -> int:
    if not key.isdigit() or int(key) > 0xFFFF:
        raise node.place.mistake(f"no class id: {key!r}")
    return int(key)


def _special(node: Node) -> ObjectRights:
    entries = table(node, "visible", "default", "attributes", "methods").entries
    return ObjectRights(
        truth(entries["visible"]) if "visible" in entries else None,
        one_of(entries["default"], _ACCESS) if "default" in entries else None,
        {_key(key): one_of(entry, _ACCESS) for key, entry in table(entries["attributes"])}
        if "attributes" in entries
        else {},
        {_key(key): truth(entry) for key, entry in table(entries["methods"])} if "methods" in entries else {},
    )


def _key(key: str) -> Key:
    return int(key) if key.lstrip("-").isdigit() else key
