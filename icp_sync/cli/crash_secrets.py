"""The secrets this process knows, so that what is written about a crash can be searched for them."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from typing import Final
from urllib.parse import unquote

from icp_sync.errors import IcpSyncError

HIDDEN: Final = "***"
_SETTINGS: Final = ("HUBSPOT_ACCESS_TOKEN", "ICP_SYNC_NOTIFY", "ICP_SYNC_PING", "ICP_SYNC_STATE_URL")
_OF_STORES: Final = re.compile(r"(AWS|AZURE|GOOGLE)_.*(KEY|SAS|SECRET|TOKEN).*", re.IGNORECASE)
"""Variables and storage options that hold credentials of an object store."""
_TOKEN: Final = re.compile(r"pat-[a-z0-9]+-[A-Za-z0-9-]+")
_SHORTEST_PART: Final = 4
"""Letters of a part of an address that is masked by itself; shorter ones stand in any text."""
_LOCAL: Final = "sqlite:"
"""The scheme of an address that is a path, and no secret."""


def mask_secrets(text: str) -> str:
    """The text without a token, an address for messages or pings or a database's address, whole or in parts."""
    for secret in sorted({*_secrets()}, key=len, reverse=True):
        text = text.replace(secret, HIDDEN)
    return _TOKEN.sub(HIDDEN, text)


def _secrets() -> Iterator[str]:
    """Each secret, and the parts of those that are addresses: in `slack://a/b/c` every part is one."""
    named = (value for name, value in os.environ.items() if name in _SETTINGS or _OF_STORES.fullmatch(name))
    for value in (*_setting_secrets(), *named, *_storage_option_secrets()):
        for word in value.split():
            if word.startswith(_LOCAL):
                continue
            yield word
            _, _, address = word.partition("://")
            parts = [part for part in re.split(r"[/:@?&=#]+", address) if len(part) >= _SHORTEST_PART]
            yield from (*parts, *map(unquote, parts))


def _storage_option_secrets() -> Iterator[str]:
    """The secrets among the storage options in the environment; those of the command line are masked there."""
    for option in re.split(r"[\n\r,]", os.environ.get("ICP_SYNC_STORAGE_OPTION", "")):
        key, _, value = option.partition("=")
        if _OF_STORES.fullmatch(key.strip()):
            yield value


def _setting_secrets() -> Iterator[str]:
    """The secrets among the settings, also those of files; none where they cannot be read."""
    from icp_sync.settings import read_settings

    try:
        settings = read_settings()
    except IcpSyncError:
        return
    for name in _SETTINGS:
        secret = getattr(settings, name.lower())
        if secret is not None:
            yield secret.get_secret_value()
