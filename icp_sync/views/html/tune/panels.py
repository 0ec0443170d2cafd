"""The panels of the what-if page: an answer in sentences, rows and bars."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from icp_sync.evidence.document_types import FEWEST_DEALS
from icp_sync.plan.whatif_guardrails import foresee_guardrails
from icp_sync.profile.edits.query_pairs import edits_to_pairs
from icp_sync.profile.findings import LocatedFinding
from icp_sync.profile.model.types import OUTCOMES, TIERS
from icp_sync.scoring.profile_tests import CaseResult
from icp_sync.scoring.verdict_comparison import Mover, Places
from icp_sync.views.html import words
from icp_sync.views.html.panels.panel import Segment, segments
from icp_sync.views.html.tune.answer import Answer
from icp_sync.views.html.tune.control import element_id

UNDECIDED = "none"


@dataclass(frozen=True, slots=True)
class TierRow:
    """A tier before and after; `places` is None where it has no limit in all, `places_note` says how they are used.

    `won`: what became of its decided deals, "" where none are known.
    """

    tier: str
    before: int
    after: int
    change: int
    places: Places | None
    places_note: str
    won: str


@dataclass(frozen=True, slots=True)
class OutcomeRow:
    """An outcome before and after, and its share of the companies in scope as a bar."""

    outcome: str
    before: int
    after: int
    change: int
    share: str
    bar: tuple[Segment, ...]


@dataclass(frozen=True, slots=True)
class MoverRow:
    """A company that moves, with its tier and fit score before and after, and why."""

    id: str
    name: str
    domain: str
    before: str
    after: str
    score: str
    reasons: str


@dataclass(frozen=True, slots=True)
class Expectation:
    """What a test says and what came out, as texts; `name` and `value` are the edit that makes it expect `wanted`."""

    key: str
    expected: str
    got: str
    wanted: str
    name: str
    value: str
    checked: bool

    @property
    def id(self) -> str:
        """The id of its tick box."""
        return element_id(self.name)


@dataclass(frozen=True, slots=True)
class TestRow:
    """A test that fails, or that was made to expect something else; `is_new`: it passes with the file as it is."""

    name: str
    ok: bool
    is_new: bool
    differences: tuple[Expectation, ...]


@dataclass(frozen=True, slots=True)
class FindingRow:
    """A finding of the linter; `is_new`: the file as it is has it not."""

    severity: str
    place: str
    message: str
    is_new: bool


def headline(answer: Answer) -> str:
    """One sentence: what the edits come to, as it is announced."""
    compared, (first, *_) = answer.comparison, answer.profile.tiers
    before, after = compared.tiers[first.tier]
    name = words.tier(first.tier)
    if not answer.edits:
        return f"Nothing is moved yet: {name} has {words.companies(after)}."
    size = f"{name}: {before:,} → {after:,} companies"
    moved = f"{words.companies(compared.changed)} {'changes' if compared.changed == 1 else 'change'} tier"
    failed = len(answer.failed)
    tests = f"; {failed} {'test fails' if failed == 1 else 'tests fail'}" if failed else ""
    return f"{size}; {moved}{tests}."


def tier_rows(answer: Answer) -> list[TierRow]:
    """Every tier of the profile, and no tier."""
    rows = []
    for places in answer.comparison.places:
        before, after = answer.comparison.tiers[places.tier]
        in_all = places if places.limit is not None and not places.per else None
        rows.append(
            TierRow(places.tier, before, after, after - before, in_all, _places_note(places), _won(answer, places.tier))
        )
    before, after = (sum(n for *pair, n in answer.comparison.moved if pair[side] is None) for side in (0, 1))
    return [*rows, TierRow(UNDECIDED, before, after, after - before, None, "", _won(answer, None))]


def _won(answer: Answer, tier: str | None) -> str:
    """The win rate of a tier, or of all companies without one; counts alone under twenty deals."""
    if answer.wins is None:
        return ""
    own = [tally for group, tally in answer.wins.items() if (group == tier if tier else group not in TIERS)]
    won, decided = sum(tally.won for tally in own), sum(tally.decided for tally in own)
    if decided < FEWEST_DEALS:
        return f"{won:,.0f} of {decided:,.0f}"
    return f"{100 * won / decided:.0f} % of {decided:,.0f}"


def _places_note(places: Places) -> str:
    if places.limit is None:
        return "no limit"
    each = f" each {places.per}" if places.per else ""
    turned = f", {words.companies(places.turned_away)} turned away" if places.turned_away else ""
    return (
        f"{places.used:,} of {places.limit:,}{each}{turned}" if not each else f"at most {places.limit:,}{each}{turned}"
    )


def guardrail_rows(answer: Answer) -> list[str]:
    """What the next run would be held by, in the words of a plan."""
    if not answer.edits:
        return []
    return [check.sentence for check in foresee_guardrails(answer.comparison, answer.profile.guardrails)]


def outcome_rows(answer: Answer) -> list[OutcomeRow]:
    """The four outcomes of companies in scope."""
    counts = answer.comparison.outcomes
    whole = sum(after for _, after in counts.values())
    bars = {part.kind: part for part in segments({outcome: counts[outcome][1] for outcome in OUTCOMES})}
    return [
        OutcomeRow(
            outcome, before, after, after - before, words.percent(after, whole),
            tuple(Segment(part.kind, 0, part.width) for part in (bars.get(outcome),) if part),
        )
        for outcome, (before, after) in counts.items()
    ]  # fmt: skip


def mover_rows(answer: Answer, movers: Iterable[Mover]) -> list[MoverRow]:
    """The companies that move most in one direction."""
    return [_mover(answer, mover) for mover in movers]


def _mover(answer: Answer, mover: Mover) -> MoverRow:
    company = answer.companies[mover.id]
    before, after = ("–" if score is None else words.number(score) for score in (mover.score_before, mover.score))
    return MoverRow(
        str(mover.id),
        company.name.strip() or company.domain.strip() or f"company {mover.id}",
        company.domain if company.name.strip() else "",
        _standing(mover.tier_before, mover.score_before),
        _standing(mover.tier, mover.score),
        f"{before} → {after}",
        company.reasons,
    )


def _standing(tier: str | None, score: float | None) -> str:
    return "out of scope" if score is None else words.tier(tier)


def test_rows(answer: Answer) -> list[TestRow]:
    """The tests that fail, those that failed in the file last; then those that expect something else from now on."""
    edited = {str(place[1]) for place in answer.edits if place[0] == "tests"}
    rows = [_test(answer, test) for test in answer.tests if not test.ok or test.name in edited]
    return sorted(rows, key=lambda row: (row.ok, not row.is_new))


def _test(answer: Answer, test: CaseResult) -> TestRow:
    return TestRow(test.name, test.ok, test.name not in answer.failed_before, tuple(_expectations(answer, test)))


def _expectations(answer: Answer, test: CaseResult) -> Iterator[Expectation]:
    for steps, expected, got in _compared(test):
        path = ("tests", test.name, "expect", *steps)
        if expected != got or path in answer.edits:
            wanted = answer.edits.get(path, got)
            name, value = edits_to_pairs({path: wanted})[0]
            key = " ".join(steps)
            yield Expectation(
                key,
                _value_text(expected),
                _value_text(got),
                f"{key} {_value_text(wanted)}",
                name,
                value,
                checked=path in answer.edits,
            )


def _compared(test: CaseResult) -> Iterator[tuple[tuple[str, ...], Any, Any]]:
    """Each thing a test expects: its key, what was expected, what came out."""
    for key, expected in test.expected.items():
        if key == "credits":
            yield from (((key, name), credit, test.got[key].get(name)) for name, credit in expected.items())
        else:
            yield (key,), expected, test.got.get(key)


def _value_text(value: object) -> str:
    return "nothing" if value is None else str(value)


def finding_rows(answer: Answer) -> list[FindingRow]:
    """The linter's findings, new ones first."""
    rows = [_finding(answer, finding) for finding in answer.findings]
    return sorted(rows, key=lambda row: not row.is_new)


def _finding(answer: Answer, finding: LocatedFinding) -> FindingRow:
    return FindingRow(
        finding.severity, f"line {finding.line}", finding.message, finding.message not in answer.known_findings
    )
