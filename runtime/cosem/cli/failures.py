"""What went wrong, as an exit status and on standard error."""

from __future__ import annotations

import json
import sys
from typing import Final

from cosem.cli.printable import printable
from cosem.core.errors import AssociationError, CosemError, EncodeError, InvalidValueError, ServiceError

REFUSED: Final = 1
"""The meter said no."""

USAGE: Final = 2
"""The command line cannot be right."""

FAILED: Final = 3
"""Link, protocol, transport or decoding."""

INTERRUPTED: Final = 130
"""Ctrl-C."""


def status_of(error: CosemError | OSError) -> int:
    """The exit status for an error."""
    match error:
        case ServiceError() | AssociationError():
            return REFUSED
        case InvalidValueError() | EncodeError():
            return USAGE
        case CosemError():
            return FAILED
        case _:
            # What is left is a file that cannot be read or written.
            return USAGE


def report(error: CosemError | OSError, *, as_json: bool) -> int:
    """Say what went wrong; the exit status."""
    text = "\n".join(map(printable, str(error).splitlines())) or type(error).__name__
    if as_json:
        print(json.dumps({"error": text, "kind": type(error).__name__}), file=sys.stderr)
    else:
        print(f"cosem: {text}", file=sys.stderr)
    return status_of(error)
