"""The asyncio client."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TypeVar

from cosem.apdu import Conformance
from cosem.client.operations import Operations
from cosem.client.options import DEFAULT_TIMEOUT, RELEASE_TIMEOUT, ConnectOptions, Verify
from cosem.core.access import MethodCall, ReadOnly, ReadWrite
from cosem.core.data import Data
from cosem.core.errors import AccessError, ConnectionLost, CosemError, LinkError, LocalProtocolError
from cosem.core.limits import DEFAULT_LIMITS, Limits
from cosem.session.association import CLIENT_CONFORMANCE, Negotiated
from cosem.session.authentication import Authentication
from cosem.session.client import ClientSession, Exchange
from cosem.session.states import State
from cosem.session.targets import AttributeTarget, MethodTarget
from cosem.transport.address import Address
from cosem.transport.aio import AsyncLink
from cosem.transport.base import AsyncExchange
from cosem.transport.engines import client_engine

if TYPE_CHECKING:
    from cosem.apdu import DataNotification, EventNotificationRequest
    from cosem.client.discovery import Catalogue, MeterObject
    from cosem.client.profiles import Moment, Profile, ProfileObject
    from cosem.client.readings import Scaled, ScaledDemand
    from cosem.core.device import Device, Quirk
    from cosem.core.obis import LogicalName
    from cosem.core.quantity import Quantity
    from cosem.core.tolerant import Deviation

T = TypeVar("T")


class AsyncClient:
    """An association with one meter, on asyncio. Made by :func:`~cosem.client.connect`.

    One task at a time is served; the others wait their turn. Every verb raises CosemError subclasses only: AccessError
    and ActionError with the meter's reason, Timeout, ConnectionLost, DecodeError, …
    """

    __slots__ = ("_link", "_operations", "_options", "_turn")

    def __init__(self, link: AsyncExchange, options: ConnectOptions) -> None:
        self._link = link
        self._options = options
        session = ClientSession(options.association)
        self._operations = Operations(session, options.verify, device=options.device)
        link.on_unsolicited = lambda event: session.overhear(event.apdu)
        self._turn: asyncio.Lock | None = None

    async def _run(self, exchange: Exchange[T], timeout: float | None = None) -> T:
        """Drive one exchange over the link, alone."""
        turn = self._turn
        if turn is None:
            turn = self._turn = asyncio.Lock()
        wait = timeout or self._options.timeout
        link = self._link
        clock = asyncio.get_running_loop().time
        async with turn:
            until = 0.0
            try:
                out = next(exchange)
                while True:
                    if out is None:
                        answer = (await link.receive(max(until - clock(), 0.0))).apdu
                    else:
                        until = clock() + wait
                        answer = await link.exchange(out, wait)
                    out = exchange.send(answer)
            except StopIteration as done:
                result: T = done.value
                return result
            except (ConnectionLost, LinkError):
                self._operations.session.lost()
                raise
            finally:
                exchange.close()

    # -- attributes and methods

    async def get(self, reference: ReadOnly[T]) -> T:
        """Read an attribute as its type: ``get(Register("1.0.1.8.0.255").value)``."""
        return await self._run(self._operations.get(reference))

    async def get_many(self, references: Sequence[ReadOnly[Any]]) -> list[Any]:
        """Read several attributes in as few requests as the meter allows.

        Each is its type; a CosemError takes the place of a value that was refused or is malformed.
        """
        return await self._run(self._operations.get_many(references))

    async def set(self, reference: ReadWrite[T], value: T) -> None:
        """Write an attribute."""
        await self._run(self._operations.set(reference, value))

    async def call(self, call: MethodCall[T]) -> T | None:
        """Invoke a method; its return value, or None if it returns nothing."""
        return await self._run(self._operations.call(call))

    # -- readings

    async def read(self, register: Scaled | ScaledDemand) -> Quantity:
        """Read a register in its unit; of a demand register the current average."""
        from cosem.client import readings

        return await self._run(readings.read(self._operations, register))

    async def objects(self, catalogue: Catalogue | None = None) -> list[MeterObject]:
        """Learn what the meter holds, from its association's object list.

        With a catalogue (``cosem.model.CATALOGUE``) each entry whose class and version it knows comes with its object.
        """
        from cosem.client import discovery

        return await self._run(discovery.objects(self._operations, catalogue))

    async def profile(
        self,
        profile: ProfileObject,
        *,
        start: Moment | None = None,
        end: Moment | None = None,
        last: int | None = None,
        entries: tuple[int, int] | None = None,
        columns: Sequence[LogicalName | str] | None = None,
        catalogue: Catalogue | None = None,
    ) -> Profile:
        """Read rows of a profile: between two times, the last n, or entries counted from 1; bounds included.

        ``columns`` are the codes wanted; ``catalogue`` (``cosem.model.CATALOGUE``) gives the columns their units.
        """
        from cosem.client import profile_reading

        return await self._run(
            profile_reading.profile(
                self._operations,
                profile,
                start=start,
                end=end,
                last=last,
                entries=entries,
                columns=columns,
                catalogue=catalogue,
            )
        )

    async def identify(self, devices: Mapping[str, Device]) -> Device | None:
        """Which of these devices the meter is, by its logical device name and firmware; None if none fits.

        ``cosem.core.device_registry.known_devices()`` gives all that are known. Raises InvalidValueError if more than
        one fits. The client goes on as before until :attr:`device` is set.
        """
        from cosem.client import recognition

        return await self._run(recognition.identify(self._operations, devices))

    # -- without types

    async def get_data(self, target: AttributeTarget) -> Data:
        """Read any attribute, as it comes."""
        return await self._run(self._operations.get_data(target))

    async def get_many_data(self, targets: Sequence[AttributeTarget]) -> list[Data | AccessError]:
        """Read any attributes, as they come; an AccessError takes the place of a value that was refused."""
        return await self._run(self._operations.get_many_data(targets))

    async def set_data(self, target: AttributeTarget, value: Data) -> None:
        """Write any attribute."""
        await self._run(self._operations.session.set(target, value))

    async def call_data(self, target: MethodTarget, parameters: Data | None = None) -> Data | None:
        """Invoke any method."""
        return await self._run(self._operations.session.action(target, parameters))

    # -- the association

    @property
    def negotiated(self) -> Negotiated:
        """What was agreed with the meter."""
        return self._operations.session.negotiated

    def decode(self, reference: ReadOnly[T], data: Data) -> T:
        """An attribute's typed value out of Data that was read before. Raises DecodeError that names the attribute."""
        return self._operations.decode(reference, data)

    @property
    def device(self) -> Device | None:
        """What the meter is taken for. Setting it switches quirks on and off, and gives registers the fixed units."""
        return self._operations.device

    @device.setter
    def device(self, device: Device | None) -> None:
        self._operations.take_for(device)

    @property
    def notifications(self) -> list[DataNotification | EventNotificationRequest]:
        """What the meter sent unasked, between answers; taken, and oldest first."""
        kept = self._operations.session.notifications
        taken = list(kept or ())
        if kept:
            kept.clear()
        return taken

    def on_tolerated(self, tell: Callable[[Deviation], None] | None) -> None:
        """Call ``tell`` with whatever the meter sends that is not quite what the books ask for."""
        self._operations.tolerated = tell

    async def associate(self) -> Negotiated:
        """Open the association. Raises AssociationError when the meter refuses."""
        return await self._run(self._operations.session.associate())

    async def close(self) -> None:
        """Release the association, disconnect the link, close the connection. Never raises for what the meter does."""
        session = self._operations.session
        try:
            if self._options.release and session.state is State.ASSOCIATED and self._link.is_open:
                await self._run(session.release(), RELEASE_TIMEOUT)
        except CosemError:
            pass  # some meters never answer RLRQ; the link goes down in either case
        finally:
            session.lost()
            await self._link.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()


class Connecting:
    """A connection to be opened: ``async with`` it, or ``await`` it for a client to be closed later."""

    __slots__ = ("_address", "_client", "_options")

    def __init__(self, address: Address, options: ConnectOptions) -> None:
        self._address = address
        self._options = options
        self._client: AsyncClient | None = None

    async def _open(self) -> AsyncClient:
        options = self._options
        engine = client_engine(self._address, options.link, options.association.limits)
        client = AsyncClient(await AsyncLink.open(self._address, engine, options.timeout), options)
        try:
            await client.associate()
        except BaseException:
            await client.close()
            raise
        return client

    def __await__(self) -> Generator[Any, None, AsyncClient]:
        return self._open().__await__()

    async def __aenter__(self) -> AsyncClient:
        if self._client is not None:
            raise LocalProtocolError("this connection is open already")
        self._client = await self._open()
        return self._client

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        client, self._client = self._client, None
        if client is not None:
            await client.close()


def connect_with(address: Address | str, options: ConnectOptions) -> Connecting:
    """The same as :func:`connect`, with every option there is."""
    return Connecting(options.address(address), options)


def connect(
    address: Address | str,
    *,
    client: int | None = None,
    server: int | None = None,
    auth: Authentication | None = None,
    timeout: float = DEFAULT_TIMEOUT,
    verify: Verify = "none",
    physical_address: int | None = None,
    conformance: Conformance = CLIENT_CONFORMANCE,
    limits: Limits = DEFAULT_LIMITS,
    device: Device | str | None = None,
    association: str | None = None,
    quirks: Iterable[Quirk] | None = None,
) -> Connecting:
    """Connect to a meter and open an association, on asyncio::

        async with connect("tcp://192.0.2.7:4059", client=16) as meter:
            energy = await meter.read(Register("1.0.1.8.0.255"))

    ``address`` is a URL (:mod:`cosem.transport.address`). ``client`` and ``server`` are the SAPs: who reads (16 if
    nothing says otherwise), and which logical device is read (1). ``timeout`` is in seconds, for each answer.
    ``verify="reread"`` reads every value until two readings agree.

    A ``device``, or the name of one, says what the caller leaves out: SAPs and authentication of ``association``,
    settings of the line, HDLC parameters, and quirks. ``quirks`` takes the place of those of the device.

    Raises InvalidValueError at once, also for an association that asks for what is not available; when opened
    ConnectionLost, Timeout, LinkError, AssociationError.
    """
    options = ConnectOptions.of(
        client=client,
        server=server,
        auth=auth,
        timeout=timeout,
        verify=verify,
        physical_address=physical_address,
        conformance=conformance,
        limits=limits,
        device=device,
        association=association,
        quirks=quirks,
    )
    return connect_with(address, options)
