"""What was given cannot be used: a command line, a profile, a fleet file, a table, a plan file."""

from __future__ import annotations

from icp_sync.errors.base import USAGE, IcpSyncError


class UsageError(IcpSyncError):
    """The command line, a setting or an argument is wrong."""

    code = "usage"
    exit_code = USAGE


class ProfileInvalid(IcpSyncError):
    """The profile cannot be used; `details` are the findings."""

    code = "profile_invalid"
    exit_code = USAGE


class FleetInvalid(IcpSyncError):
    """A fleet file cannot be used; `details` are the findings."""

    code = "fleet_invalid"
    exit_code = USAGE


class SecretMissing(IcpSyncError):
    """A secret that a fleet file refers to is not where it says."""

    code = "secret_missing"
    exit_code = USAGE


class EditRefused(IcpSyncError):
    """A value of a profile cannot be moved, or not placed safely in its file; `details` say which, with the line."""

    code = "edit_refused"
    exit_code = USAGE


class ProfileChanged(IcpSyncError):
    """The profile's file was changed by somebody else since it was read; it was not written over."""

    code = "profile_changed"


class TableUnusable(IcpSyncError):
    """A file of companies cannot be read, or nothing the profile asks for is in it."""

    code = "table_unusable"
    exit_code = USAGE


class PlanUnusable(IcpSyncError):
    """A plan file is damaged, stale, or made for another portal or profile."""

    code = "plan_unusable"


class NameUnknown(IcpSyncError):
    """No vocabulary has the name; `details` are the nearest names."""

    code = "name_unknown"


class ExtraMissing(IcpSyncError):
    """An optional dependency (a pip extra) is not installed."""

    code = "extra_missing"
