"""What editions know: every kind of element comes and goes with them, and what one edition lacks nothing else names."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml
from jsonschema import Draft202012Validator
from tests.codegen.small_spec import edit, write_spec

from cosem.codegen.cli import main
from cosem.codegen.diff import elements_of
from cosem.codegen.emit.docs import render_docs
from cosem.codegen.errors import Mistakes, SpecError
from cosem.codegen.ir.life import Life
from cosem.codegen.passes.editions import Choice, choose
from cosem.codegen.pipeline import check_all_editions, load_model, load_spec, load_whole, schemas
from cosem.codegen.specdir import find_spec


@pytest.fixture
def spec(tmp_path: Path) -> Path:
    return write_spec(tmp_path / "spec")


def known(spec: Path, editions: str) -> set[str]:
    return {" ".join(element.path) for element in elements_of(load_spec(spec, editions))}


@pytest.mark.parametrize(
    ("element", "editions"),
    [
        ("class 900", "bb12 bb13 bb14"),
        ("class 901", "bb14"),
        ("class 901 type Late0 element 1", "bb14"),
        ("type Shared0", "bb14"),
        ("class 900 version 1", "bb13 bb14"),
        ("class 900 version 0 attribute 3", "bb12 bb13"),
        ("class 900 version 1 attribute 3", "bb13"),
        ("class 900 version 0 method 2", "bb13 bb14"),
        ("class 900 version 0 attribute 4 selector 1", "bb12 bb13 bb14"),
        ("class 900 version 0 attribute 4 selector 2", "bb14"),
        ("class 900 type State member 1", "bb12"),
        ("class 900 type State member 2", "bb13 bb14"),
        ("class 900 type Flags member 1", "bb13"),
        ("class 900 type Flags", "bb12 bb13"),
        ("class 900 type Row element 2", "bb14"),
        ("class 900 type Unit", "bb13 bb14"),
        ("class 900 type Unit member 255", "bb14"),
    ],
)
def test_an_element_of_the_blue_book_is_there_in_its_editions(
    spec: Path, element: str, editions: str
) -> None:
    found = [each for each in ("bb12", "bb13", "bb14") if element in known(spec, each)]
    assert found == editions.split()


@pytest.mark.parametrize(
    ("element", "editions"),
    [
        ("apdu Cosem-Pdu one", "gb8 gb9"),
        ("apdu Cosem-Pdu two", "gb9"),
        ("apdu One old", "gb8"),
        ("apdu One new", "gb9"),
        ("apdu Kind number 1", "gb9"),
        ("apdu Two flags", "gb9"),
        ("apdu Flags", "gb9"),
    ],
)
def test_an_element_of_the_green_book_is_there_in_its_editions(
    spec: Path, element: str, editions: str
) -> None:
    assert [each for each in ("gb8", "gb9") if element in known(spec, each)] == editions.split()


def test_a_build_is_about_one_edition_of_each_book_the_newest_by_itself(spec: Path) -> None:
    assert known(spec, "") == known(spec, "bb14+gb9") == known(spec, "bb14") == known(spec, "gb9")
    both = known(spec, "bb12+gb8")
    assert {"apdu One old", "class 900 type State member 1"} <= both
    assert not {"class 901", "apdu Two"} & both
    assert "apdu Two" in known(spec, "bb12")
    assert "class 901" in known(spec, "gb8")


def test_a_field_may_take_the_place_of_another(spec: Path) -> None:
    edit(spec, "apdu/messages.asn", "    new Unsigned16", "    old Unsigned16")
    edit(spec, "apdu/messages.asn", "    @until gb8\n    old Unsigned8", "    @until gb8\n    old Unsigned8")
    found = {each.facts["type"] for each in elements_of(load_spec(spec)) if each.path == ("apdu One", "old")}
    assert found == {"Unsigned16"}
    edit(spec, "apdu/messages.asn", "@until gb8", "@until gb9")
    with pytest.raises(SpecError, match=r"the component old stands at .* already.*\(in the newest edition\)"):
        load_spec(spec)


@pytest.mark.parametrize(
    ("file", "old", "new", "says"),
    [
        ("apdu/messages.asn", "@since gb9\nTwo", "@since gb7\nTwo", ":16:8: M003: 'gb7' is no edition; there are gb8"),
        ("apdu/messages.asn", "@since gb9\n    b", "@since bb12\n    b", ":13:12: M003: bb12 is of the blue book"),
        ("apdu/messages.asn", "@until gb8", "@until", "@until '' does not fit; expected an edition"),
        ("apdu/messages.asn", "@since gb9\nTwo", "@until gb8\nTwo", "correct the name (in the newest edition)"),
        ("apdu/messages.asn", "@since gb9\n    when-b", "when-b", ":8:5: WHEN kind IS b: kind has no such member"),
        ("obis/one.yaml", "classes: [1, 3]", "classes: [901]", "M022: 1.b.1.0.0-1.255 is older than its classes"),
        ("apdu/messages.asn", "Flags ::=", "@until gb8\nFlags ::=", "nothing is called Flags"),
        ("apdu/messages.asn", "{ flags", "{\n@until gb8\nflags", ":18:8: M019: no edition knows this"),
        ("classes/0901_late.yaml", "{ref: XX 3", "{until: bb12, ref: XX 3", "M019: no edition knows this"),
        ("classes/0901_late.yaml", "since: bb14", "since: gb9", ":1:37: M003: gb9 is of the green book"),
        ("classes/0900_thing.yaml", "until: bb13}", "until: bb12}", "M019"),
        ("classes/0900_thing.yaml", "ref: XX 1", "ref: XX 1\n    since: bb14", "M021: version 1 is known since bb13"),
        ("classes/0900_thing.yaml", "ref: XX 1\n", "ref: XX 1\n    since: bb14\n", "0900_thing.yaml:16:3: M021"),
    ],
)  # fmt: skip
def test_what_makes_no_sense_in_an_edition_is_found_at_its_place(
    spec: Path, file: str, old: str, new: str, says: str
) -> None:
    edit(spec, file, old, new)
    with pytest.raises(SpecError) as caught:
        check_all_editions(spec)
    assert any(says in str(mistake) for mistake in caught.value.mistakes), caught.value


def test_a_code_lives_with_the_oldest_of_its_classes(spec: Path) -> None:
    edit(spec, "obis/one.yaml", "classes: [1, 3]", "classes: [900, 901]")
    check_all_editions(spec)


def test_a_version_that_all_editions_know_does_not_follow_one_that_is_newer(spec: Path) -> None:
    edit(spec, "classes/0900_thing.yaml", "    since: bb13\n    extends: 0", "    extends: 0")
    edit(spec, "classes/0900_thing.yaml", "ref: XX 1\n", "ref: XX 1\n    since: bb13\n")
    with pytest.raises(
        SpecError, match="M021: version 1 is known to all editions, version 0 since bb13; give 'since'"
    ):
        load_spec(spec)


@pytest.mark.parametrize(
    ("old", "new", "edition", "says"),
    [
        ("{0: idle, 1", "{0: {name: idle, until: bb13}, 1", "bb14", "M020: nothing is in State"),
        ("{at: DateTime,", "{at: {type: DateTime, since: bb14},", "bb12", "M020: nothing is in Row"),
    ],
)
def test_an_edition_that_leaves_a_type_empty_is_found_by_lint_and_by_its_build(
    spec: Path,
    tmp_path: Path,
    old: str,
    new: str,
    edition: str,
    says: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    edit(spec, "classes/0900_thing.yaml", old, new)
    edit(spec, "classes/0900_thing.yaml", "2: {name: dimmed, since: bb13}", "2: {name: dimmed, until: bb13}")
    out = tmp_path / "out"
    assert main(["lint", "--spec", str(spec)]) == 1
    assert says in (error := capsys.readouterr().err)
    assert f"(in {'the newest edition' if edition == 'bb14' else edition})" in error
    assert main(["build", "--spec", str(spec), "--out", str(out), "--edition", edition]) == 1
    assert says in capsys.readouterr().err
    assert not out.exists()


@pytest.mark.parametrize(
    ("named", "says"),
    [
        (["bb99"], "'bb99' is no edition; there are bb12, bb13, bb14, gb8, gb9"),
        (["bb12", "bb13"], "bb12 and bb13 are both of the blue book"),
        (["bb12+bb13"], "bb12 and bb13 are both of the blue book"),
    ],
)
def test_editions_that_are_none_or_of_one_book_are_refused(
    spec: Path, tmp_path: Path, named: list[str], says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    options = [word for name in named for word in ("--edition", name)]
    assert main(["build", "--spec", str(spec), "--out", str(tmp_path / "out"), *options]) == 1
    assert says in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_a_tree_remembers_its_editions_whatever_their_order(spec: Path, tmp_path: Path) -> None:
    folders = tmp_path / "a", tmp_path / "b"
    for folder, names in zip(folders, (["bb12", "gb8"], ["gb8", "bb12"]), strict=True):
        options = [word for name in names for word in ("--edition", name)]
        assert main(["build", "--spec", str(spec), "--out", str(folder), *options]) == 0
        assert main(["check", "--spec", str(spec), "--out", str(folder), "--full"]) == 0
    one, other = ((folder / "MANIFEST.json").read_text("utf-8") for folder in folders)
    assert one == other
    assert '"edition": "bb12+gb8"' in one


def test_lives_are_told_by_the_place_of_an_edition_in_its_book(spec: Path) -> None:
    model = load_model(spec, Mistakes())
    choice = choose(model.editions, "bb13", Mistakes())
    lives = {
        Life(): True,
        Life("bb12"): True,
        Life("bb13", "bb13"): True,
        Life("bb14"): False,
        Life(None, "bb12"): False,
        Life("gb9"): True,
        Life(None, "gb8"): False,
    }
    assert {life: choice.knows(life) for life in lives} == lives
    with pytest.raises(KeyError):
        Choice.of(model.editions, ["bb99"])


def test_every_edition_of_the_shipped_spec_hangs_together() -> None:
    spec = check_all_editions(find_spec())
    for edition in spec.model.editions:
        older = load_spec(find_spec(), edition.id, ("model", "apdu", "obis"))
        assert older.model.classes
        assert older.apdu is not None
        assert older.obis is not None


def test_the_reference_says_of_every_kind_of_element_what_editions_know_it(spec: Path) -> None:
    whole = load_whole(spec, Mistakes())
    pages = render_docs(load_spec(spec), whole, {}, Mistakes())
    editions = pages["reference/editions.md"]
    for says in (
        "Class 901, [Late](classes/0901_late.md)",
        "Class 900, [Thing](classes/0900_thing.md): version 1",
        "[Thing](classes/0900_thing.md), version 0: attribute 3 <code>old</code>",
        "[Thing](classes/0900_thing.md), version 0: selector 2 of <code>rows</code>",
        "[State](classes/0900_thing.md#state) of Thing: member 2 <code>dimmed</code>",
        "[Flags](classes/0900_thing.md#flags) of Thing: bit 1 <code>b</code>",
        "[Row](classes/0900_thing.md#row) of Thing: element <code>kind</code>",
        "[OBIS](obis/one.md) <code>1.b.2.0.0.255</code>: late",
        "[OBIS](obis/one.md), kind 1: new kind",
        "[Cosem-Pdu](messages/pdu.md#cosem-pdu): <code>two</code>",
        "[One](messages/messages.md#one): <code>old</code>",
        "[Kind](messages/messages.md#kind): 1 <code>b</code>",
        "[Two](messages/messages.md#two)\n",
    ):
        assert f"- {says}" in editions, says
    thing, messages = pages["reference/classes/0900_thing.md"], pages["reference/messages/messages.md"]
    assert "What it is., since Edition 14" in thing
    assert "| 2 | <code>some</code> | <code>data</code> | 0 and 1 | since Edition 14 |" in thing
    assert "| 1 | <code>b</code> | since Edition 9 |" in messages
    assert "<code>old</code>" not in messages
    assert "| 0 | <code>LateV0</code> | XX 3 | since Edition 14 |" in pages["reference/classes/0901_late.md"]


@pytest.mark.parametrize(
    ("schema", "file"),
    [
        ("class", "classes/0900_thing.yaml"),
        ("class", "classes/0901_late.yaml"),
        ("types", "types/late.yaml"),
        ("obis", "obis/one.yaml"),
    ],
)
def test_editors_are_told_where_since_and_until_may_stand(spec: Path, schema: str, file: str) -> None:
    validator = Draft202012Validator(json.loads(schemas()[f"schema/{schema}.schema.json"]))
    text = (spec / file).read_text("utf-8")
    assert [each.message for each in validator.iter_errors(with_text_keys(yaml.safe_load(text)))] == []
    if "since" in text:
        wrong = with_text_keys(yaml.safe_load(text.replace("since", "sinse")))
        assert not validator.is_valid(wrong)


def with_text_keys(node: object) -> object:
    if isinstance(node, dict):
        return {str(key): with_text_keys(value) for key, value in node.items()}
    return [with_text_keys(item) for item in node] if isinstance(node, list) else node
