"""Comparing takes minutes: what happened meanwhile at the node is seen before anything is told."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from tests.exchange.other import NOW
from tests.linkage.test_linkage_comparer import People, Three, both_sent, compared, three

from mirps.sharing.exchange.api import Package
from mirps.sharing.linkage import api as links
from mirps.sharing.linkage import counting
from mirps.sharing.linkage.rules import LinkageRefused

__all__ = ["three"]
pytestmark = pytest.mark.django_db


def test_a_count_whose_next_one_was_opened_meanwhile_is_not_told_as_the_next(
    three: Three, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    both_sent(three, people)
    protected = counting._protected

    def meanwhile(*given: Any) -> Any:
        links.open_(agreement=three.terms.id, by="admin", at=NOW + timedelta(days=90))
        return protected(*given)

    monkeypatch.setattr(counting, "_protected", meanwhile)
    with pytest.raises(LinkageRefused, match="not-open"):
        compared(three)
    assert not links.Count.objects.filter(compared_at__isnull=False).exists()
    assert not Package.objects.filter(lane__outward=True, about__what="result").exists()
