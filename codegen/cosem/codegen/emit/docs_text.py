"""Markdown for the reference: text that stays what it is, types with links, marks of confidence and change."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from cosem.codegen.ir.life import Life
from cosem.codegen.ir.types import (
    FORMATTED_SIZES,
    ArrayType,
    Builtin,
    ChoiceType,
    Named,
    StructureType,
    TypeExpr,
)

_SPECIAL = str.maketrans({each: f"&#{ord(each)};" for each in '&<>|*`[]{}\\~^$"'})

Row = Sequence[str]
Link = Callable[[str], str]
"""Gives the address of a named type, seen from the page."""


def plain(text: str) -> str:
    """Text in which nothing is Markdown, on one line, fit for a cell."""
    return " ".join(text.split()).translate(_SPECIAL)


def code(text: str) -> str:
    """Text in the letters of code."""
    return f"<code>{plain(text)}</code>"


def anchor(name: str) -> str:
    """The anchor of a named type or message."""
    return name.lower()


def table(columns: Sequence[str], rows: Iterable[Row]) -> str:
    """A table; a column that begins with ``=`` is set to the right. Cells are Markdown already.

    Columns in which no row has anything are left out.
    """
    body = [tuple(row) for row in rows]
    used = [place for place in range(len(columns)) if not body or any(row[place] for row in body)]
    columns, body = [columns[place] for place in used], [tuple(row[place] for place in used) for row in body]
    rule = "|".join("---:" if each.startswith("=") else "---" for each in columns)
    head = " | ".join(each.removeprefix("=") for each in columns)
    return "\n".join([f"| {head} |", f"|{rule}|", *(f"| {' | '.join(row)} |" for row in body)])


def sure(confidence: str) -> str:
    """A mark behind what is less than sure; nothing for what is."""
    if confidence in ("", "high"):
        return ""
    return f' <span class="confidence {confidence}" title="confidence: {confidence}">{confidence}</span>'


def life_text(life: Life, editions: Mapping[str, str]) -> str:
    """In words, which editions know an element; nothing if all do."""
    return " ".join(
        f"{word} {plain(editions.get(edition, edition))}"
        for word, edition in (("since", life.since), ("until", life.until))
        if edition is not None
    )


def said(*parts: str) -> str:
    """What there is to say, with commas between."""
    return ", ".join(filter(None, parts))


def change(kind: str) -> str:
    """A mark for ``new``, ``changed`` and ``removed``; nothing for anything else."""
    return f' <span class="change {kind}">{kind}</span>' if kind in ("new", "changed", "removed") else ""


def typed(expr: TypeExpr, link: Link) -> str:
    """A type in the notation, names linked to their definitions."""
    return f"<code>{_typed(expr, link)}</code>"


def _typed(expr: TypeExpr, link: Link) -> str:
    match expr:
        case Builtin(name=name, size=size):
            return plain(name if size is None or name in FORMATTED_SIZES else f"{name}({size})")
        case Named(name=name, kind=kind, base=base):
            before = "" if kind == "structure" else f"{kind} "
            behind = f" in {base}" if base else ""
            return f"{before}[{plain(name)}]({link(name)}){behind}"
        case ArrayType(element=element):
            return f"array&lt;{_typed(element, link)}&gt;"
        case StructureType(fields=fields):
            inner = ", ".join(f"{plain(each.name)}: {_typed(each.type, link)}" for each in fields)
            return f"structure&#123;{inner}&#125;"
        case ChoiceType(alternatives=alternatives):
            return f"choice&#123;{', '.join(_typed(each, link) for each in alternatives)}&#125;"


def lines(*parts: str) -> str:
    """Paragraphs of a page: empty ones left out, one empty line between."""
    return "\n\n".join(part for part in parts if part) + "\n"


def names(items: Iterable[object], last: str = "and") -> str:
    """``1``, ``1 and 2``, ``1, 2 and 3``."""
    said = [str(item) for item in items]
    return f" {last} ".join(filter(None, (", ".join(said[:-1]), *said[-1:])))
