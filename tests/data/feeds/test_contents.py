"""The hash of what a partner said."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from data.feeds.contents import NOT_CONTENT, content_hashes
from data.schema import FEEDS

AT = datetime(2026, 9, 1, tzinfo=UTC)


def hashed(**values: object) -> str:
    return content_hashes({name: [value] for name, value in values.items()}, 1, ())[0]


def test_a_column_nobody_filled_changes_nothing() -> None:
    assert hashed(title="x", notes=None) == hashed(title="x")


def test_the_order_of_columns_changes_nothing() -> None:
    assert hashed(title="x", value=Decimal("1.00")) == hashed(value=Decimal("1.00"), title="x")


@pytest.mark.parametrize("name", sorted(NOT_CONTENT))
def test_clocks_labels_and_what_we_found_out_are_no_content(name: str) -> None:
    assert hashed(title="x", **{name: "y"}) == hashed(title="x")


def test_every_name_left_out_is_a_column() -> None:
    assert {name for name in NOT_CONTENT if not any(name in feed.by_name for feed in FEEDS.values())} == set()


@pytest.mark.parametrize("name", ["title", "start_at", "provider_pcode", "latitude", "release_until"])
def test_what_was_said_is_content(name: str) -> None:
    assert hashed(**{name: AT}) != hashed(**{name: "other"})
