"""Read ``spec/obis``: ``groups.yaml`` holds for every medium, each other file for one or a few."""

from __future__ import annotations

import itertools
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from cosem.codegen.errors import Mistakes, Span
from cosem.codegen.ir.life import ALWAYS, Life
from cosem.codegen.ir.obis import (
    Code,
    Constant,
    NumberSet,
    ObisFile,
    ObisModel,
    ObisObject,
    Pattern,
    Section,
    Words,
    WordTable,
    around,
    fill,
    groups_of,
    letters,
    runs,
    tables_of,
)
from cosem.codegen.load.nodes import (
    Entry,
    Items,
    Keys,
    Node,
    Table,
    Text,
    as_table,
    as_text,
    integer,
    load_file,
)
from cosem.codegen.load.obis_patterns import check_wording, read_pattern, read_ranges
from cosem.codegen.load.types import read_confidence, read_life, read_word

_EVERY = range(256)
_GROUPS = "groups.yaml"
_CONSTANT = re.compile(r"[A-Z][A-Z0-9]*(_[A-Z0-9]+)*")
_MODULE = re.compile(r"[a-z][a-z0-9_]*")
_MANY = 512
"""More constants than this from one pattern is a slip."""


def load_obis(spec: Path, mistakes: Mistakes) -> ObisModel:
    """All OBIS tables of a spec folder. Mistakes are noted; what is wrong is left out of the model."""
    folder = spec / "obis"
    names = sorted(path.name for path in folder.glob("*.yaml") if path.name != _GROUPS)
    common = _Scope(mistakes)
    if not (folder / _GROUPS).is_file():
        mistakes.add(Span(f"obis/{_GROUPS}"), "the file is missing; it says what holds for every medium")
        nothing = ObisFile("groups", (), "", (), (), ())
        return ObisModel(nothing, nothing, ())
    first, last = _groups(folder / _GROUPS, common)
    readers = [reader for name in names if (reader := _reader(folder / name, common, mistakes)) is not None]
    scopes: dict[tuple[int, ...], _Scope] = {}
    for reader in readers:
        reader.declare(scopes.setdefault(reader.media, common.inner()))
    model = ObisModel(first, last, tuple(reader.file() for reader in readers))
    for scope in (common, *scopes.values()):
        scope.close()
    _check_order(model, mistakes)
    _check_constants(model, mistakes)
    return model


@dataclass(slots=True)
class _Scope:
    """The sets, classes and tables that can be named, and whether somebody did."""

    mistakes: Mistakes
    sets: dict[str, NumberSet] = field(default_factory=dict[str, NumberSet])
    classes: dict[str, tuple[int, ...]] = field(default_factory=dict[str, tuple[int, ...]])
    tables: dict[str, WordTable] = field(default_factory=dict[str, WordTable])
    places: dict[tuple[str, str], Span] = field(default_factory=dict[tuple[str, str], Span])
    used: set[tuple[str, str]] = field(default_factory=set[tuple[str, str]])
    outer: frozenset[tuple[str, str]] = frozenset()

    def inner(self) -> _Scope:
        """A scope that knows these names, too; what is used there counts here."""
        names = frozenset(self.places)
        return _Scope(
            self.mistakes, {**self.sets}, {**self.classes}, {**self.tables}, {**self.places}, self.used, names
        )

    def is_new(self, kind: str, name: Text) -> bool:
        """Whether a name is free; takes it."""
        place = self.places.setdefault((kind, name.value), name.span)
        if place != name.span:
            self.mistakes.add(name.span, f"there is a {kind} {name.value!r} at {place}; take another name")
        return place == name.span

    def read_set(self, text: Text) -> frozenset[int] | None:
        """Numbers, ranges and sets."""
        self.used.update(("set", part) for part in re.split("[./]", text.value))
        return read_ranges(text, self.mistakes, self.sets)

    def read_pattern(self, text: Text, media: Collection[int]) -> Pattern | None:
        """A pattern of six groups."""
        self.used.update(("set", part) for part in re.split("[./]", text.value))
        return read_pattern(text, self.mistakes, self.sets, media)

    def read_wording(self, text: Text) -> str | None:
        """A wording whose tables are there."""
        self.used.update(("table", name) for name in tables_of(around(text.value)))
        return text.value if check_wording(text, self.mistakes, self.tables) else None

    def read_classes(self, node: Node | None) -> tuple[int, ...]:
        """A list of class ids, or the name of one."""
        match node:
            case None:
                return ()
            case Text(value=value) if value in self.classes:
                self.used.add(("list of classes", value))
                return self.classes[value]
            case Items():
                return self.class_ids(node)
            case _:
                known = ", ".join(sorted(self.classes))
                self.mistakes.add(
                    node.span, f"'classes' is a list of class ids or one of {known or 'no names yet'}"
                )
                return ()

    def class_ids(self, items: Items) -> tuple[int, ...]:
        """A list of class ids."""
        texts = (as_text(item, "a class id", self.mistakes) for item in items)
        found = (integer(text, "class id", self.mistakes) for text in texts if text is not None)
        return tuple(number for number in found if number is not None)

    def close(self) -> None:
        """Report what nobody uses."""
        for (kind, name), span in self.places.items():
            if (kind, name) not in self.used and (kind, name) not in self.outer:
                self.mistakes.add(span, f"nothing uses the {kind} {name!r}; remove it")


def _groups(path: Path, scope: _Scope) -> tuple[ObisFile, ObisFile]:
    root = load_file(path, f"obis/{_GROUPS}", scope.mistakes) or Table((), Span(f"obis/{_GROUPS}"))
    keys = Keys(root, "groups.yaml", scope.mistakes)
    sets, tables = _declare(keys, scope)
    ref = read_word(keys, "ref")
    first = _sections(keys.items("first"), scope, _EVERY, ref)
    last = _sections(keys.items("last"), scope, _EVERY, ref)
    keys.close()
    return ObisFile("first", (), "", sets, tables, first), ObisFile("last", (), "", (), (), last)


@dataclass(slots=True)
class _Reader:
    """One file of a medium: names are declared in all files before patterns are read in any."""

    name: str
    keys: Keys
    media: tuple[int, ...]
    module: str
    scope: _Scope
    sets: tuple[NumberSet, ...] = ()
    tables: tuple[WordTable, ...] = ()

    def declare(self, scope: _Scope) -> None:
        self.scope = scope
        self.sets, self.tables = _declare(self.keys, scope)

    def file(self) -> ObisFile:
        ref = read_word(self.keys, "ref")
        sections = _sections(self.keys.items("sections"), self.scope, self.media, ref)
        self.keys.close()
        return ObisFile(self.name, self.media, self.module, self.sets, self.tables, sections)


def _reader(path: Path, scope: _Scope, mistakes: Mistakes) -> _Reader | None:
    root = load_file(path, f"obis/{path.name}", mistakes)
    if root is None:
        return None
    keys = Keys(root, path.name, mistakes)
    medium, module = keys.text("medium"), keys.text("module")
    media = None if medium is None else read_ranges(medium, mistakes, {})
    if module is not None and _MODULE.fullmatch(module.value) is None:
        mistakes.add(module.span, f"{module.value!r} is no module name; write it in lower case")
    if media is None or module is None:
        return None
    return _Reader(path.stem, keys, tuple(sorted(media)), module.value, scope)


def _declare(keys: Keys, scope: _Scope) -> tuple[tuple[NumberSet, ...], tuple[WordTable, ...]]:
    """Sets (each may use those before it), named lists of classes, and tables."""
    sets: list[NumberSet] = []
    for entry in keys.table("sets", required=False) or ():
        text = as_text(entry.value, f"set {entry.key.value}", scope.mistakes)
        numbers = None if text is None else scope.read_set(text)
        if text is not None and numbers is not None and scope.is_new("set", entry.key):
            sets.append(NumberSet(entry.key.value, text.value, numbers, entry.key.span))
            scope.sets[entry.key.value] = sets[-1]
    for entry in keys.table("classes", required=False) or ():
        if not isinstance(entry.value, Items):
            scope.mistakes.add(entry.value.span, f"{entry.key.value!r} is a list of class ids")
        elif scope.is_new("list of classes", entry.key):
            scope.classes[entry.key.value] = scope.class_ids(entry.value)
    tables: list[WordTable] = []
    for entry in keys.table("tables", required=False) or ():
        table = _table(entry, scope.mistakes)
        if table is not None and scope.is_new("table", entry.key):
            tables.append(table)
            scope.tables[table.name] = table
    return tuple(sets), tuple(tables)


def _table(entry: Entry, mistakes: Mistakes) -> WordTable | None:
    what = f"table {entry.key.value}"
    node = as_table(entry.value, what, mistakes)
    if node is None:
        return None
    keys = Keys(node, what, mistakes)
    confidence = read_confidence(keys)
    words: list[Words] = []
    taken: dict[int, Span] = {}
    for item in keys.table("entries") or ():
        numbers = read_ranges(item.key, mistakes, {})
        text, sure, life = _words(item.value, what, confidence, mistakes)
        if numbers is None or text is None or not check_wording(text, mistakes, (), "n"):
            continue
        if doubled := numbers & taken.keys():
            mistakes.add(
                item.key.span, f"{min(doubled)} stands in {what} twice; first at {taken[min(doubled)]}"
            )
            continue
        taken.update(dict.fromkeys(numbers, item.key.span))
        words.append(Words(runs(numbers), text.value, sure, item.key.span, life))
    keys.close()
    return WordTable(entry.key.value, tuple(words), entry.key.span)


def _words(node: Node, what: str, confidence: str, mistakes: Mistakes) -> tuple[Text | None, str, Life]:
    """A text, which may be empty, or ``{text: …, confidence: …, since: …, until: …}``."""
    life = ALWAYS
    if isinstance(node, Table):
        keys = Keys(node, f"an entry of {what}", mistakes)
        text, confidence, life = keys.node("text"), read_confidence(keys, confidence), read_life(keys)
        keys.close()
    else:
        text = node
    if text is not None and not isinstance(text, Text):
        mistakes.add(text.span, f"an entry of {what} is a text, or a text with its confidence")
        return None, confidence, life
    return text, confidence, life


def _sections(items: Items | None, scope: _Scope, media: Collection[int], ref: str) -> tuple[Section, ...]:
    tables = (as_table(item, "a section", scope.mistakes) for item in items or ())
    return tuple(_section(table, scope, media, ref) for table in tables if table is not None)


def _section(table: Table, scope: _Scope, media: Collection[int], ref: str) -> Section:
    keys = Keys(table, "a section", scope.mistakes)
    title = keys.text("title")
    classes = scope.read_classes(keys.node("classes", required=False))
    defaults = _Defaults(classes, read_word(keys, "ref", ref), read_confidence(keys), read_life(keys))
    objects: list[ObisObject] = []
    constants: list[Constant] = []
    for item in keys.items("objects", required=False) or ():
        if (node := as_table(item, "an object", scope.mistakes)) is not None:
            made, named = _object(node, scope, media, defaults)
            objects.extend(made)
            constants.extend(named)
    for entry in keys.table("constants", required=False) or ():
        text = as_text(entry.value, f"constant {entry.key.value}", scope.mistakes)
        pattern = None if text is None else scope.read_pattern(text, media)
        if pattern is not None:
            constants.extend(_constants(entry.key, pattern, scope))
    keys.close()
    return Section(title.value if title else "", tuple(objects), tuple(constants))


@dataclass(frozen=True, slots=True)
class _Defaults:
    """What a section says for all its objects."""

    classes: tuple[int, ...]
    ref: str
    confidence: str
    life: Life


def _object(
    table: Table, scope: _Scope, media: Collection[int], defaults: _Defaults
) -> tuple[list[ObisObject], list[Constant]]:
    keys = Keys(table, "an object", scope.mistakes)
    code, name, constant = keys.text("code"), keys.text("name"), keys.text("constant", required=False)
    given = keys.node("classes", required=False)
    classes = defaults.classes if given is None else scope.read_classes(given)
    ref, confidence = read_word(keys, "ref", defaults.ref), read_confidence(keys, defaults.confidence)
    life = read_life(keys)
    keys.close()
    pattern = None if code is None else scope.read_pattern(code, media)
    wording = None if name is None else scope.read_wording(name)
    if pattern is None or wording is None:
        return [], []
    if life == Life():
        life = defaults.life
    made = ObisObject(pattern, wording, classes, ref, confidence, life, table.span)
    return [made], [] if constant is None else list(_constants(constant, pattern, scope))


def _constants(name: Text, pattern: Pattern, scope: _Scope) -> Iterator[Constant]:
    """One constant for each number of the groups that the name speaks of; the others take the usual one."""
    if scope.read_wording(name) is None:
        return
    said = letters(name.value)
    choices = [
        sorted(numbers) if letter in said else [255 if letter == "f" and 255 in numbers else min(numbers)]
        for letter, numbers in zip("abcdef", pattern.groups, strict=True)
    ]
    count = 1
    for choice in choices:
        count *= len(choice)
    if count > _MANY:
        scope.mistakes.add(name.span, f"{name.value!r} names {count} codes; write a narrower pattern")
        return
    for a, b, c, d, e, f in itertools.product(*choices):
        code: Code = (a, b, c, d, e, f)
        yield Constant(fill(name.value, groups_of(code), scope.tables), code, name.span)


def _check_order(model: ObisModel, mistakes: Mistakes) -> None:
    """No object stands behind one that takes all its codes."""
    for media in {file.media for file in model.files}:
        before: list[ObisObject] = []
        for item in (item for file in model.of_medium(media[0]) for item in file.objects):
            hider = next((other for other in before if other.pattern.covers(item.pattern)), None)
            if hider is not None:
                mistakes.add(item.span, f"{item.pattern.text} is never reached; {hider.span} takes its codes")
            before.append(item)


def _check_constants(model: ObisModel, mistakes: Mistakes) -> None:
    """Names are Python names, once in a module; a code has one name; an object says what it is."""
    names: dict[tuple[str, str], Constant] = {}
    codes: dict[Code, Constant] = {}
    for file in model.files:
        for constant in (constant for section in file.sections for constant in section.constants):
            if _CONSTANT.fullmatch(constant.name) is None:
                mistakes.add(constant.span, f"{constant.name!r} is no constant; write WORDS_LIKE_THIS")
            namesake = names.setdefault((file.module, constant.name), constant)
            twin = codes.setdefault(constant.code, constant)
            shown = ".".join(map(str, constant.code))
            if namesake is not constant:
                where = f"{file.module} twice; first at {namesake.span}"
                mistakes.add(constant.span, f"{constant.name} stands in {where}")
            elif twin is not constant:
                mistakes.add(constant.span, f"{constant.name} and {twin.name} are both {shown}; keep one")
            if not model.names(constant.code):
                mistakes.add(constant.span, f"{constant.name} is {shown}, which no object describes")
