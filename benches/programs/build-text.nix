{ scale }:
builtins.stringLength (builtins.foldl' (text: x: text + "line ${builtins.toString x}\n") "" (builtins.genList (x: x) (scale * 400)))
