"""Check the object model against :mod:`cosem.codegen.passes.rules`; every breach is reported at its place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from cosem.codegen.errors import Mistakes
from cosem.codegen.ir.model import (
    Attribute,
    Edition,
    EnumDef,
    InterfaceClass,
    Life,
    Method,
    Model,
    TypeDef,
    Version,
)
from cosem.codegen.ir.names import identifier, is_camel, is_snake
from cosem.codegen.passes.rules import Report
from cosem.codegen.passes.scope import class_scope, expressions
from cosem.codegen.passes.validate_types import TypeRules, check_files, check_local_names, check_used


def validate(model: Model, mistakes: Mistakes, *, unused: bool = True) -> None:
    """Note every breach of a rule; ``unused`` says whether to look for types that nothing refers to."""
    report = Report(mistakes)
    _unique_classes(model.classes, report)
    check_files(model, report)
    _lives(_all_lives(model), model.editions, report)
    for cls in model.classes:
        check_local_names(model, cls, report)
        rules = TypeRules(class_scope(model, cls), _foreign(model, cls), report)
        for definition in cls.types:
            rules.definition(definition)
        for version in cls.versions:
            _version(version, report)
            for expr in expressions(version):
                rules.expression(expr)
    if unused:
        check_used(model, report)


def validate_lives(lives: Iterable[Life], editions: Iterable[Edition], mistakes: Mistakes) -> None:
    """Note every ``since`` and ``until`` that names no edition, or names them in the wrong order."""
    _lives(lives, editions, Report(mistakes))


def _foreign(model: Model, cls: InterfaceClass) -> dict[str, str]:
    """The types that belong to other classes, and the file of each."""
    return {owned.name: other.file for other in model.classes if other is not cls for owned in other.types}


def _unique_classes(classes: Iterable[InterfaceClass], report: Report) -> None:
    ids: dict[int, InterfaceClass] = {}
    names: dict[str, InterfaceClass] = {}
    for cls in classes:
        if cls.id in ids:
            report("M001", cls.span, f"class {cls.id} is described in {ids[cls.id].file} already")
        if cls.python in names:
            report(
                "M002", cls.span, f"{cls.python} is the Python name of class {names[cls.python].id} already"
            )
        if not is_camel(cls.python):
            report("M002", cls.span, f"{cls.python!r} is no CamelCase name; give one with 'python'")
        ids.setdefault(cls.id, cls)
        names.setdefault(cls.python, cls)
        if not cls.versions:
            report("M016", cls.span, "a class needs a version")


def _version(version: Version, report: Report) -> None:
    if not version.ref:
        report("M016", version.span, f"version {version.number} needs 'ref', the clause that describes it")
    taken: dict[str, str] = {"logical_name": "attribute 1"}
    for attribute in version.attributes:
        _row(attribute, "attribute", taken, report)
        if attribute.index == 1:
            report(
                "M004", attribute.span, "attribute 1 is the logical name, which every class has; remove it"
            )
        for selector in attribute.selectors:
            if not 1 <= selector.number <= 255:
                report("M015", selector.span, f"selector {selector.number} is not from 1 to 255")
            if not is_snake(selector.name):
                report("M006", selector.span, f"{selector.name!r} is not in snake_case")
    for method in version.methods:
        _row(method, "method", taken, report)


def _row(row: Attribute | Method, what: str, taken: dict[str, str], report: Report) -> None:
    if row.index == 0 or not -128 <= row.index <= 127:
        report("M005", row.span, f"{what} {row.index} is not from -128 to 127, or is 0")
    if not is_snake(row.name):
        report("M006", row.span, f"{row.name!r} is not in snake_case")
    name = identifier(row.name)
    if name in taken:
        report("M007", row.span, f"{what} {row.index} is called {name} as is {taken[name]}")
    taken.setdefault(name, f"{what} {row.index}")


def _lives(lives: Iterable[Life], editions: Iterable[Edition], report: Report) -> None:
    by_id = {edition.id: edition for edition in editions}
    for life in lives:
        for name in (life.since, life.until):
            if name is not None and name not in by_id:
                known = ", ".join(by_id)
                report("M003", life.span, f"{name!r} is no edition; there are {known}")
        since, until = by_id.get(life.since or ""), by_id.get(life.until or "")
        if since is None or until is None:
            continue
        if since.book != until.book or since.order > until.order:
            report("M003", life.span, f"{life.until} does not come after {life.since}")


def _all_lives(model: Model) -> Iterator[Life]:
    for file in model.types:
        yield from _type_lives(file.types)
    for cls in model.classes:
        yield from _type_lives(cls.types)
        for version in cls.versions:
            yield version.life
            yield from (row.life for row in version.attributes)
            yield from (row.life for row in version.methods)


def _type_lives(definitions: Iterable[TypeDef]) -> Iterator[Life]:
    for definition in definitions:
        if isinstance(definition, EnumDef):
            yield from (member.life for member in definition.members)
