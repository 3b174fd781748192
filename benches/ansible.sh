#!/usr/bin/env bash
# Compares invq with ansible-inventory: the whole inventory with all groups and variables, and one question, "the
# names of the hosts in tag_backup that are not in cluster_c3", asked of the same INI and YAML texts. Whole processes
# and processor time, as ratios in one run. Answers must be equal.
#
#   benches/ansible.sh [HOSTS]...      default: 1000 10000
#
# Needs ansible-inventory (Debian: ansible-core) and jq. Data is generated below `target/peers`.
set -euo pipefail
cd "$(dirname "$0")/.."

sizes=("$@")
[ ${#sizes[@]} -gt 0 ] || sizes=(1000 10000)
runs=5
data=$PWD/target/peers

cargo build --quiet --release
invq=$PWD/target/release/invq
for tool in ansible-inventory jq; do
  command -v "$tool" >/dev/null || { echo "left out: $tool is not installed"; exit 0; }
done
export ANSIBLE_INVENTORY_ENABLED=yaml,ini,constructed,toml

# A listing as plain lines: each host with its variables, and each group with its hosts.
canonical='(._meta.hostvars | to_entries[] | [.key, .value]),
  (del(._meta) | to_entries[] | select(.value.hosts) | [.key, (.value.hosts | sort)]) | tojson'

# Milliseconds of processor time, user and system: the best of several runs, since other load only ever adds some.
milliseconds() { # RUNS COMMAND...
  local best=999999999 told TIMEFORMAT='%3U %3S'
  for _ in $(seq "$1"); do
    told=$({ time "${@:2}" 2>/dev/null; } 2>&1)
    told=$(awk '{ printf "%d", ($1 + $2) * 1000 }' <<<"$told")
    ((told < best)) && best=$told
  done
  echo "$((best > 0 ? best : 1))"
}
list() { ansible-inventory -i "$1" --list >"$data/ansible.json"; }
whole() { "$invq" -i "$1" -o ansible all >"$data/invq.json"; }
ask() { "$invq" -i "$1" 'group "tag_backup" && !group "cluster_c3"' >"$data/invq.txt"; }

printf '%-8s %-6s %14s %12s %12s %10s %10s\n' hosts format ansible-ms whole-ms query-ms whole query
for size in "${sizes[@]}"; do
  folder=$data/$size
  [ -f "$folder/hosts.yml" ] || cargo bench --quiet --bench generate -- --machines "$size" --out "$folder"
  for format in ini yml; do
    file=$folder/hosts.$format
    theirs=$(milliseconds 1 list "$file")
    ours=$(milliseconds "$runs" whole "$file")
    asked=$(milliseconds "$runs" ask "$file")
    sort "$data/invq.txt" | cmp -s - "$folder/expected.txt" || { echo "the answers differ"; exit 1; }
    # What invq writes is an inventory for ansible-inventory again.
    ansible-inventory -i "$data/invq.json" --list | jq -c "$canonical" | sort >"$data/again.lines"
    jq -c "$canonical" "$data/ansible.json" | sort | cmp -s - "$data/again.lines" || { echo "the listings differ"; exit 1; }
    awk -v size="$size" -v format="$format" -v t="$theirs" -v o="$ours" -v a="$asked" \
      'BEGIN { printf "%-8s %-6s %14d %12d %12d %9.0fx %9.0fx\n", size, format, t, o, a, t / o, t / a }'
  done
done
