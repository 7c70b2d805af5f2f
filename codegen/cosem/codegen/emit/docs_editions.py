"""The page of the editions: what each of them brought, and what it was the last to know."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from pathlib import PurePosixPath

from cosem.codegen.emit.docs_classes import page_of
from cosem.codegen.emit.docs_obis import spoken
from cosem.codegen.emit.docs_text import anchor, code, lines, plain, sure, table
from cosem.codegen.ir.apdu import ApduModel, BitString, Choice, Enumeration, ObjectIdentifier, Sequence
from cosem.codegen.ir.life import Life
from cosem.codegen.ir.model import (
    Attribute,
    BitsDef,
    EnumDef,
    InterfaceClass,
    Method,
    Model,
    StructureDef,
    TypeDef,
)
from cosem.codegen.ir.obis import ObisModel, write_ranges
from cosem.codegen.pipeline import Spec

_BOOKS = {"blue": "Blue Book", "green": "Green Book"}


def edition_pages(whole: Spec) -> dict[str, str]:
    """Path under the reference → page; ``whole`` is the spec of all editions."""
    model = whole.model
    brought, took = defaultdict[str, list[str]](list), defaultdict[str, list[str]](list)
    for life, words in (*_classes(model), *_codes(whole.obis), *_messages(whole.apdu)):
        if life.since is not None:
            brought[life.since].append(words)
        if life.until is not None:
            took[life.until].append(words)
    parts: list[str] = []
    for book in dict.fromkeys(edition.book for edition in model.editions):
        editions = [edition for edition in model.editions if edition.book == book]
        rows = [
            (
                code(each.id),
                plain(each.title) + sure(each.confidence),
                str(each.year or "–"),
                str(len(brought[each.id])),
                str(len(took[each.id])),
            )
            for each in editions
        ]
        parts.append(f"## {_BOOKS.get(book, plain(book))}")
        parts.append(table(("id", "edition", "year", "=brought", "=last to know"), rows))
        for each in editions:
            for title, listed in (("what it brought", brought), ("what it was the last to know", took)):
                if listed[each.id]:
                    parts.append(f"### {plain(each.title)}: {title}")
                    parts.append("\n".join(f"- {item}" for item in listed[each.id]))
    return {
        "editions.md": lines(
            "# Editions",
            "The books are amended every few years. A fact of the spec says since which edition it holds, and until"
            " which; where it says nothing, every edition here has it. `cosem-codegen build --edition bb14` writes the"
            " stack as that edition has it, `--edition bb14 --edition gb9` names one of each book,"
            " `cosem-codegen diff bb13 bb14` says what two editions differ in.",
            *parts,
        )
    }


def _classes(model: Model) -> Iterator[tuple[Life, str]]:
    for cls in model.classes:
        page = f"classes/{page_of(cls)}"
        link = f"[{plain(cls.name)}]({page})"
        yield cls.life, f"Class {cls.id}, {link}"
        for version in cls.versions:
            yield version.life, f"Class {cls.id}, {link}: version {version.number}"
            where = f"{link}, version {version.number}"
            rows: tuple[Attribute | Method, ...] = (*version.attributes, *version.methods)
            for row in rows:
                kind = "attribute" if isinstance(row, Attribute) else "method"
                yield row.life, f"{where}: {kind} {row.index} {code(row.name)}"
                for selector in row.selectors if isinstance(row, Attribute) else ():
                    yield selector.life, f"{where}: selector {selector.number} of {code(row.name)}"
        yield from _parts(cls.types, page, cls)
    for file in model.types:
        yield from _parts(file.types, f"types/{file.stem}.md", None)


def _parts(types: tuple[TypeDef, ...], page: str, cls: InterfaceClass | None) -> Iterator[tuple[Life, str]]:
    for definition in types:
        place = f"[{definition.name}]({page}#{anchor(definition.name)})"
        owner = f" of {plain(cls.name)}" if cls is not None else ""
        match definition:
            case StructureDef(fields=fields):
                for field in fields:
                    yield field.life, f"{place}{owner}: element {code(field.name)}"
            case EnumDef(members=members) | BitsDef(members=members):
                what = "bit" if isinstance(definition, BitsDef) else "member"
                for member in members:
                    yield member.life, f"{place}{owner}: {what} {member.number} {code(member.name)}"


def _codes(obis: ObisModel | None) -> Iterator[tuple[Life, str]]:
    for file in () if obis is None else (obis.first, *obis.files, obis.last):
        page = f"obis/{file.module or 'index'}.md"
        for item in file.objects:
            yield item.life, f"[OBIS]({page}) {code(item.pattern.text)}: {spoken(item.wording)}"
        for named in file.tables:
            for words in named.words:
                numbers = write_ranges(words.ranges)
                yield words.life, f"[OBIS]({page}), {plain(named.name)} {numbers}: {plain(words.text)}"


def _messages(apdu: ApduModel | None) -> Iterator[tuple[Life, str]]:
    for module in () if apdu is None else apdu.modules:
        page = f"messages/{PurePosixPath(module.span.file).stem}.md"
        yield module.note.life, f"[{plain(module.name)}]({page}): all of it"
        for definition in module.definitions:
            link = f"[{plain(definition.name)}]({page}#{anchor(definition.name)})"
            yield definition.note.life, link
            match definition.type:
                case Sequence(components=components) | Choice(components=components):
                    yield from ((each.note.life, f"{link}: {code(each.name)}") for each in components)
                case (
                    Enumeration(numbers=numbers) | ObjectIdentifier(numbers=numbers) | BitString(bits=numbers)
                ):
                    for number in numbers:
                        yield number.note.life, f"{link}: {number.value} {code(number.name)}"
                case _:
                    pass
