"""The JSON Schema of the OBIS files: it takes what stands in the spec, and refuses slips."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml
from jsonschema import Draft202012Validator

from cosem.codegen.pipeline import schemas
from cosem.codegen.specdir import find_spec

SCHEMA = json.loads(schemas()["schema/obis.schema.json"])
VALIDATOR = Draft202012Validator(SCHEMA)


def body_of(text: str) -> object:
    return _with_text_keys(yaml.safe_load(text))


def _with_text_keys(node: object) -> object:
    if isinstance(node, dict):
        return {str(key): _with_text_keys(value) for key, value in node.items()}
    if isinstance(node, list):
        return [_with_text_keys(item) for item in node]
    return node


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("path", sorted((find_spec() / "obis").glob("*.yaml")), ids=lambda path: path.stem)
def test_the_schema_takes_a_file_of_the_spec(path: Path) -> None:
    assert [error.message for error in VALIDATOR.iter_errors(body_of(path.read_text("utf-8")))] == []


RIGHT = """\
medium: 5-6
module: heat
sections:
  - title: Things
    since: bb12
    classes: value
    objects:
      - {code: 5-6.b.1/3.0.e.255, name: thing, constant: "THING_{e+1}", confidence: low}
    constants: {OTHER: 5.0.1.0.0.255}
"""


def test_the_schema_takes_a_small_file() -> None:
    assert VALIDATOR.is_valid(body_of(RIGHT))


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("medium: 5-6", "medium: 300"),
        ("medium: 5-6", "colour: red"),
        ("module: heat", "module: Heat"),
        ("title: Things", "titel: Things"),
        ("since: bb12", "since: 12"),
        ("5-6.b.1/3.0.e.255", "5-6.b.1/3.0.e"),
        ("THING_{e+1}", "Thing_{e+1}"),
        ("confidence: low", "confidence: some"),
        ("classes: value", "classes: [x]"),
        ("OTHER: ", "other: "),
    ],
)
def test_the_schema_refuses_a_slip(right: str, wrong: str) -> None:
    assert RIGHT.count(right) == 1
    assert not VALIDATOR.is_valid(body_of(RIGHT.replace(right, wrong)))
