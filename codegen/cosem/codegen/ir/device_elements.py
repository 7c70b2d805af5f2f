"""What an overlay says beyond classes, as elements: objects, associations, pushed lists, link, quirks, match."""

from __future__ import annotations

from collections.abc import Iterator

from cosem.codegen.ir.elements import Element, Path
from cosem.codegen.ir.notation import write_type
from cosem.codegen.ir.overlay import Association, DeviceModel, ObjectRow, PushList, TextList


def device_elements(device: DeviceModel, path: Path = ()) -> Iterator[Element]:
    """Everything of one device; ``path`` is what it is in."""
    for row in device.objects:
        yield from _object(row, path)
    for association in device.associations:
        yield _association(association, path)
    for push in device.push:
        yield from _text(push, path) if isinstance(push, TextList) else _push(push, path)
    for fact in device.link:
        yield Element("link", (*path, f"link {fact.key}"), {"value": fact.value}, fact.span)
    for use in device.quirks:
        yield Element("quirk", (*path, f"quirk {use.name}"), {}, use.span)
    for match in device.match:
        words = " ".join(filter(None, (match.flag, match.device_name, match.firmware)))
        yield Element("match", (*path, f"match {words}"), {}, match.span)


def _object(row: ObjectRow, path: Path) -> Iterator[Element]:
    path = (*path, f"object {row.name}")
    facts = {
        "code": row.pattern.text,
        "class": f"{row.class_id} version {row.version}",
        "presence": "mandatory" if row.mandatory else "optional",
        "captures": ", ".join(column.text for column in row.columns),
        "variants": ", ".join(row.variants),
    }
    yield Element("listed object", path, {key: text for key, text in facts.items() if text}, row.span)
    for given in row.attributes:
        facts = {
            "type": "" if given.type is None else write_type(given.type),
            "fixed": given.fixed,
            "scaler": "" if given.scaler is None else str(given.scaler),
            "unit": given.unit,
        }
        own = (*path, f"attribute {given.index}")
        yield Element("prescription", own, {key: text for key, text in facts.items() if text}, given.span)
    for access in row.access:
        facts = {
            "all": access.everywhere,
            **{f"attribute {index}": right for index, right in access.attributes},
            "methods": ", ".join(map(str, access.methods)),
        }
        own = (*path, f"access of {access.association}")
        yield Element("rights", own, {key: text for key, text in facts.items() if text}, access.span)


def _association(row: Association, path: Path) -> Element:
    facts = {
        "client": str(row.client),
        "server": str(row.server),
        "mechanism": str(row.mechanism),
        "ciphered": str(row.ciphered),
        "suite": "" if row.suite is None else str(row.suite),
        "policy": ", ".join(sorted(row.policy)),
        "association": row.association,
        "security_setup": row.security_setup,
        "invocation_counter": row.invocation_counter,
        "pre_established": str(row.pre_established),
    }
    own = (*path, f"association {row.name}")
    return Element("association", own, {key: text for key, text in facts.items() if text}, row.span)


def _push(row: PushList, path: Path) -> Iterator[Element]:
    path = (*path, f"push {row.name}")
    texts = ", ".join(f"{'.'.join(map(str, at))}: {text}" for at, text in row.texts)
    facts = {
        "count": "" if row.count is None else str(row.count),
        "texts": texts,
        "codes": ", ".join(f"{code}: {text}" for code, text in row.codes),
        "described_by": "" if row.described_by is None else str(row.described_by),
        "coded": "true" if row.coded else "",
    }
    yield Element("push list", path, {key: text for key, text in facts.items() if text}, row.span)
    for item in row.items:
        facts = {
            "name": item.name,
            "code": item.obis,
            "class": "" if item.class_id is None else str(item.class_id),
            "attribute": str(item.attribute),
            "scaler": "" if item.scaler is None else str(item.scaler),
            "unit": item.unit,
        }
        own = (*path, f"position {'.'.join(map(str, item.at))}")
        yield Element("push item", own, {key: text for key, text in facts.items() if text}, item.span)


def _text(row: TextList, path: Path) -> Iterator[Element]:
    path = (*path, f"push {row.name}")
    facts = {
        "identification": row.identification,
        "codes": ", ".join(f"{code}: {text}" for code, text in row.codes),
    }
    yield Element("push list", path, {key: text for key, text in facts.items() if text}, row.span)
    for name, places in row.values:
        written = ", ".join(" ".join(filter(None, (str(each.index), each.form))) for each in places)
        columns = ", ".join(" ".join(column) for each in places for column in each.columns)
        facts = {"brackets": written, "columns": columns}
        own = (*path, f"value {name}")
        yield Element("push item", own, {key: text for key, text in facts.items() if text}, row.span)
