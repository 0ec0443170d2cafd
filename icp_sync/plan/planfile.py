"""A plan as a file: JSON lines, a header and then one change a line by numeric id; read back as untrusted input."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Annotated, Any, Final

import orjson
import polars as pl
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from icp_sync.errors import PlanUnusable
from icp_sync.plan.guardrails import Guardrail
from icp_sync.plan.membership import ListChange
from icp_sync.plan.plan import Origin, Plan, Population, ToMake, canonical, change_line

FORMAT: Final = 1
Digits = Annotated[str, Field(pattern=r"^[1-9][0-9]{0,17}$")]
Text = Annotated[str, Field(max_length=65_536)]
PropertyName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,99}$")]


class _Header(BaseModel):
    """The first line; a key too many means the file is not ours."""

    model_config = ConfigDict(extra="forbid")

    icp_sync_plan: int
    fingerprint: str
    origin: Origin
    population: Population
    to_make: ToMake
    lists: tuple[ListChange, ...]
    guardrails: tuple[Guardrail, ...]
    allowed: tuple[str, ...]
    changes: Annotated[int, Field(ge=0)]


class _Line(BaseModel):
    """One company's change."""

    model_config = ConfigDict(extra="forbid", strict=True)

    id: Digits
    cause: Annotated[str, Field(max_length=40)]
    before: dict[PropertyName, Text]
    after: Annotated[dict[PropertyName, Text], Field(min_length=1)]


_LINES: Final = TypeAdapter(list[_Line])


def lines(plan: Plan) -> Iterator[bytes]:
    """The file's lines, each ending in a newline."""
    yield canonical({"icp_sync_plan": FORMAT, "fingerprint": plan.fingerprint, **plan.header()})
    for one in plan.each():
        yield change_line(one)


def parse(file_lines: Iterable[bytes]) -> Plan:
    """The plan a file holds. Raises PlanUnusable when it is damaged, edited, or not a plan of this version."""
    rest = iter(file_lines)
    try:
        header = _Header.model_validate(orjson.loads(next(rest, b"")))
        found = _LINES.validate_python([orjson.loads(line) for line in rest])
    except (orjson.JSONDecodeError, ValidationError) as error:
        raise PlanUnusable(
            f"the plan file is damaged or not a plan ({_first(error)}); make a new one with icp-sync plan"
        ) from error
    if header.icp_sync_plan != FORMAT:
        raise PlanUnusable(
            f"the plan file has format {header.icp_sync_plan}, this version reads {FORMAT}; make a new one"
        )
    return _verified(header, found)


def _verified(header: _Header, found: list[_Line]) -> Plan:
    plan = Plan(
        origin=header.origin,
        population=header.population,
        to_make=header.to_make,
        changes=_frame(found),
        lists=header.lists,
        guardrails=header.guardrails,
        allowed=header.allowed,
    )
    if plan.changes.height != header.changes or plan.fingerprint != header.fingerprint:
        raise PlanUnusable(
            "the plan file was cut short or edited: its fingerprint does not match; make a new one with icp-sync plan"
        )
    return plan


def _frame(found: list[_Line]) -> pl.DataFrame:
    """The change frame of a file's lines: by id, null where a property is not written."""
    names = sorted({name for line in found for name in line.after})
    columns: dict[str, Any] = {
        "id": [int(line.id) for line in found],
        "cause": [line.cause for line in found],
    }
    for name in names:
        columns[f"before.{name}"] = [_before(line, name) for line in found]
        columns[f"after.{name}"] = [line.after.get(name) for line in found]
    schema: Mapping[str, Any] = {"id": pl.Int64} | {name: pl.String for name in columns if name != "id"}
    frame = pl.DataFrame(columns, schema=schema)
    if not frame["id"].is_sorted() or frame["id"].n_unique() != frame.height:
        raise PlanUnusable(
            "the plan file names a company twice or out of order; make a new one with icp-sync plan"
        )
    return frame


def _before(line: _Line, name: str) -> str | None:
    return line.before.get(name, "") if name in line.after else None


def _first(error: Exception) -> str:
    """Where it goes wrong, without repeating what stands there."""
    if isinstance(error, ValidationError):
        place = ".".join(str(part) for part in error.errors()[0]["loc"])
        return f"{place or 'header'}: {error.errors()[0]['msg']}"
    return "it is not JSON lines"
