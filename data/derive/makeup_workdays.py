"""data/calendars/makeup_workdays: days of a weekend that are worked in exchange for another day off (P3.4).

    python -m venv venv && venv/bin/pip install holidays==0.109
    cd data/derive && ../../venv/bin/python makeup_workdays.py

Columns: country,subdivision,date. The years are those of calendars/holidays; governments announce these days year by
year, so later years have none yet.
"""

import csv
import importlib
import sys
import warnings

# A neighbor of this script bears the package's name, and a script's own folder comes first on the path.
here, sys.path[0:1] = sys.path[0], []
holidays = importlib.import_module("holidays")
sys.path.insert(0, here)

YEARS = range(2024, 2034)
PINNED = "0.109"


def worked(country, subdivision):
    days = holidays.country_holidays(country, subdiv=subdivision, years=YEARS)
    return {day for day in getattr(days, "weekend_workdays", ()) if day.year in YEARS}


def rows():
    for country, subdivisions in sorted(holidays.list_supported_countries(include_aliases=False).items()):
        national = worked(country, None)
        for day in sorted(national):
            yield country, "", day.isoformat()
        for subdivision in sorted(subdivisions):
            for day in sorted(worked(country, subdivision) - national):
                yield country, subdivision, day.isoformat()


if __name__ == "__main__":
    if holidays.__version__ != PINNED:
        sys.exit(f"needs holidays {PINNED}, found {holidays.__version__}")
    warnings.filterwarnings("ignore")
    with open("../calendars/makeup_workdays.csv", "w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(("country", "subdivision", "date"))
        writer.writerows(rows())
