"""The columns of an object list's profiles and pushes: what they capture is listed, and has that attribute."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field, replace

from cosem.codegen.errors import Mistakes
from cosem.codegen.ir.model import Model, Version
from cosem.codegen.ir.overlay import Column, ObjectRow

_CAPTURING = ("capture_objects", "push_object_list")
"""The attributes that say what is captured."""
_LETTERS = "abcdef"
_QUANTITY = _LETTERS.index("c")


@dataclass(frozen=True, slots=True)
class ColumnRules:
    """Checks columns against the object list ``rows`` that they stand in."""

    model: Model
    rows: Collection[ObjectRow]
    variants: Collection[str]
    mistakes: Mistakes
    _by_quantity: dict[int, list[ObjectRow]] = field(init=False, default_factory=dict[int, list[ObjectRow]])
    """The rows that admit a number in group C: to look at all for each column takes half a second in all lists."""

    def __post_init__(self) -> None:
        for row in self.rows:
            for number in row.pattern.groups[_QUANTITY]:
                self._by_quantity.setdefault(number, []).append(row)

    def resolve(self, row: ObjectRow) -> ObjectRow:
        """The entry with its columns as class ids and attribute indices; mistakes are noted."""
        if not row.columns:
            return row
        version = self._version(row)
        if version is not None and not any(each.name in _CAPTURING for each in version.attributes):
            self.mistakes.add(
                row.span, f"{row.name} captures nothing: no {' or '.join(_CAPTURING)} in its class"
            )
            return row
        return replace(row, columns=tuple(self._column(each, row) for each in row.columns))

    def _column(self, column: Column, row: ObjectRow) -> Column:
        written = zip(
            _LETTERS, column.pattern.text.split("."), column.pattern.groups, row.pattern.groups, strict=True
        )
        for letter, text, group, own in written:
            if len(group) > 1 and (text != letter or len(own) == 1):
                upper = letter.upper()
                self.mistakes.add(
                    column.span, f"group {upper} is one number, or {letter} where {row.name} leaves it open"
                )
                return column
        captured = self._captured(column, row)
        version = None if captured is None else self._version(captured)
        if captured is None or version is None:
            return column
        names = {"logical_name": 1, **{each.name: each.index for each in version.attributes}}
        by_number = {str(index): index for index in (0, *names.values())}
        index = (names | by_number).get(column.attribute)
        if index is None:
            self.mistakes.add(
                column.span,
                f"{captured.name} has no attribute {column.attribute}; there are {', '.join(names)}",
            )
            return column
        return replace(column, class_id=captured.class_id, index=index)

    def _captured(self, column: Column, row: ObjectRow) -> ObjectRow | None:
        """The entry that a column is of: the one with the fewest codes in a device that has both."""
        wanted = [
            own if len(group) > 1 else group
            for group, own in zip(column.pattern.groups, row.pattern.groups, strict=True)
        ]
        found = [
            each
            for each in self._by_quantity.get(min(wanted[_QUANTITY]), ())
            if each.meets(row)
            and all(one <= other for one, other in zip(wanted, each.pattern.groups, strict=True))
        ]
        found.sort(key=lambda each: sum(len(group) for group in each.pattern.groups))
        if not found:
            self.mistakes.add(
                column.span, f"{column.pattern.text} is captured and not in the object list; list it"
            )
            return None
        same = [each for each in found if each.pattern.groups == found[0].pattern.groups]
        if len({(each.class_id, each.version) for each in same}) > 1:
            self.mistakes.add(
                column.span, f"{column.pattern.text} is {' and '.join(each.name for each in same)}; keep one"
            )
        self._everywhere(column, row, found)
        return found[0]

    def _everywhere(self, column: Column, row: ObjectRow, found: Collection[ObjectRow]) -> None:
        """Every kind of the device that has the row has what it captures."""
        wanted = row.variants or self.variants
        have = {kind for each in found for kind in each.variants or self.variants}
        lacking = [kind for kind in wanted if kind not in have]
        if lacking:
            self.mistakes.add(
                column.span,
                f"{column.pattern.text} is captured and {' and '.join(lacking)} meters do not list it",
            )

    def _version(self, row: ObjectRow) -> Version | None:
        versions = (
            version for cls in self.model.classes if cls.id == row.class_id for version in cls.versions
        )
        return next((version for version in versions if version.number == row.version), None)
