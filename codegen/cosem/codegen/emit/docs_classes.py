"""The pages of the interface classes: every version side by side, and what changed between them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from cosem.codegen.emit.docs_text import (
    change,
    code,
    life_text,
    lines,
    names,
    plain,
    said,
    sure,
    table,
    typed,
)
from cosem.codegen.emit.docs_types import TypePages, definition_text
from cosem.codegen.ir.life import ALWAYS
from cosem.codegen.ir.model import Attribute, InterfaceClass, Method, Model, Selector, Version
from cosem.codegen.ir.names import identifier
from cosem.codegen.ir.notation import write_type
from cosem.codegen.ir.types import Builtin, TypeExpr

_ABSENT = '<span class="absent">–</span>'


def page_of(cls: InterfaceClass) -> str:
    """The file name of a class's page."""
    return f"{PurePosixPath(cls.file).stem}.md"


def class_pages(model: Model) -> dict[str, str]:
    """Path under the reference → page, the index among them."""
    editions = {edition.id: edition.title for edition in model.editions}
    pages = TypePages(model)
    return {
        "classes/index.md": _index(model),
        **{f"classes/{page_of(cls)}": _Page(cls, pages, editions).text() for cls in model.classes},
    }


def _index(model: Model) -> str:
    rows = [
        (
            str(cls.id),
            f"[{plain(cls.name)}]({page_of(cls)})",
            names(version.number for version in cls.versions),
            plain(cls.doc),
        )
        for cls in model.classes
    ]
    versions = sum(len(cls.versions) for cls in model.classes)
    return lines(
        "# Interface classes",
        f"{len(model.classes)} classes in {versions} versions. Each page shows every version side by side, and what"
        " changed from one to the next. In Python each version is a class of its own in `cosem.model`; the plain name"
        " is the newest version.",
        table(("=id", "class", "versions", "what it is"), rows),
    )


@dataclass(frozen=True, slots=True)
class _Row:
    """One attribute or method in all versions of a class; None where a version does not have it."""

    index: int
    kind: str
    states: tuple[Attribute | Method | None, ...]

    @property
    def last(self) -> Attribute | Method:
        return next(state for state in reversed(self.states) if state is not None)


def _rows(cls: InterfaceClass, kind: str) -> list[_Row]:
    tables: list[dict[int, Attribute | Method]] = [
        {row.index: row for row in (version.attributes if kind == "attribute" else version.methods)}
        for version in cls.versions
    ]
    # Manufacturers count their own attributes down from -1: behind those of the books.
    indices = sorted({index for each in tables for index in each}, key=lambda index: (index < 0, abs(index)))
    return [_Row(index, kind, tuple(each.get(index) for each in tables)) for index in indices]


class _Page:
    """The page of one class."""

    def __init__(self, cls: InterfaceClass, pages: TypePages, editions: Mapping[str, str]) -> None:
        self.cls = cls
        self.editions = editions
        self.link = pages.link_from_class(cls)

    def text(self) -> str:
        cls = self.cls
        attributes, methods = _rows(cls, "attribute"), _rows(cls, "method")
        return lines(
            f"# {plain(cls.name)}",
            plain(cls.doc),
            self._versions(),
            self._python(),
            f"[Objects of this class](../obis/index.md?obis=class:{cls.id}) among the OBIS codes.",
            "## Attributes",
            self._side_by_side(attributes),
            *(("## Methods", self._side_by_side(methods)) if methods else ()),
            *self._changes(attributes + methods),
            *self._selectors(attributes),
            *(("## Types", *self._types()) if cls.types else ()),
        )

    def _versions(self) -> str:
        rows = [
            (
                str(version.number),
                code(f"{self.cls.python}V{version.number}"),
                plain(version.ref) + sure(version.confidence),
                self._editions(version),
            )
            for version in self.cls.versions
        ]
        return f"Class {self.cls.id}.\n\n" + table(("=version", "in Python", "clause", "editions"), rows)

    def _editions(self, version: Version) -> str:
        life = version.life if version.life != ALWAYS else self.cls.life
        return life_text(life, self.editions) or "all"

    def _python(self) -> str:
        cls, last = self.cls, self.cls.versions[-1]
        shown = last.attributes[0] if last.attributes else None
        name = "logical_name" if shown is None else identifier(shown.name)
        return "\n".join(
            (
                "```python",
                f"from cosem.model import {cls.python}  # version {last.number}",
                "",
                f'value = await meter.get({cls.python}("…").{name})',
                "```",
            )
        )

    def _side_by_side(self, rows: list[_Row]) -> str:
        versions = self.cls.versions
        columns = ("=", "name", *(f"version {version.number}" for version in versions), "meaning")
        body: list[tuple[str, ...]] = []
        if rows and rows[0].kind == "attribute":
            implied = '<code>LogicalName</code><br><span class="how">static, read-only</span>'
            body.append(("1", code("logical_name"), *(implied for _ in versions), "The OBIS code."))
        for row in rows:
            states = [None, *row.states]
            cells = [
                self._cell(row, before, state, first=position == 0)
                for position, (before, state) in enumerate(zip(states, row.states, strict=False))
            ]
            last = row.last
            notes = ", ".join(filter(None, (plain(last.ref), life_text(last.life, self.editions))))
            meaning = plain(last.doc) + (f' <span class="how">{notes}</span>' if notes else "")
            body.append((str(row.index), code(last.name), *cells, meaning))
        return table(columns, body)

    def _cell(
        self, row: _Row, before: Attribute | Method | None, state: Attribute | Method | None, *, first: bool
    ) -> str:
        if state is None:
            return change("removed").strip() if before is not None else _ABSENT
        same = before is not None and not differences(before, state)
        mark = "" if first or same else change("new" if before is None else "changed")
        name = f"{code(state.name)} " if state.name != row.last.name else ""
        shown = f"{name}{self._how(state)}{mark}{sure(state.confidence)}"
        return f'<span class="same">{shown}</span>' if same else shown

    def _how(self, state: Attribute | Method) -> str:
        if isinstance(state, Attribute):
            how = f"{'dynamic' if state.dynamic else 'static'}, {'read-write' if state.writable else 'read-only'}"
            return f'{typed(state.type, self.link)}<br><span class="how">{how}</span>'
        takes = "" if state.takes is None else typed(state.takes, self.link)
        returns = "" if state.returns is None else f" → {typed(state.returns, self.link)}"
        how = "mandatory" if state.mandatory else "optional"
        return f'{takes or "no parameter"}{returns}<br><span class="how">{how}</span>'

    def _changes(self, rows: list[_Row]) -> Iterator[str]:
        versions = self.cls.versions
        if len(versions) > 1:
            yield "## What changed"
        for place in range(1, len(versions)):
            found = list(self._changed(rows, place))
            yield f"### Version {versions[place].number} against version {versions[place - 1].number}"
            yield "\n".join(f"- {each}" for each in found) if found else self._unchanged(versions[place])

    def _unchanged(self, version: Version) -> str:
        return f"The tables of both are the same: what is new stands in the words of {plain(version.ref)}."

    def _changed(self, rows: list[_Row], place: int) -> Iterator[str]:
        for row in rows:
            before, after = row.states[place - 1], row.states[place]
            where = f"{row.kind.capitalize()} {row.index}"
            if before is None and after is not None:
                what = f", {typed(after.type, self.link)}" if isinstance(after, Attribute) else ""
                yield f"{where} {code(after.name)}{what}{change('new')}"
            elif before is not None and after is None:
                yield f"{where} {code(before.name)}{change('removed')}"
            elif before is not None and after is not None:
                for words in differences(before, after):
                    yield f"{where} {code(after.name)}: {words}{change('changed')}"

    def _selectors(self, rows: list[_Row]) -> Iterator[str]:
        for row in rows:
            found: dict[tuple[int, str, str], tuple[Selector, list[int]]] = {}
            for version, state in zip(self.cls.versions, row.states, strict=True):
                for selector in state.selectors if isinstance(state, Attribute) else ():
                    key = (selector.number, selector.name, write_type(selector.type))
                    found.setdefault(key, (selector, []))[1].append(version.number)
            if found:
                yield f"## Selective access to {plain(row.last.name)}"
                yield table(
                    ("=selector", "name", "parameter", "versions", "meaning"),
                    [
                        (
                            str(each.number),
                            code(each.name),
                            typed(each.type, self.link),
                            names(of),
                            said(plain(each.doc), life_text(each.life, self.editions)),
                        )
                        for _, (each, of) in sorted(found.items())
                    ],
                )

    def _types(self) -> Iterator[str]:
        for definition in self.cls.types:
            yield definition_text(definition, "###", self.link, self.editions)


def differences(before: Attribute | Method, after: Attribute | Method) -> list[str]:
    """What is not the same in two versions of an attribute or a method, in words; Markdown."""
    found: list[str] = []
    if before.name != after.name:
        found.append(f"the name was {code(before.name)}")
    if isinstance(before, Attribute) and isinstance(after, Attribute):
        found += _type_difference("type", before.type, after.type)
        if before.dynamic != after.dynamic:
            found.append("now dynamic" if after.dynamic else "now static")
        if before.writable != after.writable:
            found.append("now read-write" if after.writable else "now read-only")
        if _selection(before) != _selection(after):
            found.append("selective access")
    if isinstance(before, Method) and isinstance(after, Method):
        found += _type_difference("parameter", before.takes, after.takes)
        found += _type_difference("return value", before.returns, after.returns)
        if before.mandatory != after.mandatory:
            found.append("now mandatory" if after.mandatory else "now optional")
    return found


def _type_difference(what: str, before: TypeExpr | None, after: TypeExpr | None) -> list[str]:
    old, new = (write_type(each or Builtin("nothing")) for each in (before, after))
    return [f"{what} {code(old)} → {code(new)}"] if old != new else []


def _selection(attribute: Attribute) -> list[tuple[int, str, str]]:
    return [(each.number, each.name, write_type(each.type)) for each in attribute.selectors]
