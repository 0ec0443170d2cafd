"""What the what-if page answers: to values moved, to values that cannot be, and to the same address elsewhere."""

from __future__ import annotations

import datetime as dt
import html
import json
import re
from itertools import pairwise
from pathlib import Path
from urllib.parse import urlencode

import pytest

from icp_sync.profile import lint
from icp_sync.profile.edits.edit_types import Edits
from icp_sync.profile.edits.query_pairs import path_to_text
from icp_sync.profile.load import parse_profile
from icp_sync.views.html.environment import MAX_TEXT
from icp_sync.views.html.tune import page
from icp_sync.views.html.tune.panels import tier_rows
from icp_sync.web.forms import parse_page_request
from tests.cli.conftest import PROFILES
from tests.web.conftest import Browser, Serving, open_workbench, profile_and_state


def test_nothing_moved_is_the_file(browser: Browser) -> None:
    answer = browser.answer()
    assert set(answer) == {"tiers", "outcomes", "moved", "tests", "findings"}
    assert answer["tiers"]["tier_1"] == {"before": 2, "after": 2}
    assert [test["ok"] for test in answer["tests"]] == [True]


def test_until_hubspot_has_a_tier_a_sentence_says_so_instead_of_zeros(folder: Path, tmp_path: Path) -> None:
    asked = profile_and_state(tmp_path, (PROFILES / "small.yaml").read_text(), 20, command="plan")
    planned, written = (open_workbench(one).evaluate_current().answer({}) for one in (asked, folder))
    assert {row.live for row in tier_rows(planned)} == {None}
    assert "No company has a tier in HubSpot yet" in page.answer_panels(planned)
    assert "HubSpot now" not in page.answer_panels(planned)
    assert [row.live for row in tier_rows(written)] == [2, 3, 3]
    assert "HubSpot now" in page.answer_panels(written)
    assert "in HubSpot yet" not in page.answer_panels(written)


def test_a_weight_moves_tiers_outcomes_and_tests(browser: Browser) -> None:
    answer = browser.answer("tiers.tier_1.enter=60&tiers.tier_2.enter=40&criteria.employees.match.at_least=1000")
    assert answer["tiers"] == {
        "tier_1": {"before": 2, "after": 4},
        "tier_2": {"before": 3, "after": 1},
        "tier_3": {"before": 0, "after": 0},
    }
    assert {(one["before"], one["after"]): one["companies"] for one in answer["moved"]}["tier_2", "tier_1"] == 2
    assert answer["tests"][0]["got"] == {"score": 60.0, "tier": "tier_1"}
    assert answer["tests"][0]["expected"] == {"score": 100, "tier": "tier_1"}


def test_a_criterion_taken_out_asks_nobody(browser: Browser) -> None:
    answer = browser.answer("criteria.employees=")
    assert answer["tiers"]["tier_1"]["after"] == 4  # every German


def test_capacity_turns_away(browser: Browser) -> None:
    assert browser.answer("tiers.tier_1.capacity=1")["tiers"]["tier_1"] == {"before": 2, "after": 1}


def test_the_address_alone_holds_what_was_moved(browser: Browser) -> None:
    page = browser.get("/?criteria.country.weight=10").text
    assert 'data-query="criteria.country.weight=10"' in page
    assert re.search(r'name="criteria.country.weight" value="10"', page)
    assert "was 60" in page


def test_addresses_and_names_of_inputs_are_whole_however_long(tmp_path: Path) -> None:
    names = [f"a company everybody here is sure about, number {n}, of the Müller\u00a0group" for n in range(14)]
    company = 'company: {country: Germany, numberofemployees: "150"}, expect: {tier: tier_1}'
    tests = (f"  - {{name: {json.dumps(name, ensure_ascii=False)}, {company}}}\n" for name in names)
    profile = (PROFILES / "small.yaml").read_text() + "".join(tests)
    bench = open_workbench(profile_and_state(tmp_path, profile, 20)).evaluate_current()
    ticked: Edits = {("tests", name, "expect", "tier"): "tier_2" for name in names}
    answer = bench.answer({("criteria", "employees", "match", "at_least"): 1_000, **ticked}, 5)
    shown = page.workbench_fragment(answer, bench.key)
    attributes = [html.unescape(text) for text in re.findall(r'="([^"]*)"', shown)]
    assert len(answer.query) > MAX_TEXT
    assert {answer.query, f"/work?{answer.size_query}"} <= set(attributes)
    assert {path_to_text(path) for path in ticked} <= set(attributes)


def test_a_question_replaces_none_but_of_its_own_tab() -> None:
    assert parse_page_request(b"tab=a").tab == parse_page_request(b"tab=a&hold=3").tab == "a"
    assert len({parse_page_request(query).tab for query in (b"", b"", b"tab=", b"tab=a")}) == 4


def test_all_controls_sent_are_only_what_differs(browser: Browser) -> None:
    page = browser.get("/").text
    fields = dict(re.findall(r'<input type="(?:number|hidden)"[^>]*name="([^"]+)" value="([^"]*)"', page))
    assert {"criteria.country.weight", "tiers.tier_1.enter", "coverage.minimum"} <= fields.keys()
    moved = fields | {"criteria.country.weight": "61"}
    reply = browser.post("/answer", moved)
    assert 'data-query="criteria.country.weight=61"' in reply.text


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("criteria.country.weight=0", "write a number more than 0"),
        ("criteria.country.weight=nan", "write a number such as 0.5"),
        ("criteria.country.weight=.nan", "number"),
        ("criteria.country.weight=1e308", "100000"),
        ("criteria.country.weight=-1", "write a number more than 0"),
        ("criteria.country.weight=", "weight"),
        ("criteria.country.weight=ten", "write a number such as 0.5"),
        ("criteria.nobody.weight=1", "nobody"),
        ("tiers.tier_1.enter=50", "60 is not below the 50 of tier_1"),
        ("tiers.tier_1.leave=95", "leave"),
        ("profile.name=other", "nothing that can be moved"),
        ("a" * 500 + "=1", "nothing that can be moved"),
        ("criteria.country=&criteria.employees=", "criteria"),
        ("%ff%fe=1", "no form of ours"),
        ("&".join(f"a{n}=1" for n in range(5_001)), "no form of ours"),
    ],
)
def test_a_value_that_cannot_be_is_said_and_changes_nothing(browser: Browser, query: str, says: str) -> None:
    program = browser.get(f"/answer?{query}", accept="application/json")
    assert program.status == 422
    assert program.document["error"]["code"] in {"edit_refused", "profile_invalid"}
    assert says in program.text

    page = browser.get(f"/answer?{query}")
    assert page.status == 200
    assert page.headers["hx-reswap"] == "none"  # the last figures stay
    assert "data-query" not in page.text
    assert "figures below are those of the last valid values" in page.text
    assert "Not counted yet: a value does not fit." in page.text


def test_an_address_that_does_not_fit_the_file_opens_it_without(browser: Browser) -> None:
    page = browser.get("/?criteria.nobody.weight=1")
    assert page.status == 200
    assert "does not fit the file and was left out" in page.text
    assert 'data-query=""' in page.text


def test_text_of_companies_is_shown_and_never_obeyed(browser: Browser) -> None:
    page = browser.get("/?" + urlencode({"criteria.country.weight": 1})).text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "<script>alert" not in page
    assert "\u202e" not in page
    assert "x" * 2_000 not in page
    assert 'href="javascript' not in page
    assert re.findall(r'href="(?!/|#)([^"]*)"', page) == re.findall(
        r'href="(https://app[^"/]*/contacts/\d+/record/0-2/\d+)"', page
    )


def test_nothing_on_the_page_needs_more_than_its_policy(browser: Browser) -> None:
    page = browser.get("/?criteria.country.weight=1").text
    assert " style=" not in page
    assert not re.findall(r" on[a-z]+=", page)
    assert re.findall(r"<script[^>]*>", page) == ['<script src="/htmx.js" defer>', '<script src="/tune.js" defer>']
    assert "<style" not in page


def test_every_input_has_a_label_and_every_id_is_one(browser: Browser) -> None:
    page = browser.get("/?criteria.country.weight=1").text
    ids = re.findall(r'\bid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    inputs = re.findall(r'<(?:input type="(?:number|checkbox)"|select) id="([^"]+)"', page)
    assert len(inputs) > 15
    assert set(inputs) <= set(re.findall(r'<label for="([^"]+)"', page))
    described = {
        name for names in re.findall(r'aria-(?:describedby|labelledby)="([^"]+)"', page) for name in names.split()
    }
    assert described <= set(ids)


def test_what_a_partial_credit_takes_is_told_from_what_a_hit_takes(folder: Path, pages: Serving) -> None:
    file = folder / "icp.yaml"
    hit = "match: {at_least: 100}"
    file.write_text(file.read_text().replace(hit, f"{hit}, partial: [{{match: {{at_least: 50}}, credit: 0.5}}]"))
    browser = pages.serve(open_workbench(folder))
    browser.enter()
    assert re.findall(r">((?:partly )?at least)<", browser.get("/").text) == ["at least", "partly at least"]


def test_every_score_has_its_row_in_what_it_would_take(browser: Browser) -> None:
    (first, *_) = re.findall(r"<caption[^>]*>Companies that would reach .*?</table>", browser.get("/").text, re.DOTALL)
    assert re.findall(r'<th scope="row" class="number">(\d+)<', first) == [str(n) for n in range(101)]


def test_headings_tables_and_figures_are_said_in_order(browser: Browser) -> None:
    page = browser.get("/").text
    levels = [int(level) for level in re.findall(r"<h([1-6])", page)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert page.count("<figure>") == page.count("<figcaption")
    assert not re.findall(r"<th(?![^>]*scope=)[ >]", page)


def test_a_page_that_stands_on_a_forgotten_text_says_so(browser: Browser) -> None:
    reply = browser.get("/answer?known=0000")
    assert "load it again" in reply.text


def test_the_line_that_makes_tier_1_hold_so_many_is_worked_out_with_what_moves_along(browser: Browser) -> None:
    hold = browser.answer("hold=5")["hold"]
    assert (hold["tier"], hold["wanted"], hold["companies"], hold["now"]) == ("tier_1", 5, 5, 2)
    assert [move["place"] for move in hold["moves"]] == ["tiers.tier_1.enter", "tiers.tier_2.enter"]
    moved = urlencode([(move["place"], move["after"]) for move in hold["moves"]])
    assert browser.answer(moved)["tiers"]["tier_1"]["after"] == 5
    assert "hold" not in browser.answer(moved)


def test_how_many_tier_1_should_hold_is_part_of_the_address_and_one_click_moves_the_lines(browser: Browser) -> None:
    page = browser.get("/?hold=5").text
    assert 'data-query="hold=5"' in page
    assert re.search(r'id="hold" name="hold" value="5"', page)
    announced = re.search(r'id="said"[^>]*>([^<]*)', page)
    assert announced
    assert "Tier 1 would hold 5 companies, entered from " in announced[1]
    assert "With it must move: Tier 2 entered from " in page
    (query,) = re.findall(r'id="hold-move"[^>]*hx-get="/work\?([^"]*)"', page)
    after = browser.get("/work?" + query.replace("&amp;", "&")).text
    assert "Tier 1 holds 5 companies, entered from " in after
    assert "hold-move" not in after
    assert f'data-query="{query}"' in after


@pytest.mark.parametrize("hold", ["0", "-1", "1.5", "many", "9" * 400])
def test_a_number_of_companies_that_cannot_be_is_refused(browser: Browser, hold: str) -> None:
    assert "write a whole number such as 300" in browser.get(f"/answer?hold={hold}", accept="application/json").text


def test_what_a_change_breaks_is_said_first_with_a_link_to_it(browser: Browser) -> None:
    assert 'class="trouble"' not in browser.get("/").text
    page = browser.get("/?tiers.tier_2.enter=88&tiers.tier_1.enter=90&criteria.employees.match.at_least=1000").text
    first = page.index('<a href="#tests-title">1 test that passed fails: ')
    assert (
        first < page.index('<a href="#findings-title">1 new finding of the linter: ') < page.index('id="tiers-title"')
    )
    announced = re.search(r'id="said"[^>]*>([^<]*)', page)
    assert announced
    assert announced[1].startswith("Not saved in the profile yet. Tier 1: ")
    assert "; 1 test fails (an example company comes out otherwise than the profile expects); 1 new " in announced[1]


def test_tiers_stand_beside_what_hubspot_has_now(browser: Browser) -> None:
    page = browser.get("/?tiers.tier_1.enter=60&tiers.tier_2.enter=40").text
    (row,) = re.findall(r'<tr><th scope="row">[^\n]* Tier 1</th>\n([^\n]*)', page)
    assert re.findall(r'class="number[^"]*">(\d+)<', row) == ["2", "2", "5"]


def test_the_page_finds_what_check_finds_of_the_file(browser: Browser, folder: Path) -> None:
    loaded = parse_profile((folder / "icp.yaml").read_bytes(), "icp.yaml")
    dated = loaded.locate(lint.lint_on_day(loaded.profile, dt.datetime.now(dt.UTC).date()))
    assert dated, "else nothing is proved here"
    messages = [finding["message"] for finding in browser.answer("")["findings"]]
    assert messages == [finding.message for finding in (*loaded.warnings, *dated)]
    assert '<span class="tag warn">new</span>' not in browser.get("/").text
