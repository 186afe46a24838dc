"""data/map/countries-50m.json.gz: borders of countries at 1:50 million, TopoJSON (Natural Earth, de facto borders).

    npm pack world-atlas@2.0.2
    cd data/derive && python map.py ../../world-atlas-2.0.2.tgz

The file of the package as it is, compressed the same byte for byte on every run.
"""

import gzip
import json
import sys
import tarfile

PINNED = "2.0.2"


def member(package, name):
    return package.extractfile(f"package/{name}").read()


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python map.py world-atlas-2.0.2.tgz")
    with tarfile.open(sys.argv[1]) as package:
        found = json.loads(member(package, "package.json"))
        topology = member(package, "countries-50m.json")
    if (found["name"], found["version"]) != ("world-atlas", PINNED):
        sys.exit(f"needs world-atlas {PINNED}, found {found['name']} {found['version']}")
    countries = json.loads(topology)["objects"]["countries"]["geometries"]
    packed = gzip.compress(topology, compresslevel=9, mtime=0)
    with open("../map/countries-50m.json.gz", "wb") as out:
        out.write(packed)
    print("map/countries-50m", len(countries), "countries", len(packed), "bytes")
