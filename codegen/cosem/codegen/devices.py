"""Overlays of a spec folder, and makers' own on top of it, applied to the object model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from cosem.codegen.errors import Mistake, Mistakes
from cosem.codegen.ir.model import Model
from cosem.codegen.ir.overlay import DeviceModel, Overlay, QuirkDef
from cosem.codegen.load.overlay import load_overlay, load_overlays, load_quirks
from cosem.codegen.passes.overlay import apply_overlays, chain_of, check_matches, known_by_name

Chain: TypeAlias = tuple[Overlay, ...]
"""An overlay, behind those that it extends."""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A device that an edition cannot have, and what it asks for in vain."""

    name: str
    mistakes: tuple[Mistake, ...]


def load_chains(folder: Path, mistakes: Mistakes) -> tuple[tuple[Chain, ...], tuple[QuirkDef, ...]]:
    """Every overlay of a spec folder with those that it extends, and the quirks that there are; mistakes are noted."""
    quirks = tuple(load_quirks(folder / "quirks.yaml", mistakes))
    known = known_by_name(load_overlays(folder / "overlays", mistakes), mistakes)
    return tuple(chain_of([overlay], known, mistakes) for overlay in known.values()), quirks


def apply_chains(
    base: Model, chains: Sequence[Chain], quirks: Sequence[QuirkDef], mistakes: Mistakes
) -> tuple[DeviceModel, ...]:
    """Each chain as a device of its own; mistakes are noted."""
    devices = tuple(apply_overlays(base, chain, quirks, mistakes) for chain in chains)
    check_matches(devices, mistakes)
    return devices


def devices_that_fit(
    base: Model, chains: Sequence[Chain], quirks: Sequence[QuirkDef]
) -> tuple[tuple[DeviceModel, ...], tuple[LeftOut, ...]]:
    """The devices of which an older edition knows everything that they name, and the others."""
    devices: list[DeviceModel] = []
    left_out: list[LeftOut] = []
    for chain in chains:
        mistakes = Mistakes()
        device = apply_overlays(base, chain, quirks, mistakes)
        if mistakes.found:
            left_out.append(LeftOut(chain[-1].name, tuple(sorted(set(mistakes.found)))))
        else:
            devices.append(device)
    return tuple(devices), tuple(left_out)


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
