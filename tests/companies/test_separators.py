"""Several names in one text, however somebody parted them."""

from __future__ import annotations

import polars as pl
import pytest

from icp_sync.companies.parse.name_splitting import normalise_name_separators, separate_names
from icp_sync.vocabulary.industries import company_aliases
from tests.scoring.profiles import credit_of

KNOWN = {"jira", "postman", "acme suite", "leisure travel tourism", "research development", "banking", "insurance"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Jira\nPostman", ["Jira", "Postman"]),
        ("Jira | Postman", ["Jira", "Postman"]),
        ("Jira；Postman、Other", ["Jira", "Postman", "Other"]),
        ("Acme Suite，Jira", ["Acme Suite", "Jira"]),
        ("Jira • Acme Suite", ["Jira", "Acme Suite"]),
        ("Jira · Acme Suite", ["Jira", "Acme Suite"]),
        ("Col·legi", ["Col·legi"]),
        ("Acme Suite\tJira", ["Acme Suite", "Jira"]),
        ("1. Acme Suite\n2. Jira\n", ["Acme Suite", "Jira"]),
        ("1. FC Zorg", ["1. FC Zorg"]),
        ("1. FC Zorg | Jira", ["1. FC Zorg", "Jira"]),
        ("Jira／Postman", ["Jira", "Postman"]),
        ("Banking und Insurance", ["Banking", "Insurance"]),
        ("Forschung und Insurance", ["Forschung und Insurance"]),
        ("<ul><li>Jira</li><li>1 < 2</li></ul>", ["", "", "Jira", "", "1 < 2", "", ""]),
        ("Jira + Postman", ["Jira", "Postman"]),
        ('["Jira", "Acme Suite"]', ["Jira", "Acme Suite"]),
        ("['Jira', 'Acme Suite']", ["Jira", "Acme Suite"]),
        ('[{"name": "Jira"}, {"name": "Postman"}]', ["Jira", "Postman"]),
        ("Acme Suite, Jira", ["Acme Suite", "Jira", "Acme Suite, Jira"]),
        ("Leisure, Travel, Tourism", ["Leisure, Travel, Tourism"]),
        ("Jira/Postman", ["Jira", "Postman"]),
        ("Banking & Insurance", ["Banking", "Insurance"]),
        ("banking and insurance", ["banking", "insurance"]),
        ("Research / Development", ["Research / Development"]),
        ("Marks & Spencer", ["Marks & Spencer"]),
        ("R&D and Jira", ["R&D and Jira"]),
        ("[not a list", ["[not a list"]),
        ('["Jira", null, ""]', ["Jira", ""]),
        ('[{"tool": "Jira", "seats": 5}]', ["{'tool': 'Jira', 'seats': 5}"]),
        (
            '[{"name": "Jira"}, {"tool": "Postman", "by": "Acme | Co"}]',
            ["Jira", "{'tool': 'Postman', 'by': 'Acme | Co'}"],
        ),
        ('{"tool": "Jira", "seats": 5}', ['{"tool": "Jira", "seats": 5}']),
        ('[["Jira", "Postman"], "Other"]', ["Jira", "Postman", "Other"]),
        ("[" + '{"a":' * 1000 + "1" + "}" * 1000 + "]", ["[" + '{"a":' * 1000 + "1" + "}" * 1000 + "]"]),
        ("[{{'jira'}}]", ["[{{'jira'}}]"]),
        ("[{['a']: 1}]", ["[{['a']: 1}]"]),
        (r"['\ud800']", [r"['\ud800']"]),
        (f"[0x{'f' * 4000}]", [f"[0x{'f' * 4000}]"]),
        (r"['Jira\d']", [r"Jira\d"]),
        ("[" * 900 + '"Jira"' + "]" * 900, ["Jira"]),
    ],
)
def test_a_text_parts_where_it_names_several(text: str, expected: list[str]) -> None:
    assert list(separate_names(text, KNOWN)) == expected


def test_a_semicolon_goes_before_everything() -> None:
    assert normalise_name_separators(pl.Series(["Acme, Inc.;Jira", None, "Jira"]), KNOWN).to_list() == [
        "Acme, Inc.;Jira",
        None,
        "Jira",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Acme Suite, Jira", "Jira\nAcme Suite", "['Acme Suite', 'x']", "Acme Suite，Jira", "Acme Suite／Jira",
        "Acme Suite • Jira", "Jira · Acme Suite", "Acme Suite\tJira", "Acme Suite + Jira", "1. Acme Suite\n2. Jira",
        "<li>Acme Suite</li>", "Acme Suite<br/>Jira", "Jira und Acme Suite", "Jira et Acme Suite", "Acme Suite y Jira",
        "Acme Suite™", "Acme℠ Suite®", "CRM:Acme Suite", "Jira, Acme Suite; Slack", "Jira, Acme Suite 2019; Slack",
    ],
)  # fmt: skip
def test_a_competitor_named_beside_others_is_found(text: str) -> None:
    assert credit_of({"has_any": ["acme suite"]}, text) == 1.0
    assert credit_of({"has_none": ["acme suite"]}, text) == 0.0


@pytest.mark.parametrize("text", ["Banking™", "Banking，Insurance", "Insurance • Banking", "Banking + Insurance"])
def test_an_industry_named_beside_others_is_found(text: str) -> None:
    assert credit_of({"in": ["Banking"]}, text) == 1.0


def test_a_name_with_a_comma_is_still_found_whole() -> None:
    assert credit_of({"is": "Acme, Inc."}, "Acme, Inc.") == 1.0
    assert credit_of({"not_in": ["PARTNER"]}, "Vendor, Partner") == 0.0


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Twilio, SendGrid", ("twilio", "sendgrid")), ("Twilio/SendGrid", ("twilio", "sendgrid")),
        ("Twilio/SendGrid, Slack", ("twilio", "slack")), ("Slack; Twilio, SendGrid", ("twilio", "slack")),
        ("Bitbucket, Pipelines", ("bitbucket",)), ("Jira, Service Desk", ("jira",)),
    ],
)  # fmt: skip
def test_listed_names_whose_words_are_a_third_name_are_found(text: str, names: tuple[str, ...]) -> None:
    for name in names:
        assert credit_of({"has_none": [name]}, text) == 0.0
        assert credit_of({"has_any": [name]}, text) == 1.0


def test_listed_industries_whose_words_are_a_third_are_found() -> None:
    assert credit_of({"in": ["Computer Software"]}, "Internet, Software") == 1.0
    assert credit_of({"not_in": ["retail"]}, "Automotive/Retail") == 0.0


def test_an_industry_written_with_a_comma_is_that_one() -> None:
    known = company_aliases()

    for text in ("Leisure, Travel & Tourism", "Airlines/Aviation", "Leisure / Travel & Tourism"):
        assert list(separate_names(text, known)) == [text]
