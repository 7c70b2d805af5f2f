"""Our class tables against a peer's: every difference, as data that a reviewed list can be held against."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TypeAlias, cast

import yaml
from tests.interop.model_peers import PeerClass, Types
from tests.interop.model_shapes import agree, shape_of

from cosem.core.access import AttributeSpec, CosemObject, MethodSpec
from cosem.core.codec import Codec
from cosem.model import CATALOGUE

REVIEWED: Final = Path(__file__).with_name("model_differences.yaml")
DECISIONS: Final = ("ours", "wording", "open")
"""Ours is right; the same in other words; nobody knows, and our table says so by its confidence."""

_NOISE: Final = re.compile(r"[^a-z0-9]")
_Rows: TypeAlias = Mapping[int, AttributeSpec] | Mapping[int, MethodSpec]


@dataclass(frozen=True, slots=True)
class Difference:
    """``what`` is attributes or methods (how many), name, method (a name), type, takes, returns (data types) or echo
    (what a peer writes of a value that it read).
    """

    peer: str
    class_id: int
    version: int
    what: str
    index: int
    ours: str
    theirs: str


@dataclass(frozen=True, slots=True)
class Review:
    """Why a difference stands, and which side is right."""

    reason: str
    decision: str


def differences(theirs: PeerClass) -> Iterator[Difference]:
    """Where a class version of ours says something else than a peer, or less."""
    ours = CATALOGUE[theirs.class_id, theirs.version]

    def differ(what: str, index: int, mine: object, his: object) -> Difference:
        return Difference(theirs.peer, theirs.class_id, theirs.version, what, index, str(mine), str(his))

    for what, mine, his in (
        ("attributes", max(ours.ATTRIBUTES), theirs.attribute_count),
        ("methods", max(ours.METHODS, default=0), theirs.method_count),
    ):
        if mine != his:
            yield differ(what, 0, mine, his)
    for what, rows, names in (
        ("name", ours.ATTRIBUTES, theirs.attributes),
        ("method", ours.METHODS, theirs.methods),
    ):
        for index, row in _known(rows, names):
            if plain(row.name) != plain(names[index]):
                yield differ(what, index, row.name, plain(names[index]))
    for what, codecs, types in _typed(ours, theirs):
        for index, his_type in types.items():
            if index in codecs and not agree(shape_of(codecs[index].describe()), his_type):
                yield differ(what, index, codecs[index].notation, his_type)


def plain(name: str) -> str:
    """A name without what a label on a screen adds: capitals, spaces, underscores."""
    return _NOISE.sub("", name.lower())


def reviewed() -> Iterator[tuple[Difference, Review]]:
    """The reviewed list, one by one."""
    groups = cast("list[dict[str, Any]]", yaml.safe_load(REVIEWED.read_text("utf-8")))
    for group in groups:
        review = Review(group["reason"], group["decision"])
        for item in group["items"]:
            for peer in item.get("peers", group.get("peers")):
                for version in item["versions"]:
                    theirs = str(item["theirs"])
                    named = item["what"] in ("name", "method")
                    yield (
                        Difference(
                            peer,
                            item["class"],
                            version,
                            item["what"],
                            item.get("index", 0),
                            str(item["ours"]),
                            plain(theirs) if named else theirs,
                        ),
                        review,
                    )


def _known(rows: _Rows, names: Mapping[int, str]) -> Iterator[tuple[int, AttributeSpec | MethodSpec]]:
    return ((index, row) for index, row in rows.items() if index in names)


def _typed(
    ours: type[CosemObject], theirs: PeerClass
) -> Iterator[tuple[str, Mapping[int, Codec[object]], Types]]:
    yield "type", {row.index: row.codec for row in ours.ATTRIBUTES.values()}, theirs.attribute_types
    methods = ours.METHODS.values()
    yield "takes", {row.index: row.takes for row in methods if row.takes is not None}, theirs.takes
    yield "returns", {row.index: row.returns for row in methods if row.returns is not None}, theirs.returns
