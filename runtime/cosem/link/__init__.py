"""Data links: HDLC (IEC 62056-46) and the wrapper for TCP and UDP (IEC 62056-47), sans-IO."""

from __future__ import annotations

from cosem.link.events import ApduReceived, LinkDown, LinkEngine, LinkEvent, LinkUp

__all__ = ["ApduReceived", "LinkDown", "LinkEngine", "LinkEvent", "LinkUp"]
