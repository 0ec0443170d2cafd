"""The table of a fleet: a row a portal, and how many ended well."""

from __future__ import annotations

from icp_sync.fleet.outcome import PortalOutcome, ended_outcome
from icp_sync.views.fleet import fleet_document, fleet_view, progress_line
from tests.views.rendering import lines

RUN = {
    "portal_id": 7,
    "profiles": [
        {"tiers": {"tier_1": 1_200, "tier_2": 3}, "changes": {"companies": 40}, "guardrails": []},
        {
            "tiers": {"tier_1": 1, "tier_2": 0},
            "changes": {"companies": 2},
            "guardrails": [
                {"name": "leaving_tier_1", "held": True, "allowed": False},
                {"name": "changes", "held": False},
            ],
        },
    ],
    "error": {"code": "guardrail_held", "message": "held", "details": []},
}
BUSY = {"error": {"code": "lock_held", "message": "another run is at work", "details": []}}


def test_profiles_of_a_portal_are_summed() -> None:
    outcome = ended_outcome("acme", 7, 4, RUN, 3.21, [])
    assert fleet_document([outcome])["portals"] == [
        {
            "name": "acme",
            "portal_id": 7,
            "exit_code": 4,
            "tiers": {"tier_1": 1_201, "tier_2": 3},
            "changes": 42,
            "held": ["leaving_tier_1"],
            "seconds": 3.2,
            "error": RUN["error"],
        }
    ]


def test_a_row_says_what_came_of_a_portal() -> None:
    outcomes = [
        PortalOutcome("acme", 7, 0, {"tier_1": 1_200}, 40, seconds=12.4),
        ended_outcome("globex", None, 1, BUSY, 1.0, []),
        ended_outcome("[red]x", None, -9, None, 1.0, []),
    ]
    rows = lines(fleet_view(outcomes))
    assert rows[1] == "acme 1,200 40 12 0"
    assert rows[2] == "globex 1 1 busy: another run is at work"
    assert rows[3] == "[red]x 1 5 its process was killed by SIGKILL; what it wrote is in the …"
    assert rows[4] == "1 of 3 portals ended well, 1 with exit 5, 1 with exit 1"
    killed = (
        "[red]x: its process was killed by SIGKILL; what it wrote is in the ledger, and the next run does what is left"
    )
    assert rows[5:] == [killed]


DOCTOR = {
    "checks": [
        {"name": "token and portal", "ok": True, "message": "portal 7", "fix": ""},
        {"name": "scopes", "ok": False, "message": "crm.lists.write is missing", "fix": "add it"},
        {"name": "state", "ok": False, "message": "it is full; free some space", "fix": "free some space"},
    ],
    "error": {"code": "fault_found", "message": "doctor found a fault in: scopes, state", "details": ["scopes"]},
}


def test_what_doctor_found_stands_below_the_table_with_what_mends_it() -> None:
    rows = lines(fleet_view([PortalOutcome("acme", 7, 0), ended_outcome("globex", 7, 1, DOCTOR, 1.0, [])]))
    assert rows[3:] == [
        "1 of 2 portals ended well, 1 with exit 1",
        "globex: scopes: crm.lists.write is missing; add it",
        "globex: state: it is full; free some space",
    ]


def test_nobody_who_was_not_scored_has_a_number_of_changes() -> None:
    (row,) = lines(fleet_view([PortalOutcome("acme", 7, 0, {"tier_1": 0}, 0)]))[1:2]
    assert row == "acme 0 0 0 0"


def test_the_line_at_a_portals_end_counts_those_that_have_ended() -> None:
    outcome = PortalOutcome("acme", 7, 0, {}, 1_040, seconds=12.4)
    assert progress_line(outcome, 3, 25) == "[acme] exit 0 after 12 s: 1,040 changes (3 of 25)"
