"""Check the object model against :mod:`cosem.codegen.passes.rules`; every breach is reported at its place."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from cosem.codegen.errors import Mistakes
from cosem.codegen.ir.model import (
    Attribute,
    InterfaceClass,
    Method,
    Model,
    Version,
)
from cosem.codegen.ir.names import identifier, is_camel, is_snake
from cosem.codegen.passes.editions import BLUE
from cosem.codegen.passes.rules import Report
from cosem.codegen.passes.scope import class_scope, expressions
from cosem.codegen.passes.validate_lives import check_lives, check_version_order, model_lives
from cosem.codegen.passes.validate_types import TypeRules, check_files, check_local_names, check_used


def validate(model: Model, mistakes: Mistakes, *, unused: bool = True, base: Model | None = None) -> None:
    """Note every breach of a rule; ``unused`` says whether to look for types that nothing refers to.

    What ``model`` has of ``base``, which is valid, is not looked at again.
    """
    report = Report(mistakes)
    known = {id(cls) for cls in base.classes} if base else frozenset[int]()
    changed = tuple(cls for cls in model.classes if id(cls) not in known)
    same_types = base is not None and base.types == model.types
    if changed:
        _unique_classes(model.classes, report)
    if not same_types:
        check_files(model, report)
    touched = replace(model, classes=changed, types=() if same_types else model.types)
    check_lives(model_lives(touched), model.editions, BLUE, mistakes)
    check_version_order(changed, model.editions, report)
    check_local_names(model, changed if same_types else model.classes, report)
    for cls in changed:
        rules = TypeRules(class_scope(model, cls), _foreign(model, cls), report)
        for definition in cls.types:
            rules.definition(definition)
        for version in cls.versions:
            _version(version, report)
            for expr in expressions(version):
                rules.expression(expr)
    if unused:
        check_used(model, report)


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
