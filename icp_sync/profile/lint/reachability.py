"""Conditions that no company or every company meets, and tiers that no company can reach."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from icp_sync.profile.findings import Finding, Path
from icp_sync.profile.lint.satisfiability import MAX_SAMPLES, Company, SampleSpace, Variable
from icp_sync.profile.model.criteria import Condition, Criterion
from icp_sync.profile.model.match import Match
from icp_sync.profile.model.profile import Profile
from icp_sync.profile.vocabulary_names import vocabulary_with_own_terms
from icp_sync.vocabulary.vocabulary import Vocabulary

_MAX_SAMPLES_IN_ALL: Final = 20_000


def unsatisfiable(profile: Profile) -> Iterator[Finding]:
    """Every condition can be met."""
    for path in _paths_with_constant_answer(profile, {False}):
        what = "it rules nobody out" if path[0] == "disqualifiers" else "no company can meet it"
        yield Finding(path, f"{what}, because its parts exclude each other; correct it or remove it")


def always_true(profile: Profile) -> Iterator[Finding]:
    """No condition is met by every company."""
    for path in _paths_with_constant_answer(profile, {True}):
        what = "it rules everybody out" if path[0] == "disqualifiers" else "every company with a value meets it"
        yield Finding(path, f"{what}, so it tells none from another; make it narrower or remove it")


def tiers_out_of_reach(profile: Profile) -> Iterator[Finding]:
    """The highest score a company can have enters every tier."""
    best = 100 * _best_weight(profile) / sum(criterion.weight for criterion in profile.criteria)
    for n, tier in enumerate(profile.tiers):
        if round(best, 1) < tier.enter:
            message = f"no company can reach {tier.tier}, the best there could be scores {best:.1f}; lower it"
            yield Finding(("tiers", n, "enter"), message)


def _questions(profile: Profile) -> Iterator[tuple[Path, Condition, Match]]:
    for n, criterion in enumerate(profile.criteria):
        yield ("criteria", n, "match"), criterion, criterion.match
    for n, disqualifier in enumerate(profile.disqualifiers):
        yield ("disqualifiers", n, "match"), disqualifier, disqualifier.match


def _paths_with_constant_answer(profile: Profile, answer: set[bool]) -> Iterator[Path]:
    """Yields the conditions that give just this answer over their sample space; too large spaces are skipped."""
    known, left = vocabulary_with_own_terms(profile), _MAX_SAMPLES_IN_ALL
    for path, question, match in _questions(profile):
        space = SampleSpace([(question, match)], known)
        if space.count <= min(MAX_SAMPLES, left):
            left -= space.count
            if {space.company_hits_match(question, match, company) for company in space} == answer:
                yield path


def _best_weight(profile: Profile) -> float:
    """The most weight one company can earn; criteria that share a variable are evaluated together.

    A group with too many samples counts with its whole weight.
    """
    known, left, best = vocabulary_with_own_terms(profile), _MAX_SAMPLES_IN_ALL, 0.0
    for criteria in _independent_groups(profile, known):
        space = SampleSpace([(one, match) for one in criteria for match in _iter_criterion_matches(one)], known)
        tried = space.count * len(criteria)
        if tried > min(MAX_SAMPLES, left):
            best += sum(criterion.weight for criterion in criteria)
        else:
            left -= tried
            best += _best_in_space(space, criteria)
    return best


def _best_in_space(space: SampleSpace, criteria: list[Criterion]) -> float:
    return max(sum(one.weight * _sample_credit(space, one, company) for one in criteria) for company in space)


def _sample_credit(space: SampleSpace, criterion: Criterion, company: Company) -> float:
    if space.company_hits_match(criterion, criterion.match, company):
        return 1
    return next((one.credit for one in criterion.partial if space.company_hits_match(criterion, one.match, company)), 0)


def _iter_criterion_matches(criterion: Criterion) -> Iterator[Match]:
    yield criterion.match
    for partial in criterion.partial:
        yield partial.match


def _independent_groups(profile: Profile, known: Vocabulary) -> list[list[Criterion]]:
    """The criteria in groups, such that no two groups share a variable."""
    space = SampleSpace([(one, match) for one in profile.criteria for match in _iter_criterion_matches(one)], known)
    group_of: dict[Variable, list[Criterion]] = {}
    for criterion in profile.criteria:
        variables = {
            variable for match in _iter_criterion_matches(criterion) for variable in space.variables(criterion, match)
        }
        groups = list({id(group): group for variable in variables if (group := group_of.get(variable))}.values())
        merged = groups[0] if len(groups) == 1 else [one for group in groups for one in group]
        merged.append(criterion)
        if len(groups) > 1:
            group_of = {
                variable: merged if any(group is one for one in groups) else group
                for variable, group in group_of.items()
            }
        group_of.update(dict.fromkeys(variables, merged))
    return list({id(group): group for group in group_of.values()}.values())
