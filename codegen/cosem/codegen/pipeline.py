"""Spec folder → sources: load, choose the edition, validate, render, format."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from cosem.codegen.devices import load_devices
from cosem.codegen.emit import apdu as emit_apdu
from cosem.codegen.emit import model as emit_model
from cosem.codegen.emit import obis as emit_obis
from cosem.codegen.emit import schema as emit_schema
from cosem.codegen.emit.device import render_devices
from cosem.codegen.emit.format import black_format
from cosem.codegen.emit.overlay_schema import overlay_schema
from cosem.codegen.errors import Mistakes, Span
from cosem.codegen.ir.apdu import ApduModel
from cosem.codegen.ir.model import Model
from cosem.codegen.ir.obis import ObisModel
from cosem.codegen.ir.overlay import DeviceModel
from cosem.codegen.load.apdu import load_apdu
from cosem.codegen.load.classes import load_classes
from cosem.codegen.load.editions import load_editions
from cosem.codegen.load.obis import load_obis
from cosem.codegen.load.types import load_type_files
from cosem.codegen.passes.edition import at_edition
from cosem.codegen.passes.obis_edition import obis_at_edition
from cosem.codegen.passes.validate import validate, validate_lives

WORKERS = 2


@dataclass(frozen=True, slots=True)
class Spec:
    """Everything that the spec folder states; a folder may do without APDUs, OBIS codes or overlays.

    Overlays stand on the newest edition: an older one has no devices.
    """

    model: Model
    apdu: ApduModel | None
    obis: ObisModel | None
    devices: tuple[DeviceModel, ...] = ()


def load_model(folder: Path, mistakes: Mistakes) -> Model:
    """The object model, as written: every edition, not yet validated."""
    return Model(
        load_editions(folder / "editions.yaml", mistakes),
        load_type_files(folder / "types", mistakes),
        load_classes(folder / "classes", mistakes),
    )


def load_spec(folder: Path, edition: str | None = None) -> Spec:
    """The checked spec, as ``edition`` has it, or as the newest. Raises SpecError with every mistake."""
    mistakes = Mistakes()
    model = load_model(folder, mistakes)
    validate(model, mistakes)
    apdu = load_apdu(folder, mistakes) if (folder / "apdu").is_dir() else None
    obis = load_obis(folder, mistakes) if (folder / "obis").is_dir() else None
    if obis is not None:
        validate_lives(obis.lives, model.editions, mistakes)
    mistakes.check()
    if edition is not None:
        if edition not in {known.id for known in model.editions}:
            mistakes.add(Span("editions.yaml"), f"{edition!r} is no edition")
            mistakes.check()
        obis = obis and obis_at_edition(obis, model.editions, edition)
        return Spec(at_edition(model, edition), apdu, obis)
    devices = load_devices(folder, model, mistakes)
    mistakes.check()
    return Spec(model, apdu, obis, devices)


def render(spec: Spec) -> dict[str, str]:
    """Path under ``generated/`` → source, before black."""
    sources = emit_model.render(spec.model)
    if spec.apdu is not None:
        sources |= emit_apdu.render(spec.apdu)
    if spec.obis is not None:
        sources |= emit_obis.render(spec.obis)
    sources |= render_devices(spec.devices)
    packages = {"/".join(path.split("/")[:2]) for path in sources}
    sources |= {f"{package}/py.typed": "" for package in packages}
    return dict(sorted(sources.items()))


def format_all(sources: Mapping[str, str]) -> dict[str, str]:
    """Every Python source as black writes it, in a few processes where there is enough to do."""
    python = [path for path in sources if path.endswith(".py")]
    raw = [sources[path] for path in python]
    if len(raw) < 8:
        done = [black_format(source) for source in raw]
    else:
        with ProcessPoolExecutor(WORKERS) as pool:
            done = list(pool.map(black_format, raw, chunksize=4))
    return {**sources, **dict(zip(python, done, strict=True))}


def schemas() -> dict[str, str]:
    """Path under ``spec/`` → JSON Schema of a file format."""
    return {
        "schema/class.schema.json": emit_schema.class_schema(),
        "schema/obis.schema.json": emit_schema.obis_schema(),
        "schema/overlay.schema.json": overlay_schema(),
        "schema/types.schema.json": emit_schema.types_schema(),
    }
