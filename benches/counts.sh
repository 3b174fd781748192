#!/usr/bin/env bash
# Compares how many instructions fixed programs take with the figures in benches/counts.txt, since times
# are noisy and counts are not. A program that takes over 15 % more than its figure fails; one that
# takes over 15 % less is told, so that its figure can be written anew.
#
#   benches/counts.sh            compare
#   benches/counts.sh --write    write the figures
#
# INVQ names a built program; without it one is built.
#
# The tolerance is what other processors may make of the same program: libraries choose their ways to
# copy and compare bytes by what the processor can do. Without valgrind nothing is compared.
set -euo pipefail
cd "$(dirname "$0")/.."

figures=benches/counts.txt
tolerance=15

if ! command -v valgrind >/dev/null; then
  echo "left out: valgrind is not installed, so no instructions are counted" >&2
  exit 0
fi
[ -n "${INVQ:-}" ] || cargo build --quiet --release
invq=${INVQ:-$PWD/target/release/invq}
data=$PWD/target/counts
mkdir -p "$data"
for format in json yaml; do
  "$invq" -c -o "$format" "($(cat benches/inventory.nix)) { machines = 2000; }" >"$data/inventory.$format"
done
"$invq" -i "$data/inventory.json" -o ndjson 'map (m: { inherit (m) name cluster tags vars; }) machines' \
  >"$data/inventory.ndjson"
XDG_CACHE_HOME=$data/cache "$invq" index "$data/inventory.json" >/dev/null

# Instructions of one run; the output must not be lost in a failure.
count() { # arguments of invq
  if ! valgrind --tool=callgrind --callgrind-out-file=/dev/null "$invq" "$@" >"$data/answer" 2>"$data/report"; then
    cat "$data/report" >&2
    exit 1
  fi
  sed -n 's/^==.*Collected : //p' "$data/report"
}

measured=$data/measured.txt
{
  echo "start-up $(count 1)"
  for program in benches/programs/*.nix; do
    echo "$(basename "$program" .nix) $(count -o json "($(cat "$program")) { scale = 1; }")"
  done
  for format in json ndjson yaml; do
    echo "load-$format $(count -i "$data/inventory.$format" 'tag "backup" && !cluster "c3"')"
  done
  echo "open $(XDG_CACHE_HOME=$data/cache count -i "$data/inventory.json" 'tag "backup" && !cluster "c3"')"
  echo "records $(count -i "$data/inventory.json" 'map (m: { inherit (m) name cluster tags; }) machines')"
  echo "where $(count -i "$data/inventory.json" 'tag "web" && where (m: m.vars.cpus > 8)')"
} >"$measured"

if [ "${1:-}" = --write ]; then
  if grep -v ' [0-9]' "$measured"; then
    echo "did not run" >&2
    exit 1
  fi
  cp "$measured" "$figures"
  cat "$figures"
  exit 0
fi

awk -v tolerance="$tolerance" '
  NR == FNR { figure[$1] = $2; next }
  {
    seen[$1] = 1
    if ($2 == "") { printf "%-14s did not run\n", $1; failed = 1; next }
    if (!($1 in figure)) { printf "%-14s %12d instructions, and no figure: benches/counts.sh --write\n", $1, $2; failed = 1; next }
    change = ($2 - figure[$1]) * 100 / figure[$1]
    verdict = change > tolerance ? "SLOWER" : change < -tolerance ? "faster: write the figures anew" : "as before"
    printf "%-14s %12d instructions, %+5.1f %%  %s\n", $1, $2, change, verdict
    if (change > tolerance) failed = 1
  }
  END {
    for (name in figure) if (!(name in seen)) { printf "%-14s was not measured\n", name; failed = 1 }
    exit failed
  }' "$figures" "$measured"
