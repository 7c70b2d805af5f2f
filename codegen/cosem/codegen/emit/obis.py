"""``cosem.obis``: modules of constants, the tables behind ``describe``, and the functions of the package."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from cosem.codegen.emit.env import environment, header
from cosem.codegen.ir.obis import Constant, ObisFile, ObisModel, Ranges, around, tables_of

_FOLDER = "spec/obis"
_GROUPS = f"{_FOLDER}/groups.yaml"


def render(model: ObisModel) -> dict[str, str]:
    """Path below ``generated/`` → source, before black."""
    return {f"cosem/obis/{name}": source for name, source in sorted(_modules(model))}


def _modules(model: ObisModel) -> Iterator[tuple[str, str]]:
    env = environment()
    media = sorted({medium for file in model.files for medium in file.media})
    modules = sorted(
        {file.module for file in model.files if any(section.constants for section in file.sections)}
    )
    yield "py.typed", ""
    yield (
        "__init__.py",
        env.get_template("obis_init.py.j2").render(
            header=header([_FOLDER]),
            media=[(number, [file.name for file in model.files if number in file.media]) for number in media],
            modules=modules,
        ),
    )
    yield (
        "_groups_tables.py",
        env.get_template("obis_groups.py.j2").render(
            header=header([_GROUPS]), first=_Tables.of(model.first), last=_Tables.of(model.last)
        ),
    )
    for file in model.files:
        yield (
            f"_{file.name}_tables.py",
            env.get_template("obis_tables.py.j2").render(
                header=header([f"{_FOLDER}/{file.name}.yaml"]), file=file, tables=_Tables.of(file)
            ),
        )
    for module in modules:
        files = [file for file in model.files if file.module == module]
        yield (
            f"{module}.py",
            env.get_template("obis_constants.py.j2").render(
                header=header([_FOLDER]),
                module=module,
                sections=list(_sections(model, files)),
            ),
        )


@dataclass(frozen=True, slots=True)
class _Tables:
    """What one table module holds: only what its rules name, and what stands in ``groups.yaml`` for all."""

    sets: list[tuple[str, str]]
    tables: list[tuple[str, list[tuple[str, str]]]]
    rules: list[tuple[str, str, tuple[int, ...]]]

    @classmethod
    def of(cls, file: ObisFile) -> _Tables:
        used = {name for item in file.objects for name in tables_of(around(item.wording))}
        return cls(
            [(entry.name, entry.text) for entry in file.sets],
            [
                (table.name, [(_written(words.ranges), words.text) for words in table.words])
                for table in file.tables
                if table.name in used or not file.media
            ],
            [(item.pattern.text, item.wording, item.classes) for item in file.objects],
        )


@dataclass(frozen=True, slots=True)
class _Line:
    """One constant; ``doc`` is empty where the name says it all."""

    name: str
    code: str
    doc: str


def _sections(model: ObisModel, files: Iterable[ObisFile]) -> Iterator[tuple[str, list[_Line]]]:
    seen: list[str] = []
    for section in (section for file in files for section in file.sections if section.constants):
        lines: list[_Line] = []
        for constant in section.constants:
            lines.append(_Line(constant.name, ".".join(map(str, constant.code)), _doc(model, constant, seen)))
            seen.append(constant.name)
        yield section.title, lines


def _doc(model: ObisModel, constant: Constant, seen: list[str]) -> str:
    """The description, unless it is the name over again or the name goes on from one described before."""
    found = model.describe(constant.code)
    if found is None or any(constant.name.startswith(f"{name}_") for name in seen):
        return ""
    text, item = found
    doubt = "" if item.confidence == "high" else f" Confidence: {item.confidence}."
    if not doubt and _spoken(text) == _spoken(constant.name):
        return ""
    return f"{text[0].upper()}{text[1:]}.{doubt}"


def _spoken(text: str) -> list[str]:
    return sorted(re.findall("[a-z0-9]+", text.lower()))


def _written(ranges: Ranges) -> str:
    return "/".join(f"{first}" if first == last else f"{first}-{last}" for first, last in ranges)
