"""Websites compare by host, phrases in scripts without spaces are found anywhere, escapes of web forms are undone."""

from __future__ import annotations

import pytest

from tests.scoring.profiles import profile_of, scored


def credit(property_name: str, match: dict[str, object], text: str) -> float | None:
    profile = profile_of({"id": "c", "property": property_name, "match": match})
    credit_given: float | None = scored(profile, **{property_name: [text]}).frame["credit.c"].item()
    return credit_given


@pytest.mark.parametrize(
    "text",
    [
        "example.com",
        "www.example.com",
        "https://www.example.com/",
        "HTTP://Example.com:8080/about?x=1#top",
        "//example.com",
        "acme.org; https://example.com",
        "example.com.",
    ],
)
@pytest.mark.parametrize("property_name", ["domain", "website", "hs_additional_domains", "company_website"])
def test_a_website_is_its_host(property_name: str, text: str) -> None:
    assert credit(property_name, {"is": "https://example.com/"}, text) == 1
    assert credit(property_name, {"not_in": ["www.example.com"]}, text) == 0


@pytest.mark.parametrize("text", ["shop.example.com", "example.com.au", "notexample.com"])
def test_another_host_is_another_website(text: str) -> None:
    assert credit("domain", {"in": ["example.com"]}, text) == 0


def test_a_page_is_more_than_its_host() -> None:
    assert credit("linkedin_company_page", {"is": "linkedin.com/company/acme"}, "linkedin.com/company/other") == 0


@pytest.mark.parametrize(
    ("phrase", "text", "expected"),
    [
        ("机器学习", "我们提供机器学习平台", 1),
        ("クラウド", "当社のクラウドサービス", 1),
        ("AI平台", "我们的AI平台", 1),
        ("AI平台", "我们的MAI平台", 0),
        ("SaaS", "我们的SaaS平台", 1),
        ("แพลตฟอร์ม", "เราเป็นแพลตฟอร์มข้อมูล", 1),
        ("머신 러닝", "우리는 머신 러닝 회사", 1),
        ("machine learning", "machine learnings", 0),
        ("artificial intelligence", "artificial&nbsp;intelligence", 1),
        ("research and development", "Research & Development", 1),
        ("research & development", "research and development", 1),
        ("R&D", "our R&amp;D centre", 1),
        ("r d", "our R&D centre", 0),
    ],
)
def test_a_phrase_is_found_as_its_script_is_written(phrase: str, text: str, expected: float) -> None:
    assert credit("description", {"contains_any": [phrase]}, text) == expected
