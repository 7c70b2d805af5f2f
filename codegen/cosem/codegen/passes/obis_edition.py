"""Keep the OBIS codes that one edition of the Blue Book knows."""

from __future__ import annotations

from dataclasses import replace

from cosem.codegen.ir.obis import ObisFile, ObisModel
from cosem.codegen.passes.editions import Choice


def obis_at_edition(obis: ObisModel, choice: Choice) -> ObisModel:
    """The codes as an edition has them. A constant goes when no object is left that describes its code, and a file when
    it has none left.
    """
    kept = ObisModel(
        _known(obis.first, choice),
        _known(obis.last, choice),
        tuple(_known(file, choice) for file in obis.files),
    )
    return replace(kept, files=tuple(_constants(file, kept) for file in kept.files if any(file.objects)))


def _known(file: ObisFile, choice: Choice) -> ObisFile:
    sections = (replace(section, objects=choice.kept(section.objects)) for section in file.sections)
    tables = (replace(table, words=choice.kept(table.words)) for table in file.tables)
    return replace(file, tables=tuple(tables), sections=tuple(sections))


def _constants(file: ObisFile, obis: ObisModel) -> ObisFile:
    sections = (
        replace(section, constants=tuple(item for item in section.constants if obis.names(item.code)))
        for section in file.sections
    )
    return replace(file, sections=tuple(sections))
