"""Text telegrams against the object list: which attribute stands in which brackets, and how its type is written."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

from cosem.codegen.errors import Mistakes
from cosem.codegen.ir.model import BitsDef, EnumDef, InterfaceClass, Model, Version
from cosem.codegen.ir.overlay import Column, ObjectRow, TextList, TextPlace
from cosem.codegen.ir.types import FORMATTED_SIZES, Builtin, ChoiceType, Named, TypeExpr
from cosem.codegen.passes.scope import Scope, class_scope

_MOMENTS = ("DateTime", "date-time")
_OCTETS = ("octet-string", "bit-string")
_CHARACTERS = ("visible-string", "utf8-string")
_OTHERS = ("data", "profile-buffer", "null-data", "float32", "float64", "date", "time", *FORMATTED_SIZES)
"""What has no form here, besides what is not plain."""
_SCALES = "scaler_unit"
_BUFFER = "buffer"


@dataclass(frozen=True, slots=True)
class TextRules:
    """Resolves what text telegrams have against the object list ``rows``."""

    model: Model
    rows: Collection[ObjectRow]
    mistakes: Mistakes

    def resolve(self, known: TextList) -> TextList:
        """The list with the brackets of every object whose values have a form; mistakes are noted."""
        given = dict(known.values)
        names = {row.name for row in self.rows}
        for name, places in known.values:
            if name not in names:
                span = places[0].span if places else known.span
                self.mistakes.add(span, f"{name} is not in the object list; list it")
        found: list[tuple[str, tuple[TextPlace, ...]]] = []
        for row in self.rows:
            written = given.get(row.name)
            if written == ():
                continue  # it is captured, and not sent by itself
            places = tuple(self._place(each, row) for each in written or (TextPlace("2", "", row.span),))
            for place in places if written else ():
                if place.index and not (place.form or place.columns):
                    self.mistakes.add(
                        place.span,
                        f"the type of {row.name} does not say how {place.attribute} is written; narrow it,"
                        " or add number, time, octets or text",
                    )
            if all(place.form or place.columns for place in places):
                found.append((row.name, places))
        return replace(known, values=tuple(found))

    def _place(self, place: TextPlace, row: ObjectRow) -> TextPlace:
        cls, version = self._version(row)
        if cls is None or version is None:
            return place
        names = {each.name: each.index for each in version.attributes}
        index = {**names, **{str(number): number for number in names.values()}}.get(place.attribute)
        if index is None:
            self.mistakes.add(
                place.span, f"{row.name} has no attribute {place.attribute}; there are {', '.join(names)}"
            )
            return place
        if row.columns and version.attributes and names.get(_BUFFER) == index:
            columns = tuple(self._column(each) for each in row.columns)
            return replace(place, index=index, columns=columns if all(form for _, form in columns) else ())
        return replace(place, index=index, form=place.form or self._form(row, index))

    def _column(self, column: Column) -> tuple[str, str]:
        """The name of a column and how it is written."""
        groups = column.pattern.groups
        row = next(
            (each for each in self.rows if each.class_id == column.class_id and _covers(each, groups)), None
        )
        if row is None:
            return column.text, ""
        return row.name if column.index == 2 else f"{row.name}_{column.index}", self._form(row, column.index)

    def _form(self, row: ObjectRow, index: int) -> str:
        """How an attribute is written: its type says so, and a scaler and unit behind it say that it is a number."""
        cls, version = self._version(row)
        attribute = (
            next((each for each in version.attributes if each.index == index), None) if version else None
        )
        if cls is None or version is None or attribute is None:
            return ""
        narrowed = (each.type for each in row.attributes if each.index == index and each.type is not None)
        expr = next(narrowed, attribute.type)
        if expr == Builtin("data"):
            scaled = any(each.name == _SCALES and index < each.index for each in version.attributes)
            return "number" if scaled else ""
        return _form_of(expr, class_scope(self.model, cls))

    def _version(self, row: ObjectRow) -> tuple[InterfaceClass | None, Version | None]:
        cls = next((each for each in self.model.classes if each.id == row.class_id), None)
        versions = () if cls is None else cls.versions
        return cls, next((each for each in versions if each.number == row.version), None)


def _covers(row: ObjectRow, groups: tuple[frozenset[int], ...]) -> bool:
    """Whether a row admits the codes of a column, a letter of which is open there, too."""
    return all(bool(one & other) for one, other in zip(groups, row.pattern.groups, strict=True))


def _form_of(expr: TypeExpr, scope: Scope) -> str:
    match expr:
        case Builtin(name=name) if name in _MOMENTS:
            return "time"
        case Builtin(name=name) if name in _OCTETS:
            return "octets"
        case Builtin(name=name) if name in _CHARACTERS:
            return "text"
        case Builtin(name=name):
            return "" if name in _OTHERS else "number"
        case ChoiceType(alternatives=alternatives):
            forms = {_form_of(each, scope) for each in alternatives if each != Builtin("null-data")}
            return forms.pop() if len(forms) == 1 else ""
        case Named(name=name) if isinstance(scope.find(name), EnumDef | BitsDef):
            return "number"
        case _:
            return ""
