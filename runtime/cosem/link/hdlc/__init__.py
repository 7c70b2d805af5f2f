"""The HDLC data link (IEC 62056-46)."""

from __future__ import annotations

from cosem.link.hdlc.address import (
    ALL_STATIONS,
    ALL_STATIONS_WIDE,
    CLIENT_MANAGEMENT,
    NO_STATION,
    PUBLIC_CLIENT,
    SERVER_MANAGEMENT,
    ServerAddress,
)
from cosem.link.hdlc.client import HdlcClient
from cosem.link.hdlc.control import FrameKind, FrameReject
from cosem.link.hdlc.frame import Frame
from cosem.link.hdlc.listener import HdlcListener
from cosem.link.hdlc.options import HdlcOptions
from cosem.link.hdlc.parameters import HdlcParameters
from cosem.link.hdlc.parser import DamagedFrame, FrameFault, FrameParser
from cosem.link.hdlc.server import HdlcServer

__all__ = [
    "ALL_STATIONS",
    "ALL_STATIONS_WIDE",
    "CLIENT_MANAGEMENT",
    "NO_STATION",
    "PUBLIC_CLIENT",
    "SERVER_MANAGEMENT",
    "DamagedFrame",
    "Frame",
    "FrameFault",
    "FrameKind",
    "FrameParser",
    "FrameReject",
    "HdlcClient",
    "HdlcListener",
    "HdlcOptions",
    "HdlcParameters",
    "HdlcServer",
    "ServerAddress",
]
