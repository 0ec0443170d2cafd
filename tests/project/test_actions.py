"""The GitHub Actions workflows: parsed, pinned, with few rights, and starting only what exists."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from tests.project.commands import problems

ROOT = Path(__file__).parents[2]
FILES = sorted((ROOT / "jobs" / "schedules").glob("github-*.yaml"))
WORKFLOWS: dict[str, dict[str, Any]] = {path.stem: YAML(typ="safe", pure=True).load(path.read_text()) for path in FILES}
NIGHTLY, PLAN, APPROVE = (WORKFLOWS[name] for name in ("github-nightly", "github-plan", "github-approve"))
HOLDERS = {"github-nightly": "Run", "github-plan": "Plan", "github-approve": "Apply"}
EACH = pytest.mark.parametrize("name", WORKFLOWS)


def job(name: str) -> dict[str, Any]:
    (only_job,) = WORKFLOWS[name]["jobs"].values()
    return dict(only_job)


def step(name: str, title: str) -> dict[str, Any]:
    return next(one for one in job(name)["steps"] if one.get("name", "").startswith(title))


def test_these_are_the_workflows() -> None:
    assert [*WORKFLOWS] == ["github-approve", "github-nightly", "github-plan"]


@EACH
def test_a_workflow_may_read_the_repository_and_no_more(name: str) -> None:
    assert WORKFLOWS[name]["permissions"] == {"contents": "read"}
    assert job(name)["steps"][0]["with"] == {"persist-credentials": False}


@EACH
def test_every_action_is_pinned_to_a_commit_and_says_of_which_version(name: str) -> None:
    text = (ROOT / "jobs" / "schedules" / f"{name}.yaml").read_text()
    used = re.findall(r"uses: (.+)", text)
    assert used
    assert [one for one in used if not re.fullmatch(r"actions/[\w/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", one)] == []


@EACH
def test_the_key_is_seen_by_the_one_step_that_needs_it(name: str) -> None:
    holders = [one["name"] for one in job(name)["steps"] if "secrets." in str(one)]
    assert holders == [HOLDERS[name]]
    assert "environment" in job(name)
    assert "secrets." not in str(job(name).get("env"))


def test_each_night_has_one_run_and_they_never_meet() -> None:
    assert [one["cron"] for one in NIGHTLY["on"]["schedule"]] == ["17 2 * * 1-6", "17 2 * * 0"]
    assert NIGHTLY["concurrency"] == {"group": "icp-sync", "cancel-in-progress": False}


def test_the_weekly_run_is_the_full_one() -> None:
    run = step("github-nightly", "Run")["run"]
    chosen = re.fullmatch(
        r"icp-sync run \$\{\{ github\.event\.schedule == '(.+?)' && '(.+?)' \|\| '' \}\} --quiet", run
    )
    assert chosen is not None
    assert chosen[1] == NIGHTLY["on"]["schedule"][1]["cron"]
    assert problems(["run", chosen[2], "--quiet"]) == []


@pytest.mark.parametrize("name", ["github-nightly", "github-approve"])
def test_state_is_taken_up_and_laid_down_again_also_after_a_failure(name: str) -> None:
    restored, saved = step(name, "What the last run")["with"], step(name, "Remember")
    assert saved["if"] == "always()"
    assert saved["with"] == {key: restored[key] for key in ("path", "key")}
    assert saved["with"]["key"].startswith(restored["restore-keys"])
    assert job(name)["env"]["ICP_SYNC_STATE"].endswith("/" + saved["with"]["path"])


def test_an_approval_takes_up_the_state_of_the_night_and_never_meets_it() -> None:
    taken_up = [step(name, "What the last run")["with"] for name in ("github-approve", "github-nightly")]
    assert taken_up[0] == taken_up[1]
    assert APPROVE["concurrency"] == NIGHTLY["concurrency"]


def test_what_is_typed_into_an_approval_is_never_a_part_of_a_command() -> None:
    apply = step("github-approve", "Apply")
    assert {*APPROVE["on"]["workflow_dispatch"]["inputs"]} == {"plan", "allow", "because"}
    assert "inputs." not in apply["run"]
    assert problems(apply["run"].split()[1:]) == []
    assert {"ICP_SYNC_ALLOW", "PLAN", "BECAUSE"} <= apply["env"].keys()


def test_a_pull_request_writes_no_state_and_takes_up_that_of_the_night() -> None:
    assert not [one for one in job("github-plan")["steps"] if "cache/save" in one.get("uses", "")]
    nightly = step("github-nightly", "What the last run")["with"]
    assert step("github-plan", "What the last nightly run")["with"]["restore-keys"] == nightly["restore-keys"]


def test_a_pull_request_that_changes_the_profile_is_planned() -> None:
    assert PLAN["on"]["pull_request"]["paths"] == ["config/*.yaml"]
    words = re.search(r"icp-sync (plan[^>]+)>", step("github-plan", "Plan")["run"])
    assert words is not None
    assert problems(words[1].split()) == []
    assert "--exit-code" in words[1]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_what_is_installed_is_there(path: Path) -> None:
    assert all((ROOT / file).is_file() for file in re.findall(r"--requirement (\S+)", path.read_text()))
