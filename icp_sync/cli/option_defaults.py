"""Defaults of options from `.env` or a secrets file; the environment and the command line win."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from icp_sync.cli.option_types import split_env_value


def defaults_from_files() -> dict[str, Any]:
    """Parameter of a command → its value; empty where there is no such file. Raises UsageError for an unreadable one.

    click reads the environment itself. Without a file pydantic-settings is not imported, which takes 0.1 s.
    """
    if not (Path(".env").exists() or Path(os.environ.get("ICP_SYNC_SECRETS_DIR") or "/run/secrets").is_dir()):
        return {}
    from icp_sync.settings import read_defaults

    settings = read_defaults()
    profiles, state = settings.icp_sync_profile, settings.icp_sync_state
    return {**({"profiles": split_env_value(profiles)} if profiles else {}), **({"state": state} if state else {})}
