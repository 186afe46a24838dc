#!/usr/bin/env bash
# The servers that the tests talk to: PostgreSQL and Exim, both real, both in one temporary folder, on free ports of
# 127.0.0.1; the programs that read what is printed, Poppler and ZBar; and the browser that opens the pages, Chromium.
# Nothing of the servers survives; services of the same name that already run on this machine are left alone.
#
#   bash tests/services.sh                      a shell in which the tests find their servers
#   bash tests/services.sh cargo test --locked  one command with the servers up
#   source tests/services.sh                    for tests/run: services_install, services_start, services_stop
#
# What the tests are given:
#   SWAPLINE_TEST_POSTGRES_URL   a superuser, who may create a database for each test
#   SWAPLINE_TEST_SMTP_HOST, SWAPLINE_TEST_SMTP_PORT       STARTTLS, and AUTH PLAIN after it
#   SWAPLINE_TEST_SMTP_USER, SWAPLINE_TEST_SMTP_PASSWORD
#   SWAPLINE_TEST_SMTP_CA        the PEM file of the authority that signed the server's certificate
#   SWAPLINE_TEST_MAILDIR        every delivered letter is a file here, one for each reader
#   SWAPLINE_TEST_AXE            axe-core, which says what is wrong with a page for people who can't see or use a mouse
# The SMTP server refuses readers at refused.example for good (550), puts off those at later.example (451), and
# delivers everything else into that folder, whatever the domain: no letter leaves the machine.

SERVICES_PACKAGES=(postgresql exim4-daemon-light openssl python3-venv poppler-utils zbar-tools chromium chromium-driver fonts-dejavu-core)
SERVICES_AXE=axe-core@4.10.3
services_dir=''
services_exim_pid=''
services_postgres_bin=''

services_say() { printf '\n== %s\n' "$*"; }

services_fail() {
    printf 'tests: %s\n' "$*" >&2
    return 1
}

# The newest PostgreSQL of Debian's packages, or nothing. Only those are used: another one on the PATH may be anything.
services_find_postgres() {
    local bins
    bins=$(printf '%s\n' /usr/lib/postgresql/*/bin/initdb | sort -V | tail -n 1)
    [ -x "$bins" ] && dirname "$bins"
}

services_have_all() {
    [ -n "$(services_find_postgres)" ] && [ -x /usr/sbin/exim4 ] && [ -n "$(type -P openssl)" ] \
        && [ -n "$(type -P pdftotext)" ] && [ -n "$(type -P zbarimg)" ] && [ -n "$(type -P chromium)" ] && [ -n "$(type -P chromedriver)" ] \
        && python3 -c 'import ensurepip, venv' 2>/dev/null
}

# Installs what is missing. Debian starts a service when its package is installed; the tests need the programs only, so
# that is forbidden for the time of the installation (unless this machine already has a policy of its own).
services_install() {
    services_have_all && return 0
    services_say "installing ${SERVICES_PACKAGES[*]}"
    local root=() policy=/usr/sbin/policy-rc.d made='' result=0
    if [ "$(id -u)" -ne 0 ]; then
        [ -n "$(type -P sudo)" ] || services_fail "please install as root: ${SERVICES_PACKAGES[*]}" || return 1
        root=(sudo)
    fi
    [ -n "$(type -P apt-get)" ] || services_fail "this is not Debian; please install PostgreSQL, Exim 4, OpenSSL, Poppler, ZBar, Chromium and its driver" || return 1
    if [ ! -e "$policy" ]; then
        printf '#!/bin/sh\nexit 101\n' | "${root[@]}" tee "$policy" >/dev/null && "${root[@]}" chmod 755 "$policy" && made=yes
    fi
    { "${root[@]}" apt-get update -q \
        && "${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "${SERVICES_PACKAGES[@]}"; } \
        || result=1
    [ -z "$made" ] || "${root[@]}" rm -f "$policy"
    [ "$result" -eq 0 ] && services_have_all || services_fail "could not install ${SERVICES_PACKAGES[*]}"
}

# Runs a program as somebody without rights where we are root: PostgreSQL refuses to run as root, and Exim need not.
services_as_nobody() { (services_become "$@"); }

# The same in place of this shell, so that the process id of a background job is the program's own.
services_become() {
    local as=()
    [ "$(id -u)" -ne 0 ] || as=(setpriv --reuid=nobody --regid=nogroup --clear-groups --)
    cd "$services_dir" && exec "${as[@]}" "$@"
}

# A port on which nothing listens, below the range from which the kernel gives out ports.
services_free_port() {
    local port
    for _ in {1..200}; do
        port=$((20000 + RANDOM % 12000))
        if ! (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
            printf '%s' "$port"
            return 0
        fi
    done
    services_fail 'no free port'
}

services_secret() { od -An -N16 -tx1 /dev/urandom | tr -d ' \n'; }

services_start() {
    services_dir=$(mktemp -d) || return 1
    mkdir -m 700 "$services_dir"/{postgres,exim,tls} && mkdir -p "$services_dir"/exim/{spool,log,mail/{new,cur,tmp}} || return 1
    # The folder is ours; the servers may pass through it and own what is theirs, which nobody else can read.
    chmod 711 "$services_dir"
    [ "$(id -u)" -ne 0 ] || chown -R nobody:nogroup "$services_dir"/{postgres,exim,tls}
    services_start_postgres && services_start_exim && services_get_axe
}

# From npm, which checks what it gets; nothing of it is run but in the pages of the tests.
services_get_axe() {
    (cd "$services_dir" && npm pack --silent "$SERVICES_AXE" >npm.out 2>&1 && tar -xzf axe-core-*.tgz package/axe.min.js) \
        || { cat "$services_dir/npm.out" >&2; services_fail "could not get $SERVICES_AXE from npm"; return 1; }
    export SWAPLINE_TEST_AXE="$services_dir/package/axe.min.js"
}

services_start_postgres() {
    local port password log="$services_dir/postgres/log" data="$services_dir/postgres/data"
    services_postgres_bin=$(services_find_postgres) && password=$(services_secret) || return 1
    printf '%s' "$password" >"$services_dir/postgres/password"
    services_say "starting $("$services_postgres_bin/postgres" --version)"
    services_as_nobody "$services_postgres_bin/initdb" --pgdata="$data" --username=swapline --pwfile="$services_dir/postgres/password" \
        --auth=scram-sha-256 --encoding=UTF8 --locale=C.UTF-8 --no-sync >"$services_dir/initdb.log" 2>&1 \
        || { cat "$services_dir/initdb.log" >&2; services_fail 'initdb failed'; return 1; }
    for _ in 1 2 3; do
        port=$(services_free_port) || return 1
        # A crash of the machine may cost the data of a test: nothing waits for the disk.
        if services_as_nobody "$services_postgres_bin/pg_ctl" start --wait --silent --pgdata="$data" --log="$log" --options="\
-c listen_addresses=127.0.0.1 -c port=$port -c unix_socket_directories='' -c max_connections=200 \
-c fsync=off -c synchronous_commit=off -c full_page_writes=off"; then
            export SWAPLINE_TEST_POSTGRES_URL="postgres://swapline:$password@127.0.0.1:$port/postgres"
            return 0
        fi
    done
    tail -n 20 "$log" >&2 || true
    services_fail 'PostgreSQL did not start'
}

# An authority and a certificate for localhost that it signed: rustls takes no certificate that is its own authority.
# The address is left out, so that a test can see a name that doesn't match.
services_make_certificates() {
    local tls="$services_dir/tls"
    printf 'subjectAltName=DNS:localhost\nbasicConstraints=critical,CA:FALSE\nextendedKeyUsage=serverAuth\n' >"$tls/leaf.ext"
    {
        openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 -subj '/CN=Authority of the Swapline tests' \
            -keyout "$tls/ca.key" -out "$tls/ca.pem" \
            && openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj '/CN=localhost' \
                -keyout "$tls/server.key" -out "$tls/server.csr" \
            && openssl x509 -req -days 30 -in "$tls/server.csr" -CA "$tls/ca.pem" -CAkey "$tls/ca.key" -CAcreateserial \
                -extfile "$tls/leaf.ext" -out "$tls/server.pem"
    } >"$services_dir/openssl.log" 2>&1 || { cat "$services_dir/openssl.log" >&2; services_fail 'openssl failed'; return 1; }
    [ "$(id -u)" -ne 0 ] || chown nobody:nogroup "$tls"/server.{key,pem}
}

services_exim_config() {
    local port=$1 user=$2 password=$3 dir="$services_dir" owner group
    if [ "$(id -u)" -eq 0 ]; then owner=nobody group=nogroup; else owner=$(id -un) group=$(id -gn); fi
    cat <<CONFIG
exim_user = $owner
exim_group = $group
# Everything runs as that user: nothing to change to, and no right to.
deliver_drop_privilege = true
primary_hostname = localhost
spool_directory = $dir/exim/spool
log_file_path = $dir/exim/log/%slog
pid_file_path = $dir/exim/pid
local_interfaces = 127.0.0.1
daemon_smtp_ports = $port
keep_environment =
host_lookup =
tls_advertise_hosts = *
tls_certificate = $dir/tls/server.pem
tls_privatekey = $dir/tls/server.key
auth_advertise_hosts = \${if eq{\$tls_in_cipher}{}{}{*}}
smtp_accept_max = 100
# Every letter is delivered when it arrives, however many a connection brings.
smtp_accept_queue_per_connection = 0
acl_smtp_rcpt = reader

begin acl
reader:
  deny  !authenticated = *
        message        = authenticate first
  deny  domains        = refused.example
        message        = no such mailbox
  defer domains        = later.example
        message        = try again later
  accept

begin routers
all:
  driver = accept
  transport = folder

begin transports
folder:
  driver = appendfile
  maildir_format
  directory = $dir/exim/mail
  envelope_to_add

begin authenticators
plain:
  driver = plaintext
  public_name = PLAIN
  server_prompts = :
  server_condition = \${if and{{eq{\$auth2}{$user}}{eq{\$auth3}{$password}}}}
  server_set_id = \$auth2
CONFIG
}

services_start_exim() {
    local port user=swapline password config="$services_dir/exim/config" log="$services_dir/exim/log"
    services_say "starting $(/usr/sbin/exim4 --version 2>/dev/null | head -n 1)"
    services_make_certificates && password=$(services_secret) || return 1
    for _ in 1 2 3; do
        port=$(services_free_port) || return 1
        services_exim_config "$port" "$user" "$password" >"$config" || return 1
        services_become /usr/sbin/exim4 -C "$config" -bdf >"$services_dir/exim.out" 2>&1 &
        services_exim_pid=$!
        for _ in {1..100}; do
            kill -0 "$services_exim_pid" 2>/dev/null || break
            if (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
                export SWAPLINE_TEST_SMTP_HOST=localhost SWAPLINE_TEST_SMTP_PORT="$port"
                export SWAPLINE_TEST_SMTP_USER="$user" SWAPLINE_TEST_SMTP_PASSWORD="$password"
                export SWAPLINE_TEST_SMTP_CA="$services_dir/tls/ca.pem" SWAPLINE_TEST_MAILDIR="$services_dir/exim/mail/new"
                return 0
            fi
            sleep 0.1
        done
        kill "$services_exim_pid" 2>/dev/null || true
    done
    cat "$services_dir/exim.out" "$log"/* >&2 2>/dev/null || true
    services_fail 'Exim did not start'
}

# Exim delivers in processes of their own, which outlive it for a moment and would make the folder again. They are told
# by the path of their configuration, which is ours alone.
services_wait_for_deliveries() {
    local left path
    for _ in {1..60}; do
        left=$(grep -lsF -- "$services_dir/exim/config" /proc/[0-9]*/cmdline) || return 0
        sleep 0.05
    done
    for path in $left; do
        kill -KILL "$(basename "$(dirname "$path")")" 2>/dev/null || true
    done
}

# Stops what was started and removes the folder; may be called at any point, and twice.
services_stop() {
    [ -n "$services_dir" ] || return 0
    if [ -n "$services_exim_pid" ]; then
        kill "$services_exim_pid" 2>/dev/null || true
        wait "$services_exim_pid" 2>/dev/null || true
        services_wait_for_deliveries
    fi
    if [ -f "$services_dir/postgres/data/postmaster.pid" ]; then
        services_as_nobody "$services_postgres_bin/pg_ctl" stop --silent --mode=immediate --pgdata="$services_dir/postgres/data" || true
    fi
    rm -rf "$services_dir"
    services_dir='' services_exim_pid=''
}

if [ "${BASH_SOURCE[0]}" = "$0" ]; then
    trap services_stop EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM
    services_install && services_start || exit 1
    if [ "$#" -eq 0 ]; then set -- "${SHELL:-bash}"; fi
    "$@"
fi
