"""The change frame: what a plan writes to each company, and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from icp_sync.plan.change_explanation import CAUSES, Cause, Why, why_from_row
from icp_sync.plan.diff import differs
from icp_sync.plan.diff_columns import ADOPTED, IN_SCOPE, OURS, any_of, desired, live
from icp_sync.plan.outputs import OUTPUTS, type_by_output
from icp_sync.profile.model.profile import Profile


@dataclass(frozen=True, slots=True)
class Change:
    """One company's change: the texts by property before and after; "" is empty, and clears.

    `why`: what stands behind the cause, None where it was not worked out.
    """

    id: int
    cause: str
    before: Mapping[str, str]
    after: Mapping[str, str]
    why: Why | None = None

    def why_document(self) -> dict[str, Any]:
        """What stands under `why` in plan files and the ledger; the cause alone where no more was worked out."""
        return self.why.to_json() if self.why else {"cause": self.cause}


def changes_from_diff(diff: pl.DataFrame, profile: Profile, profile_at_digest: str) -> pl.DataFrame:
    """The change frame: one row a changed company, sorted by `id` (Int64), with `cause` (String) and two texts each.

    The cause is read off the record's stamp; `change_causes.explain_changes` finds the true one.
    `before.PROPERTY` and `after.PROPERTY` are null for a property that is not written to this company. `diff` is
    what `diff.diff` returns, `profile_at_digest` the `name@digest` this run writes.
    """
    written = profile.write.properties()
    writes = {f"writes.{output}": _is_output_written(output, kind) for output, kind in type_by_output(profile).items()}
    # Step by step, and the texts last: as one lazy chain a million companies take twice the memory.
    flags = diff.select(**writes)
    any_written = flags.select(any_of(*(pl.col(name) for name in flags.columns))).to_series()
    pairs = [
        pair
        for output, name in written.items()
        for pair in (
            pl.when(pl.col(f"writes.{output}")).then(live(output)).alias(f"before.{name}"),
            pl.when(pl.col(f"writes.{output}")).then(desired(output)).alias(f"after.{name}"),
        )
    ]
    changed = diff.hstack(flags)
    if not any_written.all():
        changed = changed.filter(any_written)
    changed = changed.select("id", _cause_by_stamp(written, profile_at_digest).alias("cause"), *pairs)
    return changed if changed["id"].is_sorted() else changed.sort("id")


def iter_changes(frame: pl.DataFrame) -> Iterator[Change]:
    """The changes of a change frame as values, in its order."""
    columns = [(name, f"before.{name}", f"after.{name}") for name in property_names(frame)]
    for row in frame.iter_rows(named=True):
        yield _change_from_row(row, columns)


def frame_from_changes(changed: Iterable[Change]) -> pl.DataFrame:
    """The change frame of changes as values, sorted by id; of a company named twice the last one counts."""
    by_id = {change.id: change for change in changed}
    rows = [by_id[company_id] for company_id in sorted(by_id)]
    columns: dict[str, list[Any]] = {"id": [change.id for change in rows], "cause": [change.cause for change in rows]}
    for name in sorted({name for change in rows for name in change.after}):
        columns[f"before.{name}"] = [change.before.get(name, "") if name in change.after else None for change in rows]
        columns[f"after.{name}"] = [change.after.get(name) for change in rows]
    schema = {"id": pl.Int64, "cause": pl.String} | {name: pl.String for name in columns if "." in name}
    return pl.DataFrame(columns, schema=schema)


def property_names(frame: pl.DataFrame) -> tuple[str, ...]:
    """The properties a change frame may write."""
    return tuple(name.removeprefix("after.") for name in frame.columns if name.startswith("after."))


def property_counts(frame: pl.DataFrame) -> dict[str, int]:
    """Property → number of companies it is written to; properties written to none are left out."""
    written = {name: int(frame[f"after.{name}"].count()) for name in property_names(frame)}
    return {name: count for name, count in written.items() if count}


def cause_counts(frame: pl.DataFrame) -> dict[Cause, int]:
    """Cause → number of companies that change for it, in the order of `CAUSES`; causes without any are left out."""
    counted = dict(frame.group_by("cause").len().iter_rows())
    return {cause: counted[cause] for cause in CAUSES if cause in counted}


def inputs_behind(frame: pl.DataFrame) -> pl.DataFrame:
    """`id`, `property` and `now` (String, "" = empty): the texts by which companies change, as far as `why` names them.

    A text longer than a piece holds is cut there, and equals none on a record.
    """
    if "why" not in frame.columns:
        return pl.DataFrame(schema={"id": pl.Int64, "property": pl.String, "now": pl.String})
    pieces = frame.select("id", pl.col("why").struct.field("pieces")).explode("pieces").unnest("pieces")
    return pieces.filter(pl.col("step").is_in(["data", "lost"])).select("id", "property", "now").drop_nulls().unique()


def count_put_back(frame: pl.DataFrame) -> int:
    """Number of companies of which a value somebody edited is put back, whatever else changes them.

    Where an override ended, what it kept is no edit that anybody puts back.
    """
    if "why" not in frame.columns:
        return 0
    steps = pl.col("why").struct.field("pieces").list.eval(pl.element().struct.field("step"))
    beside = steps.list.contains("put_back").fill_null(value=False)
    return frame.filter((pl.col("cause") == "put_back") | (beside & (pl.col("cause") != "released"))).height


def _change_from_row(row: Mapping[str, Any], columns: Iterable[tuple[str, str, str]]) -> Change:
    """`columns`: each property with its two columns."""
    written = [(name, row[before], row[after]) for name, before, after in columns if row[after] is not None]
    return Change(
        row["id"],
        row["cause"],
        {name: before for name, before, _ in written},
        {name: after for name, _, after in written},
        why_from_row(row["cause"], row.get("why")),
    )


def _is_output_written(output: str, kind: str) -> pl.Expr:
    """Whether an output is written. `changed_at` is never compared: it is desired only beside another change."""
    return desired(output).is_not_null() if kind == "datetime" else differs(output, kind)


def _is_computed(output: str) -> bool:
    """Whether only a run of ours writes it; a canonical value may stand in a property that others fill."""
    return output in OUTPUTS and OUTPUTS[output].kept is None and OUTPUTS[output].written == "where it differs"


def _cause_by_stamp(written: Mapping[str, str], profile_at_digest: str) -> pl.Expr:
    """Why a company changes, read off its record: the provenance stamp names the profile it was last written under.

    A foreign company has no stamp, but has a score once it was scored.
    """
    scored = any_of(*(live(output) != "" for output in written if _is_computed(output)))
    profile_changed = live("profile") != profile_at_digest if "profile" in written else pl.lit(value=False)
    return (
        pl.when(~IN_SCOPE)
        .then(pl.lit("left_scope"))
        .when(ADOPTED)
        .then(pl.lit("adopted"))
        .when(~OURS & ~scored)
        .then(pl.lit("first"))
        .when(OURS & profile_changed)
        .then(pl.lit("profile"))
        .otherwise(pl.lit("data"))
    )
