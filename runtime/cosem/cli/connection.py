"""How a command reaches a meter: the options that all of them share."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, TypeAlias

import typer

from cosem.core.errors import InvalidValueError

if TYPE_CHECKING:
    from cosem.client import Authentication, Client, ConnectOptions
    from cosem.core.catalogue import Catalogue

AUTO: Final = "auto"
"""In place of a device's name: recognise it."""


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
    recognise: bool = False

    def open(self) -> Client:
        """Connect and associate; a context manager. Raises as :func:`cosem.client.connect_blocking`.

        Where the meter is to be recognised, its device is set, or standard error says that none fits.
        """
        from cosem.client import connect_blocking_with

        meter = connect_blocking_with(self.url, self.options)
        if self.recognise:
            try:
                _recognise(meter)
            except BaseException:
                meter.close()
                raise
        return meter


def catalogue_of(meter: Client) -> Catalogue:
    """The classes of the meter's device; those of the books if it has none."""
    if meter.device is None:
        from cosem.model import CATALOGUE

        return CATALOGUE
    from cosem.core.device_registry import described_device

    return described_device(meter.device.name).catalogue


def _recognise(meter: Client) -> None:
    from cosem.cli.output import console
    from cosem.core.device_registry import known_devices

    meter.device = meter.identify(known_devices())
    if meter.device is None:
        console(stderr=True).print("no known device fits this meter")


Command: TypeAlias = Callable[..., None]


def _connection(
    url: Annotated[
        str,
        typer.Argument(
            metavar="URL", help="tcp://host:port, udp://…, hdlc+tcp://… or serial:///dev/ttyUSB0?baud=9600"
        ),
    ],
    device: Annotated[
        str | None,
        typer.Option(
            "--device",
            help="The meter's device (see: cosem devices), or auto to recognise it.",
            show_default=False,
        ),
    ] = None,
    association: Annotated[
        str | None,
        typer.Option("--association", help="Association of that device.", show_default=False),
    ] = None,
    client: Annotated[
        int | None,
        typer.Option("--client", help="Client SAP: 16, or as the device has it.", show_default=False),
    ] = None,
    server: Annotated[
        int | None,
        typer.Option(
            "--server", help="Server SAP, the logical device: 1, or as the device has it.", show_default=False
        ),
    ] = None,
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
    window: Annotated[
        int | None, typer.Option("--window", help="HDLC: frames proposed, 1.", show_default=False)
    ] = None,
    info_field: Annotated[
        int | None, typer.Option("--info-field", help="HDLC: octets proposed, 128.", show_default=False)
    ] = None,
    verify: Annotated[
        Verify, typer.Option("--verify", help="reread: read until two answers agree.")
    ] = Verify.NONE,
) -> Connection:
    from cosem.client import ConnectOptions
    from cosem.core.device import Quirk

    recognise = device == AUTO
    options = ConnectOptions.of(
        client=client,
        server=server,
        auth=_authentication(auth, password, password_file),
        timeout=timeout,
        verify=verify.value,
        physical_address=physical,
        information_field=info_field,
        window=window,
        device=None if recognise else device,
        association=association,
        # What a meter that nobody knows yet may do, and which harms no other.
        quirks=[Quirk.NO_USER_INFORMATION_IN_AARE] if recognise else None,
    )
    return Connection(url, options, recognise)


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


def _authentication(
    auth: Auth | None, password: str | None, password_file: Path | None
) -> Authentication | None:
    """What was given; None where nothing was, so that a device may say."""
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
    return None
