"""A maker's own package, from overlay files."""

from __future__ import annotations

import keyword
from collections.abc import Collection, Sequence
from pathlib import Path

from cosem.codegen.devices import load_own_device
from cosem.codegen.emit.device import render_project
from cosem.codegen.emit.sink import DiskSink, put_all
from cosem.codegen.errors import Mistakes
from cosem.codegen.ir.names import is_snake
from cosem.codegen.ir.overlay import DeviceModel
from cosem.codegen.pipeline import Spec, format_all, load_spec


def load_project(
    spec: Path, files: Sequence[Path], edition: str | None = None, parts: Collection[str] = ("model",)
) -> tuple[Spec, DeviceModel]:
    """Some parts of a spec folder, as an edition has them, and the device that overlay files describe on top of it.

    Raises SpecError with every mistake.
    """
    base, mistakes = load_spec(spec, edition, parts), Mistakes()
    device = load_own_device(spec, base.model, files, mistakes)
    if mistakes.found and edition:
        mistakes = _by_edition(spec, files, edition, mistakes)
    mistakes.check()
    assert device is not None
    return base, device


def _by_edition(spec: Path, files: Sequence[Path], edition: str, mistakes: Mistakes) -> Mistakes:
    """The mistakes, each with a word about the edition where the newest would do."""
    newest, said = Mistakes(), Mistakes()
    load_own_device(spec, load_spec(spec, parts=("model",)).model, files, newest)
    always = {*newest.found}
    for mistake in mistakes.found:
        told = "" if mistake in always else f" (in {edition}; the newest edition has what is needed)"
        said.add(mistake.span, f"{mistake.text}{told}")
    return said


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
