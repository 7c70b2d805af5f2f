"""Spec folder → sources: load, choose the edition, validate, render, format."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from cosem.codegen.devices import LeftOut, apply_chains, devices_that_fit, load_chains
from cosem.codegen.emit import apdu as emit_apdu
from cosem.codegen.emit import model as emit_model
from cosem.codegen.emit import obis as emit_obis
from cosem.codegen.emit import schema as emit_schema
from cosem.codegen.emit.device import render_devices
from cosem.codegen.emit.format import black_format
from cosem.codegen.emit.overlay_schema import overlay_schema
from cosem.codegen.errors import Mistakes
from cosem.codegen.ir.apdu import ApduModel
from cosem.codegen.ir.model import Model
from cosem.codegen.ir.obis import ObisModel
from cosem.codegen.ir.overlay import DeviceModel
from cosem.codegen.load.apdu import check_apdu, load_apdu
from cosem.codegen.load.classes import load_classes
from cosem.codegen.load.editions import load_editions
from cosem.codegen.load.obis import load_obis
from cosem.codegen.load.types import load_type_files
from cosem.codegen.passes.apdu_edition import apdu_at_edition
from cosem.codegen.passes.edition import at_edition
from cosem.codegen.passes.editions import BLUE, GREEN, Choice, choose
from cosem.codegen.passes.obis_edition import obis_at_edition
from cosem.codegen.passes.validate import validate
from cosem.codegen.passes.validate_lives import apdu_lives, check_codes_and_classes, check_lives, obis_lives

MUCH = 20_000
"""Characters from which on it pays to start processes that format them."""
PARTS = {
    "model": ("classes/", "types/"),
    "apdu": ("apdu/",),
    "obis": ("obis/",),
    "devices": ("classes/", "types/", "overlays/", "quirks.yaml"),
}
"""Package of ``generated/cosem`` → the files of the spec that it is made from, beside ``editions.yaml``."""


@dataclass(frozen=True, slots=True)
class Spec:
    """What the spec folder states; a folder may do without APDUs, OBIS codes or overlays.

    ``choice`` are the editions that it is the state of, ``parts`` the PARTS that were asked for. ``left_out`` are
    overlays that need what these editions do not know.
    """

    model: Model
    apdu: ApduModel | None
    obis: ObisModel | None
    choice: Choice
    parts: frozenset[str]
    devices: tuple[DeviceModel, ...] = ()
    left_out: tuple[LeftOut, ...] = ()


def load_model(folder: Path, mistakes: Mistakes) -> Model:
    """The object model, as written: every edition, not yet validated."""
    return Model(
        load_editions(folder / "editions.yaml", mistakes),
        load_type_files(folder / "types", mistakes),
        load_classes(folder / "classes", mistakes),
    )


def load_whole(
    folder: Path, mistakes: Mistakes, parts: Collection[str] = PARTS, *, rules: bool = True
) -> Spec:
    """Everything that a folder states of some parts, of every edition; mistakes are noted. Devices are not in it.

    Without ``rules`` it need not keep them: a rule may be younger than what it is read for.
    """
    if "model" in parts or "devices" in parts:
        model = load_model(folder, mistakes)
        validate(model, mistakes if rules else Mistakes())
    else:
        model = Model(load_editions(folder / "editions.yaml", mistakes), (), ())
    apdu = load_apdu(folder, mistakes) if "apdu" in parts and (folder / "apdu").is_dir() else None
    obis = load_obis(folder, mistakes) if "obis" in parts and (folder / "obis").is_dir() else None
    if apdu is not None and rules:
        check_lives(apdu_lives(apdu), model.editions, GREEN, mistakes)
    if obis is not None and rules:
        check_lives(obis_lives(obis), model.editions, BLUE, mistakes)
    return Spec(model, apdu, obis, Choice.of(model.editions), frozenset(parts))


def at_choice(whole: Spec, choice: Choice) -> Spec:
    """What some editions know of the whole."""
    return replace(
        whole,
        model=at_edition(whole.model, choice),
        apdu=whole.apdu and apdu_at_edition(whole.apdu, choice),
        obis=whole.obis and obis_at_edition(whole.obis, choice),
        choice=choice,
    )


def check_edition(spec: Spec, name: str, mistakes: Mistakes) -> None:
    """Note what does not hang together in one edition of a whole that does: what is named and is not there yet, or no
    more.
    """
    found = Mistakes()
    validate(spec.model, found, unused=False)
    if spec.apdu is not None:
        check_apdu(spec.apdu, found, edition=True)
    for mistake in found.found:
        mistakes.add(mistake.span, f"{mistake.text} (in {name})")


def load_spec(
    folder: Path, edition: str | None = None, parts: Collection[str] = PARTS, *, rules: bool = True
) -> Spec:
    """The checked spec, as the editions of ``bb14+gb9`` have it; of a book that is not named, the newest.

    What stands in parts that are not asked for is left out; ``rules`` as in :func:`load_whole`. Raises SpecError with
    every mistake.
    """
    mistakes = Mistakes()
    whole = load_whole(folder, mistakes, parts, rules=rules)
    choice = choose(whole.model.editions, edition or "", mistakes)
    mistakes.check()
    newest = at_choice(whole, whole.choice)
    spec = newest if choice == whole.choice else at_choice(whole, choice)
    check_edition(spec, edition or "the newest edition", mistakes if rules else Mistakes())
    if "devices" not in parts:
        mistakes.check()
        return spec
    chains, quirks = load_chains(folder, mistakes)
    devices = apply_chains(newest.model, chains, quirks, mistakes)
    mistakes.check()
    if spec is newest:
        return replace(spec, devices=devices)
    devices, left_out = devices_that_fit(spec.model, chains, quirks)
    return replace(spec, devices=devices, left_out=left_out)


def check_all_editions(folder: Path) -> Spec:
    """The spec as the newest editions have it, every other one checked, too. Raises SpecError with every mistake."""
    spec, mistakes = load_spec(folder), Mistakes()
    whole = load_whole(folder, mistakes)
    if whole.obis is not None:
        check_codes_and_classes(whole.model, whole.obis, mistakes)
    for edition in whole.model.editions:
        choice = choose(whole.model.editions, edition.id, mistakes)
        if choice != whole.choice:
            check_edition(at_choice(whole, choice), edition.id, mistakes)
    mistakes.check()
    return spec


def render(spec: Spec) -> dict[str, str]:
    """Path under ``generated/`` → source, before black."""
    sources = emit_model.render(spec.model) if "model" in spec.parts else {}
    if spec.apdu is not None:
        sources |= emit_apdu.render(spec.apdu)
    if spec.obis is not None:
        sources |= emit_obis.render(spec.obis)
    sources |= render_devices(spec.devices)
    packages = {"/".join(path.split("/")[:2]) for path in sources}
    sources |= {f"{package}/py.typed": "" for package in packages}
    return dict(sorted(sources.items()))


def format_all(sources: Mapping[str, str]) -> dict[str, str]:
    """Every Python source as black writes it, in a process for each core where there is enough to do."""
    # The longest first: else one core is left with it at the end, and the others wait.
    python = sorted((path for path in sources if path.endswith(".py")), key=lambda path: -len(sources[path]))
    raw = [sources[path] for path in python]
    if sum(map(len, raw)) < MUCH:
        done = [black_format(source) for source in raw]
    else:
        # Imported where it is needed: after an edit there is hardly ever so much to do.
        from concurrent.futures import ProcessPoolExecutor

        with ProcessPoolExecutor() as pool:
            done = list(pool.map(black_format, raw))
    return {**sources, **dict(zip(python, done, strict=True))}


def schemas() -> dict[str, str]:
    """Path under ``spec/`` → JSON Schema of a file format."""
    return {
        "schema/class.schema.json": emit_schema.class_schema(),
        "schema/obis.schema.json": emit_schema.obis_schema(),
        "schema/overlay.schema.json": overlay_schema(),
        "schema/types.schema.json": emit_schema.types_schema(),
    }
