"""The name somebody meant."""

import pytest

from icp_sync.vocabulary.name_suggestions import nearest_name


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("wieght", "weight"),
        ("Weight", "weight"),
        ("has-any", "has_any"),
        ("Has Any", "has_any"),
        ("xyz", None),
        ("w" * 999, None),
    ],
)
def test_the_name_somebody_meant(word: str, meant: str | None) -> None:
    assert nearest_name(word, ["weight", "has_any", "match"]) == meant
