{ scale }:
let
  mix = x: x * 7919 + 17 - (x * 7919 + 17) / 100003 * 100003;
  records = builtins.genList (x: { name = "node${builtins.toString (mix x)}"; rank = mix x; }) (scale * 4000);
  sorted = builtins.sort (a: b: if a.rank == b.rank then a.name < b.name else a.rank < b.rank) records;
in map (r: r.name) (builtins.filter (r: r.rank < 30) sorted)
