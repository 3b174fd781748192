{ scale }:
builtins.foldl' (sum: x: sum + x * 2) 0 (builtins.genList (x: x) (scale * 100000))
