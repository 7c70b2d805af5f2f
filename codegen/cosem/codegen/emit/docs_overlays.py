"""The pages of the overlays: what a maker or a companion standard adds to the books, and where it says so."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby

from cosem.codegen.emit.docs_classes import page_of
from cosem.codegen.emit.docs_text import anchor, code, lines, names, plain, sure, table, typed
from cosem.codegen.emit.docs_types import TypePages, definition_text
from cosem.codegen.ir.model import Attribute, InterfaceClass, Method, Model, TypeDef
from cosem.codegen.ir.obis import ObisModel
from cosem.codegen.ir.overlay import DeviceModel, ObjectRow, Origin, Overlay, Prescribed, Pushed, TextList


def overlay_pages(devices: Sequence[DeviceModel], model: Model, obis: ObisModel | None) -> dict[str, str]:
    """Path under the reference → page, the index among them."""
    pages = {f"overlays/{device.overlay.name}.md": _Page(device, model, obis).text() for device in devices}
    rows = [
        (
            f"[{plain(device.overlay.title)}]({device.overlay.name}.md)",
            str(len(device.changes)),
            str(len(device.objects)),
            str(len(device.push)),
            plain(device.overlay.doc),
        )
        for device in devices
    ]
    listed = (
        table(("overlay", "=changes", "=objects", "=push lists", "what it is"), rows)
        if rows
        else "There are none yet."
    )
    index = lines(
        "# Overlays",
        "An overlay is what a maker or a companion standard adds to the books and changes in them, fact by fact, each"
        " with its source. [Writing an overlay](../../guides/overlays.md) shows how to make one.",
        listed,
    )
    return {"overlays/index.md": index, **pages}


class _Page:
    """The page of one device."""

    def __init__(self, device: DeviceModel, model: Model, obis: ObisModel | None) -> None:
        self.device = device
        self.obis = obis
        self.known = {cls.id: (cls.name, page_of(cls)) for cls in model.classes}
        self.own = {cls.id: cls.name for cls in device.model.classes}
        self.added = [cls for cls in device.model.classes if cls.id not in self.known]
        written = [each for overlay in device.overlays for each in overlay.types]
        self.types = {
            each.name: each for each in (*written, *(own for cls in self.added for own in cls.types))
        }
        self.keys = {
            (overlay.title, source.document): source.key
            for overlay in device.overlays
            for source in overlay.sources
        }
        self.shared = TypePages(model)
        self.editions = {edition.id: edition.title for edition in model.editions}

    def text(self) -> str:
        device, overlay = self.device, self.device.overlay
        return lines(
            f"# {plain(overlay.title)}",
            plain(overlay.doc),
            self._head(overlay),
            *_part("Where the sources end", _ends(device)),
            *_part("Recognised by", _matches(device)),
            *_part("Sources", [_sources(each) for each in device.overlays]),
            *_part("Changes to the books", self._changes()),
            *_part("Classes of its own", map(self._added, self.added)),
            *_part("Objects", self._objects()),
            *_part("Associations", self._associations()),
            *_part("Pushed lists", (_push(each) for each in device.push)),
            *_part("Link", _facts(device)),
            *_part("Quirks", _quirks(device)),
            *_part("Types of its own", map(self._type, self.types.values())),
        )

    def _head(self, overlay: Overlay) -> str:
        said = [f"In Python {code(f'cosem.devices.{overlay.name}')}."]
        if overlay.version:
            said.append(f"Version {plain(overlay.version)}.")
        if self.device.variants:
            said.append(f"Comes as {names(map(plain, self.device.variants))}.")
        if overlay.extends:
            said.append(f"Extends {names(f'[{plain(name)}]({name}.md)' for name in overlay.extends)}.")
        return " ".join(said)

    def _class(self, class_id: int, version: int | None = None) -> str:
        known = self.known.get(class_id)
        name = plain(self.own.get(class_id, str(class_id)))
        link = name if known is None else f"[{plain(known[0])}](../classes/{known[1]})"
        return link if version is None else f"{link}, version {version}"

    def _changes(self) -> Iterator[str]:
        rows = [
            (plain(each.verb), plain(each.element), plain(str(each.origin)), plain(each.reason))
            for each in self.device.changes
        ]
        if rows:
            yield table(("verb", "element", "says", "reason"), rows)

    def _link(self, name: str) -> str:
        return f"#{anchor(name)}" if name in self.types else self.shared.link_from_overlay(name)

    def _type(self, definition: TypeDef) -> str:
        return definition_text(definition, "###", self._link, self.editions)

    def _added(self, cls: InterfaceClass) -> str:
        def row(kind: str, each: Attribute | Method) -> tuple[str, str, str, str]:
            expr = each.type if isinstance(each, Attribute) else each.takes
            type = "" if expr is None else typed(expr, self._link)
            return f"{kind} {each.index}", code(each.name) + sure(each.confidence), type, plain(each.doc)

        return lines(
            f"### {plain(cls.name)}",
            f"Class {cls.id}. {plain(cls.doc)}",
            *(
                lines(
                    f"Version {version.number}{sure(version.confidence)}:",
                    table(
                        ("", "name", "type", "meaning"),
                        [row("attribute", each) for each in version.attributes]
                        + [row("method", each) for each in version.methods],
                    ),
                )
                for version in cls.versions
            ),
        ).rstrip()

    def _objects(self) -> Iterator[str]:
        """The object list, a table for each medium."""
        for medium, rows in groupby(self._by_medium(), self._medium):
            yield f"### {medium}"
            yield table(("code", "object", "what the list says"), map(self._object, rows))

    def _object(self, row: ObjectRow) -> tuple[str, str, str]:
        """One object, in cells of few lines: a table with a column for each fact is wider than a page."""
        kind = self._class(row.class_id, row.version)
        return (
            code(row.pattern.text),
            f"{code(row.name)}<br>{kind}{'' if row.mandatory else ', optional'}",
            "<br>".join(filter(None, (self._said(row), _access(row), self._source(row.origin)))),
        )

    def _source(self, origin: Origin) -> str:
        """Where a row comes from, by the words of the table of sources."""
        key = self.keys.get((origin.overlay, origin.document))
        if key is None:
            said = plain(str(origin))
        else:
            below = "" if origin.overlay == self.device.overlay.title else f"{plain(origin.overlay)} "
            said = f"{below}{code(key)} {plain(origin.place)}".rstrip()
        return f'<span class="how">{said}</span>'

    def _by_medium(self) -> list[ObjectRow]:
        return sorted(self.device.objects, key=lambda row: min(row.pattern.groups[0]))

    def _medium(self, row: ObjectRow) -> str:
        number = min(row.pattern.groups[0])
        tables = {each.name: each for each in self.obis.first.tables} if self.obis is not None else {}
        found = tables["medium"].lookup(number) if "medium" in tables else None
        words = found or f"medium {number}"
        return f"{plain(words[0].upper() + words[1:])} objects"

    def _said(self, row: ObjectRow) -> str:
        """What the list says of an object besides its class and rights."""
        captured = f"captures {', '.join(code(column.text) for column in row.columns)}" if row.columns else ""
        variants = f"{names(map(plain, row.variants))} only" if row.variants else ""
        prescribed = map(self._prescribed, row.attributes)
        facts = "; ".join(filter(None, (variants, *prescribed, captured)))
        return "<br>".join(filter(None, (plain(row.doc), facts)))

    def _prescribed(self, given: Prescribed) -> str:
        said: Mapping[str, str] = {
            "type": typed(given.type, self._link) if given.type is not None else "",
            "always": code(given.fixed) if given.fixed else "",
            "scaler": str(given.scaler) if given.scaler is not None else "",
            "unit": plain(given.unit),
        }
        words = ", ".join(f"{word} {value}" for word, value in said.items() if value)
        return f"attribute {given.index}: {words}" if words else ""

    def _associations(self) -> Iterator[str]:
        rows = [
            (
                code(each.name),
                str(each.client),
                str(each.server),
                str(each.mechanism),
                "ciphered" if each.ciphered else "plain",
                "pre-established" if each.pre_established else "by AARQ",
                plain(str(each.origin)),
            )
            for each in self.device.associations
        ]
        if rows:
            columns = ("name", "=client", "=server", "=mechanism", "context", "opened", "source")
            yield table(columns, rows)


def _part(title: str, parts: Iterable[str]) -> Iterator[str]:
    said = [part for part in parts if part]
    if said:
        yield f"## {title}"
        yield from said


def _ends(device: DeviceModel) -> Iterator[str]:
    """What is not told, of each overlay in the chain that says so; one that stands below is named."""
    for overlay in device.overlays:
        if overlay.ends:
            below = "" if overlay is device.overlay else f"[{plain(overlay.title)}]({overlay.name}.md): "
            yield below + plain(overlay.ends)


def _matches(device: DeviceModel) -> Iterator[str]:
    rows = [
        tuple(code(each) if each else "any" for each in (m.flag, m.device_name, m.firmware))
        for m in device.match
    ]
    if rows:
        yield table(("FLAG id", "device name", "firmware"), rows)


def _sources(overlay: Overlay) -> str:
    rows = [
        (
            code(each.key),
            f"[{plain(each.title)}]({each.address})"
            if each.address.startswith("https://")
            else plain(each.title),
            plain(each.edition),
        )
        for each in overlay.sources
    ]
    return table((f"in {plain(overlay.title)}", "document", "edition"), rows) if rows else ""


def _access(row: ObjectRow) -> str:
    def one(index: int, rights: str) -> str:
        return f"{index} {plain(rights)}"

    said: list[str] = []
    for each in row.access:
        rights = [plain(each.everywhere), *(one(*pair) for pair in each.attributes)]
        methods = [f"method {index}" for index in each.methods]
        said.append(f"{code(each.association)}: {', '.join(filter(None, (*rights, *methods)))}")
    return "; ".join(said)


def _text(each: TextList) -> str:
    rows = [
        (code(name), ", ".join(" ".join(filter(None, (str(place.index), place.form))) for place in places))
        for name, places in each.values
    ]
    known = [f"the identification {code(each.identification)}"] if each.identification else []
    known += [f"{code(text)} as {code(name)}" for name, text in each.codes]
    return lines(
        f"### {plain(each.name)}",
        f"Known by {names(known)}. A text telegram: its data sets name their objects. {plain(str(each.origin))}.",
        table(("object", "attributes, as they are written"), rows) if rows else "",
    ).rstrip()


def _push(each: Pushed) -> str:
    if isinstance(each, TextList):
        return _text(each)
    rows = [
        (
            ".".join(map(str, item.at)),
            code(item.name),
            code(item.obis) if item.obis else "",
            "" if item.class_id is None else f"class {item.class_id}, attribute {item.attribute}",
            "" if not item.unit else f"{plain(item.unit)}" + (f" × 10^{item.scaler}" if item.scaler else ""),
        )
        for item in each.items
    ]
    known = [f"{each.count} element{'s'[: each.count != 1]}"] if each.count is not None else []
    known += [f"{code(text)} at {'.'.join(map(str, at))}" for at, text in each.texts]
    known += [f"{code(text)} as {code(name)}" for name, text in each.codes]
    told = "A code goes in front of each value." if each.coded else ""
    if each.described_by is not None:
        told = f"Element {each.described_by} lists the objects of all elements."
    return lines(
        f"### {plain(each.name)}",
        " ".join(filter(None, (f"Known by {names(known)}.", told, f"{plain(str(each.origin))}."))),
        table(("=at", "name", "code", "attribute", "unit"), rows) if rows else "",
    ).rstrip()


def _facts(device: DeviceModel) -> Iterator[str]:
    rows = [(code(each.key), code(each.value), plain(str(each.origin))) for each in device.link]
    if rows:
        yield table(("fact", "value", "source"), rows)


def _quirks(device: DeviceModel) -> Iterator[str]:
    rows = [(code(each.name), plain(str(each.origin))) for each in device.quirks]
    if rows:
        yield table(("quirk", "source"), rows)
