"""Mistakes in the OBIS tables: each is reported at its place, all of them at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from cosem.codegen.errors import Mistakes
from cosem.codegen.load.obis import load_obis
from cosem.codegen.specdir import find_spec

GROUPS = """\
ref: clause 5
sets: {any: 0-255, b: 0-64}
tables:
  billing_period: {entries: {0-255: "F {n}"}}
  channel: {entries: {0-255: "B {n}"}}
first: []
last:
  - title: rest
    objects:
      - {code: any.b.any.any.any.any, name: "C {c}"}
"""

ONE = """\
medium: 1
module: one
sections:
  - title: Things
    classes: [3]
    objects:
      - {code: 1.b.1.0.any.255, name: thing, constant: THING}
"""


def mistakes_in(folder: Path, one: str, groups: str = GROUPS) -> list[str]:
    (folder / "obis").mkdir(exist_ok=True)
    (folder / "obis" / "groups.yaml").write_text(groups, "utf-8")
    (folder / "obis" / "one.yaml").write_text(one, "utf-8")
    mistakes = Mistakes()
    load_obis(folder, mistakes)
    return [str(mistake) for mistake in mistakes.found]


def test_the_spec_has_no_mistakes() -> None:
    mistakes = Mistakes()
    model = load_obis(find_spec(), mistakes)
    assert mistakes.found == []
    assert {medium for file in model.files for medium in file.media} == {0, 1, 2, 4, 5, 6, 7, 8, 9, 15}
    assert all(item.ref for file in model.files for item in file.objects)


def test_a_small_table_is_right(tmp_path: Path) -> None:
    assert mistakes_in(tmp_path, ONE) == []


OBJECT = "{code: 1.b.1.0.any.255, name: thing, constant: THING}"


@pytest.mark.parametrize(
    ("instead", "place", "text"),
    [
        ("{code: 1.b.1.0.255, name: thing}", "7:16", "has 5 groups"),
        ("{code: 1.b.1.0.300.255, name: thing}", "7:24", "leaves 0 to 255"),
        ("{code: 1.b.1.0.9-4.255, name: thing}", "7:24", "write it upwards"),
        ("{code: 1.b.1.rates.0.255, name: thing}", "7:22", "'rates' is no number"),
        ("{code: 1.b.1/1.0.0.255, name: thing}", "7:22", "1 stands in '1/1' twice"),
        ("{code: 1.b.01.0.0.255, name: thing}", "7:20", "'01' is no number"),
        ("{code: 0.b.1.0.0.255, name: thing}", "7:16", "the file is about medium 1"),
        ('{code: 1.b.1.0.0.255, name: "{e|tarif}"}', "7:38", "there is no table 'tarif'"),
        ('{code: 1.b.1.0.0.255, name: "{g}"}', "7:38", "'g' is no number"),
        ('{code: 1.b.1.0.0.255, name: "{e//0}"}', "7:38", "'e//0' is no number"),
        ('{code: 1.b.1.0.0.255, name: "{n}"}', "7:38", "'n' is no number"),
        ('{code: 1.b.1.0.0.255, name: "{e"}', "7:38", "a brace stands alone"),
        ("{code: 1.b.1.0.0.255, nam: thing}", "7:9", "an object needs 'name'"),
        ("{code: 1.b.1.0.0.255, name: thing, clases: [3]}", "7:44", "did you mean 'classes'?"),
        ("{code: 1.b.1.0.0.255, name: thing, classes: value}", "7:53", "'classes' is a list of class ids"),
        ("{code: 1.b.1.0.0.255, name: thing, classes: [x]}", "7:54", "'x' is no class id"),
        ("{code: 1.b.1.0.0.255, name: thing, confidence: sure}", "7:56", "'sure' is no confidence"),
        ("{code: 1.b.1.0.0.255, name: thing, constant: Thing}", "7:54", "write WORDS_LIKE_THIS"),
        ('{code: 1.any.1.0.any.255, name: x, constant: "X_{b}_{e}"}', "7:55", "names 65536 codes"),
        ('{code: 1.b.1.0.0-1.255, name: x, constant: "X_{e//2}"}', "7:53", "X_0 stands in one twice"),
        ("thing", "7:9", "a mapping is expected"),
    ],
)
def test_a_mistake_in_an_object_is_found_at_its_place(
    tmp_path: Path, instead: str, place: str, text: str
) -> None:
    found = mistakes_in(tmp_path, ONE.replace(OBJECT, instead))
    assert any(mistake.startswith(f"obis/one.yaml:{place}: ") and text in mistake for mistake in found), found


def test_all_mistakes_are_reported_together(tmp_path: Path) -> None:
    more = "\n      - {code: 1.b.2, name: x}\n      - {code: 1.b.3, name: x}\n"
    found = mistakes_in(tmp_path, ONE + more)
    assert [mistake.partition(": ")[0] for mistake in found] == ["obis/one.yaml:9:16", "obis/one.yaml:10:16"]


def test_an_object_behind_a_wider_one_is_never_reached(tmp_path: Path) -> None:
    found = mistakes_in(tmp_path, ONE + "      - {code: 1.3.1.0.7.255, name: other}\n")
    assert found == ["obis/one.yaml:8:9: 1.3.1.0.7.255 is never reached; obis/one.yaml:7:9 takes its codes"]


def test_two_constants_for_one_code_are_a_mistake(tmp_path: Path) -> None:
    found = mistakes_in(tmp_path, ONE + "    constants: {SAME: 1.0.1.0.0.255}\n")
    assert found == ["obis/one.yaml:8:17: SAME and THING are both 1.0.1.0.0.255; keep one"]


def test_a_constant_for_what_no_object_describes_is_a_mistake(tmp_path: Path) -> None:
    found = mistakes_in(tmp_path, ONE + "    constants: {NOWHERE: 1.0.2.0.0.255}\n")
    assert found == ["obis/one.yaml:8:17: NOWHERE is 1.0.2.0.0.255, which no object describes"]


def test_a_table_says_each_number_once(tmp_path: Path) -> None:
    one = ONE.replace("name: thing", 'name: "{e|t}"')
    found = mistakes_in(
        tmp_path, one.replace("module: one", "module: one\ntables: {t: {entries: {0-3: a, 3: b}}}")
    )
    assert found == ["obis/one.yaml:3:32: 3 stands in table t twice; first at obis/one.yaml:3:24"]


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("sets: {s: 1-2}", "set 's'"),
        ("classes: {s: [1]}", "list of classes 's'"),
        ("tables: {s: {entries: {1: one}}}", "table 's'"),
    ],
)
def test_what_nothing_uses_is_a_mistake(tmp_path: Path, line: str, what: str) -> None:
    found = mistakes_in(tmp_path, ONE.replace("module: one", f"module: one\n{line}"))
    assert len(found) == 1
    assert f"nothing uses the {what}" in found[0]


def test_a_medium_may_not_give_a_common_name_again(tmp_path: Path) -> None:
    found = mistakes_in(tmp_path, ONE.replace("module: one", "module: one\nsets: {b: 0-3}"))
    assert found == ["obis/one.yaml:3:8: there is a set 'b' at obis/groups.yaml:2:20; take another name"]


def test_the_common_file_must_be_there(tmp_path: Path) -> None:
    (tmp_path / "obis").mkdir()
    mistakes = Mistakes()
    assert load_obis(tmp_path, mistakes).files == ()
    assert [str(mistake) for mistake in mistakes.found] == [
        "obis/groups.yaml:1:1: the file is missing; it says what holds for every medium"
    ]


@pytest.mark.parametrize("text", ["", "[", "a: b", "medium: x\nmodule: one\nsections: []", "- 1"])
def test_a_file_that_is_no_table_is_a_mistake_and_no_crash(tmp_path: Path, text: str) -> None:
    assert any("obis/one.yaml" in mistake for mistake in mistakes_in(tmp_path, text))
