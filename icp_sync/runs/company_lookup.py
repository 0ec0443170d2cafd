"""Finds companies of the last reading by record id, domain or name: no call, and no token is needed."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final
from urllib.parse import urlsplit

import polars as pl

from icp_sync.companies.frame import ID, with_missing_columns
from icp_sync.errors import AmbiguousCompany, CompanyNotFound
from icp_sync.state.snapshot import NoSnapshot
from icp_sync.state.store import StateStore

_MAX_LISTED: Final = 100
_MAX_NAMED: Final = 3
_KNOWN_BY: Final = ("name", "domain")


def domain_in(query: str) -> str:
    """The domain of a pasted URL: `https://www.example.com/about` gives `example.com`."""
    try:
        host = urlsplit(query if "//" in query else f"//{query}").hostname
    except ValueError:  # a name with brackets in it is no address
        host = None
    return (host or query).removeprefix("www.")


def is_record_id(query: str) -> bool:
    """Whether a record is asked for by its id."""
    return query.isascii() and query.isdigit()


def find_by_domain_or_name(companies: pl.DataFrame, query: str, reading: str) -> pl.DataFrame:
    """Every company of that domain, else the one of that name, else the one whose name has all its words.

    `reading`: what the companies are, in words. Raises AmbiguousCompany where several go by that name.
    """
    named = with_missing_columns(companies, _KNOWN_BY)
    matches = named.filter(pl.col("domain").str.to_lowercase() == domain_in(query).lower())
    if matches.is_empty():
        matches = _find_by_name(named, query)
        if matches.height > 1:
            raise _several_companies(matches, query, reading)
    return matches.select(companies.columns)


def find_company_ids(store: StateStore, queries: Collection[str]) -> frozenset[int]:
    """The record ids of companies named by id, domain or name, by the last reading.

    Raises CompanyNotFound and AmbiguousCompany. An id is taken as it is: the ledger knows companies that are gone.
    """
    ids = frozenset(int(query) for query in queries if is_record_id(query))
    named = [query for query in queries if not is_record_id(query)]
    return ids | frozenset(_find_company_id(store, query) for query in named)


def only_company_id(store: StateStore, query: str) -> int:
    """The record id of the company named by id, domain or name. Raises as `find_company_ids` does."""
    (company_id,) = find_company_ids(store, [query])
    return company_id


def _find_company_id(store: StateStore, query: str) -> int:
    reading, snapshot = f"the last reading of portal {store.portal_id}", store.snapshot.load()
    if isinstance(snapshot, NoSnapshot):
        raise CompanyNotFound(f"{query} can be looked up once the portal was read ({snapshot.why}); name it by its id")
    matches = find_by_domain_or_name(snapshot.companies, query, reading)
    if matches.is_empty():
        raise CompanyNotFound(
            f"{reading} has no company with domain or name {query}; name it by its id, which stands in the address of "
            "its record and in plan --csv"
        )
    if matches.height > 1:
        raise _several_companies(with_missing_columns(matches, _KNOWN_BY), query, reading)
    return int(matches[ID].item())


def _find_by_name(named: pl.DataFrame, query: str) -> pl.DataFrame:
    name = pl.col("name").str.to_lowercase()
    words = [word for word in query.lower().split() if any(letter.isalnum() for letter in word)]
    exact = named.filter(name == query.lower())
    has_all = [name.str.split(" ").list.contains(word) for word in words]
    return exact if exact.height or not words else named.filter(pl.all_horizontal(has_all))


def _several_companies(matches: pl.DataFrame, query: str, reading: str) -> AmbiguousCompany:
    rows = matches.head(_MAX_LISTED).to_dicts()
    candidates = [{"id": str(row[ID]), **{name: row[name] for name in _KNOWN_BY}} for row in rows]
    named = ", ".join(f"{one['name'] or one['domain']} ({one['id']})" for one in candidates[:_MAX_NAMED])
    more = f" and {matches.height - _MAX_NAMED:,} more" if matches.height > _MAX_NAMED else ""
    return AmbiguousCompany(
        f"{reading} has {matches.height:,} companies that go by {query}: {named}{more}; name one by its id",
        details=candidates,
    )
