"""The options that commands share; each can also be set as `ICP_SYNC_<OPTION>`, two of them in `.env` or a secret."""

from __future__ import annotations

import datetime as dt
import functools
import os
import re
import stat
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import click

from icp_sync.cli.crash_handler import TRACE
from icp_sync.cli.option_types import (
    EachPathOption,
    FilePath,
    RepeatableOption,
    file_mode,
    require_distinct_files,
    split_env_value,
)
from icp_sync.cli.output import warn
from icp_sync.errors import UsageError

Command = Callable[..., Any]
DEFAULT_PROFILE: Final = Path("config/icp.yaml")
MAX_BECAUSE: Final = 200


@dataclass(frozen=True, slots=True)
class CommonOptions:
    """The values of the options every command accepts, even where it ignores them.

    `state`: the last that is named. `names_profile`, `named_states`: the option stands on the command line, so that
    later commands need it as well; of `--state` all that stand there.
    """

    profiles: tuple[Path, ...]
    state: Path | None
    as_json: bool
    quiet: bool
    names_profile: bool = False
    named_states: tuple[Path, ...] = ()

    @property
    def profile_files(self) -> tuple[Path, ...]:
        """The profile files of this run; a folder is replaced by the files in it, sorted by name."""
        return tuple(file for path in self.profiles or (DEFAULT_PROFILE,) for file in _expand_folder(path))

    def single_profile(self) -> Path:
        """The profile file of a command that takes exactly one."""
        if len(self.profile_files) > 1:
            raise click.UsageError("this command looks at one profile at a time; name one --profile")
        return self.profile_files[0]


def _expand_home(path: Path) -> Path:
    """Expands `~`, which no shell does in a variable read from a file."""
    try:
        return path.expanduser()
    except RuntimeError:
        raise click.UsageError(f"there is no home directory for the ~ in {path}; write the whole path") from None


def _expand_folder(path: Path) -> tuple[Path, ...]:
    if not stat.S_ISDIR(file_mode(path)):
        return (path,)
    profiles = tuple(sorted(file for file in path.iterdir() if file.suffix in {".yaml", ".yml"}))
    if not profiles:
        raise click.UsageError(f"there is no profile (*.yaml) in the folder {path}")
    return profiles


def defaults_from_files() -> dict[str, Any]:
    """Parameter of a command → its value by `.env` or a secrets file; empty where there is none.

    The environment, which click reads itself, and the command line win. Without a file pydantic-settings is not
    imported, which takes 0.1 s. Raises UsageError for an unreadable file.
    """
    if not (Path(".env").exists() or Path(os.environ.get("ICP_SYNC_SECRETS_DIR") or "/run/secrets").is_dir()):
        return {}
    from icp_sync.settings import read_defaults

    settings = read_defaults()
    profiles, state = settings.icp_sync_profile, settings.icp_sync_state
    return {**({"profiles": split_env_value(profiles)} if profiles else {}), **({"state": state} if state else {})}


def common_options(command: Command) -> Command:
    """Adds `--profile`, `--state`, `--json` and `--quiet`, passed to the command as one `CommonOptions`."""

    @click.option(
        "--profile", "profiles", cls=RepeatableOption, type=FilePath(path_type=Path, readable=False), multiple=True,
        envvar="ICP_SYNC_PROFILE",
        help=f"A profile file, or a folder of them; repeatable.  [default: {DEFAULT_PROFILE}]",
    )  # fmt: skip
    @click.option(
        "--state", cls=EachPathOption, type=FilePath(path_type=Path, file_okay=False, readable=False),
        multiple=True, envvar="ICP_SYNC_STATE",
        help="Where icp_sync remembers its runs.  [default: one directory per portal and profile, in the user's own]",
    )  # fmt: skip
    @click.option("--json", "as_json", is_flag=True, envvar="ICP_SYNC_JSON", help="One JSON document on stdout.")
    @click.option("--quiet", is_flag=True, envvar="ICP_SYNC_QUIET", help="No progress, and no summary of a success.")
    @functools.wraps(command)
    def with_common(
        *args: Any, profiles: tuple[Path, ...], state: tuple[Path, ...], as_json: bool, quiet: bool, **rest: Any
    ) -> Any:
        homes, states = tuple(map(_expand_home, profiles)), tuple(map(_expand_home, state))
        named_states = states if is_on_command_line("state") else ()
        state_used = states[-1] if states else None
        common = CommonOptions(homes, state_used, as_json, quiet, is_on_command_line("profiles"), named_states)
        require_distinct_files(click.get_current_context(), lambda: common.profile_files)
        TRACE.state = common.state or TRACE.state
        return command(*args, common=common, **rest)

    return with_common


def is_on_command_line(parameter: str) -> bool:
    """Whether an option stands on the command line, and not in a variable or a file."""
    return click.get_current_context().get_parameter_source(parameter) is click.core.ParameterSource.COMMANDLINE


def hide_options(*names: str) -> Callable[[Command], Command]:
    """Hides options the command ignores from its `--help`; they are still accepted."""

    def hide(command: Command) -> Command:
        for option in getattr(command, "__click_params__", []):
            option.hidden = option.hidden or option.name in names
        return command

    return hide


def allow_option(command: Command) -> Command:
    """Adds `--allow NAME`, checked against the known names."""
    from icp_sync.plan.guardrails import NAMES  # brings Polars, which only commands that plan need

    help_text = (
        f"A named, recorded override: a guardrail ({', '.join(NAMES)}), adopt (take over foreign tiers), "
        "adopt-list:NAME, forget-list:NAME (one the profile no longer keeps), other-portal (a state directory of "
        "another portal), stale (a plan older than 24 hours). Repeatable."
    )
    return click.option(
        "--allow",
        cls=RepeatableOption,
        multiple=True,
        metavar="NAME",
        envvar="ICP_SYNC_ALLOW",
        callback=_check_allow_names,
        help=help_text,
    )(command)


def because_option(command: Command) -> Command:
    """`--because TEXT`: kept in the ledger beside who ran the command."""
    return click.option(
        "--because", metavar="TEXT", envvar="ICP_SYNC_BECAUSE", callback=_check_reason,
        help=f"Why, kept in the ledger beside your user name and this host; at most {MAX_BECAUSE} characters.",
    )(command)  # fmt: skip


def _check_reason(_context: click.Context, _option: click.Parameter, text: str | None) -> str | None:
    """The reason without blanks around it. Refuses one that is too long, and the "…" of a printed command."""
    if text is not None and len(text) > MAX_BECAUSE:
        raise click.BadParameter(f"has {len(text)} characters, at most {MAX_BECAUSE} are kept; shorten it")
    # Pasted as it was printed it would stand in the ledger for good, as if somebody had given a reason.
    if text and text.strip() and not any(letter.isalnum() for letter in text):
        raise click.BadParameter(
            f'{text.strip()} stands for your reason; write why, such as --because "agreed with sales"'
        )
    return text.strip() or None if text else None


def full_extract_option(command: Command) -> Command:
    """Adds `--full`: read the whole portal instead of the changes since the snapshot."""
    return click.option(
        "--full",
        is_flag=True,
        envvar="ICP_SYNC_FULL",
        help="Read every company and every list anew, not only what changed since the snapshot.",
    )(command)


def as_of_option(command: Command, default: str = "today in the portal's time zone") -> Command:
    """Adds `--as-of DATE`: the day that relative dates count from."""
    return click.option(
        "--as-of", type=click.DateTime(["%Y-%m-%d"]), envvar="ICP_SYNC_AS_OF", metavar="DATE",
        help=f"The day dates are judged by.  [default: {default}]",
    )(command)  # fmt: skip


def warn_of_early_as_of(day: dt.date, read_on: dt.date) -> None:
    """Say where dates are judged by a day before the reading: what was entered since then counts all the same."""
    if day < read_on:
        warn(
            f"dates are judged by {day}, but the companies are as read on {read_on}: what was entered in between "
            "counts as if it had stood there on that day"
        )


def parse_column_map(options: tuple[str, ...]) -> dict[str, str]:
    """Header → property, "" leaves the column out. Raises UsageError for anything but `COLUMN=PROPERTY`."""
    mapped: dict[str, str] = {}
    for option in options:
        header, _, called = option.rpartition("=")
        name = _property_name(called.strip())
        if not header or name is None:
            raise UsageError(
                f"--map {option}: write COLUMN=PROPERTY, the property by its internal name or HubSpot's label of it"
            )
        if mapped.setdefault(header, name) != name:
            raise UsageError(f"--map {option}: the column is {mapped[header] or 'left out'} by another --map; keep one")
    return mapped


def _property_name(called: str) -> str | None:
    """The internal name that is written, or that HubSpot's standard property of this label has."""
    if re.fullmatch(r"([a-z][a-z0-9_]{0,99})?", called):
        return called
    from icp_sync.catalogue.export_labels import label_key, properties_by_label

    return properties_by_label().get(label_key(called))


def _check_allow_names(_context: click.Context, _option: click.Parameter, names: tuple[str, ...]) -> frozenset[str]:
    if not names:
        return frozenset()
    from icp_sync.plan.guardrails import NAMES

    known = {*NAMES, "adopt", "other-portal", "stale"}
    for name in names:
        kind, _, list_name = name.partition(":")
        names_a_list = kind in {"adopt-list", "forget-list"} and list_name
        if name not in known and not names_a_list:
            names_known = ", ".join(sorted(known))
            raise click.BadParameter(
                f"{name!r} cannot be allowed; what can be: {names_known}, adopt-list:NAME and forget-list:NAME"
            )
    return frozenset(names)
