"""Driver of ``pydlms-client`` 0.1.0 (imported as ``pydlms``): a visit, a walk, and its simulated meter.

The client proposes 128 octets and a window of 1 in SNRM. Before a profile's buffer it reads
``capture_objects``, and it fails at a row that has not one cell for each; a walk leaves out an entry whose
access rights it cannot decode.

The simulated meter is the peer's ``example_meter``: twelve objects, among them five registers, a clock at
2024-05-01 12:00 +02:00, a disconnect control, and the profile 1.0.99.1.0.255 with 96 rows of clock and
energy from 2024-05-01 00:00 UTC in steps of 15 minutes. Its association view does not list itself. Client
16 needs no authentication; low level security is added for client 1.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from pydlms import DlmsClient, Mechanism
from pydlms.apdu.xdlms import range_descriptor
from pydlms.cosem.data import DlmsData
from pydlms.cosem.time import CosemDateTime
from pydlms.exceptions import ServiceError
from pydlms.simulator import ClientProfile, example_meter, serve
from tests.interop.visit import (
    Attribute,
    Meter,
    Plain,
    Range,
    Refused,
    Visit,
    Walk,
    contained,
    plain,
    rows_of,
)


def pydlms_visit(meter: Meter, attributes: Sequence[Attribute], profile: Range | None = None) -> Visit:
    """Associate, GET each of ``attributes`` and the rows of ``profile``, release, disconnect."""
    visit = Visit()
    with contained(), _connected(meter) as client:
        for attribute in attributes:
            visit.values[attribute] = _get(client, attribute)
        if profile is not None:
            access = range_descriptor(_instant(profile.start), _instant(profile.end))
            try:
                buffer = client.read_profile(profile.logical_name, access)
                visit.rows = rows_of(plain(buffer.rows))
            except ServiceError as error:
                visit.rows = Refused(str(error))
        client.association.release()
        visit.released = True
    return visit


def pydlms_walk(meter: Meter) -> Walk:
    """Read the object list, then every attribute it grants to read."""
    walk = Walk()
    with contained(), _connected(meter) as client:
        for entry in client.get_association_view():
            name = str(entry.logical_name)
            walk.objects.append((entry.class_id, entry.version, name))
            for item in entry.rights.attributes if entry.rights is not None else ():
                if item.readable:
                    attribute = (entry.class_id, name, item.attribute_id)
                    walk.values[attribute] = _get(client, attribute)
    return walk


@contextmanager
def pydlms_meter(*, hdlc: bool = False, password: bytes = b"12345678") -> Iterator[Meter]:
    """Serve the peer's simulated meter on an ephemeral loopback port, for client 16 without authentication.

    ``dataclasses.replace(meter, client=1, password=password)`` is the same meter with low level security.
    """
    simulated = example_meter()
    simulated.clients[1] = ClientProfile(Mechanism.LLS, password)
    server = serve(simulated, "127.0.0.1", 0, hdlc)
    try:
        yield Meter("127.0.0.1", int(server.server_address[1]), hdlc=hdlc)
    finally:
        server.shutdown()
        server.server_close()


@contextmanager
def _connected(meter: Meter) -> Iterator[DlmsClient]:
    client = DlmsClient.tcp(
        meter.host,
        meter.port,
        client_sap=meter.client,
        server_logical=meter.server,
        hdlc=meter.hdlc,
        timeout=meter.timeout,
        mechanism=Mechanism.NONE if meter.password is None else Mechanism.LLS,
        password=meter.password,
        max_receive_pdu_size=meter.pdu_size,
    )
    try:
        client.connect()
        yield client
    finally:
        client.close()


def _get(client: DlmsClient, attribute: Attribute) -> Plain | Refused:
    class_id, logical_name, index = attribute
    try:
        return plain(client.get(logical_name, class_id, index).to_python())
    except ServiceError as error:
        return Refused(str(error))


def _instant(moment: dt.datetime) -> DlmsData:
    return DlmsData.octet_string(CosemDateTime.from_datetime(moment).to_bytes())
