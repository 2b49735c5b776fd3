#!/usr/bin/env bash
# Starts the C# build host in build/. It is compiled ahead of time once and again only when one of its inputs is newer, so that
# a start costs about 0.2 s. Arguments go to the host: ./build.sh --help. Only --bootstrap is for this script: it fetches the
# .NET SDK that global.json names into .dotnet/, with Microsoft's install script.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
host=$root/artifacts/host
stamp=$host/stamp
inputs=(build src eng global.json build.sh .config Directory.Build.props Directory.Build.targets Directory.Packages.props)

fail() { printf 'Error: %s\n' "$1" >&2; shift; printf '  %s\n' "$@" >&2; exit 2; }

sdk_version() { sed -n 's/.*"version" *: *"\([^"]*\)".*/\1/p' "$root/global.json" | head -n 1; }

bootstrap() {
  local url=${DOTNET_INSTALL_SCRIPT_URL:-https://dot.net/v1/dotnet-install.sh} script=$root/.dotnet/dotnet-install.sh
  mkdir -p "$root/.dotnet"
  if command -v curl >/dev/null; then curl -fsSL "$url" -o "$script"
  elif command -v wget >/dev/null; then wget -q "$url" -O "$script"
  else fail "--bootstrap needs curl or wget to fetch $url"
  fi || fail "the install script could not be fetched from $url" "hint: DOTNET_INSTALL_SCRIPT_URL may name a mirror, DOTNET_INSTALL_ARGS further arguments for the script"
  # shellcheck disable=SC2086 -- several arguments in one variable
  bash "$script" --version "$(sdk_version)" --install-dir "$root/.dotnet" --no-path ${DOTNET_INSTALL_ARGS:-} >&2
}

need_sdk() {
  local why
  if ! command -v dotnet >/dev/null; then
    why="the .NET SDK is not installed"
  elif ! why=$(cd "$root" && dotnet --version 2>&1 >/dev/null); then
    why="no installed .NET SDK fits global.json"
  else
    return 0
  fi
  fail "$why" "expected: SDK $(sdk_version) or a later feature band of it" \
    "hint: ./build.sh --bootstrap fetches it into .dotnet/ of this folder; or install it from https://dotnet.microsoft.com/download"
}

# Without the lock's descriptor: compilers that stay for the next time would keep it.
publish() {
  dotnet publish "$root/build/Build.csproj" -c Release -v q --nologo --artifacts-path "$host/work" -o "$1" "${@:2}" >&2 9>&-
}

is_current() {
  [[ -e $stamp && -e $host/bin/Build.dll ]] &&
    [[ -z $(cd "$root" && find "${inputs[@]}" \( -name bin -o -name obj \) -prune -o -newer "$stamp" -print -quit) ]]
}

# One caller compiles, the others wait for it and take what it made. Where there is no flock (macOS), a folder stands in for the lock.
lock() {
  mkdir -p "$host"
  if command -v flock >/dev/null; then
    exec 9>"$host/lock" && flock 9
    return
  fi
  until mkdir "$host/lock.d" 2>/dev/null; do
    local holder
    holder=$(cat "$host/lock.d/pid" 2>/dev/null || true)
    if [[ -n $holder ]] && ! kill -0 "$holder" 2>/dev/null; then rm -rf "$host/lock.d"; else sleep 0.2; fi
  done
  trap 'rm -rf "$host/lock.d"' EXIT
  echo $$ >"$host/lock.d/pid"
}

unlock() {
  if command -v flock >/dev/null; then exec 9>&-; else rm -rf "$host/lock.d" && trap - EXIT; fi
}

# The host is made beside the running one and then swapped in.
make_host() {
  need_sdk
  echo "Compiling the build host ..." >&2
  local next=$host/next.$$ start=$host/start.$$ project
  # What the compiler makes beside a project changes the time of its folder: made later, it would look like an input that is newer.
  for project in "$root"/build/*.csproj "$root"/src/*/*.csproj; do
    if [[ -e $project ]]; then mkdir -p "${project%/*}/bin" "${project%/*}/obj"; fi
  done
  rm -rf "$next" && : >"$start"
  # Ahead-of-time code needs a compiler package; where no feed has it, the host starts slower and works the same.
  publish "$next" --use-current-runtime --self-contained false -p:PublishReadyToRun=true 2>/dev/null ||
    { rm -rf "$next"; publish "$next"; } || { rm -rf "$next" "$start"; exit 1; }
  rm -rf "$host/bin.old" && { [[ ! -e $host/bin ]] || mv "$host/bin" "$host/bin.old"; } && mv "$next" "$host/bin"
  mv -f "$start" "$stamp"
  rm -rf "$host/bin.old"
}

arguments=()
for argument in "$@"; do
  if [[ $argument == --bootstrap ]]; then wanted=1; else arguments+=("$argument"); fi
done

if [[ -n ${wanted:-} && ! -x $root/.dotnet/dotnet ]]; then bootstrap; fi
if [[ -x $root/.dotnet/dotnet ]]; then
  export DOTNET_ROOT=$root/.dotnet PATH=$root/.dotnet:$PATH
fi

export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=${DOTNET_CLI_TELEMETRY_OPTOUT:-1}
if ! is_current; then
  lock
  is_current || make_host
  unlock
fi

command -v dotnet >/dev/null || need_sdk
exec dotnet "$host/bin/Build.dll" ${arguments[@]+"${arguments[@]}"}
