{ scale }:
let
  items = builtins.genList (x: { group = "g${builtins.toString (x - x / 97 * 97)}"; value = x; }) (scale * 10000);
  groups = builtins.groupBy (i: i.group) items;
in builtins.mapAttrs (n: members: builtins.foldl' (a: i: a + i.value) 0 members) groups
