"""Drive the installed peers, as black boxes, against a meter on a loopback port.

One visit for each client, with one signature, so that a test can be run over :data:`VISITS`; the walks over
the whole object list; and one peer's simulated meter. See each driver's module for what it can do and what
to keep from it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from tests.interop.dlms_cosem_driver import dlms_cosem_visit
from tests.interop.gurux_driver import gurux_visit, gurux_walk
from tests.interop.pydlms_driver import pydlms_meter, pydlms_visit, pydlms_walk
from tests.interop.visit import Attribute, Meter, PeerFailed, Plain, Range, Refused, Visit, Walk

VISITS: Final[dict[str, Callable[[Meter, Sequence[Attribute], Range | None], Visit]]] = {
    "dlms-cosem": dlms_cosem_visit,
    "gurux-dlms": gurux_visit,
    "pydlms-client": pydlms_visit,
}
WALKS: Final[dict[str, Callable[[Meter], Walk]]] = {"gurux-dlms": gurux_walk, "pydlms-client": pydlms_walk}

__all__ = [
    "VISITS",
    "WALKS",
    "Attribute",
    "Meter",
    "PeerFailed",
    "Plain",
    "Range",
    "Refused",
    "Visit",
    "Walk",
    "dlms_cosem_visit",
    "gurux_visit",
    "gurux_walk",
    "pydlms_meter",
    "pydlms_visit",
    "pydlms_walk",
]
