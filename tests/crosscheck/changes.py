"""Writes src/rules/zone/tests/changes.csv: days on which clocks change, as Python's zoneinfo has them.

    python changes.py > ../../src/rules/zone/tests/changes.csv

Needs tzdata of requirements.txt. Instants are found by looking at every minute of three days, so that nothing is shared with
the program but the rules: a wall-clock time that happens twice is taken the second time, one that is skipped at the end of
the gap, and a day begins with its first minute. A day that doesn't exist is where the next one begins.
"""

import datetime as dt
import zoneinfo

zoneinfo.reset_tzpath(to=())
MINUTE, DAY = dt.timedelta(minutes=1), dt.timedelta(days=1)
ZONES = """
    America/New_York America/Vancouver America/Edmonton America/Winnipeg America/Havana America/Santiago America/Asuncion
    America/Nuuk America/St_Johns Europe/Berlin Europe/London Europe/Dublin Europe/Chisinau Atlantic/Azores Africa/Casablanca
    Africa/Cairo Asia/Gaza Asia/Beirut Asia/Jerusalem Australia/Sydney Australia/Lord_Howe Pacific/Chatham Pacific/Auckland
    Antarctica/Troll
""".split()
# Days on which nothing happens any more, or something happened once.
OTHERS = [
    ("America/Vancouver", "2026-11-01"), ("America/Edmonton", "2026-11-01"), ("America/Winnipeg", "2026-11-01"),
    ("America/Asuncion", "2026-03-22"), ("Pacific/Apia", "2011-12-29"), ("Pacific/Apia", "2011-12-30"),
    ("Pacific/Apia", "2011-12-31"), ("Pacific/Kiritimati", "1994-12-31"), ("Pacific/Kiritimati", "2026-11-01"),
    ("Asia/Tokyo", "2026-03-29"), ("Africa/Casablanca", "2031-01-05"),
]  # fmt: skip


def minutes(zone, day):
    """The minutes of the day and its neighbors: instant and wall-clock time."""
    at = dt.datetime.combine(day, dt.time(), dt.timezone.utc) - 2 * DAY
    end = at + 5 * DAY
    while at < end:
        yield at, at.astimezone(zone).replace(tzinfo=None)
        at += MINUTE


def instant(table, wall):
    same = [at for at, local in table if local == wall]
    return max(same) if same else min(at for at, local in table if local > wall)


def start(table, day):
    return min(at for at, local in table if local.date() >= day)


def row(name, day):
    zone = zoneinfo.ZoneInfo(name)
    table = list(minutes(zone, day))
    wall = lambda hour: dt.datetime.combine(day, dt.time(hour))  # noqa: E731
    begin, end = start(table, day), start(table, day + DAY)
    lengths = [end - begin, instant(table, wall(5)) - instant(table, wall(1)), max(end - instant(table, wall(20)), dt.timedelta())]
    print(name, day, begin.strftime("%Y-%m-%dT%H:%MZ"), *[int(length / MINUTE) for length in lengths], sep=",")


def changes(name, year):
    """The local days on which the offset changes."""
    zone, at = zoneinfo.ZoneInfo(name), dt.datetime(year, 1, 1, tzinfo=dt.timezone.utc)
    while at.year == year:
        if (at + DAY).astimezone(zone).utcoffset() != at.astimezone(zone).utcoffset():
            before = at
            while before.astimezone(zone).utcoffset() == at.astimezone(zone).utcoffset():
                before += MINUTE
            # The last minute before the change, and the first after it: they may lie on two days.
            yield from sorted({(before - MINUTE).astimezone(zone).date(), before.astimezone(zone).date()})
        at += DAY


print("zone,day,starts_at,day_minutes,minutes_from_01_to_05,minutes_from_20_to_24")
rows = {(name, str(day)) for name in ZONES for year in (2024, 2026, 2031) for day in changes(name, year)} | set(OTHERS)
for name, day in sorted(rows):
    row(name, dt.date.fromisoformat(day))
