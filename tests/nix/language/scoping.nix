# Names: let, with, rec, inherit, and which of them is seen.
let in 1
let a = 1; in a
let a = 1; b = 2; in a + b
let a = 1; in let a = 2; in a
let a = 1; in let b = a; in let a = 2; in b
let a = 1; in let a = a; in 1
let a.b = 1; in a
let a = { b = 1; }; a.c = 2; in a
let "a" = 1; in a
let ${"a"} = 1; in a
let "a b" = 1; in 2
let a = 1; a = 2; in a
let a = 1; in let inherit a; in a
let inherit (b) a; b = { a = 1; }; in a
let a = 1; f = x: a + x; in let a = 10; in f 1
let f = x: x; in f f 1
let f = x: y: x; in f 1 2
let x = 1; in (x: x) 2
let x = 1; in (y: x) 2
let x = 1; y = x; in let x = 2; in y
let x = y; y = z; z = 1; in x
with { }; 1
with { a = 1; b = 2; }; a + b
with { a = 1; }; with { a = 2; }; a
with { a = 1; }; with { b = 2; }; a + b
with { a = 1; b = 1; }; with { a = 2; }; [ a b ]
with { a = 2; }; let a = 1; in a
with { a = 2; }; (a: a) 1
with { a = 1; }; rec { a = 2; b = a; }
with { a = 1; }; { a = 2; b = a; }
with { a = 1; }; (x: a + x) 2
with { a = x: x + 1; }; a 1
with { a = { b = 1; }; }; a.b
with { a = { b = 1; }; }; with a; b
with (throw "x"); 1
with (throw "x"); let a = 1; in a
with (throw "x"); a
with 1; a
with { a = 1; }; b
with { }; a
with { a = throw "x"; }; 1
with { a = throw "x"; b = 1; }; b
with { true = false; }; true
with { null = 1; }; null
with { builtins = 1; }; builtins.length [ ]
with { toString = 1; }; toString 2
with { throw = x: x; }; throw "a"
with { head = 1; }; head
with { filter = 1; }; filter
with { length = 1; }; length
with { sort = 1; }; sort
with { all = 1; }; all
with { any = x: 1; }; any 2
with { lib = 1; }; lib
with { machines = 1; }; machines
with { tag = x: x; }; tag 1
with { hostname = "a"; }; hostname
with { clusters = { a = 1; }; }; clusters.a
with { id = 5; }; id
with { it = 5; }; it
with { tags = [ 1 ]; services = [ 2 ]; }; tags ++ services
with { config = 1; meta = 2; inventory = 3; filters = 4; }; config + meta + inventory + filters
with { head = 1; }; let x = head; in x
with { head = 1; }; { inherit head; }
with { head = 1; }; (x: head + x) 1
let map = 1; in map
let builtins = { length = x: 7; }; in builtins.length [ ]
let true = false; in true
let null = 1; in null
let toString = x: "t"; in toString 1
let throw = x: x; in throw 1
let head = x: 7; in head [ 1 ]
let machines = 1; in machines
let lib = { a = 1; }; in lib.a
let hostname = "h"; tag = "t"; in hostname + tag
(machines: machines) 1
(tag: tag + 1) 1
({ machines, tag ? 2 }: machines + tag) { machines = 1; }
({ config, ... }: config) { config = 1; lib = 2; }
rec { machines = 1; x = machines; }.x
rec { filter = 1; x = filter; }
rec { true = false; x = true; }
let inherit (builtins) length; in length [ 1 2 ]
let inherit (builtins) map filter; in map (x: x + 1) (filter (x: x > 1) [ 1 2 3 ])
with builtins; length [ 1 ]
with builtins; map (x: x) [ 1 ]
with builtins; let length = 5; in length
let length = 5; in with builtins; length
with builtins; with { length = x: 9; }; length [ ]
with { length = x: 9; }; with builtins; length [ ]
(with { a = 1; }; a) + 1
with { a = 1; }; a + 1
[ (with { a = 1; }; a) ]
let a = with { b = 1; }; b; in a
let a = 1; in { b = a; a = 2; }
let a = 1; in rec { b = a; a = 2; }
let a = 1; in { inherit a; b = { a = 2; c = a; }; }
let a = { b = a.c; c = 1; }; in a.b
let a = rec { b = c; c = 1; }; c = 2; in a.b
let a = { b = c; c = 1; }; c = 2; in a.b
let f = { a }: { b = a; }; a = 5; in (f { a = 1; }).b
let x = "outer"; in (rec { x = "inner"; y = x; }).y
let x = "outer"; in ({ x = "inner"; y = x; }).y
let x = 1; f = y: x + y; x' = 2; in f x'
if true then let a = 1; in a else 2
(let a = 1; in a) + (let a = 2; in a)
let a = let b = 1; in b; in a
let a = 1; in assert a == 1; a
let a = 1; in if a == 1 then a else 2
let a-b = 1; in a-b
let a = 3; b = 2; in a - b
let _ = 1; in _
let __x = 1; in __x
let or = 1; in or
let a = 1; in a or 2
let a = 1; in b
(x: y) 1
{ a = b; }.a
{ b = 1; a = b; }.a
let a = 1; body = 2; in body
let x = rec { a = 1; }; in with x; a
let s = { a = 1; }; in with s; { b = a; }
let s = { a = 1; }; in { inherit (s) a; b = s.a; }
let a = 1; b = { inherit a; c = { inherit a; }; }; in b.c.a
