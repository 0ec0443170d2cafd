"""Panel 1: the night in one sentence, whose it is, and what to type next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from icp_sync.plan.document.report_document import ReportDocument
from icp_sync.plan.tiers_set_by_others import TierSetByOthers, moves_by_author_text
from icp_sync.views.html import words
from icp_sync.views.html.panels.panel import Panel
from icp_sync.views.html.panels.tier_movement import count_tier_movement, last_writing_run, unwritten_words

_STATES = {
    "planned": "Planned: nothing is written yet",
    "written": "Written to HubSpot",
    "held": "Held: nothing was written",
    "partly": "Written in part",
    "failed": "Failed: nothing was written",
}


@dataclass(frozen=True, slots=True)
class HeadlinePanel(Panel):
    """`facts` are labels with their values; `trouble` says why a run did not do all it planned."""

    state: str
    state_words: str
    facts: tuple[tuple[str, str], ...]
    trouble: str | None
    next_command: str | None


def build(document: ReportDocument, earlier: Sequence[ReportDocument]) -> HeadlinePanel:
    """The headline of a document; `earlier`, oldest first, says since when."""
    return HeadlinePanel(
        finding=_headline_sentence(document, earlier),
        state=document.state,
        state_words=_state_words(document),
        facts=tuple(_facts(document)),
        trouble=document.error.message if document.error and document.state != "planned" else None,
        next_command=document.next_command,
    )


def _state_words(document: ReportDocument) -> str:
    if document.file is not None:
        return "Scored from a file, each company by itself: nothing is written to HubSpot"
    if document.offline:
        return "Scored from the last reading: nothing is written"
    if document.command == "plan" and document.state == "held":
        return "Planned, and a run would be held: nothing is written"
    return _STATES[document.state]


def _headline_sentence(document: ReportDocument, earlier: Sequence[ReportDocument]) -> str:
    if not document.companies.read:
        return "No company was read, so there is nothing to judge."
    if document.file is not None:
        return _scored_file_sentence(document, document.file)
    tier_1 = f"{_tier_1_clause(document)}{_movement_clause(document, earlier)}"
    night = "; ".join(filter(None, (tier_1, unwritten_words(document), _guardrails_sentence(document))))
    return f"{night}. {_quiet(document)}".rstrip()


def _quiet(document: ReportDocument) -> str:
    """That a morning is quiet: nobody's tier changes, and nothing failed, is held or due; "" for any other."""
    moves = any(move.companies for move in document.matrix if move.before != move.after)
    due = document.next_command or document.error or any(guardrail.held for guardrail in document.guardrails)
    if moves or due or not document.matrix:
        return ""
    return "By that reading there is nothing to do." if document.offline else "There is nothing to do this morning."


def _tier_1_clause(document: ReportDocument) -> str:
    """`2,332 companies are tier 1`, and where there is none how many are in a lower tier."""
    tier_1, tiered = document.tiers.get("tier_1", 0), sum(document.tiers.values())
    size = words.companies(tier_1) if tier_1 else "No company"
    verb = "would be" if document.state != "written" else words.is_are(tier_1 or 1)
    verb = verb if not unwritten_words(document) else "was to be" if tier_1 <= 1 else "were to be"
    return f"{size} {verb} tier 1" + ("" if tier_1 or not tiered else f" ({tiered:,} in a lower tier)")


def _scored_file_sentence(document: ReportDocument, file: str) -> str:
    """A company by itself neither comes nor leaves; what matters of a list is how much of it can be judged."""
    tier_1, undecided = document.tiers.get("tier_1", 0), document.outcomes.get("insufficient_data", 0)
    read = document.companies.read
    verb, whom = words.is_are(1 if read == 1 else tier_1), "it" if undecided == 1 else "them"
    size = f"{tier_1:,} of {words.companies(read)} in {file} {verb} tier 1"
    return f"{size}; {undecided:,} {words.is_are(undecided)} undecided, since too little is known of {whom}."


def _movement_clause(document: ReportDocument, earlier: Sequence[ReportDocument]) -> str:
    """Who came and left, and since when."""
    if not document.live_tiers:
        return " (the profile writes no tier, so nobody moves in HubSpot)"
    if not any(document.live_tiers.values()):
        return ", the first tiers of this portal"
    if not document.matrix:
        return f", {document.live_tiers.get('tier_1', 0):,} before the run"
    before = last_writing_run(earlier) if document.state == "written" else None
    since = f" since {_short_day(before, document)}" if before else ""
    return f": {_moves_of_tier_1(document)}{since}{_moves_by_others(document)}"


def _moves_of_tier_1(document: ReportDocument) -> str:
    moved = count_tier_movement(document, "tier_1")
    came, left = _count_or_none(moved.came), _count_or_none(moved.left)
    if unwritten_words(document):
        return f"{came} to come in and {left} to leave"
    also = "," if moved.came or moved.left else " and"
    would = "" if document.state == "written" else "would "
    return f"{came} {would}{'come' if would else 'came'} in{also} {left} {would}{'leave' if would else 'left'}"


def _moves_by_others(document: ReportDocument) -> str:
    """`; 1 more by user 31 (tier 1 → tier 3)`: who came and left tier 1 since somebody else set the tier."""
    moves = [TierSetByOthers(**move.model_dump()) for move in document.tiers_set]
    concerned = [move for move in moves if "tier_1" in (move.before, move.after)]
    return f" by the profile; {moves_by_author_text(concerned)}" if concerned else ""


def _count_or_none(count: int) -> str:
    return f"{count:,}" if count else "none"


def _short_day(before: ReportDocument, document: ReportDocument) -> str:
    """`27 Nov`, with the year where it is another; of the same day the time, `02:00`."""
    zone = words.time_zone_or_utc(document.account.time_zone)
    then, now = before.at.astimezone(zone), document.at.astimezone(zone)
    if then.date() == now.date():
        return f"{then:%H:%M}"
    return f"{then.day} {then:%b}" + ("" if then.year == now.year else f" {then.year}")


def _guardrails_sentence(document: ReportDocument) -> str:
    blocking = [guardrail for guardrail in document.guardrails if guardrail.held]
    if not blocking:
        return "nothing is held"
    names = words.join_names(dict.fromkeys(f"“{guardrail.name}”" for guardrail in blocking))
    return f"held by the guardrail{'s' if len(blocking) > 1 else ''} {names}"


def _facts(document: ReportDocument) -> list[tuple[str, str]]:
    profile = document.profile
    called = f"{profile.title} ({profile.name})" if profile.title else profile.name
    facts = [
        ("Profile", f"{called}, version {profile.digest}"),
        *_source(document),
        ("Time", _time(document)),
        ("Companies", f"{document.companies.read:,} read, {document.companies.scored:,} in scope"),
    ]
    return facts + _offline_facts(document)


def _source(document: ReportDocument) -> list[tuple[str, str]]:
    """Where the companies come from."""
    if document.file is not None:
        return [("File", document.file)]
    run = f"{document.run_id} ({document.command})" if document.run_id else "none: scored for this page"
    return [("Portal", f"{document.portal_id} at {document.account.ui_domain}"), ("Run", run)]


def _time(document: ReportDocument) -> str:
    """By the portal's clock; and the day that dates were judged by, where it is another."""
    at, judged = words.format_moment(document.at, document.account.time_zone), words.format_day(document.as_of)
    time = f"{at} ({document.account.time_zone})"
    return time if at.startswith(f"{judged},") else f"{time}, as of {judged}"


def _offline_facts(document: ReportDocument) -> list[tuple[str, str]]:
    if document.offline is None:
        return []
    edited = {True: "yes", False: "no", None: "no run to compare with"}[document.offline.edited]
    read_at = words.format_moment(document.offline.read_at, document.account.time_zone)
    return [("Reading", f"as of {read_at}; profile edited since: {edited}")]
