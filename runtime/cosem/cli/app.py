"""The command line put together. Commands import what they need when they run, so that help comes at once."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from io import TextIOWrapper

import typer

from cosem.cli.commands import classes, decode, demo, devices, dump, meter, obis, objects, profile, serve
from cosem.cli.failures import INTERRUPTED, report
from cosem.core.errors import CosemError

app = typer.Typer(
    name="cosem",
    help="DLMS/COSEM (IEC 62056): meters on the command line.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command("demo")(demo.demo)
app.command("decode")(decode.decode)
app.command("obis")(obis.obis)
app.command("classes")(classes.classes)
app.command("devices")(devices.devices)
app.command("objects")(objects.objects)
app.command("read")(meter.read)
app.command("write")(meter.write)
app.command("call")(meter.call)
app.command("profile")(profile.profile)
app.command("dump")(dump.dump)
app.command("serve")(serve.serve)


def run(arguments: Sequence[str] | None = None) -> int:
    """Run one command line (that of the process by default); the exit status. Nothing is raised."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    try:
        status: object = app(given, standalone_mode=True)
        sys.stdout.flush()
    except SystemExit as left:
        status = left.code
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # Whoever read our output has gone; Python would complain once more when it flushes at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except (CosemError, OSError) as error:
        return report(error, as_json="--json" in given)
    return status if isinstance(status, int) else 0
