"""What is drawn: trees, plots, and text that is made safe."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cosem.cli.nodes import Node, lines
from cosem.cli.plot import plot
from cosem.cli.printable import printable, spaced


@given(st.text())
def test_printable_text_has_no_controls_and_can_be_told_apart(text: str) -> None:
    shown = printable(text)
    assert shown.isprintable() or any(character in shown for character in text if character.isspace())
    assert not set(shown) & {"\x1b", "\r", "\n", "\x07", "\u202e", "\u2066", "\u200f"}
    if shown == text:
        assert "\\" not in text


def test_octets_are_spaced_and_cut() -> None:
    assert spaced(b"\x01\xab") == "01 AB"
    assert spaced(bytes(100), 2) == "00 00 … (100 octets)"


def test_a_tree_aligns_the_values_of_neighbours() -> None:
    root = Node("root")
    root.add("a", "1")
    root.add("longer", "2", "note")
    inner = root.add("inner")
    inner.add("x", "3")
    assert [line.plain for line in lines(root)] == [
        "root",
        "├ a      1",
        "├ longer 2  note",
        "└ inner",
        "  └ x 3",
    ]


@given(st.lists(st.one_of(st.none(), st.floats()), max_size=200), st.integers(20, 120), st.integers(1, 12))
def test_a_plot_never_exceeds_its_frame(values: list[float | None], width: int, height: int) -> None:
    drawn = plot(values, ("00:00", "24:00"), "W", width=width, height=height)
    if all(value is None or not math.isfinite(value) for value in values):
        assert drawn == ["(no values)"]
    else:
        assert len(drawn) == height + 3
        assert max(len(line) for line in drawn[1 : height + 2]) <= max(width, 24)


@pytest.mark.parametrize(("value", "block"), [(0.0, ""), (0.5, "▄"), (1.0, "█")])
def test_a_column_is_as_high_as_its_value(value: float, block: str) -> None:
    (_, line, *_) = plot([value, 1.0], ("", ""), "W", width=20, height=1)
    assert line.split("┤")[1].startswith(block * 4)
    assert line.endswith("████")


def test_many_values_are_averaged_into_columns() -> None:
    drawn = plot([1.0, 0.0] * 500, ("", ""), "", width=40, height=2)
    assert set(drawn[0].split("┤")[1]) <= {" ", "▁", "▄", "█"}
