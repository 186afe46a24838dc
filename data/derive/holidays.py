"""data/calendars/holidays: public holidays by country and subdivision (P3.4).

    python -m venv venv && venv/bin/pip install holidays==0.109
    cd data/derive && ../../venv/bin/python holidays.py

Columns: country,subdivision,date,op,estimated,name. Rows without a subdivision are the national list; in a subdivision
`+` adds a day off and `-` takes away a national day that is not kept there. `estimated` is 1 where the date is a
forecast (lunar calendars). Names are English where the package has them.
"""

import importlib
import sys
import warnings

# This script bears the package's name, and a script's own folder comes first on the path.
here, sys.path[0:1] = sys.path[0], []
holidays = importlib.import_module("holidays")
sys.path.insert(0, here)
grouped = importlib.import_module("grouped")

YEARS = range(2024, 2034)
PINNED = "0.109"
# Hong Kong's general holidays are the package's optional category; offices close on them.
CATEGORIES = {"HK": ("public", "optional")}
ESTIMATE = " (estimated)"


def listed(country, subdivision):
    """The days off of a place, date -> name."""
    known = type(holidays.country_holidays(country)).supported_languages or ()
    days = holidays.country_holidays(
        country,
        subdiv=subdivision,
        years=YEARS,
        categories=CATEGORIES.get(country, ("public",)),
        language="en_US" if "en_US" in known else None,
    )
    return {day: name for day, name in days.items() if day.year in YEARS}


def row(country, subdivision, day, op, name):
    estimated = "estimated" in name.lower()
    plain = name.replace(ESTIMATE, "").replace(", estimated)", ")")
    return (country, subdivision, day.isoformat(), op, int(estimated), plain)


def rows():
    for country, subdivisions in sorted(holidays.list_supported_countries(include_aliases=False).items()):
        national = listed(country, None)
        for day, name in sorted(national.items()):
            yield row(country, "", day, "+", name)
        for subdivision in sorted(subdivisions):
            local = listed(country, subdivision)
            for day in sorted(local.keys() ^ national.keys()):
                kept = day in local
                yield row(country, subdivision, day, "+" if kept else "-", local[day] if kept else national[day])


if __name__ == "__main__":
    if holidays.__version__ != PINNED:
        sys.exit(f"needs holidays {PINNED}, found {holidays.__version__}")
    warnings.filterwarnings("ignore")
    grouped.write("../calendars/holidays", ("country", "subdivision", "date", "op", "estimated", "name"), rows())
