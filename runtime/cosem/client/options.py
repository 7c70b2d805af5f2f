"""How a client connects, and how sure it wants to be."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, Self, TypeAlias

from cosem.apdu import Conformance
from cosem.core.errors import InvalidValueError
from cosem.core.limits import DEFAULT_LIMITS, Limits
from cosem.session.association import CLIENT_CONFORMANCE, LARGEST_PDU_SIZE, AssociationOptions
from cosem.session.authentication import NO_AUTHENTICATION, Authentication
from cosem.session.switches import BY_THE_BOOKS, Switches
from cosem.transport.address import Address, parse_address
from cosem.transport.engines import DEFAULT_LINK_OPTIONS, LinkOptions

if TYPE_CHECKING:
    from cosem.core.device import Device, Quirk

Verify: TypeAlias = Literal["none", "reread"]
"""``"none"``: what the check sequences of the link let through is taken. ``"reread"``: every value is read until two
readings in a row carry the same octets."""

DEFAULT_TIMEOUT = 10.0
"""Seconds that each answer may take."""


RELEASE_TIMEOUT = 2.0
"""Seconds that a meter has to answer RLRQ; some never do."""


@dataclass(frozen=True, slots=True)
class ConnectOptions:
    """Everything about a connection but its address. ``release`` False leaves RLRQ out when closing.

    ``device`` gives registers the units that its object list fixes, and a serial line the settings that its URL leaves
    open; :meth:`of` also takes SAPs, authentication, link and quirks from it.
    """

    link: LinkOptions = field(default_factory=LinkOptions)
    association: AssociationOptions = field(default_factory=AssociationOptions)
    timeout: float = DEFAULT_TIMEOUT
    verify: Verify = "none"
    release: bool = True
    device: Device | None = None

    @classmethod
    def of(
        cls,
        *,
        client: int | None = None,
        server: int | None = None,
        auth: Authentication | None = None,
        timeout: float = DEFAULT_TIMEOUT,
        verify: Verify = "none",
        physical_address: int | None = None,
        information_field: int | None = None,
        window: int | None = None,
        keep_alive: float | None = None,
        frame_gap: float | None = None,
        max_receive_pdu_size: int | None = None,
        conformance: Conformance = CLIENT_CONFORMANCE,
        limits: Limits = DEFAULT_LIMITS,
        device: Device | str | None = None,
        association: str | None = None,
        quirks: Iterable[Quirk] | None = None,
    ) -> Self:
        """What one mostly wants to say, in one call; see :func:`cosem.client.connect`.

        What is None is as ``device`` says, else the default of :class:`LinkOptions` and :class:`AssociationOptions`.
        """
        if device is None:
            if association is not None:
                raise InvalidValueError(f"association {association!r}: name the device that has it")
            return cls(
                _link(client, server, physical_address, information_field, window, keep_alive, frame_gap),
                _association(auth, conformance, max_receive_pdu_size, limits, quirks or ()),
                timeout,
                verify,
            )
        from cosem.client.device_options import (
            authentication_of,
            chosen_association,
            found_device,
            frame_gap_of,
            keep_alive_of,
        )

        described = found_device(device)
        link, chosen = described.link, chosen_association(described, association, client)
        if chosen is not None:
            client = _first(client, chosen.client_sap)
            server = _first(server, chosen.server_sap)
            auth = authentication_of(described, chosen) if auth is None else auth
        return cls(
            _link(
                client,
                server,
                _first(physical_address, link.physical_address),
                _first(information_field, link.maximum_information_field_length),
                _first(window, link.window_size),
                keep_alive_of(described) if keep_alive is None else keep_alive,
                frame_gap_of(described) if frame_gap is None else frame_gap,
            ),
            _association(
                auth,
                conformance,
                _first(max_receive_pdu_size, link.maximum_pdu_size),
                limits,
                described.quirks if quirks is None else quirks,
                pre_established=chosen is not None and chosen.pre_established,
            ),
            timeout,
            verify,
            device=described,
        )

    def address(self, where: Address | str) -> Address:
        """The address that a URL names, a serial line set as the device says. Raises InvalidValueError."""
        if self.device is None:
            return parse_address(where) if isinstance(where, str) else where
        from cosem.client.device_options import address_of

        return address_of(where, self.device)


def _first(said: int | None, described: int | None) -> int | None:
    return described if said is None else said


def _link(
    client: int | None,
    server: int | None,
    physical_address: int | None,
    information_field: int | None,
    window: int | None,
    keep_alive: float | None,
    frame_gap: float | None,
) -> LinkOptions:
    default = DEFAULT_LINK_OPTIONS
    return LinkOptions(
        default.client_sap if client is None else client,
        default.server_sap if server is None else server,
        physical_address,
        information_field=default.information_field if information_field is None else information_field,
        window=default.window if window is None else window,
        keep_alive=default.keep_alive if keep_alive is None else keep_alive,
        frame_gap=default.frame_gap if frame_gap is None else frame_gap,
    )


def _association(
    auth: Authentication | None,
    conformance: Conformance,
    size: int | None,
    limits: Limits,
    quirks: Iterable[Quirk],
    *,
    pre_established: bool = False,
) -> AssociationOptions:
    return AssociationOptions(
        NO_AUTHENTICATION if auth is None else auth,
        conformance,
        LARGEST_PDU_SIZE if size is None else size,
        limits=limits,
        pre_established=pre_established,
        switches=Switches.of(quirks) if quirks else BY_THE_BOOKS,
    )
