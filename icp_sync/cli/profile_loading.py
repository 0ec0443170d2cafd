"""Loads the profiles that a command names."""

from __future__ import annotations

import functools
import stat
from pathlib import Path

from icp_sync.cli.option_types import file_mode
from icp_sync.cli.options import CommonOptions
from icp_sync.errors import ProfileInvalid
from icp_sync.plan.multi_profile import profile_conflicts
from icp_sync.profile.load import LoadedProfile, parse_profile, parse_profile_name
from icp_sync.state.profile_file_io import read_profile_file


def load_profile(path: Path, option: str = "--profile") -> LoadedProfile:
    """The profile at `path`, which `option` named. Raises ProfileInvalid, also when there is no such file."""
    return parse_profile(_read(path, option), str(path))


def only_profile_name(common: CommonOptions) -> str:
    """The name of the one profile of a command that asks nothing else of it. Raises ProfileInvalid without a name."""
    path = common.single_profile()
    return parse_profile_name(_read(path), str(path))


def _read(path: Path, option: str = "--profile") -> bytes:
    is_pipe = stat.S_ISFIFO(file_mode(path))
    return _read_pipe(path, option) if is_pipe else read_profile_file(path, option).content


@functools.cache
def _read_pipe(path: Path, option: str) -> bytes:
    """What a pipe holds, which can be read only once; some commands load their profile twice."""
    return read_profile_file(path, option).content


def load_profiles(common: CommonOptions) -> list[LoadedProfile]:
    """The profiles of a run. Raises ProfileInvalid with the problems of all files, or why they cannot run together."""
    loaded, problems = [], []
    for path in common.profile_files:
        try:
            loaded.append(load_profile(path))
        except ProfileInvalid as invalid:
            problems.append(invalid)
    if problems:
        details = [detail for invalid in problems for detail in invalid.details]
        raise ProfileInvalid("; ".join(invalid.message for invalid in problems), details=details)
    if clashes := profile_conflicts(loaded):
        raise ProfileInvalid("these profiles cannot run together", details=clashes)
    return loaded
