"""A fleet as Kubernetes sees it: a CronJob whose Indexed Job has an index for each portal, and what its pods need."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, Final

from icp_sync.errors import UsageError
from icp_sync.fleet.lint import REFERENCES
from icp_sync.fleet.load import LoadedFleet

Object = dict[str, Any]
NAME: Final = "icp-sync-fleet"
FLEET_KEY: Final = "fleet.yaml"
MAX_CONFIG_BYTES: Final = 900_000
"""Kubernetes keeps no object over a mebibyte, and its own fields need some of it."""
_LABELS: Final = {"app.kubernetes.io/name": "icp-sync", "app.kubernetes.io/component": "fleet"}
_STATE: Final = "/var/lib/icp_sync"
_USER: Final = 10001
"""The user of the image."""
_INDEX: Final = "metadata.annotations['batch.kubernetes.io/job-completion-index']"


@dataclass(frozen=True, slots=True)
class CronJobSettings:
    """How the fleet runs: when (cron, UTC), from which image, and so many pods at once."""

    cron: str
    image: str
    at_once: int


def fleet_manifest(fleet: LoadedFleet, profiles: Mapping[str, str], schedule: CronJobSettings) -> list[Object]:
    """The objects in the order in which they are made.

    `profiles`: path, from the folder of the fleet file → text. Raises UsageError where the file does not fit pods: a
    portal without a ledger, a profile outside that folder, files where pods cannot write, or more text than Kubernetes
    keeps.
    """
    _require_shared_ledgers(fleet)
    _require_writable_paths(fleet)
    _require_profiles_below(fleet, profiles)
    keys = {path: f"profile-{number}.yaml" for number, path in enumerate(sorted(profiles))}
    data = {FLEET_KEY: fleet.text, **{keys[path]: text for path, text in profiles.items()}}
    size = sum(len(text.encode()) for text in data.values())
    if size > MAX_CONFIG_BYTES:
        raise UsageError(
            f"the fleet file and its profiles have {size:,} bytes, and a ConfigMap holds {MAX_CONFIG_BYTES:,}; share "
            "profiles between portals, or make several fleets"
        )
    items = [{"key": FLEET_KEY, "path": FLEET_KEY}, *({"key": key, "path": path} for path, key in keys.items())]
    return [
        {"apiVersion": "v1", "kind": "ConfigMap", "metadata": _metadata(), "data": data},
        _state_claim(),
        _cron_job(fleet, schedule, items),
    ]


def _require_shared_ledgers(fleet: LoadedFleet) -> None:
    if alone := [portal.name for portal in fleet.portals if portal.ledger is None]:
        raise UsageError(
            f"pods on several machines need a ledger in PostgreSQL, and {', '.join(alone[:5])} name none; write "
            "ledger: secret:FILE under defaults",
            details=alone[5:],
        )


def _require_writable_paths(fleet: LoadedFleet) -> None:
    named = [
        f"{key}: {path} of {portal.name}"
        for portal in fleet.portals
        for key, path in (("state", portal.state), ("metrics", portal.metrics))
        if path is not None and not _is_below(PurePosixPath(path), PurePosixPath(_STATE))
    ]
    if named:
        raise UsageError(
            f"pods can write below {_STATE} alone, and not {', '.join(named[:5])}; leave it out, or name one below",
            details=named[5:],
        )


def _is_below(path: PurePosixPath, folder: PurePosixPath) -> bool:
    return path != folder and path.is_relative_to(folder) and ".." not in path.parts


def _require_profiles_below(fleet: LoadedFleet, profiles: Mapping[str, str]) -> None:
    """As they are written, too: a whole path leads to nothing in a pod, wherever it leads here."""
    written = (path for portal in fleet.portals for path in portal.profiles or ())
    for path in (*written, *profiles):
        if path.startswith(("/", "~")) or ".." in PurePosixPath(path).parts:
            raise UsageError(
                f"the profile {path} is no path below the fleet file, so pods do not get it; move it there, and write "
                "it from there"
            )


def relative_profiles(fleet: LoadedFleet, files: Sequence[Path]) -> dict[str, Path]:
    """Path from the folder of the fleet file → file; a file elsewhere keeps its whole path."""
    folder = fleet.folder
    return {(file.relative_to(folder) if file.is_relative_to(folder) else file).as_posix(): file for file in files}


def _metadata() -> Object:
    return {"name": NAME, "labels": dict(_LABELS)}


def _state_claim() -> Object:
    """The snapshots; pods on several machines write it, each in a folder of its portal."""
    spec = {"accessModes": ["ReadWriteMany"], "resources": {"requests": {"storage": "50Gi"}}}
    return {"apiVersion": "v1", "kind": "PersistentVolumeClaim", "metadata": _metadata(), "spec": spec}


def _cron_job(fleet: LoadedFleet, schedule: CronJobSettings, items: list[Object]) -> Object:
    disrupted = {"type": "DisruptionTarget", "status": "True"}
    job = {
        "completionMode": "Indexed",
        "completions": len(fleet.portals),
        "parallelism": min(schedule.at_once, len(fleet.portals)),
        # No exit code asks to be tried again at once; the next night finishes what is left. One index, one portal:
        # whatever becomes of it, the others go on.
        "backoffLimitPerIndex": 0,
        "activeDeadlineSeconds": 28_800,
        # A drained node is nobody's failure: a new pod of that index starts at once.
        "podFailurePolicy": {"rules": [{"action": "Ignore", "onPodConditions": [disrupted]}]},
        "template": {"metadata": {"labels": dict(_LABELS)}, "spec": _pod(fleet, schedule, items)},
    }
    spec = {
        "schedule": schedule.cron,
        "timeZone": "Etc/UTC",
        "concurrencyPolicy": "Forbid",
        "startingDeadlineSeconds": 7_200,
        "successfulJobsHistoryLimit": 7,
        "failedJobsHistoryLimit": 7,
        "jobTemplate": {"spec": job},
    }
    return {"apiVersion": "batch/v1", "kind": "CronJob", "metadata": _metadata(), "spec": spec}


def _pod(fleet: LoadedFleet, schedule: CronJobSettings, items: list[Object]) -> Object:
    return {
        "restartPolicy": "Never",
        "automountServiceAccountToken": False,
        "terminationGracePeriodSeconds": 240,
        "securityContext": {
            "runAsNonRoot": True,
            "runAsUser": _USER,
            "runAsGroup": _USER,
            "fsGroup": _USER,
            "seccompProfile": {"type": "RuntimeDefault"},
        },
        "containers": [_container(fleet, schedule)],
        "volumes": [
            {"name": "config", "configMap": {"name": NAME, "items": items}},
            # A missing Secret would keep every pod from starting; so each portal says by itself what it lacks.
            {"name": "secrets", "secret": {"secretName": NAME, "defaultMode": 0o440, "optional": True}},
            {"name": "state", "persistentVolumeClaim": {"claimName": NAME}},
            {"name": "scratch", "emptyDir": {}},
        ],
    }


def _container(fleet: LoadedFleet, schedule: CronJobSettings) -> Object:
    index = {"name": "ICP_SYNC_INDEX", "valueFrom": {"fieldRef": {"fieldPath": _INDEX}}}
    return {
        "name": "icp-sync",
        "image": schedule.image,
        "args": ["fleet", "run", "--quiet", "--fleet", f"/config/{FLEET_KEY}"],
        "env": [index, *_secret_variables(fleet)],
        "securityContext": {
            "allowPrivilegeEscalation": False,
            "capabilities": {"drop": ["ALL"]},
            "readOnlyRootFilesystem": True,
        },
        "resources": {"requests": {"cpu": "500m", "memory": "1Gi"}, "limits": {"memory": "4Gi"}},
        "volumeMounts": [
            {"name": "config", "mountPath": "/config", "readOnly": True},
            {"name": "secrets", "mountPath": "/run/secrets", "readOnly": True},
            {"name": "state", "mountPath": _STATE},
            {"name": "scratch", "mountPath": "/tmp"},  # noqa: S108 - the pod's own, empty and its alone
        ],
    }


def _secret_variables(fleet: LoadedFleet) -> Iterator[Object]:
    """The variables that `env:` references name, from keys of the same name of the Secret."""
    references = [getattr(portal, key) for portal in fleet.portals for key in REFERENCES]
    for reference in dict.fromkeys(one for one in references if one and one.startswith("env:")):
        name = reference.removeprefix("env:")
        yield {"name": name, "valueFrom": {"secretKeyRef": {"name": NAME, "key": name, "optional": True}}}
