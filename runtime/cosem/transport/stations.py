"""The data link that a listening address asks for: a fresh engine for every connection."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from cosem.core.limits import DEFAULT_LIMITS, Limits
from cosem.link.hdlc import HdlcOptions, HdlcParameters, HdlcServer
from cosem.link.wrapper import WrapperOptions, WrapperServer
from cosem.transport.address import Address
from cosem.transport.limits import EngineFactory

if TYPE_CHECKING:
    from cosem.core.device import LinkFacts


@dataclass(frozen=True, slots=True)
class StationOptions:
    """What may be said of a meter's data link; ``inactivity_timeout`` (seconds, 0: never) for both kinds, the rest for
    HDLC.

    ``physical_address`` is the lower address (None: only one-octet addresses are answered). ``information_field``
    (octets) and ``window`` (frames) are what is granted at most.
    """

    physical_address: int | None = None
    information_field: int = 128
    window: int = 1
    inter_octet_timeout: float = 1.0
    inactivity_timeout: float = 120.0

    @classmethod
    def of(cls, link: LinkFacts) -> Self:
        """As a device is that has this link; what is not said of it is the default."""
        default = cls()
        size, window = link.maximum_information_field_length, link.window_size
        timeout = link.inactivity_timeout
        return cls(
            link.physical_address,
            default.information_field if size is None else size,
            default.window if window is None else window,
            inactivity_timeout=default.inactivity_timeout if timeout is None else timeout / 1000,
        )


DEFAULT_STATION_OPTIONS = StationOptions()


def server_engines(
    address: Address,
    logical_devices: Container[int],
    clients: Container[int] | None = None,
    options: StationOptions = DEFAULT_STATION_OPTIONS,
    limits: Limits = DEFAULT_LIMITS,
) -> EngineFactory:
    """Makes engines in the server role, of the kind that ``address.link`` names.

    Frames and PDUs for other logical devices, or from clients not in ``clients`` (None: all), meet silence. Raises
    InvalidValueError.
    """
    if address.link == "wrapper":
        wrapper = WrapperOptions(datagram=address.scheme == "udp", idle_timeout=options.inactivity_timeout)
        return lambda: WrapperServer(logical_devices, clients=clients, options=wrapper)
    size, window = options.information_field, options.window
    hdlc = HdlcOptions(
        HdlcParameters(size, size, window, window),
        inter_octet_timeout=options.inter_octet_timeout,
        inactivity_timeout=options.inactivity_timeout,
    )
    physical = options.physical_address
    return lambda: HdlcServer(
        logical_devices, physical=physical, clients=clients, options=hdlc, limits=limits
    )
