#!/usr/bin/env bash
# Compares invq with other tools on one question, "the names of the machines tagged `backup` that are not
# in cluster c3", asked of the same JSON text: whole processes, wall time and peak memory, as ratios in
# one run. The answers must be equal.
#
#   benches/peers.sh [MACHINES]...      default: 1000 10000 100000
#
# Peers that are not installed are left out: jaq (crate), jq, gojq and nix-instantiate (Debian: jq, gojq,
# nix-bin). Data is generated below `target/peers`.
set -euo pipefail
cd "$(dirname "$0")/.."

sizes=("$@")
[ ${#sizes[@]} -gt 0 ] || sizes=(1000 10000 100000)
runs=7
data=$PWD/target/peers

cargo build --quiet --release
invq=$PWD/target/release/invq

jq_program='.domain.clusters | to_entries[] | select(.key != "c3") | .value.machines | to_entries[]
  | select(.value.tags | index("backup")) | .key'
nix_program='let clusters = (builtins.fromJSON (builtins.readFile "@file@")).domain.clusters; in
  builtins.concatLists (map (c: if c == "c3" then [ ] else
    builtins.filter (n: builtins.elem "backup" clusters.${c}.machines.${n}.tags)
      (builtins.attrNames clusters.${c}.machines)) (builtins.attrNames clusters))'

ask() { # tool file
  case $1 in
    invq) "$invq" -i "$2" 'tag "backup" && !cluster "c3"' ;;
    jq | gojq | jaq) "$1" -r "$jq_program" "$2" ;;
    nix) nix-instantiate --eval --strict --json -E "${nix_program//@file@/$2}" | tr -d '[]"' | tr , '\n' ;;
  esac
}
export -f ask
export invq jq_program nix_program

tools=(invq)
for tool in jaq gojq jq; do
  if command -v "$tool" >/dev/null; then tools+=("$tool"); else echo "left out: $tool is not installed"; fi
done
if command -v nix-instantiate >/dev/null; then tools+=(nix); else echo "left out: nix-instantiate is not installed"; fi

# The best of several runs, since other load only ever adds time; the memory is that of one more run.
measure() { # tool file: seconds and KiB
  local best=999999999 before after
  for _ in $(seq "$runs"); do
    before=${EPOCHREALTIME/./}
    ask "$1" "$2" >"$data/answer.$1" 2>"$data/errors.$1"
    after=${EPOCHREALTIME/./}
    ((after - before < best)) && best=$((after - before))
  done
  /usr/bin/time -f '%M' -o "$data/memory" bash -c 'ask "$1" "$2"' _ "$1" "$2" >/dev/null 2>&1
  echo "$best $(tail -n 1 "$data/memory")"
}

printf '%-10s %-6s %10s %10s %12s %12s  %s\n' machines tool seconds MiB 'time/invq' 'MiB/file' answer
for size in "${sizes[@]}"; do
  folder=$data/$size
  [ -f "$folder/inventory.json" ] || cargo bench --quiet --bench generate -- --machines "$size" --out "$folder"
  file=$folder/inventory.json
  bytes=$(stat -c %s "$file")
  own=
  for tool in "${tools[@]}"; do
    read -r micros kib < <(measure "$tool" "$file")
    [ -n "$own" ] || own=$micros
    if sort "$data/answer.$tool" | cmp -s - "$folder/expected.txt"; then verdict=equal; else verdict=DIFFERENT; fi
    awk -v size="$size" -v tool="$tool" -v s="$micros" -v k="$kib" -v own="$own" -v bytes="$bytes" -v verdict="$verdict" \
      'BEGIN { printf "%-10s %-6s %10.4f %10.1f %12.1f %12.2f  %s\n",
               size, tool, s / 1e6, k / 1024, s / own, k * 1024 / bytes, verdict }'
    [ "$verdict" = equal ] || exit 1
  done
done
