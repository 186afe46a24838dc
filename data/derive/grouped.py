"""Writes CSV rows as one gzip member a country, with an index, so that a lookup inflates one country only.

The result is an ordinary gzip file (`zcat` shows the whole table, header first) and is the same byte for byte on every
run: no time, no name in the gzip header.
"""

import csv
import gzip
import io


def member(rows):
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows(rows)
    return gzip.compress(text.getvalue().encode("utf-8"), compresslevel=9, mtime=0)


def write(stem, header, rows):
    """`stem`.csv.gz and `stem`.index.csv; the first column of `header` and of every row is the country."""
    groups = {}
    for row in rows:
        groups.setdefault(row[0], []).append(row)
    body = member([header])
    index = []
    for country in sorted(groups):
        packed = member(groups[country])
        index.append((country, len(body), len(packed), len(groups[country])))
        body += packed
    with open(f"{stem}.csv.gz", "wb") as out:
        out.write(body)
    with open(f"{stem}.index.csv", "w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(("country", "offset", "bytes", "rows"))
        writer.writerows(index)
    print(stem, sum(map(len, groups.values())), "rows", len(groups), "countries", len(body), "bytes")
