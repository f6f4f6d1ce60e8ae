# Sourced by run, bench and smoke: finds a JDK, builds what is out of date, starts Java.
# Exit codes of all three: 0 fine, 1 failed, 2 wrong usage or something missing on this machine.

readonly JDK_LEAST=25
readonly LOAD_TESTS="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
readonly REPOSITORY="$(dirname "$LOAD_TESTS")"

usage_error() {
  printf '%s: %s\n' "${0##*/}" "$1" >&2
  printf "Try '%s --help'.\n" "$0" >&2
  exit 2
}

missing() {
  printf '%s: %s\n' "${0##*/}" "$1" >&2
  exit 2
}

# The major version of the JDK in directory $1; empty where there is none.
jdk_version() {
  [[ -x "$1/bin/javac" && -r "$1/release" ]] || return 0
  sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release"
}

# Sets JAVA_HOME to a JDK that is new enough: JAVA_HOME, then /usr/lib/jvm, then PATH.
find_jdk() {
  local candidates=() candidate version on_path
  [[ -n "${JAVA_HOME:-}" ]] && candidates+=("$JAVA_HOME")
  candidates+=(/usr/lib/jvm/*)
  if on_path="$(command -v javac)"; then
    candidates+=("$(dirname "$(dirname "$(readlink -f "$on_path")")")")
  fi
  for candidate in "${candidates[@]}"; do
    version="$(jdk_version "$candidate")"
    if [[ -n "$version" ]] && ((version >= JDK_LEAST)); then
      export JAVA_HOME="$candidate"
      return
    fi
  done
  missing "no JDK $JDK_LEAST or newer in JAVA_HOME, /usr/lib/jvm or PATH"
}

# Runs Maven with its output in log $1; shows the end of the log where it fails.
maven() {
  local log="$1"
  shift
  command -v mvn >/dev/null || missing "mvn (Apache Maven) is not in PATH"
  mkdir -p "$(dirname "$log")"
  if ! mvn -B "$@" >"$log" 2>&1; then
    tail -n 30 "$log" >&2
    printf '%s: the build failed; all of it: %s\n' "${0##*/}" "$log" >&2
    exit 1
  fi
}

# True where $1 is missing or anything in the other paths is newer.
out_of_date() {
  local built="$1"
  shift
  [[ ! -e "$built" ]] || [[ -n "$(find "$@" -newer "$built" -print -quit)" ]]
}

build_load_tests() {
  local built="$LOAD_TESTS/target/built"
  if out_of_date "$built" "$LOAD_TESTS/pom.xml" "$LOAD_TESTS/src"; then
    echo "Building the load tests (log: load-tests/target/build.log) ..." >&2
    maven "$LOAD_TESTS/target/build.log" -f "$LOAD_TESTS/pom.xml" process-test-classes
    touch "$built"
  fi
}

# The launcher builds where that is needed, and knows best when.
build_usher() {
  "$REPOSITORY/usher" version >/dev/null || exit 1
}

readonly NETTY_ACCESS=(--enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow)

# Runs main class $1 of this project with the other arguments; replaces the shell, so that signals
# reach Java.
exec_java() {
  local main="$1"
  shift
  local class_path="$LOAD_TESTS/target/classes:$(<"$LOAD_TESTS/target/bench.classpath")"
  exec "$JAVA_HOME/bin/java" "${NETTY_ACCESS[@]}" -Xmx256m \
    "-Dusher.repository=$REPOSITORY" -cp "$class_path" "$main" "$@"
}

# Runs suite $1 with the other arguments as its options. Reports are kept in load-tests/results. Ends
# the script: 0 all that must hold holds, 1 it does not or the run failed, 2 wrong usage.
simulate() {
  local classes="$LOAD_TESTS/target/test-classes:$LOAD_TESTS/target/classes" pid status=0
  # Gatling reads String's bytes where it may: the opened package saves a copy of each body.
  "$JAVA_HOME/bin/java" "${NETTY_ACCESS[@]}" --add-opens=java.base/java.lang=ALL-UNNAMED -Xmx1g \
    "-Djava.util.prefs.userRoot=$LOAD_TESTS/target/preferences" \
    -cp "$classes:$(<"$LOAD_TESTS/target/simulations.classpath")" \
    dev.usher.load.Run "$LOAD_TESTS/results" "$@" &
  pid=$!
  # In the background, so that who ends this script ends Java too.
  trap 'kill "$pid" 2>/dev/null; wait "$pid"' INT TERM
  wait "$pid" || status=$?
  case "$status" in
    0) exit 0 ;;
    64) exit 2 ;;
    *) exit 1 ;;
  esac
}
