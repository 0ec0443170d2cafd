"""What a write of a company came to: landed, refused, or still open, as far as HubSpot says."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class WriteConfirmation:
    """A company that holds what was to be written: the texts written (None = empty), and its new date.

    `modified` is its `hs_lastmodifieddate` after our write; None where that cannot be told from somebody's edit.
    """

    modified: str | None
    texts: Mapping[str, str | None]


@dataclass(frozen=True, slots=True)
class Rejection:
    """A company HubSpot did not write, and why: HubSpot's code, and the property where it names one."""

    id: int
    property: str | None
    code: str | None
    message: str


@dataclass(frozen=True, slots=True)
class Recheck:
    """Companies in the portal now: who holds the values to be written (id → its texts), and who still needs them.

    Who is in neither is not to be written any more.
    """

    standing: Mapping[int, Mapping[str, str]]
    pending: Collection[int]


LookAgain = Callable[[Collection[int]], Recheck]


def recheck_nothing(ids: Collection[int]) -> Recheck:
    """For whom nobody looks: everything has to be sent again."""
    return Recheck({}, ids)


def from_response(record: Mapping[str, Any], sent: Mapping[str, str]) -> WriteConfirmation:
    """What HubSpot's reply to a write shows, and what was sent where it shows nothing."""
    told = record.get("properties") or {}
    texts = {name: told.get(name, value) for name, value in sent.items()}
    modified = told.get("hs_lastmodifieddate") or record.get("updatedAt")
    return WriteConfirmation(
        modified, {name: None if text in ("", None) else str(text) for name, text in texts.items()}
    )


def from_recheck(texts: Mapping[str, str], sent: Mapping[str, str]) -> WriteConfirmation:
    """A company found to hold what was sent, without an answer that said so: somebody may have edited it since."""
    return WriteConfirmation(None, {name: texts.get(name, value) or None for name, value in sent.items()})
