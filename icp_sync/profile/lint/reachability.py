"""What companies could be: criteria that nobody or everybody meets, tiers that nobody reaches."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from icp_sync.profile.findings import Finding, Path
from icp_sync.profile.lint.satisfiability import MOST, Company, SampleSpace, Thing
from icp_sync.profile.model.criteria import Condition, Criterion
from icp_sync.profile.model.match import Match
from icp_sync.profile.model.profile import Profile
from icp_sync.vocabulary.vocabulary import Vocabulary

_MOST_IN_ALL: Final = 20_000


def unsatisfiable(profile: Profile) -> Iterator[Finding]:
    """Every question is met by some company."""
    for path in _all_answering(profile, {False}):
        what = "it rules nobody out" if path[0] == "disqualifiers" else "no company can meet it"
        yield Finding(path, f"{what}, because its parts exclude each other; correct it or remove it")


def always_true(profile: Profile) -> Iterator[Finding]:
    """No question is met by every company."""
    for path in _all_answering(profile, {True}):
        what = "it rules everybody out" if path[0] == "disqualifiers" else "every company with a value meets it"
        yield Finding(path, f"{what}, so it tells none from another; make it narrower or remove it")


def tiers_out_of_reach(profile: Profile) -> Iterator[Finding]:
    """The best company there could be reaches every tier."""
    best = 100 * _best(profile) / sum(criterion.weight for criterion in profile.criteria)
    for n, tier in enumerate(profile.tiers):
        if round(best, 1) < tier.enter:
            message = f"no company can reach {tier.tier}, the best there could be scores {best:.1f}; lower it"
            yield Finding(("tiers", n, "enter"), message)


def _questions(profile: Profile) -> Iterator[tuple[Path, Condition, Match]]:
    for n, criterion in enumerate(profile.criteria):
        yield ("criteria", n, "match"), criterion, criterion.match
    for n, disqualifier in enumerate(profile.disqualifiers):
        yield ("disqualifiers", n, "match"), disqualifier, disqualifier.match


def words(profile: Profile) -> Vocabulary:
    """The vocabulary a profile is read with."""
    own = profile.vocabulary
    return Vocabulary.of(own.regions, own.technologies, own.industries)


def _all_answering(profile: Profile, answer: set[bool]) -> Iterator[Path]:
    """The questions to which every kind of company gives this answer, as far as trying them is worth the time."""
    known, left = words(profile), _MOST_IN_ALL
    for path, question, match in _questions(profile):
        kinds = SampleSpace([(question, match)], known)
        if kinds.count <= min(MOST, left):
            left -= kinds.count
            if {kinds.hit(question, match, company) for company in kinds} == answer:
                yield path


def _best(profile: Profile) -> float:
    """The most weight one company can earn; criteria that ask the same thing are tried together."""
    known, left, best = words(profile), _MOST_IN_ALL, 0.0
    for criteria in _together(profile, known):
        kinds = SampleSpace([(one, match) for one in criteria for match in _tried(one)], known)
        tried = kinds.count * len(criteria)
        if tried > min(MOST, left):
            best += sum(criterion.weight for criterion in criteria)
        else:
            left -= tried
            best += _best_of(kinds, criteria)
    return best


def _best_of(kinds: SampleSpace, criteria: list[Criterion]) -> float:
    return max(sum(one.weight * _credit(kinds, one, company) for one in criteria) for company in kinds)


def _credit(kinds: SampleSpace, criterion: Criterion, company: Company) -> float:
    if kinds.hit(criterion, criterion.match, company):
        return 1
    return next((one.credit for one in criterion.partial if kinds.hit(criterion, one.match, company)), 0)


def _tried(criterion: Criterion) -> Iterator[Match]:
    yield criterion.match
    for partial in criterion.partial:
        yield partial.match


def _together(profile: Profile, known: Vocabulary) -> list[list[Criterion]]:
    """The criteria in groups, such that no two groups ask the same thing."""
    kinds = SampleSpace([(one, match) for one in profile.criteria for match in _tried(one)], known)
    group_of: dict[Thing, list[Criterion]] = {}
    for criterion in profile.criteria:
        things = {thing for match in _tried(criterion) for thing in kinds.things(criterion, match)}
        groups = list({id(group): group for thing in things if (group := group_of.get(thing))}.values())
        joined = groups[0] if len(groups) == 1 else [one for group in groups for one in group]
        joined.append(criterion)
        if len(groups) > 1:
            group_of = {
                thing: joined if any(group is one for one in groups) else group for thing, group in group_of.items()
            }
        group_of.update(dict.fromkeys(things, joined))
    return list({id(group): group for group in group_of.values()}.values())
