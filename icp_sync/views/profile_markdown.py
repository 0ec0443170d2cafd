"""Renders a profile as one page of Markdown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from icp_sync.profile.describe.match_sentences import match_sentence
from icp_sync.profile.model.criteria import Condition, Criterion, Disqualifier
from icp_sync.profile.model.match import Match
from icp_sync.profile.model.profile import Profile
from icp_sync.views.profile_markdown_sections import enrichment_section, experiment_section, outcome_settings_section
from icp_sync.views.text_escaping import escape_markdown, escape_outside_code

Counts = Mapping[str, int]
"""Tier or outcome → number of companies; `tiered` companies are counted by tier."""

_KINDS: Final = {"icp": "Ideal Customer Profile", "ecp": "Early Customer Profile"}
_OUTCOMES: Final[dict[str, str]] = {
    "disqualified": "ruled out",
    "not_icp": "no fit, whatever is still unknown",
    "insufficient_data": "too little known to say",
}


def profile_markdown(profile: Profile, counts: Counts | None) -> str:
    """The page, ending in a line break; with the number of companies where it is known."""
    sections = (
        _header_lines,
        _criteria,
        _disqualifiers,
        _tiers,
        _personas,
        enrichment_section,
        experiment_section,
        outcome_settings_section,
        _evidence,
        _reviews,
    )
    parts = [line for section in sections for line in section(profile)]
    return "\n".join([*parts, *_counts_table(profile, counts or {}), ""])


def _header_lines(profile: Profile) -> Iterator[str]:
    header = profile.profile
    yield f"# {escape_markdown(header.title or header.name)}"
    yield ""
    yield f"**{_KINDS[header.kind]}** `{header.name}`"
    yield ""
    yield f"- Who answers for it: {escape_markdown(header.owner or 'nobody yet')}"
    yield f"- To be looked at again by: {header.review_by or 'no day set'}"
    if header.currency:
        yield f"- Amounts of money are in {header.currency}"
    if header.currencies:
        worth = ", ".join(f"1 {code} = {rate:g} {header.currency}" for code, rate in header.currencies.items())
        yield f"- Amounts in other currencies are converted: {worth}"
    if profile.scope:
        yield f"- It is about companies where {_match_sentence(profile.scope)}"
    for name, formula in profile.derive.items():
        yield f"- `{name}` is worked out as `{formula}`"
    yield ""


def _criteria(profile: Profile) -> Iterator[str]:
    total = sum(criterion.weight for criterion in profile.criteria)
    yield "## Who it is for"
    yield ""
    for criterion in sorted(profile.criteria, key=lambda disqualifier: -disqualifier.weight):
        must = " **Must be met.**" if criterion.id in profile.required else ""
        share = f"{100 * criterion.weight / total:.0f} % of the score"
        yield f"- **{_condition_title(criterion)}** ({share}): {_match_sentence(criterion.match, criterion)}.{must}"
        for partial in criterion.partial:
            yield f"  - counts {100 * partial.credit:g} % when {_match_sentence(partial.match, criterion)}"
    yield ""


def _disqualifiers(profile: Profile) -> Iterator[str]:
    yield "## Who it is not for"
    yield ""
    for disqualifier in profile.disqualifiers:
        yield f"- **{_condition_title(disqualifier)}**: {_match_sentence(disqualifier.match, disqualifier)}."
    if not profile.disqualifiers:
        yield "Nobody is ruled out."
    yield ""


def _tiers(profile: Profile) -> Iterator[str]:
    yield "## Tiers"
    yield ""
    for tier in profile.tiers:
        kept = f", kept down to {tier.leave:g}" if tier.leave is not None else ""
        place = f", at most {tier.capacity.limit:,} companies" if tier.capacity else ""
        per = f" for each value of `{tier.capacity.per}`" if tier.capacity and tier.capacity.per else ""
        yield f"- **{_tier_label(tier.tier)}** from {tier.enter:g} points of 100{kept}{place}{per}"
    if profile.coverage.minimum:
        yield f"- No tier is given while less than {100 * profile.coverage.minimum:g} % of the weight is known"
    yield ""


def _personas(profile: Profile) -> Iterator[str]:
    """Who sits at such a company; people are no part of the score."""
    if profile.personas is None:
        return
    yield "## Who decides there"
    yield ""
    for persona in profile.personas.people:
        role = (persona.role or "no role").replace("_", " ")
        title = persona.title[0].upper() + persona.title[1:]
        yield f"- **{escape_markdown(title)}** ({role}): a contact where {_match_sentence(persona.match)}."
        for key, text in persona.describe.texts_by_key().items():
            if key != "title":
                yield f"  - {key.capitalize()}: {escape_markdown(text)}"
    tiers = ", ".join(_tier_label(tier) for tier in profile.personas.tiers)
    yield ""
    yield f"Looked after in {tiers}. A committee is complete when every decision maker and user has a contact."
    written = profile.personas.write
    if written.committee:
        yield f"The record says how far it is in `{written.committee}`."
    if written.missing:
        yield f"The record names who is missing in `{written.missing}`."
    yield ""


def _evidence(profile: Profile) -> Iterator[str]:
    yield "## Why we believe this"
    yield ""
    evidenced = [criterion for criterion in profile.criteria if criterion.evidence]
    for criterion in evidenced:
        yield f"- **{_condition_title(criterion)}**: {escape_markdown(criterion.evidence or '')}"
    if not evidenced:
        yield "No evidence is written down yet."


def _reviews(profile: Profile) -> Iterator[str]:
    """The reviews, the latest first; nothing where none is written down."""
    reviews = sorted(profile.profile.reviews, key=lambda review: review.date, reverse=True)
    if not reviews:
        return
    yield from ("", "## When we looked at it", "")
    for review in reviews:
        note = f": {escape_markdown(review.note)}" if review.note else ""
        yield f"- {review.date}, {escape_markdown(review.by)}{note}"


def _counts_table(profile: Profile, counts: Counts) -> Iterator[str]:
    if not counts:
        return
    total = sum(counts.values())
    yield from ("", "## In our CRM today", "", "| | companies | share |", "| --- | ---: | ---: |")
    named: dict[str, str] = {tier.tier: _tier_label(tier.tier) for tier in profile.tiers} | _OUTCOMES
    for name, words in named.items():
        if name in counts:
            share = f"{100 * counts[name] / total:.1f} %" if total else "–"
            yield f"| {words} | {counts[name]:,} | {share} |"


def _match_sentence(match: Match, condition: Condition | None = None) -> str:
    text = escape_outside_code(match_sentence(match, condition.own_properties if condition else ()))
    return text[1:-1] if len(match.operands) > 1 else text


def _tier_label(name: str) -> str:
    return name.replace("_", " ").capitalize()


def _condition_title(condition: Criterion | Disqualifier) -> str:
    """The label with a capital letter, since labels are written for the middle of a sentence."""
    title = condition.title
    return escape_markdown(title if title == condition.id else title[0].upper() + title[1:])
