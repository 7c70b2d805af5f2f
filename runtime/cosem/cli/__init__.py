"""The command ``cosem``: decode captures, look codes and classes up, read, write and simulate meters."""

from __future__ import annotations


def main() -> None:
    """Run the command line and exit: 0 done, 1 the meter said no, 2 usage, 3 link, protocol, transport or decoding."""
    try:
        from cosem.cli.app import run

        status = run()
    except KeyboardInterrupt:
        status = 130
    raise SystemExit(status)
