# shellcheck shell=bash
# Shared by tileserver/demo and tests/run: the packages, the build and the synthetic data. Sourced, not run.

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
BUILD=${RITCHI_BUILD:-$ROOT/build}

# The only lists of packages (Debian 12 and later, Ubuntu 24.04).
PACKAGES_BUILD=(build-essential cmake ninja-build ccache pkg-config ca-certificates python3
  libgdal-dev libspatialite-dev libsqlite3-dev libproj-dev libgeos-dev libprotobuf-dev protobuf-compiler
  libboost-dev libdeflate-dev zlib1g-dev libbrotli-dev libzstd-dev nlohmann-json3-dev libvalijson-dev libcli11-dev
  libfmt-dev libutf8proc-dev libssl-dev libexpat1-dev libsimdjson-dev)
PACKAGES_UNIT=(libgtest-dev libgmock-dev libsqlite3-mod-spatialite)
PACKAGES_TEST=(python3-pytest python3-gdal gdal-bin spatialite-bin sqlite3 procps util-linux
  python3-qgis qgis-providers fonts-ipafont-gothic postgresql postgresql-postgis python3-psycopg2)
PACKAGES_CLANG=(clang-14 libclang-rt-14-dev)
PACKAGES_LINT=(clang-tidy-14 clang-format-14)
PACKAGES_BENCH=(gdal-bin nginx-light wrk time postgresql postgresql-postgis python3-psycopg2)
PACKAGES_CLEAN=(debootstrap git)

STEP_STARTED=$SECONDS
step() { # step NAME WHAT: says what happens next and how long the last step took
  STEP_STARTED=$SECONDS
  printf '\n== %s: %s\n' "$1" "$2"
}
step_done() { printf -- '-- %s (%d s)\n' "$1" $((SECONDS - STEP_STARTED)); }
complain() { printf '%s\n' "$*" >&2; }

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"
  elif command -v sudo >/dev/null; then sudo "$@"
  else complain "packages are missing and neither root nor sudo is at hand; as root run: $*"; return 1
  fi
}

is_installed() { [ "$(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null)" = installed ]; }

# A Node.js of another origin than Debian's brings its own npm and conflicts with Debian's package of it.
has_node() {
  local major
  command -v npm >/dev/null && major=$(node -p 'process.versions.node.split(".")[0]' 2>/dev/null) && [ "$major" -ge 18 ]
}
find_browser() {
  local name
  for name in chromium chromium-browser google-chrome; do command -v "$name" && return 0; done
  return 1
}

# install_packages NAME...: installs what is missing, says what, and does nothing otherwise.
install_packages() {
  local name missing=()
  for name in "$@"; do
    case $name in
      node) has_node || missing+=(nodejs npm) ;;
      browser) find_browser >/dev/null || missing+=(chromium) ;;
      *) is_installed "$name" || missing+=("$name") ;;
    esac
  done
  if [ ${#missing[@]} = 0 ]; then echo "all packages are installed"; return 0; fi
  if [ -n "${RITCHI_NO_INSTALL:-}" ]; then complain "missing packages: ${missing[*]}"; return 1; fi
  if ! command -v apt-get >/dev/null; then
    complain "this system has no apt-get; install by other means: ${missing[*]}"; return 1
  fi
  echo "installing: ${missing[*]}"
  local quiet=(-o Dpkg::Use-Pty=0 -o APT::Color=0)
  as_root env DEBIAN_FRONTEND=noninteractive apt-get update -q "${quiet[@]}" >"${TMPDIR:-/tmp}/ritchi-apt.$$" 2>&1 &&
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "${quiet[@]}" \
      "${missing[@]}" </dev/null | awk '/^(Unpacking|Setting up) / { n++; if (n % 25 == 0) print "  " n " packages handled"; fflush() }
                                        /^E: / { print }'
  if [ "${PIPESTATUS[0]}" != 0 ]; then
    complain "apt-get failed:"; cat "${TMPDIR:-/tmp}/ritchi-apt.$$" >&2; return 1
  fi
  rm -f "${TMPDIR:-/tmp}/ritchi-apt.$$"
  for name in "${missing[@]}"; do is_installed "$name" || { complain "$name could not be installed"; return 1; }; done
}

# build_tree FOLDER CMAKE-OPTION... -- TARGET...: configures once, builds with Ninja and ccache.
build_tree() {
  local folder=$1 options=() log
  shift
  while [ $# -gt 0 ] && [ "$1" != -- ]; do options+=("$1"); shift; done
  shift || true
  mkdir -p "$folder"
  log=$folder/configure.log
  if ! cmake -S "$ROOT" -B "$folder" -G Ninja "${options[@]}" >"$log" 2>&1; then
    cat "$log" >&2; return 1
  fi
  # On a terminal Ninja shows its own progress; in a log one line in twenty-five is enough.
  if [ -t 1 ]; then ninja -C "$folder" "$@"
  else
    ninja -C "$folder" "$@" | awk '!/^\[[0-9]+\/[0-9]+\]/ { print; next } { n++; last = $0; if (n % 25 == 1) { print; shown = $0 } fflush() }
                                   END { if (last != shown) print last }'
    return "${PIPESTATUS[0]}"
  fi
}

# The programs and the web page. Tests that are configured already stay so, but are not built by this.
build_programs() {
  local options=()
  [ -f "$BUILD/CMakeCache.txt" ] || options=(-DCMAKE_BUILD_TYPE=Release -DRITCHI_TESTS=OFF)
  build_tree "$BUILD" "${options[@]}" -DRITCHI_VIEWER=ON -- ritchi ritchi-import ritchi_viewer
}

# What the data depend on: the programs, the catalogue and profiles, and the order. Same key, same data.
data_key() {
  {
    echo "$*"
    (cd "$BUILD" && sha256sum bin/ritchi bin/ritchi-import &&
      find -L share/ritchi -type f \( -name '*.json' -o -name '*.csv' \) -print0 | sort -z | xargs -0 sha256sum)
  } | sha256sum | cut -c1-64
}

# synthetic_data FOLDER SCALE [REGION]: writes the demo region's files to FOLDER.source and imports them.
synthetic_data() {
  local folder=$1 scale=$2 region=${3:-15202} key
  key=$(data_key "$scale $region") || return 1
  if [ "$(cat "$folder.source/.complete" 2>/dev/null)" = "$key" ] && [ -d "$folder" ]; then
    echo "the data are there already: $folder"; return 0
  fi
  rm -rf "$folder.source"
  mkdir -p "$folder" "$folder.source" || return 1
  "$BUILD/bin/ritchi" synth --seed 1 --scale "$scale" --region "$region" --out "$folder.source" || return 1
  python3 "$ROOT/tileserver/import_manifest.py" "$BUILD/bin/ritchi" "$folder.source/manifest.json" "$folder" || return 1
  echo "$key" >"$folder.source/.complete"
}

free_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }

# wait_ready URL PID SECONDS: until the server says that its datasets are loaded, it ends, or the time is over.
wait_ready() {
  python3 - "$@" <<'PYTHON'
import os, sys, time, urllib.request
url, pid, seconds = sys.argv[1], int(sys.argv[2]), float(sys.argv[3])
deadline = time.monotonic() + seconds
opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
while time.monotonic() < deadline:
    try:
        with open(f"/proc/{pid}/stat") as stat:
            if stat.read().rsplit(")", 1)[1].split()[0] == "Z":
                sys.exit("the server ended before it was ready")
    except FileNotFoundError:
        sys.exit("the server ended before it was ready")
    try:
        if opener.open(url + "/readyz", timeout=2).status == 200:
            sys.exit(0)
    except OSError:
        time.sleep(0.05)
sys.exit(f"the server was not ready within {seconds:.0f} s")
PYTHON
}
