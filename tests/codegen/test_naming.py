"""Spec name to Python name."""

from __future__ import annotations

import keyword

import pytest

from cosem.codegen.ir.names import camel, identifier, is_camel, is_snake, snake, upper


@pytest.mark.parametrize(
    ("spec", "python"),
    [
        ("Profile generic", "ProfileGeneric"),
        ("S-FSK Phy&MAC setup", "SFSKPhyMACSetup"),
        ("Association LN", "AssociationLN"),
        ("capture_objects", "CaptureObjects"),
        ("Get-Request-Normal", "GetRequestNormal"),
        ("61334-4-32 LLC", "_61334432LLC"),
    ],
)
def test_camel_joins_the_words(spec: str, python: str) -> None:
    assert camel(spec) == python


@pytest.mark.parametrize(
    ("spec", "python"),
    [
        ("Get-Request-Normal", "get_request_normal"),
        ("CaptureObject", "capture_object"),
        ("AssociationLNObjectList", "association_ln_object_list"),
        ("invoke-id-and-priority", "invoke_id_and_priority"),
        ("AARQ", "aarq"),
        ("PushObjectV0", "push_object_v0"),
    ],
)
def test_snake_parts_the_words(spec: str, python: str) -> None:
    assert snake(spec) == python


def test_upper_is_for_members_and_may_not_start_with_a_digit() -> None:
    assert (upper("ready_for_reconnection"), upper("16_qam")) == ("READY_FOR_RECONNECTION", "_16_QAM")


def test_what_python_has_already_gets_an_underscore() -> None:
    assert [identifier(name) for name in ("class", "type", "from", "property", "value")] == [
        "class_", "type_", "from_", "property_", "value",
    ]  # fmt: skip
    assert not any(keyword.iskeyword(identifier(word)) for word in keyword.kwlist)


def test_names_are_judged_whole() -> None:
    assert is_snake("a_b1")
    assert not any(map(is_snake, ["A", "a__b", "_a", "a-b", "1a", ""]))
    assert is_camel("SortMethod")
    assert not any(map(is_camel, ["sort", "Sort_method", "_1"]))
