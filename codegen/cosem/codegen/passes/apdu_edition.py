"""Keep the messages, fields and numbers that one edition of the Green Book knows."""

from __future__ import annotations

from dataclasses import replace

from cosem.codegen.ir.apdu import (
    ApduModel,
    AsnType,
    BitString,
    Component,
    Enumeration,
    Number,
    ObjectIdentifier,
    Sequence,
    SequenceOf,
    reached,
)
from cosem.codegen.ir.apdu import (
    Choice as AsnChoice,
)
from cosem.codegen.passes.editions import Choice


def apdu_at_edition(apdu: ApduModel, choice: Choice) -> ApduModel:
    """The grammar as an edition has it. A definition goes with the last of those that refer to it."""
    kept = ApduModel(
        tuple(
            replace(
                module,
                definitions=tuple(
                    replace(each, type=_type(each.type, choice))
                    for each in module.definitions
                    if choice.knows(each.note.life)
                ),
            )
            for module in apdu.modules
            if choice.knows(module.note.life)
        )
    )
    unused = reached(apdu) - reached(kept)
    return ApduModel(
        tuple(
            replace(module, definitions=definitions)
            for module in kept.modules
            if (definitions := tuple(each for each in module.definitions if each.name not in unused))
        )
    )


def _type(kind: AsnType, choice: Choice) -> AsnType:
    match kind:
        case Sequence(components=components):
            return Sequence(_components(components, choice))
        case AsnChoice(components=components):
            return AsnChoice(_components(components, choice))
        case SequenceOf(element=element):
            return SequenceOf(_type(element, choice))
        case Enumeration(numbers=numbers):
            return Enumeration(_numbers(numbers, choice))
        case ObjectIdentifier(numbers=numbers):
            return replace(kind, numbers=_numbers(numbers, choice))
        case BitString(bits=bits):
            return replace(kind, bits=_numbers(bits, choice))
        case _:
            return kind


def _components(components: tuple[Component, ...], choice: Choice) -> tuple[Component, ...]:
    return tuple(
        replace(each, type=_type(each.type, choice)) for each in components if choice.knows(each.note.life)
    )


def _numbers(numbers: tuple[Number, ...], choice: Choice) -> tuple[Number, ...]:
    return tuple(each for each in numbers if choice.knows(each.note.life))
