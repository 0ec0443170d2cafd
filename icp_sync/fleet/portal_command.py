"""The command of one portal: its words, and an environment with the secrets of this portal and of no other."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from icp_sync.fleet.model import Portal
from icp_sync.fleet.secret_references import SecretResolver

_TRAVEL: Final = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY")
INHERITED: Final = frozenset(
    {
        *("PATH", "HOME", "USER", "LOGNAME", "TMPDIR", "TZ", "LANG", "LANGUAGE", "LC_ALL", "LC_CTYPE", "LC_MESSAGES"),
        *("PYTHONPATH", "PYTHONHOME", "PYTHONDONTWRITEBYTECODE", "LD_LIBRARY_PATH", "POLARS_MAX_THREADS"),
        *("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE", "SSL_CERT_DIR"),
        *_TRAVEL,
        *(name.lower() for name in _TRAVEL),
    }
)
"""What a child has from its fleet's environment: the machine's, nothing of a portal's. Everything else stays out."""
_PLAIN: Final = {
    "portal_id": "ICP_SYNC_PORTAL_ID",
    "snapshots": "ICP_SYNC_SNAPSHOT_URL",
    "daily_calls": "ICP_SYNC_DAILY_CALLS",
    "keep": "ICP_SYNC_KEEP",
    "metrics": "ICP_SYNC_METRICS",
    "base_url": "HUBSPOT_BASE_URL",
    "api_version": "HUBSPOT_API_VERSION",
}
"""Key of an entry → the variable of its process, for what is no secret."""
_VARIABLE: Final = re.compile(r"\b(?:ICP_SYNC|HUBSPOT)_[A-Z_]+\b")

OF_STORES: Final = ("AWS_", "AZURE_", "GOOGLE_")
"""How variables begin that object stores are reached by: the machine's identity, which all its portals have."""


@dataclass(frozen=True, slots=True)
class PortalCommand:
    """A portal's process before it starts. `folder`: where the fleet file lies; `state`: the portal's directory.

    Both are whole paths, since the process works elsewhere, on Ray on another machine.
    """

    portal: Portal
    words: tuple[str, ...]
    folder: Path
    state: Path

    def arguments(self) -> list[str]:
        """The command line; nothing secret is in it, since every user of the machine may read it."""
        profiles = [word for path in profile_paths(self.portal, self.folder) for word in ("--profile", str(path))]
        # -P: what lies in the state directory, where the child works, must not be imported.
        return [sys.executable, "-P", "-m", "icp_sync", *self.words, "--json", "--state", str(self.state), *profiles]

    def replace_variables_with_fleet_keys(self, text: str) -> str:
        """What the process said, with keys of the fleet file for the variables it speaks of."""
        words = {
            "HUBSPOT_ACCESS_TOKEN": self.portal.token,
            "ICP_SYNC_STATE_URL": self.portal.ledger,
            **{name: key for key, name in _PLAIN.items()},
        }
        return _VARIABLE.sub(lambda name: words.get(name[0]) or name[0], text)

    def environment(self, inherited: Mapping[str, str], vault: SecretResolver) -> dict[str, str]:
        """The variables of the child. Raises SecretMissing."""
        portal = self.portal
        secrets = {
            "HUBSPOT_ACCESS_TOKEN": portal.token,
            "ICP_SYNC_STATE_URL": portal.ledger,
            "ICP_SYNC_NOTIFY": portal.notify,
            "ICP_SYNC_PING": portal.ping,
        }
        plain = {name: getattr(portal, key) for key, name in _PLAIN.items()}
        if portal.metrics is not None:
            plain["ICP_SYNC_METRICS"] = str(_path_from(self.folder, portal.metrics))
        return {
            **{name: value for name, value in inherited.items() if name in INHERITED or self._is_store_variable(name)},
            # The secrets directory and `.env` hold what is other portals'; here is neither.
            "ICP_SYNC_SECRETS_DIR": os.devnull,
            **{name: str(value) for name, value in plain.items() if value is not None},
            **{name: vault.resolve(reference) for name, reference in secrets.items() if reference is not None},
        }

    def _is_store_variable(self, name: str) -> bool:
        """Whether a variable says how the object store is reached that the portal keeps its snapshots in."""
        return self.portal.snapshots is not None and name.startswith(OF_STORES)


def profile_paths(portal: Portal, folder: Path) -> Sequence[Path]:
    """The portal's profiles, or folders of them, as whole paths."""
    return tuple(_path_from(folder, profile) for profile in portal.profiles or ())


def state_path(portal: Portal, folder: Path, root: Path) -> Path:
    """The portal's state directory: its own, or one of its name below `root`."""
    return _path_from(folder, portal.state) if portal.state else (root / portal.name).absolute()


def _path_from(folder: Path, text: str) -> Path:
    """A path of the fleet file, which counts from the file's folder."""
    return folder / Path(text).expanduser()
