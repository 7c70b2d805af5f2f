"""What a difference between two states of the spec means to who used the older one."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from cosem.codegen.cli import main
from cosem.codegen.diff import Difference, compare, load_states
from cosem.codegen.ir.elements import Element

TINY = Path(__file__).parent / "golden_device" / "spec"
CLERK = "classes/0903_clerk.yaml"


@pytest.fixture
def spec(tmp_path: Path) -> Path:
    folder = Path(shutil.copytree(TINY, tmp_path / "spec"))
    shutil.rmtree(folder / "overlays")
    return folder


def state_of(name: str, spec: Path) -> list[Element]:
    return load_states(name, name, spec)[0]


def edited(spec: Path, old: str, new: str, file: str = CLERK) -> list[Difference]:
    """What changes when ``old`` is replaced by ``new`` in a file of the spec."""
    before = state_of(str(spec), spec)
    path = spec / file
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")
    return compare(before, state_of(str(spec), spec))


@pytest.mark.parametrize(
    ("old", "new", "severity", "text"),
    [
        ("3: {name: mood, type: enum Mood}", "3: {name: mood, type: enum Mood, access: read-only}",
         "BREAKING", "class 903 version 0 attribute 3: access: read-write → read-only"),
        ("type: ScalerUnit, access: read-only", "type: ScalerUnit",
         "ADDITIVE", "class 903 version 0 attribute 5: access: read-only → read-write"),
        ("type: data}", "type: unsigned}", "BREAKING", "attribute 2: type: data → unsigned"),
        ("name: mood", "name: temper", "CHANGED", "attribute 3: name: mood → temper"),
        ("1: busy", "1: busy, 2: tired", "ADDITIVE", "class 903 type Mood member 2: is new"),
        ("calm, 1: busy", "calm", "BREAKING", "class 903 type Mood member 1: is gone"),
        ("0: calm", "0: idle", "CHANGED", "class 903 type Mood member 0: name: calm → idle"),
        ("rest, takes: integer", "rest, takes: unsigned", "BREAKING", "method 1: takes: integer → unsigned"),
        ("takes: integer, optional: false", "takes: integer", "BREAKING", "presence: mandatory → optional"),
    ],
)  # fmt: skip
def test_a_difference_is_as_severe_as_it_is(spec: Path, old: str, new: str, severity: str, text: str) -> None:
    found = edited(spec, old, new)
    assert {difference.severity.name for difference in found} == {severity}
    assert any(text in str(difference) for difference in found), list(map(str, found))


def test_docs_and_references_make_no_difference(spec: Path) -> None:
    assert edited(spec, "ref: XX 2", "ref: XX 3") == []
    assert edited(spec, "doc: Keeps papers.", "doc: Keeps files.") == []


def test_a_difference_has_its_file_and_line(spec: Path) -> None:
    found = edited(spec, "1: busy", "1: busy, 2: tired")
    lines = (spec / CLERK).read_text("utf-8").splitlines()
    assert [each.span.file for each in found] == [CLERK]
    assert "2: tired" in lines[found[0].span.line - 1]


def test_a_new_element_of_a_structure_breaks(spec: Path) -> None:
    found = edited(spec, "unit: enum Unit}}", "unit: enum Unit, note: data}}", "types/units.yaml")
    assert {str(each.severity.name) for each in found} == {"BREAKING"}


def test_what_is_in_a_new_element_is_not_listed_again(spec: Path) -> None:
    text = (spec / CLERK).read_text("utf-8").replace("id: 903, name: Clerk", "id: 904, name: Boss")
    before = state_of(str(spec), spec)
    (spec / "classes" / "0904_boss.yaml").write_text(text, "utf-8")
    assert [str(each) for each in compare(before, state_of(str(spec), spec))] == [
        "additive  classes/0904_boss.yaml:1: class 904: is new"
    ]


def test_editions_are_compared_as_they_knew_the_classes() -> None:
    found = compare(*load_states("bb12", "bb13", TINY))
    assert [(each.severity.name, each.element) for each in found] == [("ADDITIVE", "class 903 version 1")]
    back = compare(*load_states("bb13", "bb12", TINY))
    assert [each.severity.name for each in back] == ["BREAKING"]


def test_an_overlay_is_compared_with_the_spec_or_another_overlay() -> None:
    overlay = str(TINY / "overlays" / "acme.yaml")
    office = str(TINY / "overlays" / "office.yaml")
    found = {
        each.element: each.severity.name for each in compare(state_of(office, TINY), state_of(overlay, TINY))
    }
    assert found["object count"] == "ADDITIVE"
    assert found["class 903 version 0 attribute -1"] == "ADDITIVE"
    assert found["class 903 version 0 method 1"] == "BREAKING"
    assert "object first_clerk" not in found


def test_a_git_revision_is_compared_with_the_folder(spec: Path) -> None:
    git = ["git", "-C", str(spec.parent), "-c", "user.name=x", "-c", "user.email=x@example.com"]
    for command in (["init", "-q"], ["add", "."], ["commit", "-q", "-m", "one"]):
        subprocess.run([*git, *command], check=True, timeout=30)
    path = spec / CLERK
    path.write_text(path.read_text("utf-8").replace("1: busy", "1: busy, 2: tired"), "utf-8")
    found = compare(state_of("HEAD", spec), state_of(str(spec), spec))
    assert [each.element for each in found] == ["class 903 type Mood member 2"]


def test_the_exit_code_says_whether_something_breaks(capsys: pytest.CaptureFixture[str]) -> None:
    tiny = ["--spec", str(TINY)]
    assert main(["diff", "bb12", "bb13", *tiny]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "1 additive, 0 changed, 0 breaking"
    assert main(["diff", "bb13", "bb12", "--json", *tiny]) == 1
    assert json.loads(capsys.readouterr().out) == [
        {
            "severity": "breaking", "element": "class 903 version 1", "fact": "", "before": "version", "after": "",
            "file": CLERK, "line": 13,
        }
    ]  # fmt: skip
    assert main(["diff", "nowhere", "bb12", *tiny]) == 1
    assert "'nowhere' is no edition, git revision" in capsys.readouterr().err
