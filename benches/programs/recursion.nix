{ scale }:
let
  sum = n: if n == 0 then 0 else n + sum (n - 1);
  even = n: if n == 0 then true else odd (n - 1);
  odd = n: if n == 0 then false else even (n - 1);
  ackermann = m: n: if m == 0 then n + 1 else if n == 0 then ackermann (m - 1) 1 else ackermann (m - 1) (ackermann m (n - 1));
in { sums = builtins.foldl' (a: x: a + sum 2000) 0 (builtins.genList (x: x) (scale * 5)); even = even (scale * 300); ackermann = ackermann 2 (scale * 30); }
