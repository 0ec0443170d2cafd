"""Websites compare by host: `https://www.Example.com/about` and `example.com` are one (design: "Text")."""

from __future__ import annotations

from typing import Final

import polars as pl

from icp_sync.vocabulary.free_mail import FREE_MAIL_HOSTS

_WORDS: Final = frozenset({"domain", "domains", "website", "websites", "homepage"})
_BEFORE_HOST: Final = r"(?i)^\s*(?:[a-z][a-z0-9+.-]*:)?(?://)?(?:[^/?#@\s]*@)?(?:www\d?\.)?"
_AFTER_HOST: Final = r"[/?#:\s].*$|\.+$"


def is_website_property(property_name: str) -> bool:
    """Whether a property of this name holds hosts. A page (`linkedin_company_page`) is more than its host."""
    return not _WORDS.isdisjoint(property_name.split("_"))


def host_expr(text: pl.Expr) -> pl.Expr:
    """The host in a website's address, without `www.`; null stays null."""
    return text.str.replace(_BEFORE_HOST, "").str.replace(_AFTER_HOST, "").str.to_lowercase()


def company_host(text: pl.Expr) -> pl.Expr:
    """The host that tells a company from others; null where there is none, or one at which anybody has an address."""
    # One expression: a condition on the host and the host beside it would each work it out anew.
    return host_expr(text).replace(["", *FREE_MAIL_HOSTS], None)


def website_host(text: str) -> str:
    """The host of one address."""
    value: str = pl.select(host_expr(pl.lit(text))).item()
    return value
