"""Settings from the environment, secrets files and `.env` in the working directory, the first of them winning."""

from __future__ import annotations

import datetime as dt
import logging
import os
import re
from pathlib import Path
from typing import Annotated, Final, Literal, TypeVar

from pydantic import BeforeValidator, Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, PydanticBaseSettingsSource, SettingsConfigDict, SettingsError

from icp_sync.errors import UsageError
from icp_sync.object_store.address import ObjectAddress, parse_address
from icp_sync.setting_values import DailyCalls, parse_daily_calls, parse_days, require_safe_address

DEFAULT_SECRETS: Final = Path("/run/secrets")


class OptionDefaults(BaseSettings):
    """Options that can also be set in a file; the command line wins."""

    model_config = SettingsConfigDict(env_file=".env", env_file_encoding="utf-8", extra="ignore", env_ignore_empty=True)

    icp_sync_profile: str | None = None
    icp_sync_state: str | None = None

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003 - pydantic-settings names its arguments
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The order of precedence: environment, secrets files, `.env`."""
        return init_settings, env_settings, file_secret_settings, dotenv_settings


# What editors put in front of a token and people around it; HubSpot's tokens are letters, digits, `-` and `_`.
_QUOTES: Final = "[\"'`\u2018-\u201f\u00ab\u00bb]"
_PASTING_MISTAKES: Final = (
    (
        re.compile(".*[\ufeff\u200b-\u200f\u2060]", re.DOTALL),
        "holds a byte order mark or another character nobody sees; save it as plain UTF-8 text without one",
    ),
    (
        re.compile(r"(export\s+)?[A-Za-z_][A-Za-z0-9_]*\s*=", re.DOTALL),
        "holds a line NAME=value; leave the value alone there",
    ),
    (re.compile(f"{_QUOTES}|.*{_QUOTES}$", re.DOTALL), "stands in quotes; leave them out"),
)


def _pasting_mistake(token: str) -> str | None:
    """Describes what was pasted around a token by mistake, without the token; None if nothing was."""
    return next((words for pattern, words in _PASTING_MISTAKES if pattern.match(token)), None)


class AlertSettings(OptionDefaults):
    """Who is told how a run ended. Read apart from the rest, so that another wrong setting can be told of."""

    icp_sync_notify: SecretStr | None = None
    icp_sync_ping: SecretStr | None = None
    icp_sync_metrics: Path | None = None

    @property
    def notify_urls(self) -> tuple[str, ...]:
        """The addresses in ICP_SYNC_NOTIFY; each is a secret."""
        return tuple(self.icp_sync_notify.get_secret_value().split()) if self.icp_sync_notify else ()

    @field_validator("icp_sync_ping")
    @classmethod
    def _check_ping_url(cls, value: SecretStr | None) -> SecretStr | None:
        """`/start` and the exit code are put at its end; an empty file is no address."""
        text = value.get_secret_value().strip() if value else ""
        if not text:
            return None
        return SecretStr(require_safe_address(text, "must end in its path, without a user, a query or a fragment"))

    @field_validator("icp_sync_metrics")
    @classmethod
    def _check_metrics_path(cls, value: Path | None) -> Path | None:
        """Prometheus' textfile collector reads no file of another name."""
        if value is None:
            return None
        if value.suffix != ".prom":
            raise ValueError("must name a file that ends in .prom, the only ones Prometheus' collector reads")
        try:
            return value.expanduser()
        except RuntimeError:
            raise ValueError("there is no home directory for its ~; write the whole path") from None


class StateSettings(OptionDefaults):
    """Where the state lies and whose it is; enough for what asks HubSpot nothing, and no secret but the ledger's."""

    icp_sync_portal_id: Annotated[int, Field(gt=0)] | None = None
    icp_sync_state_url: SecretStr | None = None
    icp_sync_snapshot_url: Annotated[ObjectAddress | None, NoDecode] = None
    icp_sync_keep: Annotated[dt.timedelta, NoDecode, BeforeValidator(parse_days)] = dt.timedelta(days=400)

    @field_validator("icp_sync_snapshot_url", mode="before")
    @classmethod
    def _parse_snapshot_address(cls, value: str | None) -> ObjectAddress | None:
        """An address with a key in it would stand in logs and reports."""
        try:
            return parse_address(value.strip()) if value else None
        except UsageError as error:
            raise ValueError(error.message) from None


class Settings(AlertSettings, StateSettings):
    """What a run needs to know besides its options."""

    hubspot_access_token: SecretStr | None = None
    hubspot_base_url: str = "https://api.hubapi.com"
    hubspot_api_version: Literal["v3", "2026-03", "2026-09"] = "v3"
    icp_sync_daily_calls: Annotated[DailyCalls | None, NoDecode, BeforeValidator(parse_daily_calls)] = None

    @field_validator("hubspot_access_token")
    @classmethod
    def _check_token(cls, value: SecretStr | None) -> SecretStr | None:
        """The token stripped, None if empty. Raises ValueError for one that cannot stand in a header."""
        token = value.get_secret_value().strip() if value else ""
        if mistake := _pasting_mistake(token):
            raise ValueError(mistake)
        if not (token.isascii() and token.isprintable()) or " " in token:
            raise ValueError("must be one word of plain characters, as HubSpot shows it")
        return SecretStr(token) if token else None

    @field_validator("hubspot_base_url")
    @classmethod
    def _check_base_url(cls, value: str) -> str:
        """The token travels in every request."""
        return require_safe_address(value, "must name a host alone, without a user, a query or a fragment")


Kind = TypeVar("Kind", bound=OptionDefaults)


def read_settings() -> Settings:
    """Reads the settings. Raises UsageError naming each invalid one, never its value."""
    return _load_settings(Settings)


def read_alert_settings() -> AlertSettings:
    """The settings of notices, ping and metrics alone. Raises UsageError likewise."""
    return _load_settings(AlertSettings)


def read_state_settings() -> StateSettings:
    """The settings of the state alone; the token is not read. Raises UsageError likewise."""
    return _load_settings(StateSettings)


def read_defaults() -> OptionDefaults:
    """Reads only the defaults of options, for commands that need no settings of a portal."""
    return _load_settings(OptionDefaults)


class _WarnOnceFilter(logging.Filter):
    """Logging filter that reports each unreadable line of `.env` once; a command reads the file several times."""

    def __init__(self) -> None:
        super().__init__()
        self._reported: set[tuple[object, ...]] = set()

    def filter(self, record: logging.LogRecord) -> bool:
        location = record.args if isinstance(record.args, tuple) else ()
        is_new = location not in self._reported
        self._reported.add(location)
        record.msg = "icp-sync: line %s of .env is not NAME=value and was left out; correct it or begin it with #"
        return is_new


logging.getLogger("dotenv.main").addFilter(_WarnOnceFilter())


def _load_settings(kind: type[Kind]) -> Kind:
    try:
        return kind(_secrets_dir=secrets_folder())
    except ValidationError as error:
        bad = [
            f"{_variable_name(problem['loc'])}: {_plain_message(problem['msg'])}"
            for problem in error.errors(include_input=False)
        ]
        raise UsageError(f"a setting is wrong: {'; '.join(bad)}", details=bad) from None
    except (SettingsError, OSError, UnicodeDecodeError) as error:
        what = error.reason if isinstance(error, UnicodeDecodeError) else error
        raise UsageError(
            f"the settings cannot be read ({what}); .env and secrets files are UTF-8 text this user may read"
        ) from None


def secrets_folder() -> Path | None:
    """The folder of secrets files: ICP_SYNC_SECRETS_DIR or /run/secrets; None if it does not exist."""
    folder = Path(os.environ.get("ICP_SYNC_SECRETS_DIR") or DEFAULT_SECRETS)
    return folder if folder.is_dir() else None


def _variable_name(place: tuple[int | str, ...]) -> str:
    return str(place[0]).upper()


def _plain_message(message: str) -> str:
    return message.removeprefix("Value error, ")
