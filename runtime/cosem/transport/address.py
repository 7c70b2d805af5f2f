"""Where a meter is: addresses as URLs.

==================================  =========================================================
``tcp://host[:port]``               wrapper over TCP; the port is 4059 unless named
``udp://host[:port]``               wrapper over UDP; the port is 4059 unless named
``hdlc+tcp://host:port``            HDLC over a TCP byte stream (a modem, a serial device server)
``serial:///dev/ttyUSB0?baud=9600`` HDLC over a serial line; ``serial://COM3`` on Windows
==================================  =========================================================

IPv6 hosts stand in brackets: ``tcp://[2001:db8::7]:4059``. Serial options are ``baud``, ``data_bits``,
``parity``, ``stop_bits`` and ``echo``; what is not named is 9600 8N1 without echo, unless the caller of
:func:`parse_address` says otherwise.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from cosem.core.errors import InvalidValueError

if TYPE_CHECKING:
    from urllib.parse import SplitResult

DLMS_PORT: Final = 4059
"""The port registered for DLMS/COSEM, TCP and UDP (Green Book 7.3)."""

DataBits: TypeAlias = Literal[7, 8]
Parity: TypeAlias = Literal["none", "even", "odd"]
StopBits: TypeAlias = Literal[1, 2]

_SCHEMES: Final = "tcp://, udp://, hdlc+tcp:// or serial://"
_SERIAL_OPTIONS: Final = ("baud", "data_bits", "parity", "stop_bits", "echo")


@dataclass(frozen=True, slots=True)
class NetworkAddress:
    """A host and a port, and what is spoken there."""

    scheme: Literal["tcp", "hdlc+tcp", "udp"]
    host: str
    port: int = DLMS_PORT

    @property
    def link(self) -> Literal["hdlc", "wrapper"]:
        """The data link that the other side expects."""
        return "hdlc" if self.scheme == "hdlc+tcp" else "wrapper"

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}:{self.port}"


@dataclass(frozen=True, slots=True)
class SerialAddress:
    """A serial device and how its line is set.

    ``echo`` says that the line returns what is sent, as an optical head or a two-wire adapter may do.
    """

    scheme: Literal["serial"] = field(default="serial", init=False, repr=False)
    device: str
    baud: int = 9600
    data_bits: DataBits = 8
    parity: Parity = "none"
    stop_bits: StopBits = 1
    echo: bool = False

    @property
    def link(self) -> Literal["hdlc"]:
        """The data link that the other side expects."""
        return "hdlc"

    @property
    def octet_time(self) -> float:
        """Seconds that one octet takes on the line."""
        return (1 + self.data_bits + (self.parity != "none") + self.stop_bits) / self.baud

    def __str__(self) -> str:
        from urllib.parse import quote

        options = (
            f"baud={self.baud}&data_bits={self.data_bits}&parity={self.parity}&stop_bits={self.stop_bits}"
        )
        return f"serial://{quote(self.device)}?{options}&echo={self.echo:d}"


Address: TypeAlias = NetworkAddress | SerialAddress


def parse_address(
    text: str,
    *,
    baud: int = 9600,
    data_bits: DataBits = 8,
    parity: Parity = "none",
    stop_bits: StopBits = 1,
) -> Address:
    """Read an address URL. The rest sets a serial line where the URL does not.

    Raises :class:`~cosem.core.errors.InvalidValueError`, saying what would be right.
    """
    from urllib.parse import urlsplit

    if any(c <= " " or c == "\x7f" for c in text):
        raise InvalidValueError(f"{text!r}: an address has no spaces or control characters")
    try:
        url = urlsplit(text)
    except ValueError as error:
        raise InvalidValueError(f"{text!r}: {error}") from None
    match url.scheme:
        case "tcp" | "udp" | "hdlc+tcp" as scheme:
            return _network(text, scheme, url)
        case "serial":
            return _serial(text, url, SerialAddress("", baud, data_bits, parity, stop_bits))
        case _:
            raise InvalidValueError(f"{text!r}: an address starts with {_SCHEMES}")


def _network(text: str, scheme: Literal["tcp", "udp", "hdlc+tcp"], url: SplitResult) -> NetworkAddress:
    if url.path not in ("", "/") or url.query or url.fragment or "@" in url.netloc:
        raise InvalidValueError(f"{text!r}: right is {scheme}://host:port, and nothing after it")
    try:
        port = url.port
    except ValueError:
        raise InvalidValueError(f"{text!r}: the port is a number from 1 to 65535") from None
    if not url.hostname:
        raise InvalidValueError(f"{text!r}: the host is missing; right is {scheme}://host:port")
    if port is None:
        if scheme == "hdlc+tcp":
            raise InvalidValueError(
                f"{text!r}: HDLC over TCP has no port of its own; right is hdlc+tcp://host:port"
            )
        port = DLMS_PORT
    if port == 0:
        raise InvalidValueError(f"{text!r}: the port is a number from 1 to 65535")
    return NetworkAddress(scheme, url.hostname, port)


def _serial(text: str, url: SplitResult, unnamed: SerialAddress) -> SerialAddress:
    from urllib.parse import parse_qsl, unquote

    device = unquote(url.netloc + url.path)
    if not device.strip("/") or "\0" in device or url.fragment:
        raise InvalidValueError(f"{text!r}: right is serial:///dev/ttyUSB0?baud=9600, or serial://COM3")
    try:
        pairs = parse_qsl(
            url.query, keep_blank_values=True, strict_parsing=bool(url.query), max_num_fields=16
        )
    except ValueError:
        raise InvalidValueError(f"{text!r}: options are written ?baud=9600&parity=none") from None
    options = dict(pairs)
    if len(options) != len(pairs):
        raise InvalidValueError(f"{text!r}: an option is named twice")
    for name in options:
        if name not in _SERIAL_OPTIONS:
            raise InvalidValueError(f"{text!r}: no option {name!r}; there are {', '.join(_SERIAL_OPTIONS)}")
    baud = options.get("baud", str(unnamed.baud))
    if not (baud.isascii() and baud.isdigit() and len(baud) <= 8 and 50 <= int(baud) <= 10_000_000):
        raise InvalidValueError(f"{text!r}: baud is a number from 50 to 10000000")
    return SerialAddress(
        device=device,
        baud=int(baud),
        data_bits=7 if _one_of(text, options, "data_bits", str(unnamed.data_bits), ("7", "8")) == "7" else 8,
        parity=_parity(text, options, unnamed.parity),
        stop_bits=2 if _one_of(text, options, "stop_bits", str(unnamed.stop_bits), ("1", "2")) == "2" else 1,
        echo=_one_of(text, options, "echo", "0", ("0", "1")) == "1",
    )


def _parity(text: str, options: dict[str, str], default: Parity) -> Parity:
    match options.get("parity", default).lower():
        case "none" | "n":
            return "none"
        case "even" | "e":
            return "even"
        case "odd" | "o":
            return "odd"
        case _:
            raise InvalidValueError(f"{text!r}: parity is none, even or odd")


def _one_of(text: str, options: dict[str, str], name: str, default: str, allowed: tuple[str, ...]) -> str:
    value = options.get(name, default)
    if value not in allowed:
        raise InvalidValueError(f"{text!r}: {name} is {' or '.join(allowed)}")
    return value
