"""Imports what is optional, or says how to install it."""

from __future__ import annotations

from collections.abc import Iterable
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from icp_sync.errors import ExtraMissing, UsageError


def import_sandbox() -> Any:
    """The module `icp_sync.sandbox`. Raises ExtraMissing where the packages it needs are not installed."""
    try:
        return import_module("icp_sync.sandbox")
    except ModuleNotFoundError as error:
        raise ExtraMissing(
            f"the sandbox needs {error.name}, which is not installed; pip install 'icp-sync[sandbox]'"
        ) from error


def missing_packages(modules: Iterable[str]) -> list[str]:
    """Of these packages, those that are not installed."""
    return [name for name in modules if find_spec(name) is None]


def require_extra(extra: str, *modules: str) -> None:
    """Raise UsageError, with the line that installs it, where a package of the extra is missing."""
    missing = missing_packages(modules)
    if missing:
        raise UsageError(
            f"this needs {' and '.join(missing)}, which {'is' if len(missing) == 1 else 'are'} not installed; "
            f"pip install 'icp-sync[{extra}]'"
        )
