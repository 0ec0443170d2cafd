"""The parts of a profile's page that say how it is put to use: bought data, an A/B, and what tells whether it works."""

from __future__ import annotations

from collections.abc import Iterator

from icp_sync.profile.describe.match_sentences import match_sentence
from icp_sync.profile.model.deals_and_kpis import DealOutcomes, Kpi, Outcomes
from icp_sync.profile.model.enrichment import Enrichment
from icp_sync.profile.model.profile import Profile
from icp_sync.views.text_escaping import escape_markdown, escape_outside_code


def enrichment_section(profile: Profile) -> Iterator[str]:
    """Whose values count where HubSpot has none, in the order in which they are tried."""
    if not profile.enrichment:
        return
    yield from ("## Where missing values come from", "")
    for number, source in enumerate(profile.enrichment, 1):
        yield f"{number}. **{escape_markdown(source.source)}** {_enrichment_source_phrase(source)}"
    for name, ours in profile.write.enriched.items():
        yield f"- Such a value of `{name}` stands on the record in `{ours}`; HubSpot's own property is never written"
    yield ""


def experiment_section(profile: Profile) -> Iterator[str]:
    """The live A/B of a challenger."""
    experiment = profile.write.experiment
    if experiment is None:
        return
    yield from ("## What we are trying", "")
    share = f"{100 * float(experiment.share):g} %"
    yield (
        f"This profile competes with `{experiment.against}` in the experiment `{experiment.name}`. Of the companies "
        f"that only one of the two calls tier 1, {share} are worked by this one, the others by that one; "
        f"`{experiment.property_name}` on the record says which. Leave the other arm's companies alone, or nothing can "
        "be compared."
    )
    yield ""


def outcome_settings_section(profile: Profile) -> Iterator[str]:
    """Which deals and figures are held against the tiers, where the profile says so itself."""
    if profile.outcomes == Outcomes():
        return
    yield from ("## How we tell whether it works", "")
    if profile.outcomes.deals is None:
        yield "- Deals are not read"
    else:
        yield from _deals(profile.outcomes.deals)
    yield from map(_kpi, profile.outcomes.kpis)
    yield ""


def _enrichment_source_phrase(source: Enrichment) -> str:
    names = " and ".join(f"`{name}`" for name in dict.fromkeys(source.columns.values()))
    newer = ", or has an older value" if source.mode == "prefer" else ""
    expiry = f"; after {source.max_age_days:,} days a value counts no more" if source.max_age_days else ""
    return f"tells {names} where HubSpot says nothing that can be read{newer}{expiry}"


def _deals(deals: DealOutcomes) -> Iterator[str]:
    which = "each company's first decided deal" if deals.unit == "first" else "every decided deal"
    yield f"- Won and lost deals are held against the tiers: {which}, {_deal_period_phrase(deals)}"
    for name, match in deals.where.items():
        yield f"- Only deals where {escape_outside_code(match_sentence(match, (name,)))} count"


def _deal_period_phrase(deals: DealOutcomes) -> str:
    return f"closed since {deals.since}" if deals.since else "of the last three years"


def _kpi(kpi: Kpi) -> str:
    where = " of the deal" if kpi.deal else ""
    return f"- **{escape_markdown(kpi.id)}** (`{kpi.property_name}`{where}): the {kpi.better}, the better"
