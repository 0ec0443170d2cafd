"""Settings: environment, then secrets files, then `.env` in the working directory. Read by the command line only."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Final, Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from icp_sync.errors import UsageRefused

DEFAULT_SECRETS: Final = Path("/run/secrets")
LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "::1"})


class Settings(BaseSettings):
    """What a run needs to know besides its options; options given on the command line win."""

    model_config = SettingsConfigDict(
        env_file=".env", env_file_encoding="utf-8", extra="ignore", env_ignore_empty=True
    )

    hubspot_access_token: SecretStr | None = None
    hubspot_base_url: str = "https://api.hubapi.com"
    hubspot_api_version: Literal["v3", "2026-03"] = "v3"
    icp_sync_portal_id: Annotated[int, Field(gt=0)] | None = None
    icp_sync_profile: str | None = None
    icp_sync_state: str | None = None

    @field_validator("hubspot_base_url")
    @classmethod
    def _safe_address(cls, value: str) -> str:
        """The token travels in every request: only https, or a portal on this very machine."""
        address = urlsplit(value)
        if address.scheme == "https" and address.hostname:
            return value.rstrip("/")
        if address.scheme == "http" and address.hostname in LOOPBACK:
            return value.rstrip("/")
        raise ValueError("must be an https address, or http on loopback")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The design's order: environment, secrets files, `.env`."""
        return init_settings, env_settings, file_secret_settings, dotenv_settings


def read_settings() -> Settings:
    """The settings as this process finds them. Raises UsageRefused naming each bad one, never its value."""
    folder = Path(os.environ.get("ICP_SYNC_SECRETS_DIR") or DEFAULT_SECRETS)
    try:
        return Settings(_secrets_dir=folder if folder.is_dir() else None)
    except ValidationError as error:
        bad = [f"{str(one['loc'][0]).upper()}: {one['msg']}" for one in error.errors()]
        raise UsageRefused(f"a setting is wrong: {'; '.join(bad)}", details=bad) from None
