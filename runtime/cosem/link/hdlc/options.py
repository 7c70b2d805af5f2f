"""What can be chosen about an HDLC line."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass, field

from cosem.link.hdlc.parameters import HdlcParameters


@dataclass(frozen=True, slots=True)
class HdlcOptions:
    """Times are seconds, 0 switches a time-out off where that is said."""

    parameters: HdlcParameters = field(default_factory=HdlcParameters)
    """What a client proposes and a server grants at most. With the defaults (128 octets, window 1) a client
    sends SNRM without information."""

    inter_octet_timeout: float = 1.0
    """Silence after which a fragment is dropped. Serial lines can do with 0.025; gateways need more."""

    response_timeout: float = 5.0
    """Client: silence after which a command is repeated, counted from when the command was handed over."""

    octet_time: float = 0.0
    """Client: time one octet takes on the line. It prolongs ``response_timeout`` by what the command and the
    longest answer take; worth setting below 9,600 baud (10 / baud)."""

    retries: int = 10
    """Client: repetitions met with silence, in a row, before the link is given up."""

    resends: int = 64
    """Client: repetitions that were answered, by damaged frames or by frames that brought nothing new, in a
    row, before the link is given up. Half the frames of a noisy line may be damaged, so this is the larger
    number."""

    turnaround: float = 0.1
    """Client: silence after a damaged frame that counts as the end of the answer."""

    poll_interval: float = 0.25
    """Client: pause before the next RR while the server has acknowledged a request and not answered it."""

    keep_alive: float = 0.0
    """Client: silence on a link with nothing under way after which RR keeps it up; 0 never. Something must call
    ``on_time`` meanwhile."""

    frame_gap: float = 0.0
    """Client: silence that the line needs behind what the server sent before the client speaks."""

    answer_timeout: float = 120.0
    """Client: how long after a request the server is asked for its answer."""

    answer_within: float = 1.0
    """Server: how long the answer of the application may take before RR is sent in its place."""

    inactivity_timeout: float = 120.0
    """Server: silence on a link after which it is dropped; 0 never. Attribute 8 of class 23."""

    max_links: int = 64
    """Server: links at one time; SNRM for more is answered with DM."""

    address_sizes: Container[int] = frozenset({1, 2, 4})
    """Server: forms of its address that it knows; others meet silence."""


DEFAULT_OPTIONS = HdlcOptions()
