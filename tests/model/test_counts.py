"""How much there is: what ``cosem classes --json`` counts is what the spec states."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator

import pytest

from cosem.cli.app import run
from cosem.codegen.ir.model import (
    CONFIDENCES,
    Attribute,
    BitsDef,
    EnumDef,
    Method,
    Model,
    StructureDef,
    TypeDef,
    Version,
)
from cosem.codegen.ir.types import StructureType, TypeExpr
from cosem.codegen.passes.scope import Scope, class_scope, expressions, references, walk
from cosem.codegen.pipeline import load_spec
from cosem.codegen.specdir import find_spec


@pytest.fixture(scope="module", name="model")
def _model() -> Model:
    return load_spec(find_spec()).model


def test_the_counts_of_the_command_line_are_those_of_the_spec(
    model: Model, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["classes", "--json"]) == 0
    printed = json.loads(capsys.readouterr().out)

    versions = [version for cls in model.classes for version in cls.versions]
    sure = Counter(_confidence(version, row) for version in versions for row in _rows(version))
    types = Counter(type(definition) for definition in _used(model))
    assert printed["counts"] == {
        "classes": len(model.classes),
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
    assert printed["confidence"] == {level: sure[level] / sure.total() for level in CONFIDENCES}


def test_there_is_a_file_for_each_of_the_106_class_ids(model: Model) -> None:
    assert len({cls.id for cls in model.classes}) == 106


def test_classes_are_counted_that_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["classes", "clock", "--json"]) == 0
    listed = json.loads(capsys.readouterr().out)
    assert [cls["class_id"] for cls in listed["classes"]] == [8]
    assert (listed["counts"]["classes"], listed["counts"]["methods"]) == (1, 6)


def _rows(version: Version) -> Iterator[Attribute | Method]:
    yield from version.attributes
    yield from version.methods


def _confidence(version: Version, row: Attribute | Method) -> str:
    return version.confidence if row.confidence == "high" else row.confidence


def _used(model: Model) -> list[TypeDef | StructureType]:
    """The named types that the tables of the classes come to, and the structures written in place."""
    found: dict[tuple[str, int, int], TypeDef | StructureType] = {}
    for cls in model.classes:
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
