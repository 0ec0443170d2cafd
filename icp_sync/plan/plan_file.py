"""The plan file: JSON lines, a header and one change per line sorted by id; parsed as untrusted input."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import islice
from typing import Annotated, Any, Final, Literal

import orjson
import polars as pl
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from icp_sync.errors import PlanUnusable
from icp_sync.plan.change_explanation import WHY, Why, why_to_row
from icp_sync.plan.guardrails import NAMES, GuardrailCheck
from icp_sync.plan.list_diff import ListChange
from icp_sync.plan.plan import MissingObjects, Plan, PlanOrigin, Population, canonical_json, change_line

FORMAT: Final = 2
LINES_A_FRAME: Final = 10_000
_SCHEMA: Final[Mapping[str, pl.DataType]] = {"id": pl.Int64(), "cause": pl.String(), "why": WHY}
Digits = Annotated[str, Field(pattern=r"^[1-9][0-9]{0,17}$")]
Text = Annotated[str, Field(max_length=65_536)]
PropertyName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,99}$")]


def _to_utc(origin: PlanOrigin) -> PlanOrigin:
    if origin.created_at.tzinfo is None:
        raise ValueError("created_at names no time zone")
    try:
        return replace(origin, created_at=origin.created_at.astimezone(dt.UTC))
    except OverflowError as error:
        raise ValueError("created_at lies outside the calendar") from error


def _require_known_guardrail(check: GuardrailCheck) -> GuardrailCheck:
    if check.name not in NAMES:
        raise ValueError(f"there is no guardrail {check.name!r}")
    return check


class _Header(BaseModel):
    """The first line; a key too many means the file is not ours."""

    model_config = ConfigDict(extra="forbid")

    icp_sync_plan: Literal[2]
    fingerprint: str
    origin: Annotated[PlanOrigin, AfterValidator(_to_utc)]
    population: Population
    to_make: MissingObjects
    lists: tuple[ListChange, ...]
    guardrails: tuple[Annotated[GuardrailCheck, AfterValidator(_require_known_guardrail)], ...]
    allowed: tuple[str, ...]
    changes: Annotated[int, Field(ge=0)]


class _ChangeLine(BaseModel):
    """One company's change."""

    model_config = ConfigDict(extra="forbid")

    id: Digits
    why: Why
    before: dict[PropertyName, Text]
    after: Annotated[dict[PropertyName, Text], Field(min_length=1)]


def plan_file_lines(plan: Plan) -> Iterator[bytes]:
    """The file's lines, each ending in a newline."""
    yield canonical_json({"icp_sync_plan": FORMAT, "fingerprint": plan.fingerprint, **plan.header()})
    for change in plan.iter_changes():
        yield change_line(change)


def parse_plan_file(file_lines: Iterable[bytes]) -> Plan:
    """Parse a plan file. Raises PlanUnusable when it is damaged, edited, or of another format version."""
    remaining = iter(file_lines)
    try:
        header = _parse_header(next(remaining, b""))
        plan = _assemble_plan(header, _read_change_frame(remaining))
        fingerprint = plan.fingerprint
    except (orjson.JSONDecodeError, orjson.JSONEncodeError, ValidationError) as error:
        raise PlanUnusable(
            f"the plan file is damaged or not a plan ({_describe_error(error)}); make a new one with icp-sync plan"
        ) from error
    if plan.changes.height != header.changes or fingerprint != header.fingerprint:
        raise PlanUnusable(
            "the plan file was cut short or edited: its fingerprint does not match; make a new one with icp-sync plan"
        )
    return plan


def _parse_header(line: bytes) -> _Header:
    """Parse the header line; the format version is checked first, so that a newer file is not reported as damaged."""
    document = orjson.loads(line)
    version = document.get("icp_sync_plan", FORMAT) if isinstance(document, dict) else FORMAT
    if isinstance(version, int) and version != FORMAT:
        raise PlanUnusable(
            f"the plan file has format {version}, this version reads {FORMAT}; make a new one with icp-sync plan"
        )
    return _Header.model_validate(document)


def _assemble_plan(header: _Header, changes: pl.DataFrame) -> Plan:
    return Plan(
        origin=header.origin,
        population=header.population,
        to_make=header.to_make,
        changes=changes,
        lists=header.lists,
        guardrails=header.guardrails,
        allowed=header.allowed,
    )


def _read_change_frame(file_lines: Iterator[bytes]) -> pl.DataFrame:
    """The change frame of the remaining lines: sorted by id, null where a property is not written.

    Built 10,000 lines at a time, so that 400,000 companies are never held as Python objects.
    """
    parts = [pl.DataFrame(schema=_SCHEMA)]
    while batch := [_ChangeLine.model_validate(orjson.loads(line)) for line in islice(file_lines, LINES_A_FRAME)]:
        parts.append(_batch_frame(batch))
    frame = pl.concat(parts, how="diagonal")
    if not frame["id"].is_sorted() or frame["id"].n_unique() != frame.height:
        raise PlanUnusable("the plan file names a company twice or out of order; make a new one with icp-sync plan")
    return frame if frame["why"].count() else frame.drop("why")


def _batch_frame(batch: list[_ChangeLine]) -> pl.DataFrame:
    columns: dict[str, list[Any]] = {
        "id": [int(line.id) for line in batch],
        "cause": [line.why.cause for line in batch],
        "why": [why_to_row(line.why) for line in batch],
    }
    for name in sorted({name for line in batch for name in line.after}):
        columns[f"before.{name}"] = [_before_text(line, name) for line in batch]
        columns[f"after.{name}"] = [line.after.get(name) for line in batch]
    return pl.DataFrame(columns, schema={name: _SCHEMA.get(name, pl.String()) for name in columns})


def _before_text(line: _ChangeLine, name: str) -> str | None:
    return line.before.get(name, "") if name in line.after else None


def _describe_error(error: Exception) -> str:
    """Where the file is invalid, without quoting its content."""
    if isinstance(error, ValidationError):
        place = ".".join(str(part) for part in error.errors()[0]["loc"])
        return f"{place or 'header'}: {error.errors()[0]['msg']}"
    return "it is not JSON lines"
