"""What we last wrote to tiers and target flags, as far as snapshot, differences and ledger tell."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from typing import Final

import polars as pl

from icp_sync.companies.frame import ID, is_among
from icp_sync.companies.input_differences import DIFFERENCES, KEY, NOW, PROPERTY, SINCE, WAS, with_current_texts
from icp_sync.plan.diff import live_frame
from icp_sync.plan.override_candidates import overridable_properties
from icp_sync.plan.ownership import OURS
from icp_sync.runs.plan_prerequisites import PlanSource
from icp_sync.runs.remembered_members import CLOCK_TOLERANCE
from icp_sync.state.snapshot import Snapshot

MOST_RUNS: Final = 50
"""Complete runs, the newest, one of which is likely to be older than what is not settled yet."""
_NO_IDS: Final = pl.Series(ID, [], dtype=pl.Int64)


def ids_fully_known(source: PlanSource, kept: Collection[str]) -> pl.Series:
    """Ids, ascending, of companies of which the snapshot tells every kept property; one made anew nobody else wrote.

    A reading of which no run has decided whose the values are, such as a plan's after a lost disk, tells of none.
    """
    snapshot, to_make = source.snapshot, source.preflight.to_make.properties
    if not isinstance(snapshot, Snapshot) or not snapshot.decided:
        return _NO_IDS
    is_told = all(name in source.known_columns or name in to_make for name in kept)
    return snapshot.companies[ID] if is_told else _NO_IDS


def ids_written_elsewhere(source: PlanSource, companies: pl.DataFrame, differences: pl.DataFrame) -> pl.Series:
    """Ids of companies whose stamp or time of the last move changed since the snapshot, and not by a run of the ledger.

    A host with a disk and a ledger of its own wrote them, so that what this one last wrote tells nothing any more.
    """
    write = source.profile.write
    marks = [name for name in (write.profile, write.changed_at) if name]
    changed = with_current_texts(differences.filter(pl.col(PROPERTY).is_in(marks)), companies)
    if changed.is_empty():
        return changed[ID]
    # A plan after a run that died has moved the snapshot: what that run sent lies before it, and is ours all the same.
    since = changed.select(pl.col(SINCE).min()).item()
    rows = changed.join(
        _last_texts_sent(source, companies, marks, _last_complete_before(source, since)), on=[ID, PROPERTY], how="left"
    )
    # HubSpot may show the milliseconds that we do not send.
    now, sent = (pl.col(name).str.replace(".000Z", "Z", literal=True) for name in (NOW, "sent"))
    return rows.filter(now.ne_missing(sent))[ID].unique()


def ids_first_stamped(source: PlanSource, differences: pl.DataFrame) -> pl.Series:
    """Ids of companies that had no stamp of ours in the snapshot, and have one now.

    Another host's run wrote them, one that died, or a merge: what the snapshot shows of them was there before us, and
    a value that looks the same now may have been set since.
    """
    is_stamp = pl.col(PROPERTY) == pl.lit(source.profile.write.profile)
    return differences.filter(is_stamp & (pl.col(WAS).fill_null("") == ""))[ID]


def last_written_values(
    source: PlanSource, companies: pl.DataFrame, differences: pl.DataFrame, kept: Mapping[str, str]
) -> pl.DataFrame:
    """`id` and `base.OUTPUT` of what we last wrote of the outputs `kept` (output → property); null = unknown.

    `companies`: the company frame. `differences`: `id`, `property`, `was` of texts that somebody changed since.
    """
    live_texts, elsewhere = live_frame(companies, source.profile), ids_written_elsewhere(source, companies, differences)
    first_stamped = ids_first_stamped(source, differences)
    known = ids_fully_known(source, kept.values())
    sent = _last_texts_sent(source, companies, kept.values())
    base = live_texts.select(ID)
    for output, name in kept.items():
        was = differences.filter(pl.col(PROPERTY) == name).select(ID, was=pl.col(WAS).fill_null(""), is_edited=True)
        of_runs = sent.filter(pl.col(PROPERTY) == name).select(ID, "sent")
        rows = live_texts.select(ID, live=pl.col(f"live.{output}"), known=is_among(live_texts[ID], known))
        for more in (was, of_runs):
            rows = rows.join(more, on=ID, how="left", maintain_order="left")
        # Where hosts share a ledger, another one may have written since this one's snapshot, and somebody after it.
        remembered = pl.coalesce(pl.when("is_edited").then("was"), pl.when("known").then("live"))
        ours = pl.coalesce("sent", pl.when(~pl.col(ID).is_in(first_stamped.implode())).then(remembered))
        text = pl.when(~pl.col(ID).is_in(elsewhere.implode())).then(ours)
        base = base.with_columns(rows.select(text.alias(f"base.{output}")).to_series())
    return base


def ids_possibly_overridden(
    source: PlanSource, companies: pl.DataFrame, differences: pl.DataFrame, kept: Collection[str]
) -> pl.Series:
    """Ids of companies with a tier or flag that is not what we wrote, or of which that is not known."""
    touched = differences.filter(pl.col(PROPERTY).is_in(list(kept)))[ID]
    ours = companies.select(ID, OURS).filter(OURS)[ID]
    known = ids_fully_known(source, kept)
    unknown = ours.filter(~is_among(ours, known))
    elsewhere = ids_written_elsewhere(source, companies, differences)
    stamped = ids_first_stamped(source, differences)
    return pl.concat([touched, unknown, _changed_since_sent(source, companies, kept)[ID], elsewhere, stamped])


def with_changes_since_sent(
    source: PlanSource, companies: pl.DataFrame, differences: pl.DataFrame, since: dt.datetime
) -> pl.DataFrame:
    """The differences with those tiers and flags that are not what a run last sent, though the snapshot shows the same.

    Another host's run sent them, and somebody then set what stood before. Once tonight's reading is the snapshot,
    what was sent before it tells nothing any more. `since`: the portal's time of this reading.
    """
    kept = dict(overridable_properties(source.profile.write)).values()
    changed = _changed_since_sent(source, companies, kept).select(
        ID, PROPERTY, pl.col("sent").replace("", None).alias(WAS), pl.lit(since).alias(SINCE)
    )
    unseen = changed.join(differences, on=KEY, how="anti").cast(DIFFERENCES)
    return pl.concat([differences, unseen]).sort(KEY)


def _changed_since_sent(source: PlanSource, companies: pl.DataFrame, kept: Collection[str]) -> pl.DataFrame:
    """`id`, `property`, `sent` of the texts that runs last sent and that are others now."""
    sent = _last_texts_sent(source, companies, kept)
    return _with_live_texts(sent, companies).filter(pl.col("sent") != pl.col("live")).drop("live")


def _with_live_texts(sent: pl.DataFrame, companies: pl.DataFrame) -> pl.DataFrame:
    """The rows of companies and properties of the company frame, with its texts as `live` ("" = empty)."""
    names = [name for name in sent[PROPERTY].unique() if name in companies.columns]
    texts = companies.filter(pl.col(ID).is_in(sent[ID].unique().implode())).select(ID, *names)
    live = texts.unpivot(index=ID, variable_name=PROPERTY, value_name="live").with_columns(pl.col("live").fill_null(""))
    return sent.join(live, on=[ID, PROPERTY], how="inner")


def _last_complete_before(source: PlanSource, moment: dt.datetime) -> dt.datetime:
    """When the last complete run before a moment began; the beginning of time without one."""
    complete = source.profile_run.store.runs.newest_complete_runs(MOST_RUNS)
    began = (run.started_at for run in complete if run.started_at <= moment)
    return next(began, dt.datetime.min.replace(tzinfo=dt.UTC))


def _last_texts_sent(
    source: PlanSource, companies: pl.DataFrame, kept: Collection[str], since: dt.datetime | None = None
) -> pl.DataFrame:
    """`id`, `property`, `sent`: what runs have sent since then, and since the snapshot was saved in any case.

    That is what runs that died or applied a file have sent. Whether what nobody confirmed has arrived, HubSpot's
    history tells; where nothing is ours by history, it has not if the record shows what stood there before.
    """
    snapshot, store = source.snapshot, source.profile_run.store
    schema = {ID: pl.Int64(), PROPERTY: pl.String(), "sent": pl.String(), "before": pl.String()}
    if not isinstance(snapshot, Snapshot):
        return pl.DataFrame(schema=schema).drop("before")
    # Else what `apply FILE` or a run that died has written would look like somebody else's edit.
    saved_at = snapshot.as_of - CLOCK_TOLERANCE
    texts = store.last_values_sent(saved_at if since is None else min(since, saved_at), kept)
    rows = pl.DataFrame([(*key, one.text, one.before) for key, one in texts.items()], schema=schema, orient="row")
    if source.profile.write.profile is None:
        is_lost = (pl.col("live") == pl.col("before")).fill_null(value=False)
        rows = _with_live_texts(rows, companies).with_columns(sent=pl.when(is_lost).then("before").otherwise("sent"))
    return rows.select(ID, PROPERTY, "sent")
