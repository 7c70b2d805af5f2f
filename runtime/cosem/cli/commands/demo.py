"""``cosem demo``: a meter is started, and read as an engineer would read it."""

from __future__ import annotations

from dataclasses import asdict
from time import perf_counter
from typing import TYPE_CHECKING, Annotated

import typer

from cosem.cli.json_value import Json
from cosem.cli.output import AsJson, add_row, console, print_json, print_table, table

if TYPE_CHECKING:
    from cosem.cli.counting import Traffic
    from cosem.cli.generated import Generated
    from cosem.cli.reading import Answer
    from cosem.client import Client, ConnectOptions, MeterObject, Profile
    from cosem.sim import MeterFile

_REGISTERS = frozenset((3, 4, 5))
"""Register, Extended register, Demand register."""

_PROFILE, _CLOCK = 7, 8
_MANAGEMENT_CLIENT = 1
_DAY = 86_400
_LOAD_PROFILE = (1, 99)
"""Value groups A and C of load profiles."""

_PICTURES = 2
_SHOWN_ROWS = 6
"""Rows at both ends of a long table."""


def demo(
    meter: Annotated[
        str | None,
        typer.Argument(
            metavar="[METER]", help="A meter file, or the name of one of the package.", show_default=False
        ),
    ] = None,
    json: AsJson = False,
) -> None:
    """Start a simulated meter on loopback, learn what it holds, and read registers, clock and load profile."""
    from cosem.cli.counting import connect_counted
    from cosem.cli.generated import generated
    from cosem.cli.progress import waiting
    from cosem.cli.simulated import DEFAULT_METER, make_meters, meter_file
    from cosem.model import CATALOGUE
    from cosem.server import serve_in_thread

    with waiting("starting the meter"):
        (simulated,) = make_meters(meter_file(meter or DEFAULT_METER), 1)
        tables = generated()
    with serve_in_thread(simulated.device()) as url:
        begun = perf_counter()
        options = _options(simulated.file)
        client, traffic = connect_counted(url, options)
        with client:
            with waiting("reading the meter"):
                held = client.objects(CATALOGUE)
                answers = _registers(client, held)
                load = _last_day(client, held)
            milliseconds = (perf_counter() - begun) * 1000
            if json:
                print_json(_as_json(url, held, answers, load, tables, traffic, milliseconds))
                return
            _print(url, options, client, held, answers, load)
        _print_sum(tables, held, traffic, milliseconds)


def _options(file: MeterFile) -> ConnectOptions:
    """The association that shows most: that of the management client, else the first of the file."""
    from cosem.client import NO_AUTHENTICATION, Authentication, ConnectOptions

    management = [each for each in file.associations if each.client == _MANAGEMENT_CLIENT]
    for chosen in (*management, *file.associations):
        auth = NO_AUTHENTICATION if chosen.password is None else Authentication.low(chosen.password)
        return ConnectOptions.of(client=chosen.client, auth=auth)
    return ConnectOptions()


def _registers(client: Client, held: list[MeterObject]) -> list[Answer]:
    """Clock and registers with their units."""
    from cosem.cli.progress import batches
    from cosem.cli.reading import read_attributes
    from cosem.cli.references import Reference, locate

    wanted = [
        locate(Reference(item.logical_name, item.class_id), [item])
        for item in sorted(held, key=lambda item: (item.class_id != _CLOCK, item.logical_name))
        if (item.class_id in _REGISTERS or item.class_id == _CLOCK) and 2 in item.rights.read
    ]
    return [answer for batch in batches(wanted, 16) for answer in read_attributes(client, batch)]


def _last_day(client: Client, held: list[MeterObject]) -> Profile | None:
    """The last day of the load profile; None if there is none."""
    from cosem.model import CATALOGUE, ProfileGeneric, ProfileGenericV0

    for item in sorted(held, key=lambda item: item.logical_name):
        name = item.logical_name
        if item.class_id == _PROFILE and (name.a, name.c) == _LOAD_PROFILE and 2 in item.rights.read:
            profile = ProfileGenericV0(name) if item.version == 0 else ProfileGeneric(name)
            period = client.get(profile.capture_period)
            if 0 < period <= _DAY:
                return client.profile(profile, last=_DAY // period, catalogue=CATALOGUE)
    return None


def _print(
    url: str,
    options: ConnectOptions,
    client: Client,
    held: list[MeterObject],
    answers: list[Answer],
    load: Profile | None,
) -> None:
    out = console()
    _title(f"A simulated meter at {url}")
    agreed = client.negotiated
    features = ", ".join(name.replace("-", " ") for name in agreed.conformance.names())
    mechanism = options.association.authentication.mechanism.name.lower()
    out.print(f"associated as client {options.link.client_sap}, authentication {mechanism}")
    out.print(f"agreed on {features}; APDUs of {agreed.max_send_pdu_size} octets")
    _title("What it holds, from its association's object list")
    _print_classes(held)
    _title("Clock and registers")
    _print_answers(answers)
    if load is not None:
        _title(f"Load profile, the last day: {len(load)} rows")
        _print_load(load)


def _title(text: str) -> None:
    out = console()
    out.print()
    out.print(text, style="bold")


def _print_classes(held: list[MeterObject]) -> None:
    from collections import Counter

    from cosem.cli.catalogue import class_name

    counted = Counter((item.class_id, item.version) for item in held)
    rows = table(">Id", "Class", ">Version", ">Objects")
    for (class_id, version), count in sorted(counted.items()):
        add_row(rows, str(class_id), class_name(class_id), str(version), str(count))
    print_table(rows)


def _print_answers(answers: list[Answer]) -> None:
    from cosem.cli.explain import cell_of
    from cosem.cli.reading import result_of
    from cosem.core.errors import AccessError
    from cosem.core.obis import LogicalName
    from cosem.obis import describe

    rows = table("=Object", "Meaning", ">Value", "")
    for answer in answers:
        code = LogicalName(answer.target.logical_name)
        refused = isinstance(answer.value, AccessError)
        cells = (
            ("refused", result_of(answer.value))
            if isinstance(answer.value, AccessError)
            else cell_of(answer.value)
        )
        add_row(rows, str(code), describe(code), *cells, style="red" if refused else None)
    print_table(rows)


def _print_load(load: Profile) -> None:
    from cosem.cli.commands.profile import print_plots, print_rows

    print_rows(load, ends=_SHOWN_ROWS)
    console().print()
    print_plots(load, most=_PICTURES)


def _print_sum(tables: Generated, held: list[MeterObject], traffic: Traffic, milliseconds: float) -> None:
    _title("In sum")
    sources = f" from {tables.inputs} files of spec, in {tables.files} files" if tables.files else ""
    out = console()
    out.print(
        f"generated{sources}: {tables.classes} classes in {tables.versions} versions, {tables.attributes} attributes, "
        f"{tables.methods} methods, {tables.messages} APDUs, {tables.named_codes} named OBIS codes"
    )
    out.print(
        f"read: {len(held)} objects, {traffic.sent} octets sent, {traffic.received} received, {milliseconds:.0f} ms"
    )


def _as_json(
    url: str,
    held: list[MeterObject],
    answers: list[Answer],
    load: Profile | None,
    tables: Generated,
    traffic: Traffic,
    milliseconds: float,
) -> Json:
    from cosem.cli.commands.objects import object_to_json
    from cosem.cli.commands.profile import profile_to_json

    return {
        "meter": url,
        "objects": [object_to_json(item) for item in held],
        "values": [answer.to_json() for answer in answers],
        "load_profile": None if load is None else profile_to_json(load),
        "generated": dict[str, Json](asdict(tables)),
        "octets_sent": traffic.sent,
        "octets_received": traffic.received,
        "milliseconds": round(milliseconds, 1),
    }
