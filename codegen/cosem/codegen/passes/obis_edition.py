"""Keep the OBIS codes that one edition of the Blue Book knows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from cosem.codegen.ir.model import Edition
from cosem.codegen.ir.obis import ObisFile, ObisModel
from cosem.codegen.passes.edition import knows


def obis_at_edition(obis: ObisModel, editions: Iterable[Edition], edition: str) -> ObisModel:
    """The codes as ``edition`` has them. Raises KeyError if there is no such edition.

    Objects whose ``since`` or ``until`` names an edition of another book are kept. A constant goes when no
    object is left that describes its code, and a file when it has none left.
    """
    by_id = {known.id: known for known in editions}
    chosen = by_id[edition]
    order = {known.id: known.order for known in by_id.values() if known.book == chosen.book}
    kept = ObisModel(
        _objects(obis.first, order, chosen.order),
        _objects(obis.last, order, chosen.order),
        tuple(_objects(file, order, chosen.order) for file in obis.files),
    )
    return replace(kept, files=tuple(_constants(file, kept) for file in kept.files if any(file.objects)))


def _objects(file: ObisFile, order: Mapping[str, int], at: int) -> ObisFile:
    sections = (
        replace(section, objects=tuple(item for item in section.objects if knows(item.life, order, at)))
        for section in file.sections
    )
    return replace(file, sections=tuple(sections))


def _constants(file: ObisFile, obis: ObisModel) -> ObisFile:
    sections = (
        replace(section, constants=tuple(item for item in section.constants if obis.names(item.code)))
        for section in file.sections
    )
    return replace(file, sections=tuple(sections))
