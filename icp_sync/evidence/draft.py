"""A draft of a profile from found traits: a file that passes `check`, for people to read, edit and try. Never applied.

What is not about who fits (where values are read, what is written, guardrails, disqualifiers) is the present profile's.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import polars as pl

from icp_sync.companies.frame import ID, with_missing_columns
from icp_sync.evidence.candidate_traits import CandidateTrait
from icp_sync.evidence.discover_document import Draft, DraftCriterion, DraftTier, FoundTrait
from icp_sync.evidence.draft_criteria import DraftedCriterion, EvidenceBasis, evidence_text, match_data, property_entry
from icp_sync.evidence.draft_text import comment_lines, flow_style, profile_text
from icp_sync.evidence.draft_tiers import draft_tiers
from icp_sync.profile.load import LoadedProfile, parse_profile
from icp_sync.profile.model.profile import Profile
from icp_sync.profile.property_reads import PLACE_WORDS, properties_used_of_vendors, property_names_read
from icp_sync.scoring.evaluation_context import EvaluationContext
from icp_sync.scoring.profile_tests import run_profile_tests
from icp_sync.scoring.program import compile_profile
from icp_sync.scoring.score import score

_FILE: Final = "draft"
_EARLY_WINS: Final = 100
_REVIEW_DAYS: Final = 90
_KEPT: Final = ("scope", "location", "derive", "vocabulary", "disqualifiers")
_EFFECTS: Final = ("lock", "guardrails", "hold", "overrides", "outcomes", "enrichment")
_NO_QUESTIONS: Final = frozenset({"derive", "profile", "outcomes", "enrichment", "personas"})
"""Sections that ask nothing of companies."""
_NAMES_A_COMPANY: Final = frozenset({"name", "domain", "website", "phone", "address", "zip"})
_LOSING: Final = "Of these fewer are {verb}. If you know why and want none of them, make it a disqualifier:"
_UNREAD: Final = "The tiers are set by the compared companies alone: no run has read {properties} of the others yet."
_VENDORS: Final = (
    "Vendors' values are in it, and count for the profile they were brought in for: run icp-sync plan with this file, "
    "then {commands} with it too."
)
_UNTRIED: Final = [{"tier": "tier_1", "enter": 100}, {"tier": "tier_2", "enter": 90}, {"tier": "tier_3", "enter": 80}]
"""Every tier there is, so that no list is left out before it is known which ones companies reach."""
_ASKED: Final = {"tier": None, "outcome": "tiered", "score": 0}
"""What a test is about, before it is known what comes out."""
Section = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class DraftInputs:
    """What a draft is made of.

    `present`: the profile in use; `drafted`: the criteria; `losing`: traits whose companies win less often, with their
    numbers; `wins`: companies won, from which the kind follows; `basis`: what the evidence is of. `unread`: properties
    that no run reads yet, so that tiers are set by the compared companies alone.
    """

    present: LoadedProfile
    drafted: tuple[DraftedCriterion, ...]
    losing: Sequence[tuple[CandidateTrait, FoundTrait]]
    wins: int
    basis: EvidenceBasis
    as_of: dt.date
    unread: tuple[str, ...] = ()


def build_draft(inputs: DraftInputs, companies: pl.DataFrame, context: EvaluationContext) -> Draft:
    """The draft, with thresholds and tests by these companies as it scores them."""
    untried = _load_draft(inputs, _UNTRIED, [])
    inputs = _drop_unused_vendor_columns(inputs, properties_used_of_vendors(untried))
    read = property_names_read(untried)
    program = compile_profile(untried, inputs.as_of, context.conventions)
    scored = score(with_missing_columns(companies, read), program).frame.filter(pl.col("disqualified_by").is_null())
    tiers = draft_tiers(scored["score"])
    shapes = _example_tests(companies, scored, read)
    tests = _expected_tests(_load_draft(inputs, _tier_data(tiers), shapes), shapes, inputs.as_of)
    text = _draft_yaml(inputs, _tier_data(tiers), tests)
    drafted = parse_profile(text, _FILE).profile
    return Draft(
        name=drafted.name,
        kind=drafted.profile.kind,
        criteria=tuple(DraftCriterion(id=one.id, words=one.title, weight=one.weight) for one in drafted.criteria),
        tiers=tiers,
        text=text,
    )


def _load_draft(inputs: DraftInputs, tiers: Section, tests: Section) -> Profile:
    return parse_profile(_draft_yaml(inputs, tiers, tests), _FILE).profile


def _draft_yaml(inputs: DraftInputs, tiers: Section, tests: Section) -> str:
    present: Mapping[str, Any] = inputs.present.data
    kept = {name: present[name] for name in _KEPT if name in present}
    effects = {name: present[name] for name in _EFFECTS if name in present}
    criteria = [dict(one.data) for one in inputs.drafted]
    names = [tier["tier"] for tier in tiers]
    sections = {
        "profile": _profile_section(inputs),
        **_order_sections(kept, criteria),
        "tiers": tiers,
        "write": _drafted_write_section(present["write"], names),
        **effects,
        **({"personas": _keep_tiers(present["personas"], names)} if present.get("personas") else {}),
        **({"lists": lists} if (lists := _lists_section(present.get("lists", []), names)) else {}),
        **({"tests": tests} if tests else {}),
    }
    behind = "disqualifiers" if "disqualifiers" in sections else "criteria"
    return profile_text(_header_comments(inputs), _drop_unused_derived(sections), {behind: _losing_proposals(inputs)})


def _order_sections(kept: Mapping[str, Any], criteria: Section) -> dict[str, Any]:
    """The sections about who fits, in the order of the language."""
    before = {name: kept[name] for name in ("scope", "location") if name in kept}
    after = {name: kept[name] for name in ("disqualifiers", "derive", "vocabulary") if name in kept}
    return {**before, "criteria": criteria, **after}


def _header_comments(inputs: DraftInputs) -> tuple[str, ...]:
    return (
        f"A draft by icp-sync discover, {inputs.as_of}; evidence: {inputs.basis.period}. Nothing uses it yet.",
        f"It describes whom you {inputs.basis.verb}, not why: keep what sales can explain and drop what they cannot.",
        "icp-sync check reads it and runs its tests; icp-sync plan with this file shows who would move.",
        *([_VENDORS.format(commands=" and ".join(commands))] if (commands := _enrich_commands(inputs)) else []),
        *([_UNREAD.format(properties=", ".join(inputs.unread))] if inputs.unread else []),
    )


def _enrich_commands(inputs: DraftInputs) -> list[str]:
    present: Mapping[str, Any] = inputs.present.data
    return [f"icp-sync enrich {source['source']} FILE" for source in present.get("enrichment") or ()]


def _drop_unused_vendor_columns(inputs: DraftInputs, used: Collection[str]) -> DraftInputs:
    """The same, of vendors' columns only those `used`: the draft asks less than the present profile."""
    data: dict[str, Any] = dict(inputs.present.data)
    sources: Section = []
    for source in data.pop("enrichment", None) or ():
        columns = {header: name for header, name in source["columns"].items() if name in used}
        sources += [{**source, "columns": columns}] if columns else []
    return replace(inputs, present=replace(inputs.present, data=data | ({"enrichment": sources} if sources else {})))


def _profile_section(inputs: DraftInputs) -> dict[str, Any]:
    present = inputs.present.profile.profile
    title = f"Draft from {inputs.wins:,} {inputs.basis.verb} companies"
    header = {
        "name": f"{present.name[:58]}-draft",
        "kind": "ecp" if inputs.wins < _EARLY_WINS else present.kind,
        "title": title,
        "owner": present.owner,
        "review_by": (inputs.as_of + dt.timedelta(days=_REVIEW_DAYS)).isoformat(),
        "currency": present.currency,
        "currencies": present.currencies,
    }
    return {key: value for key, value in header.items() if value is not None}


def _drafted_write_section(written: Mapping[str, Any], tiers: Sequence[str]) -> dict[str, Any]:
    """What the present profile writes, as far as the draft has it."""
    write = dict(written)
    if isinstance(flag := write.get("target_account"), Mapping):
        write["target_account"] = _keep_tiers(flag, tiers)
    if isinstance(understood := write.get("understood"), Mapping):
        write["understood"] = {name: to for name, to in understood.items() if name in PLACE_WORDS}
    return {name: value for name, value in write.items() if value not in (None, {})}


def _keep_tiers(section: Mapping[str, Any], tiers: Sequence[str]) -> dict[str, Any]:
    """A section about some tiers, of those only what the draft has."""
    return {**section, "tiers": [tier for tier in section["tiers"] if tier in tiers] or ["tier_1"]}


def _lists_section(lists: Iterable[Mapping[str, Any]], tiers: Sequence[str]) -> Section:
    """The lists that ask for nothing the draft lacks."""
    return [
        dict(target)
        for target in lists
        if "hits" not in target["where"] and set(target["where"].get("tier") or ()) <= set(tiers)
    ]


def _drop_unused_derived(sections: dict[str, Any]) -> dict[str, Any]:
    """The sections, of derived values only those that something still asks for."""
    asking = " ".join(flow_style(part) for name, part in sections.items() if name not in _NO_QUESTIONS)
    derived = {name: formula for name, formula in sections.get("derive", {}).items() if name in asking}
    rest = {name: part for name, part in sections.items() if name != "derive"}
    return {**rest, "derive": derived} if derived else rest


def _losing_proposals(inputs: DraftInputs) -> list[str]:
    """Traits of the lost, as proposals that only a person makes rules of."""
    if not inputs.losing:
        return []
    lines = ["", *comment_lines(_LOSING.format(verb=inputs.basis.verb))]
    for trait, numbers in inputs.losing:
        data = {
            "id": "…",
            "reason": trait.words,
            **property_entry(trait, inputs.present.profile),
            "match": match_data(trait.match),
        }
        lines += [f"#   - {flow_style(data)}", *comment_lines(f"    {evidence_text(numbers, inputs.basis)}")]
    return lines


def _tier_data(tiers: Iterable[DraftTier]) -> Section:
    return [{"tier": tier.tier, "enter": tier.enter} for tier in tiers]


def _example_tests(companies: pl.DataFrame, scored: pl.DataFrame, read: Sequence[str]) -> Section:
    """Two companies as tests, without what names them: of those that score best and worst the ones most is known of."""
    ranked = scored.sort("coverage", ID, descending=[True, False])
    best = ranked.filter(pl.col("score") == pl.col("score").max())
    worst = ranked.filter(pl.col("score") == pl.col("score").min())
    names = [name for name in dict.fromkeys(read) if name in companies.columns and name not in _NAMES_A_COMPANY]
    shapes = []
    for words, side in (("one that fits best", best), ("one that fits least", worst)):
        row = companies.filter(pl.col(ID) == side[ID][0]).select(names).row(0, named=True)
        shapes.append({"name": words, "company": {name: text for name, text in row.items() if text}, "expect": _ASKED})
    return shapes


def _expected_tests(drafted: Profile, shapes: Section, as_of: dt.date) -> Section:
    """The tests with what each shape comes out as; one outside the scope is left out."""
    results = run_profile_tests(drafted, as_of)
    return [
        {"name": shape["name"], "company": shape["company"], "as_of": as_of.isoformat(), "expect": result.got}
        for shape, result in zip(shapes, results, strict=True)
        if result.got["outcome"] is not None
    ]
