"""Who may import whom: the import table of the architecture, kept by walking every import."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SOURCE_ROOTS = ("runtime", "generated", "codegen")
LARGEST_FILE = 500

STANDS_ON = {
    "core": set[str](),
    "apdu": {"core"},
    "obis": {"core"},
    "model": {"core"},
    "devices": {"core", "model", "obis"},
    "link": {"core"},
    "security": {"core"},
    "session": {"core", "apdu", "security"},
    "transport": {"core", "link"},
    "client": {"core", "apdu", "obis", "session", "transport"},
    "server": {"core", "apdu", "session", "transport"},
    "sim": {"core", "model", "obis", "devices", "server"},
    "cli": {
        *("core", "apdu", "obis", "model", "devices", "link", "security", "session", "transport"),
        *("client", "server", "sim"),
    },
    "codegen": set[str](),
}  # fmt: skip
"""Package → the packages of ours that it may import, itself aside."""

THIRD_PARTY = {
    "security": {"cryptography"},
    "core": {"numpy"},
    "transport": {"serial"},
    "sim": {"yaml"},
    "cli": {"typer", "rich", "click"},
    "codegen": {"jinja2", "lark", "yaml", "black"},
}
"""Package → what it may import from elsewhere, beside the standard library."""


def modules() -> Iterator[tuple[str, Path]]:
    for root in SOURCE_ROOTS:
        for path in sorted((ROOT / root / "cosem").rglob("*.py")):
            yield path.relative_to(ROOT / root / "cosem").parts[0], path


def imports(path: Path) -> Iterator[tuple[int, str]]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node.lineno, alias.name
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno}: imports are absolute"
            if node.module == "cosem":
                for alias in node.names:
                    yield node.lineno, f"cosem.{alias.name}"
            else:
                yield node.lineno, node.module or ""


def test_packages_import_only_what_stands_below_them() -> None:
    import sys

    wrong: list[str] = []
    for package, path in modules():
        for line, name in imports(path):
            first, _, rest = name.partition(".")
            if first == "cosem":
                target = rest.partition(".")[0]
                allowed = target == package or target in STANDS_ON[package]
            else:
                allowed = first in sys.stdlib_module_names or first in THIRD_PARTY.get(package, set())
            if not allowed:
                wrong.append(f"{path.relative_to(ROOT)}:{line}: {package} may not import {name}")
    assert not wrong, "\n".join(wrong)


def test_namespace_has_no_init() -> None:
    assert [str(path) for root in SOURCE_ROOTS for path in (ROOT / root).glob("cosem/__init__.py")] == []


def test_every_package_is_typed() -> None:
    packages = {path.parent for _, path in modules() if path.parent.parent.name == "cosem"}
    assert sorted(str(package) for package in packages if not (package / "py.typed").exists()) == []


def test_optional_and_heavy_libraries_are_imported_lazily() -> None:
    """pyserial and numpy are imported inside the functions that need them, never at module level."""
    wrong = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for _, path in modules()
        for node in ast.parse(path.read_text("utf-8")).body
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in (
            [alias.name for alias in node.names] if isinstance(node, ast.Import) else [node.module or ""]
        )
        if name.partition(".")[0] in {"serial", "numpy"}
    ]
    assert wrong == []


@pytest.mark.parametrize("root", [*SOURCE_ROOTS, "tests"])
def test_files_are_of_a_size_to_be_read(root: str) -> None:
    long = {
        str(path.relative_to(ROOT)): lines
        for path in (ROOT / root).rglob("*.py")
        if (lines := len(path.read_text("utf-8").splitlines())) > LARGEST_FILE
    }
    assert long == {}
