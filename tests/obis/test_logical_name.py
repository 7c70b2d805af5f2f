"""Logical names: every usual way to write a code, and back."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cosem.core.errors import InvalidValueError
from cosem.core.obis import LogicalName

codes = st.binary(min_size=6, max_size=6).map(LogicalName)


@given(codes)
def test_what_is_printed_reads_back(code: LogicalName) -> None:
    assert LogicalName(str(code)) == code
    assert LogicalName(code.reduced) == code
    assert LogicalName(code.hex()) == LogicalName(code.hex().upper()) == code
    assert repr(code) == f"LogicalName('{code}')"


@pytest.mark.parametrize(
    ("text", "groups"),
    [
        ("1.0.1.8.0.255", (1, 0, 1, 8, 0, 255)),
        ("1-0:1.8.0*255", (1, 0, 1, 8, 0, 255)),
        ("1-0:1.8.0", (1, 0, 1, 8, 0, 255)),
        ("1.8.0", (1, 0, 1, 8, 0, 255)),
        ("1.8", (1, 0, 1, 8, 0, 255)),
        ("0-1:24.2.1", (0, 1, 24, 2, 1, 255)),
        ("1.8.1*03", (1, 0, 1, 8, 1, 3)),
        ("1.8.1&03", (1, 0, 1, 8, 1, 3)),
        ("0100010800FF", (1, 0, 1, 8, 0, 255)),
        ("  1.0.1.8.0.255\n", (1, 0, 1, 8, 0, 255)),
    ],
)
def test_reads_every_usual_form(text: str, groups: tuple[int, ...]) -> None:
    assert LogicalName(text) == bytes(groups)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1",
        "1.0.1.8.0",
        "1.0.1.8.0.256",
        "1.0.1.8.0.255.0",
        "1-0:1.8.300",
        "-1.8.0",
        "1..0",
        "0100010800F",
    ],
)
def test_refuses_what_is_no_code(text: str) -> None:
    with pytest.raises(InvalidValueError):
        LogicalName(text)


def test_refuses_digits_of_other_scripts() -> None:
    with pytest.raises(InvalidValueError):
        LogicalName("\u0661.0.1.8.0.255")


@given(st.text(max_size=40))
def test_a_text_is_a_code_or_an_invalid_value(text: str) -> None:
    with suppress(InvalidValueError):
        assert len(LogicalName(text)) == 6


@pytest.mark.parametrize("octets", [b"", b"\x01\x00\x01\x08\x00", b"\x01\x00\x01\x08\x00\xff\x00"])
def test_has_six_octets(octets: bytes) -> None:
    with pytest.raises(InvalidValueError, match="6 octets"):
        LogicalName(octets)


def test_equals_and_hashes_as_the_octets() -> None:
    code = LogicalName("1.0.1.8.2.101")
    assert code == bytes([1, 0, 1, 8, 2, 101])
    assert hash(code) == hash(bytes(code))
    assert (code.a, code.b, code.c, code.d, code.e, code.f) == (1, 0, 1, 8, 2, 101)


@given(codes, st.integers(0, 255), st.integers(0, 255))
def test_having_changes_the_groups_given_and_no_other(code: LogicalName, e: int, f: int) -> None:
    changed = code.having(e=e, f=f)
    assert isinstance(changed, LogicalName)
    assert changed == code[:4] + bytes([e, f])
    assert code.having() == code


@pytest.mark.parametrize("number", [-1, 256])
def test_having_refuses_what_is_no_octet(number: int) -> None:
    with pytest.raises(InvalidValueError):
        LogicalName("1.8.0").having(b=number)
