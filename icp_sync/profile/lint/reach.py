"""What companies could be: criteria that nobody or everybody meets, tiers that nobody reaches."""

from __future__ import annotations

from collections.abc import Iterator

from icp_sync.profile.lint.possible import MOST, Company, Kinds
from icp_sync.profile.match import Match
from icp_sync.profile.model import Criterion, Profile, Question
from icp_sync.profile.problem import Flaw, Path
from icp_sync.vocabulary.overlay import Vocabulary


def nobody(profile: Profile) -> Iterator[Flaw]:
    """Every question is met by some company."""
    for path, question, match in _questions(profile):
        if _answers(profile, question, match) == {False}:
            what = "it rules nobody out" if path[0] == "disqualifiers" else "no company can meet it"
            yield Flaw(path, f"{what}, because its parts exclude each other; correct it or remove it")


def everybody(profile: Profile) -> Iterator[Flaw]:
    """No question is met by every company."""
    for path, question, match in _questions(profile):
        if _answers(profile, question, match) == {True}:
            what = "it rules everybody out" if path[0] == "disqualifiers" else "every company with a value meets it"
            yield Flaw(path, f"{what}, so it tells none from another; make it narrower or remove it")


def tiers_out_of_reach(profile: Profile) -> Iterator[Flaw]:
    """The best company there could be reaches every tier."""
    best = 100 * _best(profile) / sum(criterion.weight for criterion in profile.criteria)
    for n, tier in enumerate(profile.tiers):
        if round(best, 1) < tier.enter:
            message = f"no company can reach {tier.tier}, the best there could be scores {best:.1f}; lower it"
            yield Flaw(("tiers", n, "enter"), message)


def _questions(profile: Profile) -> Iterator[tuple[Path, Question, Match]]:
    for n, criterion in enumerate(profile.criteria):
        yield ("criteria", n, "match"), criterion, criterion.match
    for n, disqualifier in enumerate(profile.disqualifiers):
        yield ("disqualifiers", n, "match"), disqualifier, disqualifier.match


def words(profile: Profile) -> Vocabulary:
    """The vocabulary a profile is read with."""
    own = profile.vocabulary
    return Vocabulary.of(own.regions, own.technologies, own.industries)


def _answers(profile: Profile, question: Question, match: Match) -> set[bool]:
    """What companies answer; both where there are too many kinds to try."""
    kinds = Kinds([(question, match)], words(profile))
    return {True, False} if len(kinds) > MOST else {kinds.hit(question, match, company) for company in kinds}


def _best(profile: Profile) -> float:
    """The most weight one company can earn; criteria that ask the same thing are tried together."""
    return sum(_best_of(profile, together) for together in _together(profile))


def _best_of(profile: Profile, criteria: list[Criterion]) -> float:
    kinds = Kinds([(one, match) for one in criteria for match in _tried(one)], words(profile))
    if len(kinds) * len(criteria) > MOST:
        return sum(criterion.weight for criterion in criteria)
    return max(sum(one.weight * _credit(kinds, one, company) for one in criteria) for company in kinds)


def _credit(kinds: Kinds, criterion: Criterion, company: Company) -> float:
    if kinds.hit(criterion, criterion.match, company):
        return 1
    return next((one.credit for one in criterion.partial if kinds.hit(criterion, one.match, company)), 0)


def _tried(criterion: Criterion) -> Iterator[Match]:
    yield criterion.match
    for partial in criterion.partial:
        yield partial.match


def _together(profile: Profile) -> list[list[Criterion]]:
    """The criteria in groups, such that no two groups ask the same thing."""
    kinds = Kinds([(one, match) for one in profile.criteria for match in _tried(one)], words(profile))
    groups: list[tuple[set[tuple[str, ...]], list[Criterion]]] = []
    for criterion in profile.criteria:
        things = {thing for match in _tried(criterion) for thing in kinds.things(criterion, match)}
        sharing = [group for group in groups if group[0] & things]
        groups = [group for group in groups if not group[0] & things]
        groups.append((things.union(*(group[0] for group in sharing)), [one for group in sharing for one in group[1]]))
        groups[-1][1].append(criterion)
    return [criteria for _, criteria in groups]
