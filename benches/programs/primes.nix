{ scale }:
let
  range = from: to: builtins.genList (x: x + from) (to - from + 1);
  isPrime = n: builtins.all (d: n - n / d * d != 0) (builtins.filter (d: d * d <= n) (range 2 40));
in builtins.length (builtins.filter isPrime (range 2 (scale * 160)))
