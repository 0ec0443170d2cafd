"""A scored file in words and as JSON: which columns were read, and what the companies in it came to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from rich.console import Group, RenderableType
from rich.text import Text

from icp_sync.plan.plurals import count_noun
from icp_sync.profile.model.profile import Profile
from icp_sync.scoring.batch_totals import BatchTotals
from icp_sync.tables.column_matching import MatchedColumns
from icp_sync.text_truncation import truncate
from icp_sync.views.sanitise import sanitise
from icp_sync.views.tier_counts import tiers_view

_MAX_NAMED: Final = 8
"""Headers of ignored columns that are named; the others are counted."""

_MAX_HEADER: Final = 40
"""Characters of a header that are shown; a file may have a paragraph there."""


def columns_lines(columns: MatchedColumns, missing: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """Which columns fill which properties, what the profile reads and no column fills, and what was left unread."""
    used = [
        name if header == name else f'"{truncate(header, _MAX_HEADER)}" as {name}'
        for header, name in ((columns.headers[number], name) for number, name in columns.used.items())
    ]
    yield f"used: {', '.join(used)}"
    if missing:
        yield f"missing: {', '.join(missing)}"
    if silent := dict.fromkeys(criterion for criteria in missing.values() for criterion in criteria):
        yield f"unknown for every company, since nothing they read is there: {', '.join(silent)}"
    if ignored := columns.ignored_headers:
        more = f" and {len(ignored) - _MAX_NAMED:,} more" if len(ignored) > _MAX_NAMED else ""
        named = ", ".join(f'"{truncate(header, _MAX_HEADER)}"' for header in ignored[:_MAX_NAMED])
        yield f"not read, and kept as they are: {named}{more}"


def file_caveats(profile: Profile) -> tuple[str, ...]:
    """What a file cannot say, and a run in the portal may decide otherwise."""
    limited = " and ".join(tier.tier for tier in profile.tiers if tier.capacity)
    places = [f"whether {limited} still has a place only a run can tell"] if limited else []
    leaves = any(tier.leave_threshold != tier.enter for tier in profile.tiers)
    entering = ["no company counts as being in a tier already, so `enter` decides"] if leaves else []
    locked = [f"{profile.lock.property_name} is not heeded"] if profile.lock else []
    return (*places, *entering, *locked)


def left_out_lines(left_out: Mapping[str, int]) -> Iterator[str]:
    """What was not scored, and why: rows with nothing in them, and what was left out where something could be."""
    if blank := left_out["blank_rows"]:
        yield f"not scored: {blank_rows_words(blank)}"
    if "in_portal" in left_out:
        yield (
            f"left out: {left_out['in_portal']:,} whose domain HubSpot holds, "
            f"{left_out['duplicates']:,} more rows of a domain"
        )


def blank_rows_words(count: int) -> str:
    """Why rows are not counted that have nothing in any column."""
    single, several = "row with nothing in it, which is no company", "rows with nothing in them, which are no companies"
    return count_noun(count, single, several)


def scored_file_view(tally: BatchTotals, profile: Profile) -> RenderableType:
    """What the companies came to, for a terminal."""
    outside = f", {tally.outside:,} of them outside the scope" if tally.outside else ""
    outcomes = {name: count for name, count in tally.outcomes.items() if name != "tiered" and count}
    rest = ", ".join(f"{count:,} {name.replace('_', ' ')}" for name, count in outcomes.items())
    return Group(
        Text(f"{count_noun(tally.companies, 'company', 'companies')} scored{outside}", style="bold"),
        tiers_view({}, tally.tiers(profile)),
        *([Text(f"in no tier: {rest}")] if rest else []),
        *_unrecognised(tally),
    )


def _unrecognised(tally: BatchTotals) -> Iterator[Text]:
    for name, texts in tally.unrecognised.items():
        examples = ", ".join(repr(text) for text in texts.examples)
        yield sanitise(f"{name}: {texts.count:,} not recognised, so unknown, such as {examples}")


def scored_file_document(
    tally: BatchTotals, profile: Profile, columns: MatchedColumns, missing: Mapping[str, Sequence[str]]
) -> dict[str, Any]:
    """The `--json` document of `score`, but for where the result went and how long it took."""
    return {
        "rows": tally.companies,
        "columns": {
            "used": {columns.headers[number]: name for number, name in columns.used.items()},
            "ignored": list(columns.ignored_headers),
            "missing": list(missing),
        },
        "outcomes": tally.outcomes,
        "outside": tally.outside,
        "tiers": tally.tiers(profile),
        "unrecognised": {name: texts.count for name, texts in tally.unrecognised.items()},
        "unrecognised_examples": {name: list(texts.examples) for name, texts in tally.unrecognised.items()},
        "notes": list(file_caveats(profile)),
    }
