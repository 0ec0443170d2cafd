"""Compares a run's journal with the writes the portal received."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import orjson

from icp_sync.state.journal import FILE
from tests.drills.witness import Landing


def lines(state: Path) -> list[dict[str, Any]]:
    """The journal's lines; the last may have been cut short."""
    path = state / FILE
    written = path.read_bytes().splitlines() if path.exists() else []
    whole = [line for place, line in enumerate(written) if place + 1 < len(written) or line.endswith(b"}")]
    return [orjson.loads(line) for line in whole]


def journal_faults(entries: Sequence[dict[str, Any]], landed: Sequence[Landing]) -> list[str]:
    """How the journal differs from the companies the portal saw written; one line for each kind of fault."""
    faults_by_kind = [list(kind(entries, landed)) for kind in (_unannounced, _invented)]
    return [f"{faults[0]} ({len(faults)} such)" for faults in faults_by_kind if faults]


def settlement_faults(entries: Sequence[dict[str, Any]], landed: Sequence[Landing]) -> list[str]:
    """Where a run settled a killed one's last batches wrongly; `landed`: the writes up to the kill."""
    seen = {one.id for one in landed}
    wrong = []
    for line in entries:
        if line["kind"] == "settled":
            wrong += [f"company {one} is settled as written and was not" for one in {*line.get("after", ())} - seen]
            wrong += [f"company {one} is settled as unwritten and was" for one in {*line.get("before", ())} & seen]
    return wrong[:3]


def _unannounced(entries: Sequence[dict[str, Any]], landed: Sequence[Landing]) -> Iterator[str]:
    """Everything that landed was announced before, with the values that stood there and those sent."""
    announced: dict[int, list[tuple[dict[str, str], dict[str, str]]]] = {}
    for line in entries:
        for company in line["companies"] if line["kind"] == "sending" else ():
            announced.setdefault(company["id"], []).append((company["before"], company["after"]))
    for one in landed:
        if (dict(one.before), dict(one.sent)) not in announced.get(one.id, ()):
            yield f"company {one.id} was written and never announced"


def _invented(entries: Sequence[dict[str, Any]], landed: Sequence[Landing]) -> Iterator[str]:
    """Everything recorded as written was written."""
    seen = {one.id for one in landed}
    for line in entries:
        for result in line.get("results", ()):
            if result["result"] == "written" and result["id"] not in seen:
                yield f"company {result['id']} is recorded as written and was not"


def list_faults(entries: Sequence[dict[str, Any]], members: dict[str, set[int]]) -> list[str]:
    """Lists whose members nobody announced: list name → who joined."""
    announced: dict[str, set[int]] = {}
    for line in entries:
        if line["kind"] == "list":
            announced.setdefault(line["list"], set()).update(line["add"])
    return [name for name, joined in members.items() if joined - announced.get(name, set())]
