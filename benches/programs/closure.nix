{ scale }:
let
  reached = builtins.genericClosure {
    startSet = [ { key = 1; } ];
    operator = item: builtins.filter (next: next.key < scale * 300)
      [ { key = item.key * 2; } { key = item.key * 3; } { key = item.key + 7; } ];
  };
in builtins.length reached
