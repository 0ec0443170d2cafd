"""Which companies meet a list's property matches."""

from __future__ import annotations

import pytest

from icp_sync.companies.frame import company_frame
from icp_sync.profile.match import Match
from icp_sync.scoring.listed import listed
from tests.scoring.profiles import TODAY, profile_of

PROFILE = profile_of({"id": "c", "property": "size", "match": {"known": True}}, derive={"double": "size * 2"})
COMPANIES = company_frame(
    [3, 1, 2, 9],
    {
        "size": ["10", "20", None, "5-15"],
        "type": ["A", "B", "A", "A"],
        "land": ["DE", "FR", "xyzzy", "AT"],
        "seen": ["2026-11-20", "2020-01-01", None, "2026"],
        **dict.fromkeys(["hs_country_code", "country", "hs_state_code", "state", "city", "zip"], [None] * 4),
    },
)


@pytest.mark.parametrize(
    ("where", "ids"),
    [
        ({"size": {"at_least": 10}}, [3, 1]),
        ({"type": {"is": "A"}}, [3, 2, 9]),
        ({"type": {"is": "A"}, "size": {"known": True}}, [3, 9]),
        ({"size": {"any": [{"at_most": 10}, {"at_least": 20}]}}, [3, 1]),
        ({"size": {"not": {"at_least": 15}}}, [3]),
        ({"land": {"region": "DACH"}}, [3, 9]),
        ({"seen": {"within_days": 7}}, [3]),
        ({"double": {"at_least": 40}}, [1]),
        ({"type": {"is": "C"}}, []),
    ],
)
def test_only_who_certainly_meets_every_match_is_listed(where: dict[str, object], ids: list[int]) -> None:
    matches = {name: Match.model_validate(match) for name, match in where.items()}

    assert listed(COMPANIES, matches, PROFILE, TODAY).to_list() == ids
