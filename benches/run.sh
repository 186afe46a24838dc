#!/usr/bin/env bash
# Every figure of benches/README.md, in one run: installs the peers (Debian, PyPI), starts PostgreSQL with PostGIS, builds
# the release program, and prints a table for each bench. `bash benches/run.sh clocks coverage` runs some of them.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=tests/services.sh
source tests/services.sh

peers=(postgresql-postgis postgresql-postgis-scripts libbusiness-hours-perl)

have_peers() {
    [ -n "$(find /usr/share/postgresql -name postgis.control -print -quit 2>/dev/null)" ] && perl -MBusiness::Hours -e 1 2>/dev/null
}

services_install
if ! have_peers; then
    services_say "installing ${peers[*]}"
    as_root=()
    [ "$(id -u)" -eq 0 ] || as_root=(sudo)
    "${as_root[@]}" apt-get update -q
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "${peers[@]}"
fi

trap services_stop EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
services_start
python3 -m venv "$services_dir/peers"
"$services_dir/peers/bin/python" -m pip install --quiet --disable-pip-version-check numpy==2.2.6
export SWAPLINE_BENCH_PYTHON="$services_dir/peers/bin/python"

benches=("$@")
[ "${#benches[@]}" -gt 0 ] || benches=(clocks coverage program issue)
for bench in "${benches[@]}"; do
    services_say "$bench"
    cargo bench --locked --quiet --bench "$bench"
done
