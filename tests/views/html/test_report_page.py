"""The page of a run as a file: no script, nothing to load, one outline, every table and picture with its words."""

from __future__ import annotations

import re
from functools import cache
from itertools import pairwise

import pytest

from icp_sync.plan.document.report_document import ReportDocument
from icp_sync.views.html.report_page import SECTIONS, backtest_page, report_page
from tests.plan.report_documents import night, night_before, night_held
from tests.views import backtests
from tests.views.html import documents
from tests.views.html.markup import Element, Markup

DOCUMENTS = {
    "night": night, "held": night_held, "empty": documents.empty, "hostile": documents.hostile,
    "largest": documents.largest,
}  # fmt: skip
BACKTESTS = {"night": backtests.plain(), "hostile": backtests.hostile(documents.HOSTILE[0] + documents.HOSTILE[3])}
"""What deals say, on the pages of those for which they are read."""
LOADS = {"script", "iframe", "object", "embed", "form", "base", "img", "audio", "video"}
RECORD = re.compile(r"https://app-eu1\.hubspot\.com/contacts/4711/record/0-2/\d+")
every_document = pytest.mark.parametrize("name", DOCUMENTS)


@cache
def page(name: str) -> str:
    return report_page(DOCUMENTS[name](), [night_before()] if name == "night" else [], BACKTESTS.get(name))


@cache
def markup(name: str) -> Markup:
    return Markup(page(name))


@every_document
def test_no_script_no_handler_no_frame_and_nothing_to_load(name: str) -> None:
    elements = markup(name).elements
    assert {element.tag for element in elements} & LOADS == set()
    assert [attribute for element in elements for attribute in element.attributes if attribute.startswith("on")] == []
    assert list(markup(name).values("src")) == []
    assert re.findall(r"@import|url\((?!#)", page(name)) == []


@every_document
def test_the_policy_forbids_all_but_our_style(name: str) -> None:
    policies = [meta.attributes["content"] for meta in markup(name).named("meta") if "http-equiv" in meta.attributes]
    assert policies == ["default-src 'none'; style-src 'unsafe-inline'; img-src data:"]


@pytest.mark.slow
@every_document
def test_links_lead_into_the_page_or_to_a_record(name: str) -> None:
    links = [link.attributes["href"] for link in markup(name).named("a")]
    assert [link for link in links if not re.fullmatch(r"#[a-z]+", link) and not RECORD.fullmatch(link)] == []
    anchors = set(markup(name).values("id"))
    assert [link for link in links if link.startswith("#") and link[1:] not in anchors] == []


@pytest.mark.parametrize("name", ["night", "held", "empty", "largest"])
def test_the_only_address_in_the_file_is_that_of_records(name: str) -> None:
    assert [address for address in re.findall(r"https?:[^\"'\s<]*", page(name)) if not RECORD.fullmatch(address)] == []


@every_document
def test_all_fifteen_panels_stand_in_their_order_each_with_a_sentence(name: str) -> None:
    panels = [section.attributes["id"] for section in markup(name).named("section")]
    assert panels == [section.id for section in SECTIONS]
    assert len(panels) == 15
    findings = [element.text for element in markup(name).named("p") if element.attributes.get("class") == "finding"]
    assert len(findings) == 15
    assert [finding for finding in findings if not finding.endswith(".")] == []


@pytest.mark.slow
@every_document
def test_one_h1_and_no_level_of_heading_is_left_out(name: str) -> None:
    levels = [int(heading.tag[1]) for heading in markup(name).named("h1", "h2", "h3", "h4")]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


@every_document
def test_every_header_cell_says_what_it_heads_and_every_table_is_called_something(name: str) -> None:
    assert {header.attributes.get("scope") for header in markup(name).named("th")} <= {"col", "row"}
    captions = [caption.text for caption in markup(name).named("caption")]
    assert len(captions) == len(markup(name).named("table"))
    assert len(set(captions)) == len(captions)
    assert "" not in captions


@pytest.mark.slow
@every_document
def test_every_picture_is_labelled_by_the_caption_of_its_figure(name: str) -> None:
    captions = {caption.attributes.get("id"): caption for caption in markup(name).named("figcaption")}
    pictures = [svg for svg in markup(name).named("svg") if svg.attributes.get("role") == "img"]
    assert [svg for svg in pictures if svg.attributes["aria-labelledby"] not in captions] == []
    assert all(figure_of(svg) is figure_of(captions[svg.attributes["aria-labelledby"]]) for svg in pictures)
    decorations = [svg for svg in markup(name).named("svg") if svg.attributes.get("role") != "img"]
    assert {svg.attributes["aria-hidden"] for svg in decorations} <= {"true"}


def figure_of(element: Element) -> Element:
    return next(parent for parent in reversed(element.parents) if parent.tag == "figure")


@every_document
def test_no_id_is_given_twice(name: str) -> None:
    ids = list(markup(name).values("id"))
    assert len(set(ids)) == len(ids)


@every_document
def test_every_table_scrolls_in_a_region_that_the_keyboard_reaches(name: str) -> None:
    for table in markup(name).named("table"):
        region = table.parents[-1]
        assert (region.attributes["role"], region.attributes["tabindex"]) == ("region", "0")


def test_it_stays_small_however_much_a_document_holds() -> None:
    assert len(page("night").encode()) < 400_000
    assert len(page("largest").encode()) < 800_000


def test_what_attacks_is_shown_and_nothing_more() -> None:
    text = page("hostile")
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text
    assert "{{ 7 * 7 }}" in text
    assert re.search("[\u200e\u200f\u202a-\u202e\u2066-\u2069]", text) is None
    assert "<b>" * 2 not in text
    assert len(text.encode()) < 800_000


def test_a_portal_whose_domain_is_none_gets_no_links() -> None:
    assert [a for a in markup("hostile").named("a") if not a.attributes["href"].startswith("#")] == []


def test_an_empty_panel_is_one_sentence_and_stays() -> None:
    for section in markup("empty").named("section"):
        inside = [element for element in markup("empty").elements if element.parents[-1:] == (section,)]
        if section.attributes["id"] not in {"headline", "review"}:
            assert [element.tag for element in inside] == ["h2", "p"], section.attributes["id"]


@pytest.mark.slow
def test_the_same_documents_give_the_same_page() -> None:
    assert report_page(night(), [night_before()], BACKTESTS["night"]) == page("night")


def test_a_document_says_enough_by_itself() -> None:
    document = ReportDocument.model_validate_json(night().model_dump_json())
    assert report_page(document, []).count("<section") == 15


@pytest.mark.slow
def test_the_page_of_a_backtest_alone_is_the_same_panel_under_its_own_heading() -> None:
    alone = Markup(backtest_page(backtests.plain()))
    assert [section.attributes["id"] for section in alone.named("section")] == ["evidence"]
    assert [heading.text for heading in alone.named("h1")] == ["s0-icp"]
    assert alone.named("nav") == []
    in_report = [caption.text for caption in markup("night").named("caption")]
    assert {caption.text for caption in alone.named("caption")} <= set(in_report)
