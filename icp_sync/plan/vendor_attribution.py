"""What the reasons of a company end with where a vendor's value counted, and what a run says of its vendor files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

import polars as pl

from icp_sync.companies.frame import ID
from icp_sync.plan.plurals import count_noun
from icp_sync.profile.model.enrichment import Enrichment
from icp_sync.profile.model.profile import Profile
from icp_sync.scoring.reasons import LONGEST
from icp_sync.scoring.understood_values import enriched_column
from icp_sync.scoring.vendor_values import AS_OF, SOURCE, EnrichedCompanies

_NOTE: Final = "vendors"
_CUT: Final = " …"


def append_vendors_to_reasons(scored: pl.DataFrame, consulted: pl.DataFrame) -> pl.DataFrame:
    """The scored frame, with reasons that end by the vendors they stand on: "(acme_data, Sep 2026)".

    `consulted`: the values of vendors that questions read (`EnrichedCompanies.consulted`). What grows longer than
    `LONGEST` is cut before the vendors.
    """
    named = consulted.sort(ID, SOURCE, AS_OF)
    if named.is_empty():
        return scored
    each = pl.format("{}, {}", SOURCE, pl.col(AS_OF).dt.strftime("%b %Y"))
    notes = named.group_by(ID, maintain_order=True).agg(each.unique(maintain_order=True).alias(_NOTE))
    notes = notes.select(ID, pl.format(" ({})", pl.col(_NOTE).list.join("; ")).alias(_NOTE))
    frame = scored.join(notes, on=ID, how="left", maintain_order="left")
    reasons, note = pl.col("reasons"), pl.col(_NOTE)
    room = LONGEST - note.str.len_chars()
    cut = reasons.str.slice(0, room - len(_CUT)).str.replace(r"\s+\S*$", "") + _CUT
    begun = pl.when(reasons.str.len_chars() <= room).then(reasons).otherwise(cut)
    ended = pl.coalesce(begun + note, reasons)
    return frame.with_columns(ended.alias("reasons")).drop(_NOTE)


def ids_naming_source(companies: pl.DataFrame, enrichment: Enrichment, profile: Profile) -> pl.Series:
    """Ids of companies whose record says that values of this source, whose file is gone, counted when last written.

    Its reasons name the source, or a property of `write.enriched` that the source fills holds a value that no other
    source gives. `companies`: the company frame with the columns of `fill_from_vendors`.
    """
    says = [pl.lit(value=False)]
    if (reasons := profile.write.reasons) and reasons in companies.columns:
        says.append(pl.col(reasons).str.contains(rf"[(;] ?{enrichment.source}, [A-Z][a-z]{{2}} \d{{4}}[;)]"))
    for name, ours in profile.write.enriched.items():
        if name in enrichment.columns.values() and ours in companies.columns:
            says.append(pl.col(ours).is_not_null() & pl.col(enriched_column(name)).is_null())
    return companies.filter(pl.any_horizontal(one.fill_null(value=False) for one in says))[ID]


def vendor_file_sentences(
    enriched: EnrichedCompanies, names: Mapping[str, str], profile: Profile, missing: Mapping[str, pl.Series]
) -> Iterator[str]:
    """Yields a sentence for each source of the profile; `names`: source → the name of its file, where one was read.

    `missing`: source without a file → ids of companies that stand on it (`ids_naming_source`).
    """
    for enrichment in profile.enrichment:
        source = enrichment.source
        if source not in names:
            yield _missing_file_sentence(source, missing[source].len())
            continue
        counted = enriched.counted.filter(pl.col(SOURCE) == source)
        companies = count_noun(counted[ID].n_unique(), "company", "companies")
        line = f"{source} ({names[source]}): its values count for {companies}"
        if expired := enriched.expired.get(source):
            line += f"; {count_noun(expired, 'value')} expired, older than {enrichment.max_age_days} days, so unknown"
        yield line


def _missing_file_sentence(source: str, standing: int) -> str:
    if not standing:
        return f"{source}: no file was brought in yet; icp-sync enrich {source} FILE does"
    companies = count_noun(standing, "company stands", "companies stand")
    return (
        f"{source}: its file is gone from the state, and {companies} on it in HubSpot: bring it in again (icp-sync "
        f"enrich {source} FILE), or take the source out of the profile; until then runs are held"
    )
