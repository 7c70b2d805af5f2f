"""Overlays of a spec folder, and makers' own on top of it, applied to the object model."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from cosem.codegen.errors import Mistakes
from cosem.codegen.ir.model import Model
from cosem.codegen.ir.overlay import DeviceModel
from cosem.codegen.load.overlay import load_overlay, load_overlays, load_quirks
from cosem.codegen.passes.overlay import apply_overlays, chain_of, check_matches, known_by_name


def load_devices(folder: Path, base: Model, mistakes: Mistakes) -> tuple[DeviceModel, ...]:
    """Every overlay of a spec folder, each as a device of its own; mistakes are noted."""
    quirks = load_quirks(folder / "quirks.yaml", mistakes)
    known = known_by_name(load_overlays(folder / "overlays", mistakes), mistakes)
    chains = [chain_of([overlay], known, mistakes) for overlay in known.values()]
    devices = tuple(apply_overlays(base, chain, quirks, mistakes) for chain in chains)
    check_matches(devices, mistakes)
    return devices


def load_own_device(
    folder: Path, base: Model, files: Sequence[Path], mistakes: Mistakes
) -> DeviceModel | None:
    """The device of overlay files, named after the last of them; they may extend each other and the spec's own.

    None with a mistake noted if a file is no overlay.
    """
    quirks = load_quirks(folder / "quirks.yaml", mistakes)
    found = [load_overlay(file, file.resolve().as_posix(), mistakes) for file in files]
    own = [overlay for overlay in found if overlay is not None]
    if not own or len(own) < len(found):
        return None
    names = {overlay.name for overlay in own}
    shipped = [each for each in load_overlays(folder / "overlays", mistakes) if each.name not in names]
    chain = chain_of(own, known_by_name([*shipped, *own], mistakes), mistakes)
    return apply_overlays(base, chain, quirks, mistakes)
