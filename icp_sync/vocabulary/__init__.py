"""Names → canonical values: keys, places, industries, technologies. `VERSION` is part of every profile's digest."""

from typing import Final

VERSION: Final = "2026.4"
"""Raised whenever a shipped name changes its meaning, since scores may change with it."""
