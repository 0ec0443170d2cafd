"""A profile file's text → a profile that can be trusted, or every problem at once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from icp_sync.errors import ProfileInvalid
from icp_sync.profile.digest import digest, whole
from icp_sync.profile.lint import linted
from icp_sync.profile.model.profile import Profile
from icp_sync.profile.problems import Flaw, Lines, Problem, Unreadable, dotted
from icp_sync.profile.semantic import sensed
from icp_sync.profile.semantic.draft import cleared
from icp_sync.profile.shape.shape import shaped
from icp_sync.profile.source.encoding import checked
from icp_sync.profile.source.yaml import Tree, tree


@dataclass(frozen=True, slots=True)
class Loaded:
    """A valid profile, where its parts stand in the file, and advice on it.

    `digest` is what companies are stamped with; `file_digest` covers everything but comments.
    """

    profile: Profile
    lines: Lines
    warnings: tuple[Problem, ...]
    digest: str
    file_digest: str
    file: str

    def located(self, flaws: Iterable[Flaw]) -> tuple[Problem, ...]:
        """Further findings of `lint` about this profile, with their lines, in the order of the file."""
        return _problems(flaws, self.lines, self.file)


def load(text: str | bytes, file: str) -> Loaded:
    """The profile in `text`; `file` is only its name in messages.

    Raises ProfileInvalid with a Problem for each error, by line; a syntax error stands alone.
    """
    try:
        found = tree(checked(text))
    except Unreadable as error:
        raise _invalid(_problems([error.flaw], Lines({}), file), file) from error
    profile, flaws = _judged(found)
    if profile is None:
        raise _invalid(_problems(flaws, found.lines, file), file)
    warnings = _problems([*flaws, *linted(profile)], found.lines, file)
    return Loaded(profile, found.lines, warnings, digest(profile), whole(profile), file)


def _judged(found: Tree) -> tuple[Profile | None, list[Flaw]]:
    """The profile with the warnings about it, or None and every error."""
    profile, shape = shaped(found.data)
    flaws = [*found.flaws, *(flaw for flaw in shape if flaw.path not in found.blanks)]
    if isinstance(found.data, dict):
        refused = frozenset({*found.blanks, *(flaw.path for flaw in shape)})
        flaws += sensed(cleared(found.data, refused))
    errors = [flaw for flaw in flaws if flaw.severity == "error"]
    return (None, errors) if errors else (profile, flaws)


def _problems(flaws: Iterable[Flaw], lines: Lines, file: str) -> tuple[Problem, ...]:
    """Each once, in the order of the file."""
    found = {
        Problem(file, flaw.line or lines.at(flaw.path), dotted(flaw.path), flaw.message, flaw.severity, flaw.rule)
        for flaw in flaws
    }
    return tuple(sorted(found, key=lambda problem: (problem.line, problem.path, problem.message)))


def _invalid(problems: tuple[Problem, ...], file: str) -> ProfileInvalid:
    count = "one problem" if len(problems) == 1 else f"{len(problems):,} problems"
    return ProfileInvalid(f"{file} has {count}; correct it and try `icp-sync check`", details=problems)
