"""Our class tables against those of the installed peers."""

from __future__ import annotations

from collections import Counter

import pytest
from dlms_cosem.enumerations import CosemInterface
from gurux_dlms.enums import ObjectType
from pydlms.cosem.interface_classes import ClassId
from tests.interop.model_comparison import DECISIONS, Difference, differences, reviewed
from tests.interop.model_peers import PeerClass, peer_classes

from cosem.cli.catalogue import class_ids
from cosem.cli.class_counts import confidence
from cosem.model import CATALOGUE

pytestmark = pytest.mark.interop

_MANUFACTURERS = range(8192, 65536)
_MISTAKEN = {("gurux-dlms", 0), ("gurux-dlms", 2)}
"""No class, and the SMTP setup, which is 46."""

CLASSES = list(peer_classes())
REVIEWED = {difference: review for difference, review in reviewed() if difference.what != "echo"}


def _name(cls: PeerClass) -> str:
    return f"{cls.peer}-{cls.class_id}v{cls.version}"


@pytest.mark.parametrize("theirs", CLASSES, ids=_name)
def test_counts_names_and_types_agree_or_the_difference_is_reviewed(theirs: PeerClass) -> None:
    assert (theirs.class_id, theirs.version) in CATALOGUE
    assert [found for found in differences(theirs) if found not in REVIEWED] == []


def test_every_reviewed_difference_still_exists_and_is_listed_once() -> None:
    found = {difference for theirs in CLASSES for difference in differences(theirs)}
    assert set(REVIEWED) - found == set()
    assert [difference for difference, count in Counter(_listed()).items() if count > 1] == []


def test_every_review_has_a_reason_and_a_decision() -> None:
    for difference, review in REVIEWED.items():
        assert review.decision in DECISIONS, difference
        assert len(review.reason) > 40, difference


def test_what_no_public_source_settles_is_not_of_high_confidence() -> None:
    for difference, review in REVIEWED.items():
        if review.decision == "open":
            cls = CATALOGUE[difference.class_id, difference.version]
            row = cls.METHODS if difference.what in ("method", "takes", "returns") else cls.ATTRIBUTES
            named = row.get(difference.index)
            assert confidence(cls, named.name if named else "") != "high", difference


def test_much_is_compared() -> None:
    versions = {(theirs.class_id, theirs.version) for theirs in CLASSES}
    typed = sum(len(theirs.attribute_types) + len(theirs.takes) + len(theirs.returns) for theirs in CLASSES)
    assert len(versions) > 80
    assert typed > 800


def test_every_class_id_that_a_peer_names_is_known() -> None:
    named = {("gurux-dlms", int(number)) for number in ObjectType}
    named |= {("pydlms-client", int(number)) for number in ClassId}
    named |= {("dlms-cosem", int(number)) for number in CosemInterface}
    standard = {(peer, number) for peer, number in named if number not in _MANUFACTURERS} - _MISTAKEN
    assert {number for _, number in standard} - set(class_ids()) == set()


def _listed() -> list[Difference]:
    return [difference for difference, _ in reviewed()]
