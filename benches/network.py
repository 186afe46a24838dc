"""How long the planning of the network takes: POST /reports/what-if and GET /reports/coverage-gaps over generated sites.

    cargo build --release && python3 benches/network.py
    python3 benches/network.py --program target/debug/swapline --sites 100000

Makes a SQLite database in a temporary folder: sites around real towns of seven countries, more where more people live, each with
two appliances under one of many Gold Plus contracts; centers in the largest towns. Starts the program on it, asks three times, and prints the
best. Nothing is asserted, nothing is kept.
"""

import argparse
import csv
import gzip
import io
import json
import math
import os
import random
import re
import sqlite3
import subprocess
import tempfile
import time
import urllib.request
import uuid
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
COUNTRIES = {"US": "America/Chicago", "DE": "Europe/Berlin", "GB": "Europe/London", "FR": "Europe/Paris", "ES": "Europe/Madrid",
             "IT": "Europe/Rome", "IN": "Asia/Kolkata"}


def towns(country):
    index = {row["country"]: row for row in csv.DictReader((ROOT / "data/gazetteer/cities.index.csv").open())}
    packed = (ROOT / "data/gazetteer/cities.csv.gz").read_bytes()
    start, size = int(index[country]["offset"]), int(index[country]["bytes"])
    rows = csv.reader(io.StringIO(gzip.decompress(packed[start:start + size]).decode()))
    return sorted(((int(r[5]), r[2], float(r[3]), float(r[4])) for r in rows), reverse=True)


def fill(path, count, centers):
    rng = random.Random(20261124)
    new = lambda: str(uuid.UUID(int=rng.getrandbits(128), version=4))
    db = sqlite3.connect(path)
    stamp = db.execute("SELECT created_at FROM tokens").fetchone()[0]
    tail = [1, stamp, stamp]

    def insert(table, columns, rows):
        marks = ",".join("?" * len(columns.split(",")))
        db.executemany(f"INSERT INTO {table} ({columns}) VALUES ({marks})", rows)

    owner, model = new(), new()
    insert("organizations", "id,code,name,region,country,language,version,created_at,updated_at",
           [[owner, "BENCH", "Bench", "north_america", "US", "en", *tail]])
    insert("models", "id,code,name,version,created_at,updated_at", [[model, "MX-1", "MX-1", *tail]])
    contracts = [new() for _ in range(max(1, count // 10))]
    insert("contracts", "id,number,organization_id,region,tier,zone,starts_on,ends_on,version,created_at,updated_at",
           ([c, f"K-{n}", owner, "north_america", "gold_plus", "America/Chicago", "2020-01-01", "2099-12-31", *tail]
            for n, c in enumerate(contracts)))
    known = {country: towns(country) for country in COUNTRIES}
    depots = [[new(), f"SC-{country}-{n}", name, "[]", name, country, north, east, zone, "2020-01-01", *tail]
              for country, zone in COUNTRIES.items() for n, (_, name, north, east) in enumerate(known[country][:centers])]
    insert("service_centers", "id,code,name,address,city,country,latitude,longitude,zone,opens_on,version,created_at,updated_at", depots)
    sites, appliances, lines = [], [], []
    weights = {c: [math.sqrt(people + 1) for people, *_ in rows] for c, rows in known.items()}
    for country, zone in COUNTRIES.items():
        share = count // len(COUNTRIES) + (1 if country == "US" else 0) * (count % len(COUNTRIES))
        for _, name, north, east in rng.choices(known[country], weights[country], k=share):
            number, site = len(sites), new()
            sites.append([site, f"S-{number}", owner, name, "[]", name, country, round(north + rng.gauss(0, 0.05), 5),
                          round(east + rng.gauss(0, 0.05), 5), "given", 0.0, "given", 0, zone, *tail])
            for unit in range(2):
                appliance = new()
                appliances.append([appliance, f"N{number}-{unit}", owner, model, "physical", site, *tail])
                lines.append([rng.choice(contracts), appliance])
    insert("sites", "id,code,organization_id,name,address,city,country,latitude,longitude,grade,radius_meters,located_by,"
                    "position_confirmed,zone,version,created_at,updated_at", sites)
    insert("appliances", "id,serial_number,organization_id,model_id,kind,site_id,version,created_at,updated_at", appliances)
    insert("contract_lines", "contract_id,appliance_id", lines)
    db.commit()
    db.execute("ANALYZE")
    db.close()
    return len(sites), len(depots)


def ask(base, token, path, body=None):
    data = None if body is None else json.dumps(body).encode()
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    started = time.perf_counter()
    with urllib.request.urlopen(urllib.request.Request(base + path, data, headers), timeout=600) as answer:
        return time.perf_counter() - started, json.load(answer)


def main():
    args = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    args.add_argument("--program", default=str(ROOT / "target/release/swapline"))
    args.add_argument("--sites", type=int, default=100_000)
    args.add_argument("--centers", type=int, default=10, help="in each country")
    args.add_argument("--times", type=int, default=3)
    args = args.parse_args()
    args.program = str(Path(args.program).resolve())
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bench.db"
        environment = {**os.environ, "SWAPLINE_DATABASE__URL": f"sqlite://{path}", "SWAPLINE_LISTEN": "127.0.0.1:0",
                       "SWAPLINE_MAIL__FOLDER": folder, "NO_COLOR": "1"}
        made = subprocess.run([args.program, "token", "create", "--role", "operations"], env=environment, capture_output=True, text=True, cwd=folder)
        assert made.returncode == 0, made.stderr
        token = re.search(r"swl_\S+", made.stdout + made.stderr).group()
        sites, centers = fill(path, args.sites, args.centers)
        log = (Path(folder) / "log").open("w+")
        server = subprocess.Popen([args.program, "serve"], env=environment, stdout=log, stderr=log, cwd=folder)
        try:
            base = None
            while base is None:
                time.sleep(0.1)
                assert server.poll() is None, Path(log.name).read_text()
                found = re.search(r"127\.0\.0\.1:(\d{2,5})", Path(log.name).read_text())
                base = found and f"http://127.0.0.1:{found.group(1)}/api/v1"
            # A center in the next largest town of each country; and a radius that moves the border everywhere.
            add = [{"country": c, "position": {"latitude": n, "longitude": e}} for c in COUNTRIES for _, _, n, e in [towns(c)[args.centers]]]
            asks = [("what-if, a center more in each country", "/reports/what-if", {"add": add}),
                    ("what-if, a wider radius everywhere", "/reports/what-if", {"radius_miles": {"US": 140, "other": 100}}),
                    ("coverage-gaps, 10 places, everywhere", "/reports/coverage-gaps?limit=10", None),
                    ("coverage-gaps, 50 places, US", "/reports/coverage-gaps?limit=50&country=US", None)]
            print(f"{sites:,} sites, {centers} centers, {args.program}")
            for name, path, body in asks:
                answers = [ask(base, token, path, body) for _ in range(args.times)]
                answer = answers[0][1]
                what = answer["gained"]["total"] if body else answer["items"][-1]["cumulative"]["contracts"]
                print(f"{name:45} {min(seconds for seconds, _ in answers):8.2f} s   ({what:,} gain)")
            status = Path(f"/proc/{server.pid}/status").read_text()
            print("memory at most:", re.search(r"VmHWM:\s+(\d+) kB", status).group(1), "kB")
        finally:
            server.terminate()
            server.wait()


if __name__ == "__main__":
    main()
