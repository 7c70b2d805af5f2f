"""A maker's own package, from overlay files."""

from __future__ import annotations

import keyword
from collections.abc import Sequence
from pathlib import Path

from cosem.codegen.devices import load_own_device
from cosem.codegen.emit.device import render_project
from cosem.codegen.emit.sink import DiskSink, put_all
from cosem.codegen.errors import Mistakes
from cosem.codegen.ir.names import is_snake
from cosem.codegen.ir.overlay import DeviceModel
from cosem.codegen.pipeline import Spec, format_all, load_spec


def load_project(spec: Path, files: Sequence[Path], edition: str | None = None) -> tuple[Spec, DeviceModel]:
    """A spec folder, and the device that overlay files describe on top of it. Raises SpecError with every mistake."""
    base, mistakes = load_spec(spec, edition), Mistakes()
    device = load_own_device(spec, base.model, files, mistakes)
    mistakes.check()
    assert device is not None
    return base, device


def build_project(
    spec: Path, files: Sequence[Path], package: str, root: Path, edition: str | None = None
) -> tuple[int, list[str], list[str]]:
    """Write the package into ``root``; gives the number of files, those written and those removed. Raises SpecError."""
    _, device = load_project(spec, files, edition)
    sources = format_all(render_project(device, package))
    inside = {path: text for path, text in sources.items() if path.startswith(f"{package}/")}
    outer, inner = DiskSink(root), DiskSink(root / package)
    for path in sources.keys() - inside.keys():
        outer.put(path, sources[path])
    # Only the package itself is cleared of what is generated no more; beside it may stand other trees.
    put_all(inner, {path.removeprefix(f"{package}/"): text for path, text in inside.items()})
    written = [*outer.written, *(f"{package}/{path}" for path in inner.written)]
    return len(sources), sorted(written), [f"{package}/{path}" for path in inner.removed]


def is_package_name(name: str) -> bool:
    """Whether a package can be called so: one word in snake_case, and not ``cosem``."""
    return is_snake(name) and not keyword.iskeyword(name) and name != "cosem"
