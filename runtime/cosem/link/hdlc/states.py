"""The state tables of both stations (IEC 62056-46 6.4.4), as data.

The engines look up what to do here and nowhere else. A row is an input, a column a state.
"""

from __future__ import annotations

from enum import Enum, IntEnum
from typing import Final

from cosem.link.hdlc.control import FrameKind


class ServerState(IntEnum):
    """State of one link of a server: the columns of :data:`SERVER`."""

    NDM = 0
    """Normal disconnected mode: there is no link."""
    IDLE = 1
    """Normal response mode, nothing under way."""
    RECEIVING = 2
    """Normal response mode, segments of a request are here."""
    SENDING = 3
    """Normal response mode, I frames are to be sent or acknowledged."""
    REJECTED = 4
    """FRMR was sent."""


class ServerInput(IntEnum):
    """What a frame is to a server: the rows of :data:`SERVER`."""

    SNRM = 0
    SNRM_MALFORMED = 1
    DISC = 2
    UI = 3
    INFORMATION = 4
    I_SEGMENT = 5
    I_OUT_OF_SEQUENCE = 6
    I_TOO_LONG = 7
    NR_STALE = 8
    NR_INVALID = 9
    RR = 10
    RNR = 11
    S_WITH_INFORMATION = 12
    NOT_IN_PROFILE = 13
    UNDEFINED = 14
    RESPONSE = 15


class Do(Enum):
    """What a station does."""

    NOTHING = "count the frame, no other effect"
    SET_UP = "UA; normal response mode with V(S) = V(R) = 0"
    RESET = "drop what is under way and the association, then as SET_UP"
    RELEASE = "UA; normal disconnected mode, the association is gone"
    DM = "DM"
    GIVE_UI = "give the unconfirmed APDU up"
    DELIVER = "take the last segment, give the APDU up; the answer, or RR, follows"
    APPEND = "take the segment; RR, or FRMR above the limit"
    RR = "RR with the expected N(R)"
    AGAIN = "a repeat of the last frame: what was sent again, or RR"
    SEND = "the next window, or RR"
    PAUSE = "RR; no I frames before an RR comes"
    FRMR_W = "FRMR, control field undefined or not in the profile"
    FRMR_X = "FRMR, information field not permitted"
    FRMR_Y = "FRMR, information field too long"
    FRMR_Z = "FRMR, N(R) was never sent"
    FRMR_AGAIN = "the same FRMR"


# fmt: off
SERVER: Final[dict[ServerInput, tuple[Do, Do, Do, Do, Do]]] = {
    # input                          NDM         IDLE        RECEIVING   SENDING     REJECTED
    ServerInput.SNRM:               (Do.SET_UP,  Do.RESET,   Do.RESET,   Do.RESET,   Do.RESET),
    ServerInput.SNRM_MALFORMED:     (Do.DM,      Do.NOTHING, Do.NOTHING, Do.NOTHING, Do.NOTHING),
    ServerInput.DISC:               (Do.DM,      Do.RELEASE, Do.RELEASE, Do.RELEASE, Do.RELEASE),
    ServerInput.UI:                 (Do.GIVE_UI, Do.GIVE_UI, Do.GIVE_UI, Do.GIVE_UI, Do.NOTHING),
    ServerInput.INFORMATION:        (Do.DM,      Do.DELIVER, Do.DELIVER, Do.SEND,    Do.FRMR_AGAIN),
    ServerInput.I_SEGMENT:          (Do.DM,      Do.APPEND,  Do.APPEND,  Do.RR,      Do.FRMR_AGAIN),
    ServerInput.I_OUT_OF_SEQUENCE:  (Do.DM,      Do.RR,      Do.RR,      Do.AGAIN,   Do.FRMR_AGAIN),
    ServerInput.I_TOO_LONG:         (Do.DM,      Do.FRMR_Y,  Do.FRMR_Y,  Do.FRMR_Y,  Do.FRMR_AGAIN),
    ServerInput.NR_STALE:           (Do.DM,      Do.NOTHING, Do.NOTHING, Do.NOTHING, Do.FRMR_AGAIN),
    ServerInput.NR_INVALID:         (Do.DM,      Do.FRMR_Z,  Do.FRMR_Z,  Do.FRMR_Z,  Do.FRMR_AGAIN),
    ServerInput.RR:                 (Do.DM,      Do.RR,      Do.RR,      Do.SEND,    Do.FRMR_AGAIN),
    ServerInput.RNR:                (Do.DM,      Do.RR,      Do.RR,      Do.PAUSE,   Do.FRMR_AGAIN),
    ServerInput.S_WITH_INFORMATION: (Do.DM,      Do.FRMR_X,  Do.FRMR_X,  Do.FRMR_X,  Do.FRMR_AGAIN),
    ServerInput.NOT_IN_PROFILE:     (Do.DM,      Do.FRMR_W,  Do.FRMR_W,  Do.FRMR_W,  Do.FRMR_AGAIN),
    ServerInput.UNDEFINED:          (Do.NOTHING, Do.FRMR_W,  Do.FRMR_W,  Do.FRMR_W,  Do.FRMR_AGAIN),
    ServerInput.RESPONSE:           (Do.NOTHING, Do.NOTHING, Do.NOTHING, Do.NOTHING, Do.NOTHING),
}
# fmt: on


class ClientState(IntEnum):
    """State of a client: the columns of :data:`CLIENT`."""

    DISCONNECTED = 0
    CONNECTING = 1
    """SNRM was sent."""
    CONNECTED = 2
    DISCONNECTING = 3
    """DISC was sent, or waits for the answer that is under way."""


class Act(Enum):
    """What a client does."""

    IGNORE = "count the frame, no other effect"
    CONNECT = "agree on the parameters; the link is up"
    FAIL = "the link is down with an error"
    FINISH = "the link is down in order"
    ACCEPT = "take the acknowledgement and the segment; go on when it is final"
    READY = "take the acknowledgement; go on when it is final"
    BUSY = "take the acknowledgement; ask again later"
    GIVE_UI = "give the unconfirmed APDU up"


# fmt: off
CLIENT: Final[dict[FrameKind, tuple[Act, Act, Act, Act]]] = {
    # frame                  DISCONNECTED CONNECTING   CONNECTED    DISCONNECTING
    FrameKind.UA:           (Act.IGNORE,  Act.CONNECT, Act.IGNORE,  Act.FINISH),
    FrameKind.DM:           (Act.IGNORE,  Act.FAIL,    Act.FAIL,    Act.FINISH),
    FrameKind.FRMR:         (Act.IGNORE,  Act.FAIL,    Act.FAIL,    Act.IGNORE),
    FrameKind.INFORMATION:  (Act.IGNORE,  Act.IGNORE,  Act.ACCEPT,  Act.IGNORE),
    FrameKind.RR:           (Act.IGNORE,  Act.IGNORE,  Act.READY,   Act.IGNORE),
    FrameKind.RNR:          (Act.IGNORE,  Act.IGNORE,  Act.BUSY,    Act.IGNORE),
    FrameKind.UI:           (Act.GIVE_UI, Act.GIVE_UI, Act.GIVE_UI, Act.GIVE_UI),
    FrameKind.SNRM:         (Act.IGNORE,  Act.IGNORE,  Act.IGNORE,  Act.IGNORE),
    FrameKind.DISC:         (Act.IGNORE,  Act.IGNORE,  Act.IGNORE,  Act.IGNORE),
    FrameKind.REJ:          (Act.IGNORE,  Act.IGNORE,  Act.IGNORE,  Act.IGNORE),
    FrameKind.SREJ:         (Act.IGNORE,  Act.IGNORE,  Act.IGNORE,  Act.IGNORE),
    FrameKind.UNDEFINED:    (Act.IGNORE,  Act.IGNORE,  Act.IGNORE,  Act.IGNORE),
}
# fmt: on
