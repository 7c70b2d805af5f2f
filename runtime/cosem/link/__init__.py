"""Data links: HDLC (IEC 62056-46), the wrapper (IEC 62056-47), readouts (IEC 62056-21); sans-IO."""

from __future__ import annotations

from cosem.link.events import ApduReceived, LinkDown, LinkEngine, LinkEvent, LinkUp

__all__ = ["ApduReceived", "LinkDown", "LinkEngine", "LinkEvent", "LinkUp"]
