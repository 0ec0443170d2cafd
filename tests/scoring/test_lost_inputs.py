"""An input is lost when it cannot be read any more and an answer that was known with it is unknown without."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import polars as pl
import pytest

from icp_sync.companies.frame import company_frame
from icp_sync.companies.input_differences import NO_DIFFERENCES, update_differences
from icp_sync.profile.model.profile import Profile
from icp_sync.scoring.lost_inputs import OUTSIDE, is_readable, lost_inputs
from icp_sync.scoring.program import compile_profile
from tests.scoring.profiles import TODAY, profile_of

READ_AT = dt.datetime(2026, 11, 28, 2, tzinfo=dt.UTC)
INDUSTRY = {"id": "trade", "property": "industry", "match": {"is": "machinery"}}
SIZE = {"id": "size", "property": "employees", "match": {"at_least": 50}}
Texts = Mapping[str, str | None]


def lost(profile: Profile, was: Texts, now: Texts) -> list[str]:
    """The properties of one company that are lost between two readings."""
    return lost_rows(profile, was, now)["property"].to_list()


def lost_rows(profile: Profile, was: Texts, now: Texts) -> pl.DataFrame:
    before, after = (company_frame([1], {name: [text] for name, text in texts.items()}) for texts in (was, now))
    differences = update_differences(NO_DIFFERENCES, before, after, READ_AT)
    return lost_inputs(after, differences, compile_profile(profile, TODAY))


@pytest.mark.parametrize("now", [None, "n/a", "-", "plenty"])
def test_an_emptied_or_unreadable_number_is_lost(now: str | None) -> None:
    assert lost(profile_of(SIZE), {"employees": "80"}, {"employees": now}) == ["employees"]


@pytest.mark.parametrize(("was", "now"), [("80", "81"), ("80", "10"), (None, "80"), ("plenty", None), (None, "plenty")])
def test_a_text_that_can_be_read_is_not_lost_nor_one_that_never_could(was: str | None, now: str | None) -> None:
    assert lost(profile_of(SIZE), {"employees": was}, {"employees": now}) == []


def test_a_known_miss_is_lost_too() -> None:
    assert lost(profile_of(SIZE), {"employees": "3"}, {"employees": None}) == ["employees"]


def test_a_property_no_question_reads_is_not_lost() -> None:
    assert lost(profile_of(SIZE), {"employees": "80", "p": "a"}, {"employees": "80", "p": None}) == []


def test_whether_a_text_is_there_is_always_known() -> None:
    filled = {"id": "site", "property": "domain", "match": {"known": True}}
    assert lost(profile_of(filled), {"domain": "a.de"}, {"domain": None}) == []


def test_an_answer_that_another_property_still_gives_is_not_unknown() -> None:
    either = {"id": "size", "properties": ["employees", "staff"], "match": {"at_least": 50}}
    before = {"employees": "80", "staff": "90"}
    assert lost(profile_of(either), before, {"employees": None, "staff": "90"}) == []
    assert lost(profile_of(either), before, {"employees": None, "staff": None}) == ["employees", "staff"]


def test_an_unknown_that_decides_nothing_is_not_lost() -> None:
    both = {"id": "both", "match": {"all": [{"property": "a", "is": "x"}, {"property": "b", "is": "y"}]}}
    assert lost(profile_of(both), {"a": "no", "b": "y"}, {"a": "no", "b": None}) == []
    assert lost(profile_of(both), {"a": "x", "b": "y"}, {"a": "x", "b": None}) == ["b"]


def test_a_criterion_whose_unknown_is_a_miss_is_held_all_the_same() -> None:
    assert lost(profile_of({**SIZE, "missing": "miss"}), {"employees": "80"}, {"employees": None}) == ["employees"]


def test_a_disqualifier_and_the_scope_are_answers() -> None:
    partner = {"id": "partner", "property": "type", "match": {"is": "PARTNER"}}
    texts = {"type": "PARTNER", "industry": "machinery"}
    assert lost(profile_of(INDUSTRY, disqualifiers=[partner]), texts, {**texts, "type": None}) == ["type"]
    rows = lost_rows(profile_of(INDUSTRY, scope={"property": "type", "is": "PARTNER"}), texts, {**texts, "type": None})
    assert rows.select("property", OUTSIDE).rows() == [("type", False)]


def test_what_kept_a_company_outside_the_scope_is_lost_and_nothing_else_of_it_is() -> None:
    profile = profile_of(INDUSTRY, scope={"not": {"property": "type", "is": "PARTNER"}})
    texts = {"type": "PARTNER", "industry": "machinery"}
    assert lost_rows(profile, texts, {**texts, "type": None}).select("property", OUTSIDE).rows() == [("type", True)]
    assert lost(profile, texts, {**texts, "industry": None}) == []


def test_an_amount_is_lost_with_what_its_formula_reads() -> None:
    profile = profile_of(
        {"id": "rich", "property": "each", "match": {"at_least": 10}}, derive={"each": "revenue / employees"}
    )
    texts = {"revenue": "1000", "employees": "50"}
    assert lost(profile, texts, {**texts, "employees": None}) == ["employees"]


def test_a_place_is_lost_by_its_state_or_its_country() -> None:
    profile = profile_of({"id": "here", "match": {"region": "US-CA"}})
    texts = {"hs_country_code": "US", "country": None, "state": "California", "city": None}
    assert lost(profile, texts, {**texts, "state": None}) == ["state"]
    assert lost(profile, texts, {**texts, "state": "Xyz"}) == ["state"]
    assert lost(profile, texts, {**texts, "state": "Texas"}) == []
    assert lost(profile, texts, {**texts, "hs_country_code": None, "state": None}) == ["hs_country_code", "state"]


def test_a_country_that_changed_is_not_lost_though_its_state_is_unknown() -> None:
    profile = profile_of({"id": "here", "match": {"region": "US-CA"}})
    texts = {"hs_country_code": "DE", "country": None, "state": None, "city": None}
    assert lost(profile, texts, {**texts, "hs_country_code": "US"}) == []


def test_a_text_that_one_question_reads_and_another_cannot_is_lost_for_that_one() -> None:
    profile = profile_of(SIZE, {"id": "says", "property": "employees", "match": {"is": "plenty"}})
    assert lost(profile, {"employees": "80"}, {"employees": "plenty"}) == ["employees"]


def test_readable_is_what_some_question_reads() -> None:
    program = compile_profile(profile_of(SIZE, INDUSTRY), TODAY)
    assert is_readable(pl.Series("employees", ["80", "n/a", None]), program).to_list() == [True, False, False]
    assert is_readable(pl.Series("industry", ["Foo", " ", None]), program).to_list() == [True, False, False]


def test_what_outputs_read_in_the_same_breath_may_be_read_by_no_question() -> None:
    city = {"id": "city", "property": "city", "match": {"contains_any": ["Berlin"]}}
    profile = profile_of(city, write={"understood": {"city": "icp_city"}})
    before = {"hs_country_code": "DE", "country": None, "city": "Berlin"}
    assert lost(profile, before, before | {"city": None}) == ["city"]
