"""What a page sends: the values of its controls, read by the standard library, with a limit."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl, urlencode

from pydantic import ValidationError
from starlette.requests import Request

from icp_sync.errors import EditRefused
from icp_sync.profile.edits.edit_types import Edits, Value
from icp_sync.profile.edits.movable_values import movable_values
from icp_sync.profile.edits.query_pairs import edits_from_pairs, edits_to_pairs
from icp_sync.profile.model.profile import Profile, Review
from icp_sync.text_truncation import shorten
from icp_sync.views.html.tune.whatif_answer import HOLD
from icp_sync.web.request_guard import MAX_BODY

MAX_FIELDS: Final = 5_000
MAX_HOLD: Final = 1_000_000_000
_REQUIRED: Final = "required"
_OWN: Final = ("known", "tab", "seen", "although", "reviewer", "note", HOLD)
"""Fields of the page itself, beside those of the profile."""


class BodyTooLarge(Exception):  # internal: answered with 413
    """More bytes than a form has."""


@dataclass(frozen=True, slots=True)
class PageRequest:
    """`pairs`: path and text of each control; `known`: which text of the file they stand on, "" = the one on disk now.

    `tab`: which page asks, a random one where none does. `seen`: the text whose diff the person saw, `although`: that
    its tests fail, by count. `reviewer`, `note`: of the review to add at saving, "" = none. `hold`: how many companies
    the highest tier should hold, "" = not asked.
    """

    pairs: tuple[tuple[str, str], ...]
    known: str = ""
    tab: str = ""
    seen: str = ""
    although: str = ""
    reviewer: str = ""
    note: str = ""
    hold: str = ""

    def wanted_size(self) -> int | None:
        """How many companies the highest tier should hold. Raises EditRefused for no whole number."""
        text = self.hold.strip()
        if not text:
            return None
        if not (text.isascii() and text.isdigit() and 0 < int(text[:20]) <= MAX_HOLD):
            raise EditRefused(f"{shorten(text)!r} companies cannot be held; write a whole number such as 300")
        return int(text)

    def review(self, day: dt.date) -> Review | None:
        """The review of that day, None where nobody signs one. Raises EditRefused for one the profile cannot hold."""
        reviewer, note = self.reviewer.strip(), self.note.strip()
        if not reviewer and note:
            raise EditRefused("a note needs who reviewed the profile; write a name beside it")
        try:
            return Review(date=day, by=reviewer, note=note or None) if reviewer else None
        except ValidationError as error:
            raise EditRefused("a reviewer and a note have at most 500 characters each; shorten them") from error

    def changed_values(self, profile: Profile) -> Edits:
        """What differs from the profile. Raises EditRefused for a place that is not movable, or no number."""
        there = movable_values(profile)
        wanted = edits_from_pairs(self.pairs)
        moved = {
            place: value
            for place, value in wanted.items()
            if place not in there or _without_order(there[place]) != _without_order(value)
        }
        # In the profile's order, so that the same edits are the same address whatever control was touched first.
        order = {place: n for n, place in enumerate(there)}
        return dict(sorted(moved.items(), key=lambda edit: order.get(edit[0], len(order))))


def _without_order(value: Value) -> object:
    """The value as it is compared: the order of ids is the profile's own, and checkboxes come in another."""
    return frozenset(value) if isinstance(value, tuple) else value


async def read_page_request(request: Request) -> PageRequest:
    """What a request asks: by its query, or by its form where it has one.

    Raises BodyTooLarge, and EditRefused for a body that is no form.
    """
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BODY:
            raise BodyTooLarge
    return parse_page_request(bytes(body) if request.method == "POST" else request.scope["query_string"])


def parse_page_request(encoded: bytes) -> PageRequest:
    """The fields of a form or a query. Raises EditRefused where it is none."""
    try:
        fields = parse_qsl(
            encoded.decode("ascii"),
            keep_blank_values=True,
            encoding="utf-8",
            errors="strict",
            max_num_fields=MAX_FIELDS,
        )
    except ValueError as error:
        raise EditRefused("what the page sent is no form of ours; reload it") from error
    own = {name: value for name, value in fields if name in _OWN}
    # A page that is opened, and a program, is no tab: it replaces nobody's question, and nobody replaces its own.
    own["tab"] = own.get("tab") or secrets.token_hex(8)
    return PageRequest(tuple(_join_required_ids(pair for pair in fields if pair[0] not in _OWN)), **own)


def _join_required_ids(fields: Iterable[tuple[str, str]]) -> Iterable[tuple[str, str]]:
    """The pairs; a checkbox each criterion makes one list of those that are required."""
    required: list[str] | None = None
    for name, value in fields:
        if name == _REQUIRED:
            required = [*(required or []), *([value] if value else [])]
        else:
            yield name, value
    if required is not None:
        yield _REQUIRED, ",".join(required)


def edits_query(edits: Edits, wanted_size: int | None = None) -> str:
    """The edits, and how many companies the highest tier should hold, as the part of an address behind `?`."""
    wish = [] if wanted_size is None else [(HOLD, str(wanted_size))]
    return urlencode([*edits_to_pairs(edits), *wish])
