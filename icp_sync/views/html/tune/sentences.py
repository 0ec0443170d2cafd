"""What the what-if page says in sentences: what the edits come to, what is wrong now, how to hold so many companies."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from icp_sync.scoring.threshold_curve import MovedLine, TierSize
from icp_sync.views.html import words
from icp_sync.views.html.tune.whatif_answer import WhatIfAnswer


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something the edits broke: `place` is the id of the panel that has it all."""

    place: str
    text: str


def headline(answer: WhatIfAnswer) -> str:
    """One sentence: what the edits come to, as it is announced; and the answer to how many a tier should hold."""
    change = _moved(answer) if answer.edits else _no_edits_headline(answer)
    return " ".join([change, *size_sentences(answer)[:1]])


def _no_edits_headline(answer: WhatIfAnswer) -> str:
    tier = answer.profile.tiers[0].tier
    _, after = answer.comparison.tier_counts_before_after[tier]
    return f"Nothing is moved yet: {words.tier(tier)} has {words.companies(after)}."


def _moved(answer: WhatIfAnswer) -> str:
    compared, tier = answer.comparison, answer.profile.tiers[0].tier
    before, after = compared.tier_counts_before_after[tier]
    size = f"{words.tier(tier)}: {before:,} → {after:,} companies"
    count = compared.tier_change_count
    moved = f"{words.companies(count)} {'changes' if count == 1 else 'change'} tier"
    failed, new = len(answer.failed_tests), len(_new_findings(answer))
    tests = f"; {_failed_tests_phrase(failed)}" if failed else ""
    findings = f"; {_new_findings_phrase(new)}" if new else ""
    return f"Not saved in the profile yet. {size}; {moved}{tests}{findings}."


def _failed_tests_phrase(count: int) -> str:
    if count == 1:
        return "1 test fails (an example company comes out otherwise than the profile expects)"
    return f"{count} tests fail (example companies come out otherwise than the profile expects)"


def new_trouble(answer: WhatIfAnswer) -> list[Trouble]:
    """Tests that pass with the file and fail now, and findings the file has not."""
    failed = [test.name for test in answer.failed_tests if test.name not in answer.failed_before]
    findings = _new_findings(answer)
    troubles = []
    if failed:
        verb = "test that passed fails" if len(failed) == 1 else "tests that passed fail"
        troubles.append(Trouble("tests-title", f"{len(failed)} {verb}: {_first(failed)}"))
    if findings:
        troubles.append(Trouble("findings-title", f"{_new_findings_phrase(len(findings))}: {_first(findings)}"))
    return troubles


def _new_findings(answer: WhatIfAnswer) -> list[str]:
    return [finding.message for finding in answer.findings if finding.message not in answer.known_findings]


def _new_findings_phrase(count: int) -> str:
    return f"{count} new {'finding' if count == 1 else 'findings'} of the linter"


def _first(texts: list[str]) -> str:
    return texts[0] + (f", and {len(texts) - 1} more" if len(texts) > 1 else "")


def size_sentences(answer: WhatIfAnswer) -> list[str]:
    """From which score the highest tier would hold as many as asked for, and what moves with it."""
    return [] if answer.size is None else list(_size_sentences(answer.size, answer))


def _size_sentences(size: TierSize, answer: WhatIfAnswer) -> Iterator[str]:
    name, points = words.tier(size.tier), f"{words.number(size.enter)} points"
    own = answer.profile.tiers[0]
    if not size.moves:
        near = "" if size.companies == size.wanted else f", and no other line comes nearer to {size.wanted:,}"
        yield f"{name} holds {words.companies(size.companies)}, entered from {points}{near}."
    else:
        yield f"{name} would hold {words.companies(size.companies)}, entered from {points}."
        yield f"Entered from {words.number(own.enter)}, as it is, it holds {size.now:,}."
    others = [_moved_line_phrase(move) for move in size.moves if (move.tier, move.key) != (size.tier, "enter")]
    if others:
        yield f"With it must move: {'; '.join(others)}."
    if size.companies == size.most < size.wanted:
        yield "No line holds more: all others are undecided, disqualified or lack what is required."
    if own.capacity and not own.capacity.per and own.capacity.limit < size.companies:
        yield f"It has places for {own.capacity.limit:,}: raise “at most” too."
    if own.capacity:
        yield "Limits on places are left aside."


def _moved_line_phrase(move: MovedLine) -> str:
    key = "entered from" if move.key == "enter" else "left below"
    return f"{words.tier(move.tier)} {key} {words.number(move.after)} instead of {words.number(move.before)}"
