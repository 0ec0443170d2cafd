"""Every place in a file has a line."""

import pytest

from icp_sync.profile.findings import LineIndex

LINES = LineIndex({(): 2, ("criteria",): 4, ("criteria", 0): 5, ("criteria", 0, "match"): 7})


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("criteria[0].match", 7),
        ("criteria[0].match.any[3].is", 7),
        ("criteria[0].weight", 5),
        ("write.tier", 2),
        ("", 2),
    ],
)
def test_a_place_the_file_lacks_has_the_line_of_what_is_around_it(path: str, line: int) -> None:
    assert LINES.line_of_text_path(path) == line


def test_a_file_without_lines_begins_in_the_first() -> None:
    assert LineIndex({}).line_of_path(("a", 1)) == 1
