"""Writes `sha256` and `rows` of every file into data/PROVENANCE.toml; needs nothing but Python.

    cd data/derive && python provenance.py

Run it after a file under data/ has changed on purpose; a test compares the list with the files.
"""

import csv
import gzip
import hashlib
import io
import pathlib
import re

DATA = pathlib.Path(__file__).resolve().parent.parent
LIST = DATA / "PROVENANCE.toml"


def count(path, content):
    """Rows of a table without its header; a grouped table's gzip members are one text."""
    text = gzip.decompress(content) if path.endswith(".gz") else content
    return sum(1 for _ in csv.reader(io.StringIO(text.decode("utf-8"), newline=""))) - 1


def renewed(entry):
    path = re.search(r'^path = "(.+)"$', entry, re.M)[1]
    content = (DATA / path).read_bytes()
    entry = re.sub(r'^sha256 = ".*"$', f'sha256 = "{hashlib.sha256(content).hexdigest()}"', entry, flags=re.M)
    if path.endswith((".csv", ".csv.gz")):
        entry = re.sub(r"^rows = \d+$", f"rows = {count(path, content)}", entry, flags=re.M)
    return entry


if __name__ == "__main__":
    mark = "[[file]]\n"
    top, *entries = LIST.read_text(encoding="utf-8").split(mark)
    LIST.write_text(mark.join([top, *map(renewed, entries)]), encoding="utf-8", newline="\n")
