"""The states of an application association, both roles, as tables (Green Book 9.4, control function).

An input that a table does not list for a state is not allowed in that state.
"""

from __future__ import annotations

from enum import Enum, auto
from typing import Final, TypeAlias


class State(Enum):
    """Where an association stands."""

    IDLE = auto()
    ASSOCIATING = auto()
    HLS_PENDING = auto()
    ASSOCIATED = auto()
    RELEASING = auto()


class Input(Enum):
    """What moves it."""

    AARQ = auto()
    ACCEPTED = auto()
    AUTHENTICATION_REQUIRED = auto()
    REJECTED = auto()
    REPLY_TO_HLS = auto()
    AUTHENTICATED = auto()
    AUTHENTICATION_FAILED = auto()
    SERVICE = auto()
    RLRQ = auto()
    RLRE = auto()
    LINK_DOWN = auto()


Transitions: TypeAlias = dict[tuple[State, Input], State]

CLIENT: Final[Transitions] = {
    (State.IDLE, Input.AARQ): State.ASSOCIATING,
    (State.ASSOCIATING, Input.ACCEPTED): State.ASSOCIATED,
    (State.ASSOCIATING, Input.AUTHENTICATION_REQUIRED): State.HLS_PENDING,
    (State.ASSOCIATING, Input.REJECTED): State.IDLE,
    (State.HLS_PENDING, Input.REPLY_TO_HLS): State.HLS_PENDING,
    (State.HLS_PENDING, Input.AUTHENTICATED): State.ASSOCIATED,
    (State.HLS_PENDING, Input.AUTHENTICATION_FAILED): State.IDLE,
    (State.HLS_PENDING, Input.RLRQ): State.RELEASING,
    (State.ASSOCIATED, Input.SERVICE): State.ASSOCIATED,
    (State.ASSOCIATED, Input.RLRQ): State.RELEASING,
    (State.RELEASING, Input.RLRE): State.IDLE,
    **{(state, Input.LINK_DOWN): State.IDLE for state in State},
}
"""The client: it sends AARQ and RLRQ, and takes AARE and RLRE."""

SERVER: Final[Transitions] = {
    (State.IDLE, Input.ACCEPTED): State.ASSOCIATED,
    (State.IDLE, Input.AUTHENTICATION_REQUIRED): State.HLS_PENDING,
    (State.IDLE, Input.REJECTED): State.IDLE,
    (State.HLS_PENDING, Input.ACCEPTED): State.ASSOCIATED,
    (State.HLS_PENDING, Input.AUTHENTICATION_REQUIRED): State.HLS_PENDING,
    (State.HLS_PENDING, Input.REJECTED): State.IDLE,
    (State.HLS_PENDING, Input.REPLY_TO_HLS): State.HLS_PENDING,
    (State.HLS_PENDING, Input.AUTHENTICATED): State.ASSOCIATED,
    (State.HLS_PENDING, Input.AUTHENTICATION_FAILED): State.IDLE,
    (State.HLS_PENDING, Input.RLRQ): State.IDLE,
    (State.ASSOCIATED, Input.ACCEPTED): State.ASSOCIATED,
    (State.ASSOCIATED, Input.AUTHENTICATION_REQUIRED): State.HLS_PENDING,
    (State.ASSOCIATED, Input.REJECTED): State.IDLE,
    (State.ASSOCIATED, Input.SERVICE): State.ASSOCIATED,
    (State.ASSOCIATED, Input.RLRQ): State.IDLE,
    **{(state, Input.LINK_DOWN): State.IDLE for state in State},
}
"""The meter: it judges AARQs, serves, and answers RLRQ at once."""
