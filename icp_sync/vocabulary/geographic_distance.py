"""Great-circle distance on a sphere of the Earth's mean radius, as one expression."""

from __future__ import annotations

from typing import Final

import polars as pl

_RADIUS_KM: Final = 6371.0088


def distance_km(lat: pl.Expr, lon: pl.Expr, to_lat: float, to_lon: float) -> pl.Expr:
    """Kilometres (Float64) from each point, in degrees, to one point; null for null coordinates (haversine formula)."""
    lat_1, lat_2 = lat.radians(), pl.lit(to_lat).radians()
    half_lat, half_lon = (lat_1 - lat_2) / 2, (lon - to_lon).radians() / 2
    chord = half_lat.sin() ** 2 + lat_1.cos() * lat_2.cos() * half_lon.sin() ** 2
    return 2 * _RADIUS_KM * chord.clip(0, 1).sqrt().arcsin()
