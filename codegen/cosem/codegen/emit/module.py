"""One Python module on its way out: its names, what it imports, its blocks in order."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import TypeAlias

from cosem.codegen.emit.env import environment, header

_PARTS = re.compile(r"\d+|\D+")
_STANDARD = frozenset({"__future__", "collections.abc", "dataclasses", "struct", "typing"})


@dataclass(slots=True)
class Module:
    """``name`` is dotted; ``own`` are the names it defines, known before the first import is asked for."""

    name: str
    sources: Sequence[str]
    doc: str
    own: set[str] = field(default_factory=set[str])
    blocks: list[str] = field(default_factory=list[str])
    _imports: dict[str, dict[str, str]] = field(default_factory=dict[str, dict[str, str]])

    @property
    def lines(self) -> int:
        """How long the blocks are so far."""
        return sum(block.count("\n") + 3 for block in self.blocks)

    @property
    def path(self) -> str:
        """Where it is written, under ``generated/``."""
        return f"{self.name.replace('.', '/')}.py"

    def use(self, module: str, name: str) -> str:
        """Import ``name`` and return what it is called here: ``Core…`` where the plain name is this module's own."""
        alias = f"Core{name}" if name in self.own else name
        self._imports.setdefault(module, {})[name] = alias
        return alias

    def symbol(self, home: Module, name: str) -> str:
        """``name`` of another module, or of this one."""
        return name if home is self else self.use(home.name, name)

    def add(self, template: str, **variables: object) -> None:
        """Render a block at the end."""
        self.blocks.append(environment().get_template(template).render(variables).strip("\n"))

    def render(self) -> str:
        """The whole source, before black."""
        return (
            environment()
            .get_template("module.py.j2")
            .render(header=header(self.sources), doc=self.doc, groups=self._groups(), blocks=self.blocks)
        )

    def _groups(self) -> list[list[str]]:
        """Import lines: the standard library, then the rest."""
        lines: tuple[list[str], list[str]] = ([], [])
        for module, names in sorted(self._imports.items(), key=lambda item: import_order(item[0])):
            listed = [
                name if name == alias else f"{name} as {alias}"
                for name, alias in sorted(names.items(), key=lambda item: import_order(item[0]))
            ]
            lines[module not in _STANDARD].append(f"from {module} import {', '.join(listed)}")
        return [group for group in lines if group]


NameOrder: TypeAlias = tuple[int, list[tuple[bool, int, str]]]


def name_order(name: str) -> NameOrder:
    """How exported names are sorted: constants, then classes, then the rest; numbers by value."""
    kind = 0 if name.isupper() and len(name) > 1 else 1 if name[:1].isupper() else 2
    return kind, [
        (not part.isdigit(), int(part) if part.isdigit() else 0, part) for part in _PARTS.findall(name)
    ]


@cache
def import_order(name: str) -> tuple[NameOrder, str]:
    """How modules, and names in an import, are sorted: as exported names are, but small letters as large ones."""
    kind, parts = name_order(name)
    return (kind, [(word, number, part.lower()) for word, number, part in parts]), name
