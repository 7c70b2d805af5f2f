"""The pages of the OBIS codes, medium by medium, and the tables that the browser page searches."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence

from cosem.codegen.emit.docs_classes import page_of
from cosem.codegen.emit.docs_text import code, lines, plain, sure, table
from cosem.codegen.ir.model import Model
from cosem.codegen.ir.obis import SLOT, ObisFile, ObisModel, ObisObject, Section, WordTable, around

_MEDIA = {
    0: "abstract",
    1: "electricity",
    2: "DC electricity",
    4: "heat cost allocator",
    5: "cooling",
    6: "heating",
    7: "gas",
    8: "cold water",
    9: "hot water",
    15: "other",
}
"""Value group A in words."""

_SEARCH = """<div class="obis-search" id="obis-search">
<label for="obis-query">Words, a code, or class:3</label>
<input id="obis-query" type="search" autocomplete="off" spellcheck="false"
placeholder="active energy import, or 1-0:1.8.2">
<div id="obis-answer" role="status"></div>
<table id="obis-rows">
<thead><tr><th>code</th><th>meaning</th><th>in Python</th><th>classes</th></tr></thead><tbody></tbody>
</table>
<p id="obis-count" class="how"></p>
</div>
<noscript>The search needs JavaScript; the pages of the media below do without.</noscript>
<script src="codes.js"></script>
<script src="../../assets/obis.js"></script>"""


def obis_pages(obis: ObisModel, model: Model) -> dict[str, str]:
    """Path under the reference → file: the browser, its tables, and a page for each module of constants."""
    links = {cls.id: f"[{plain(cls.name)}](../classes/{page_of(cls)})" for cls in model.classes}
    modules: dict[str, list[ObisFile]] = {}
    for file in sorted(obis.files, key=lambda file: file.media):
        modules.setdefault(file.module, []).append(file)
    rows = [
        (
            ", ".join(str(medium) for medium in files[0].media),
            f"[{plain(_title(files[0]))}]({module}.md)",
            str(sum(1 for file in files for _ in file.objects)),
            str(sum(len(section.constants) for file in files for section in file.sections)),
        )
        for module, files in modules.items()
    ]
    index = lines(
        "# OBIS codes",
        "Six value groups, A to F, name every object of a meter. Type words, or a code as it is printed on a bill or"
        " written in a document: any code is explained, also one that has no name.",
        _SEARCH,
        "## By medium",
        table(("=A", "medium", "=kinds of objects", "=names in Python"), rows),
        "A kind is a pattern over the six groups, with the words for all codes that it admits. "
        "[What goes for every medium](every_medium.md) stands on a page of its own.",
    )
    pages = {
        "obis/index.md": index,
        "obis/codes.js": _script(obis, model),
    }
    for module, files in modules.items():
        pages[f"obis/{module}.md"] = lines(
            f"# OBIS codes: {plain(_title(files[0]))}",
            f"Value group A is {' or '.join(map(str, files[0].media))}. The names are constants of"
            f" `cosem.obis.{module}`.",
            *(part for file in files for part in _file_text(file, obis, links)),
        )
    pages["obis/every_medium.md"] = lines(
        "# OBIS codes: every medium",
        "These hold whatever value group A says: the first of them before the objects of the medium, the last of"
        " them for what is left.",
        *_file_text(obis.first, obis, links),
        *_file_text(obis.last, obis, links),
    )
    return pages


def _title(file: ObisFile) -> str:
    return " and ".join(_MEDIA.get(medium, str(medium)) for medium in file.media)


def _file_text(file: ObisFile, obis: ObisModel, links: Mapping[int, str]) -> Iterator[str]:
    for section in file.sections:
        yield f"## {plain(section.title)}"
        yield _objects(section, links)
        if section.constants:
            yield f"### Names: {plain(section.title)}"
            yield _constants(section, file, obis)
    if file.sets:
        yield f"## Sets of numbers: {plain(file.name.replace('_', ' '))}"
        yield "Names for several numbers, as the patterns above use them."
        yield table(("set", "numbers"), [(code(each.name), plain(each.text)) for each in file.sets])
    # Tables in capitals spell the names of constants, which stand above.
    for each in (each for each in file.tables if not each.name.isupper()):
        yield f"## Words: {plain(each.name.replace('_', ' '))} ({plain(file.name.replace('_', ' '))})"
        yield _words(each)


def _objects(section: Section, links: Mapping[int, str]) -> str:
    rows = [
        (
            code(item.pattern.text),
            spoken(item.wording) + sure(item.confidence),
            ", ".join(links.get(number, str(number)) for number in item.classes),
            plain(item.ref),
        )
        for item in section.objects
    ]
    return table(("pattern", "meaning", "classes", "clause"), rows)


def _constants(section: Section, file: ObisFile, obis: ObisModel) -> str:
    rows: list[tuple[str, ...]] = []
    for each in section.constants:
        found = obis.describe(each.code)
        rows.append((code(".".join(map(str, each.code))), code(each.name), plain(found[0] if found else "")))
    return table(("code", f"name in cosem.obis.{file.module}", "meaning"), rows)


def _words(words: WordTable) -> str:
    rows = [
        (
            ", ".join(str(first) if first == last else f"{first}–{last}" for first, last in each.ranges),
            (spoken(each.text) or "–") + sure(each.confidence),
        )
        for each in words.words
    ]
    return table(("number", "words"), rows)


def spoken(wording: str) -> str:
    """A wording for people: what is filled in stands in angle brackets."""

    def slot(found: re.Match[str]) -> str:
        expression = found[1].upper() if found[1] != "n" else "n"
        return f"⟨{expression}⟩" if found[2] is None else f"⟨{found[2].replace('_', ' ')} by {expression}⟩"

    return plain(SLOT.sub(slot, wording))


def _script(obis: ObisModel, model: Model) -> str:
    """All tables as one script: pages opened from a disk may load scripts, but no data."""
    files = (obis.first, *obis.files, obis.last)
    places = {file.name: place for place, file in enumerate(files)}
    data = {
        "media": {
            str(medium): [places[file.name] for file in obis.of_medium(medium)] for medium in range(256)
            if any(medium in file.media for file in obis.files)
        },
        "every": [places[obis.first.name], places[obis.last.name]],
        "files": [_tables(file) for file in files],
        "names": list(_names(obis)),
        "classes": {
            str(cls.id): [cls.name, f"../classes/{page_of(cls).removesuffix('.md')}.html"] for cls in model.classes
        },
    }  # fmt: skip
    return f"const OBIS = {json.dumps(data, ensure_ascii=False, separators=(',', ':'))};\n"


def _tables(file: ObisFile) -> dict[str, object]:
    return {
        "tables": {
            each.name: [[[list(pair) for pair in words.ranges], words.text] for words in each.words]
            for each in file.tables
        },
        "rules": [_rule(item) for item in file.objects],
    }


def _rule(item: ObisObject) -> list[object]:
    groups = [_ranges(sorted(group)) for group in item.pattern.groups]
    return [item.pattern.text, groups, around(item.wording), spoken_text(item.wording), list(item.classes)]


def spoken_text(wording: str) -> str:
    """A wording for people, as text."""
    return SLOT.sub(lambda found: f"⟨{(found[2] or found[1].upper()).replace('_', ' ')}⟩", wording)


def _ranges(numbers: Sequence[int]) -> list[list[int]]:
    found: list[list[int]] = []
    for number in numbers:
        if found and found[-1][1] == number - 1:
            found[-1][1] = number
        else:
            found.append([number, number])
    return found


def _names(obis: ObisModel) -> Iterator[list[object]]:
    for file in obis.files:
        for section in file.sections:
            for each in section.constants:
                found = obis.describe(each.code)
                said, classes = (found[0], found[1].classes) if found else ("", ())
                yield [".".join(map(str, each.code)), f"{file.module}.{each.name}", said, list(classes)]
