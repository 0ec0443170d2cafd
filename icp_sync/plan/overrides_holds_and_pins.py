"""What stands against the profile: overrides, held inputs and pins, as values that views draw."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace

from icp_sync.plan.who_emptied_inputs import EmptiedInput


@dataclass(frozen=True, slots=True)
class OpenOverride:
    """A value that stands; `wanted`: what the profile said in its place at the last run, None = unknown.

    `name`: of the company, "" where it is not known. `note`: why an undo set it. `by`: who set it, in words, such as
    the name of a workflow; None where that is not known. `email`: of the user, once asked for.
    """

    id: int
    name: str
    property: str
    value: str
    wanted: str | None
    kind: str
    user_id: str | None
    since: dt.datetime
    note: str | None = None
    by: str | None = None
    email: str | None = None


@dataclass(frozen=True, slots=True)
class OpenHold:
    """An input that a company lost and is still scored by; `emptied_at`, `emptied_by`: as far as history was asked."""

    id: int
    name: str
    property: str
    was: str
    since: dt.datetime
    emptied_at: dt.datetime | None = None
    emptied_by: str | None = None


@dataclass(frozen=True, slots=True)
class OpenPin:
    """A company that people put on a list (`side` in) or took off it (out); `list`: its name, else its id."""

    list: str
    id: int
    name: str
    side: str
    since: dt.datetime


@dataclass(frozen=True, slots=True)
class Exemptions:
    """All that stands on one portal at `now`; `emptied`: who emptied the held inputs, as far as history was asked.

    `keeps_lists`: whether runs keep lists there, on which companies may be pinned.
    """

    portal_id: int
    now: dt.datetime
    overrides: tuple[OpenOverride, ...]
    held_inputs: tuple[OpenHold, ...]
    pins: tuple[OpenPin, ...]
    emptied: tuple[EmptiedInput, ...] = ()
    keeps_lists: bool = False

    @property
    def user_ids(self) -> frozenset[int]:
        """The users who set what stands."""
        ids = (override.user_id for override in self.overrides)
        return frozenset(int(user_id) for user_id in ids if user_id and user_id.isdecimal())

    def with_emails(self, emails: Mapping[int, str]) -> Exemptions:
        """The same with the e-mail addresses of users; `emails`: user id → address, of as many as are known."""
        by_id = {str(user_id): email for user_id, email in emails.items()}
        named = (replace(override, email=by_id.get(override.user_id or "")) for override in self.overrides)
        return replace(self, overrides=tuple(named))
