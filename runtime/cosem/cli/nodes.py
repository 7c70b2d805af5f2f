"""A tree of lines: what is explained on the terminal, and how it is drawn there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from cosem.cli.printable import printable

if TYPE_CHECKING:
    from rich.text import Text


_WIDEST = 40
"""Longer values do not move the notes of their neighbours."""


@dataclass(slots=True)
class Node:
    """One line: what it is, its value, what the value means; then the lines below it.

    ``bad`` marks what is wrong, ``good`` what was checked and found right.
    """

    label: str
    text: str = ""
    note: str = ""
    children: list[Node] = field(default_factory=list["Node"])
    bad: bool = False
    good: bool = False

    def add(
        self, label: str, text: str = "", note: str = "", *, bad: bool = False, good: bool = False
    ) -> Node:
        """A line below this one."""
        child = Node(label, text, note, bad=bad, good=good)
        self.children.append(child)
        return child


def lines(root: Node) -> Iterator[Text]:
    """The tree as lines of styled text, values of neighbours in one column. Everything in it is made printable."""
    yield _line(root, "", 0, head=True)
    yield from _below(root, "")


def _below(node: Node, guide: str) -> Iterator[Text]:
    last = len(node.children) - 1
    for run in _runs(node.children):
        width = max(len(printable(node.children[index].label)) for index in run)
        texts = (len(printable(node.children[index].text)) for index in run if node.children[index].note)
        column = max((size for size in texts if size <= _WIDEST), default=0)
        for index in run:
            child = node.children[index]
            yield _line(child, guide + ("└ " if index == last else "├ "), width, column)
            yield from _below(child, guide + ("  " if index == last else "│ "))


def _runs(nodes: Sequence[Node]) -> Iterator[range]:
    """Neighbours that have a value: their labels are of one width."""
    begin = 0
    for index in range(1, len(nodes) + 1):
        if index == len(nodes) or bool(nodes[index].text) is not bool(nodes[begin].text):
            yield range(begin, index)
            begin = index


def _line(node: Node, guide: str, width: int, column: int = 0, *, head: bool = False) -> Text:
    from rich.text import Text

    line = Text(guide, style="dim", no_wrap=True)
    label = printable(node.label)
    style = "bold red" if node.bad else "bold" if head else "cyan"
    line.append(label.ljust(width) if node.text else label, style=style)
    if node.text:
        line.append(" ")
        text = printable(node.text)
        line.append(
            text.ljust(column) if node.note else text,
            style="red" if node.bad else "green" if node.good else "default",
        )
    if node.note:
        line.append("  ")
        line.append(printable(node.note), style="dim" if not node.bad else "red")
    return line
