"""Load ``spec/apdu/*.asn`` and see that the grammar hangs together."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Sequence as Items
from difflib import get_close_matches
from pathlib import Path

from cosem.codegen.errors import Mistakes, Span
from cosem.codegen.grammar.asn import parse_module
from cosem.codegen.ir.apdu import (
    PRIMITIVES,
    ROOT,
    ApduModel,
    AsnType,
    BitString,
    Choice,
    Component,
    Definition,
    Enumeration,
    Module,
    Number,
    ObjectIdentifier,
    OctetString,
    Primitive,
    Reference,
    Sequence,
    SequenceOf,
    references,
)
from cosem.codegen.ir.life import ALWAYS
from cosem.codegen.ir.names import camel, snake

MADE = ("pdu", "pdu_tags", "dispatch", "errors")
"""Modules of ``cosem.apdu`` that are made of all messages, not of one module of the grammar."""


def load_apdu(spec_dir: Path, mistakes: Mistakes) -> ApduModel:
    """All modules under ``spec_dir / "apdu"``; whatever is wrong in any of them goes into ``mistakes``."""
    modules: list[Module] = []
    for path in sorted((spec_dir / "apdu").glob("*.asn")):
        file = path.relative_to(spec_dir).as_posix()
        if module := parse_module(path.read_text("utf-8"), file, mistakes):
            modules.append(module)
    model = ApduModel(tuple(modules))
    check_apdu(model, mistakes)
    return model


def check_apdu(model: ApduModel, mistakes: Mistakes, *, edition: bool = False) -> None:
    """Note what does not hang together in a grammar as written, or in what an ``edition`` has of it."""
    _Check(model, mistakes, edition).run()


class _Check:
    def __init__(self, model: ApduModel, mistakes: Mistakes, edition: bool) -> None:
        self.model = model
        self.edition = edition
        self.mistakes = mistakes
        self.definitions = model.definitions
        self.used: set[str] = set()

    def run(self) -> None:
        # What has one name in Python is one thing there, however the grammar spells it.
        everything = [each for module in self.model.modules for each in module.definitions]
        self.unique(((snake(module.name), module.span) for module in self.model.modules), "module")
        self.unique(((camel(each.name), each.span) for each in everything), "definition")
        for module in self.model.modules:
            self.room(module)
        for module in self.model.modules:
            for definition in module.definitions:
                self.definition(definition, module.ber or definition.ber)
        if self.mistakes.found:
            return
        self.recursion(everything)
        if self.mistakes.found:
            return
        if ROOT in self.definitions:
            self.reach(ROOT)
            self.messages(self.definitions[ROOT])
        elif everything:
            self.mistakes.add(everything[0].span, f"there is no {ROOT}, the choice of all messages")
        for each in everything:
            if each.note.standalone:
                self.reach(each.name)
        for each in everything:
            if each.name not in self.used:
                self.mistakes.add(
                    each.span,
                    f"{each.name} is not used from {ROOT}; use it, remove it, or mark it @standalone",
                )

    def unique(self, names: Iterable[tuple[str, Span]], what: str) -> None:
        seen: dict[str, Span] = {}
        for name, span in names:
            if first := seen.get(name):
                self.mistakes.add(
                    span, f"{what} {name} stands at {first} already; give one of them another name"
                )
            else:
                seen[name] = span

    def room(self, module: Module) -> None:
        """A module becomes a file, which none of those may be that are written for all messages together."""
        root = next((each for each in module.definitions if each.name == ROOT), None)
        others = [each for each in module.definitions if each is not root]
        if root is not None and others:
            self.mistakes.add(
                others[0].span,
                f"{ROOT} at {root.span} has a module of its own; put {_listed(others)} into another",
            )
        elif others and snake(module.name) in MADE:
            self.mistakes.add(
                module.span,
                f"cosem.apdu.{snake(module.name)} is made of {ROOT}; give module {module.name} another name",
            )

    def is_beside(self, each: Component | Number) -> bool:
        """Whether it stands beside all others; what editions bound takes another's place, and is checked in each."""
        return self.edition or each.note.life == ALWAYS

    def definition(self, definition: Definition, ber: bool) -> None:
        if definition.tagged and not isinstance(definition.type, Sequence):
            self.mistakes.add(definition.span, "only a SEQUENCE can be TAGGED")
        if definition.application is not None and not ber:
            self.mistakes.add(definition.span, "an APPLICATION tag exists in BER only")
        if definition.note.errors and not isinstance(definition.type, Enumeration):
            self.mistakes.add(definition.span, "@errors belongs to an ENUMERATED")
        self.type(definition.type, definition.span, ber)

    def type(self, kind: AsnType, span: Span, ber: bool) -> None:
        match kind:
            case Reference(name, where):
                if name not in self.definitions:
                    self.unknown(where, name)
            case Enumeration(numbers) if not numbers:
                self.mistakes.add(span, "nothing is left in this ENUMERATED")
            case Sequence(components) | Choice(components) if not components:
                self.mistakes.add(span, "nothing is left in this SEQUENCE or CHOICE")
            case Enumeration(numbers):
                self.numbers(numbers, 255)
            case ObjectIdentifier(arcs, numbers):
                self.numbers(numbers, 127)
                if len(arcs) < 2 or arcs[0] > 2:
                    self.mistakes.add(span, "an object identifier has two arcs or more, the first at most 2")
            case BitString(size, bits):
                if size is None and not ber:
                    self.mistakes.add(
                        span, "a BIT STRING needs its (SIZE n) and names here; BER alone can do without"
                    )
                self.numbers(bits, (size or 1) - 1)
            case SequenceOf(element):
                if ber:
                    self.mistakes.add(span, "SEQUENCE OF is not known in BER modules")
                self.type(element, span, ber)
            case Sequence(components):
                self.components(components, span, ber, in_choice=False)
            case Choice(components):
                self.components(components, span, ber, in_choice=True)
                self.alternatives(components)
            case Primitive() | OctetString():
                pass

    def numbers(self, numbers: tuple[Number, ...], highest: int) -> None:
        together = [number for number in numbers if self.is_beside(number)]
        self.unique(((number.name, number.span) for number in together), "the name")
        self.unique(((str(number.value), number.span) for number in together), "the number")
        for number in numbers:
            if number.value > highest:
                self.mistakes.add(
                    number.span, f"{number.name} ({number.value}) is too high; {highest} is the last"
                )

    def components(self, components: Items[Component], span: Span, ber: bool, *, in_choice: bool) -> None:
        together = [each for each in components if self.is_beside(each)]
        self.unique(((each.name, each.span) for each in together), "the component")
        tagged = in_choice or (ber and not _is_bare(components))
        for each in components:
            if tagged and each.tag is None:
                self.mistakes.add(each.span, f"{each.name} needs its tag, as in {each.name} [1] …")
            elif not tagged and each.tag is not None:
                self.mistakes.add(each.span, f"{each.name} has a tag that A-XDR does not encode; remove it")
            self.type(each.type, each.span, ber)
        if tagged:
            self.unique(((f"[{each.tag}]", each.span) for each in together if each.tag is not None), "tag")
        for each in components[:-1]:
            if each.type == Primitive("REMAINDER"):
                self.mistakes.add(each.span, "REMAINDER takes all octets that are left; it must come last")
        if not in_choice:
            self.conditions(components)

    def conditions(self, components: Items[Component]) -> None:
        for index, each in enumerate(components):
            if each.default is not None and each.type != Primitive("BOOLEAN"):
                self.mistakes.add(each.span, "DEFAULT is known for BOOLEAN only")
            if each.condition is None:
                continue
            field, member = each.condition
            earlier = next((other for other in components[:index] if other.name == field), None)
            kind = self.resolved(earlier.type) if earlier else None
            if not isinstance(kind, Enumeration):
                self.mistakes.add(
                    each.span, f"WHEN {field}: no enumerated component of that name comes before"
                )
            elif member not in {number.name for number in kind.numbers}:
                self.mistakes.add(each.span, f"WHEN {field} IS {member}: {field} has no such member")

    def alternatives(self, components: Items[Component]) -> None:
        names = {each.name for each in components}
        for each in components:
            if each.optional or each.condition or each.default is not None:
                self.mistakes.add(each.span, f"{each.name} is an alternative and cannot be left out")
            if each.protects and each.protects not in names:
                self.mistakes.add(each.span, f"PROTECTS {each.protects}: there is no such alternative")
        kinds: dict[str, Component] = {}
        for each in filter(self.is_beside, components):
            kind = self.told_apart_by(each.type)
            if kind is not None and (first := kinds.setdefault(kind, each)) is not each:
                self.mistakes.add(
                    each.span,
                    f"{each.name} and {first.name} would both be {kind} in Python; "
                    "make one of them a SEQUENCE of its own, or that one TAGGED",
                )

    def told_apart_by(self, kind: AsnType) -> str | None:
        """The Python type of an alternative as far as it must differ from the others."""
        if isinstance(kind, Reference):
            definition = self.definitions.get(kind.name)
            if definition is None or definition.tagged:
                return None
            return kind.name if not isinstance(definition.type, Primitive) else definition.type.name
        if isinstance(kind, OctetString) or kind in (Primitive("ANY"), Primitive("REMAINDER")):
            return "bytes"
        if isinstance(kind, Primitive):
            return {"Data": "Data", "NULL": "None"}.get(kind.name, "int")
        return None

    def unknown(self, span: Span, name: str) -> None:
        close = get_close_matches(name, [*self.definitions, *PRIMITIVES], 1)
        hint = f"did you mean {close[0]}?" if close else "define it, or correct the name"
        self.mistakes.add(span, f"nothing is called {name}; {hint}")

    def resolved(self, kind: AsnType) -> AsnType | None:
        while isinstance(kind, Reference):
            if kind.name not in self.definitions:
                return None
            kind = self.definitions[kind.name].type
        return kind

    def recursion(self, everything: list[Definition]) -> None:
        done: set[str] = set()

        def visit(name: str, path: tuple[str, ...]) -> None:
            if name in path:
                loop = " → ".join((*path[path.index(name) :], name))
                self.mistakes.add(self.definitions[name].span, f"{loop} contains itself; only Data may nest")
                return
            if name not in done:
                for inner in references(self.definitions[name].type):
                    visit(inner, (*path, name))
                done.add(name)

        for each in everything:
            visit(each.name, ())

    def reach(self, name: str) -> None:
        if name not in self.used:
            self.used.add(name)
            for inner in references(self.definitions[name].type):
                self.reach(inner)

    def messages(self, root: Definition) -> None:
        """A message has an octet for a tag; a BER one has that which its APPLICATION number makes."""
        if not isinstance(root.type, Choice):
            self.mistakes.add(root.span, f"{root.name} must be a CHOICE")
            return
        for each in root.type.components:
            target = self.definitions.get(each.type.name) if isinstance(each.type, Reference) else None
            if target is None or not isinstance(target.type, Sequence | Choice):
                self.mistakes.add(each.span, f"{each.name} must refer to a SEQUENCE or a CHOICE by name")
                continue
            if target.application is not None and each.tag != 0x60 + target.application:
                right = 0x60 + target.application
                self.mistakes.add(
                    each.span,
                    f"[APPLICATION {target.application}] is octet {right}; write {each.name} [{right}]",
                )
            if each.tag is not None and each.tag > 255:
                self.mistakes.add(each.span, f"tag {each.tag} does not fit one octet")


def _listed(definitions: Items[Definition]) -> str:
    return ", ".join(each.name for each in definitions)


def _is_bare(components: Items[Component]) -> bool:
    """A BER sequence whose whole content is taken as it is."""
    return len(components) == 1 and components[0].type == Primitive("ANY") and components[0].tag is None
