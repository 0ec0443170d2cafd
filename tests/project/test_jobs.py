"""The jobs: under thirty lines and one call of the command line each."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.project.commands import problems

JOBS = sorted((Path(__file__).parents[2] / "jobs").glob("*.py"))
WORDS = {
    "backfill": ["backfill", "--yes"],
    "nightly": ["run", "--quiet"],
    "weekly_full": ["run", "--full", "--quiet"],
}


def calls_of_main(job: Path) -> list[ast.Call]:
    tree = ast.parse(job.read_text(encoding="utf-8"))
    return [node for node in ast.walk(tree) if isinstance(node, ast.Call) and ast.unparse(node.func) == "main"]


def test_these_are_the_jobs() -> None:
    assert [job.stem for job in JOBS] == sorted(WORDS)


@pytest.mark.parametrize("job", JOBS, ids=lambda job: job.stem)
def test_a_job_is_under_thirty_lines(job: Path) -> None:
    assert len(job.read_text(encoding="utf-8").splitlines()) < 30


@pytest.mark.parametrize("job", JOBS, ids=lambda job: job.stem)
def test_a_job_is_one_call_and_passes_its_own_arguments_on(job: Path) -> None:
    (call,) = calls_of_main(job)
    words = ", ".join(f"'{word}'" for word in WORDS[job.stem])
    assert [ast.unparse(argument) for argument in call.args] == [f"[{words}, *sys.argv[1:]]"]


@pytest.mark.parametrize("job", JOBS, ids=lambda job: job.stem)
def test_the_command_line_knows_what_a_job_asks_for(job: Path) -> None:
    assert problems(WORDS[job.stem]) == []
