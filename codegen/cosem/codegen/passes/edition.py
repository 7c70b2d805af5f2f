"""Keep what one edition of the Blue Book knows of classes and types."""

from __future__ import annotations

from dataclasses import replace

from cosem.codegen.ir.model import BitsDef, EnumDef, InterfaceClass, Model, StructureDef, TypeDef, Version
from cosem.codegen.passes.editions import Choice
from cosem.codegen.passes.overlay_reach import class_types, used_names


def at_edition(model: Model, choice: Choice) -> Model:
    """The model as an edition has it. A class goes with its last version, and a type with the last of its users."""
    kept = replace(
        model,
        types=tuple(
            replace(file, types=tuple(_type(definition, choice) for definition in file.types))
            for file in model.types
        ),
        classes=tuple(cls for cls in (_class(cls, choice) for cls in model.classes) if cls.versions),
    )
    return _pruned(model, kept)


def _class(cls: InterfaceClass, choice: Choice) -> InterfaceClass:
    if not choice.knows(cls.life):
        return replace(cls, versions=())
    versions = tuple(_version(version, choice) for version in choice.kept(cls.versions))
    return replace(cls, versions=versions, types=tuple(_type(definition, choice) for definition in cls.types))


def _version(version: Version, choice: Choice) -> Version:
    attributes = tuple(
        replace(row, selectors=choice.kept(row.selectors)) for row in choice.kept(version.attributes)
    )
    return replace(version, attributes=attributes, methods=choice.kept(version.methods))


def _type(definition: TypeDef, choice: Choice) -> TypeDef:
    match definition:
        case EnumDef() | BitsDef():
            return replace(definition, members=choice.kept(definition.members))
        case StructureDef():
            return replace(definition, fields=choice.kept(definition.fields))


def _pruned(before: Model, after: Model) -> Model:
    """Without the types that something used before and nothing uses after."""
    shared = used_names(before, ()) - used_names(after, ())
    own = {cls.id: class_types(before, cls) for cls in before.classes}
    return replace(
        after,
        types=tuple(
            replace(file, types=types)
            for file in after.types
            if (types := tuple(each for each in file.types if each.name not in shared)) or not file.types
        ),
        classes=tuple(
            replace(cls, types=tuple(each for each in cls.types if each.name not in gone))
            for cls in after.classes
            for gone in [own[cls.id] - class_types(after, cls)]
        ),
    )
