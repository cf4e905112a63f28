#!/usr/bin/env bash
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

usage() {
  cat <<'TEXT'
usage: ./build.sh [--torchsharp package|engine] COMMAND [ARGUMENTS]

A new machine needs two commands and nothing before them but the .NET SDK:
  demo [ARGUMENTS]   train the regularisers on digits and write the report (samples/Regularizers; demo --help)
  test [ARGUMENTS]   build with warnings as errors, check format and API surface, run every test
                     (arguments go to dotnet test, for example: --filter Trainer)

The others:
  bench AREA         time ours against Python's on this machine, for example: bench training
  pack               write the NuGet package and its symbols to artifacts/packages
  engine             set up and build the engine only

--torchsharp says where TorchSharp comes from: its NuGet packages, or the engine in this repository over the libtorch of
this machine (docs/engine.md). Without it the choice of an earlier run stands; the first run takes the packages where
they can be restored, else the engine. What the engine needs is installed with apt where this user may install,
else named. The choice is kept in TorchSharpSource.props; delete that file to choose anew.
TEXT
}

readonly choice_file=TorchSharpSource.props
readonly native=engine/native
readonly configuration=Release
readonly engine_packages=(libtorch-dev libopenblas0-pthread cmake g++)
readonly peer_packages=(python3-torch python3-torchvision python3-sklearn)

say() { printf 'build.sh: %s\n' "$*"; }
die() { printf 'build.sh: %s\n' "$*" >&2; exit 2; }

# ---- Debian packages ----------------------------------------------------------------------------------------------

installed() { [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]; }

present() {
  case $1 in
    cmake | g++) command -v "$1" >/dev/null ;;
    # A libtorch of one's own (pip, or the archive) brings its BLAS and is found by CMake through this variable.
    libtorch-dev | libopenblas0-pthread) [ -n "${CMAKE_PREFIX_PATH:-}" ] || installed "$1" ;;
    *) installed "$1" ;;
  esac
}

require_packages() {
  local missing=() root=() package
  for package in "$@"; do present "$package" || missing+=("$package"); done
  [ ${#missing[@]} -gt 0 ] || return 0
  command -v apt-get >/dev/null || die "missing: ${missing[*]} (Debian's names), and there is no apt-get here"
  if [ "$(id -u)" != 0 ]; then
    sudo -n true 2>/dev/null ||
      die "missing: ${missing[*]}. This user may not install; run again after: apt-get install ${missing[*]}"
    root=(sudo)
  fi
  say "installing ${missing[*]} with apt-get"
  mkdir -p artifacts
  {
    "${root[@]}" apt-get update || echo "apt-get update failed; going on with the lists that are there"
    "${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "${missing[@]}"
  } >artifacts/apt.log 2>&1 || {
    tail -n 20 artifacts/apt.log
    die "apt-get could not install ${missing[*]} (artifacts/apt.log)"
  }
  say "installed ${missing[*]}"
}

# ---- Where TorchSharp comes from ----------------------------------------------------------------------------------

# TorchSharp's native packages exist for these alone.
packages_run_here() { case "$(uname -s)-$(uname -m)" in Linux-x86_64 | Darwin-arm64 | MINGW*-x86_64 | MSYS*-x86_64) ;; *) return 1 ;; esac }

choose_source() {
  torchsharp=$(sed -n 's:.*<TorchSharpSource>\(.*\)</TorchSharpSource>.*:\1:p' "$choice_file" 2>/dev/null || true)
  if [ -n "$requested" ]; then
    [ "$requested" != "$torchsharp" ] || return 0
    torchsharp=$requested
    say "TorchSharp: $torchsharp, as asked"
  elif [ -n "$torchsharp" ]; then
    return 0
  elif ! packages_run_here; then
    torchsharp=engine
    say "TorchSharp: engine, because TorchSharp has no native package for $(uname -s) $(uname -m)"
  else
    say "looking for TorchSharp in the package sources of this machine"
    mkdir -p artifacts
    if dotnet restore tests/DeepTricks.Tests -p:TorchSharpSource=package >artifacts/restore.log 2>&1; then
      torchsharp=package
      say "TorchSharp: package, restored from the package sources of this machine"
    else
      torchsharp=engine
      say "TorchSharp: engine, because the packages cannot be restored ($(grep -m 1 -oE 'NU[0-9]+: .*' artifacts/restore.log || echo 'artifacts/restore.log says why'))"
    fi
  fi
  printf '<Project>\n  <PropertyGroup>\n    <TorchSharpSource>%s</TorchSharpSource>\n  </PropertyGroup>\n</Project>\n' "$torchsharp" >"$choice_file"
}

# What the native library was built from: its sources, and the libtorch that CMake found.
native_stamp() {
  local libtorch
  libtorch=$(sed -n 's/^TORCH_LIBRARY:[A-Z]*=//p' "$native/build/CMakeCache.txt" 2>/dev/null || true)
  {
    find "$native" -path "$native/build" -prune -o -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum
    printf '%s\n' "${CMAKE_PREFIX_PATH:-}"
    stat -L -c '%n %s %Y' "$libtorch" 2>/dev/null || true
  } | sha256sum
}

build_native() {
  [ "$(uname -s)" = Linux ] || die "the engine is for Linux; take --torchsharp package"
  require_packages "${engine_packages[@]}"
  local stamp=$native/build/stamp
  if [ -f "$native/build/libtorch_engine.so" ] && [ "$(native_stamp)" = "$(cat "$stamp" 2>/dev/null)" ]; then return 0; fi
  say "building the engine's native library"
  rm -rf "$native/build/CMakeCache.txt" "$native/build/CMakeFiles" "$stamp"
  mkdir -p "$native/build"
  { cmake -S "$native" -B "$native/build" -DCMAKE_BUILD_TYPE=Release && cmake --build "$native/build" --parallel; } >"$native/build/build.log" 2>&1 ||
    { cat "$native/build/build.log"; die "the engine's native library does not build"; }
  native_stamp >"$stamp"
  say "built $native/build/libtorch_engine.so"
}

set_up() {
  dotnet --version >/dev/null || die "needs the .NET SDK that global.json names"
  choose_source
  if [ "$torchsharp" = engine ]; then build_native; fi
}

# ---- Commands -----------------------------------------------------------------------------------------------------

passed=0
failed=0

# One check counts as one test. check NAME COMMAND...
check() {
  local name=$1
  shift
  say "checking $name"
  if "$@"; then passed=$((passed + 1)); else
    failed=$((failed + 1))
    say "FAILED: $name"
  fi
}

api_check() { # every public member of the engine must exist in the original, exactly so
  local assembly surfaces=../shared/torchsharp-api
  if [ ! -f "$surfaces/api.cs" ]; then
    say "no surface of the original at $surfaces: the API check is left out"
    return
  fi
  for assembly in TorchSharp TorchSharp.PyBridge; do
    check "API of $assembly" dotnet run "$surfaces/api.cs" -- check \
      "engine/TorchSharp.PyBridge/bin/$configuration/net10.0/$assembly.dll" "$surfaces/$assembly"-[0-9]*.txt
  done
}

# test_project PROJECT [ARGUMENTS]: runs it and adds what its result file counts.
test_project() {
  local name results code=0 counters total executed ok
  name=$(basename "$1" .csproj)
  results=artifacts/test-results/$name.trx
  rm -f "$results"
  say "testing $name"
  dotnet test "$1" -c "$configuration" --no-build --nologo --results-directory artifacts/test-results \
    --logger "trx;LogFileName=$name.trx" --logger "console;verbosity=minimal" \
    --blame-hang-timeout 5m --blame-hang-dump-type none "${@:2}" || code=$?
  counters=$(grep -o -m 1 '<Counters [^>]*' "$results" 2>/dev/null || true)
  counter() { sed -n "s/.* $1=\"\([0-9]*\)\".*/\1/p" <<<"$counters"; }
  total=$(counter total) executed=$(counter executed) ok=$(counter passed)
  passed=$((passed + ${ok:-0}))
  failed=$((failed + ${executed:-0} - ${ok:-0}))
  if [ "$code" -ne 0 ] && [ "${executed:-0}" -eq "${ok:-0}" ]; then
    failed=$((failed + 1))
    say "FAILED: $name ended with code $code and names no failed test (a crash, most likely)"
  elif [ "${total:-0}" -eq 0 ] && [ $# -eq 1 ]; then
    failed=$((failed + 1))
    say "FAILED: $name ran no test"
  fi
}

run_tests() {
  local project before=$SECONDS
  check "that everything builds without a warning" dotnet build DeepTricks.sln -c "$configuration" -v quiet --nologo
  if [ "$failed" -eq 0 ]; then
    check "the format" dotnet format DeepTricks.sln --verify-no-changes --no-restore
    api_check
    for project in tests/*/*.csproj; do
      if [ "$torchsharp" = package ] && [ "$project" = tests/Engine.Tests/Engine.Tests.csproj ]; then
        say "leaving out $project: TorchSharp comes from its packages"
        continue
      fi
      test_project "$project" "$@"
    done
  fi
  say "took $((SECONDS - before)) s"
  printf '%d passed, %d failed\n' "$passed" "$failed"
  [ "$failed" -eq 0 ]
}

requested=''
while [ $# -gt 0 ]; do
  case $1 in
    --torchsharp) requested=${2-} && shift 2 || die "--torchsharp wants package or engine" ;;
    --torchsharp=*) requested=${1#*=} && shift ;;
    -h | --help | help) usage && exit ;;
    *) break ;;
  esac
done
command=${1-}
[ $# -eq 0 ] || shift
case $requested in '' | package | engine) ;; *) die "--torchsharp wants package or engine, not '$requested'" ;; esac

case $command in
  demo)
    set_up
    exec dotnet run -c "$configuration" --project samples/Regularizers -- "$@"
    ;;
  test)
    set_up
    run_tests "$@"
    ;;
  bench)
    [ $# -gt 0 ] || die "bench wants an area: ./build.sh bench training"
    require_packages "${peer_packages[@]}"
    set_up
    exec dotnet run -c "$configuration" --project benchmarks/DeepTricks.Benchmarks -- "$@"
    ;;
  pack)
    set_up
    dotnet pack src/DeepTricks -c "$configuration" -o artifacts/packages --nologo
    cp artifacts/packages/DeepTricks.*nupkg packages/local/
    ;;
  engine)
    requested=engine
    set_up
    dotnet build engine/TorchSharp.PyBridge -c "$configuration" -v quiet --nologo -clp:NoSummary
    say "the engine is built, and TorchSharp comes from it"
    ;;
  '')
    usage >&2
    exit 2
    ;;
  *) die "no command '$command'; ./build.sh --help lists them" ;;
esac
