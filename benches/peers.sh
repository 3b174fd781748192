#!/usr/bin/env bash
# Compares invq with the tools that people would use instead, each as a whole process: wall time and peak
# memory, or user time where two languages are compared, as ratios in one run. Answers must be equal.
#
#   benches/peers.sh [MACHINES]...      default: 1000 10000 100000
#
# Peers that are not installed are left out: jq, gojq, yq, nix-instantiate, nodeset, ansible (Debian: jq, gojq, yq,
# nix-bin, clustershell, ansible-core), jaq (`cargo install jaq --root target/peers`) and nickel (`cargo install
# nickel-lang-cli --root target/peers --no-default-features --features format`); `benches/ansible.sh` compares whole
# listings with those of `ansible-inventory`. Data is generated below `target/peers`. RUNS sets how often each is
# run, and INVQ names a built program. What the figures mean is told in docs/performance.md.
set -euo pipefail
cd "$(dirname "$0")/.."

sizes=("$@")
[ ${#sizes[@]} -gt 0 ] || sizes=(1000 10000 100000)
runs=${RUNS:-7}
data=$PWD/target/peers
mkdir -p "$data"
PATH=$PATH:$data/bin

[ -n "${INVQ:-}" ] || cargo build --quiet --release
invq=${INVQ:-$PWD/target/release/invq}

jq_program='.domain.clusters | to_entries[] | select(.key != "c3") | .value.machines | to_entries[]
  | select(.value.tags | index("backup")) | .key'
ndjson_program='select(.cluster != "c3") | select(.tags | index("backup")) | .name'
nix_program='let clusters = (builtins.fromJSON (builtins.readFile "@file@")).domain.clusters; in
  builtins.concatLists (map (c: if c == "c3" then [ ] else
    builtins.filter (n: builtins.elem "backup" clusters.${c}.machines.${n}.tags)
      (builtins.attrNames clusters.${c}.machines)) (builtins.attrNames clusters))'

nickel_program='(import "@file@").domain.clusters |> std.record.to_array
  |> std.array.filter (fun c => c.field != "c3")
  |> std.array.flat_map (fun c => c.value.machines |> std.record.to_array
    |> std.array.filter (fun m => std.array.elem "backup" m.value.tags) |> std.array.map (fun m => m.field))'

ask() { # tool file
  case $1 in
    invq | invq-yaml | invq-ndjson) "$invq" -i "$2" 'tag "backup" && !cluster "c3"' ;;
    invq-snapshot) XDG_CACHE_HOME=$data/cache "$invq" -i "$2" 'tag "backup" && !cluster "c3"' ;;
    jq-ndjson | gojq-ndjson | jaq-ndjson) "${1%-ndjson}" -r "$ndjson_program" "$2" ;;
    jq | gojq | jaq | yq) "$1" -r "$jq_program" "$2" ;;
    jaq-yaml) jaq --from yaml -r "$jq_program" "$2" ;;
    nix) nix-instantiate --eval --strict --json -E "${nix_program//@file@/$2}" | tr -d '[]"' | tr , '\n' ;;
    nickel) nickel export --format json <<<"${nickel_program//@file@/$2}" | tr -d '[]", ' | sed '/^$/d' ;;
    invq-ini) "$invq" -i "$2" 'group "tag_backup" && !group "cluster_c3"' ;;
    # The first line says how many there are.
    ansible) ansible all -i "$2" --list-hosts --limit 'tag_backup:!cluster_c3' | sed 1d | tr -d ' ' ;;
    nodeset) nodeset --groupsconf="${2%/*}/groups.conf" -e -S '\n' @tag_backup -x @cluster_c3 ;;
    invq-start) "$invq" 1 ;;
    jaq-start) jaq -n 1 ;;
  esac
}
export -f ask
export PATH data invq jq_program ndjson_program nix_program nickel_program

there() { # those of the programs that are installed
  local program
  for program in "$@"; do
    if command -v "${program%%-*}" >/dev/null || [ "$program" = nix ] && command -v nix-instantiate >/dev/null; then
      echo "$program"
    else
      echo "left out: ${program%%-*} is not installed" >&2
    fi
  done
}

# The tools take turns, so that what else the machine does falls on all of them; the best of several runs,
# since other load only ever adds time; the memory is that of one more run.
declare -A best memory
measure() { # file tools...
  local file=$1 tool before after
  shift
  for tool in "$@"; do best[$tool]=999999999; done
  for _ in $(seq "$runs"); do
    for tool in "$@"; do
      before=${EPOCHREALTIME/./}
      ask "$tool" "$file" >"$data/answer.$tool" 2>"$data/errors.$tool" || true
      after=${EPOCHREALTIME/./}
      ((after - before < best[$tool])) && best[$tool]=$((after - before))
    done
  done
  for tool in "$@"; do
    /usr/bin/time -f '%M' -o "$data/memory" bash -c 'ask "$1" "$2"' _ "$tool" "$file" >/dev/null 2>&1 || true
    memory[$tool]=$(tail -n 1 "$data/memory")
  done
}

failed=0
report() { # title file expected tools...
  local title=$1 file=$2 expected=$3 tool verdict first=$4 bytes
  shift 3
  bytes=$(stat -c %s "$file")
  measure "$file" "$@"
  for tool in "$@"; do
    if sort "$data/answer.$tool" | cmp -s - "$expected"; then verdict=equal; else verdict=DIFFERENT failed=1; fi
    awk -v title="$title" -v tool="$tool" -v s="${best[$tool]}" -v k="${memory[$tool]}" -v own="${best[$first]}" \
      -v bytes="$bytes" -v verdict="$verdict" \
      'BEGIN { printf "%-22s %-14s %10.4f %9.1f %10.1f %9.2f  %s\n", title, tool, s / 1e6, k / 1024, s / own, k * 1024 / bytes, verdict }'
  done
}

printf '%-22s %-14s %10s %9s %10s %9s  %s\n' question tool seconds MiB time/invq MiB/file answer
mapfile -t json_tools < <(there jaq gojq jq nix nickel)
mapfile -t lines_tools < <(there jaq-ndjson gojq-ndjson jq-ndjson)
mapfile -t yaml_tools < <(there jaq-yaml yq)
mapfile -t ini_tools < <(there nodeset ansible)

# The groups of the INI file as nodeset reads them: folded beforehand, which is not measured.
prepare_groups() { # folder
  local group
  for group in tag_backup cluster_c3; do
    sed -n "/^\[$group]$/,/^$/p" "$1/hosts.ini" | sed '1d;/^$/d' | nodeset -f >"$1/$group.nodes"
  done
  printf '[Main]\ndefault: hosts\n[hosts]\nmap: cat %s/$GROUP.nodes\n' "$1" >"$1/groups.conf"
}
for size in "${sizes[@]}"; do
  folder=$data/$size
  [ -f "$folder/inventory.ndjson" ] || cargo bench --quiet --bench generate -- --machines "$size" --out "$folder"
  XDG_CACHE_HOME=$data/cache "$invq" index "$folder/inventory.json" >/dev/null
  # Nickel takes seconds for more than 10,000, and Ansible a quarter of a minute.
  tools=()
  for tool in "${json_tools[@]}"; do
    [ "$tool" = nickel ] && [ "$size" -gt 10000 ] || tools+=("$tool")
  done
  report "JSON, $size" "$folder/inventory.json" "$folder/expected.txt" invq invq-snapshot "${tools[@]}"
  report "NDJSON, $size" "$folder/inventory.ndjson" "$folder/expected.txt" invq-ndjson "${lines_tools[@]}"
  tools=()
  for tool in "${ini_tools[@]}"; do
    [ "$tool" = ansible ] && [ "$size" -gt 10000 ] || tools+=("$tool")
    [ "$tool" != nodeset ] || prepare_groups "$folder"
  done
  report "INI, $size" "$folder/hosts.ini" "$folder/expected.txt" invq-ini "${tools[@]}"
  # The others take minutes for more.
  if [ "$size" -le 10000 ]; then
    report "YAML, $size" "$folder/inventory.yaml" "$folder/expected.txt" invq "${yaml_tools[@]}"
  fi
done

echo 1 >"$data/one.txt"
mapfile -t start_tools < <(there jaq-start)
report start-up "$data/one.txt" "$data/one.txt" invq-start "${start_tools[@]}"

# The programs in the languages that can say them as shortly: `.jq` and `.ncl` beside those of Nix and invq.
there_nix=$(command -v nix-instantiate || true)
there_jaq=$(command -v jaq || true)
there_nickel=$(command -v nickel || true)
printf '\n%-14s %10s %10s %10s %10s %10s %10s %11s  %s\n' program invq nix nix/invq jaq jaq/invq nickel nickel/invq answers
user_time() { # command...: milliseconds of user time; the answer is in target/peers/answer
  /usr/bin/time -f '%U' -o "$data/time" "$@" >"$data/answer" 2>"$data/errors" || true
  awk 'END { print $1 * 1000 }' "$data/time"
}
compare_answer() { # whether the answer is the one of invq
  tr -d ' \n' <"$data/answer" | cmp -s - "$data/answer.own" || verdict=DIFFERENT failed=1
}
for program in benches/programs/*.nix; do
  name=$(basename "$program" .nix)
  # fib grows much faster than its argument.
  scale=30
  [ "$name" != fib ] || scale=15
  query="($(cat "$program")) { scale = $scale; }"
  own=999999 nix=999999 jaq=999999 nickel=999999 verdict=equal
  for run in $(seq "$runs"); do
    spent=$(user_time "$invq" --limit-depth 100000 -o json -c "$query")
    ((spent < own)) && own=$spent
    tr -d ' \n' <"$data/answer" >"$data/answer.own"
    if [ -n "$there_nix" ]; then
      spent=$(user_time nix-instantiate --eval --strict --json -E "$query")
      ((spent < nix)) && nix=$spent
      compare_answer
    fi
    if [ -n "$there_jaq" ] && [ -f "${program%.nix}.jq" ]; then
      echo "$scale" >"$data/scale"
      spent=$(user_time jaq -c -f "${program%.nix}.jq" "$data/scale")
      ((spent < jaq)) && jaq=$spent
      compare_answer
    fi
    # Nickel takes many seconds, so that once is enough.
    if [ "$run" = 1 ] && [ -n "$there_nickel" ] && [ -f "${program%.nix}.ncl" ]; then
      echo "(import \"$PWD/${program%.nix}.ncl\") $scale" >"$data/program.ncl"
      nickel=$(user_time nickel export --format json "$data/program.ncl")
      compare_answer
    fi
  done
  awk -v name="$name" -v own="$own" -v nix="$nix" -v jaq="$jaq" -v nickel="$nickel" -v verdict="$verdict" 'BEGIN {
    least = own > 0 ? own : 10
    printf "%-14s %7d ms", name, own
    if (nix < 999999) printf " %7d ms %10.2f", nix, nix / least; else printf " %10s %10s", "-", "-"
    if (jaq < 999999) printf " %7d ms %10.2f", jaq, jaq / least; else printf " %10s %10s", "-", "-"
    if (nickel < 999999) printf " %7d ms %11.2f", nickel, nickel / least; else printf " %10s %11s", "-", "-"
    printf "  %s\n", verdict
  }'
done
exit "$failed"
