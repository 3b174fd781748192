. as $scale
| (reduce range($scale * 5000) as $x ({ a: 0, b: 0, c: 0 }; . as $all | . + { a: $x, b: $all.a, c: $all.b })) as $one
| ([range($scale * 2000) | { key: "key\(.)", value: . }] | from_entries) as $names
| ($names + { extra: 1 } | map_values(. * 2)) as $doubled
| ($one | tojson) + (reduce $doubled[] as $v (0; . + $v) | tostring)
