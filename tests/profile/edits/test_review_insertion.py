"""A review is one line more in a profile's text, in whatever style it is written; everything else stays to the byte."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest

from icp_sync.errors import EditRefused
from icp_sync.profile import templates
from icp_sync.profile.edits.review_insertion import add_review
from icp_sync.profile.load import parse_profile
from icp_sync.profile.model.profile import Review
from tests.profile.example import profile

REVIEW = Review(date=dt.date(2026, 11, 30), by='Anna "A"', note="50 % held: #1 — é\nstays")
LATER = Review(date=dt.date(2027, 3, 1), by="Ben", note=None)
ROOT = Path(__file__).parents[3]


def reviews_of(text: str) -> tuple[Review, ...]:
    return parse_profile(text, "icp.yaml").profile.profile.reviews


@pytest.mark.slow
@pytest.mark.parametrize("name", [*templates.template_names(), "config", "small"])
@pytest.mark.parametrize("line_break", ["\n", "\r\n"], ids=["LF", "CRLF"])
def test_every_other_line_stays(name: str, line_break: str) -> None:
    files = {"config": ROOT / "config" / "icp.yaml", "small": ROOT / "tests" / "profiles" / "small.yaml"}
    text = files[name].read_text(encoding="utf-8") if name in files else templates.template_text(name)
    text = text.replace("\n", line_break)
    edited = add_review(add_review(text, REVIEW, "icp.yaml"), LATER, "icp.yaml")
    assert reviews_of(edited) == (REVIEW, LATER)
    kept = [line for line in edited.splitlines() if "2026-11-30" not in line and "2027-03-01" not in line]
    assert [line for line in text.splitlines() if line not in kept] == (
        [line for line in text.splitlines() if line.startswith("profile: {")]
    )
    assert parse_profile(edited, "icp.yaml").digest == parse_profile(text, "icp.yaml").digest


@pytest.mark.parametrize(
    "header",
    [
        "profile:\n  name: example\n  kind: icp\n  reviews: []\n",
        "profile:\n  name: example\n  kind: icp # ours\n\n",
        'profile: {name: example, kind: icp, reviews: [{date: "2026-01-01", by: Cy}]}\n',
        "profile:\n  reviews:\n  - date: 2026-01-01\n    by: Cy # the first\n  name: example\n  kind: icp\n",
        "profile:\n  reviews:\n    - {date: 2026-01-01, by: Cy}\n  name: example\n  kind: icp\n",
        "profile: {\n  name: example, # n\n  kind: icp # k\n}\n",
    ],
    ids=["none yet", "a comment", "in brackets", "in lines", "in braces", "braces over lines"],
)
def test_it_comes_behind_the_last(header: str) -> None:
    rest = {key: value for key, value in profile().items() if key != "profile"}
    text = header + "".join(f"{key}: {json.dumps(value)}\n" for key, value in rest.items())
    before = reviews_of(text)
    edited = add_review(text, REVIEW, "icp.yaml")
    assert reviews_of(edited) == (*before, REVIEW)
    assert [piece for piece in ("# ours", "# the first", "# n", "# k") if piece in text and piece not in edited] == []


def test_json_stays_json() -> None:
    edited = add_review(json.dumps(profile()), REVIEW, "icp.json")
    assert json.loads(edited)["profile"]["reviews"] == [{"date": "2026-11-30", "by": REVIEW.by, "note": REVIEW.note}]


def test_what_cannot_be_placed_is_refused_with_what_to_write() -> None:
    rest = {key: value for key, value in profile().items() if key != "profile"}
    text = "profile: {name: example, kind: icp, reviews: [ # nobody yet\n ]}\n"
    text += "".join(f"{key}: {json.dumps(value)}\n" for key, value in rest.items())
    with pytest.raises(EditRefused, match=r"write it into the file: profile\.reviews: \[\{ date: 2027-03-01, by: "):
        add_review(text, LATER, "icp.yaml")
