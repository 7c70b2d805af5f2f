"""The verbs that change classes and types, applied to the model one by one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from cosem.codegen.errors import Mistakes, Span
from cosem.codegen.ir.model import (
    Attribute,
    BitsDef,
    EnumDef,
    InterfaceClass,
    Method,
    Model,
    TypeFile,
    Version,
)
from cosem.codegen.ir.overlay import (
    AddClass,
    AddMember,
    AddRow,
    ChangeNote,
    ClassPatch,
    Overlay,
    Patch,
    RemoveMember,
    RemoveRow,
    SetRow,
)
from cosem.codegen.passes.narrowing import is_narrower
from cosem.codegen.passes.scope import Scope, class_scope

FIRST_OWN_CLASS = 8192
"""From this class id on, classes belong to manufacturers and user groups."""

Element: TypeAlias = tuple[str | int | None, ...]


@dataclass(slots=True)
class Patcher:
    """The model while overlays change it; ``related`` are the overlays that each one extends."""

    model: Model
    related: Mapping[str, frozenset[str]]
    mistakes: Mistakes
    notes: list[ChangeNote] = field(default_factory=list[ChangeNote])
    versions: set[tuple[int, int]] = field(default_factory=set[tuple[int, int]])
    types: set[tuple[int | None, str]] = field(default_factory=set[tuple[int | None, str]])
    _touched: dict[Element, tuple[str, Span]] = field(default_factory=dict[Element, tuple[str, Span]])

    def apply(self, overlay: Overlay) -> None:
        """Every verb of one overlay that is about classes and types."""
        if overlay.types:
            file = TypeFile(overlay.name, overlay.file, overlay.types)
            self.model = replace(self.model, types=(*self.model.types, file))
            self.types |= {(None, definition.name) for definition in overlay.types}
        for patch in overlay.patches:
            self._patch(patch, overlay)

    def touch(self, element: Element, what: str, patch_span: Span, overlay: Overlay) -> bool:
        """Whether an element is free for this overlay; a mistake is noted if another one has it."""
        name, span = self._touched.get(element, ("", patch_span))
        self._touched[element] = (overlay.name, patch_span)
        if name == overlay.name:
            self.mistakes.add(patch_span, f"{what} is changed at {span} already; say it once")
        elif name and name not in self.related[overlay.name]:
            self.mistakes.add(patch_span, f"{what} is changed by {name} too, at {span}; extend that overlay")
        else:
            return True
        return False

    def note(self, verb: str, element: str, patch: Patch) -> None:
        """Keep what was done."""
        self.notes.append(ChangeNote(verb, element, patch.origin, patch.reason))

    def _patch(self, patch: ClassPatch, overlay: Overlay) -> None:
        match patch:
            case AddClass():
                self._add_class(patch, overlay)
            case AddRow():
                self._add_row(patch, overlay)
            case SetRow():
                self._set_row(patch, overlay)
            case RemoveRow():
                self._remove_row(patch, overlay)
            case AddMember() | RemoveMember():
                self._member(patch, overlay)

    def _add_class(self, patch: AddClass, overlay: Overlay) -> None:
        cls = patch.cls
        if not self.touch(("class", cls.id), f"class {cls.id}", patch.span, overlay):
            return
        known = next((other for other in self.model.classes if other.id == cls.id), None)
        if known is not None:
            self.mistakes.add(
                cls.span, f"class {cls.id} exists: {known.name}; add to it, or set what differs"
            )
            return
        if cls.id < FIRST_OWN_CLASS and not patch.reason:
            text = f"class id {cls.id} belongs to the books; take one from {FIRST_OWN_CLASS} on, or give a 'reason'"
            self.mistakes.add(cls.span, text)
        cls = replace(cls, doc=_from(cls.doc, patch))
        classes = sorted((*self.model.classes, cls), key=lambda each: each.id)
        self.model = replace(self.model, classes=tuple(classes))
        self.versions |= {(cls.id, version.number) for version in cls.versions}
        self.types |= {(cls.id, definition.name) for definition in cls.types}
        self.note("add_class", f"class {cls.id}", patch)

    def _add_row(self, patch: AddRow, overlay: Overlay) -> None:
        row, kind = patch.row, "attribute" if isinstance(patch.row, Attribute) else "method"
        found = self._version(patch.class_id, patch.version, patch.span)
        if found is None or not self._free(patch, kind, row.index, overlay):
            return
        _, version = found
        known = next((each for each in _rows(version, kind) if each.index == row.index), None)
        what = f"{kind} {row.index} of class {patch.class_id} version {patch.version}"
        if known is not None:
            self.mistakes.add(patch.span, f"{what} exists: {known.name}; 'set' what differs")
            return
        if row.index > 0 and not patch.reason:
            self.mistakes.add(
                patch.span, f"index {row.index} belongs to the books; take one below 0, or give a 'reason'"
            )
        made: Attribute | Method = replace(row, doc=_from(row.doc, patch))
        self._put(found, kind, [*_rows(version, kind), made])
        self.note(f"add_{kind}", what, patch)

    def _set_row(self, patch: SetRow, overlay: Overlay) -> None:
        found = self._version(patch.class_id, patch.version, patch.span)
        if found is None or not self._free(patch, patch.kind, patch.index, overlay):
            return
        cls, version = found
        known = self._row(patch, version)
        if known is None:
            return
        scope = class_scope(self.model, cls)
        wider = list(_widened(patch, known, scope))
        if wider and not patch.reason:
            self.mistakes.add(
                patch.span, f"{', '.join(wider)}: more than the books allow; narrow it, or give a 'reason'"
            )
        made = replace(
            _changed(patch, known), span=patch.span, doc=_from(patch.doc or known.doc, patch, "Changed by")
        )
        rows = [made if each is known else each for each in _rows(version, patch.kind)]
        self._put(found, patch.kind, rows)
        self.note("set", f"{patch.kind} {patch.index} of class {cls.id} version {version.number}", patch)

    def _remove_row(self, patch: RemoveRow, overlay: Overlay) -> None:
        found = self._version(patch.class_id, patch.version, patch.span)
        if found is None or not self._free(patch, patch.kind, patch.index, overlay):
            return
        cls, version = found
        known = self._row(patch, version)
        if known is None:
            return
        if not patch.reason and (isinstance(known, Attribute) or known.mandatory):
            self.mistakes.add(
                patch.span, f"every device has {patch.kind} {patch.index}, {known.name}; give a 'reason'"
            )
        self._put(found, patch.kind, [each for each in _rows(version, patch.kind) if each is not known])
        self.note("remove", f"{patch.kind} {patch.index} of class {cls.id} version {version.number}", patch)

    def _member(self, patch: AddMember | RemoveMember, overlay: Overlay) -> None:
        number = patch.member.number if isinstance(patch, AddMember) else patch.number
        what = f"member {number} of {patch.type}"
        if not self.touch((patch.class_id, patch.type, number), what, patch.span, overlay):
            return
        definition = self._enumeration(patch)
        if definition is None:
            return
        known = next((each for each in definition.members if each.number == number), None)
        if isinstance(patch, RemoveMember):
            if known is None:
                self.mistakes.add(patch.span, f"there is no {what}")
            members = tuple(each for each in definition.members if each is not known)
            self.note("remove", what, patch)
        else:
            if known is not None:
                self.mistakes.add(patch.span, f"{what} exists: {known.name}")
                return
            made = replace(patch.member, doc=_from(patch.member.doc, patch))
            members = tuple(sorted((*definition.members, made), key=lambda each: each.number))
            self.note("add_enum_member", what, patch)
        self._put_type(patch.class_id, replace(definition, members=members))

    def _enumeration(self, patch: AddMember | RemoveMember) -> EnumDef | BitsDef | None:
        owners = {cls.id: cls.types for cls in self.model.classes}
        shared = [definition for file in self.model.types for definition in file.types]
        among = shared if patch.class_id is None else owners.get(patch.class_id, ())
        found = next((each for each in among if each.name == patch.type), None)
        if isinstance(found, EnumDef | BitsDef):
            return found
        where = "no shared type" if patch.class_id is None else f"no type of class {patch.class_id}"
        homes = [
            str(number) for number, types in owners.items() if patch.type in {each.name for each in types}
        ]
        hint = f"; write 'class: {homes[0]}'" if homes and patch.class_id is None else ""
        self.mistakes.add(patch.span, f"{patch.type} is {where} with members{hint}")
        return None

    def _version(self, class_id: int, number: int, span: Span) -> tuple[InterfaceClass, Version] | None:
        cls = next((each for each in self.model.classes if each.id == class_id), None)
        if cls is None:
            self.mistakes.add(span, f"there is no class {class_id}; add_class adds one")
            return None
        version = next((each for each in cls.versions if each.number == number), None)
        if version is None:
            known = ", ".join(str(each.number) for each in cls.versions)
            self.mistakes.add(span, f"class {class_id} has no version {number}; there are {known}")
            return None
        return cls, version

    def _free(self, patch: AddRow | SetRow | RemoveRow, kind: str, index: int, overlay: Overlay) -> bool:
        element = (kind, patch.class_id, patch.version, index)
        what = f"{kind} {index} of class {patch.class_id} version {patch.version}"
        return self.touch(element, what, patch.span, overlay)

    def _row(self, patch: SetRow | RemoveRow, version: Version) -> Attribute | Method | None:
        rows = _rows(version, patch.kind)
        found = next((each for each in rows if each.index == patch.index), None)
        if found is None:
            known = ", ".join(f"{each.index} {each.name}" for each in rows) or "none"
            text = f"version {patch.version} of class {patch.class_id} has no {patch.kind} {patch.index}"
            self.mistakes.add(patch.span, f"{text}; there are {known}")
        return found

    def _put(
        self, found: tuple[InterfaceClass, Version], kind: str, rows: Sequence[Attribute | Method]
    ) -> None:
        cls, version = found
        ordered = sorted(rows, key=lambda row: (row.index < 0, abs(row.index)))
        if kind == "attribute":
            made = replace(version, attributes=tuple(row for row in ordered if isinstance(row, Attribute)))
        else:
            made = replace(version, methods=tuple(row for row in ordered if isinstance(row, Method)))
        versions = tuple(made if each is version else each for each in cls.versions)
        self._put_class(cls, replace(cls, versions=versions))
        self.versions.add((cls.id, version.number))

    def _put_class(self, old: InterfaceClass, new: InterfaceClass) -> None:
        classes = tuple(new if each is old else each for each in self.model.classes)
        self.model = replace(self.model, classes=classes)

    def _put_type(self, class_id: int | None, made: EnumDef | BitsDef) -> None:
        self.types.add((class_id, made.name))
        if class_id is not None:
            cls = next(each for each in self.model.classes if each.id == class_id)
            types = tuple(made if each.name == made.name else each for each in cls.types)
            self._put_class(cls, replace(cls, types=types))
            return
        files = tuple(
            replace(file, types=tuple(made if each.name == made.name else each for each in file.types))
            for file in self.model.types
        )
        self.model = replace(self.model, types=files)


def _rows(version: Version, kind: str) -> Sequence[Attribute | Method]:
    return version.attributes if kind == "attribute" else version.methods


def _from(doc: str, patch: Patch, how: str = "From") -> str:
    """A description with where it comes from behind it."""
    reason = f"Reason: {patch.reason}" if patch.reason else ""
    return " ".join(filter(None, (doc, f"{how} {patch.origin}.", reason)))


def _widened(patch: SetRow, known: Attribute | Method, scope: Scope) -> list[str]:
    """What a ``set`` allows that the books do not, in words."""
    found: list[str] = []
    if patch.name is not None and patch.name != known.name:
        found.append(f"{known.name} is called {patch.name}")
    if isinstance(known, Attribute):
        if patch.type is not None and not is_narrower(patch.type, known.type, scope):
            found.append("the type is no narrower one")
        if patch.writable and not known.writable:
            found.append("a read-only attribute can be written")
        if patch.dynamic is not None and patch.dynamic is not known.dynamic:
            found.append("static and dynamic are exchanged")
        return found
    for new, old in ((patch.takes, known.takes), (patch.returns, known.returns)):
        if new is not None and (old is None or not is_narrower(new, old, scope)):
            found.append("a parameter or result is no narrower one")
    if patch.mandatory is False and known.mandatory:
        found.append("a mandatory method is optional")
    return found


def _changed(patch: SetRow, known: Attribute | Method) -> Attribute | Method:
    name = known.name if patch.name is None else patch.name
    if isinstance(known, Attribute):
        return replace(
            known,
            name=name,
            type=known.type if patch.type is None else patch.type,
            writable=known.writable if patch.writable is None else patch.writable,
            dynamic=known.dynamic if patch.dynamic is None else patch.dynamic,
        )
    return replace(
        known,
        name=name,
        takes=known.takes if patch.takes is None else patch.takes,
        returns=known.returns if patch.returns is None else patch.returns,
        mandatory=known.mandatory if patch.mandatory is None else patch.mandatory,
    )
