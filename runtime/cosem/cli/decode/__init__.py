"""Captured octets explained: which layers, which frames, which messages, which values. No I/O."""

from __future__ import annotations

from cosem.cli.decode.items import Item, Message
from cosem.cli.decode.scan import decode

__all__ = ["Item", "Message", "decode"]
