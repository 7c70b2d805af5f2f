"""The verbs that change classes and types: add_class, add_attribute, add_method, add_enum_member, set, remove."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from cosem.codegen.errors import Mistakes, Span
from cosem.codegen.ir.model import Attribute, Method
from cosem.codegen.ir.names import snake
from cosem.codegen.ir.overlay import (
    AddClass,
    AddMember,
    AddRow,
    ClassPatch,
    Origin,
    RemoveMember,
    RemoveNamed,
    RemoveRow,
    SetObject,
    SetRow,
)
from cosem.codegen.load.classes import read_attribute, read_class, read_indices, read_method, read_rows
from cosem.codegen.load.nodes import Entry, Items, Keys, Table, Text, as_table, numbered
from cosem.codegen.load.overlay_objects import read_objects
from cosem.codegen.load.overlay_origin import Origins
from cosem.codegen.load.types import read_members, read_type

_NAMED = ("object", "association", "push", "quirk")
_PATCH_KEYS = frozenset({"from", "reason"})


@dataclass(slots=True)
class ClassVerbs:
    """Reads the verbs of one overlay, in the order in which they are applied."""

    file: str
    origins: Origins
    mistakes: Mistakes
    patches: list[ClassPatch] = field(default_factory=list[ClassPatch])
    removed: list[RemoveNamed] = field(default_factory=list[RemoveNamed])
    replaced: list[SetObject] = field(default_factory=list[SetObject])

    def read(self, keys: Keys) -> None:
        """Every verb that stands in the overlay."""
        for table in self._tables(keys, "remove"):
            self._remove(Keys(table, "'remove'", self.mistakes), table)
        for table in self._tables(keys, "set"):
            self._set(Keys(table, "'set'", self.mistakes), table)
        for table in self._tables(keys, "add_class"):
            self._add_class(table)
        for table in self._tables(keys, "add_attribute"):
            self._add_rows(table, "attributes")
        for table in self._tables(keys, "add_method"):
            self._add_rows(table, "methods")
        for table in self._tables(keys, "add_enum_member"):
            self._add_members(table)

    def _tables(self, keys: Keys, verb: str) -> Iterator[Table]:
        for item in keys.items(verb, required=False) or ():
            table = as_table(item, f"an entry of {verb!r}", self.mistakes)
            if table is not None:
                yield table

    def _add_class(self, table: Table) -> None:
        own = Table(tuple(entry for entry in table if entry.key.value in _PATCH_KEYS), table.span)
        keys = Keys(own, "'add_class'", self.mistakes)
        origin, reason, span = self.origins.spread(keys, table.span)
        body = Table(tuple(entry for entry in table if entry.key.value not in _PATCH_KEYS), table.span)
        cls = read_class(body, self.file, self.mistakes)
        if cls is None:
            return
        versions = tuple(replace(version, ref=version.ref or str(origin)) for version in cls.versions)
        file = f"{self.file}/{cls.id:04}_{snake(cls.name)}.yaml"
        self.patches.append(AddClass(origin, reason, span, replace(cls, file=file, versions=versions)))

    def _add_rows(self, table: Table, kind: str) -> None:
        verb = f"add_{kind[:-1]}"
        keys = Keys(table, f"{verb!r}", self.mistakes)
        origin, reason, _ = self.origins.spread(keys, table.span)
        class_id, version = keys.integer("class"), keys.integer("version")
        rows: list[Attribute | Method] = []
        if kind == "attributes":
            rows += read_rows(keys.table(kind), read_attribute, self.mistakes).values()
        else:
            rows += read_rows(keys.table(kind), read_method, self.mistakes).values()
        keys.close()
        if class_id is not None and version is not None:
            self.patches += [AddRow(origin, reason, row.span, class_id, version, row) for row in rows]

    def _add_members(self, table: Table) -> None:
        keys = Keys(table, "'add_enum_member'", self.mistakes)
        origin, reason, _ = self.origins.spread(keys, table.span)
        type_name, class_id = keys.text("type"), keys.integer("class", required=False)
        members = read_members(keys.table("members"), keys.table("symbols", required=False), self.mistakes)
        keys.close()
        if type_name is not None:
            self.patches += [
                AddMember(origin, reason, member.span, type_name.value, class_id, member)
                for member in members
            ]

    def _set(self, keys: Keys, table: Table) -> None:
        origin, reason, span = self.origins.spread(keys, table.span)
        if table.get("objects") is not None:
            entries = read_objects(keys.table("objects"), self.origins.within(origin), self.mistakes)
            self.replaced += [SetObject(origin, reason, entry.span, entry) for entry in entries]
            keys.close()
            return
        class_id, version = keys.integer("class"), keys.integer("version")
        attributes, methods = keys.table("attributes", required=False), keys.table("methods", required=False)
        keys.close()
        if attributes is None and methods is None:
            self.mistakes.add(span, "'set' needs 'attributes', 'methods' or 'objects'")
        if class_id is None or version is None:
            return
        for kind, rows in (("attribute", attributes), ("method", methods)):
            for index, entry in numbered(rows, "index", self.mistakes) if rows else ():
                made = self._set_row(origin, reason, class_id, version, kind, index, entry)
                if made is not None:
                    self.patches.append(made)

    def _set_row(
        self, origin: Origin, reason: str, class_id: int, version: int, kind: str, index: int, entry: Entry
    ) -> SetRow | None:
        table = as_table(entry.value, f"{kind} {index}", self.mistakes)
        if table is None:
            return None
        keys = Keys(table, f"{kind} {index}", self.mistakes)
        made = SetRow(origin, reason, entry.key.span, class_id, version, kind, index)
        name, doc = keys.text("name", required=False), keys.text("doc", required=False)
        made = replace(made, name=name.value if name else None, doc=doc.value if doc else None)
        if kind == "attribute":
            access = keys.word("access", ("read-only", "read-write"), default="")
            volatile = keys.word("volatile", ("static", "dynamic"), default="")
            made = replace(
                made,
                type=read_type(keys.text("type", required=False), self.mistakes),
                writable=_is(access, "read-write"),
                dynamic=_is(volatile, "dynamic"),
            )
        else:
            optional = keys.word("optional", ("true", "false"), default="")
            made = replace(
                made,
                takes=read_type(keys.text("takes", required=False), self.mistakes),
                returns=read_type(keys.text("returns", required=False), self.mistakes),
                mandatory=_is(optional, "false"),
            )
        keys.close()
        return made

    def _remove(self, keys: Keys, table: Table) -> None:
        origin, reason, span = self.origins.spread(keys, table.span)
        named = next((kind for kind in _NAMED if table.get(kind) is not None), None)
        if named is not None:
            text = keys.text(named)
            keys.close()
            if text is not None:
                self.removed.append(RemoveNamed(origin, reason, text.span, named, text.value))
        elif table.get("type") is not None:
            type_name, class_id = keys.text("type"), keys.integer("class", required=False)
            numbers = read_indices(keys.items("members"), "member", self.mistakes)
            keys.close()
            if type_name is not None:
                self.patches += [
                    RemoveMember(origin, reason, place, type_name.value, class_id, number)
                    for number, place in numbers.items()
                ]
        else:
            self._remove_rows(keys, origin, reason, span)

    def _remove_rows(self, keys: Keys, origin: Origin, reason: str, span: Span) -> None:
        class_id, version = keys.integer("class"), keys.integer("version")
        kinds: dict[str, Items | None] = {
            "attribute": keys.items("attributes", required=False),
            "method": keys.items("methods", required=False),
        }
        keys.close()
        if not any(kinds.values()):
            self.mistakes.add(
                span, f"'remove' needs 'attributes', 'methods', 'type' or one of {', '.join(_NAMED)}"
            )
        if class_id is None or version is None:
            return
        for kind, items in kinds.items():
            for index, place in read_indices(items, kind, self.mistakes).items():
                self.patches.append(RemoveRow(origin, reason, place, class_id, version, kind, index))


def _is(text: Text | None, word: str) -> bool | None:
    """Whether a word was given, and is that one."""
    return text.value == word if text is not None and text.value else None
