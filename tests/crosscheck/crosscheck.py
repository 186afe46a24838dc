"""Holds the built binary against Python: business days and hours, and distances, on random rows.

    python crosscheck.py path/to/swapline [rows]

Needs what requirements.txt lists. The rows are the same on every run. Python's side is written the slow way, day by day
and minute windows by hand, so that it shares nothing with the program but the calendars' source.
"""

import csv
import datetime as dt
import io
import os
import random
import subprocess
import sys
import warnings
import zoneinfo

import holidays
from geographiclib.geodesic import Geodesic

# The zones of the package, not those of this machine.
zoneinfo.reset_tzpath(to=())
warnings.filterwarnings("ignore")

WEEK = "Mon Tue Wed Thu Fri Sat Sun".split()
DAY = dt.timedelta(days=1)
PLACES = [
    ("US", "", "America/New_York"), ("US", "FL", "America/New_York"), ("US", "CA", "America/Los_Angeles"),
    ("CA", "BC", "America/Vancouver"), ("CA", "AB", "America/Edmonton"), ("CA", "MB", "America/Winnipeg"),
    ("DE", "BY", "Europe/Berlin"), ("DE", "", "Europe/Berlin"), ("GB", "SCT", "Europe/London"), ("FR", "", "Europe/Paris"),
    ("JP", "", "Asia/Tokyo"), ("AU", "NSW", "Australia/Sydney"), ("BR", "SP", "America/Sao_Paulo"), ("IN", "MH", "Asia/Kolkata"),
    ("MA", "", "Africa/Casablanca"), ("MD", "", "Europe/Chisinau"), ("CU", "", "America/Havana"), ("NZ", "", "Pacific/Auckland"),
    ("ZA", "", "Africa/Johannesburg"), ("CL", "", "America/Santiago"), ("SG", "", "Asia/Singapore"), ("IE", "", "Europe/Dublin"),
]  # fmt: skip
lists = {}


def closed(country, subdivision, day):
    """True on Saturdays, Sundays and public holidays: all of these places rest on those days."""
    key = (country, subdivision)
    if key not in lists:
        lists[key] = holidays.country_holidays(country, subdiv=subdivision or None, years=range(2024, 2034))
    return day in lists[key]


def utc(at):
    return at.astimezone(dt.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def instant(day, clock, zone):
    """A wall-clock time; the second one where there are two, the end of the gap where there is none."""
    local = dt.datetime.combine(day, clock)
    found = [local.replace(tzinfo=zone, fold=fold).astimezone(dt.timezone.utc) for fold in (0, 1)]
    real = [at for at in found if at.astimezone(zone).replace(tzinfo=None) == local]
    if real:
        return max(real)
    low, high = min(found), max(found)
    while high - low > dt.timedelta(seconds=1):
        middle = low + (high - low) / 2
        middle = middle.replace(microsecond=0)
        if middle.astimezone(zone).utcoffset() == high.astimezone(zone).utcoffset():
            high = middle
        else:
            low = middle
    return high


def start_of_day(day, zone):
    """The first instant of a day: the first midnight where there are two."""
    local = dt.datetime.combine(day, dt.time())
    first = local.replace(tzinfo=zone, fold=0).astimezone(dt.timezone.utc)
    if first.astimezone(zone).replace(tzinfo=None) == local and (first - dt.timedelta(seconds=1)).astimezone(zone).date() < day:
        return first
    return instant(day, dt.time(), zone)


def run(binary, command, header, rows):
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerows([header, *rows])
    done = subprocess.run([binary, *command, "--in", "-", "--out", "-"], input=text.getvalue(), text=True, capture_output=True)
    if done.returncode != 0:
        sys.exit(f"{' '.join(command)}: exit code {done.returncode}\n{done.stderr}")
    return {row["id"]: row for row in csv.DictReader(io.StringIO(done.stdout))}


def some_instant(rng):
    return dt.datetime.fromtimestamp(rng.randrange(1_704_153_600, 1_890_000_000), dt.timezone.utc)


def days(rng, count):
    rows, expected = [], {}
    for number in range(count):
        country, subdivision, name = rng.choice(PLACES)
        zone, at, wanted = zoneinfo.ZoneInfo(name), some_instant(rng), rng.choice([1, 1, 2, 5, 10, 30, 250])
        day, left = at.astimezone(zone).date(), wanted
        while left:
            day += DAY
            left -= day.weekday() < 5 and not closed(country, subdivision, day)
        rows.append((number, country, subdivision, name, utc(at), wanted))
        expected[str(number)] = {"due_on": day.isoformat(), "due_at": utc(start_of_day(day + DAY, zone))}
    return ["due", "days"], ("id", "country", "subdivision", "tz", "event_at", "business_days"), rows, expected


def hours(rng, count):
    rows, expected = [], {}
    for number in range(count):
        name = rng.choice(PLACES)[2]
        zone, at = zoneinfo.ZoneInfo(name), some_instant(rng)
        week = sorted(rng.sample(range(7), rng.randint(1, 6)))
        opens, closes = rng.choice([("08:00", "21:00"), ("09:30", "17:30"), ("00:00", "06:00"), ("18:00", "24:00"), ("00:00", "24:00")])
        calendar, wanted = rng.choice(["", "US", "US-NY"]), rng.choice([1, 4, 8, 13, 40, 300])
        day, left = at.astimezone(zone).date(), dt.timedelta(hours=wanted)
        country, _, subdivision = calendar.partition("-")
        while True:
            if day.weekday() in week and not (calendar and closed(country, subdivision, day)):
                begin = start_of_day(day, zone) if opens == "00:00" else instant(day, dt.time.fromisoformat(opens), zone)
                end = start_of_day(day + DAY, zone) if closes == "24:00" else instant(day, dt.time.fromisoformat(closes), zone)
                begin = max(begin, at)
                if end > begin:
                    if end - begin >= left:
                        break
                    left -= end - begin
            day += DAY
        rows.append((number, name, " ".join(WEEK[d] for d in week), opens, closes, calendar, utc(at), wanted))
        expected[str(number)] = {"due_at": utc(begin + left)}
    return ["due", "hours"], ("id", "tz", "weekdays", "open", "close", "holiday_calendar", "start_at", "hours"), rows, expected


def distances(rng, count):
    rows, expected = [], {}
    for number in range(count):
        near = rng.random() < 0.7
        a = (round(rng.uniform(-89, 89), 6), round(rng.uniform(-180, 180), 6))
        b = (round(a[0] + rng.uniform(-1, 1), 6), a[1]) if near else (round(rng.uniform(-90, 90), 6), round(rng.uniform(-180, 180), 6))
        rows.append((number, *a, *b))
        expected[str(number)] = {"meters": Geodesic.WGS84.Inverse(*a, *b)["s12"]}
    return ["distance"], ("id", "lat1", "lon1", "lat2", "lon2"), rows, expected


def same(found, expected):
    for column, value in expected.items():
        if isinstance(value, float):
            # Four decimals are written; half of the last one is rounding.
            if abs(float(found[column]) - value) > 0.0001:
                return False
        elif found[column] != value:
            return False
    return True


def main():
    binary, count = os.path.abspath(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 2_000
    wrong = 0
    for kind in (days, hours, distances):
        command, header, rows, expected = kind(random.Random(20_261_124), count)
        found = run(binary, command, header, rows)
        differ = [row for row in rows if not same(found.get(str(row[0]), dict.fromkeys(expected[str(row[0])], "0")), expected[str(row[0])])]
        for row in differ[:10]:
            print(f"differs: {row}: {found.get(str(row[0]))} expected {expected[str(row[0])]}")
        print(f"swapline {' '.join(command)}: {len(rows) - len(differ)} of {len(rows)} rows as Python has them")
        wrong += len(differ)
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
