"""Published APDUs decode to what they mean and encode to the same octets."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from cosem.apdu import ApplicationContextName, CosemPduTag, GloCiphered, MechanismName, decode_pdu
from cosem.codegen.ir.names import camel
from cosem.core.bits import Bits
from cosem.core.bitstring import BitString
from cosem.core.data import Data
from cosem.core.obis import LogicalName

VECTORS: list[dict[str, Any]] = yaml.safe_load(
    (Path(__file__).resolve().parents[1] / "vectors" / "apdus.yaml").read_text("utf-8")
)
_ARCS = {ApplicationContextName: "2.16.756.5.8.1", MechanismName: "2.16.756.5.8.2"}


def _spoken(value: Any, expected: Any) -> Any:
    """A decoded value in the manner of the vectors."""
    match value:
        case ApplicationContextName() | MechanismName():
            return f"{_ARCS[type(value)]}.{int(value)}"
        case BitString():
            return {"bits": str(value)}
        case Bits() if isinstance(expected, str) and len(expected) == 6:
            return f"{int(value):06x}"
        case Bits():
            return " ".join(value.names())
        case bytes() if len(value) == 6 and "." in str(expected):
            return str(LogicalName(value))
        case bytes():
            return value.hex()
        case Data():
            return value.octets.hex()
        case _:
            return value


def _matches(value: Any, expected: Any) -> bool:
    if isinstance(expected, dict) and "bits" not in expected:
        if is_dataclass(value):
            return all(_matches(getattr(value, name, None), each) for name, each in expected.items())
        [(alternative, content)] = expected.items()
        is_named = alternative in ("data", "raw_data") or type(value).__name__ == camel(alternative)
        return is_named and _matches(value, content)
    if isinstance(expected, list):
        if is_dataclass(value):
            flat = [each for each in _flat(value) if each is not None]
            named = [each for each in expected if not (isinstance(each, str) and each.startswith("access-"))]
            return len(flat) == len(named) and all(map(_matches, flat, named))
        return len(value) == len(expected) and all(map(_matches, value, expected))
    return bool(_spoken(value, expected) == expected)


def _flat(value: Any) -> Iterator[Any]:
    for each in fields(value):
        inner = getattr(value, each.name)
        if is_dataclass(inner):
            yield from _flat(inner)
        else:
            yield inner


def _found(value: Any, name: str) -> Iterator[Any]:
    """The fields of that name, those nearer to the outside first."""
    names = [each.name for each in fields(value)]
    if name in names:
        yield getattr(value, name)
    for each in names:
        if is_dataclass(inner := getattr(value, each)):
            yield from _found(inner, name)


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["name"])
def test_a_published_apdu_decodes_and_encodes_again(vector: dict[str, Any]) -> None:
    octets = bytes.fromhex(vector["octets"])
    pdu = decode_pdu(octets)
    assert pdu.encode() == octets
    if isinstance(pdu, GloCiphered):
        assert CosemPduTag(pdu.tag).name == vector["apdu"].upper().replace("-", "_")
    else:
        assert type(pdu).__name__.upper() == vector["apdu"].replace("-", "").upper()


_MEANT_OTHERWISE = {
    "service",
    "error",
    "value",
    "plain",
    "keys",
    "contains",
    "window",
    "streaming",
    "last_block",
}
"""Keys that tell more than one field, or less; the rest of a vector names fields of the grammar."""


@pytest.mark.parametrize(
    "vector",
    [each for each in VECTORS if not each["apdu"].startswith("gener")],
    ids=lambda vector: vector["name"],
)
def test_a_published_apdu_means_what_is_said(vector: dict[str, Any]) -> None:
    pdu = decode_pdu(bytes.fromhex(vector["octets"]))
    checked = 0
    for name, expected in vector["fields"].items():
        found = list(_found(pdu, name))
        if found and name not in _MEANT_OTHERWISE:
            assert any(_matches(value, expected) for value in found), (name, found, expected)
            checked += 1
    assert checked or vector["apdu"].startswith(("glo-", "confirmed-")) or not vector["fields"]
