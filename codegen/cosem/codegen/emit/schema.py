"""JSON Schemas of the class, type and OBIS files, for editors: completion, and red lines before the generator runs."""

from __future__ import annotations

import json
from typing import TypeAlias

from cosem.codegen.ir.model import CONFIDENCES
from cosem.codegen.ir.types import FORMATTED_SIZES, SIMPLE_TAGS, SPECIAL_TYPES
from cosem.codegen.load.types import BITS_WIDTHS, ENUM_CARRIERS

Json: TypeAlias = "str | int | bool | list[Json] | dict[str, Json]"

_SNAKE = "^[a-z][a-z0-9]*(_[a-z0-9]+)*$"
_CAMEL = "^[A-Z][A-Za-z0-9]*$"
_NUMBER = "^(0|-?[1-9][0-9]*)$"
_RANGES = "[0-9]+(-[0-9]+)?(/[0-9]+(-[0-9]+)?)*"
_GROUP = "[a-z0-9_-]+(/[a-z0-9_-]+)*"


def class_schema() -> str:
    """The schema of ``spec/classes/*.yaml``."""
    head = _mapping(
        {
            "id": _integer("The class id, as in the file name.", 0, 0xFFFF),
            "name": _text("The name as the book spells it."),
            "python": {**_text("The name in Python, where the spelled one makes none."), "pattern": _CAMEL},
            "doc": _text("What the class is for, in one line of our own words."),
            **_life(),
        },
        ["id", "name"],
    )
    body = _mapping(
        {
            "class": head,
            "versions": _numbered(_reference("version"), "Every version of the class."),
            "types": {**_named(_reference("type")), "description": "Types that only this class uses."},
        },
        ["class", "versions"],
    )
    definitions = _type_definitions()
    definitions |= {"version": _version(), "attribute": _attribute(), "method": _method()}
    return _dump("COSEM interface class", body, definitions)


def types_schema() -> str:
    """The schema of ``spec/types/*.yaml``."""
    body = _mapping({"types": _named(_reference("type"))}, ["types"])
    return _dump("COSEM shared types", body, _type_definitions())


def obis_schema() -> str:
    """The schema of ``spec/obis/*.yaml``: the common ``groups.yaml``, and the files of media."""
    words: dict[str, Json] = {"type": "string"}
    sure = _mapping(
        {"text": words, "confidence": _words("How sure it is.", CONFIDENCES), **_life()}, ["text"]
    )
    entries: dict[str, Json] = {
        "type": "object",
        "propertyNames": {"pattern": f"^{_RANGES}$"},
        "additionalProperties": {"oneOf": [words, sure]},
        "description": "What is said of a number, or of several: 1-4/7. {n} is the number itself.",
    }
    table = _mapping(
        {"confidence": _words("How sure it is; high by default.", CONFIDENCES), "entries": entries},
        ["entries"],
    )
    sections: dict[str, Json] = {"type": "array", "items": _reference("section")}
    root = _mapping(
        {
            "medium": {**_reference("numbers"), "description": "Value group A."},
            "module": {**_snake(), "description": "The module of constants."},
            "ref": _text("Where it comes from."),
            "sets": _keyed(_reference("numbers"), "Numbers that have a name."),
            "classes": _keyed({"type": "array", "items": _class_id()}, "Lists of classes that have a name."),
            "tables": {"type": "object", "additionalProperties": table, "description": "Numbers in words."},
            "sections": sections,
            "first": {**sections, "description": "What goes before the objects of a medium."},
            "last": {**sections, "description": "What takes the codes that nothing else fits."},
        },
        [],
    )
    files: dict[str, Json] = {
        "oneOf": [{"required": ["medium", "module", "sections"]}, {"required": ["ref", "first", "last"]}]
    }
    return _dump("OBIS codes", {**root, **files}, _obis_definitions())


def _obis_definitions() -> dict[str, Json]:
    shared: dict[str, Json] = {
        "classes": {
            "oneOf": [{"type": "string"}, {"type": "array", "items": _class_id()}],
            "description": "The classes that model the objects: ids, or the name of a list of them.",
        },
        **_provenance(),
    }
    item = _mapping(
        {
            "code": {**_reference("pattern"), "description": "Value groups A to F with dots between."},
            "name": _text("What a code is called; {e}, {e+1} and {e|table} are filled in."),
            "constant": _constant(),
            **shared,
        },
        ["code", "name"],
    )
    constants: dict[str, Json] = {
        "type": "object",
        "propertyNames": _constant(),
        "additionalProperties": _reference("pattern"),
        "description": "Names in Python, and the codes that they stand for.",
    }
    section = _mapping(
        {
            "title": _text("What the objects are about."),
            "objects": {"type": "array", "items": _reference("object")},
            "constants": constants,
            **shared,
        },
        ["title"],
    )
    number: dict[str, Json] = {"type": "integer", "minimum": 0, "maximum": 255}
    return {
        "numbers": {"oneOf": [number, {"type": "string", "pattern": f"^{_GROUP}$"}]},
        "pattern": {"type": "string", "pattern": f"^{_GROUP}(\\.{_GROUP}){{5}}$"},
        "object": item,
        "section": section,
    }


def _keyed(value: dict[str, Json], description: str) -> dict[str, Json]:
    return {"type": "object", "additionalProperties": value, "description": description}


def _constant() -> dict[str, Json]:
    return {"type": "string", "pattern": "^([A-Z0-9_]|\\{[^{}]+\\})+$"}


def _class_id() -> dict[str, Json]:
    return _integer("The id of a class.", 0, 0xFFFF)


def _version() -> dict[str, Json]:
    indices: dict[str, Json] = {"type": "array", "items": {"type": "integer"}}
    return _mapping(
        {
            "ref": _text("The clause that describes the version: BB 4.3.6."),
            "extends": _integer(
                "The version whose rows are taken over; only what differs is written.", 0, 255
            ),
            "attributes": _numbered(
                _reference("attribute"), "Attributes by index; 1, the logical name, is implied."
            ),
            "methods": _numbered(_reference("method"), "Methods by index."),
            "remove_attributes": {
                **indices,
                "description": "Attributes that the extended version has and this not.",
            },
            "remove_methods": {
                **indices,
                "description": "Methods that the extended version has and this not.",
            },
            **_provenance(ref=False),
        },
        [],
    )


def _attribute() -> dict[str, Json]:
    selector = _mapping(
        {"name": _snake(), "type": _reference("notation"), "doc": _doc(), **_life()}, ["name", "type"]
    )
    return _mapping(
        {
            "name": _snake(),
            "type": _reference("notation"),
            "volatile": _words(
                "Whether the meter changes it by itself; static by default.", ["static", "dynamic"]
            ),
            "access": _words(
                "What clients may do at most; by default static is read-write and dynamic is read-only.",
                ["read-only", "read-write"],
            ),
            "selectors": _numbered(selector, "Ways of selective access by selector."),
            "doc": _doc(),
            **_provenance(),
        },
        ["name", "type"],
    )


def _method() -> dict[str, Json]:
    return _mapping(
        {
            "name": _snake(),
            "takes": {
                "$ref": "#/$defs/notation",
                "description": "The parameter; integer alone is the integer 0.",
            },
            "returns": {"$ref": "#/$defs/notation", "description": "What comes back, if anything does."},
            "optional": {"type": "boolean", "description": "false for a method that every meter has."},
            "doc": _doc(),
            **_provenance(),
        },
        ["name"],
    )


def _type_definitions() -> dict[str, Json]:
    member: dict[str, Json] = {
        "oneOf": [
            _snake(),
            _mapping({"name": _snake(), "doc": _doc(), **_life()}, ["name"]),
        ]
    }
    members = _numbered(member, "Names by number.")
    common: dict[str, Json] = {"doc": _doc(), "confidence": _words("How sure it is.", CONFIDENCES)}
    carrier = _words("The tag that carries it; enum by default.", ENUM_CARRIERS)
    symbols = _numbered({"type": "string"}, "How a unit is printed, by number.")
    sure = _numbered(
        _words("How sure this one is.", CONFIDENCES), "Confidence by number, where it is not high."
    )
    words = [*sorted(BITS_WIDTHS), "bit-string(n)"]
    bits_in: dict[str, Json] = {
        "type": "string",
        "pattern": f"^({'|'.join(sorted(BITS_WIDTHS))}|bit-string\\([0-9]+\\))$",
        "description": f"The tag that carries the bits: {', '.join(words)}. Bit 0 is the first of a bit-string "
        "on the wire and the least significant of the others.",
    }
    field = _mapping({"type": _reference("notation"), "doc": _doc(), **_life()}, ["type"])
    fields: dict[str, Json] = {
        "type": "object",
        "additionalProperties": {"oneOf": [_reference("notation"), field]},
        "propertyNames": {"pattern": _SNAKE},
        "description": "Elements in wire order.",
    }
    notation: dict[str, Json] = {
        "type": "string",
        "description": "A type: a name, array<T>, structure{a: T, b: U}, choice{T, U}, enum Name, bits Name.",
        "anyOf": [
            {"enum": [*sorted(SIMPLE_TAGS), *sorted(FORMATTED_SIZES), *sorted(SPECIAL_TYPES)]},
            {"pattern": "^(array<|structure\\{|choice\\{|enum [A-Z]|bits [A-Z]|[A-Z]|[a-z0-9-]+\\()"},
        ],
    }
    return {
        "notation": notation,
        "type": {
            "oneOf": [
                _mapping({"structure": fields, **common}, ["structure"]),
                _mapping({"enum": members, "in": carrier, "confidence_of": sure, **common}, ["enum"]),
                _mapping(
                    {"unit": members, "symbols": symbols, "in": carrier, "confidence_of": sure, **common},
                    ["unit"],
                ),
                _mapping({"bits": members, "in": bits_in, **common}, ["bits", "in"]),
            ]
        },
    }


def _provenance(*, ref: bool = True) -> dict[str, Json]:
    found: dict[str, Json] = {"ref": _text("The clause, where it is another one.")} if ref else {}
    return {**found, **_life(), "confidence": _words("How sure it is; high by default.", CONFIDENCES)}


def _life() -> dict[str, Json]:
    return {
        "since": _text("The first edition that knows it, an id of editions.yaml."),
        "until": _text("The last edition that knows it."),
    }


def _mapping(properties: dict[str, Json], required: list[str]) -> dict[str, Json]:
    found: dict[str, Json] = {"type": "object", "additionalProperties": False, "properties": properties}
    return {**found, "required": [*required]} if required else found


def _numbered(value: dict[str, Json], description: str) -> dict[str, Json]:
    return {
        "type": "object",
        "additionalProperties": False,
        "patternProperties": {_NUMBER: value},
        "description": description,
    }


def _named(value: dict[str, Json]) -> dict[str, Json]:
    return {"type": "object", "additionalProperties": False, "patternProperties": {_CAMEL: value}}


def _reference(name: str) -> dict[str, Json]:
    return {"$ref": f"#/$defs/{name}"}


def _text(description: str) -> dict[str, Json]:
    return {"type": "string", "minLength": 1, "description": description}


def _doc() -> dict[str, Json]:
    return _text("What it means, in one line of our own words.")


def _snake() -> dict[str, Json]:
    return {"type": "string", "pattern": _SNAKE}


def _words(description: str, words: list[str] | tuple[str, ...]) -> dict[str, Json]:
    return {"enum": [*words], "description": description}


def _integer(description: str, minimum: int, maximum: int) -> dict[str, Json]:
    return {"type": "integer", "minimum": minimum, "maximum": maximum, "description": description}


def _dump(title: str, body: dict[str, Json], definitions: dict[str, Json]) -> str:
    schema: dict[str, Json] = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$comment": "Written by cosem-codegen schema; do not edit.",
        "title": title,
        **body,
        "$defs": definitions,
    }
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"
