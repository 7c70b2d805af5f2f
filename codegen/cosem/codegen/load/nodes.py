"""Strict YAML: located nodes, every scalar a string, nothing resolved and nothing dropped.

PyYAML's own resolver turns ``10:20`` into an integer, ``0777`` into 511 and ``no`` into False, and keeps the
last of two equal keys. So files are composed into nodes that know their place, and a reader says what it
expects::

    keys = Keys(table, "an attribute", mistakes)
    name = keys.text("name")
    index = keys.integer("index", required=False)
    keys.close()                       # whatever was not asked for is an unknown key

A mistake is noted and the reader goes on: it gets None where a value is absent or wrong.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import TypeAlias

import yaml

from cosem.codegen.errors import Mistakes, Span

_INTEGER = re.compile(r"-?(0|[1-9][0-9]*)")
_PLAIN_TAGS = frozenset({"tag:yaml.org,2002:str", "tag:yaml.org,2002:map", "tag:yaml.org,2002:seq", "", "!"})


@dataclass(slots=True)
class Text:
    """A scalar. ``span`` is where its first character stands, behind an opening quote."""

    value: str
    span: Span = field(compare=False)


@dataclass(slots=True)
class Entry:
    """One ``key: value`` of a mapping."""

    key: Text
    value: Node


@dataclass(slots=True)
class Table:
    """A mapping; keys are unique."""

    entries: tuple[Entry, ...]
    span: Span = field(compare=False)

    def __iter__(self) -> Iterator[Entry]:
        return iter(self.entries)

    def get(self, key: str) -> Node | None:
        """The value of a key."""
        return next((entry.value for entry in self.entries if entry.key.value == key), None)


@dataclass(slots=True)
class Items:
    """A sequence."""

    items: tuple[Node, ...]
    span: Span = field(compare=False)

    def __iter__(self) -> Iterator[Node]:
        return iter(self.items)


Node: TypeAlias = Text | Table | Items

_Loader: type[yaml.BaseLoader] | type[yaml.CBaseLoader] = (
    yaml.CBaseLoader if yaml.__with_libyaml__ else yaml.BaseLoader
)


def load_file(path: Path, name: str, mistakes: Mistakes) -> Table | None:
    """The mapping that a file holds; ``name`` is how mistakes call the file."""
    try:
        text = path.read_text("utf-8")
    except UnicodeDecodeError as error:
        mistakes.add(Span(name), f"not UTF-8: {error.reason} at octet {error.start}")
        return None
    return load_text(text, name, mistakes)


def load_text(text: str, name: str, mistakes: Mistakes) -> Table | None:
    """The mapping that a YAML text holds, or None with a mistake noted."""
    try:
        node = _Composer(yaml.parse(text, Loader=_Loader), name, mistakes).document()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = Span(name, mark.line + 1, mark.column + 1) if mark else Span(name)
        mistakes.add(place, f"not YAML: {error.problem or error.context}")
        return None
    except yaml.YAMLError as error:
        mistakes.add(Span(name), f"not YAML: {str(error).splitlines()[0]}")
        return None
    if node is None:
        mistakes.add(Span(name), "the file is empty; a mapping is expected")
        return None
    if isinstance(node, Table):
        return node
    mistakes.add(node.span, f"{_kind(node)} stands here; a mapping is expected")
    return None


class _Composer:
    """Nodes from the parser's events: what PyYAML would make of them in between takes as long as all the rest."""

    def __init__(self, events: Iterator[yaml.Event], name: str, mistakes: Mistakes) -> None:
        self.events = events
        self.name = name
        self.mistakes = mistakes

    def document(self) -> Node | None:
        """The only document; None if there is none."""
        found: Node | None = None
        for event in self.events:
            if isinstance(event, yaml.DocumentStartEvent):
                if found is not None:
                    self.mistakes.add(self.at(event), "a second document begins here; a file has one")
                    return found
                found = self.node(next(self.events))
        return found

    def at(self, event: yaml.Event, columns: int = 1) -> Span:
        mark = event.start_mark
        return Span(self.name) if mark is None else Span(self.name, mark.line + 1, mark.column + columns)

    def node(self, event: yaml.Event) -> Node:
        if isinstance(event, yaml.ScalarEvent):
            span = self.at(event, 2 if event.style in ("'", '"') else 1)
            self.tag(event.tag, span)
            return Text(str(event.value), span)
        span = self.at(event)
        if isinstance(event, yaml.MappingStartEvent):
            self.tag(event.tag, span)
            return self.table(span)
        if isinstance(event, yaml.SequenceStartEvent):
            self.tag(event.tag, span)
            items: list[Node] = []
            while not isinstance(following := next(self.events), yaml.SequenceEndEvent):
                items.append(self.node(following))
            return Items(tuple(items), span)
        self.mistakes.add(span, "aliases are not used in the spec; write the value out")
        return Text("", span)

    def tag(self, tag: str | None, span: Span) -> None:
        if tag is not None and tag not in _PLAIN_TAGS:
            self.mistakes.add(span, f"tags are not used in the spec; remove {tag}")

    def table(self, span: Span) -> Table:
        entries: dict[str, Entry] = {}
        while not isinstance(following := next(self.events), yaml.MappingEndEvent):
            key, value = self.node(following), self.node(next(self.events))
            if not isinstance(key, Text):
                self.mistakes.add(key.span, f"{_kind(key)} is used as a key; keys are plain words or numbers")
            elif key.value in entries:
                first = entries[key.value].key.span
                self.mistakes.add(key.span, f"{key.value!r} stands here twice; it was first given at {first}")
            else:
                entries[key.value] = Entry(key, value)
        return Table(tuple(entries.values()), span)


class Keys:
    """Reads one mapping key by key; ``what`` names it in mistakes (``"an attribute"``)."""

    def __init__(self, table: Table, what: str, mistakes: Mistakes) -> None:
        self.span = table.span
        self._what = what
        self._mistakes = mistakes
        self._entries = {entry.key.value: entry for entry in table}
        self._asked: dict[str, None] = {}

    def node(self, key: str, *, required: bool = True) -> Node | None:
        """Whatever stands under a key."""
        self._asked[key] = None
        entry = self._entries.get(key)
        if entry is None and required:
            self._mistakes.add(self.span, f"{self._what} needs {key!r}")
        return entry.value if entry else None

    def text(self, key: str, *, required: bool = True) -> Text | None:
        """A scalar that is not empty."""
        node = self.node(key, required=required)
        if node is None or (isinstance(node, Text) and node.value):
            return node
        self._mistakes.add(node.span, f"{key!r} of {self._what} is {_kind(node)}; a word is expected")
        return None

    def word(self, key: str, allowed: Iterable[str], *, default: str | None = None) -> Text | None:
        """One of a few words; ``default`` stands for an absent key, without which the key is required."""
        text = self.text(key, required=default is None)
        if text is None:
            return None if default is None else Text(default, self.span)
        allowed = tuple(allowed)
        if text.value in allowed:
            return text
        self._mistakes.add(text.span, f"{text.value!r} is no {key}; {_offer(text.value, allowed)}")
        return None

    def integer(self, key: str, *, required: bool = True) -> int | None:
        """A decimal integer."""
        text = self.text(key, required=required)
        return None if text is None else integer(text, key, self._mistakes)

    def flag(self, key: str, *, default: bool) -> bool:
        """``true`` or ``false``."""
        text = self.word(key, ("true", "false"), default="true" if default else "false")
        return default if text is None else text.value == "true"

    def table(self, key: str, *, required: bool = True) -> Table | None:
        """A mapping."""
        node = self.node(key, required=required)
        if node is None or isinstance(node, Table):
            return node
        self._mistakes.add(node.span, f"{key!r} of {self._what} is {_kind(node)}; a mapping is expected")
        return None

    def items(self, key: str, *, required: bool = True) -> Items | None:
        """A sequence."""
        node = self.node(key, required=required)
        if node is None or isinstance(node, Items):
            return node
        self._mistakes.add(node.span, f"{key!r} of {self._what} is {_kind(node)}; a list is expected")
        return None

    def close(self) -> None:
        """Report every key that nobody asked for."""
        for key, entry in self._entries.items():
            if key not in self._asked:
                offer = _offer(key, tuple(self._asked))
                self._mistakes.add(entry.key.span, f"{self._what} has no {key!r}; {offer}")


def integer(text: Text, what: str, mistakes: Mistakes) -> int | None:
    """The number a scalar writes: decimal, no leading zeros, no underscores."""
    if _INTEGER.fullmatch(text.value):
        return int(text.value)
    mistakes.add(text.span, f"{text.value!r} is no {what}; a decimal number is expected")
    return None


def numbered(table: Table, what: str, mistakes: Mistakes) -> Iterator[tuple[int, Entry]]:
    """The entries of a mapping whose keys are numbers, in the order of the file."""
    for entry in table:
        number = integer(entry.key, what, mistakes)
        if number is not None:
            yield number, entry


def as_table(node: Node, what: str, mistakes: Mistakes) -> Table | None:
    """``node`` if it is a mapping."""
    if isinstance(node, Table):
        return node
    mistakes.add(node.span, f"{what} is {_kind(node)}; a mapping is expected")
    return None


def as_text(node: Node, what: str, mistakes: Mistakes) -> Text | None:
    """``node`` if it is a scalar that is not empty."""
    if isinstance(node, Text) and node.value:
        return node
    mistakes.add(node.span, f"{what} is {_kind(node)}; a word is expected")
    return None


def _kind(node: Node) -> str:
    match node:
        case Table():
            return "a mapping"
        case Items():
            return "a list"
        case Text(value=""):
            return "empty"
        case Text(value=value):
            return repr(value)


def _offer(word: str, allowed: tuple[str, ...]) -> str:
    close = get_close_matches(word, allowed, 1, 0.75)
    return f"did you mean {close[0]!r}?" if close else f"there are {', '.join(sorted(allowed))}"
