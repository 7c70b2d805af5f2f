"""Drafts of spec files have no mistakes."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from cosem.codegen.cli import main

TINY = Path(__file__).parent / "golden_device" / "spec"


@pytest.fixture
def spec(tmp_path: Path) -> Path:
    folder = Path(shutil.copytree(TINY, tmp_path / "spec"))
    # The draft of an overlay lists a clock.
    clock = "class: {id: 8, name: Clock}\nversions: {0: {ref: XX 1}}\n"
    (folder / "classes" / "0008_clock.yaml").write_text(clock, "utf-8")
    return folder


def test_the_draft_of_a_class_has_no_mistakes(spec: Path) -> None:
    assert main(["new-class", "900", "S-FSK Phy&MAC setup", "--spec", str(spec)]) == 0
    text = (spec / "classes" / "0900_s_fsk_phy_mac_setup.yaml").read_text("utf-8")
    assert 'class: {id: 900, name: "S-FSK Phy&MAC setup"}' in text
    assert main(["lint", "--spec", str(spec)]) == 0


def test_the_draft_of_an_overlay_has_no_mistakes(spec: Path) -> None:
    assert main(["new-overlay", "my_meter", "--spec", str(spec)]) == 0
    assert (
        (spec / "overlays" / "my_meter.yaml")
        .read_text("utf-8")
        .startswith("# yaml-language-server: $schema=../")
    )
    assert main(["lint", "--spec", str(spec)]) == 0


def test_an_overlay_that_does_not_say_where_its_sources_end_is_noted(
    spec: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["lint", "--spec", str(spec)]) == 0
    notes = [line for line in capsys.readouterr().out.splitlines() if ": note: " in line]
    assert [line.rpartition("/")[2] for line in notes] == [
        "office.yaml:1:10: note: nothing says where its sources end; 'ends' does"
    ]


def test_the_draft_of_an_overlay_elsewhere_builds(spec: Path, tmp_path: Path) -> None:
    assert main(["new-overlay", "my_meter", "--spec", str(spec), "--out", str(tmp_path)]) == 0
    own = [
        "--overlay",
        str(tmp_path / "my_meter.yaml"),
        "--package",
        "my_meter",
        "--out",
        str(tmp_path / "out"),
    ]
    assert main(["build", "--spec", str(spec), *own]) == 0
    assert (tmp_path / "out" / "my_meter" / "device.py").is_file()


@pytest.mark.parametrize(
    "command",
    [
        ["new-class", "903", "Boss"],
        ["new-class", "70000", "Boss"],
        ["new-class", "900", "/"],
        ["new-overlay", "My-Meter"],
        ["new-overlay", "acme"],
    ],
)
def test_a_draft_overwrites_nothing_and_has_a_name(command: list[str], spec: Path) -> None:
    before = {path: path.read_bytes() for path in spec.rglob("*.yaml")}
    assert main([*command, "--spec", str(spec)]) == 2
    assert {path: path.read_bytes() for path in spec.rglob("*.yaml")} == before
