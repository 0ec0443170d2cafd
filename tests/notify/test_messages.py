"""A message says what happened, with numbers, and which command comes next; it is never too long."""

from __future__ import annotations

from icp_sync.notify.messages import LONGEST_BODY, CompanyLine, MessageFacts, build_message
from icp_sync.plan.notices_to_send import DueNotice, Topic

HELD = DueNotice(Topic("run", "held", "changed"))


def facts(**more: object) -> MessageFacts:
    given = {
        "what": {"run": "changed: 30 of 100 is 30.0%, at most 20.0% is allowed"},
        "causes": {"data": 20, "profile": 31},
        "next": {"run": "icp-sync show last"},
    }
    return MessageFacts("devops-dach", 1234567, "20261129T050000Z-abc123", "cron1", **(given | more))  # type: ignore[arg-type]


def test_a_held_run_names_numbers_causes_companies_and_the_next_command() -> None:
    company = CompanyLine(7, "<!channel> Acme", "https://app.hubspot.com/contacts/1234567/record/0-2/7")
    assert (
        build_message(HELD, facts(companies={"run": [company]})).title == "icp_sync held: devops-dach, portal 1234567"
    )
    assert build_message(HELD, facts(companies={"run": [company]})).body.splitlines() == [
        "changed: 30 of 100 is 30.0%, at most 20.0% is allowed",
        "Causes: profile 31, data 20.",
        "- 7 ‹!channel› Acme https://app.hubspot.com/contacts/1234567/record/0-2/7",
        "Run 20261129T050000Z-abc123 on cron1.",
        "Next: icp-sync show last",
    ]


def test_a_recovery_is_short() -> None:
    recovered = build_message(DueNotice(Topic("run", "ok"), recovered=True), facts())
    assert recovered.title == "icp_sync recovered: devops-dach, portal 1234567"
    assert recovered.body == "Runs end well again.\nRun 20261129T050000Z-abc123 on cron1."


def test_a_run_that_never_met_its_portal_names_none() -> None:
    failed = DueNotice(Topic("run", "failed", "auth"))
    assert build_message(failed, MessageFacts("icp", None, "r", "h")).title == "icp_sync failed: icp"


def test_a_body_that_would_be_too_long_loses_companies_and_keeps_the_command() -> None:
    companies = [CompanyLine(number, "x" * 500, "https://app.hubspot.com/" + "y" * 400) for number in range(5)]
    body = build_message(HELD, facts(companies={"run": companies})).body
    assert len(body) <= LONGEST_BODY
    assert body.endswith("Next: icp-sync show last")


def test_at_most_five_companies_are_named() -> None:
    companies = [CompanyLine(number, "Acme", "https://app.hubspot.com/1") for number in range(9)]
    assert build_message(HELD, facts(companies={"run": companies})).body.count("\n- ") == 5
