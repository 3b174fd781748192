. as $scale
| [range($scale * 10000) | "web\(.).example.org"] as $names
| ($names | join(",")) as $long
| ($names | map(split("web") | join("WEB") | split(".") | join("-"))) as $upper
| { length: ($long | utf8bytelength), one: $upper[777], total: (reduce $upper[] as $s (0; . + ($s[3:7] | utf8bytelength))) }
