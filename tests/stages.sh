# shellcheck shell=bash
# The stages of tests/run. Each leaves its counts in $RESULTS under its own name and returns whether it passed.

# counted NAME PASSED FAILED SKIPPED: for stages that are no test runner.
counted() {
  echo "$2 $3 $4" >"$RESULTS/$1.count"
  [ "$3" = 0 ]
}

# Where RITCHI_TESTS_UNTIL (seconds since 1970) says when a run has to be over, a stage for which there is no time
# any more is left out, says so and counts as skipped.
seconds_left() { echo $((${RITCHI_TESTS_UNTIL:-9999999999} - $(date +%s))); }
has_time() { # has_time STAGE SECONDS-THAT-IT-TAKES-AT-LEAST
  [ "$(seconds_left)" -lt "$2" ] || return 0
  echo "$1 is left out: it takes $2 s and more, and $(seconds_left) s are left of the time for this run"
  counted "$1" 0 0 1
  return 1
}

own_sources() { (cd "$ROOT" && find geodata importers tileserver tests -name node_modules -prune -o \( "$@" \) -print | sort); }

stage_format() {
  local bad
  bad=$(cd "$ROOT" && own_sources -name '*.cpp' -o -name '*.hpp' |
    xargs clang-format-14 --dry-run 2>&1 | sed -n 's/:.*warning: code should be clang-formatted.*//p' | sort -u)
  if [ -n "$bad" ]; then
    printf 'clang-format -i is needed for:\n%s\n' "$bad"
    counted format 0 1 0
  else
    counted format 1 0 0
  fi
}

stage_build() { build_tree "$BUILD" -DCMAKE_BUILD_TYPE=Release -DRITCHI_TESTS=ON --; }

# run_ctest BUILD NAME REGEX [WRAPPER...]: GoogleTest writes its own counts into $RESULTS/NAME/.
run_ctest() {
  local build=$1 name=$2 regex=$3
  shift 3
  GTEST_OUTPUT=xml:$RESULTS/$name/ "$@" ctest --test-dir "$build" -L unit -R "$regex" -j "$(nproc)" \
    --output-on-failure --no-tests=error
}

stage_unit() { run_ctest "$BUILD" unit .; }

stage_pytest() { # stage_pytest FOLDER; Debian's own Python, whose GDAL, QGIS and pytest the packages bring
  PYTHONDONTWRITEBYTECODE=1 /usr/bin/python3 -m pytest -p no:cacheprovider -rs --junitxml="$RESULTS/$1.xml" \
    "$ROOT/tests/$1"
}

stage_data() {
  TEST_DATA=$BUILD/test-data
  synthetic_data "$TEST_DATA" 0.02
}

SERVER=
stop_server() {
  [ -n "$SERVER" ] || return 0
  kill -TERM "$SERVER" 2>/dev/null
  wait "$SERVER" 2>/dev/null
  SERVER=
}

stage_e2e() {
  local port code
  port=$(free_port) || return 1
  export RITCHI_URL=http://127.0.0.1:$port RITCHI_DATA=$TEST_DATA CHROMIUM RITCHI_SCREENSHOT=$RESULTS/page.png
  CHROMIUM=$(find_browser)
  "$RITCHI_BIN" serve --data "$TEST_DATA" --listen "127.0.0.1:$port" --public-url "$RITCHI_URL" \
    >"$RESULTS/server.log" 2>&1 &
  SERVER=$!
  wait_ready "$RITCHI_URL" $SERVER 60 || { cat "$RESULTS/server.log" >&2; stop_server; return 1; }
  (
    cd "$ROOT/tests/e2e" || exit 1
    if [ package-lock.json -nt node_modules/.package-lock.json ]; then npm ci --no-audit --no-fund || exit 1; fi
    node --test --test-reporter=spec --test-reporter-destination=stdout \
      --test-reporter=tap --test-reporter-destination="$RESULTS/e2e.tap"
  )
  code=$?
  stop_server
  return $code
}

# Rooms that read what strangers send, and rooms whose objects are shared between threads.
ROOMS_asan='geodata_base|geodata_geom|geodata_catalogue|geodata_filter|geodata_store|geodata_tiling|geodata_facts|geodata_load|served_tiles|importers_core|tileserver_http|tileserver_tiles|tileserver_access|tileserver_analysis'
ROOMS_tsan='geodata_store|geodata_load|tileserver_http|tileserver_tiles|tileserver_access|tileserver_analysis'

stage_sanitized() {
  local kind=$1 sanitizers=address,undefined rooms folder targets=() wrapper=()
  has_time "$kind" 600 || return 0
  rooms=ROOMS_$kind
  if [ "$kind" = tsan ]; then
    sanitizers=thread
    # The thread sanitizer of g++ 12 and 13 cannot live with more than 28 bits of address randomness.
    if setarch "$(uname -m)" -R true 2>/dev/null; then wrapper=(setarch "$(uname -m)" -R); fi
  fi
  for folder in "$ROOT"/tests/unit/*/; do
    folder=$(basename "$folder")
    if [[ $folder =~ ^(${!rooms})$ ]] && compgen -G "$ROOT/tests/unit/$folder/*_test.cpp" >/dev/null; then
      targets+=("unit_$folder")
    fi
  done
  # Instrumented, g++ 12 sees uninitialized members inside <regex>.
  build_tree "$BUILD-$kind" "-DCMAKE_CXX_FLAGS=-Wno-maybe-uninitialized" -DCMAKE_BUILD_TYPE=Debug \
    "-DCMAKE_CXX_FLAGS_DEBUG=-O1 -D_GLIBCXX_ASSERTIONS" \
    -DRITCHI_SANITIZE=$sanitizers -DRITCHI_VIEWER=OFF -DRITCHI_TESTS=ON -- "${targets[@]}" || return 1
  UBSAN_OPTIONS=print_stacktrace=1 ASAN_OPTIONS=strict_string_checks=1:detect_stack_use_after_return=1 \
    TSAN_OPTIONS=halt_on_error=1 run_ctest "$BUILD-$kind" "$kind" "^unit_(${!rooms})\$" "${wrapper[@]}"
}

stage_fuzz() {
  local seconds=$1 build=$BUILD-fuzz source name passed=0 failed=0
  has_time fuzz 540 || return 0
  if ! compgen -G "$ROOT/tests/fuzz/*_fuzz.cpp" >/dev/null; then echo "there is no fuzz target"; return 1; fi
  # Some files switch off a warning that only g++ knows.
  build_tree "$build" -DCMAKE_CXX_COMPILER=clang++-14 -DCMAKE_BUILD_TYPE=Debug -DCMAKE_CXX_FLAGS_DEBUG=-O1 \
    -DCMAKE_CXX_FLAGS=-Wno-unknown-warning-option -DRITCHI_FUZZ=ON -DRITCHI_VIEWER=OFF -DRITCHI_TESTS=ON -- fuzzers || return 1
  for source in "$ROOT"/tests/fuzz/*_fuzz.cpp; do
    name=$(basename "$source" .cpp)
    mkdir -p "$build/corpus/$name"
    local seeds=()
    [ -d "$ROOT/tests/fuzz/seeds/$name" ] && seeds=("$ROOT/tests/fuzz/seeds/$name")
    if (cd "$build" && "bin/$name" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -print_final_stats=1 \
      "corpus/$name" "${seeds[@]}") >"$RESULTS/$name.log" 2>&1; then
      echo "$name: $(sed -n 's/^stat::number_of_executed_units: *//p' "$RESULTS/$name.log") inputs"
      passed=$((passed + 1))
    else
      tail -40 "$RESULTS/$name.log"
      failed=$((failed + 1))
    fi
  done
  counted fuzz $passed $failed 0
}

stage_tidy() {
  has_time tidy 120 || return 0
  local seconds
  seconds=$(($(seconds_left) - 30))
  [ "${RITCHI_TIDY_SECONDS:-$seconds}" -ge "$seconds" ] || seconds=$RITCHI_TIDY_SECONDS
  # The generated header must be there before the file that includes it is read.
  build_tree "$BUILD" -DCMAKE_BUILD_TYPE=Release -DRITCHI_TESTS=ON -- tileserver_tiles || return 1
  python3 "$ROOT/tests/tidy.py" "$BUILD" "$RESULTS/tidy.count" "$seconds"
}

stage_mutation() {
  if /usr/bin/python3 "$ROOT/tests/http/disclosure_mutation.py" "$BUILD-mutation"; then counted mutation 1 0 0; else counted mutation 0 1 0; fi
}

stage_bench() { if "$ROOT/tests/bench/run"; then counted bench 1 0 0; else counted bench 0 1 0; fi; }

stage_clean_system() {
  if as_root "$ROOT/tests/clean-system"; then counted clean-system 1 0 0; else counted clean-system 0 1 0; fi
}
