{ scale }:
let
  names = builtins.genList (x: "web${builtins.toString x}.example.org") (scale * 10000);
  long = builtins.concatStringsSep "," names;
  upper = builtins.map (builtins.replaceStrings [ "web" "." ] [ "WEB" "-" ]) names;
in {
  length = builtins.stringLength long;
  one = builtins.elemAt upper 777;
  total = builtins.foldl' (n: s: n + builtins.stringLength (builtins.substring 3 4 s)) 0 upper;
}
