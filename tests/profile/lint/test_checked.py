"""What only `check` asks: the day, and what is still as we shipped it."""

import datetime as dt

import pytest

from icp_sync.profile import templates
from icp_sync.profile.lint import lint_on_day
from icp_sync.profile.load import parse_profile
from icp_sync.profile.source.yaml_document import parse_yaml
from tests.profile.example import loaded
from tests.profile.lint.example import SOUND

DAY = dt.date(2026, 11, 21)


def rules_of(text: str, day: dt.date = DAY) -> dict[str, str]:
    profile = parse_profile(text, "icp.yaml")
    return {problem.rule: problem.severity for problem in profile.locate(lint_on_day(profile.profile, day))}


@pytest.mark.parametrize(
    ("day", "words"),
    [("2027-01-17", None), ("2027-01-18", "is due on 2027-02-01"), ("2027-02-02", "was due on 2027-02-01")],
)
def test_a_review_that_is_near_or_past_is_named(day: str, words: str | None) -> None:
    flaws = lint_on_day(loaded(**SOUND).profile, dt.date.fromisoformat(day))
    messages = [flaw.message for flaw in flaws if flaw.rule == "review-due"]
    assert [message.partition(";")[0] for message in messages] == ([f"the review {words}"] if words else [])


@pytest.mark.parametrize("name", templates.template_names())
def test_an_unchanged_template_is_noted(name: str) -> None:
    notes = rules_of(templates.template_text(name))
    assert notes["template"] == "note"
    assert notes["placeholder-evidence"] == "note"
    assert set(notes.values()) == {"note"}


def test_somebody_elses_icp_under_ones_own_name_is_warned_about() -> None:
    mine = templates.template_text("s0-icp").replace("revops@example.com", "me@example.org")
    assert rules_of(mine)["copied"] == "warning"
    assert "template" not in rules_of(mine)


def test_a_template_with_one_rule_changed_is_ones_own() -> None:
    changed = templates.template_text("s0-icp").replace("between: [500, 10000]", "between: [400, 10000]")
    assert not {"copied", "template"} & set(rules_of(changed))


def test_a_profile_that_is_a_template_is_parsed_once() -> None:
    parse_yaml.cache_clear()
    assert rules_of(templates.template_text("s0-icp"))["template"] == "note"
    assert parse_yaml.cache_info().misses == 1


def test_findings_stand_by_their_line() -> None:
    profile = parse_profile(templates.template_text("s0-icp"), "icp.yaml")
    problem = next(
        problem for problem in profile.locate(lint_on_day(profile.profile, DAY)) if problem.rule == "template"
    )
    assert (problem.file, problem.path) == ("icp.yaml", "profile")
    assert templates.template_text("s0-icp").splitlines()[problem.line - 1] == "profile:"
