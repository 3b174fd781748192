# What people write of records, lists of them, and what may be missing.
[ { name = "a"; port = 80; } { name = "b"; } ]
map (s: s.port or 8080) [ { name = "a"; port = 80; } { name = "b"; } ]
map (s: s.name) [ { name = "a"; port = 80; } { name = "b"; tls = true; } ]
let defaults = { port = 80; tls = false; }; in map (s: defaults // s) [ { name = "a"; port = 81; } { name = "b"; } ]
let defaults = { port = 80; tls = false; }; in map (s: (defaults // s).port) [ { name = "a"; port = 81; } { name = "b"; } ]
{ a = 1; } // (if true then { b = 2; } else { })
{ a = 1; } // (if false then { b = 2; } else { })
(if true then { a = 1; } else { }) ? a
(if false then { a = 1; } else { }).a or 2
let x = if true then { a = 1; b = 2; } else { a = 3; }; in x.a
map (x: x.a or "none") [ { a = "y"; } { b = 1; } ]
[ { a = 1; } ] ++ [ { b = 2; } ]
builtins.foldl' (a: b: a // b) { } [ { a = 1; } { b = "x"; } ]
[ { a = 1; } { } ] == [ { a = 1; } { } ]
builtins.head [ { a = 1; } { b = 2; } ] == { a = 1; }
builtins.elem { b = 2; } [ { a = 1; } { b = 2; } ]
builtins.catAttrs "port" [ { port = 1; } { name = "x"; } ]
builtins.filter (x: x ? port) [ { port = 1; } { name = "x"; } ]
map (x: x.port) (builtins.filter (x: x ? port) [ { port = 1; } { name = "x"; } ])
map (y: y.port) (builtins.filter (x: x ? port && x.port > 1) [ { port = 1; } { port = 2; } { name = "x"; } ])
map (x: x + 1) (builtins.filter (x: x != null) [ 1 null 2 ])
map (x: x + 1) (builtins.filter (x: !(isNull x)) [ 1 null 2 ])
map (x: x.p + 1) (builtins.filter (x: x.p != null) [ { p = 1; } { p = null; } ])
let p = x: x != null; in builtins.head (builtins.filter p [ 1 2 ]) + 1
let p = x: x.a == null; in (builtins.head (builtins.filter (x: !(p x)) [ { a = 1; } ])).a + 1
let port = x: x.port or 80; in map port [ { port = 1; name = "a"; } { name = "b"; } ]
let xs = [ { port = 1; } null ]; in if builtins.head xs != null then (builtins.head xs).port else 0
let xs = [ 3 null ]; in if builtins.elemAt xs 1 == null then 0 else builtins.elemAt xs 1 + 1
let f = { n, acc ? 1 }: if n == 0 then acc else f { n = n - 1; }; in f { n = 3; }
let f = { n, acc ? 1 }: if n == 0 then acc else f { n = n - 1; acc = acc * n; }; in f { n = 5; }
let f = { n, port ? null }: if n == 0 then port else f { n = n - 1; port = 80; }; in f { n = 2; }
let even = { n, step ? 1 }: if n <= 0 then true else odd { n = n - step; }; odd = { n, step ? 1 }: if n <= 0 then false else even { n = n - step; }; in even { n = 7; }
rec { count = { n, by ? 1 }: if n <= 0 then 0 else 1 + count { n = n - by; }; total = count { n = 3; }; }.total
builtins.listToAttrs [ { name = "a"; value = 1; } { name = "b"; value = "x"; } ]
builtins.listToAttrs [ { name = "a"; value = [ 1 ]; } { name = "b"; value = { c = 1; }; } ]
map toString [ 1 "a" true null [ 1 "b" ] ]
builtins.concatStringsSep "," (map toString [ 1 "a" ])
builtins.add 1 2.5
builtins.lessThan 2 1.5
[ 1 ] == [ 1.0 ]
{ a = 1; } == { a = 1.0; }
{ a = [ { b = 2; } ]; } == { a = [ { b = 2.0; } ]; }
let c = { port = null; host = "x"; }; in if c.port == null then 80 else c.port
let users = { jon = { uid = 1; groups = [ "wheel" ]; }; sara = { uid = 2; shell = "zsh"; }; }; in builtins.mapAttrs (n: u: u.groups or [ ]) users
let users = { jon = { uid = 1; }; sara = { uid = 2; shell = "zsh"; }; }; in map (n: users.${n}.shell or "sh") (builtins.attrNames users)
builtins.attrValues { a = { enable = true; port = 1; }; b = { enable = false; }; }
builtins.zipAttrsWith (n: vs: vs) [ { a = 1; b = "x"; } { a = 2; c = true; } ]
builtins.groupBy (x: x.kind) [ { kind = "a"; v = 1; } { kind = "b"; } ]
builtins.sort (a: b: (a.n or 0) < (b.n or 0)) [ { n = 2; } { } { n = 1; } ]
builtins.partition (x: x ? a) [ { a = 1; } { b = 1; } ]
builtins.concatMap (x: if x ? a then [ x.a ] else [ ]) [ { a = 1; } { b = 1; } ]
let join = a: b: builtins.concatMap (x: map (y: x // y) (builtins.filter (y: y.k == x.k) b)) a; in join [ { k = 1; v = "a"; } ] [ { k = 1; w = true; } { k = 2; w = false; } ]
let null = 1; x = 2; in if x != null then x + null else 0
map (x: if x > 1 then x else null) [ 1 2 ]
builtins.mapAttrs (n: v: if v == 1 then { a = v; } else null) { x = 1; y = 2; }
builtins.foldl' (a: x: if x > 1 then a ++ [ x ] else a) [ ] [ 1 2 3 ]
map (x: if x > 1 then { a = x; } else { }) [ 1 2 ]
builtins.genList (i: if i == 0 then [ null ] else [ i ]) 2
let f = x: if x then { a = 1; } else { b = 2; }; in [ (f true) (f false) ]
