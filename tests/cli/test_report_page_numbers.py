"""The page itself: the numbers of every panel's tables equal those worked out from the portal's records and the plan.

Deals and contacts are in it too, so that the panels of evidence and of committees have something to be wrong about.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from math import log
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

import polars as pl
import pytest

from icp_sync.sandbox import SandboxPortal
from tests.cli import test_report_numbers
from tests.cli.conftest import DAY, Command, company_ids
from tests.cli.deal_arithmetic import cells, deals_of, gain, ranking
from tests.cli.report_arithmetic import (
    LOCK,
    OUTCOME,
    PROFILE,
    SCORE,
    TIER,
    TIERS,
    Night,
    answers,
    best,
    movers,
    numbers,
    shopping,
    tier_by_score,
)
from tests.cli.test_report_numbers import SEEDS, Life
from tests.views.html.markup import Markup

portal = test_report_numbers.portal
Tables = Mapping[str, list[list[str]]]
Expected = Mapping[str, Any]
STANDINGS: Final = (*TIERS, "none")
ROLES: Final = (("CTO", "Developer"), ("Developer",), ("Clerk",), ())
"""Job titles of the contacts of a company, by its number; the committee is a CTO and a developer."""
SPOKEN: Final = {
    "tier_1": "Tier 1", "tier_2": "Tier 2",
    "disqualified": "Disqualified", "not_icp": "Does not fit", "insufficient_data": "Too little known",
}  # fmt: skip
"""How the page names tiers and outcomes beside deals."""
COLUMNS: Final = ("tiered", "insufficient_data", "not_icp", "disqualified")
COMMITTEES: Final = ("complete", "partial", "none", "none")
PERSONAS: Final = """
personas:
  tiers: [tier_1, tier_2]
  people:
    - {id: cto, role: decision_maker, match: {property: jobtitle, contains_any: [cto]}, describe: {title: CTO}}
    - {id: developer, role: user, match: {property: jobtitle, contains_any: [developer]}, describe: {title: Developer}}
  write: {committee: icp_committee, missing: icp_committee_missing}
"""


@pytest.fixture
def life(icp_sync: Command, portal: SandboxPortal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Life:
    """Deals by `deals_of`, contacts by `ROLES`, and a review on the day before the first night."""
    today = as_of(portal)
    review = f"owner: tests, reviews: [{{date: {today - dt.timedelta(days=1)}, by: a tester}}]"
    (tmp_path / "people.yaml").write_text(PROFILE.replace("owner: tests", review) + PERSONAS)
    monkeypatch.setenv("ICP_SYNC_PROFILE", str(tmp_path / "people.yaml"))
    ids = company_ids(portal)
    for n, company in enumerate(ids):
        for title in ROLES[n % 4]:
            portal.create_record("contacts", {"jobtitle": title}, [company])
    deals, closed = deals_of([str(company) for company in ids]), portal.now() - 10 * DAY * 1_000
    opened = [closed - deal.days * DAY * 1_000 for deal in deals]
    rows = pl.DataFrame({"createdate": opened, "closedate": [closed] * len(deals)}).cast(pl.Datetime("ms"))
    rows = rows.with_columns(
        hs_is_closed=pl.lit("true"),
        hs_is_closed_won=pl.Series([str(deal.won).lower() for deal in deals]),
        amount=pl.Series([str(deal.amount) for deal in deals]),
    )
    portal.add_records("deals", rows, [[int(deal.company)] for deal in deals])
    return Life(icp_sync, portal, tmp_path)


@pytest.mark.long
@pytest.mark.slow
def test_five_seeded_nights_are_right_on_the_page(life: Life, portal: SandboxPortal, tmp_path: Path) -> None:
    assert life.icp_sync("run").code == 0
    assert life.icp_sync("backtest").code == 0
    first = tenths(life.portal.filled_values((SCORE,)).values())
    for seed in SEEDS:
        life.day(seed)
        ended, night = life.night("run")
        assert ended.code == 0, ended.err
        assert life.icp_sync("report", "last", "--out", tmp_path / "page.html").code == 0
        page = Markup((tmp_path / "page.html").read_text(encoding="utf-8"))
        assert_right(page.tables(), night, portal)
        assert_review(page, night, portal, first)
        assert_ranking(page, night)


def assert_right(tables: Tables, night: Night, portal: SandboxPortal) -> None:
    """Panel by panel, in the order of the page."""
    expected = numbers(night)
    assert_movement(tables, expected)
    assert_scores_and_criteria(tables, expected)
    assert_inputs(tables, expected, night)
    assert_companies(tables, night)
    assert_rest(tables, expected, portal)
    assert_deals(tables, night)
    assert_committees(tables, night)


def assert_movement(tables: Tables, expected: Expected) -> None:
    matrix = expected["matrix"]
    for row, tier in zip(tables["Companies by tier"], TIERS[:2], strict=True):
        came = sum(n for (was, now), n in matrix.items() if now == tier and was != tier)
        left = sum(n for (was, now), n in matrix.items() if was == tier and now != tier)
        assert [number(cell) for cell in (row[1], *row[3:6])] == [expected["tiers"][tier], came, left, abs(came - left)]
    rows = [[number(cell) for cell in row[1:]] for row in tables["From tier (rows) to tier (columns)"]]
    assert rows == [[matrix[was, now] for now in STANDINGS] for was in STANDINGS]
    assert sorted(number(row[1]) for row in tables["Causes"]) == sorted(expected["causes"].values())
    (changed,) = [row for row in tables["Each guardrail and its limit"] if row[0].endswith(" changed")]
    part, whole = expected["guardrail"]
    assert changed[-1] == f"{part:,} of {whole:,}"


def assert_scores_and_criteria(tables: Tables, expected: Expected) -> None:
    bins = expected["scores"]
    by_bin = {kind: {(low, outcome): n for low, outcome, n in rows} for kind, rows in bins.items()}
    for row in tables["Companies by fit score and potential"]:
        low = number(row[0].partition(" ")[0])
        wanted = [by_bin[kind].get((low, outcome), 0) for kind in ("fit", "potential") for outcome in COLUMNS]
        assert [number(cell) for cell in row[1:]] == wanted
    lines = tables["Lines between the tiers"]
    assert [number(row[4]) for row in lines] == list(expected["near"].values())
    assert [number(row[5]) for row in lines] == list(expected["near_leave"].values())
    kinds = ("hit", "partial", "miss", "unknown")
    for row, figures in zip(
        tables["Companies by answer to each criterion"], expected["criteria"].values(), strict=True
    ):
        assert [number(cell) for cell in row[1:]] == [
            side[kind] for side in (figures, figures["in_tier_1"]) for kind in kinds
        ]
    assert [number(row[1]) for row in tables["Disqualified by reason"]] == list(expected["disqualifiers"].values())


def assert_inputs(tables: Tables, expected: Expected, night: Night) -> None:
    properties = {row[0]: row for row in tables["Properties the profile reads"]}
    for name, (filled, read, unrecognised) in expected["properties"].items():
        shares = [percent(count, expected["companies"]["read"]) for count in (filled, read)]
        assert properties[name][2:5] == [*shares, f"{unrecognised:,}"]
    bought = [(one["missing"], one["settles"]) for one in shopping(night).values() if one["settles"] or one["lifts"]]
    listed = [(number(row[2]), number(row[5])) for row in tables["What one purchase could change"]]
    assert sorted(listed) == sorted(bought)
    english = {"DE": "Germany", "AT": "Austria", "FR": "France"}
    places = {english[code]: counts for code, counts in expected["places"].items() if sum(counts[1:])}
    rows = {row[0]: row for row in tables["Countries with most tiered companies"]}
    assert {name: (number(row[-1]), number(row[1])) for name, row in rows.items()} == {
        name: (counts[0], sum(counts[1:])) for name, counts in places.items()
    }


def assert_companies(tables: Tables, night: Night) -> None:
    names = {company: record["name"] for company, record in night.before.items()}
    accounts = [(row[0].partition("firm")[0], float(row[2])) for row in tables["Target accounts, best first"]]
    assert accounts == [(names[company], score) for company, _, score in best(night)]
    for sign, title in ((1, "Movers up"), (-1, "Movers down")):
        wanted = [names[company] for company, _ in movers(night, sign)]
        shown = [rows for caption, rows in tables.items() if caption.startswith(title)]
        assert [row[0].partition("firm")[0] for rows in shown for row in rows] == wanted


def assert_rest(tables: Tables, expected: Expected, portal: SandboxPortal) -> None:
    (listed,) = tables["Target lists"]
    members, add, remove = expected["lists"]
    assert [number(cell) for cell in listed[2:6]] == [members, add, remove, members + add - remove]
    people = {row[0]: number(row[1]) for row in tables["What stands against the profile"]}
    names = {"Locked": "locked", "Foreign": "foreign", "Overrides": "overrides", "Held inputs": "held"}
    assert people == {title: expected["people"][name] for title, name in names.items() if expected["people"][name]}
    calls = {row[0]: number(row[2]) for row in tables["Calls by route"]}
    assert calls == dict(portal.calls.by_route)


def assert_deals(tables: Tables, night: Night) -> None:
    """Deals by the tier the profile gives, which is not the one on the record where somebody else set that."""
    group = {company: judged(night, company) for company in night.before}
    deals, everybody = deals_of(sorted(night.before, key=int)), Counter(group.values())
    rows = {row[0]: row[1:] for row in tables["Deals by tier"]}
    stand = {row[0]: [number(cell) for cell in row[1:]] for row in tables["Where the companies stand now"]}
    assert rows["All"] == cells(deals, deals, len(group))
    for name in SPOKEN:
        asked = [deal for deal in deals if group[deal.company] == name]
        won = sum(deal.won for deal in asked)
        assert rows[SPOKEN[name]] == cells(asked, deals, everybody[name]), name
        assert stand[SPOKEN[name]] == [won, 0, len(asked) - won, everybody[name] - len(asked)], name


def assert_ranking(page: Markup, night: Night) -> None:
    """How well the score ranks won before lost deals, with its interval, and what the best by score hold."""
    deals = deals_of(sorted(night.before, key=int))
    scored = [(float(night.after[deal.company][SCORE]), deal) for deal in deals]
    area, low, high = (f"{100 * value:.0f}" for value in ranking(scored))
    chance = f"{area} of 100 times, equal scores counted half (likely range {low} to {high};"
    sentence = f"won deals above lost ones {chance}"
    assert any(sentence in item.text for item in page.named("li"))
    shown = [tuple(row[1:]) for row in page.tables()["Wins and won amounts with the best by fit score"]]
    assert shown == list(gain(scored))


def assert_review(page: Markup, night: Night, portal: SandboxPortal, first: list[int]) -> None:
    """Days to the review, which criteria say why, and the shift of scores since the last review's night."""
    (panel,) = [section for section in page.named("section") if section.attributes["id"] == "review"]
    text = " ".join(panel.text.split())
    days = (dt.date(2027, 12, 31) - as_of(portal)).days
    assert f"due in {days:,} days (31 Dec 2027); 2 of 3 criteria do not say yet why we believe them." in text
    assert "Without evidence: Jira." in text
    assert "still the template's placeholder: 100 or more employees." in text
    now = tenths(night.after.values())
    shares = [[(count + 0.5) / (sum(side) + 5) for count in side] for side in (first, now)]
    psi = sum((after - before) * log(after / before) for before, after in zip(*shares, strict=True))
    assert f"(stability index PSI {psi:.2f}; over 0.2 is a shift)" in text
    rows = page.tables()["Companies in scope by fit score, at the last review and now"]
    assert [[number(cell) for cell in row[1:]] for row in rows] == [
        list(pair) for pair in zip(first, now, strict=True)
    ][::-1]


def tenths(records: Iterable[Mapping[str, str | None]]) -> list[int]:
    """Companies by tenth of the fit score."""
    counts = Counter(min(int(float(record[SCORE] or 0) // 10), 9) for record in records)
    return [counts[n] for n in range(10)]


def as_of(portal: SandboxPortal) -> dt.date:
    """The day by the portal's clock."""
    return dt.datetime.fromtimestamp(portal.now() / 1_000, ZoneInfo(portal.time_zone)).date()


def assert_committees(tables: Tables, night: Night) -> None:
    number_of = {company: n for n, company in enumerate(sorted(night.before, key=int))}
    lacking: Counter[str] = Counter()
    for row, tier in zip(tables["Buying committees by tier"], TIERS[:2], strict=True):
        inside = [company for company in night.before if night.after[company].get(TIER) == tier]
        covered = Counter(COMMITTEES[number_of[company] % 4] for company in inside)
        assert [number(cell) for cell in row[1:6]] == [
            len(inside),
            *(covered[name] for name in dict.fromkeys(COMMITTEES)),
            0,
        ]
        for company in inside:
            lacking.update({"CTO", "Developer"}.difference(ROLES[number_of[company] % 4]))
    assert {row[0]: number(row[1]) for row in tables["Who is missing"]} == dict(lacking)


def judged(night: Night, company: str) -> str:
    """The tier the profile gives the company, else its outcome."""
    record = night.after[company]
    by_hand = company in night.overridden or company in night.foreign or record.get(LOCK) == "true"
    if record[OUTCOME] != "tiered":
        return record[OUTCOME]
    return (tier_by_score(answers(night, company)) or "") if by_hand else record[TIER]


def percent(part: int, whole: int) -> str:
    """A share as the page rounds it."""
    share = 100 * part / whole
    return "<1%" if 0 < share < 0.5 else f"{share:.0f}%"


def number(cell: str) -> int:
    """The digits of a cell, 0 for none; signs are words there."""
    return int(re.sub(r"\D", "", cell) or 0)
