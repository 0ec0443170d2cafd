"""What Ray is told by variables, which it reads as it is imported; so this comes first, and imports no Ray itself."""

from __future__ import annotations

import os
import secrets
from typing import Final

ONE_THREAD: Final = {"POLARS_MAX_THREADS": "1"}
"""A worker has one CPU; threads for each of the machine's would only wait for each other."""
_SILENT: Final = {"RAY_USAGE_STATS_ENABLED": "0"}
_LOOPBACK: Final = {"RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0"}
"""Named after the systems where it is the default: a Ray that is no cluster listens on loopback alone."""
_TOKEN: Final = "RAY_AUTH_TOKEN"  # noqa: S105 - the name of a variable


def prepare_ray(address: str | None) -> None:
    """Set the variables. A Ray of our own (`address` None) asks every process for a token only its own know."""
    os.environ.update(_SILENT)
    if address is None:
        # One for the life of this process, since Ray keeps the first it reads.
        os.environ.setdefault(_TOKEN, secrets.token_hex(32))
        os.environ.update(_LOOPBACK | ONE_THREAD | {"RAY_AUTH_MODE": "token"})
    else:
        # By default twenty times, which is a quarter of an hour where something else than Ray listens.
        os.environ.setdefault("RAY_NUM_REDIS_GET_RETRIES", "1")
