"""What became of deals stands beside the tiers that are tried out, once deals were read."""

from __future__ import annotations

from pathlib import Path

from icp_sync.views.html.tune import page
from icp_sync.views.html.tune.answer_json import answer_document
from icp_sync.views.html.tune.panels import tier_rows
from tests.web.conftest import open_workbench
from tests.web.deals import save_deals

NOT_READ = "How many deals each tier won stands here once <code>icp-sync backtest</code> has read them and this page is"


def test_until_deals_are_read_the_page_says_how_to_read_them(folder: Path) -> None:
    answer = open_workbench(folder).evaluate_current().answer({})
    assert answer.wins is None
    assert {row.won for row in tier_rows(answer)} == {""}
    assert NOT_READ in page.answer_panels(answer)


def test_deals_move_with_the_companies_and_few_are_counts(folder: Path) -> None:
    save_deals(folder, copies=1)
    moved = open_workbench(folder).evaluate_current()
    assert [row.won for row in tier_rows(moved.answer({}))] == ["1 of 2", "0 of 0", "0 of 0"]
    document = answer_document(moved.answer({}))
    assert document["deals"] == document["deals_by_file"] == {"tier_1": {"won": 1, "decided": 2}}
    limited = tier_rows(moved.answer({("tiers", "tier_1", "capacity"): 1}))
    by_file = ("1 of 2", "0 of 0")
    as_moved = [row.won.removeprefix(f"{before} → ") for row, before in zip(limited, by_file, strict=False)]
    assert as_moved in (["1 of 1", "0 of 1"], ["0 of 1", "1 of 1"])


def test_a_price_stands_beside_what_it_was_by_the_file(folder: Path) -> None:
    save_deals(folder, copies=1)
    answer = open_workbench(folder).evaluate_current().answer({("tiers", "tier_1", "capacity"): 1})
    assert "1 of 2 → " in tier_rows(answer)[0].won
    document = answer_document(answer)
    assert document["deals_by_file"] == {"tier_1": {"won": 1, "decided": 2}} != document["deals"]


def test_deals_read_while_the_page_is_open_are_there_once_it_is_loaded_again(folder: Path) -> None:
    workbench = open_workbench(folder)
    opened = workbench.evaluate_current()
    save_deals(folder, copies=1)
    assert NOT_READ in page.answer_panels(opened.answer({}))
    again = workbench.evaluate_current()
    assert tier_rows(again.answer({}))[0].won == "1 of 2"
    assert workbench.evaluated_text(again.key).answer({}).wins == again.answer({}).wins


def test_from_twenty_deals_on_there_is_a_rate(folder: Path) -> None:
    text = (folder / "icp.yaml").read_text(encoding="utf-8")
    text = text.replace("disqualifiers:", "outcomes: {deals: {unit: deal}}\ndisqualifiers:", 1)
    (folder / "icp.yaml").write_text(text, encoding="utf-8")
    save_deals(folder, copies=10)
    answer = open_workbench(folder).evaluate_current().answer({})
    assert tier_rows(answer)[0].won == "50 % of 20"
    shown = page.answer_panels(answer)
    assert "50 % of 20" in shown
    assert NOT_READ not in shown
