"""data/countries.csv: ISO 3166-1 alpha-2 codes with English names.

    python -m venv venv && venv/bin/pip install babel==2.18.0
    cd data/derive && ../../venv/bin/python countries.py

The names are CLDR's, as Babel ships them. CLDR also has codes that ISO 3166-1 only reserves, or that users assign
themselves: those are left out.
"""

import csv
import sys

import babel

PINNED = "2.18.0"
NOT_ISO = set("AC CP CQ DG EA EU EZ IC QO TA UN XA XB XK ZZ".split())
# CLDR's long form says more than an address needs.
SHORTER = {"HK": "Hong Kong", "MO": "Macao"}
ASSIGNED = 249

if __name__ == "__main__":
    if babel.__version__ != PINNED:
        sys.exit(f"needs babel {PINNED}, found {babel.__version__}")
    names = babel.Locale("en").territories
    rows = [(c, SHORTER.get(c, n)) for c, n in sorted(names.items()) if len(c) == 2 and c.isalpha() and c not in NOT_ISO]
    if len(rows) != ASSIGNED:
        sys.exit(f"{len(rows)} countries instead of {ASSIGNED}")
    with open("../countries.csv", "w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(("country", "name"))
        writer.writerows(rows)
