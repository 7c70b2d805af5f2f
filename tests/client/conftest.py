"""Every test of the verbs runs in both colours."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests.client.links import Meters, colours


@pytest.fixture(params=["blocking", "asyncio"])
def meters(request: pytest.FixtureRequest) -> Iterator[Meters]:
    """Clients of one colour."""
    yield from colours(request.param)
