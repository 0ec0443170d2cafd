"""Plain words become values by the YAML 1.2 core schema."""

import math

import pytest

from icp_sync.profile.source.yaml_scalars import resolve_scalar

TEXTS = "NO no on off yes y 12:30 2027-02-01 1_000 1,000 0b1 1e - + . << 10% 01067 007 -01 00.5 0x 0o8 inf nan tRUE"
VALUES = [
    ("0", 0), ("-12", -12), ("+3", 3), ("0x1F", 31), ("0o17", 15), ("9" * 40, int("9" * 40)),
    ("0.5", 0.5), (".5", 0.5), ("1.", 1.0), ("1e3", 1000.0), ("1e999", math.inf), ("-.INF", -math.inf),
    ("true", True), ("FALSE", False), ("null", None), ("~", None), ("", None),
]  # fmt: skip


@pytest.mark.parametrize("word", [*TEXTS.split(), "9" * 41])
def test_everything_outside_the_core_schema_stays_text(word: str) -> None:
    assert resolve_scalar(word) == word


@pytest.mark.parametrize(("word", "value"), VALUES)
def test_the_core_schemas_words_have_values(word: str, value: object) -> None:
    assert resolve_scalar(word) == value


@pytest.mark.parametrize("word", ["1.10", "+49", "0x1F", "-0"])
def test_a_number_remembers_how_it_was_written(word: str) -> None:
    assert str(resolve_scalar(word)) == word


def test_not_a_number_is_read_as_such() -> None:
    value = resolve_scalar(".nan")
    assert isinstance(value, float)
    assert math.isnan(value)
