"""A fleet as a Kubernetes manifest: Kubernetes takes it, and each index finds its portal, profiles and secrets."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from icp_sync.cli import main
from tests.cli.conftest import PROFILES
from tests.fleet.test_file import TOKEN, entries
from tests.project.commands import problems
from tests.project.test_schedules import DOCUMENTS, container, pod

ACME = "name: acme, token: secret:acme_hubspot, ledger: env:LEDGER, portal_id: 1"
GLOBEX = "name: globex, token: env:GLOBEX, ledger: env:LEDGER, profiles: [more/globex.yaml]"


@pytest.fixture
def fleet(tmp_path: Path) -> Path:
    """A fleet file of two portals, with its two profiles."""
    (tmp_path / "more").mkdir()
    for profile in ("icp.yaml", "more/globex.yaml"):
        (tmp_path / profile).write_bytes((PROFILES / "small.yaml").read_bytes())
    file = tmp_path / "fleet.yaml"
    file.write_text(entries(ACME, GLOBEX), encoding="utf-8")
    return file


def manifest(fleet: Path, capsys: pytest.CaptureFixture[str], *options: str) -> tuple[str, list[Any]]:
    assert main(["fleet", "manifest", "--fleet", str(fleet), *options]) == 0
    text = capsys.readouterr().out
    return text, list(YAML(typ="safe", pure=True).load_all(text))


def refused(fleet: Path, capsys: pytest.CaptureFixture[str]) -> str:
    assert main(["fleet", "manifest", "--fleet", str(fleet)]) == 2
    return capsys.readouterr().err


@pytest.mark.parametrize("option", [("--only", "acme"), ("--index", "0"), ("--json",)])
def test_a_part_of_the_fleet_has_no_manifest(
    fleet: Path, capsys: pytest.CaptureFixture[str], option: tuple[str, ...]
) -> None:
    assert main(["fleet", "manifest", "--fleet", str(fleet), *option]) == 2
    assert "prints the YAML of all portals; leave out --only, --index and --json" in capsys.readouterr().err


@pytest.mark.slow
def test_kubernetes_accepts_it(fleet: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "manifest.yaml").write_text(manifest(fleet, capsys)[0], encoding="utf-8")
    command = [str(Path(sys.executable).with_name("kubernetes-validate")), "--strict", "--quiet"]
    checked = subprocess.run([*command, str(tmp_path / "manifest.yaml")], capture_output=True, text=True, check=False)
    assert (checked.returncode, checked.stdout) == (0, "")


def test_each_portal_has_an_index_and_none_waits_for_another(fleet: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, (_, _, cron) = manifest(fleet, capsys, "--at-once", "1", "--schedule", "5 3 * * *")
    job = cron["spec"]["jobTemplate"]["spec"]
    assert (cron["kind"], cron["spec"]["schedule"]) == ("CronJob", "5 3 * * *")
    assert {key: job[key] for key in ("completionMode", "completions", "parallelism", "backoffLimitPerIndex")} == {
        "completionMode": "Indexed",
        "completions": 2,
        "parallelism": 1,
        "backoffLimitPerIndex": 0,
    }
    (worker,) = job["template"]["spec"]["containers"]
    assert problems(worker["args"]) == []
    index = next(variable for variable in worker["env"] if variable["name"] == "ICP_SYNC_INDEX")
    assert "job-completion-index" in index["valueFrom"]["fieldRef"]["fieldPath"]


def test_a_pod_may_do_no_more_than_one_of_the_single_portals_job(
    fleet: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _, (_, _, cron) = manifest(fleet, capsys)
    spec = cron["spec"]["jobTemplate"]["spec"]["template"]["spec"]
    single = pod("icp-sync-nightly")
    for key in ("securityContext", "restartPolicy", "automountServiceAccountToken", "terminationGracePeriodSeconds"):
        assert spec[key] == single[key]
    for key in ("securityContext", "resources", "image"):
        assert spec["containers"][0][key] == container("icp-sync-nightly")[key]
    assert DOCUMENTS[0]["kind"] == "PersistentVolumeClaim"


def test_what_the_fleet_file_names_lies_where_it_names_it(fleet: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text, (config, _, cron) = manifest(fleet, capsys)
    spec = cron["spec"]["jobTemplate"]["spec"]["template"]["spec"]
    volumes = {volume["name"]: volume for volume in spec["volumes"]}
    shown = {item["path"]: config["data"][item["key"]] for item in volumes["config"]["configMap"]["items"]}
    assert shown == {path: (fleet.parent / path).read_text() for path in ("fleet.yaml", "icp.yaml", "more/globex.yaml")}
    variables = [variable["name"] for variable in spec["containers"][0]["env"]]
    assert variables == ["ICP_SYNC_INDEX", "LEDGER", "GLOBEX"]
    assert volumes["secrets"]["secret"]["secretName"] == "icp-sync-fleet"
    assert "--from-file=acme_hubspot=PATH --from-file=LEDGER=PATH --from-file=GLOBEX=PATH" in text


def test_what_pods_could_not_work_with_is_refused(
    fleet: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    fleet.write_text(entries(ACME, "name: globex, token: env:GLOBEX"), encoding="utf-8")
    assert "need a ledger in PostgreSQL, and globex name none" in refused(fleet, capsys)
    outside = tmp_path / "inner" / "fleet.yaml"
    outside.parent.mkdir()
    outside.write_text(entries(ACME).replace("icp.yaml", "../icp.yaml"), encoding="utf-8")
    assert "../icp.yaml is no path below the fleet file" in refused(outside, capsys)
    whole = fleet.parent / "icp.yaml"
    fleet.write_text(entries(ACME).replace("icp.yaml", str(whole)), encoding="utf-8")
    assert f"the profile {whole} is no path below the fleet file" in refused(fleet, capsys)


@pytest.mark.parametrize("key", ["state", "metrics"])
@pytest.mark.parametrize("path", ["here/a.prom", "/var/lib/a.prom", "/var/lib/icp_sync/../a.prom", "~/a.prom"])
def test_files_where_a_pod_cannot_write_are_refused(
    key: str, path: str, fleet: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    fleet.write_text(entries(f"{ACME}, {key}: {path}", GLOBEX), encoding="utf-8")
    assert f"pods can write below /var/lib/icp_sync alone, and not {key}: {path} of acme" in refused(fleet, capsys)
    fleet.write_text(entries(f"{ACME}, {key}: /var/lib/icp_sync/acme/a.prom", GLOBEX), encoding="utf-8")
    manifest(fleet, capsys)


def test_a_token_in_a_comment_of_a_profile_is_not_published(fleet: Path, capsys: pytest.CaptureFixture[str]) -> None:
    profile = fleet.parent / "icp.yaml"
    profile.write_text(f"{profile.read_text()}\n# {TOKEN}\n", encoding="utf-8")
    problem = refused(fleet, capsys)
    assert "a token stands here in the clear" in problem
    assert "canary" not in problem
