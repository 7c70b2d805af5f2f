"""``build --overlay``: a package that is installed, typed and found."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
import yaml
from jsonschema import Draft202012Validator
from tests.devices.overlays import assert_decodes

from cosem.codegen.cli import main
from cosem.codegen.errors import Mistakes
from cosem.codegen.load.overlay import load_overlay, load_quirks
from cosem.codegen.pipeline import schemas
from cosem.core.device import Quirk
from cosem.core.device_registry import load_device

ROOT = Path(__file__).resolve().parents[2]
SPEC = ROOT / "spec"
EXAMPLES = ROOT / "docs" / "examples"
OVERLAYS = [str(EXAMPLES / name) for name in ("example_grid.yaml", "em3.yaml")]
ROOTS = [str(ROOT / name) for name in ("runtime", "generated")]
USE = """\
from example_em3 import CATALOGUE, DEVICE, ExampleEM3, TamperCause
from cosem.core.access import MethodCall, ReadOnly
from cosem.model import RegisterV0

count: ReadOnly[int] = ExampleEM3.active_energy_import(e=1).tamper_count
cause: ReadOnly[TamperCause] | None = ExampleEM3.last_cause.value
tested: MethodCall[bool] = ExampleEM3.breaker.test_breaker()
assert str(count) == "1.0.1.8.1.255 Register tamper_count"
assert CATALOGUE[3, 0] is not RegisterV0 and CATALOGUE[3, 0].ATTRIBUTES[-1].name == "tamper_count"
assert (15, 1) in CATALOGUE and 0 in CATALOGUE.versions(8192)
assert DEVICE.fits(flag="ZZX", device_name="ZZX3000001", firmware="2.7")
"""
SERVE = """\
from cosem.client import connect_blocking
from cosem.core.datetime import InvertedDateTime
from cosem.server import serve_in_thread
from cosem.sim import Meter, device_file, find_package
from example_em3 import CATALOGUE, DEVICE, ExampleEM3, TamperCause, TamperEvent

package = find_package("example_em3")
meter = Meter(device_file(package, "transformer_connected"), serial=1).device()
with serve_in_thread(meter) as address, connect_blocking(address, device=DEVICE, association="public") as client:
    points = ExampleEM3.tariff_points(e=1)
    assert str(client.read(points)).endswith(" TP")
    moments = client.get(ExampleEM3.clock.time)
    assert isinstance(moments, InvertedDateTime)
    event, *_ = client.get(ExampleEM3.tamper_log.events)
    assert isinstance(event, TamperEvent) and isinstance(event.cause, TamperCause)
    found = {each.logical_name: each.object for each in client.objects(CATALOGUE)}
    assert found[ExampleEM3.tamper_log.logical_name] == ExampleEM3.tamper_log
    assert ExampleEM3.breaker.logical_name not in found
    assert client.identify({"em3": DEVICE}) is DEVICE
"""


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example overlay as somebody's own package."""
    root = tmp_path_factory.mktemp("project")
    assert main(["build", "--overlay", *OVERLAYS, "--package", "example_em3", "--out", str(root)]) == 0
    (root / "use.py").write_text(USE, "utf-8")
    (root / "serve.py").write_text(SERVE, "utf-8")
    settings = {"typeCheckingMode": "strict", "pythonVersion": "3.11", "extraPaths": ROOTS}
    (root / "pyrightconfig.json").write_text(json.dumps(settings), "utf-8")
    return root


def run(package: Path, *command: str) -> subprocess.CompletedProcess[str]:
    path = os.pathsep.join([*ROOTS, str(package)])
    env = {**os.environ, "PYTHONPATH": path, "MYPYPATH": path}
    return subprocess.run(
        [sys.executable, *command],
        cwd=package,
        env=env,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def test_the_package_is_used_as_its_types_say(package: Path) -> None:
    done = run(package, "use.py")
    assert done.returncode == 0, done.stderr


def test_a_meter_of_the_package_is_served_and_read_with_its_units_classes_and_quirks(package: Path) -> None:
    done = run(package, "serve.py")
    assert done.returncode == 0, done.stderr


def test_what_was_captured_decodes_as_the_overlay_says(
    package: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(package)
    overlay = load_overlay(Path(OVERLAYS[-1]), "em3.yaml", Mistakes())
    assert overlay is not None
    assert [each.list for each in overlay.captures] == ["list_1", "customer_port"]
    for capture in overlay.captures:
        assert_decodes(load_device("example_em3"), capture)


def test_the_package_passes_mypy_strict(package: Path) -> None:
    options = ["--config-file=", "--strict", "--explicit-package-bases", "--namespace-packages"]
    done = run(package, "-m", "mypy", *options, f"--cache-dir={package / 'cache'}", "example_em3", "use.py")
    assert done.returncode == 0, done.stdout


def test_the_package_passes_pyright_strict(package: Path) -> None:
    done = run(package, "-m", "pyright", "-p", str(package))
    assert done.returncode == 0, done.stdout


def test_the_package_is_built_into_a_typed_wheel_that_registers_itself(package: Path, tmp_path: Path) -> None:
    done = run(package, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path))
    assert done.returncode == 0, done.stderr
    with zipfile.ZipFile(tmp_path / "example_em3-1.0.0-py3-none-any.whl") as wheel:
        assert "example_em3/py.typed" in wheel.namelist()
        entries = wheel.read("example_em3-1.0.0.dist-info/entry_points.txt").decode()
    assert entries.split() == ["[cosem.overlays]", "example_em3", "=", "example_em3:DEVICE"]


def test_a_second_build_writes_nothing_and_a_stale_module_goes(
    package: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["build", "--overlay", *OVERLAYS, "--package", "example_em3", "--out", str(package)]
    stale, own = package / "example_em3" / "c0999_gone.py", package / "example_em3" / "notes.py"
    beside = package / "generated.py"
    for path in (stale, beside):
        path.write_text("# Generated by cosem-codegen from nothing; do not edit.\n", "utf-8")
    own.write_text("# mine\n", "utf-8")
    capsys.readouterr()
    assert main(command) == 0
    assert capsys.readouterr().out.endswith(" 0 written, 1 removed\n")
    assert (stale.exists(), own.exists(), beside.exists()) == (False, True, True)
    own.unlink()
    beside.unlink()


@pytest.mark.parametrize("name", ["Acme", "a-b", "class", "cosem", "a.b"])
def test_a_package_has_a_name_that_can_be_imported(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["build", "--overlay", *OVERLAYS, "--package", name, "--out", str(tmp_path)]) == 2
    assert "no package name" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_overlay_package_and_out_belong_together(tmp_path: Path) -> None:
    for options in (["--overlay", "x.yaml"], ["--package", "x", "--out", str(tmp_path)]):
        with pytest.raises(SystemExit) as stopped:
            main(["build", *options])
        assert stopped.value.code == 2


def test_mistakes_of_an_own_overlay_are_printed_with_its_path(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text("overlay: {name: mine, title: Mine}\nsources: {}\nlnk: {}\n", "utf-8")
    assert main(["build", "--overlay", str(path), "--package", "mine", "--out", str(tmp_path)]) == 1
    assert f"{path}:3:1: an overlay has no 'lnk'; did you mean 'link'?" in capsys.readouterr().err


def test_the_schema_accepts_the_overlays_and_refuses_unknown_keys() -> None:
    schema = json.loads(schemas()["schema/overlay.schema.json"])
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema)
    for path in sorted([*(SPEC / "overlays").glob("*.yaml"), *EXAMPLES.glob("*.yaml")]):
        body = _with_text_keys(yaml.safe_load(path.read_text("utf-8")))
        assert isinstance(body, dict)
        assert [error.message for error in validator.iter_errors(body)] == [], path.name
        assert not validator.is_valid({**body, "colour": "red"})


def _with_text_keys(node: object) -> object:
    if isinstance(node, dict):
        return {str(key): _with_text_keys(value) for key, value in node.items()}
    if isinstance(node, list):
        return [_with_text_keys(item) for item in node]
    return node


def test_every_quirk_of_the_spec_is_a_switch_of_the_runtime() -> None:
    known = load_quirks(SPEC / "quirks.yaml", Mistakes())
    assert [each.name for each in known] == [each.value for each in Quirk]
