"""The schedules: valid for the machine that reads them, and naming only commands that exist."""

from __future__ import annotations

import re
import subprocess
import sys
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from tests.project.commands import problems

ROOT = Path(__file__).parents[2]
SCHEDULES = ROOT / "jobs" / "schedules"
CRONTAB = (SCHEDULES / "crontab").read_text(encoding="utf-8")
KUBERNETES = (SCHEDULES / "kubernetes.yaml").read_text(encoding="utf-8")
SYSTEMD = (SCHEDULES / "icp-sync.service").read_text(encoding="utf-8")
ACTIONS = (SCHEDULES / "github-nightly.yaml").read_text(encoding="utf-8")
APPROVE = YAML(typ="safe", pure=True).load((SCHEDULES / "kubernetes-approve.yaml").read_text(encoding="utf-8"))
DOCUMENTS: list[dict[str, Any]] = list(YAML(typ="safe", pure=True).load_all(KUBERNETES))
CRON_JOBS = {document["metadata"]["name"]: document["spec"] for document in DOCUMENTS if document["kind"] == "CronJob"}
LIMITS = [(0, 59), (0, 23), (1, 31), (1, 12), (0, 7)]
EXIT_CODES = ["1", "2", "4", "5"]


def is_cron(schedule: str) -> bool:
    """Five fields of `*`, numbers and ranges within their limits."""
    fields = schedule.split()
    return len(fields) == 5 and all(map(_is_field, fields, LIMITS))


def _is_field(field: str, limits: tuple[int, int]) -> bool:
    if field == "*":
        return True
    numbers = field.split("-")
    in_limits = all(number.isdigit() and limits[0] <= int(number) <= limits[1] for number in numbers)
    return in_limits and len(numbers) <= 2 and int(numbers[0]) <= int(numbers[-1])


def cron_lines() -> list[tuple[str, str]]:
    """Schedule and command of each line of the crontab that is neither a comment nor a variable."""
    lines = [line for line in CRONTAB.splitlines() if line and not line.startswith("#") and not re.match(r"\w+=", line)]
    return [(" ".join(line.split()[:5]), " ".join(line.split()[5:])) for line in lines]


def pod(name: str) -> dict[str, Any]:
    spec: dict[str, Any] = CRON_JOBS[name]["jobTemplate"]["spec"]["template"]["spec"]
    return spec


def container(name: str) -> dict[str, Any]:
    (only_container,) = pod(name)["containers"]
    return dict(only_container)


def without_args(container: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in container.items() if key != "args"}


@pytest.mark.parametrize(
    ("schedule", "valid"),
    [
        ("17 2 * * 1-6", True),
        ("60 2 * * 0", False),
        ("17 24 * * 0", False),
        ("17 2 * *", False),
        ("17 2 * * 6-1", False),
        ("17 2 * * mon", False),
    ],
)
def test_what_counts_as_a_schedule(schedule: str, valid: bool) -> None:
    assert is_cron(schedule) is valid


def test_each_night_has_one_job() -> None:
    """The weekly full run takes the place of that night's run, under cron and under Kubernetes alike."""
    expected = ["17 2 * * 0", "17 2 * * 1-6"]
    assert sorted(schedule for schedule, _ in cron_lines()) == expected
    assert sorted(spec["schedule"] for spec in CRON_JOBS.values()) == expected
    assert all(map(is_cron, expected))


@pytest.mark.parametrize("command", [command for _, command in cron_lines()])
def test_the_crontab_starts_jobs_that_exist(command: str) -> None:
    started = re.fullmatch(r"cd /srv/icp_sync && \.venv/bin/python (jobs/\w+\.py)", command)
    assert started is not None
    assert (ROOT / started[1]).is_file()


@pytest.mark.parametrize("manifest", ["kubernetes", "kubernetes-approve"])
def test_kubernetes_accepts_the_manifest(manifest: str) -> None:
    command = [str(Path(sys.executable).with_name("kubernetes-validate")), "--strict", "--quiet"]
    file = str(SCHEDULES / f"{manifest}.yaml")
    validated = subprocess.run([*command, file], capture_output=True, text=True, check=False)
    assert (validated.returncode, validated.stdout) == (0, "")


@pytest.mark.parametrize("words", [container(name)["args"] for name in CRON_JOBS])
def test_the_command_line_knows_what_kubernetes_asks_for(words: list[str]) -> None:
    assert problems(words) == []


@pytest.mark.parametrize("sentence", re.findall(r"`icp-sync ([^`]+)`", CRONTAB + KUBERNETES + SYSTEMD + ACTIONS))
def test_the_command_line_knows_what_the_comments_advise(sentence: str) -> None:
    assert problems(sentence.split()) == []


@pytest.mark.parametrize(
    "text", [CRONTAB, KUBERNETES, SYSTEMD, ACTIONS], ids=["crontab", "kubernetes", "systemd", "actions"]
)
def test_every_exit_code_that_needs_somebody_is_explained(text: str) -> None:
    assert re.findall(r"^#   (\d) {4}\S", text, re.MULTILINE) == EXIT_CODES


def test_the_two_jobs_differ_in_what_they_ask_for_alone() -> None:
    nightly, weekly = ([container(name) | {"args": []}, pod(name) | {"containers": []}] for name in CRON_JOBS)
    assert nightly == weekly


def test_the_job_that_approves_differs_in_what_it_asks_for_alone() -> None:
    approving, nightly = deepcopy(APPROVE["spec"]["template"]["spec"]), pod("icp-sync-nightly")
    words = approving["containers"][0].pop("args")
    assert approving == nightly | {"containers": [without_args(container("icp-sync-nightly"))]}
    assert words[:2] == ["apply", "/var/lib/icp_sync/plans/RUN_ID.jsonl"]
    assert problems(words) == []


@pytest.mark.parametrize("name", CRON_JOBS)
def test_a_job_never_meets_itself_and_is_not_tried_again_at_once(name: str) -> None:
    spec = CRON_JOBS[name]
    assert spec["concurrencyPolicy"] == "Forbid"
    assert spec["jobTemplate"]["spec"]["backoffLimit"] == 0


@pytest.mark.parametrize("name", CRON_JOBS)
def test_a_container_can_write_its_state_and_nothing_else(name: str) -> None:
    mounts = {mount["mountPath"]: mount.get("readOnly", False) for mount in container(name)["volumeMounts"]}
    assert container(name)["securityContext"]["readOnlyRootFilesystem"]
    assert mounts == {"/config": True, "/run/secrets": True, "/var/lib/icp_sync": False, "/tmp": False}  # noqa: S108


@pytest.mark.parametrize("name", CRON_JOBS)
def test_a_container_runs_as_the_user_of_the_image(name: str) -> None:
    context = pod(name)["securityContext"]
    user = re.search(r"^USER (\d+):(\d+)$", (ROOT / "Dockerfile").read_text(encoding="utf-8"), re.MULTILINE)
    assert user is not None
    assert (context["runAsUser"], context["runAsGroup"]) == (int(user[1]), int(user[2]))
    assert context["runAsNonRoot"]


def test_every_volume_is_made_here_or_by_the_commands_above_it() -> None:
    made = {document["metadata"]["name"] for document in DOCUMENTS}
    made |= set(re.findall(r"kubectl create (?:secret generic|configmap) (\S+)", KUBERNETES))
    assert {"icp-sync-profile", "icp-sync-token", "icp-sync-state"} <= made
    assert "hubspot_access_token=PATH" in KUBERNETES
