"""What `doctor` found, with the remedy under the fault."""

from __future__ import annotations

from icp_sync.errors import ScopeMissing
from icp_sync.views.doctor import checks_document, checks_view
from tests.views.rendering import lines

GOOD = {"name": "token", "ok": True, "message": "portal 4242", "fix": ""}
BAD = {"name": "scopes", "ok": False, "message": "one is missing", "fix": "grant crm.lists.write"}


def test_the_document_has_every_check() -> None:
    assert checks_document([GOOD], None) == {"ok": True, "checks": [GOOD]}
    failed = checks_document([GOOD, BAD], ScopeMissing("one is missing"))
    assert (failed["ok"], failed["checks"], failed["error"]["code"]) == (False, [GOOD, BAD], "missing_scope")


def test_a_fault_is_followed_by_its_remedy() -> None:
    assert lines(checks_view([GOOD, BAD])) == [
        "ok token: portal 4242",
        "FAIL scopes: one is missing",
        "→ grant crm.lists.write",
    ]


def test_checks_that_fail_for_one_reason_are_one_line() -> None:
    ledger, lists = ({**BAD, "name": name, "message": "the ledger is damaged"} for name in ("ledger", "lists"))
    assert lines(checks_view([ledger, GOOD, lists])) == [
        "FAIL ledger, lists: the ledger is damaged",
        "→ grant crm.lists.write",
        "ok token: portal 4242",
    ]
