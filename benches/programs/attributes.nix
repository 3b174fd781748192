{ scale }:
let
  one = builtins.foldl' (all: x: all // { a = x; b = all.a; c = all.b; }) { a = 0; b = 0; c = 0; } (builtins.genList (x: x) (scale * 5000));
  names = builtins.listToAttrs (builtins.genList (x: { name = "key${builtins.toString x}"; value = x; }) (scale * 2000));
  doubled = builtins.mapAttrs (n: v: v * 2) (names // { extra = 1; });
in builtins.toJSON one + builtins.toString (builtins.foldl' (a: b: a + b) 0 (builtins.attrValues doubled))
