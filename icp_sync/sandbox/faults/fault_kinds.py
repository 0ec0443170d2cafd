"""The kinds of fault between a client and HubSpot by name, and the routes each can happen on."""

from collections.abc import Iterable

SEARCH = "POST /crm/objects/companies/search"
MIXED = "mixed"

INSTEAD = {
    "429_secondly": "429 of the policy SECONDLY",
    "429_ten_secondly": "429 of the policy TEN_SECONDLY_ROLLING",
    "429_daily": "429 of the policy DAILY",
    "408": "request timeout",
    "414": "URI too long, in HTML",
    "423": "account locked after many writes",
    "477": "portal moves to another data centre; Retry-After in seconds",
    "500": "internal error",
    "502": "bad gateway, in JSON",
    "502_html": "bad gateway, in HTML",
    "503": "service unavailable",
    "504": "gateway timeout",
    "521": "origin is down",
    "522": "connection to the origin timed out",
    "523": "origin is unreachable",
    "524": "origin did not answer in time",
    "525": "TLS handshake with the origin failed",
    "526": "certificate of the origin is invalid",
    "530": "origin error, as for a token in a wrong form",
    "empty_2xx": "200 with no results and no errors; nothing was done",
    "drop_before": "connection breaks before the work is done",
}
"""Answered in place of the work."""

BROKEN = {
    "drop_after": "connection breaks after the work is done",
    "truncated": "connection breaks half way through the body",
    "half_json": "half a body under its own length",
}
"""The work is done, the answer does not arrive whole."""

ODD = {
    "slow": "answers late",
    "short_page": "half a page, cursor still right",
    "empty_page": "no results, and a cursor to go on from",
    "number_cursor": "cursor is a JSON number, not text",
    "out_of_order": "search: neighbouring hits shuffled",
    "outside_window": "search: hits modified just before or after the window asked for",
    "stale_hits": "search: hits show what the lagging index holds",
    "partial_batch": "batch read: 207 with half of the records, and for the others an error that is not their absence",
}
"""A good answer that a client may not expect."""

KINDS = {**INSTEAD, **BROKEN, **ODD, MIXED: "any one of those after which a client may simply ask again"}

_FINAL = frozenset({"429_daily", "414", "477", "530", "empty_2xx"})
RETRYABLE = tuple(kind for kind in (*INSTEAD, *BROKEN) if kind not in _FINAL)
"""What `mixed` draws from."""

_SEARCH_ONLY = frozenset({"out_of_order", "outside_window", "stale_hits"})
_BATCH_READ_ONLY = frozenset({"partial_batch"})
BATCH_READ = "/batch/read"


def expand_kinds(kind: str | Iterable[str]) -> tuple[str, ...]:
    """The kinds of one or several names, `mixed` expanded. ValueError for an unknown name or an empty list."""
    names = (kind,) if isinstance(kind, str) else tuple(kind)
    unknown = [one for one in names if one not in KINDS]
    if unknown or not names:
        message = f"unknown fault {', '.join(map(repr, unknown)) or 'list, it is empty'}; known: {', '.join(KINDS)}"
        raise ValueError(message)
    return tuple(dict.fromkeys(each for one in names for each in (RETRYABLE if one == MIXED else (one,))))


def restrict_kinds_to_route(kinds: tuple[str, ...], route: str) -> tuple[str, ...]:
    """The kinds that can happen on this route; some are the search's or a batch read's alone."""
    impossible = frozenset() if route == SEARCH else _SEARCH_ONLY
    impossible |= frozenset() if route.endswith(BATCH_READ) else _BATCH_READ_ONLY
    return tuple(kind for kind in kinds if kind not in impossible)
