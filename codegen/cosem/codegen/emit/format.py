"""One fixed way to lay out Python: black, pinned exactly, because the output depends on it."""

from __future__ import annotations

from functools import cache
from importlib.metadata import version

from black import format_str
from black.mode import Mode, TargetVersion

from cosem.codegen.emit.env import LINE_LENGTH

BLACK_VERSION = "26.10.1"


@cache
def _mode() -> Mode:
    if (found := version("black")) != BLACK_VERSION:
        raise RuntimeError(
            f"cosem-codegen writes with black {BLACK_VERSION}, found {found}: "
            f"pip install black=={BLACK_VERSION}"
        )
    return Mode(target_versions={TargetVersion.PY311}, line_length=LINE_LENGTH)


def black_format(source: str) -> str:
    """``source`` as black writes it. Raises black.InvalidInput if it is no Python."""
    return format_str(source, mode=_mode())
