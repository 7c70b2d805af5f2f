"""How a command reaches a meter: the options that all of them share."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

from cosem.core.errors import InvalidValueError

if TYPE_CHECKING:
    from cosem.client import Authentication, Client, ConnectOptions


class Auth(StrEnum):
    """Authentication mechanisms."""

    NONE = "none"
    LOW = "low"


class Verify(StrEnum):
    """How sure a reading has to be."""

    NONE = "none"
    REREAD = "reread"


@dataclass(frozen=True, slots=True)
class Connection:
    """A meter and how to talk to it."""

    url: str
    options: ConnectOptions = field(repr=False)

    def open(self) -> Client:
        """Connect and associate; a context manager. Raises as :func:`cosem.client.connect_blocking`."""
        from cosem.client import connect_blocking_with

        return connect_blocking_with(self.url, self.options)


Command: TypeAlias = Callable[..., None]


def _connection(
    url: Annotated[
        str,
        typer.Argument(
            metavar="URL", help="tcp://host:port, udp://…, hdlc+tcp://… or serial:///dev/ttyUSB0?baud=9600"
        ),
    ],
    client: Annotated[int, typer.Option("--client", help="Client SAP.")] = 16,
    server: Annotated[int, typer.Option("--server", help="Server SAP: the logical device.")] = 1,
    auth: Annotated[
        Auth | None,
        typer.Option(
            "--auth",
            help="Mechanism; low where there is a password.",
            show_default=False,
        ),
    ] = None,
    password: Annotated[
        str | None,
        typer.Option(
            "--password",
            help="Others can see it in the list of processes.",
            show_default=False,
        ),
    ] = None,
    password_file: Annotated[
        Path | None,
        typer.Option(
            "--password-file",
            help="First line of a file, or set COSEM_PASSWORD.",
            show_default=False,
        ),
    ] = None,
    timeout: Annotated[float, typer.Option("--timeout", min=0.01, help="Seconds for each answer.")] = 10.0,
    physical: Annotated[
        int | None,
        typer.Option("--physical", help="HDLC: physical address.", show_default=False),
    ] = None,
    window: Annotated[int, typer.Option("--window", help="HDLC: frames proposed.")] = 1,
    info_field: Annotated[int, typer.Option("--info-field", help="HDLC: octets proposed.")] = 128,
    verify: Annotated[
        Verify, typer.Option("--verify", help="reread: read until two answers agree.")
    ] = Verify.NONE,
) -> Connection:
    from cosem.client import AssociationOptions, ConnectOptions, LinkOptions

    options = ConnectOptions(
        LinkOptions(client, server, physical, information_field=info_field, window=window),
        AssociationOptions(_authentication(auth, password, password_file)),
        timeout,
        verify.value,
    )
    return Connection(url, options)


def with_connection(function: Command) -> Command:
    """A command whose first parameter, a :class:`Connection`, is made from the URL and the shared options."""
    shared = inspect.signature(_connection, eval_str=True).parameters
    own = list(inspect.signature(function, eval_str=True).parameters.values())[1:]

    def command(**given: object) -> None:
        make: Callable[..., Connection] = _connection
        connection = make(**{name: given.pop(name) for name in shared})
        function(connection, **given)

    url, *options = shared.values()
    parameters = [
        parameter.replace(kind=inspect.Parameter.KEYWORD_ONLY) for parameter in (url, *own, *options)
    ]
    command.__doc__ = function.__doc__
    command.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    vars(command)["__signature__"] = inspect.Signature(parameters)
    return command


def _authentication(auth: Auth | None, password: str | None, password_file: Path | None) -> Authentication:
    import os

    from cosem.client import NO_AUTHENTICATION, Authentication

    if password is not None and password_file is not None:
        raise InvalidValueError("--password or --password-file: one of the two")
    if auth is Auth.NONE:
        if password is not None or password_file is not None:
            raise InvalidValueError("--auth none takes no password")
        return NO_AUTHENTICATION
    if password_file is not None:
        return Authentication.low(password_file.read_bytes().partition(b"\n")[0].rstrip(b"\r"))
    secret = os.environ.get("COSEM_PASSWORD") if password is None else password
    if secret is not None:
        return Authentication.low(secret)
    if auth is Auth.LOW:
        raise InvalidValueError("--auth low needs --password, --password-file or COSEM_PASSWORD")
    return NO_AUTHENTICATION
