"""YAML is read as located text, and nothing is dropped or guessed."""

from __future__ import annotations

from cosem.codegen.errors import Mistakes
from cosem.codegen.load.nodes import Items, Keys, Table, Text, load_text


def read(text: str) -> tuple[Table | None, list[str]]:
    mistakes = Mistakes()
    table = load_text(text, "f.yaml", mistakes)
    return table, [str(mistake) for mistake in mistakes.found]


def test_scalars_stay_the_text_that_stands_there() -> None:
    table, mistakes = read("{a: no, b: 0777, c: 10:20, d: 2024-01-01, e: 1_000, f: ~}")
    assert table is not None
    assert mistakes == []
    assert {entry.key.value: getattr(entry.value, "value", None) for entry in table} == {
        "a": "no", "b": "0777", "c": "10:20", "d": "2024-01-01", "e": "1_000", "f": "~",
    }  # fmt: skip


def test_every_node_knows_its_place_behind_an_opening_quote() -> None:
    table, _ = read("one:\n  two: [a, 'b']\n")
    assert table is not None
    inner = table.get("one")
    assert isinstance(inner, Table)
    items = inner.get("two")
    assert isinstance(items, Items)
    assert [str(item.span) for item in items] == ["f.yaml:2:9", "f.yaml:2:13"]
    assert str(inner.entries[0].key.span) == "f.yaml:2:3"


def test_a_repeated_key_is_a_mistake_at_its_second_place() -> None:
    _, mistakes = read("a: 1\nb: 2\na: 3\n")
    assert mistakes == ["f.yaml:3:1: 'a' stands here twice; it was first given at f.yaml:1:1"]


def test_an_unknown_key_is_a_mistake_with_an_offer() -> None:
    table, _ = read("naem: x\n")
    assert table is not None
    mistakes = Mistakes()
    keys = Keys(table, "an attribute", mistakes)
    keys.text("name", required=False)
    keys.close()
    assert [str(mistake) for mistake in mistakes.found] == [
        "f.yaml:1:1: an attribute has no 'naem'; did you mean 'name'?"
    ]


def test_a_missing_key_is_a_mistake_at_the_mapping() -> None:
    table, _ = read("x: {y: 1}")
    assert table is not None
    mistakes = Mistakes()
    inner = Keys(table, "a file", mistakes).table("x")
    assert inner is not None
    assert Keys(inner, "x", mistakes).text("name") is None
    assert [str(mistake) for mistake in mistakes.found] == ["f.yaml:1:4: x needs 'name'"]


def test_numbers_are_decimal_without_leading_zeros() -> None:
    table, _ = read("{a: 12, b: -3, c: 012, d: 0x10, e: 1_0}")
    assert table is not None
    mistakes = Mistakes()
    keys = Keys(table, "a thing", mistakes)
    assert [keys.integer(name) for name in "abcde"] == [12, -3, None, None, None]
    assert len(mistakes.found) == 3


def test_a_flag_is_true_or_false_and_nothing_else() -> None:
    table, _ = read("{a: true, b: yes}")
    assert table is not None
    mistakes = Mistakes()
    keys = Keys(table, "a thing", mistakes)
    assert (keys.flag("a", default=False), keys.flag("b", default=False), keys.flag("c", default=True)) == (
        True, False, True,
    )  # fmt: skip
    assert "'yes' is no b" in str(mistakes.found[0])


def test_aliases_and_tags_are_refused() -> None:
    assert any("aliases" in mistake for mistake in read("a: &x {b: 1}\nc: *x\n")[1])
    assert any("tags" in mistake for mistake in read("a: !!int 3\n")[1])


def test_what_is_no_yaml_is_one_located_mistake() -> None:
    table, mistakes = read("a: [1, 2\nb: 3\n")
    assert table is None
    assert len(mistakes) == 1
    assert mistakes[0].startswith("f.yaml:2:")
    assert "not YAML" in mistakes[0]


def test_an_empty_file_and_a_list_are_no_mapping() -> None:
    assert read("")[1] == ["f.yaml:1:1: the file is empty; a mapping is expected"]
    assert read("[a]")[1] == ["f.yaml:1:1: a list stands here; a mapping is expected"]


def test_nodes_compare_by_content_and_not_by_place() -> None:
    one, _ = read("a: b")
    other, _ = read("\n\na:   b")
    assert one == other
    assert one is not None
    assert isinstance(one.entries[0].value, Text)
