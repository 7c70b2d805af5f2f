"""The page of the editions: what each of them brought, and what it was the last to know."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from cosem.codegen.emit.docs_classes import page_of
from cosem.codegen.emit.docs_obis import spoken
from cosem.codegen.emit.docs_text import anchor, code, lines, plain, sure, table
from cosem.codegen.ir.model import Attribute, EnumDef, InterfaceClass, Life, Method, Model, TypeDef
from cosem.codegen.ir.obis import ObisModel

_BOOKS = {"blue": "Blue Book", "green": "Green Book"}


def edition_pages(model: Model, obis: ObisModel | None) -> dict[str, str]:
    """Path under the reference → page."""
    brought, took = defaultdict[str, list[str]](list), defaultdict[str, list[str]](list)
    for life, said in (*_classes(model), *_codes(obis)):
        if life.since is not None:
            brought[life.since].append(said)
        if life.until is not None:
            took[life.until].append(said)
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
            " stack as that edition has it, `cosem-codegen diff bb13 bb14` says what two editions differ in.",
            *parts,
        )
    }


def _classes(model: Model) -> Iterator[tuple[Life, str]]:
    for cls in model.classes:
        page = f"classes/{page_of(cls)}"
        link = f"[{plain(cls.name)}]({page})"
        for version in cls.versions:
            yield version.life, f"Class {cls.id}, {link}: version {version.number}"
            rows: tuple[Attribute | Method, ...] = (*version.attributes, *version.methods)
            for row in rows:
                kind = "attribute" if isinstance(row, Attribute) else "method"
                where = f"{link}, version {version.number}"
                yield row.life, f"{where}: {kind} {row.index} {code(row.name)}"
        yield from _members(cls.types, page, cls)
    for file in model.types:
        yield from _members(file.types, f"types/{file.stem}.md", None)


def _members(types: tuple[TypeDef, ...], page: str, cls: InterfaceClass | None) -> Iterator[tuple[Life, str]]:
    for definition in types:
        if isinstance(definition, EnumDef):
            place = f"[{definition.name}]({page}#{anchor(definition.name)})"
            owner = f" of {plain(cls.name)}" if cls is not None else ""
            for member in definition.members:
                yield member.life, f"{place}{owner}: member {member.number} {code(member.name)}"


def _codes(obis: ObisModel | None) -> Iterator[tuple[Life, str]]:
    for file in () if obis is None else obis.files:
        for item in file.objects:
            yield (
                item.life,
                f"[OBIS](obis/{file.module}.md) {code(item.pattern.text)}: {spoken(item.wording)}",
            )
