"""Devices on an older edition: those that fit it completely are built, the others left out, saying why."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from cosem.codegen.cli import main
from cosem.codegen.pipeline import load_spec, render
from cosem.codegen.specdir import find_spec

TINY = Path(__file__).parent / "golden_device" / "spec"
DESK = """\
overlay: {name: desk, title: Desk, from: rules}
sources:
  rules: {title: House rules, edition: "3"}
objects:
  clerk: {obis: 0.0.96.51.0.255, class: 903, version: 0}
"""


@pytest.fixture
def spec(tmp_path: Path) -> Path:
    folder = Path(shutil.copytree(TINY, tmp_path / "spec"))
    (folder / "overlays" / "desk.yaml").write_text(DESK, "utf-8")
    return folder


def test_an_edition_has_the_devices_whose_every_class_type_and_unit_it_knows(spec: Path) -> None:
    assert [each.overlay.name for each in load_spec(spec).devices] == ["acme", "desk", "office"]
    older = load_spec(spec, "bb12")
    assert [each.overlay.name for each in older.devices] == ["desk"]
    assert {each.name: [str(mistake) for mistake in each.mistakes] for each in older.left_out} == {
        "acme": [
            "overlays/acme.yaml:23:3: count: there is no class 903 version 1; add_class adds one",
            "overlays/office.yaml:7:3: second_clerk: there is no class 903 version 1; add_class adds one",
        ],
        "office": [
            "overlays/office.yaml:7:3: second_clerk: there is no class 903 version 1; add_class adds one"
        ],
    }


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("3: leaf}", "3: {name: leaf, since: bb13}}", "'leaf' is no unit"),
        ("2: sheet,", "2: {name: sheet, since: bb13},", "'sheet' is no unit"),
    ],
)
def test_a_unit_that_an_edition_does_not_know_leaves_a_device_out(
    spec: Path, old: str, new: str, says: str
) -> None:
    units = spec / "types" / "units.yaml"
    units.write_text(units.read_text("utf-8").replace(old, new), "utf-8")
    desk = spec / "overlays" / "desk.yaml"
    unit = says.split("'")[1]
    desk.write_text(
        DESK.replace("version: 0}", f"version: 0, attributes: {{5: {{scaler: 0, unit: {unit}}}}}}}"), "utf-8"
    )
    assert "desk" in {each.overlay.name for each in load_spec(spec).devices}
    (left_out,) = (each for each in load_spec(spec, "bb12").left_out if each.name == "desk")
    assert [says in mistake.text for mistake in left_out.mistakes] == [True]


def test_a_build_says_what_it_leaves_out_and_why_every_time(
    spec: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for _ in range(2):
        assert main(["build", "--spec", str(spec), "--out", str(tmp_path / "out"), "--edition", "bb12"]) == 0
        said = capsys.readouterr().out
        assert "left out cosem.devices.office:\n" in said
        assert "office.yaml:7:3: second_clerk: there is no class 903 version 1" in said
    devices = tmp_path / "out" / "cosem" / "devices"
    assert sorted(path.name for path in devices.iterdir() if path.is_dir()) == ["desk"]


def test_a_mistake_of_the_newest_edition_is_no_device_left_out(
    spec: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    desk = spec / "overlays" / "desk.yaml"
    desk.write_text(DESK.replace("version: 0}", "version: 7}"), "utf-8")
    assert main(["build", "--spec", str(spec), "--out", str(tmp_path / "out"), "--edition", "bb12"]) == 1
    assert "there is no class 903 version 7" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_an_overlay_stands_on_the_model_that_an_edition_has(
    spec: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def build(overlay: Path, edition: str) -> int:
        package = ["--package", "my_desk", "--out", str(tmp_path / edition)]
        return main(["build", "--spec", str(spec), "--overlay", str(overlay), *package, "--edition", edition])

    own = tmp_path / "own.yaml"
    own.write_text(DESK.replace("name: desk", "name: own"), "utf-8")
    assert build(own, "bb12") == 0
    own.write_text(DESK.replace("name: desk", "name: own").replace("version: 0}", "version: 1}"), "utf-8")
    capsys.readouterr()
    assert build(own, "bb13") == 0
    (tmp_path / "bb12").rename(tmp_path / "before")
    assert build(own, "bb12") == 1
    wanted = "own.yaml:5:3: clerk: there is no class 903 version 1; add_class adds one (in bb12; the newest edition"
    assert wanted in capsys.readouterr().err
    assert not (tmp_path / "bb12").exists()
    own.write_text(DESK.replace("name: desk", "name: own").replace("version: 0}", "version: 9}"), "utf-8")
    assert build(own, "bb12") == 1
    assert "no class 903 version 9; add_class adds one\n" in capsys.readouterr().err


@pytest.mark.parametrize("editions", ["bb10+gb7", "bb13", "gb8"])
def test_what_an_older_edition_is_rendered_to_is_python(editions: str) -> None:
    sources = render(load_spec(find_spec(), editions))
    assert {"cosem/apdu/__init__.py", "cosem/model/__init__.py", "cosem/obis/__init__.py"} <= sources.keys()
    for path, source in sources.items():
        if path.endswith(".py"):
            compile(source, path, "exec")
