"""numpy.busday_offset over the rows of standard input; prints its best seconds, and the sum of the days (1 = 0001-01-01)."""

import sys
import time

import numpy as np

holidays, days, counts = [], [], []
for line in sys.stdin:
    first, second = line.strip().split(",")
    if first == "holiday":
        holidays.append(second)
    else:
        days.append(first)
        counts.append(int(second))

calendar = np.busdaycalendar(holidays=np.array(holidays, dtype="datetime64[D]"))
days = np.array(days, dtype="datetime64[D]")
counts = np.array(counts, dtype=np.int64)
best = float("inf")
for _ in range(8):
    started = time.perf_counter()
    # A day that is closed counts from the open one before it: the next open day is the first, as in P3.4.
    due = np.busday_offset(days, counts, roll="backward", busdaycal=calendar)
    best = min(best, time.perf_counter() - started)
# 1970-01-01 is day 719163 of the common era.
print(best, int(due.astype(np.int64).sum()) + 719_163 * len(due))
