"""Options that stand in `.env` or a secrets file: the default of the command line, below the environment."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from icp_sync.cli.options import parted


def defaults_from_files() -> dict[str, Any]:
    """Parameter of a command → its value; empty where there is no such file. Raises UsageError for an unreadable one.

    The environment is click's to read. Without a file there is nothing to import pydantic-settings for, which takes a
    tenth of a second.
    """
    if not (Path(".env").exists() or Path(os.environ.get("ICP_SYNC_SECRETS_DIR") or "/run/secrets").is_dir()):
        return {}
    from icp_sync.settings import read_defaults

    settings = read_defaults()
    profiles, state = settings.icp_sync_profile, settings.icp_sync_state
    return {**({"profiles": parted(profiles)} if profiles else {}), **({"state": state} if state else {})}
