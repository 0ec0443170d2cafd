"""Websites compare by host; a host says which company it is only where it is one company's."""

from __future__ import annotations

import polars as pl
import pytest

from icp_sync.vocabulary.websites import (
    FREE_MAIL_HOSTS,
    PAGE_HOSTS,
    company_host,
    readable_host,
    website_host,
)


def company(text: str | None) -> str | None:
    value: str | None = pl.DataFrame({"x": [text]}, schema={"x": pl.String}).select(company_host(pl.col("x"))).item()
    return value


@pytest.mark.parametrize(
    ("text", "host"),
    [
        ("https://www.Example.com/about?x#y", "example.com"),
        ("example.com:8080", "example.com"),
        ("https://example.com:443", "example.com"),
        ("http:example.com", "example.com"),
        ("//example.com", "example.com"),
        ("mailto:info@example.com", "example.com"),
        ("ftp://user:word@example.com/x", "example.com"),
        (" www2.example.com. ", "example.com"),
        ("example.com;example.de", "example.com"),
        ("example.com, example.de", "example.com"),
        ("müller-söhne.de", "müller-söhne.de"),
        ("xn--mller-kva.de", "xn--mller-kva.de"),
        ("उदाहरण.भारत", "उदाहरण.भारत"),
        ("shop.example.co.uk", "shop.example.co.uk"),
        ("acme.wixsite.com/home", "acme.wixsite.com"),
        ("acme.business.site", "acme.business.site"),
        ("notfacebook.com", "notfacebook.com"),
        ("facebook.com.example.com", "facebook.com.example.com"),
    ],
)
def test_a_company_is_known_by_the_host_of_its_website(text: str, host: str) -> None:
    assert company(text) == host


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        " ",
        "N/A",
        "n.a.",
        "-",
        "--",
        "none",
        "keine",
        "tbd",
        "https://",
        "8080",
        "1.5",
        ".",
        "=cmd|calc!A1.de",
    ],
)
def test_what_is_no_host_is_no_company(text: str | None) -> None:
    assert company(text) is None
    assert pl.DataFrame({"x": [text]}, schema={"x": pl.String}).select(readable_host(pl.col("x"))).item() is None


@pytest.mark.parametrize(
    "text",
    [
        *sorted(FREE_MAIL_HOSTS | PAGE_HOSTS),
        "https://www.facebook.com/acme",
        "https://de-de.facebook.com/acme",
        "uk.linkedin.com/company/acme",
        "https://sites.google.com/view/acme",
    ],
)
def test_where_anybody_has_a_page_or_mail_is_no_company_s_host(text: str) -> None:
    assert company(text) is None


def test_a_profile_may_name_a_host_that_is_nobody_s() -> None:
    """A criterion asks what stands there, not whose it is."""
    assert [website_host(text) for text in ("https://www.facebook.com/acme", "intranet")] == [
        "facebook.com",
        "intranet",
    ]
