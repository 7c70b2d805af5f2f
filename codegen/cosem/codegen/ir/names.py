"""Spec name ↔ Python name.

=====================  ========================  =========================
spec                   Python                    where
=====================  ========================  =========================
``Profile generic``    ``ProfileGeneric``        class
``capture_objects``    ``capture_objects``       attribute, method, field
``class``, ``type``    ``class_``, ``type_``     … that Python has already
``ready_for_x``        ``READY_FOR_X``           enumeration member, bit
``Get-Request-Normal`` ``GetRequestNormal``      APDU
``invoke-id``          ``invoke_id``             field of an APDU
``CaptureObject``      ``CAPTURE_OBJECT``        its codec
=====================  ========================  =========================
"""

from __future__ import annotations

import keyword
import re
from functools import cache

_SNAKE = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
_CAMEL = re.compile(r"[A-Z][A-Za-z0-9]*")
_WORD = re.compile(r"[A-Za-z0-9]+")
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")

# Written out: what `dir(builtins)` says depends on the Python that runs the generator.
_BUILTIN_WORDS = """
    abs aiter all anext any ascii bin bool breakpoint bytearray bytes callable chr classmethod compile
    complex copyright credits delattr dict dir divmod enumerate eval exec exit filter float format
    frozenset getattr globals hasattr hash help hex id input int isinstance issubclass iter len license
    list locals map max memoryview min next object oct open ord pow print property quit range repr
    reversed round set setattr slice sorted staticmethod str sum super tuple type vars zip
"""
_TAKEN = frozenset(("self", *_BUILTIN_WORDS.split()))


def is_snake(name: str) -> bool:
    """Whether a name is lower-case words joined by single underscores."""
    return _SNAKE.fullmatch(name) is not None


def is_camel(name: str) -> bool:
    """Whether a name is words run together, each with a capital."""
    return _CAMEL.fullmatch(name) is not None


@cache
def camel(name: str) -> str:
    """``S-FSK Phy&MAC setup`` → ``SFSKPhyMACSetup``; ``capture_objects`` → ``CaptureObjects``.

    A name that would start with a digit gets an underscore in front.
    """
    joined = "".join(word[0].upper() + word[1:] for word in _WORD.findall(name))
    return f"_{joined}" if joined[:1].isdigit() else joined


@cache
def snake(name: str) -> str:
    """``Get-Request-Normal`` and ``GetRequestNormal`` → ``get_request_normal``; keywords are left alone."""
    words = (part for word in _WORD.findall(name) for part in _HUMP.split(word))
    return "_".join(word.lower() for word in words)


@cache
def upper(name: str) -> str:
    """``ready_for_reconnection`` → ``READY_FOR_RECONNECTION``; a leading digit gets ``_`` in front."""
    name = snake(name).upper()
    return f"_{name}" if name[:1].isdigit() else name


def identifier(name: str) -> str:
    """A snake_case name as Python may use it: ``_`` behind it where a keyword, a builtin or ``self`` has it already."""
    return f"{name}_" if keyword.iskeyword(name) or name in _TAKEN else name
