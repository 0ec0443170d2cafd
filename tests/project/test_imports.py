"""Importing icp_sync works nothing out: commands start quickly, and a process forked after it inherits no locks."""

from __future__ import annotations

import subprocess
import sys

IMPORT_ALL = """
import importlib, pkgutil
import polars as pl

def refuse(*_, **__):
    raise AssertionError("a query runs while modules are imported")

pl.LazyFrame.collect = refuse
import importlib.util
without = () if importlib.util.find_spec("ray") else ("icp_sync.cluster.",)  # an extra that `make ray` installs
import icp_sync
for module in pkgutil.walk_packages(icp_sync.__path__, "icp_sync."):
    if not module.name.endswith("__main__") and not module.name.startswith(without):
        importlib.import_module(module.name)
"""


def test_no_module_runs_a_query_when_it_is_imported() -> None:
    ended = subprocess.run([sys.executable, "-c", IMPORT_ALL], capture_output=True, text=True, check=False)

    assert (ended.returncode, ended.stderr) == (0, "")
