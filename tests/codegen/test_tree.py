"""Build, check and prune: one code path, and nothing is touched that need not be."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from cosem.codegen.cli import main
from cosem.codegen.emit.manifest import read_manifest
from cosem.codegen.errors import Mistakes
from cosem.codegen.passes.edition import at_edition
from cosem.codegen.passes.editions import Choice
from cosem.codegen.pipeline import load_model, schemas

ROOT = Path(__file__).resolve().parents[2]
SPEC = ROOT / "spec"
CLASS = """\
class: {id: 900, name: Thing}
versions:
  0:
    ref: XX 1
    attributes: {2: {name: value, type: enum State}}
  1:
    ref: XX 2
    since: bb13
    extends: 0
    attributes: {3: {name: limit, type: unsigned}}
types:
  State: {enum: {0: off, 1: on, 2: {name: dimmed, since: bb13}}}
"""
EDITIONS = """\
books:
  blue:
    title: Blue Book
    editions: {bb12: {title: Edition 12}, bb13: {title: Edition 13}}
"""


@pytest.fixture
def spec(tmp_path: Path) -> Path:
    folder = tmp_path / "spec"
    (folder / "classes").mkdir(parents=True)
    (folder / "classes" / "0900_thing.yaml").write_text(CLASS, "utf-8")
    (folder / "editions.yaml").write_text(EDITIONS, "utf-8")
    return folder


def run(command: str, spec: Path, *more: str) -> int:
    out = [] if command in ("lint", "schema") else ["--out", str(spec.parent / "out")]
    return main([command, "--spec", str(spec), *out, *more])


def snapshot(folder: Path) -> dict[str, tuple[bytes, int]]:
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {str(path.relative_to(folder)): (path.read_bytes(), path.stat().st_mtime_ns) for path in files}


def test_a_second_build_writes_nothing(spec: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("build", spec) == 0
    before = snapshot(spec.parent)
    capsys.readouterr()
    assert run("build", spec) == 0
    assert capsys.readouterr().out == "5 files, 0 written, 0 removed\n"
    assert snapshot(spec.parent) == before


def test_two_builds_elsewhere_give_the_same_octets(spec: Path) -> None:
    run("build", spec)
    shutil.copytree(spec, spec.parent / "b" / "spec")
    run("build", spec.parent / "b" / "spec")
    one, other = snapshot(spec.parent / "out"), snapshot(spec.parent / "b" / "out")
    assert {path: octets for path, (octets, _) in one.items()} == {
        path: octets for path, (octets, _) in other.items()
    }


def test_a_removed_tree_is_built_again(spec: Path) -> None:
    run("build", spec)
    before = {path: octets for path, (octets, _) in snapshot(spec.parent / "out").items()}
    shutil.rmtree(spec.parent / "out" / "cosem")
    run("build", spec)
    assert {path: octets for path, (octets, _) in snapshot(spec.parent / "out").items()} == before


def test_check_after_build_is_content_and_writes_nothing(
    spec: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run("build", spec)
    before = snapshot(spec.parent)
    assert run("check", spec) == 0
    assert run("check", spec, "--full") == 0
    assert "up to date" in capsys.readouterr().out
    assert snapshot(spec.parent) == before


def test_check_names_what_differs(spec: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run("build", spec)
    module = spec.parent / "out" / "cosem" / "model" / "c0900_thing.py"
    module.write_text(module.read_text("utf-8") + "# edited\n", "utf-8")
    assert run("check", spec) == 1
    assert "cosem/model/c0900_thing.py: differs" in capsys.readouterr().err
    module.unlink()
    assert run("check", spec) == 1
    assert "cosem/model/c0900_thing.py: missing" in capsys.readouterr().err


def test_check_sees_a_changed_spec(spec: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run("build", spec)
    path = spec / "classes" / "0900_thing.yaml"
    path.write_text(CLASS.replace("limit", "bound"), "utf-8")
    assert run("check", spec) == 1
    assert "c0900_thing.py: differs" in capsys.readouterr().err


def test_a_renamed_class_leaves_no_stale_file(spec: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run("build", spec)
    (spec / "classes" / "0900_thing.yaml").rename(spec / "classes" / "0900_object.yaml")
    by_hand = spec.parent / "out" / "cosem" / "model" / "notes.py"
    by_hand.write_text("# mine\n", "utf-8")
    assert run("check", spec) == 1
    assert "c0900_thing.py: stale" in capsys.readouterr().err
    assert run("build", spec) == 0
    assert not (spec.parent / "out" / "cosem" / "model" / "c0900_thing.py").exists()
    assert by_hand.exists()


def test_an_edition_is_built_as_it_knew_the_classes(spec: Path) -> None:
    run("build", spec, "--edition", "bb12")
    source = (spec.parent / "out" / "cosem" / "model" / "c0900_thing.py").read_text("utf-8")
    assert "ThingV0" in source
    assert "ThingV1" not in source
    assert "DIMMED" not in source
    assert run("check", spec, "--full") == 0


def test_an_edition_that_is_not_known_is_a_mistake(spec: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("build", spec, "--edition", "bb1") == 1
    assert "'bb1' is no edition" in capsys.readouterr().err


def test_mistakes_are_printed_with_their_place_and_nothing_is_written(
    spec: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (spec / "classes" / "0900_thing.yaml").write_text(CLASS.replace("unsigned", "unsinged"), "utf-8")
    for command in ("build", "lint", "check"):
        assert run(command, spec) == 1
        assert "classes/0900_thing.yaml:10:41: no type is called unsinged" in capsys.readouterr().err
    assert not (spec.parent / "out").exists()


def test_wrong_usage_is_exit_code_2(spec: Path) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["build", "--colour"])
    assert stopped.value.code == 2


def test_the_generator_imports_nothing_of_ours(spec: Path) -> None:
    program = (
        "import sys; sys.path.insert(0, {root!r})\n"
        "from cosem.codegen.cli import main\n"
        "code = main(['build', '--spec', {spec!r}, '--out', {out!r}])\n"
        "ours = [name for name in sys.modules if name.startswith('cosem.') and not name.startswith('cosem.codegen')]\n"
        "sys.exit(code or bool(ours) and str(ours))\n"
    ).format(root=str(ROOT / "codegen"), spec=str(spec), out=str(spec.parent / "out"))
    # -S leaves the editable install's path file out: only codegen/ and the third-party libraries are there.
    paths = os.pathsep.join(path for path in sys.path if path.endswith("site-packages"))
    done = subprocess.run(
        [sys.executable, "-S", "-c", program],
        env={**os.environ, "PYTHONPATH": paths}, capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


def test_an_unchanged_tree_is_checked_without_the_rendering_libraries() -> None:
    program = (
        "import sys; from cosem.codegen.cli import main; main(['check'])\n"
        "print(sorted({'black', 'jinja2', 'lark', 'yaml'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False, cwd=ROOT
    )
    assert done.stdout.splitlines()[-1] == "[]", done.stdout + done.stderr


def test_the_committed_tree_is_up_to_date() -> None:
    assert main(["check"]) == 0


def test_schemas_accept_the_spec_and_refuse_unknown_keys() -> None:
    import yaml

    texts = {Path(path).name: json.loads(text) for path, text in schemas().items()}
    for name, folder in (("class.schema.json", "classes"), ("types.schema.json", "types")):
        Draft202012Validator.check_schema(texts[name])
        validator = Draft202012Validator(texts[name])
        for path in sorted((SPEC / folder).glob("*.yaml")):
            body = _with_text_keys(yaml.safe_load(path.read_text("utf-8")))
            assert [error.message for error in validator.iter_errors(body)] == [], path.name
            assert isinstance(body, dict)
            assert not validator.is_valid({**body, "colour": "red"})


def test_the_newest_edition_is_everything() -> None:
    model = load_model(SPEC, Mistakes())
    kept = at_edition(model, Choice.of(model.editions))
    assert [cls.id for cls in kept.classes] == [cls.id for cls in model.classes if cls.versions]


def test_the_manifest_is_small_enough_to_check_at_once() -> None:
    manifest = read_manifest(ROOT / "generated")
    assert manifest is not None
    assert set(manifest.inputs) >= {"editions.yaml", "classes/0003_register.yaml"}
    assert "cosem/model/c0003_register.py" in manifest.outputs


def _with_text_keys(node: object) -> object:
    if isinstance(node, dict):
        return {str(key): _with_text_keys(value) for key, value in node.items()}
    if isinstance(node, list):
        return [_with_text_keys(item) for item in node]
    return node
