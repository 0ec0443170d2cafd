"""Renders plans and reports for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from icp_sync.plan import preview as previews
from icp_sync.plan.apply_stages import CreateProperties, apply_stages
from icp_sync.plan.builder import PlanPreview
from icp_sync.plan.change_frame import cause_counts
from icp_sync.plan.change_sentence import CAUSE_WORDS
from icp_sync.plan.forecast import Forecast
from icp_sync.plan.guardrails import GuardrailCheck
from icp_sync.plan.plan import Plan, Population
from icp_sync.plan.plurals import count_noun
from icp_sync.plan.preview import PreviewExample
from icp_sync.plan.quarantine import QuarantineEntry
from icp_sync.plan.run_report import ExtractStats, InterruptedRun, RunReport, SkippedItem
from icp_sync.profile.model.profile import Location
from icp_sync.views.exemption_lines import exemption_lines
from icp_sync.views.lists import lists_view
from icp_sync.views.sanitise import sanitise
from icp_sync.views.tier_counts import tier_words, tiers_view

SHOWN: Final = 10
SHOWN_NAMES: Final = 1
_SHARED_NAMES: Final = frozenset((*Location().state, *Location().city))
"""What several places may share; where a profile names other properties the reason is left out."""


def plan_view(preview: PlanPreview, forecast: Forecast, report: RunReport | None = None) -> RenderableType:
    """Everything a person wants to know before saying yes; `report` of the plan tells what was read and what stands."""
    plan = preview.plan
    return Group(
        funnel_view(plan),
        *_extract_line(report.extract if report else None),
        *_creations(plan),
        _changes_line(preview),
        *_movements(preview),
        *_changes_beside_tier_moves_line(plan),
        *lists_view(plan.lists, preview),
        guardrails_view(plan.guardrails),
        *_unrecognised(plan.population),
        *_quarantine_lines(preview.quarantined),
        *(exemption_lines(report) if report else ()),
        *_examples(preview),
        Text(_cost(plan, forecast)),
    )


def funnel_view(plan: Plan) -> RenderableType:
    """The number of companies read, in scope and in each tier, before and after."""
    origin, population = plan.origin, plan.population
    head = f"Portal {origin.portal_id} · profile {origin.profile_name}@{origin.profile_digest} · as of {origin.as_of}"
    table = Table(box=None, show_header=False, padding=(0, 2))
    table.add_column(justify="right")
    table.add_column()
    table.add_row(f"{population.read:,}", "companies read")
    table.add_row(f"{population.scored:,}", "in scope and scored")
    if population.foreign:
        table.add_row(f"{population.foreign:,}", "foreign: a tier or flag that is not ours, left as it is")
    for outcome, count in population.outcomes.items():
        table.add_row(f"{count:,}", outcome.replace("_", " "))
    return Group(Text(head, style="bold"), table, tiers_view(population.live_tiers, population.tiers))


def guardrails_view(guardrails: tuple[GuardrailCheck, ...]) -> RenderableType:
    """Each guardrail with its measure and its limit; how many were not judged in one line."""
    judged = [guardrail for guardrail in guardrails if guardrail.whole]
    unjudged = len(guardrails) - len(judged)
    rest = f"{count_noun(unjudged, 'guardrail')} not judged: too few companies, or nothing to compare with"
    return Group(
        *(
            Text(f"Guardrail {_guardrail_words(guardrail)}", style="bold red" if guardrail.blocks else "")
            for guardrail in judged
        ),
        *([Text(rest)] if unjudged else []),
    )


def examples_view(examples: tuple[PreviewExample, ...]) -> RenderableType:
    """Examples of companies with score and reasons."""
    lines: list[RenderableType] = []
    for example in examples:
        sides = dict.fromkeys((tier_words(example.before), tier_words(example.after)))
        moved = " → ".join(sides)
        score = "left the scope" if example.score is None else f"{example.score}"
        lines.append(
            sanitise(f"{example.name.strip() or example.domain or example.id}  ({moved}, {score})", style="bold")
        )
        lines.append(Padding(sanitise(example.reasons), (0, 0, 0, 4), expand=False))
    return Group(*lines)


def report_view(report: RunReport) -> RenderableType:
    """The report of a run."""
    plan, applied = report.plan, report.applied
    lines: list[RenderableType] = [
        *_interrupted_run_line(report.interrupted),
        *_extract_line(report.extract),
        Text(
            f"{applied.companies:,} of {plan.changes.height:,} companies written"
            + (f", {applied.unchanged:,} already so" if applied.unchanged else "")
            + f", {count_noun(applied.lists, 'list')} changed, {len(applied.skipped):,} skipped, "
            f"{applied.failed:,} refused; {sum(report.calls.values()):,} calls, {report.seconds:.1f} s"
        ),
    ]
    lines.extend(_changes_beside_tier_moves_line(plan))
    lines.append(Text(f"{plan.population.read:,} companies read; by tier:"))
    lines.append(tiers_view(plan.population.live_tiers, report.tier_counts))
    lines.extend(created_in_portal_line(applied.created))
    lines.extend(_unrecognised(plan.population))
    lines.extend(_skipped_lines("skipped", applied.skipped))
    lines.extend(_skipped_lines("refused", applied.rejected))
    lines.extend(_quarantine_lines(report.quarantined))
    lines.extend(exemption_lines(report))
    return Group(*lines)


def created_in_portal_line(made: tuple[str, ...]) -> Iterator[Text]:
    """What was created in the portal, in one line: `made group icp_sync and 3 properties: icp_tier and 2 more`."""
    properties = [name.removeprefix("property ") for name in made if name.startswith("property ")]
    others = [name for name in made if not name.startswith("property ")]
    if len(properties) == 1:
        others.append(f"property {properties[0]}")
    elif properties:
        others.append(f"{len(properties)} properties: {_first_names(properties)}")
    if others:
        yield Text(f"made {' and '.join(others)}")


def _first_names(names: Sequence[str]) -> str:
    """The first names of a list, and how many more there are."""
    more = len(names) - SHOWN_NAMES
    return ", ".join(names[:SHOWN_NAMES]) + (f" and {more} more" if more > 0 else "")


def _skipped_lines(word: str, items: tuple[SkippedItem, ...]) -> Iterator[Text]:
    for item in items[:SHOWN]:
        yield sanitise(f"{word} {item.id}: {item.reason}")
    if len(items) > SHOWN:
        yield Text(f"… and {len(items) - SHOWN:,} more {word}; --json lists them")


def _interrupted_run_line(interrupted: InterruptedRun | None) -> Iterator[Text]:
    if interrupted is not None:
        yield Text(
            f"the run {interrupted.run_id} died after {interrupted.batches:,} batches; this run went on with its work"
        )


def _extract_line(extract: ExtractStats | None) -> Iterator[Text]:
    """What was read for the plan: companies, and whether all or changed ones."""
    if extract is not None:
        yield from (sanitise(note) for note in extract.notes)
        which = "all of them" if extract.whole else "those that changed since the snapshot"
        yield Text(f"{extract.companies:,} companies read anew, {which}")


def _quarantine_lines(refused: tuple[QuarantineEntry, ...]) -> Iterator[Text]:
    if refused:
        yield Text(
            f"{len(refused):,} in quarantine: refused by HubSpot, left alone until the company, the profile or the "
            "portal's properties change; icp-sync retry-failed tries them now"
        )
    yield from _skipped_lines(
        "quarantined",
        tuple(SkippedItem(str(entry.id), f"since {entry.since[:10]}, {entry.reason}") for entry in refused),
    )


def _creations(plan: Plan) -> Iterator[Text]:
    for missing in (stage.missing for stage in apply_stages(plan) if isinstance(stage, CreateProperties)):
        properties = missing.properties
        if properties:
            which = "property" if len(properties) == 1 else f"{len(properties)} properties"
            yield Text(f"+ {which}, made by apply: {', '.join(properties)}")
        for name, values in missing.options.items():
            yield Text(f"+ options of {name}: {', '.join(values)}")


def _changes_line(preview: PlanPreview) -> Text:
    counts = cause_counts(preview.plan.changes)
    causes = ", ".join(f"{count:,} {CAUSE_WORDS[cause]}" for cause, count in counts.items())
    change = count_noun(preview.plan.changes.height, "company changes", "companies change")
    return Text(change + (f" ({causes})" if causes else ""))


def _movements(preview: PlanPreview) -> Iterator[RenderableType]:
    for movement in previews.tier_movements(preview):
        yield Text(f"  {tier_words(movement.before)} → {tier_words(movement.after)}: {movement.companies:,}")
    outcome_only = previews.count_outcome_only_changes(preview)
    if outcome_only:
        yield Text(f"  another outcome in the same tier: {outcome_only:,}")
    entering = previews.count_entering_tiers(preview)
    if entering:
        get = count_noun(
            entering, "company gets a first tier or changes tier", "companies get a first tier or change tier"
        )
        yield Text(f"{get}: HubSpot workflows that enrol on these properties will start for each")


def _changes_beside_tier_moves_line(plan: Plan) -> Iterator[Text]:
    """What changes on the records whose tier does not: reasons, scores and the like."""
    keeping, properties = previews.properties_beside_tier_moves(plan)
    if properties:
        total, counts = plan.changes.height, ", ".join(f"{name} on {count:,}" for name, count in properties.items())
        if keeping == total:
            yield sanitise(f"no tier changes; what changes: {counts}")
            return
        keep = "keeps its tier or has none" if keeping == 1 else "keep their tier or have none"
        yield sanitise(f"{keeping:,} of the {total:,} {keep}; what changes there: {counts}")


def _guardrail_words(guardrail: GuardrailCheck) -> str:
    verdict = "HELD" if guardrail.blocks else "allowed by hand" if guardrail.is_beyond_limit else "ok"
    return f"{guardrail.sentence}: {verdict}"


def _unrecognised(population: Population) -> Iterator[Text]:
    for name, count in population.unrecognised.items():
        examples = population.examples.get(name, ())
        shown = f", such as {', '.join(examples)}" if examples else ""
        values = "value" if count == 1 else "values"
        why = "; a name that several places share is known once its country is" if name in _SHARED_NAMES else ""
        yield sanitise(f"{count:,} {values} of {name} not recognised and taken as unknown{shown}{why}")


def _examples(preview: PlanPreview) -> Iterator[RenderableType]:
    shown = previews.pick_examples(preview)
    if shown:
        yield examples_view(shown)


def _cost(plan: Plan, forecast: Forecast) -> str:
    if not plan.has_pending_writes:
        return "Nothing to do: the portal is as the profile wants it."
    share = "" if forecast.share_of_day is None else f" ({forecast.share_of_day:.1%} of the portal's day)"
    asked = count_noun(forecast.history, "call")
    history = f" Before, run asks HubSpot who set tiers and flags: {asked} more." if forecast.history else ""
    return (
        f"Applying takes about {forecast.calls:,} calls{share} and {max(forecast.minutes, 0.1):.1f} minutes.{history}"
    )
