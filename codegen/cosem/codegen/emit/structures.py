"""The straight-line codec of a structure: runs of constant size in one struct.Struct, calls for the rest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from cosem.codegen.emit.module import Module
from cosem.codegen.emit.wire import Fixed, fixed, length
from cosem.codegen.ir.model import BitsDef
from cosem.codegen.ir.names import camel, identifier, upper
from cosem.codegen.ir.types import FieldType, Named, TypeExpr
from cosem.codegen.passes.scope import Scope

_LOCALS = frozenset({"b", "p", "limits", "value"})


class Types(Protocol):
    """The types that a structure's fields are made of, as they are written into one module."""

    @property
    def scope(self) -> Scope:
        """The definitions by name."""
        ...

    @property
    def home(self) -> Module:
        """The module."""
        ...

    def annotation(self, expr: TypeExpr, into: Module, hint: str) -> str:
        """The Python type of a value."""
        ...

    def codec(self, expr: TypeExpr, into: Module, hint: str) -> str:
        """The name of a codec."""
        ...


@dataclass(slots=True)
class Layout:
    """What the template writes down."""

    structs: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    fields: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    described: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    reads: list[str] = field(default_factory=list[str])
    arguments: list[str] = field(default_factory=list[str])
    end: str = "p"
    sizes: list[str] = field(default_factory=list[str])
    parts: list[str] = field(default_factory=list[str])


@dataclass(slots=True)
class _Run:
    """Constant octets and values of constant size, one after another."""

    letters: list[str] = field(default_factory=list[str])
    targets: list[str] = field(default_factory=list[str])
    heads: list[tuple[str, bytes]] = field(default_factory=list[tuple[str, bytes]])
    values: list[str] = field(default_factory=list[str])
    pending: bytes = b""
    size: int = 0

    def constant(self, octets: bytes) -> None:
        self.pending += octets
        self.size += len(octets)

    def flush(self) -> None:
        """Turn the pending constant octets into one element."""
        if self.pending:
            name = f"head{len(self.heads)}"
            self.heads.append((name, self.pending))
            self.letters.append(f"{len(self.pending)}s")
            self.targets.append(name)
            self.values.append(octets_literal(self.pending))
            self.pending = b""

    def value(self, element: Fixed, local: str, store: str) -> None:
        self.constant(element.head)
        if element.letter:
            self.flush()
            self.letters.append(element.letter)
            self.targets.append(local)
            self.values.append(store)
            self.size += element.size


def lay_out(name: str, fields: Sequence[FieldType], types: Types) -> Layout:
    """The codec of a structure called ``name``."""
    home, layout, run = types.home, Layout(), _Run()
    run.constant(b"\x02" + length(len(fields)))
    for item in fields:
        python = identifier(item.name)
        local = f"{python}_" if python in _LOCALS else python
        hint = f"{name}{camel(item.name)}"
        codec = types.codec(item.type, home, hint)
        layout.fields.append((python, types.annotation(item.type, home, hint)))
        layout.described.append((item.name, codec))
        element = fixed(item.type, types.scope)
        if element is None:
            offset = _close(name, layout, run, types)
            run = _Run()
            layout.reads.append(f"{local}, p = {codec}.read(b, {offset}, limits)")
            layout.parts.append(f"{codec}.write(value.{python})")
            layout.arguments.append(local)
            continue
        run.value(element, local, _stored(element, item, f"value.{python}", types))
        layout.arguments.append(_loaded(element, item, local, types))
        if element.letter.endswith("s") and element.form != "bits":
            layout.sizes.append(f"len(value.{python}) != {element.size}")
    layout.end = _close(name, layout, run, types)
    if layout.sizes:
        home.use("cosem.core.errors", "EncodeError")
    return layout


def _close(name: str, layout: Layout, run: _Run, types: Types) -> str:
    """Write a run down; gives the position behind it."""
    run.flush()
    if not run.size:
        return "p"
    home = types.home
    error = home.use("cosem.core.errors", "DecodeError")
    refuse = f"    raise {error}('these octets are no {name}', offset=p)"
    if len(run.targets) == len(run.heads):
        head = run.heads[0][1]
        layout.reads += [f"if not b.startswith({octets_literal(head)}, p):", refuse]
        layout.parts.append(octets_literal(head))
        return f"p + {run.size}"
    number = len(layout.structs)
    packed = f"_{upper(name)}" + (f"_{number}" if number else "")
    home.use("struct", "Struct")
    layout.structs.append((packed, f">{''.join(run.letters)}"))
    layout.reads.append(f"{', '.join(run.targets)} = {packed}.unpack_from(b, p)")
    layout.reads.append(
        f"if {' or '.join(f'{local} != {octets_literal(head)}' for local, head in run.heads)}:"
    )
    layout.reads.append(refuse)
    layout.parts.append(f"{packed}.pack({', '.join(run.values)})")
    return f"p + {run.size}"


def _loaded(element: Fixed, item: FieldType, local: str, types: Types) -> str:
    """The expression that turns what was unpacked into the field's value."""
    match element.form:
        case "none":
            return "None"
        case "plain":
            return local
        case "bits":
            number = f"int.from_bytes({local})"
            padding = _padding(item, types)
            shifted = f"{number} >> {padding}" if padding else number
            return f"{types.annotation(item.type, types.home, '')}({shifted})"
        case _:
            return f"{types.annotation(item.type, types.home, '')}({local})"


def _stored(element: Fixed, item: FieldType, source: str, types: Types) -> str:
    """The expression that gives struct what it packs."""
    if element.form != "bits":
        return source
    padding = _padding(item, types)
    number = f"({source} << {padding})" if padding else source
    return f"{number}.to_bytes({element.size})"


def _padding(item: FieldType, types: Types) -> int:
    assert isinstance(item.type, Named)
    definition = types.scope[item.type.name]
    assert isinstance(definition, BitsDef)
    return -definition.width % 8


def octets_literal(octets: bytes) -> str:
    """A bytes literal in hexadecimal escapes only: a tag is a number, not a letter."""
    return 'b"' + "".join(f"\\x{octet:02x}" for octet in octets) + '"'
