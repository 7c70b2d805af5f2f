"""What the spec says of editions: they are known, in order, of the right book, and leave something to each element."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import TypeAlias

from cosem.codegen.errors import Mistakes
from cosem.codegen.ir.apdu import (
    ApduModel,
    AsnType,
    BitString,
    Choice,
    Enumeration,
    ObjectIdentifier,
    Sequence,
)
from cosem.codegen.ir.life import Edition, Life
from cosem.codegen.ir.model import BitsDef, EnumDef, InterfaceClass, Model, StructureDef, TypeDef
from cosem.codegen.ir.obis import ObisModel
from cosem.codegen.passes.editions import BLUE, overlap
from cosem.codegen.passes.rules import Report

Lives: TypeAlias = tuple[Life, ...]
"""The life of an element, behind those of all that it is in."""


def check_lives(lives: Iterable[Lives], editions: Iterable[Edition], book: str, mistakes: Mistakes) -> None:
    """Note every ``since`` and ``until`` that makes no sense; ``book`` is the book that the elements are of."""
    report = Report(mistakes)
    by_id = {edition.id: edition for edition in editions}
    places = {edition.id: (edition.book, edition.order) for edition in by_id.values()}
    for chain in lives:
        life = chain[-1]
        if life.since is None and life.until is None:
            continue
        for name in filter(None, (life.since, life.until)):
            if name not in by_id:
                known = ", ".join(each.id for each in by_id.values() if each.book == book) or "none"
                report("M003", life.span, f"{name!r} is no edition; there are {known}")
            elif by_id[name].book != book:
                report(
                    "M003", life.span, f"{name} is of the {by_id[name].book} book, this is of the {book} one"
                )
        if not overlap(life, life, places):
            report("M003", life.span, f"{life.until} does not come after {life.since}")
        for outer, inner in pairwise(chain):
            if inner is life and not overlap(outer, inner, places):
                bounds = ", ".join(
                    f"{word} {name}"
                    for word, name in (("since", outer.since), ("until", outer.until))
                    if name
                )
                report("M019", life.span, f"no edition knows this: what it is in is there {bounds} only")


def check_version_order(
    classes: Iterable[InterfaceClass], editions: Iterable[Edition], report: Report
) -> None:
    """Note every version that is known before the version below it."""
    order = {edition.id: edition.order for edition in editions}
    for cls in classes:
        for lower, higher in pairwise(cls.versions):
            since, earliest = higher.life.since, lower.life.since
            if earliest in order and (since is None or order.get(since, order[earliest]) < order[earliest]):
                said = f"known since {since}" if since else "known to all editions"
                text = f"version {higher.number} is {said}, version {lower.number} since {earliest}; give 'since'"
                report("M021", higher.span, text)


def check_codes_and_classes(model: Model, obis: ObisModel, mistakes: Mistakes) -> None:
    """Note every OBIS object that editions know before any of the classes that model it."""
    report, order = Report(mistakes), {edition.id: edition.order for edition in model.editions}
    since = {
        cls.id: min(order.get(version.life.since or cls.life.since or "", 0) for version in cls.versions)
        for cls in model.classes
        if cls.versions
    }
    names = {edition.order: edition.id for edition in model.editions if edition.book == BLUE}
    for item in (item for file in (obis.first, *obis.files, obis.last) for item in file.objects):
        first = min((since.get(number, 0) for number in item.classes), default=0)
        if order.get(item.life.since or "", 0) < first:
            text = f"{item.pattern.text} is older than its classes, which are known since {names[first]}"
            report("M022", item.span, f"{text}; give 'since'")


def model_lives(model: Model) -> Iterator[Lives]:
    """What classes and types say of editions."""
    for file in model.types:
        yield from _type_lives(file.types, ())
    for cls in model.classes:
        yield (cls.life,)
        yield from _type_lives(cls.types, (cls.life,))
        for version in cls.versions:
            within = (cls.life, version.life)
            yield within
            yield from ((*within, row.life) for row in version.attributes)
            yield from ((*within, row.life) for row in version.methods)
            for attribute in version.attributes:
                yield from ((*within, attribute.life, each.life) for each in attribute.selectors)


def _type_lives(definitions: Iterable[TypeDef], within: Lives) -> Iterator[Lives]:
    for definition in definitions:
        match definition:
            case EnumDef(members=members) | BitsDef(members=members):
                yield from ((*within, member.life) for member in members)
            case StructureDef(fields=fields):
                yield from ((*within, field.life) for field in fields)


def obis_lives(obis: ObisModel) -> Iterator[Lives]:
    """What objects and entries of tables say of editions."""
    return ((life,) for life in obis.lives)


def apdu_lives(apdu: ApduModel) -> Iterator[Lives]:
    """What messages, fields and numbers say of editions."""
    for module in apdu.modules:
        yield (module.note.life,)
        for definition in module.definitions:
            within = (module.note.life, definition.note.life)
            yield within
            yield from _asn_lives(definition.type, within)


def _asn_lives(kind: AsnType, within: Lives) -> Iterator[Lives]:
    match kind:
        case Sequence(components=components) | Choice(components=components):
            for each in components:
                yield (*within, each.note.life)
                yield from _asn_lives(each.type, (*within, each.note.life))
        case Enumeration(numbers=numbers) | ObjectIdentifier(numbers=numbers) | BitString(bits=numbers):
            yield from ((*within, each.note.life) for each in numbers)
        case _:
            pass
