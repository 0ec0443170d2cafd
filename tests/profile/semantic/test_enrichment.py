"""Vendors fill properties of others: each source once, never what the profile writes."""

from typing import Any

import pytest

from icp_sync.profile.digest import scoring_digest
from tests.profile.example import errors, loaded

OWN = "use a property of your own such as icp_numberofemployees"
ACME = {"source": "acme", "columns": {"Staff": "numberofemployees"}}


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        (
            {"enrichment": [ACME, ACME]},
            "enrichment[1].source: acme is there already; put its columns into one entry",
        ),
        (
            {"enrichment": [{"source": "acme", "columns": {"A": "city", "B": "city"}}]},
            "enrichment[0].columns.B: city is filled by 'A' already; name one column for it",
        ),
        (
            {"write": {"tier": "icp_tier"}, "enrichment": [{"source": "acme", "columns": {"A": "icp_tier"}}]},
            "enrichment[0].columns.A: a vendor cannot fill icp_tier: this profile writes it as tier",
        ),
        (
            {"write": {"tier": "icp_tier", "enriched": {"citi": "icp_city"}}, "enrichment": [ACME]},
            "write.enriched.citi: no vendor fills citi; name it under enrichment.columns, or leave it out",
        ),
        (
            {"write": {"tier": "icp_tier", "enriched": {"numberofemployees": "city"}}, "enrichment": [ACME]},
            f"write.enriched.numberofemployees: city is HubSpot's own; {OWN}",
        ),
    ],
)
def test_what_does_not_fit_is_refused(changes: dict[str, Any], error: str) -> None:
    assert error in errors(**changes)


def test_what_counts_is_part_of_the_digest_and_how_a_file_is_read_is_not() -> None:
    without, plain = loaded(), loaded(enrichment=[ACME])
    read = loaded(enrichment=[ACME | {"key": "record_id", "key_column": "Nr", "date": "Day"}])
    aged = loaded(enrichment=[ACME | {"max_age_days": 90}])
    digests = [scoring_digest(each.profile) for each in (without, plain, read, aged)]
    assert digests[1] == digests[2]
    assert len({*digests}) == 3


def test_a_column_for_what_nothing_reads_is_told() -> None:
    profile = loaded(enrichment=[{"source": "acme", "columns": {"Phone": "phone"}}])
    assert any(warning.rule == "unused-vendor-column" for warning in profile.warnings)
