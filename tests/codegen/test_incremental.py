"""A build does what is needed and no more: it reads what changed, and a wrong spec leaves the tree as it was."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.codegen.small_spec import edit, write_spec

from cosem.codegen import pipeline
from cosem.codegen.cli import main
from cosem.codegen.devices import load_chains
from cosem.codegen.emit import manifest
from cosem.codegen.load.apdu import load_apdu
from cosem.codegen.load.obis import load_obis

THING = "classes/0900_thing.yaml"


@pytest.fixture
def spec(tmp_path: Path) -> Path:
    return write_spec(tmp_path / "spec")


def run(command: str, spec: Path, *more: str) -> int:
    return main([command, "--spec", str(spec), "--out", str(spec.parent / "out"), *more])


def octets(spec: Path) -> dict[str, bytes]:
    files = (path for path in (spec.parent / "out").rglob("*") if path.is_file())
    return {path.relative_to(spec.parent).as_posix(): path.read_bytes() for path in files}


@pytest.fixture
def loaded(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The parts that are read from now on."""
    found: list[str] = []

    def noting(part: str, load: object) -> object:
        def noted(*arguments: object) -> object:
            found.append(part)
            assert callable(load)
            return load(*arguments)

        return noted

    monkeypatch.setattr(pipeline, "load_apdu", noting("apdu", load_apdu))
    monkeypatch.setattr(pipeline, "load_obis", noting("obis", load_obis))
    monkeypatch.setattr(pipeline, "load_model", noting("model", pipeline.load_model))
    monkeypatch.setattr(pipeline, "load_chains", noting("devices", load_chains))
    return found


@pytest.mark.parametrize(
    ("file", "old", "new", "read", "written"),
    [
        (THING, "name: value, type: enum State}", "name: amount, type: enum State}", {"model", "devices"},
         "cosem/model/c0900_thing.py"),
        ("obis/one.yaml", "constant: LATE", "constant: LATER", {"obis"}, "cosem/obis/one.py"),
        ("apdu/messages.asn", "x (0)", "y (0)", {"apdu"}, "cosem/apdu/messages.py"),
        ("overlays/maker.yaml", "client: 16", "client: 17", {"model", "devices"}, "cosem/devices/maker/device.py"),
        ("quirks.yaml", "Another one", "One more", {"model", "devices"}, ""),
        ("editions.yaml", "Edition 12", "Edition twelve", {"model", "devices", "obis", "apdu"}, ""),
    ],
)  # fmt: skip
def test_a_build_reads_what_the_changed_packages_are_made_of(
    spec: Path, loaded: list[str], file: str, old: str, new: str, read: set[str], written: str
) -> None:
    run("build", spec)
    before = octets(spec)
    loaded.clear()
    edit(spec, file, old, new)
    assert run("build", spec) == 0
    assert set(loaded) == read
    changed = {path for path, text in octets(spec).items() if before.get(path) != text}
    assert "out/MANIFEST.json" in changed
    assert {path.removeprefix("out/") for path in changed} >= ({written} if written else set())
    assert run("check", spec, "--full") == 0


def test_nothing_is_read_where_nothing_changed(spec: Path, loaded: list[str]) -> None:
    run("build", spec)
    loaded.clear()
    assert run("build", spec) == 0
    assert loaded == []


@pytest.mark.parametrize(
    "path", ["cosem/obis/one.py", "cosem/model/c0900_thing.py", "cosem/devices/maker/device.py"]
)
@pytest.mark.parametrize("harm", ["edited", "removed"])
def test_a_package_that_is_not_what_was_written_is_made_again(spec: Path, path: str, harm: str) -> None:
    run("build", spec)
    before = octets(spec)
    target = spec.parent / "out" / path
    if harm == "edited":
        target.write_text("# edited\n", "utf-8")
    else:
        target.unlink()
    assert run("build", spec) == 0
    assert octets(spec) == before


def test_a_package_goes_when_its_part_of_the_spec_does(spec: Path) -> None:
    run("build", spec)
    for name in ("obis/groups.yaml", "obis/one.yaml"):
        (spec / name).unlink()
    (spec / "obis").rmdir()
    assert run("build", spec) == 0
    assert not (spec.parent / "out" / "cosem" / "obis" / "one.py").exists()
    assert run("check", spec, "--full") == 0


def test_another_generator_makes_everything_anew(
    spec: Path, loaded: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    run("build", spec)
    loaded.clear()
    monkeypatch.setattr(manifest, "tool_digest", lambda: "another")
    assert run("build", spec) == 0
    assert set(loaded) == {"model", "devices", "obis", "apdu"}


@pytest.mark.parametrize(
    ("file", "old", "new", "says"),
    [
        (THING, "type: enum State}", "type: enum Stat}", "no type is called Stat"),
        (THING, "class: {id", "class: [id", "0900_thing.yaml:1"),
        ("types/late.yaml", "x: data", "x: dat", "no type is called dat"),
        ("obis/one.yaml", "1.b.2.0.0.255", "1.b.2.0.0", "has 5 groups"),
        ("apdu/messages.asn", "old Unsigned8", "old Unsigned9", "nothing is called Unsigned9"),
        ("overlays/maker.yaml", "class: 900\n", "class: 999\n", "there is no class 999"),
        ("quirks.yaml", "no_rlrq", "no_rlr", "'no_rlrq' is no quirk"),
        ("editions.yaml", "bb13: {", "bb13x: {", "'bb13' is no edition"),
    ],
)
def test_a_wrong_spec_leaves_the_tree_as_it_was(
    spec: Path, file: str, old: str, new: str, says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    run("build", spec)
    before = octets(spec)
    edit(spec, file, old, new)
    capsys.readouterr()
    for _ in range(2):  # the second build must not take the first one's word for anything
        assert run("build", spec) == 1
        assert says in capsys.readouterr().err
        assert octets(spec) == before
    assert run("check", spec) == 1
    edit(spec, file, new, old)
    assert run("build", spec) == 0
    assert octets(spec) == before
