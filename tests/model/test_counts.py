"""How much there is: what ``cosem classes --json`` counts is what the spec states."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

import pytest

from cosem.cli.app import run
from cosem.codegen.ir.model import (
    CONFIDENCES,
    Attribute,
    BitsDef,
    EnumDef,
    InterfaceClass,
    Method,
    Model,
    StructureDef,
    TypeDef,
    Version,
)
from cosem.codegen.ir.types import StructureType, TypeExpr
from cosem.codegen.passes.scope import Scope, class_scope, expressions, references, walk
from cosem.codegen.pipeline import Spec, load_spec
from cosem.codegen.specdir import find_spec


@pytest.fixture(scope="module", name="spec")
def _spec() -> Spec:
    return load_spec(find_spec())


def national(spec: Spec) -> list[tuple[Model, InterfaceClass, str]]:
    """The classes that shipped overlays add to the books, each with the model that it stands in and the overlay."""
    books = {cls.id for cls in spec.model.classes}
    found = [
        (device.model, cls, device.overlay.name)
        for device in spec.devices
        for cls in device.model.classes
        if cls.id not in books
    ]
    return sorted(found, key=lambda each: each[1].id)


def counted(classes: Sequence[tuple[Model, InterfaceClass]]) -> dict[str, int]:
    versions = [version for _, cls in classes for version in cls.versions]
    sure = Counter(_confidence(version, row) for version in versions for row in _rows(version))
    types = Counter(type(definition) for definition in _used(classes))
    return {
        "classes": len(classes),
        "versions": len(versions),
        "attributes": sum(1 + len(version.attributes) for version in versions),
        "methods": sum(len(version.methods) for version in versions),
        "structures": types[StructureDef] + types[StructureType],
        "enumerations": types[EnumDef],
        "bit_sets": types[BitsDef],
        "high_confidence": sure["high"],
        "medium_confidence": sure["medium"],
        "low_confidence": sure["low"],
    }


def test_the_counts_of_the_command_line_are_those_of_the_spec(
    spec: Spec, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["classes", "--json"]) == 0
    printed = json.loads(capsys.readouterr().out)

    books = [(spec.model, cls) for cls in spec.model.classes]
    added = [(model, cls) for model, cls, _ in national(spec)]
    parts = {"books": counted(books), "total": counted([*books, *added])}
    parts["national"] = {key: total - parts["books"][key] for key, total in parts["total"].items()}
    assert printed["counts"] == parts
    for part, numbers in parts.items():
        sure = {level: numbers[f"{level}_confidence"] for level in CONFIDENCES}
        rows = sum(sure.values())
        assert printed["confidence"][part] == {level: count / rows for level, count in sure.items()}
    assert [
        (each["class_id"], each["version"], each["name"], each["devices"]) for each in printed["national"]
    ] == [
        (cls.id, version.number, cls.name, [name])
        for _, cls, name in national(spec)
        for version in cls.versions
    ]


def test_there_is_a_file_for_each_of_the_106_class_ids_and_two_are_national(spec: Spec) -> None:
    assert len({cls.id for cls in spec.model.classes}) == 106
    assert {(cls.id, name) for _, cls, name in national(spec)} == {
        (8192, "uni_ts_11291"),
        (9000, "gb_companion"),
    }


def test_classes_are_counted_that_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["classes", "clock", "--json"]) == 0
    listed = json.loads(capsys.readouterr().out)
    assert [cls["class_id"] for cls in listed["classes"]] == [8]
    assert (listed["counts"]["total"]["classes"], listed["counts"]["books"]["methods"]) == (1, 6)
    assert set(listed["counts"]["national"].values()) == {0}


def _rows(version: Version) -> Iterator[Attribute | Method]:
    yield from version.attributes
    yield from version.methods


def _confidence(version: Version, row: Attribute | Method) -> str:
    return version.confidence if row.confidence == "high" else row.confidence


def _used(classes: Sequence[tuple[Model, InterfaceClass]]) -> list[TypeDef | StructureType]:
    """The named types that the tables of the classes come to, and the structures written in place."""
    found: dict[tuple[str, int, int], TypeDef | StructureType] = {}
    for model, cls in classes:
        scope = class_scope(model, cls)
        for version in cls.versions:
            _reach(expressions(version), scope, found)
    return list(found.values())


def _reach(
    written: Iterable[TypeExpr], scope: Scope, found: dict[tuple[str, int, int], TypeDef | StructureType]
) -> None:
    for expression in written:
        for part in walk(expression):
            if isinstance(part, StructureType):
                found[part.span.file, part.span.line, part.span.column] = part
        for reference in references(expression):
            definition = scope[reference.name]
            key = (definition.span.file, definition.span.line, definition.span.column)
            if key not in found:
                found[key] = definition
                if isinstance(definition, StructureDef):
                    _reach([field.type for field in definition.fields], scope, found)
