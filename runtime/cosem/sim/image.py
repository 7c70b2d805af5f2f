"""Image transfer (class 18, Blue Book 4.4.6): blocks in, verified, activated."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
from typing import Final

from cosem.core.bitstring import BitString
from cosem.core.errors import ActionError
from cosem.model.c0018_image_transfer import (
    ImageBlock,
    ImageToActivateInfo,
    ImageTransferInitiate,
    ImageTransferStatus,
)
from cosem.server import ActionResult, HostedObject
from cosem.sim.binding import bind_known

_LARGEST_IMAGE: Final = 4 * 1024 * 1024


class ImageStore:
    """The image behind a hosted Image transfer; ``activate`` is told its identification.

    An image is good when all its blocks are there; its signature is its SHA-256. What the state does not allow is
    refused with other-reason.
    """

    __slots__ = ("_activate", "_blocks", "_hosted", "_identification", "_size", "status")

    def __init__(self, hosted: HostedObject, activate: Callable[[bytes], None]) -> None:
        self.status = ImageTransferStatus.IMAGE_TRANSFER_NOT_INITIATED
        self._hosted = hosted
        self._activate = activate
        self._identification = b""
        self._size = 0
        self._blocks: dict[int, bytes] = {}
        bind_known(
            hosted,
            {
                "image_transferred_blocks_status": self._bits,
                "image_first_not_transferred_block_number": self._first_gap,
                "image_transfer_status": lambda: self.status,
                "image_to_activate_info": self._info,
            },
            methods={
                "image_transfer_initiate": self._initiate,
                "image_block_transfer": self._take,
                "image_verify": self._verify,
                "image_activate": self._bring_up,
            },
        )

    @property
    def image(self) -> bytes:
        """What has arrived, in the order of the blocks."""
        return b"".join(block for _, block in sorted(self._blocks.items()))

    def _initiate(self, asked: ImageTransferInitiate) -> None:
        self._need(self._hosted.value("image_transfer_enabled") is True)
        self._need(0 < asked.image_size <= _LARGEST_IMAGE)
        self._identification = asked.image_identifier
        self._size = asked.image_size
        self._blocks.clear()
        self.status = ImageTransferStatus.IMAGE_TRANSFER_INITIATED

    def _take(self, block: ImageBlock) -> None:
        self._need(self.status == ImageTransferStatus.IMAGE_TRANSFER_INITIATED)
        size = self._block_size()
        left = self._size - block.image_block_number * size
        self._need(left > 0 and len(block.image_block_value) == min(size, left))
        self._blocks[block.image_block_number] = block.image_block_value

    def _verify(self, _: int) -> None:
        states = ImageTransferStatus
        self._need(
            self.status
            in (
                states.IMAGE_TRANSFER_INITIATED,
                states.IMAGE_VERIFICATION_FAILED,
                states.IMAGE_VERIFICATION_SUCCESSFUL,
            )
        )
        if self._first_gap() < self._count():
            self.status = states.IMAGE_TRANSFER_INITIATED
            raise ActionError(ActionResult.OTHER_REASON)
        self.status = states.IMAGE_VERIFICATION_SUCCESSFUL

    def _bring_up(self, _: int) -> None:
        self._need(self.status == ImageTransferStatus.IMAGE_VERIFICATION_SUCCESSFUL)
        self._activate(self._identification)
        self.status = ImageTransferStatus.IMAGE_ACTIVATION_SUCCESSFUL

    def _need(self, condition: bool) -> None:
        if not condition:
            raise ActionError(ActionResult.OTHER_REASON)

    def _info(self) -> list[ImageToActivateInfo]:
        if self.status != ImageTransferStatus.IMAGE_VERIFICATION_SUCCESSFUL:
            return []
        return [ImageToActivateInfo(self._size, self._identification, sha256(self.image).digest())]

    def _block_size(self) -> int:
        size = self._hosted.value("image_block_size")
        return size if isinstance(size, int) and size > 0 else 1

    def _count(self) -> int:
        return -(-self._size // self._block_size())

    def _first_gap(self) -> int:
        return next((number for number in range(self._count()) if number not in self._blocks), self._count())

    def _bits(self) -> BitString:
        count = self._count()
        octets = bytearray((count + 7) // 8)
        for number in self._blocks:
            octets[number // 8] |= 0x80 >> number % 8
        return BitString(bytes(octets), count)
