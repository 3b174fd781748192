builtins.foldl' (sum: x: sum + x * 2) 0 (builtins.genList (x: x) 1000000)
