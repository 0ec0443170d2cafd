"""The scale model: what was measured comes out of it unchanged, and every number says where it comes from."""

from __future__ import annotations

import re

import pytest

from tests.benchmarks.__main__ import MEASURES
from tools import scale_model
from tools.scale_model import TABLES, Constant, constants, first_plan, first_run, night

ONE = re.compile(r"python -m tests\.benchmarks (\w+)")


def test_every_constant_says_where_it_comes_from() -> None:
    for name, constant in constants().items():
        assert constant.how in {"measured", "documented", "simulated", "assumed"}, name
        assert constant.source, name
        assert constant.unit, name


def test_every_benchmark_named_is_one() -> None:
    named = {benchmark for constant in constants().values() for benchmark in ONE.findall(constant.source)}
    assert {"scale", "universe", "simulated_fleet", "simulated_universe"} <= named <= set(MEASURES)


@pytest.mark.parametrize(("companies", "name"), [(20_000, "20k"), (100_000, "100k"), (1_000_000, "1m")])
def test_what_was_measured_comes_out_as_it_was(companies: int, name: str) -> None:
    plan = first_plan(companies)
    assert (plan.cpu, plan.peak) == pytest.approx(
        (constants()[f"plan_cpu_{name}"].value, constants()[f"plan_peak_{name}"].value)
    )
    assert night(companies).peak == pytest.approx(constants()[f"night_peak_{name}"].value)


def test_reading_takes_a_call_for_a_page_and_writing_two() -> None:
    fixed = constants()["fixed_calls"].value
    assert first_plan(1_000_000).calls == 10_000 + fixed
    assert first_run(1_000_000).calls == 30_000 + fixed
    # 10,000 edited: 50 searches; 2,000 of them written: 20 looks and 20 writes.
    assert night(1_000_000).calls == 50 + 40 + fixed


@pytest.mark.parametrize("name", list(constants()))
def test_every_constant_counts(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten times as much of it changes a number of a table beside the constants' own."""
    before = [make() for table, make in TABLES.items() if table != "scale_constants"]
    one = constants()[name]
    changed = constants() | {name: Constant(one.value * 10, one.unit, one.how, one.source)}
    monkeypatch.setattr(scale_model, "constants", lambda: changed)
    assert [make() for table, make in TABLES.items() if table != "scale_constants"] != before
