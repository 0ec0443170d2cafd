"""Addresses of objects: `s3://bucket/key`, `gs://…`, `az://…`, `abfs://container@account.dfs.core.windows.net/key`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Final

from icp_sync.errors import UsageError

SCHEMES: Final = ("s3", "gs", "az", "abfs", "abfss")
_URL: Final = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://")
_AZURE_HOST: Final = re.compile(r"[A-Za-z0-9$-]+@[a-z0-9]+\.(dfs|blob)\.(core\.windows\.net|fabric\.microsoft\.com)")
_BUCKET: Final = re.compile(r"[A-Za-z0-9._-]+")
_SIGNED: Final = re.compile(r"[?&](sig|X-Amz-Signature|X-Goog-Signature|AWSAccessKeyId)=")


@dataclass(frozen=True, slots=True, order=True)
class ObjectAddress:
    """An object, or a folder of them. `root`: scheme and bucket; `key`: the name in it, without slashes at its ends."""

    root: str
    key: str = ""

    def __str__(self) -> str:
        return f"{self.root}/{self.key}"

    def __truediv__(self, name: str) -> ObjectAddress:
        return ObjectAddress(self.root, f"{self.key}/{name}" if self.key else name)

    @property
    def name(self) -> str:
        return PurePosixPath(self.key).name

    @property
    def suffix(self) -> str:
        return PurePosixPath(self.key).suffix

    @property
    def bucket(self) -> str:
        """The bucket's or container's name."""
        return self.root.partition("://")[2].partition("@")[0]

    def contains(self, other: ObjectAddress) -> bool:
        """Whether the other is this object or lies below it."""
        return self.root == other.root and f"{other.key}/".startswith(f"{self.key}/" if self.key else "")


def is_url(text: str) -> bool:
    """Whether a text is an address with a scheme, of whatever kind, and no path."""
    return bool(_URL.match(text))


def parse_address(text: str) -> ObjectAddress:
    """The address. Raises UsageError, which never repeats the text, for one that names no bucket or holds a secret."""
    match = _URL.match(text)
    scheme = match[1].lower() if match else ""
    if match is None or scheme not in SCHEMES:
        raise UsageError(
            f"is no address icp-sync knows; write {', '.join(f'{name}://' for name in SCHEMES)} and a bucket"
        )
    host, _, key = text[match.end() :].partition("/")
    if _has_secret(text, scheme, host):
        raise UsageError("holds credentials; leave them out, they are read from the environment")
    if not (_AZURE_HOST if "@" in host else _BUCKET).fullmatch(host):
        raise UsageError(f"names no bucket; write {scheme}://BUCKET/PREFIX")
    return ObjectAddress(f"{scheme}://{host}", key.strip("/"))


def _has_secret(text: str, scheme: str, host: str) -> bool:
    user, at, _ = host.rpartition("@")
    # In an address of Azure's the container stands where others have a user.
    names_user = bool(at) and (":" in user or not scheme.startswith("abfs"))
    return names_user or bool(_SIGNED.search(text))
