"""YAML as located nodes: plain text, sequences and mappings, with the place of each for what is said about it.

The default resolver of YAML is not used: it makes 10:20 an integer and no a boolean.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Protocol, TypeVar

import yaml

from cosem.core.errors import CosemError

T = TypeVar("T")

_INTEGER: Final = re.compile(r"[+-]?\d{1,20}|0x[0-9A-Fa-f]{1,16}")
_NUMBER: Final = re.compile(r"[+-]?\d{1,20}(\.\d{1,20})?([eE][+-]?\d{1,2})?")
_TRUTH: Final = {"true": True, "false": False}
_LARGEST_FILE: Final = 4 * 1024 * 1024
_DEEPEST: Final = 24


class MeterFileError(CosemError):
    """A meter file that is not right; one line ``file:line:column: what is wrong`` for each mistake."""

    def __init__(self, mistakes: list[str]) -> None:
        super().__init__("\n".join(mistakes))
        self.mistakes = mistakes


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands in a file; lines and columns are counted from 1."""

    file: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"

    def mistake(self, text: str) -> MeterFileError:
        """The error that says so."""
        return MeterFileError([f"{self}: {text}"])


@dataclass(frozen=True, slots=True)
class Text:
    """A scalar. ``plain`` is False where it stands in quotes."""

    place: Place
    text: str
    plain: bool = True

    @property
    def is_null(self) -> bool:
        """Whether nothing stands there."""
        return self.plain and self.text in ("", "~", "null")


@dataclass(frozen=True, slots=True)
class Sequence:
    """A sequence."""

    place: Place
    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A mapping; its keys are texts, each once."""

    place: Place
    entries: dict[str, Node]
    keys: dict[str, Place]

    def only(self, known: tuple[str, ...]) -> None:
        """Raise for the keys that are none of ``known``, all of them."""
        wrong = [
            f"{place}: no key {key!r}; there are {', '.join(known)}"
            for key, place in self.keys.items()
            if key not in known
        ]
        if wrong:
            raise MeterFileError(wrong)

    def need(self, key: str) -> Node:
        """An entry that must be there."""
        node = self.entries.get(key)
        if node is None:
            raise self.place.mistake(f"{key!r} is missing")
        return node

    def __iter__(self) -> Iterator[tuple[str, Node]]:
        return iter(self.entries.items())


Node = Text | Sequence | Table


def read_nodes(text: str, file: str) -> Node:
    """The one document of a file. Raises MeterFileError."""
    if len(text) > _LARGEST_FILE:
        raise MeterFileError([f"{file}:1:1: a file of {len(text)} characters; {_LARGEST_FILE} are taken"])
    try:
        root = _compose(text, file)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        raise _place(file, mark).mistake(error.problem or "this is no YAML") from None
    except yaml.YAMLError:
        raise Place(file, 1, 1).mistake("this is no YAML") from None
    if root is None:
        raise Place(file, 1, 1).mistake("the file is empty")
    return _node(root, file, 0)


class _Mark(Protocol):
    line: int
    column: int


def _compose(text: str, file: str) -> yaml.Node | None:
    depth = 0
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
        place = _place(file, event.start_mark)
        if isinstance(event, yaml.AliasEvent):
            raise place.mistake("aliases are not taken")
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > _DEEPEST:
            raise place.mistake("nested too deep")
    return yaml.compose(text, Loader=yaml.SafeLoader)


def _place(file: str, mark: _Mark | None) -> Place:
    return Place(file, mark.line + 1, mark.column + 1) if mark else Place(file, 1, 1)


def _node(node: yaml.Node, file: str, depth: int) -> Node:
    place = _place(file, node.start_mark)
    if isinstance(node, yaml.ScalarNode):
        return Text(place, str(node.value), node.style is None)
    if isinstance(node, yaml.SequenceNode):
        return Sequence(place, tuple(_node(item, file, depth + 1) for item in node.value))
    assert isinstance(node, yaml.MappingNode)  # there is no other kind
    entries: dict[str, Node] = {}
    keys: dict[str, Place] = {}
    for key, value in node.value:
        name = _node(key, file, depth + 1)
        if not isinstance(name, Text):
            raise name.place.mistake("a key is a text")
        if name.text in entries:
            raise name.place.mistake(f"{name.text!r} stands here twice")
        keys[name.text] = name.place
        entries[name.text] = _node(value, file, depth + 1)
    return Table(place, entries, keys)


def table(node: Node, *known: str) -> Table:
    """A mapping, with these keys alone if any are named."""
    if not isinstance(node, Table):
        raise node.place.mistake("a mapping is needed here")
    if known:
        node.only(known)
    return node


def sequence(node: Node) -> tuple[Node, ...]:
    """The items of a sequence."""
    if not isinstance(node, Sequence):
        raise node.place.mistake("a sequence is needed here")
    return node.items


def text(node: Node) -> str:
    """A text."""
    if not isinstance(node, Text):
        raise node.place.mistake("a text is needed here")
    return node.text


def integer(node: Node, lowest: int | None = None, highest: int | None = None) -> int:
    """An integer, decimal or 0x, within bounds."""
    value = text(node)
    if not _INTEGER.fullmatch(value):
        raise node.place.mistake(f"an integer is needed here, not {value!r}")
    number = int(value, 16) if value.startswith("0x") else int(value)
    if (lowest is not None and number < lowest) or (highest is not None and number > highest):
        raise node.place.mistake(f"{number} is not between {lowest} and {highest}")
    return number


def number(node: Node, lowest: float | None = None, highest: float | None = None) -> float:
    """A number within bounds."""
    value = text(node)
    if not _NUMBER.fullmatch(value):
        raise node.place.mistake(f"a number is needed here, not {value!r}")
    result = float(value)
    if (lowest is not None and result < lowest) or (highest is not None and result > highest):
        raise node.place.mistake(f"{value} is not between {lowest} and {highest}")
    return result


def truth(node: Node) -> bool:
    """true or false."""
    value = _TRUTH.get(text(node))
    if value is None:
        raise node.place.mistake(f"true or false is needed here, not {text(node)!r}")
    return value


def one_of(node: Node, choices: dict[str, T]) -> T:
    """One of a few words."""
    word = text(node)
    if word not in choices:
        raise node.place.mistake(f"no {word!r}; there are {', '.join(choices)}")
    return choices[word]
