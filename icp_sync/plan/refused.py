"""The quarantine's entries: companies HubSpot refused, and all that its refusal may have hung on."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Refused:
    """A company HubSpot refused, since when, and why: its code, and the property where it names one.

    `inputs`, `profile` and `rule` are digests of what was so at the time: the company's texts and the values to be
    written, the whole profile, and the definitions of the properties written. `modified` is the company's
    `hs_lastmodifieddate` then. `since` is ISO 8601 in UTC. `share` (0-1) of its run's plan was refused with it.
    """

    id: int
    reason: str
    code: str | None
    property: str | None
    since: str
    inputs: str
    profile: str
    rule: str
    modified: str | None = None
    share: float = 0.0
