"""A scored file in words and as JSON: which columns were read, and what the companies in it came to."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, Final

from rich.console import Group, RenderableType
from rich.text import Text

from icp_sync.plan.plurals import count_noun
from icp_sync.profile.model.profile import Profile
from icp_sync.scoring.batch_totals import BatchTotals
from icp_sync.tables.column_matching import MatchedColumns
from icp_sync.text_truncation import truncate
from icp_sync.views.explanation import question_of_places
from icp_sync.views.sanitise import sanitise
from icp_sync.views.tier_counts import tiers_view

_MAX_NAMED: Final = 8
"""Headers of ignored columns that are named; the others are counted."""

_MAX_HEADER: Final = 40
"""Characters of a header that are shown; a file may have a paragraph there."""


def columns_lines(
    columns: MatchedColumns, missing: Mapping[str, Sequence[str]], suggested: Mapping[str, str]
) -> Iterator[str]:
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
    if suggested:
        options = " ".join(f'--map "{header}={name}"' for header, name in suggested.items())
        yield f"if these columns hold what is missing, add {options}"
    if ignored := columns.ignored_headers:
        more = f" and {len(ignored) - _MAX_NAMED:,} more" if len(ignored) > _MAX_NAMED else ""
        named = ", ".join(f'"{truncate(header, _MAX_HEADER)}"' for header in ignored[:_MAX_NAMED])
        yield f"not read, and kept as they are: {named}{more}"


def file_caveats(profile: Profile) -> tuple[str, ...]:
    """What a file cannot say, and a run in the portal may decide otherwise."""
    question = question_of_places(profile)
    places = [f"{question} only a run can tell"] if question else []
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
        *_unrecognised(tally, {*profile.location.state, *profile.location.city}),
    )


def _unrecognised(tally: BatchTotals, shared: Collection[str]) -> Iterator[Text]:
    """`shared`: properties whose names several places may share."""
    for name, texts in tally.unrecognised.items():
        examples = ", ".join(repr(text) for text in texts.examples)
        why = "; a name that several places share is known once its country is" if name in shared else ""
        yield sanitise(f"{name}: {texts.count:,} not recognised, so unknown, such as {examples}{why}")


def import_lines(
    nameless: int, no_numbers: Mapping[str, tuple[int, str]], tally: BatchTotals, *, best_only: bool
) -> Iterator[str]:
    """What an import file leaves out, and what somebody might not expect in it.

    `no_numbers`: label → cells left empty, and what stood in the first.
    """
    if nameless:
        yield f"left out of it: {count_noun(nameless, 'row', 'rows')} with neither a domain nor a name"
    for label, (count, example) in no_numbers.items():
        cells = count_noun(count, "cell", "cells")
        yield f"left empty in it: {cells} of {label} with no single number, such as {example!r}"
    untiered = sum(count for outcome, count in tally.outcomes.items() if outcome != "tiered")
    if untiered and not best_only:
        yield f"companies in no tier are in it too ({untiered:,} of those scored); --top N keeps the best N"


def scored_file_document(
    tally: BatchTotals,
    profile: Profile,
    columns: MatchedColumns,
    missing: Mapping[str, Sequence[str]],
    suggested: Mapping[str, str],
) -> dict[str, Any]:
    """The `--json` document of `score`, but for where the result went and how long it took."""
    return {
        "rows": tally.companies,
        "columns": {
            "used": {columns.headers[number]: name for number, name in columns.used.items()},
            "ignored": list(columns.ignored_headers),
            "missing": list(missing),
            "suggested": dict(suggested),
        },
        "outcomes": tally.outcomes,
        "outside": tally.outside,
        "tiers": tally.tiers(profile),
        "unrecognised": {name: texts.count for name, texts in tally.unrecognised.items()},
        "unrecognised_examples": {name: list(texts.examples) for name, texts in tally.unrecognised.items()},
        "notes": list(file_caveats(profile)),
    }
