"""`icp-sync sample`: a blind sheet from the last reading, and what people say of it; offline both."""

from __future__ import annotations

import csv
from pathlib import Path

import polars as pl
import pytest
from jsonschema import Draft202012Validator  # type: ignore[import-untyped] # it ships no types

from icp_sync.sandbox import SandboxPortal
from tests.cli.conftest import Command

SIZES = ("800", "20", "")


@pytest.fixture
def portal() -> SandboxPortal:
    """Of each three companies one is tier 1 (100 points), one tier 2 (60), one undecided."""
    portal = SandboxPortal()
    count = 90
    portal.add_companies(
        pl.DataFrame(
            {
                "name": [f"=Firm {n}" for n in range(count)],
                "domain": [f"firm{n}.de" for n in range(count)],
                "country": ["" if n % 3 == 2 else "Germany" for n in range(count)],
                "numberofemployees": [SIZES[n % 3] for n in range(count)],
                "hs_lead_status": ["OPEN"] * count,
                "type": ["PROSPECT"] * count,
            }
        )
    )
    return portal


@pytest.fixture
def read(icp_sync: Command, portal: SandboxPortal, monkeypatch: pytest.MonkeyPatch) -> Command:
    assert icp_sync("run").code == 0
    monkeypatch.delenv("HUBSPOT_ACCESS_TOKEN")
    portal.calls.reset()
    return icp_sync


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))


def fill(path: Path, rows: list[dict[str, str]], reviewer: str) -> Path:
    """Whoever has 800 employees fits; every tenth row is left open."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, [*rows[0]], delimiter=";")
        writer.writeheader()
        for n, row in enumerate(rows):
            word = "fit" if row["Number of Employees"] == "800" else "no fit"
            opinion = {
                "Reviewer": reviewer,
                "Department": "Sales",
                "Fit / no fit / unsure": "" if n % 10 == 9 else word,
            }
            writer.writerow(row | opinion)
    return path


def test_the_sheet_has_what_a_person_needs_and_nothing_of_ours(
    read: Command, portal: SandboxPortal, tmp_path: Path
) -> None:
    ended = read("sample", "--per-tier", "20", "--near", "0", "--out", tmp_path / "sheet.csv")
    assert ended.code == 0, ended.err
    rows = rows_of(tmp_path / "sheet.csv")
    assert [*rows[0]] == [
        "Record", "Company", "Domain", "Country/Region Code", "State/Region Code", "City", "Postal Code",
        "Number of Employees", "Reviewer", "Department", "Fit / no fit / unsure", "Why",
    ]  # fmt: skip
    assert len(rows) == len({row["Record"] for row in rows}) == 60
    text = (tmp_path / "sheet.csv").read_text(encoding="utf-8")
    assert not [word for word in ("tier", "OPEN", "PROSPECT", "points") if word in text]
    assert all(row["Company"].startswith("'=Firm") for row in rows)
    assert "20 tier 1, 20 tier 2, 0 not icp, 20 insufficient data" in ended.out
    assert portal.calls.total == 0
    for name, seed in (("a.csv", 1), ("b.csv", 1), ("c.csv", 2)):
        document = read("sample", "--seed", seed, "--out", tmp_path / name, "--json").document
        assert (document["seed"], document["companies"]) == (seed, 40)
    first, again, other = ((tmp_path / name).read_bytes() for name in ("a.csv", "b.csv", "c.csv"))
    assert first == again != other


def test_read_back_it_says_where_people_and_profile_agree(read: Command, tmp_path: Path) -> None:
    read("sample", "--per-tier", "30", "--near", "0", "--out", tmp_path / "sheet.csv")
    rows = rows_of(tmp_path / "sheet.csv")
    sheets = [fill(tmp_path / f"{name}.csv", rows[::step], name) for name, step in (("Anna", 1), ("Ben", -1))]
    document = read("sample", "--read", *sheets, "--json").document
    tiers = {row["tier"]: row for row in document["tiers"]}
    assert tiers["tier_1"]["agreed"] == tiers["tier_1"]["fit"]
    assert tiers["tier_2"]["agreed"] == tiers["tier_2"]["fit"] == 0
    undecided = tiers["insufficient_data"]
    assert (undecided["agreed"], undecided["counted"]) == (None, 0)
    whole = tiers["all"]
    assert whole["counted"] == tiers["tier_1"]["counted"] + tiers["tier_2"]["counted"]
    assert (document["opinions"], document["unfilled"]) == (162, 18)
    (pair,) = document["pairs"]
    assert (pair["kappa"], pair["in_common"]) == (1.0, 72)
    assert document["auc"]["value"] == 1.0
    assert {row["tier"] for row in document["disagreements"]} == {"tier_2"}
    assert document["disagreements"][0]["reasons"].startswith("Tier 2 (60)")
    schema = read("schema", "--evidence").document
    Draft202012Validator(schema).validate(document)
    out = read("sample", "--read", *sheets).out
    assert out.startswith(f"People agree with the profile in {whole['agreed']} of {whole['counted']} opinions, ")
    assert f"; the other {162 - whole['counted']} of 162 do not count: " in out
    assert "Sales (2 people)" in out
    assert f"{whole['agreed']} of {whole['counted']} (" in out
    assert (
        "Anna and Ben agree on 72 of 72 companies both judged: very good (kappa 1.00; 0 is chance, 1 always alike)."
        in out
    )


REFUSED = {
    ("--read",): "name the filled sheets behind it",
    ("sheet.csv",): "to read sheet.csv, write --read before it",
    (): "name the sheet to write with --out FILE.csv",
    ("--read", "nowhere.csv"): "nowhere.csv cannot be read",
    ("--read", "a.csv", "--out", "b.csv"): "give one of them",
    ("--out", "nowhere/sheet.csv"): "nowhere/sheet.csv cannot be written",
}


def test_what_cannot_be_done_is_said_and_nothing_is_written(read: Command, tmp_path: Path) -> None:
    before = sorted(tmp_path.iterdir())
    for arguments, message in REFUSED.items():
        ended = read("sample", *arguments)
        assert (ended.code > 0, ended.out) == (True, "")
        assert message in " ".join(ended.err.split())
    assert sorted(tmp_path.iterdir()) == before
