"""``cosem.obis``: modules of constants, the tables behind ``describe``, and the functions of the package."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from cosem.codegen.emit.env import environment, header
from cosem.codegen.ir.obis import (
    Constant,
    ObisFile,
    ObisModel,
    ObisObject,
    around,
    tables_of,
    write_ranges,
)

_FOLDER = "spec/obis"
_GROUPS = f"{_FOLDER}/groups.yaml"


def render(model: ObisModel) -> dict[str, str]:
    """Path below ``generated/`` → source, before black."""
    return {f"cosem/obis/{name}": source for name, source in sorted(_modules(model))}


def _modules(model: ObisModel) -> Iterator[tuple[str, str]]:
    env = environment()
    modules = sorted(
        {file.module for file in model.files if any(section.constants for section in file.sections)}
    )
    used = {name for item in _objects(model) for name in tables_of(around(item.wording))}
    yield "py.typed", ""
    yield (
        "__init__.py",
        env.get_template("obis_init.py.j2").render(
            header=header([_FOLDER]),
            files=sorted(_by_media(model).items()),
            modules=modules,
        ),
    )
    yield (
        "_groups_tables.py",
        env.get_template("obis_groups.py.j2").render(
            header=header([_GROUPS]), first=_Tables.of(model.first, used), last=_Tables.of(model.last, used)
        ),
    )
    for file in model.files:
        yield (
            f"_{file.name}_tables.py",
            env.get_template("obis_tables.py.j2").render(
                header=header([f"{_FOLDER}/{file.name}.yaml"]), file=file, tables=_Tables.of(file, used)
            ),
        )
    for module in modules:
        files = [file for file in model.files if file.module == module]
        yield (
            f"{module}.py",
            env.get_template("obis_constants.py.j2").render(
                header=header([_FOLDER]),
                title=module.replace("_", " "),
                sections=list(_sections(model, files)),
            ),
        )


def _objects(model: ObisModel) -> Iterator[ObisObject]:
    return (item for file in (model.first, *model.files, model.last) for item in file.objects)


def _by_media(model: ObisModel) -> dict[tuple[int, ...], list[ObisFile]]:
    found: dict[tuple[int, ...], list[ObisFile]] = {}
    for file in model.files:
        found.setdefault(file.media, []).append(file)
    return found


@dataclass(frozen=True, slots=True)
class _Tables:
    """What one table module holds; tables that only spell constants stay behind."""

    sets: list[tuple[str, str]]
    tables: list[tuple[str, list[tuple[str, str]]]]
    rules: list[tuple[str, str, tuple[int, ...]]]

    @classmethod
    def of(cls, file: ObisFile, used: Collection[str]) -> _Tables:
        return cls(
            [(entry.name, entry.text) for entry in file.sets],
            [
                (table.name, [(write_ranges(words.ranges), words.text) for words in table.words])
                for table in file.tables
                if table.name in used
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
