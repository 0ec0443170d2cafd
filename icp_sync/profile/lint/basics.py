"""What every profile needs: an owner, a date, evidence, tests, a disqualifier, and companies rather than people."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from icp_sync.profile.findings import Finding, Path
from icp_sync.profile.model.profile import Profile
from icp_sync.profile.property_reads import iter_all_matches, iter_leaves, properties_used_of_vendors
from icp_sync.profile.vocabulary_names import NAMING
from icp_sync.text_truncation import shorten
from icp_sync.vocabulary.text_keys import EMPTY_KEYS, text_key

_PERSON: Final = re.compile(
    r"(^|_)(job_?titles?|job_?function|personas?|e_?mail(_address)?|first_?name|last_?name|full_?name|seniority|"
    r"buying_role|salutation|mobile_?phone|date_of_birth|gender|hs_role)(_|$)"
)
_COUNT: Final = re.compile(r"(^|_)(num|number|count)(_|$)")
_MARK: Final = "PLACEHOLDER"


def no_disqualifier(profile: Profile) -> Iterator[Finding]:
    """The profile has a disqualifier."""
    if not profile.disqualifiers:
        yield Finding((), "no disqualifier; name who can never be a customer, such as partners and competitors")


def no_evidence(profile: Profile) -> Iterator[Finding]:
    """At least one criterion has evidence."""
    if not any(criterion.evidence for criterion in profile.criteria):
        yield Finding(("criteria",), "no criterion has evidence; write down why you believe in it, and since when")


def no_owner(profile: Profile) -> Iterator[Finding]:
    """The profile has an owner."""
    if not profile.profile.owner:
        yield Finding(("profile",), "no owner; name who answers for this profile")


def no_review_date(profile: Profile) -> Iterator[Finding]:
    """The profile has a review date."""
    if not profile.profile.review_by:
        yield Finding(("profile",), "no review_by; an ICP ages, write the day it must be looked at again")


def no_tests(profile: Profile) -> Iterator[Finding]:
    """The profile has tests."""
    if not profile.tests:
        yield Finding((), "no tests; describe a company of each tier, so that an edit cannot move it unnoticed")


def person_property(profile: Profile) -> Iterator[Finding]:
    """No match reads a property of contacts: a persona is a person, an ICP a company."""
    path_of: dict[str, str] = {}
    for path, question, match in iter_all_matches(profile):
        for leaf_path, leaf in iter_leaves(match, path):
            for name in leaf.own_properties or (question.own_properties if question else ()):
                if _PERSON.search(name) and not _COUNT.search(name):
                    path_of.setdefault(name, leaf_path)
    for name, path in path_of.items():
        message = f"{name} describes a person, and this judges companies; keep personas apart from the fit"
        yield Finding(parse_written_path(path), message)


def placeholder_texts(profile: Profile) -> Iterator[Finding]:
    """No label, evidence or reason holds the word PLACEHOLDER, which marks an undecided value."""
    for n, criterion in enumerate(profile.criteria):
        for key in ("label", "evidence"):
            if _MARK in (getattr(criterion, key) or ""):
                message = f"{criterion.id} holds a value nobody has decided; decide it and take {_MARK} away"
                yield Finding(("criteria", n, key), message)
        for m, partial in enumerate(criterion.partial):
            if _MARK in (partial.label or ""):
                message = f"{criterion.id} holds a value nobody has decided; decide it and take {_MARK} away"
                yield Finding(("criteria", n, "partial", m, "label"), message)
    for n, disqualifier in enumerate(profile.disqualifiers):
        if _MARK in (disqualifier.reason or ""):
            message = f"{disqualifier.id} holds a value nobody has decided; decide it and take {_MARK} away"
            yield Finding(("disqualifiers", n, "reason"), message)


def empty_words(profile: Profile) -> Iterator[Finding]:
    """No name is one of the words that count as an empty value, which answers no question."""
    for path, _, match in iter_all_matches(profile):
        for leaf_path, leaf in iter_leaves(match, path):
            names = leaf.argument if leaf.operator in NAMING else ()
            for n, name in enumerate(names if isinstance(names, tuple) else ()):
                if isinstance(name, str) and text_key(name) in EMPTY_KEYS:
                    message = f"{shorten(name)!r} counts as no value, so it is unknown whether a company has it"
                    written = (*parse_written_path(leaf_path), leaf.operator, n)
                    yield Finding(written, f"{message}; ask known: false, or leave the name out")


def unused_derived(profile: Profile) -> Iterator[Finding]:
    """Every derived value is read by a match."""
    read: set[str] = set()
    for path, question, match in iter_all_matches(profile):
        for _, leaf in iter_leaves(match, path):
            read.update(leaf.own_properties or (question.own_properties if question else ()))
    for name in profile.derive:
        if name not in read:
            advice = f"write property: {name} in a criterion or list, or remove it"
            yield Finding(("derive", name), f"nothing asks for {name}; {advice}")


def parse_written_path(written: str) -> Path:
    """Parses a written path: `criteria[3].match` → `("criteria", 3, "match")`."""
    return tuple(int(n) if n else key for n, key in re.findall(r"\[(\d+)\]|([^.\[\]]+)", written))


def unread_columns(profile: Profile) -> Iterator[Finding]:
    """Every property that a vendor fills is read elsewhere in the profile, or written."""
    used = properties_used_of_vendors(profile)
    for n, enrichment in enumerate(profile.enrichment):
        for header, name in enrichment.columns.items():
            if name not in used:
                message = f"no criterion reads {name}, so it decides nothing; leave the column out"
                yield Finding(("enrichment", n, "columns", header), message)
