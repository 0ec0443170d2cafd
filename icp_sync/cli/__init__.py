"""The command line: one command a file, each of them parse → call → render."""

from icp_sync.cli.app import cli, main

__all__ = ["cli", "main"]
