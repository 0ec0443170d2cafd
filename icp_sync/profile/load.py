"""A profile file's text → a profile that can be trusted, or every problem at once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from icp_sync.errors import ProfileInvalid
from icp_sync.profile.digest import file_digest, scoring_digest
from icp_sync.profile.findings import Finding, LineIndex, LocatedFinding, SourceError, dotted
from icp_sync.profile.lint import lint_profile
from icp_sync.profile.model.profile import Profile
from icp_sync.profile.semantic import semantic_problems
from icp_sync.profile.semantic.draft import without_invalid
from icp_sync.profile.shape.shape import validate_shape
from icp_sync.profile.source.encoding import decode_checked
from icp_sync.profile.source.yaml import YamlDocument, tree


@dataclass(frozen=True, slots=True)
class LoadedProfile:
    """A valid profile, where its parts stand in the file, and advice on it.

    `digest` is what companies are stamped with; `file_digest` covers everything but comments.
    """

    profile: Profile
    lines: LineIndex
    warnings: tuple[LocatedFinding, ...]
    digest: str
    file_digest: str
    file: str

    def located(self, flaws: Iterable[Finding]) -> tuple[LocatedFinding, ...]:
        """Further findings of `lint` about this profile, with their lines, in the order of the file."""
        return _problems(flaws, self.lines, self.file)


def load(text: str | bytes, file: str) -> LoadedProfile:
    """The profile in `text`; `file` is only its name in messages.

    Raises ProfileInvalid with a Problem for each error, by line; a syntax error stands alone.
    """
    try:
        found = tree(decode_checked(text))
    except SourceError as error:
        raise _invalid(_problems([error.flaw], LineIndex({}), file), file) from error
    profile, flaws = _validate(found)
    if profile is None:
        raise _invalid(_problems(flaws, found.lines, file), file)
    warnings = _problems([*flaws, *lint_profile(profile)], found.lines, file)
    return LoadedProfile(profile, found.lines, warnings, scoring_digest(profile), file_digest(profile), file)


def _validate(found: YamlDocument) -> tuple[Profile | None, list[Finding]]:
    """The profile with the warnings about it, or None and every error."""
    profile, shape = validate_shape(found.data)
    flaws = [*found.flaws, *(flaw for flaw in shape if flaw.path not in found.blanks)]
    if isinstance(found.data, dict):
        refused = frozenset({*found.blanks, *(flaw.path for flaw in shape)})
        flaws += semantic_problems(without_invalid(found.data, refused))
    errors = [flaw for flaw in flaws if flaw.severity == "error"]
    return (None, errors) if errors else (profile, flaws)


def _problems(flaws: Iterable[Finding], lines: LineIndex, file: str) -> tuple[LocatedFinding, ...]:
    """Each once, in the order of the file."""
    found = {
        LocatedFinding(
            file, flaw.line or lines.at(flaw.path), dotted(flaw.path), flaw.message, flaw.severity, flaw.rule
        )
        for flaw in flaws
    }
    return tuple(sorted(found, key=lambda problem: (problem.line, problem.path, problem.message)))


def _invalid(problems: tuple[LocatedFinding, ...], file: str) -> ProfileInvalid:
    count = "one problem" if len(problems) == 1 else f"{len(problems):,} problems"
    return ProfileInvalid(f"{file} has {count}; correct it and try `icp-sync check`", details=problems)
