"""What a page sends: only what differs from the profile is an edit."""

from __future__ import annotations

import pytest

from icp_sync.web.forms import parse_page_request
from tests.scoring.profiles import profile_of


@pytest.mark.parametrize(
    ("sent", "edits"),
    [
        (b"required=a&required=b", {}),
        (b"required=b,a", {}),
        (b"required=&required=b", {("required",): ("b",)}),
        (b"required=&required=", {("required",): ()}),
    ],
)
def test_the_order_of_the_checkboxes_is_no_edit(sent: bytes, edits: dict[tuple[str, ...], object]) -> None:
    """They stand in the order of the criteria, and the profile may name what it requires in another."""
    criteria = [{"id": name, "property": name, "match": {"known": True}} for name in ("a", "b")]
    assert parse_page_request(sent).changed_values(profile_of(*criteria, required=["b", "a"])) == edits
