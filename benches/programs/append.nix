{ scale }:
builtins.length (builtins.foldl' (all: x: all ++ [ x ]) [ ] (builtins.genList (x: x) (scale * 800)))
