# What has a value in Nix and no type: see docs/differences-nix.md.
[ [ 1 ] 2 ] < [ [ 1 ] 3 ]
[ (x: x) 1 ] == [ ]
with 1; 2
(x: x x) (x: 1)
let f = x: x; in [ f 1 ] == [ ]
let f = x: x; in builtins.length [ f 1 ]
let f = x: x; in [ f 1 ] == [ f 1 ]
[ null ] < [ null ]
[ null ] < [ null null ]
[ { } ] < [ { } ]
[ { a = 1; } ] < [ { a = 1; } ]
[ { a = 1; } 1 ] < [ { a = 1; } 2 ] == true
map 1 [ ]
true || 1
false -> 1
1 == "1"
1 == true
0 == false
"" == false
[ 1 ] == 1
{ } == [ ]
1 == [ ]
1 == (x: x)
(x: x) == 1
if 1 < 2 then 1 else 2 == 2
builtins.placeholder "out" == ""
builtins.hasContext "a"
builtins.getContext "a"
builtins.unsafeGetAttrPos "b" { a = 1; }
let f = k: { ${k} = 1; }; in f null
map builtins.fromJSON (builtins.match "([0-9]+)-([0-9]+)" "1-2")
[ 1 2 ] == [ 1 2.0 ]
let inherit ({ a = 1; }) b; in 1
