{ scale }:
let
  mix = x: y: x * 7919 + y - (x * 7919 + y) / 100003 * 100003;
  numbers = builtins.genList (x: mix x 17) (scale * 20000);
in builtins.foldl' (sum: x: sum * 3 + x - (sum * 3 + x) / 1000003 * 1000003) 0 (builtins.sort (a: b: a < b) numbers)
