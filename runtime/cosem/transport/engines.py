"""The data link that an address asks for, set up for one client."""

from __future__ import annotations

from dataclasses import dataclass

from cosem.core.limits import DEFAULT_LIMITS, Limits
from cosem.link.events import LinkEngine
from cosem.transport.address import Address, SerialAddress


@dataclass(frozen=True, slots=True)
class LinkOptions:
    """What may be said of a data link. All but the SAPs is for HDLC.

    ``client_sap`` and ``server_sap`` say who reads, and which logical device is read. ``physical_address`` is the
    lower address of a meter on a shared line, and ``address_size`` the octets of the whole server address (0: the
    shortest). ``information_field`` (octets) and ``window`` (frames) are proposed; ``response_timeout`` is in seconds,
    and ``retries`` counts repetitions met with silence. After ``keep_alive`` seconds of silence RR keeps the link up
    (0: never), on asyncio alone: a blocking link does nothing between two calls. ``frame_gap`` is how many seconds of
    silence the line needs before the client speaks.
    """

    client_sap: int = 16
    server_sap: int = 1
    physical_address: int | None = None
    address_size: int = 0
    information_field: int = 128
    window: int = 1
    response_timeout: float = 5.0
    retries: int = 10
    keep_alive: float = 0.0
    frame_gap: float = 0.0


DEFAULT_LINK_OPTIONS = LinkOptions()


def client_engine(
    address: Address, options: LinkOptions = DEFAULT_LINK_OPTIONS, limits: Limits = DEFAULT_LIMITS
) -> LinkEngine:
    """A fresh engine in the client role, of the kind that ``address.link`` names. Raises InvalidValueError."""
    # Few programs need both links.
    if address.link == "wrapper":
        from cosem.link.wrapper import WrapperClient, WrapperOptions

        datagram = address.scheme == "udp"
        return WrapperClient(options.client_sap, options.server_sap, WrapperOptions(datagram=datagram))
    from cosem.link.hdlc import HdlcClient, HdlcOptions, HdlcParameters, ServerAddress

    server = ServerAddress(options.server_sap, options.physical_address, options.address_size)
    size, window = options.information_field, options.window
    hdlc = HdlcOptions(
        HdlcParameters(size, size, window, window),
        response_timeout=options.response_timeout,
        retries=options.retries,
        keep_alive=options.keep_alive,
        frame_gap=options.frame_gap,
        octet_time=address.octet_time if isinstance(address, SerialAddress) else 0.0,
    )
    return HdlcClient(options.client_sap, server, hdlc, limits)
