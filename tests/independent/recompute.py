"""Judges companies a second time, sharing no line with icp_sync, and compares that with what stands on the records.

Run `python tests/independent/recompute.py 1 2 3` on the portal that `icp-sync run --profile tests/profiles/real.yaml`
has just written, with its HUBSPOT_BASE_URL and HUBSPOT_ACCESS_TOKEN. Each seed draws other companies, `--per-outcome`
of every outcome and of those outside the scope. The script knows just the properties and operators of that profile,
and does not guess: a company with a value whose reading is open is set aside and another one drawn.
Exit 1 on any disagreement, when 5 % or more are set aside, or when an outcome is on no record.
"""

import argparse
import json
import os
import random
import re
import sys
import time
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import ROUND_HALF_EVEN, Decimal
from http.client import HTTPConnection, HTTPSConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import pycountry
from ruamel.yaml import YAML

Record = Mapping[str, str | None]
Match = Mapping[str, Any]
Truth = bool | None
Verdict = tuple[Decimal | None, Decimal | None, Decimal | None, str, str]  # as in WRITTEN

WRITTEN = ("icp_fit_score", "icp_fit_potential", "icp_fit_coverage", "icp_fit_outcome", "hs_ideal_customer_profile")
OUTCOMES = ("disqualified", "not_icp", "insufficient_data", "tiered", "")  # "": outside the scope
READ = ("type", "industry", "total_money_raised", "numberofemployees", "numberofemployees_raw", "web_technologies",
        "is_public", "outcome_status_raw", "name", "hs_object_id")  # fmt: skip
COUNTRY, PLACE = ("hs_country_code", "country"), ("hs_state_code", "state", "city", "zip")
INFINITE, EMPTY_WORDS = Decimal("Infinity"), {"", "n a", "null", "not provided"}
FOLDED = str.maketrans({"ß": "ss", "ø": "o", "ł": "l", "æ": "ae", "œ": "oe", "đ": "d"})
REGIONS = {
    "dach": {"DE", "AT", "CH"}, "nordics": {"DK", "FI", "IS", "NO", "SE"}, "benelux": {"BE", "NL", "LU"},
    "north america": {"US", "CA"}, "anz": {"AU", "NZ"},
    "eu": set(re.findall("..", "ATBEBGHRCYCZDKEEFIFRDEGRHUIEITLVLTLUMTNLPLPTROSKSIESSE")),
}  # fmt: skip
# Some draw these wider than the sets above, which is no question of arithmetic.
DISPUTED = {
    "us": {"AS", "GU", "MP", "PR", "UM", "VI"}, "dach": {"LI"}, "nordics": {"FO", "GL", "AX"},
    "north america": {"MX", "BM", "GL", "PM"}, "eu": {"AX", "GF", "GP", "MQ", "RE", "YT", "MF"},
}  # fmt: skip
OTHER_NAMES = {
    "uk": "GB", "england": "GB", "scotland": "GB", "wales": "GB", "northern ireland": "GB", "danmark": "DK",
    "united states of america": "US", "turkey": "TR", "russia": "RU", "macau": "MO", "ivory coast": "CI",
}  # fmt: skip
# A vocabulary of technologies may or may not count these as ones the profile names.
NEAR_TECHNOLOGIES = {"amazon web services", "amazon cloudfront", "nodejs", "node", "react native", "reactjs", "k8s"}
FIGURE = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d{1,2})?"
YEAR = r"[a-z ,.]*(?:\d{1,2}(?:st|nd|rd|th)?[a-z ,.]+)?(?:19|20)\d\d\ ?"
NUMBER = re.compile(
    rf"""(?P<below>(?:less\ than|under|<)\s*)? (?P<above>(?:more\ than|over|>)\s*)?
    (?:(?:c\.|ca\.|circa|approx\.?|approximately|around|about|~|≈)\s*)? (?P<low>{FIGURE}) \s*
    (?: (?P<open>\+|or\ more) | (?:-|–|to\ )\s*(?P<high>{FIGURE}) )?
    \s* (?:employees|people)? \s* (?:\((?: {YEAR} | [a-z,.\ ]* )\))? \.?""",
    re.VERBOSE | re.IGNORECASE,
)


class Undecided(Exception):
    """A value that careful readers may read in more than one way: the question, and the value."""


def key(text: str) -> str:
    plain = "".join(c for c in unicodedata.normalize("NFKD", text) if unicodedata.category(c)[0] != "M")
    folded = plain.lower().translate(FOLDED)
    spaced = "".join(c if c in "+#." or unicodedata.category(c)[0] in "LN" else " " for c in folded)
    return " ".join(word for word in (part.rstrip(".") for part in spaced.split()) if word)


FIELDS = ("name", "common_name", "official_name", "alpha_3", "alpha_2")
NAMED = ((getattr(country, field, ""), country.alpha_2) for field in FIELDS for country in pycountry.countries)
CODES = OTHER_NAMES | {key(name): code for name, code in NAMED if name}


def filled(record: Record, names: Sequence[str]) -> str | None:
    texts = (record[name] or "" for name in names)
    return next((text for text in texts if key(text) not in EMPTY_WORDS), None)


def country_of(record: Record) -> str | None:
    text, place = filled(record, COUNTRY), filled(record, PLACE)
    if text is None and place is None:
        return None
    if text is None:
        raise Undecided("no country, but a state or city", place)
    if (name := key(text).removeprefix("the ")) not in CODES:
        raise Undecided("no plain name of a country", text)
    return CODES[name]


def in_region(record: Record, _: Sequence[str], wanted: Sequence[str]) -> Truth:
    country, names = country_of(record), [key(name) for name in wanted]
    if country is None:
        return None
    hit = any(country in REGIONS[name] if name in REGIONS else country == CODES[name] for name in names)
    if not hit and any(country in DISPUTED.get(name, ()) for name in names):
        raise Undecided("in the region by some definitions", country)
    return hit


def interval(text: str) -> tuple[Decimal, Decimal]:
    match = NUMBER.fullmatch(text.strip())
    if not match or sum(match[part] is not None for part in ("below", "above", "open", "high")) > 1:
        raise Undecided("no plain number", text)
    low, high = (Decimal((match[part] or match["low"]).replace(",", "")) for part in ("low", "high"))
    if match["below"] or match["above"]:
        return (Decimal(0), low - 1) if match["below"] else (low + 1, INFINITE)
    return low, INFINITE if match["open"] else high


def between(record: Record, names: Sequence[str], wanted: Sequence[float | Decimal]) -> Truth:
    if (text := filled(record, names)) is None:
        return None
    least, greatest = interval(text)
    low, high = (Decimal(str(end)) for end in wanted)
    inside, outside = low <= least and greatest <= high, greatest < low or least > high
    return inside if inside or outside else None


def has_any(record: Record, names: Sequence[str], wanted: Sequence[str]) -> Truth:
    present = {key(member) for member in (filled(record, names) or "").split(";")} - EMPTY_WORDS
    hit = not present.isdisjoint(key(name) for name in wanted)
    if not hit and (near := present & NEAR_TECHNOLOGIES):
        raise Undecided("another name of a technology asked for, or another technology", sorted(near))
    return hit if present else None


def contains_any(record: Record, names: Sequence[str], wanted: Sequence[str]) -> Truth:
    text = filled(record, names)
    return None if text is None else any(f" {key(phrase)} " in f" {key(text)} " for phrase in wanted)


OPERATORS: dict[str, Callable[[Record, Sequence[str], Any], Truth]] = {
    "region": in_region, "in": has_any, "has_any": has_any, "contains_any": contains_any, "between": between,
    "at_least": lambda record, names, wanted: between(record, names, (wanted, INFINITE)),
    "is_false": lambda record, names, _: {None: None, "false": True, "true": False}[filled(record, names)],
}  # fmt: skip


def sources(part: Match) -> list[str]:
    return [part["property"]] if "property" in part else list(part.get("properties", ()))


def answer(match: Match, record: Record, inherited: Sequence[str] = ()) -> Truth:
    names = sources(match) or inherited
    if "not" in match:
        return None if (inner := answer(match["not"], record, names)) is None else not inner
    ((operator, wanted),) = ((word, value) for word, value in match.items() if word not in {"property", "properties"})
    return OPERATORS[operator](record, names, wanted)


def credit(criterion: Match, record: Record) -> Decimal | None:
    for attempt in ({"match": criterion["match"], "credit": 1}, *criterion.get("partial", ())):
        hit = answer(attempt["match"], record, sources(criterion))
        if hit is None:
            return Decimal(0) if criterion.get("missing") == "miss" else None
        if hit:
            return Decimal(str(attempt["credit"]))
    return Decimal(0)


def rounded(value: Decimal, places: str) -> Decimal:
    return value.quantize(Decimal("1e-9"), ROUND_HALF_EVEN).quantize(Decimal(places), ROUND_HALF_EVEN)


def judge(profile: Match, record: Record) -> Verdict:
    if answer(profile["scope"], record) is False:
        return None, None, None, "", ""
    credits_ = {criterion["id"]: credit(criterion, record) for criterion in profile["criteria"]}
    weighed = [(Decimal(str(each["weight"])), credits_[each["id"]]) for each in profile["criteria"]]
    whole = sum((weight for weight, _ in weighed), Decimal(0))
    known = sum((weight for weight, value in weighed if value is not None), Decimal(0))
    points = sum((weight * value for weight, value in weighed if value is not None), Decimal(0))
    score, potential = (rounded(100 * part / whole, "0.1") for part in (points, points + whole - known))
    coverage, required = rounded(known / whole, "0.001"), [credits_[name] for name in profile["required"]]
    enters = {tier["tier"]: Decimal(str(tier["enter"])) for tier in profile["tiers"]}
    tier = next((name for name, enter in enters.items() if score >= enter), "")
    if any(answer(rule["match"], record, sources(rule)) for rule in profile["disqualifiers"]):
        return score, potential, coverage, "disqualified", ""
    if 0 in required or potential < min(enters.values()):
        return score, potential, coverage, "not_icp", ""
    if None in required or not tier or coverage < Decimal(str(profile["coverage"]["minimum"])):
        return score, potential, coverage, "insufficient_data", ""
    return score, potential, coverage, "tiered", tier


def written(record: Record) -> Verdict:
    score, potential, coverage = (Decimal(text) if (text := record[name]) else None for name in WRITTEN[:3])
    return score, potential, coverage, record[WRITTEN[3]] or "", record[WRITTEN[4]] or ""


def portal(properties: Sequence[str]) -> Iterator[Record]:
    base, waits = urlsplit(os.environ["HUBSPOT_BASE_URL"]), 0
    connection = (HTTPSConnection if base.scheme == "https" else HTTPConnection)(base.netloc, timeout=60)
    headers = {"Authorization": f"Bearer {os.environ['HUBSPOT_ACCESS_TOKEN']}"}
    query = {"limit": "100", "properties": ",".join(properties)}
    while query:
        connection.request("GET", f"/crm/v3/objects/companies?{urlencode(query)}", headers=headers)
        response = connection.getresponse()
        status, body = response.status, response.read()
        if status == 429 and (waits := waits + 1) < 100:
            time.sleep(1)
            continue
        page = json.loads(body) if status == 200 else sys.exit(f"the portal answered {status}; nothing was compared")
        yield from (dict.fromkeys(properties) | row["properties"] for row in page["results"])
        query = query | {"after": str(page["paging"]["next"]["after"])} if "paging" in page else {}


def compare(profile: Match, companies: Sequence[Record], seed: int, per_outcome: int) -> bool:
    left, aside, differing = dict.fromkeys(OUTCOMES, per_outcome), list[str](), list[str]()
    for record in random.Random(seed).sample(companies, len(companies)):
        if left[(row := written(record))[3]] == 0:
            continue
        try:
            verdict = judge(profile, record)
        except Undecided as question:
            aside.append(f"{question.args[0]}: {question.args[1]!r} (company {record['hs_object_id']})")
            continue
        left[row[3]] -= 1
        if verdict != row:
            inputs = {name: text for name, text in record.items() if text and name not in WRITTEN}
            differing.append(f"DISAGREE: expected {[*map(str, verdict)]}, got {[*map(str, row)]}: {inputs}")
    total = per_outcome * len(left) - sum(left.values())
    head = f"seed {seed}: {total - len(differing)} of {total} agree; {len(aside)} not judged by the script"
    sys.stdout.write("\n  ".join([head, *differing, *sorted(aside)]) + "\n")
    few = len(aside) < 0.05 * (total + len(aside))
    return few and not differing and all(left[outcome] < per_outcome for outcome in OUTCOMES[:-1])


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("seeds", type=int, nargs="+")
    parser.add_argument("--per-outcome", type=int, default=75)
    options = parser.parse_args()
    profile = YAML(typ="safe").load(Path(__file__).parents[1] / "profiles" / "real.yaml")
    companies = list(portal((*READ, *COUNTRY, *PLACE, *WRITTEN)))
    sound = [compare(profile, companies, seed, options.per_outcome) for seed in options.seeds]
    return 0 if all(sound) else 1


if __name__ == "__main__":
    sys.exit(main())
