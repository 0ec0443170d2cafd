"""The command line: one file for each command, which parses its options, calls a use case and renders the result."""

from icp_sync.cli.app import cli, main

__all__ = ["cli", "main"]
