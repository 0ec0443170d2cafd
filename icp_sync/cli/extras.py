"""Imports the optional sandbox, or says how to install it."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from icp_sync.errors import ExtraMissing


def open_sandbox() -> Any:
    """The module `icp_sync.sandbox`. Raises ExtraMissing where the packages it needs are not installed."""
    try:
        return import_module("icp_sync.sandbox")
    except ModuleNotFoundError as error:
        raise ExtraMissing(
            f"the sandbox needs {error.name}, which is not installed; pip install 'icp-sync[sandbox]'"
        ) from error
