"""The buying committee of each account: whose contacts are due to be looked at, and what is written of it."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from typing import Final

import polars as pl

from icp_sync.companies.frame import ID, with_missing_columns
from icp_sync.plan.overridden_companies import overridden_columns
from icp_sync.profile.model.match import Match
from icp_sync.profile.model.personas import Personas
from icp_sync.profile.model.profile import Profile
from icp_sync.profile.property_reads import CONTACT_COUNTS
from icp_sync.scoring import live_tier as live
from icp_sync.scoring.personas import CONTACTS, PERSONAS
from icp_sync.vocabulary import VERSION
from icp_sync.vocabulary.text_keys import text_key

COUNTED: Final = "counted"
LOOKED_AT: Final = "looked_at"
KNOWN: Final = pl.Schema(
    {
        ID: pl.Int64(), "tier": pl.String(), COUNTED: pl.String(), CONTACTS: pl.Int64(),
        PERSONAS: pl.List(pl.String()), LOOKED_AT: pl.Datetime("ms", "UTC"),
    }
)  # fmt: skip
"""What is remembered of a company's contacts: its tier and HubSpot's count of them when they were looked at, how many
were read, and the ids of the personas among them. Nothing of a contact itself."""
NOTHING_KNOWN: Final = pl.DataFrame(schema=KNOWN)
LOOK_AGAIN_AFTER: Final = dt.timedelta(days=7)
COMPANIES_PER_CALL: Final = 1_000
CONTACTS_PER_CALL: Final = 100
_DECISION_MAKER: Final = "decision maker"


def effective_tiers(companies: pl.DataFrame, scores: pl.DataFrame, profile: Profile) -> pl.DataFrame:
    """`id`, `tier` and the counts of contacts of every company in scope, by the tier that stands on the record then.

    `companies`: the frame the scores were made of, with ownership columns and standing values.
    """
    stands = pl.col(live.FIXED) | overridden_columns(companies)["tier_stands"]
    counted = with_missing_columns(companies, CONTACT_COUNTS)
    records = counted.select(ID, *CONTACT_COUNTS, stands=stands, on_record=pl.col(live.STANDS))
    rows = scores.select(ID, "tier").join(records, on=ID, how="left", maintain_order="left")
    tier = pl.when("stands").then("on_record").otherwise("tier") if profile.write.tier else pl.col("tier")
    return rows.select(ID, tier.alias("tier"), *CONTACT_COUNTS)


def hubspot_counts_suffice(personas: Personas) -> bool:
    """Whether HubSpot's own counts tell of every persona: each is a decision maker by the buying role and no more."""
    return all(_is_decision_maker(persona.match) for persona in personas.people)


def _is_decision_maker(match: Match) -> bool:
    names = match.argument if match.operator in {"has_any", "has_all", "is", "in"} else ()
    if match.own_properties != ("hs_buying_role",) or not isinstance(names, tuple) or match.at_least is not None:
        return False
    return {text_key(str(name)) for name in names} == {_DECISION_MAKER}


def committees_by_hubspot_counts(tiers: pl.DataFrame, personas: Personas) -> pl.DataFrame:
    """What HubSpot's counts tell, `id`, `contacts` and `personas`, of the companies in tiers that are looked after.

    An empty count is none: HubSpot fills it with the first contact.
    """
    contacts, makers = (pl.col(name).cast(pl.Float64, strict=False).fill_null(0) for name in CONTACT_COUNTS)
    everybody = pl.lit([persona.id for persona in personas.people], pl.List(pl.String))
    return _keep_committee_tiers(tiers, personas).select(
        ID,
        contacts.cast(pl.Int64).alias(CONTACTS),
        pl.when(makers >= 1).then(everybody).otherwise(pl.lit([], pl.List(pl.String))).alias(PERSONAS),
    )


def companies_to_count_next(
    tiers: pl.DataFrame, known: pl.DataFrame, personas: Personas, now: dt.datetime
) -> pl.DataFrame:
    """The companies whose contacts are looked at next: `id`, `tier`, `counted`, `expected` (contacts), best first.

    New in their tier, then by tier, then those looked at longest ago. Due are those whose tier or number of contacts is
    another than when they were looked at, and those looked at a week ago. `known`: of `KNOWN`.
    """
    # By days: a night that begins a minute earlier than that of a week ago looks again all the same.
    before = (now - LOOK_AGAIN_AFTER).date()
    rows = _keep_committee_tiers(tiers, personas).select(ID, "tier", pl.col(CONTACT_COUNTS[0]).alias(COUNTED))
    rows = rows.join(known.select(ID, was="tier", had=COUNTED, at=LOOKED_AT), on=ID, how="left", maintain_order="left")
    is_new = pl.col("tier").ne_missing(pl.col("was"))
    due = is_new | pl.col(COUNTED).ne_missing(pl.col("had")) | (pl.col("at").dt.date() <= before)
    expected = pl.col(COUNTED).cast(pl.Float64, strict=False).fill_null(0).clip(0, 1e9).cast(pl.Int64)
    ranked = rows.with_columns(is_new=is_new, expected=expected).filter(due)
    return ranked.sort("is_new", "tier", "at", ID, descending=[True, False, False, False]).select(
        ID, "tier", COUNTED, "expected"
    )


def limit_by_calls(due: pl.DataFrame, most_calls: int) -> pl.DataFrame:
    """The first companies of `due` whose contacts so many calls are expected to read."""
    companies = (pl.int_range(1, pl.len() + 1) / COMPANIES_PER_CALL).ceil()
    contacts = (pl.col("expected").cum_sum() / CONTACTS_PER_CALL).ceil()
    # One with more contacts than all calls can read would keep everybody behind it waiting for ever.
    readable = due.filter(pl.col("expected") <= max(most_calls - 1, 0) * CONTACTS_PER_CALL)
    return readable.filter(companies + contacts <= most_calls)


def limit_by_contact_budget(due: pl.DataFrame, links: pl.DataFrame, most_contacts: int) -> pl.DataFrame:
    """The first companies of `due` that have so many contacts together; `links`: of `personas.LINKS`, each once.

    A contact of several companies is read once. One company with more than that would keep all behind it waiting.
    """
    company, contact = links.columns
    ranked = due.with_row_index("rank")
    ranks = ranked.select("rank", pl.col(ID).alias(company))
    own = links.group_by(company).agg(own=pl.len())
    first = links.join(ranks, on=company).group_by(contact).agg(pl.col("rank").min())
    counted = ranked.join(own.rename({company: ID}), on=ID, how="left", maintain_order="left").join(
        first.group_by("rank").agg(fresh=pl.len()), on="rank", how="left", maintain_order="left"
    )
    small = counted.filter(pl.col("own").fill_null(0) <= most_contacts)
    return small.filter(pl.col("fresh").fill_null(0).cum_sum() <= most_contacts).select(due.columns)


def update_known_committees(
    known: pl.DataFrame, seen: pl.DataFrame, tiers: pl.DataFrame, personas: Personas
) -> pl.DataFrame:
    """`known` with what was `seen` tonight (both `KNOWN`), of the companies that are still looked after."""
    kept = known.join(seen.select(ID), on=ID, how="anti")
    rows = pl.concat([kept, seen.select(KNOWN.names()).cast(dict(KNOWN))])  # type: ignore[arg-type]
    return rows.join(_keep_committee_tiers(tiers, personas).select(ID), on=ID, how="semi").sort(ID)


def committee_texts(tiers: pl.DataFrame, known: pl.DataFrame, personas: Personas) -> pl.DataFrame:
    """`id`, `committee` and `missing` of every company of `tiers`: the texts to be written, null to leave what stands.

    `known`: `id` and `personas` at least. Both are "" outside the tiers that are looked after.
    """
    awaited = personas.required_personas
    rows = tiers.select(ID, "tier").join(known.select(ID, PERSONAS), on=ID, how="left", maintain_order="left")
    there = {persona.id: pl.col(PERSONAS).list.contains(persona.id) for persona in awaited}
    covered = pl.sum_horizontal(has.cast(pl.Int64) for has in there.values())
    committee = (
        pl.when(pl.col(PERSONAS).is_null())
        .then(pl.lit("unknown"))
        .when(covered == len(awaited))
        .then(pl.lit("complete"))
        .when(covered == 0)
        .then(pl.lit("none"))
        .otherwise(pl.lit("partial"))
    )
    titles = [pl.when(~there[persona.id]).then(pl.lit(persona.title)) for persona in awaited]
    missing = pl.when(pl.col(PERSONAS).is_not_null()).then(pl.concat_str(titles, separator="; ", ignore_nulls=True))
    outside = ~_is_in_committee_tier(personas)
    return rows.select(
        ID,
        committee=pl.when(outside).then(pl.lit("")).otherwise(committee),
        missing=pl.when(outside).then(pl.lit("")).otherwise(missing),
    )


def personas_digest(profile: Profile) -> str:
    """Twelve hex digits over all that decides who is which persona; with another digest nothing is known any more."""
    people = profile.personas.people if profile.personas else ()
    decides = {
        "people": [{"id": one.id, "match": one.match.model_dump(mode="json", exclude_none=True)} for one in people],
        "profile": profile.model_dump(mode="json", by_alias=True, include={"location", "vocabulary"}),
        "shipped_vocabulary": VERSION,
    }
    return hashlib.sha256(json.dumps(decides, sort_keys=True).encode()).hexdigest()[:12]


def _keep_committee_tiers(tiers: pl.DataFrame, personas: Personas) -> pl.DataFrame:
    return tiers.filter(_is_in_committee_tier(personas))


def _is_in_committee_tier(personas: Personas) -> pl.Expr:
    return pl.col("tier").is_in(list(personas.tiers)).fill_null(value=False)
