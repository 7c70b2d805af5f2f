"""The JSON Schema of overlays, on the definitions that class files have."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TypeAlias, cast

from cosem.codegen.emit.schema import class_schema
from cosem.codegen.load.overlay_device import LINK_FLAGS, LINK_NUMBERS, LINK_WORDS, MECHANISMS, POLICIES
from cosem.codegen.load.overlay_objects import RIGHTS
from cosem.codegen.load.overlay_text import FORMS

Json: TypeAlias = "str | int | bool | list[Json] | dict[str, Json]"
Table: TypeAlias = dict[str, Json]

_SNAKE = "^[a-z][a-z0-9]*(_[a-z0-9]+)*$"
_INDEX = "^(0|-?[1-9][0-9]*)$"
_POSITION = "^[1-9][0-9]*(\\.[1-9][0-9]*)*$"
_BRACKETS = f"^[a-z0-9_]+( ({'|'.join(FORMS)}))?$"
_COLUMN = "^([a-f]|[0-9]+)(\\.([a-f]|[0-9]+)){5}( [a-z0-9_]+( [0-9]+)?)?$"
_GROUP = "([a-f]|[0-9]+(-[0-9]+)?(/[0-9]+(-[0-9]+)?)*)"


def overlay_schema() -> str:
    """The schema of ``spec/overlays/*.yaml``."""
    books = cast("dict[str, Table]", json.loads(class_schema()))
    definitions: Table = {**books["$defs"], "class": books["properties"]["class"], **_definitions()}
    head: Table = {
        "name": {"type": "string", "pattern": _SNAKE},
        "title": _text("The device or standard, as people call it."),
        "python": _text("The class of its objects in Python; made of the name unless given."),
        "doc": _text("What it is, in one line of our own words."),
        "ends": _text("Where its sources end: what they do not tell, in short."),
        "version": {"type": "string", "pattern": "^[0-9]+(\\.[0-9]+){0,2}$"},
        "extends": {
            "type": "array",
            "items": {"type": "string"},
            "description": "Overlays that it stands on.",
        },
        "variants": {
            "type": "array",
            "items": {"type": "string", "pattern": _SNAKE},
            "description": "The kinds that it comes in, as single_phase and polyphase.",
        },
        "from": _ref("from"),
    }
    source = _mapping({"title": _text("What it is called."), "edition": _any(), "address": _any()}, ["title"])
    properties: Table = {
        "overlay": _mapping(head, ["name", "title"]),
        "sources": {"type": "object", "additionalProperties": source},
        "match": _list(_mapping({"flag": _any(), "device_name": _any(), "firmware": _any()})),
        **{verb: _list(_ref(verb)) for verb in ("remove", "set", "add_class", "add_enum_member")},
        "add_attribute": _list(_rows("attributes", "attribute")),
        "add_method": _list(_rows("methods", "method")),
        "types": {"type": "object", "additionalProperties": _ref("type")},
        "objects": _named(_ref("object")),
        "associations": _named(_association()),
        "push": _named(_push()),
        "link": _link(),
        "quirks": {
            "type": "object",
            "additionalProperties": _ref("from"),
            "propertyNames": {"pattern": _SNAKE},
        },
        "captures": _list(_capture()),
    }
    schema: Table = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$comment": "Written by cosem-codegen schema; do not edit.",
        "title": "COSEM overlay",
        **_mapping(properties, ["overlay", "sources"]),
        "$defs": definitions,
    }
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def _definitions() -> Table:
    """What the parts of an overlay share."""
    indices: Json = {"type": "array", "items": {"type": "integer"}}
    row_changes = _numbered(
        _mapping(
            {
                **{key: _any() for key in ("name", "doc")},
                **{key: _ref("notation") for key in ("type", "takes", "returns")},
                "access": {"enum": ["read-only", "read-write"]},
                "volatile": {"enum": ["static", "dynamic"]},
                "optional": {"type": "boolean"},
            }
        )
    )
    removal: Table = {
        **_place(),
        **dict.fromkeys(("attributes", "methods", "members"), indices),
        **{key: _any() for key in ("type", "object", "association", "push", "quirk")},
    }
    members: Table = {**_place(), "type": _any(), "members": _numbered({}), "symbols": _numbered(_any())}
    added: Table = {
        **_patch(),
        "class": _ref("class"),
        "versions": _numbered(_ref("version")),
        "types": {"type": "object", "additionalProperties": _ref("type")},
    }
    changes: Table = {
        **_place(),
        "attributes": row_changes,
        "methods": row_changes,
        "objects": _named(_ref("object")),
    }
    return {
        "from": _text("A key of sources, then the place in it: manual p. 12."),
        "code": {"type": "string", "pattern": f"^{_GROUP}(\\.{_GROUP}){{5}}$"},
        "right": {"enum": [*RIGHTS]},
        "remove": _mapping(removal),
        "set": _mapping(changes),
        "add_class": _mapping(added, ["class", "versions"]),
        "add_enum_member": _mapping(members, ["type", "members"]),
        "object": _object(),
    }


def _object() -> Table:
    prescribed = _mapping(
        {"type": _ref("notation"), "fixed": {}, "scaler": _integer(), "unit": {}, "reason": _any()}
    )
    rights = _mapping(
        {
            "all": _ref("right"),
            "attributes": _numbered(_ref("right")),
            "methods": {"type": "array", "items": _integer()},
        }
    )
    return _mapping(
        {
            "obis": _ref("code"),
            "class": _integer(),
            "version": _integer(),
            "presence": {"enum": ["mandatory", "optional"]},
            "doc": _any(),
            "attributes": _numbered(prescribed),
            "columns": _list({"type": "string", "pattern": _COLUMN}),
            "variants": _list({"type": "string", "pattern": _SNAKE}),
            "access": {"type": "object", "additionalProperties": {"oneOf": [_ref("right"), rights]}},
            "from": _ref("from"),
        },
        ["obis", "class", "version"],
    )


def _association() -> Table:
    return _mapping(
        {
            "client": _integer(),
            "server": _integer(),
            "mechanism": {"enum": [*MECHANISMS]},
            "ciphered": {"type": "boolean"},
            "suite": {"enum": [0, 1, 2]},
            "policy": {"type": "array", "items": {"enum": [*POLICIES]}},
            **{key: _ref("code") for key in ("association", "security_setup", "invocation_counter")},
            "pre_established": {"type": "boolean"},
            "from": _ref("from"),
        },
        ["client"],
    )


def _push() -> Table:
    position: Json = {"oneOf": [{"type": "string", "pattern": _POSITION}, {"type": "number"}]}
    match: Table = {
        "count": _integer(),
        "first": _any(),
        "identification": _any(),
        "at": {"type": "object", "additionalProperties": _any()},
        "codes": {"type": "object", "additionalProperties": _any()},
    }
    item: Table = {
        "at": position,
        "name": {"type": "string", "pattern": _SNAKE},
        "obis": _ref("code"),
        **{key: _integer() for key in ("class", "attribute", "scaler")},
        "unit": {},
    }
    body: Table = {
        "match": _mapping(match),
        "items": _list(_mapping(item, ["name"])),
        "described_by": _integer(),
        "coded": {"type": "boolean"},
        "text": {"type": "boolean"},
        "values": _named(_list({"type": "string", "pattern": _BRACKETS})),
        "from": _ref("from"),
    }
    return _mapping(body, ["match"])


def _link() -> Table:
    facts: Table = {
        **{key: {"enum": [*words]} for key, words in LINK_WORDS.items()},
        **{key: {"type": "boolean"} for key in LINK_FLAGS},
        **{key: {"type": "integer", "minimum": 0} for key in LINK_NUMBERS},
    }
    return _mapping({**facts, "from": _ref("from")})


def _capture() -> Table:
    values: Json = {"type": "object", "additionalProperties": {}}
    return _mapping(
        {"list": _any(), "octets": {}, "text": _any(), "values": values, "from": _ref("from")}, ["list"]
    )


def _rows(key: str, row: str) -> Table:
    return _mapping({**_place(), key: _numbered(_ref(row))}, ["class", "version", key])


def _place() -> Table:
    return {**_patch(), "class": _integer(), "version": _integer()}


def _patch() -> Table:
    return {"from": _ref("from"), "reason": _text("Why it asks for more than the books allow.")}


def _mapping(properties: Table, required: Sequence[str] = ()) -> Table:
    found: Table = {"type": "object", "additionalProperties": False, "properties": properties}
    return {**found, "required": [*required]} if required else found


def _numbered(value: Table) -> Table:
    return {"type": "object", "additionalProperties": False, "patternProperties": {_INDEX: value}}


def _named(value: Table) -> Table:
    return {"type": "object", "additionalProperties": value, "propertyNames": {"pattern": _SNAKE}}


def _list(value: Table) -> Table:
    return {"type": "array", "items": value}


def _ref(name: str) -> Table:
    return {"$ref": f"#/$defs/{name}"}


def _text(description: str) -> Table:
    return {"type": "string", "minLength": 1, "description": description}


def _any() -> Table:
    return {"type": "string"}


def _integer() -> Table:
    return {"type": "integer"}
