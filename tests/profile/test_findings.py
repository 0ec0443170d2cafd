"""What a problem looks like to a person."""

from icp_sync.profile.findings import LocatedFinding, dotted_path
from icp_sync.text_truncation import shorten


def test_a_problem_reads_file_line_path_what_and_what_to_do() -> None:
    problem = LocatedFinding("icp.yaml", 12, "criteria[3].weight", "is -1; write a number more than 0")
    assert str(problem) == "icp.yaml:12: criteria[3].weight: is -1; write a number more than 0"


def test_a_problem_of_the_whole_file_names_no_path() -> None:
    assert str(LocatedFinding("icp.yaml", 1, "", "is empty; fill it")) == "icp.yaml:1: is empty; fill it"


def test_paths_count_from_zero_and_cut_long_keys() -> None:
    assert dotted_path(("criteria", 3, "match", "any", 0, "between")) == "criteria[3].match.any[0].between"
    assert len(dotted_path(("k" * 5000,))) == 60


def test_brief_text_is_one_line() -> None:
    assert shorten("a\n  b") == "a b"
    assert shorten("x" * 70, 10) == "xxxxxxxxx…"
