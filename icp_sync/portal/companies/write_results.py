"""Results of company writes: confirmed, rejected, or to be rechecked."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class WriteConfirmation:
    """A company whose record has the values: texts by property (None = empty) and its date after the write.

    `modified` is its `hs_lastmodifieddate`; None where an edit by others cannot be told from our write.
    """

    modified: str | None
    texts: Mapping[str, str | None]


@dataclass(frozen=True, slots=True)
class Rejection:
    """A company HubSpot did not write: its message and code, and the property where it names one."""

    id: int
    property: str | None
    code: str | None
    message: str


@dataclass(frozen=True, slots=True)
class Recheck:
    """Companies read again before a write is repeated.

    `unchanged`: id → texts of those that have the values already; `pending`: ids that still need them. Ids in
    neither are not written any more.
    """

    unchanged: Mapping[int, Mapping[str, str]]
    pending: Collection[int]


RecheckCompanies = Callable[[Collection[int]], Recheck]


def recheck_nothing(ids: Collection[int]) -> Recheck:
    """The default recheck: reads nothing, so all `ids` are pending."""
    return Recheck({}, ids)


def confirm_from_response(record: Mapping[str, Any], sent: Mapping[str, str]) -> WriteConfirmation:
    """Return the values in HubSpot's response to a write, and those sent where it shows none."""
    # HubSpot may normalise a value (dates, since 2026-09 with a `warnings` entry), so its own text counts.
    properties = record.get("properties") or {}
    texts = {name: properties.get(name, value) for name, value in sent.items()}
    modified = properties.get("hs_lastmodifieddate") or record.get("updatedAt")
    return WriteConfirmation(
        modified, {name: None if text in ("", None) else str(text) for name, text in texts.items()}
    )


def confirm_from_recheck(texts: Mapping[str, str], sent: Mapping[str, str]) -> WriteConfirmation:
    """Return the values of a company read again that has what was sent; no date, as others may have edited it since."""
    return WriteConfirmation(None, {name: texts.get(name, value) or None for name, value in sent.items()})
