"""HubSpot's timestamps in every form that was seen, and what is none."""

from __future__ import annotations

import pytest

from icp_sync.portal.client.timestamps import parse_timestamp, timestamp_text

MOMENT = "2026-11-30T08:15:00.000Z"


@pytest.mark.parametrize(
    "value",
    [
        MOMENT,
        "2026-11-30T08:15:00Z",
        "2026-11-30T08:15:00.000000Z",
        "2026-11-30T09:15:00.000+01:00",
        "2026-11-30T08:15:00",
        1_796_026_500_000,
        "1796026500000",
    ],
)
def test_every_form_is_one_moment_and_one_text(value: object) -> None:
    assert timestamp_text(value) == MOMENT


@pytest.mark.parametrize(
    "value",
    [
        None, "", "soon", {}, 10**19, "9" * 20, -1, 1.5, "9" * 5_000,
        # Of fifteen digits some are moments, and some lie beyond the year 9999, as a few texts do.
        "999999999999999", "9999-12-31T23:59:59.9999Z", "0001-01-01T00:00:00+14:00",
    ],
)  # fmt: skip
def test_what_is_no_time_is_none(value: object) -> None:
    assert parse_timestamp(value) is None
    assert timestamp_text(value) is None
