"""Overlays on top of the books: the chain that one extends, its verbs in order, and what comes of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Protocol, TypeVar

from cosem.codegen.errors import Mistakes, Span
from cosem.codegen.ir.model import Model
from cosem.codegen.ir.overlay import (
    Association,
    DeviceModel,
    LinkFact,
    Match,
    ObjectRow,
    Overlay,
    Prescribed,
    Pushed,
    QuirkDef,
    QuirkUse,
    RemoveNamed,
    TextList,
)
from cosem.codegen.passes.overlay_classes import Patcher
from cosem.codegen.passes.overlay_objects import ObjectRules
from cosem.codegen.passes.overlay_reach import reached_types, reached_versions, used_names
from cosem.codegen.passes.validate import validate


class _Named(Protocol):
    @property
    def name(self) -> str: ...

    @property
    def span(self) -> Span: ...


N = TypeVar("N", ObjectRow, Association, Pushed, QuirkUse)


def known_by_name(overlays: Iterable[Overlay], mistakes: Mistakes) -> dict[str, Overlay]:
    """Overlays by name; two of one name are a mistake."""
    found: dict[str, Overlay] = {}
    for overlay in overlays:
        twin = found.setdefault(overlay.name, overlay)
        if twin is not overlay:
            mistakes.add(overlay.span, f"{twin.file} is called {overlay.name} already")
    return found


def chain_of(
    wanted: Sequence[Overlay], known: Mapping[str, Overlay], mistakes: Mistakes
) -> tuple[Overlay, ...]:
    """The overlays that are asked for, each behind those that it extends."""
    placed: dict[str, Overlay] = {}

    def place(overlay: Overlay, below: tuple[str, ...]) -> None:
        if overlay.name in below:
            mistakes.add(overlay.span, f"{overlay.name} extends itself: {' → '.join((*below, overlay.name))}")
            return
        for name in overlay.extends:
            if name in known:
                place(known[name], (*below, overlay.name))
            else:
                near = get_close_matches(name, known, 1)
                hint = (
                    f"did you mean {near[0]}?" if near else f"there are {', '.join(sorted(known)) or 'none'}"
                )
                mistakes.add(overlay.span, f"there is no overlay {name!r} to extend; {hint}")
        placed.setdefault(overlay.name, overlay)

    for overlay in wanted:
        place(overlay, ())
    return tuple(placed.values())


def apply_overlays(
    base: Model, chain: Sequence[Overlay], quirks: Iterable[QuirkDef], mistakes: Mistakes
) -> DeviceModel:
    """The device that a chain of overlays describes; ``base`` is valid. Mistakes are noted."""
    related = _related(chain)
    patcher, named, link = (
        Patcher(base, related, mistakes),
        _NamedRows(related, mistakes),
        _Link(related, mistakes),
    )
    for overlay in chain:
        patcher.apply(overlay)
        named.apply(overlay)
        link.apply(overlay)
    model = patcher.model
    # Patches of what is not there make no sense to check any further.
    variants = tuple(dict.fromkeys(name for overlay in chain for name in overlay.variants))
    rules = ObjectRules(model, named.associations, variants, mistakes)
    objects = rules.objects(named.objects.values())
    push = rules.push(named.push.values(), objects)
    validate(model, mistakes, unused=False, base=base)
    _unused_types(model, chain, objects, mistakes)
    _check_quirks(named.quirks.values(), quirks, mistakes)
    _check_captures(chain, {each.name: each for each in push}, mistakes)
    types = reached_types(model, patcher.types)
    for overlay in chain:
        if overlay.python in {name for _, name in types}:
            mistakes.add(
                overlay.span, f"M008: {overlay.python} is a type already; give another name with 'python'"
            )
    return DeviceModel(
        tuple(chain),
        base,
        model,
        reached_versions(model, types, patcher.versions),
        types,
        tuple(patcher.notes),
        objects,
        tuple(named.associations.values()),
        push,
        tuple(link.facts.values()),
        tuple(named.quirks.values()),
        _match(chain),
        variants,
    )


def check_matches(devices: Iterable[DeviceModel], mistakes: Mistakes) -> None:
    """No two overlays recognise a device by the same words."""
    seen: dict[tuple[str, str, str], tuple[Match, Overlay]] = {}
    for device in devices:
        for match in device.overlay.match:
            key = (match.flag, match.device_name, match.firmware)
            twin, owner = seen.setdefault(key, (match, device.overlay))
            if owner is not device.overlay:
                mistakes.add(match.span, f"{owner.name} matches the same devices, at {twin.span}")


def _related(chain: Sequence[Overlay]) -> dict[str, frozenset[str]]:
    """Every overlay with all that it extends, directly or not; the chain is in order."""
    found: dict[str, frozenset[str]] = {}
    for overlay in chain:
        ancestors = [found.get(name, frozenset()) for name in overlay.extends]
        found[overlay.name] = frozenset(overlay.extends).union(*ancestors)
    return found


@dataclass(slots=True)
class _NamedRows:
    """Objects, associations, push lists and quirks by name, while overlays add and remove them."""

    related: Mapping[str, frozenset[str]]
    mistakes: Mistakes
    objects: dict[str, ObjectRow] = field(default_factory=dict[str, ObjectRow])
    associations: dict[str, Association] = field(default_factory=dict[str, Association])
    push: dict[str, Pushed] = field(default_factory=dict[str, Pushed])
    quirks: dict[str, QuirkUse] = field(default_factory=dict[str, QuirkUse])
    _owner: dict[tuple[str, str], str] = field(default_factory=dict[tuple[str, str], str])

    def apply(self, overlay: Overlay) -> None:
        for patch in overlay.removed:
            self._remove(patch, overlay)
        for change in overlay.replaced:
            name = change.row.name
            if self._is_inherited("object", name, self.objects, change.span, overlay):
                self.objects[name] = change.row
                self._owner["object", name] = overlay.name
        self._add("object", overlay.objects, self.objects, overlay)
        self._add("association", overlay.associations, self.associations, overlay)
        self._add("push", overlay.push, self.push, overlay)
        self._add("quirk", overlay.quirks, self.quirks, overlay)

    def _add(self, kind: str, rows: Sequence[N], into: dict[str, N], overlay: Overlay) -> None:
        for row in rows:
            known = into.get(row.name)
            if known is None:
                into[row.name] = row
                self._owner[kind, row.name] = overlay.name
                continue
            owner = self._owner[kind, row.name]
            way = (
                "'set' or 'remove' it first" if owner in self.related[overlay.name] else "extend that overlay"
            )
            self.mistakes.add(
                row.span, f"{kind} {row.name} is stated by {owner} already, at {known.span}; {way}"
            )

    def _remove(self, patch: RemoveNamed, overlay: Overlay) -> None:
        kinds: dict[str, Mapping[str, _Named]] = {
            "object": self.objects,
            "association": self.associations,
            "push": self.push,
            "quirk": self.quirks,
        }
        if not self._is_inherited(patch.kind, patch.name, kinds[patch.kind], patch.span, overlay):
            return
        match patch.kind:
            case "object":
                del self.objects[patch.name]
            case "association":
                del self.associations[patch.name]
            case "push":
                del self.push[patch.name]
            case _:
                del self.quirks[patch.name]

    def _is_inherited(
        self, kind: str, name: str, rows: Mapping[str, _Named], span: Span, overlay: Overlay
    ) -> bool:
        owner = self._owner.get((kind, name), "")
        if name in rows and owner in self.related[overlay.name]:
            return True
        mine = [each for each in rows if self._owner[kind, each] in self.related[overlay.name]]
        what = f"{owner} states {kind} {name}; extend that overlay" if name in rows else ""
        known = ", ".join(mine) or "none"
        self.mistakes.add(span, what or f"no extended overlay states {kind} {name}; there are {known}")
        return False


@dataclass(slots=True)
class _Link:
    """The facts about the link; an overlay may say otherwise than one that it extends."""

    related: Mapping[str, frozenset[str]]
    mistakes: Mistakes
    facts: dict[str, LinkFact] = field(default_factory=dict[str, LinkFact])
    _owner: dict[str, str] = field(default_factory=dict[str, str])

    def apply(self, overlay: Overlay) -> None:
        for fact in overlay.link:
            owner = self._owner.get(fact.key)
            if owner is not None and owner not in self.related[overlay.name]:
                place = self.facts[fact.key].span
                self.mistakes.add(
                    fact.span, f"{fact.key} is stated by {owner} too, at {place}; extend that overlay"
                )
            self.facts[fact.key], self._owner[fact.key] = fact, overlay.name


def _unused_types(
    model: Model, chain: Sequence[Overlay], objects: Iterable[ObjectRow], mistakes: Mistakes
) -> None:
    """Of the overlay at the end: what it takes away from others may leave types of theirs without a use."""
    if not chain[-1].types:
        return
    prescribed: list[Prescribed] = [given for row in objects for given in row.attributes]
    used = used_names(model, [given.type for given in prescribed if given.type is not None])
    for definition in chain[-1].types:
        if definition.name not in used:
            mistakes.add(definition.span, f"M011: {definition.name} is defined but nothing uses it")


def _check_quirks(uses: Iterable[QuirkUse], known: Iterable[QuirkDef], mistakes: Mistakes) -> None:
    names = [each.name for each in known]
    for use in uses:
        if use.name not in names:
            near = get_close_matches(use.name, names, 1)
            hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(names)}"
            mistakes.add(use.span, f"{use.name!r} is no quirk; {hint}")


def _check_captures(chain: Sequence[Overlay], push: Mapping[str, Pushed], mistakes: Mistakes) -> None:
    # What an overlay that it extends has seen is checked with that one: its lists may have been removed here.
    for capture in chain[-1].captures:
        known = push.get(capture.list)
        if known is None:
            mistakes.add(capture.span, f"there is no push list {capture.list!r}; there are {', '.join(push)}")
            continue
        if isinstance(known, TextList) is bool(capture.octets):
            mistakes.add(
                capture.span, f"a capture of {known.name} is given as 'text' if the list is, else as 'octets'"
            )
        if isinstance(known, TextList):
            continue
        names = {item.name for item in known.items}
        told = known.coded or known.described_by is not None
        for name, _ in capture.values:
            if name not in names and not told:
                mistakes.add(capture.span, f"list {known.name} has no item {name!r}")


def _match(chain: Sequence[Overlay]) -> tuple[Match, ...]:
    """The own ways to recognise the device, or those of the nearest overlay that has any."""
    return next((overlay.match for overlay in reversed(chain) if overlay.match), ())
