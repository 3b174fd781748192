# Functions, patterns, defaults.
(x: x) 1
(x: x + 1) 1
(x: y: x + y) 1 2
(x: (y: x + y)) 1 2
((x: y: x + y) 1) 2
(x: y: z: [ x y z ]) 1 2 3
(_: 1) 2
(_: _: 1) 2 3
(x: x: x) 1 2
(x: -x) 1
(x: !x) true
(x: [ x ]) 1
(x: { inherit x; }) 1
(x: { a = x; }.a) 1
(x: with x; a) { a = 1; }
(x: let y = x; in y) 1
(x: if x then 1 else 2) true
(x: assert x; 1) true
(x: assert x; 1) false
({ }: 1) { }
({ }: 1) { a = 1; }
({ a }: a) { a = 1; }
({ a }: 1) { a = throw "x"; }
({ a, }: a) { a = 1; }
({ a, ... }: a) { a = 1; b = 2; }
({ a, b }: a + b) { a = 1; b = 2; }
({ a, b }: a + b) { b = 2; a = 1; }
({ a ? 1 }: a) { }
({ a ? 1 }: a) { a = 2; }
({ a ? 1, b }: a + b) { b = 2; }
({ a ? b, b }: a) { b = 2; }
({ a ? b, b ? 1 }: a) { }
({ a ? b, b ? 1 }: a) { b = 3; }
({ a ? 1, b ? a + 1, c ? b + 1 }: [ a b c ]) { }
({ a ? 1, b ? a + 1, c ? b + 1 }: [ a b c ]) { a = 10; }
({ a ? 1, b ? a + 1, c ? b + 1 }: [ a b c ]) { b = 10; }
({ c ? b + 1, b ? a + 1, a ? 1 }: [ a b c ]) { }
({ a ? b, b ? a }: a) { a = 1; }
({ a ? b, b ? a }: b) { a = 1; }
({ a ? b, b ? a }: 1) { }
({ a ? b, b ? a }: a) { }
({ a ? throw "x" }: 1) { }
({ a ? throw "x" }: a) { a = 1; }
({ a ? throw "x" }: a) { }
({ a ? null }: a) { }
({ a ? null }: a == null) { }
({ a ? { } }: a) { }
({ a ? [ ] }: a) { }
({ f ? x: x }: f 1) { }
({ f ? x: x, y ? f 2 }: y) { }
({ a, ... }@args: args) { a = 1; b = 2; }
({ a ? 1, ... }@args: args) { }
({ a ? 1, ... }@args: args ? a) { a = 2; }
(args@{ a ? args.b, ... }: a) { b = 2; }
({ a, b ? args.a }@args: b) { a = 1; }
({ ... }@args: args) { a = 1; }
({ }@args: args) { }
(args@{ ... }: builtins.attrNames args) { b = 1; a = 2; }
({ a }@args: args.a) { a = 1; }
({ a, a }: a) { a = 1; }
(a@{ a }: a) { a = 1; }
({ a ? a }: a) { }
let a = 5; in ({ a ? a }: a) { }
let b = 5; in ({ a ? b }: a) { }
let b = 5; in ({ a ? b, b ? 6 }: a) { }
({ a ? (x: y: x) 1 2 }: a) { }
({ a ? if true then 1 else 2 }: a) { }
({ a ? let b = 1; in b }: a) { }
({ a ? with { b = 1; }; b }: a) { }
({ a ? assert true; 1 }: a) { }
({ a ? 1 + 2, b ? "x" + "y" }: { inherit a b; }) { }
({ a ? { b = 1; }.b or 2 }: a) { }
({ a, b ? { c ? a }: c }: b { }) { a = 1; }
({ a }: { b }: a + b) { a = 1; } { b = 2; }
({ a, ... }: { b, ... }: a + b) { a = 1; } { b = 2; c = 3; }
({ x, y ? x * 2, ... }@all: x + y + (all.z or 100)) { x = 1; }
({ x, y ? x * 2, ... }@all: x + y + (all.z or 100)) { x = 1; z = 3; }
1 2
"a" "b"
{ } 1
[ ] 1
null 1
true 1
(x: x)
x: x
({ a }: a) 1
({ a }: a) [ ]
(x: x.a) { a = 1; }
(x: x.a) { b = 1; }
(x: x.a or 1) { b = 1; }
(x: x ? a) { a = 1; }
let f = x: x; in f 1
let f = x: y: x - y; in f 5 3
let f = x: y: x - y; g = f 5; in g 3
let f = { a, b ? 2 }: a + b; in f { a = 1; } + f { a = 1; b = 3; }
let f = x: x; in [ (f 1) (f 2) ]
let f = x: x; in { a = f 1; b = f "x"; }
let id = x: x; in if id true then id 1 else id 2
let k = x: y: x; s = x: y: z: x z (y z); in s k k 1
let flip = f: a: b: f b a; in flip (a: b: a - b) 1 10
let pipe = builtins.foldl' (x: f: f x); in pipe 1 [ (x: x + 1) (x: x * 10) ]
let apply = f: x: f x; in apply (x: x + 1) 1
let twice = f: x: f (f x); in twice (x: x * 2) 3
let twice = f: x: f (f x); in twice twice (x: x * 2) 3
let church = n: f: x: if n == 0 then x else f (church (n - 1) f x); in church 5 (x: x + 2) 0
let const = a: b: a; in const 1 (throw "x")
builtins.isFunction builtins.map
builtins.isFunction (builtins.map (x: x))
builtins.isFunction ({ a }: a)
builtins.isFunction 1
builtins.typeOf builtins.map
builtins.functionArgs ({ }: 1)
builtins.functionArgs ({ a }: a)
builtins.functionArgs ({ a, b ? 1, ... }@args: a)
builtins.functionArgs ({ ... }: 1)
builtins.functionArgs 1
builtins.map (x: x + 1) [ 1 2 ]
map (builtins.add 1) [ 1 2 ]
map ({ a, b ? a }: a + b) [ { a = 1; b = 5; } { a = 2; b = 6; } ]
map (f: f 1) [ (x: x) (x: x + 1) ]
(builtins.add 1) 2
builtins.add 1 2 + 3
builtins.add (1 + 1) 2
let f = x: x + 1; in f 1 * 2
let f = x: x + 1; in f (1 * 2)
let f = x: x + 1; in -f 1
let f = x: x == 1; in !f 1
let f = x: [ x ]; in f 1 ++ f 2
let f = x: { a = x; }; in (f 1).a
let f = x: { a = x; }; in f 1 // { b = 2; }
let f = x: { a = x; }; in f 1 ? a
let f = x: x; in f { a = 1; }.a
let s.f = x: x + 1; in s.f 1
let s.f = x: x + 1; in map s.f [ 1 2 ]
let f = a: b: c: d: e: a + b + c + d + e; in f 1 2 3 4 5
let f = n: if n == 0 then 0 else 1 + f (n - 1); in f 100
let f = n: acc: if n == 0 then acc else f (n - 1) (acc + n); in f 100 0
let fib = n: if n < 2 then n else fib (n - 1) + fib (n - 2); in fib 12
let even = n: n == 0 || odd (n - 1); odd = n: n != 0 && even (n - 1); in even 20
let ack = m: n: if m == 0 then n + 1 else if n == 0 then ack (m - 1) 1 else ack (m - 1) (ack m (n - 1)); in ack 2 3
let gcd = a: b: if b == 0 then a else gcd b (a - b * (a / b)); in gcd 48 36
let qsort = l: if l == [ ] then [ ] else let p = builtins.head l; t = builtins.tail l; in qsort (builtins.filter (x: x < p) t) ++ [ p ] ++ qsort (builtins.filter (x: !(x < p)) t); in qsort [ 3 1 2 3 0 ]
let go = i: if i > 3 then [ ] else [ i ] ++ go (i + 1); in go 0
let tree = d: if d == 0 then { leaf = true; l = [ ]; } else { leaf = false; l = [ d ]; }; in tree 1
let count = n: builtins.length (builtins.genList (x: x) n); in count 10
let f = x: f x; in 1
let mk = { name, tags ? [ ], ... }@m: m // { id = name; inherit tags; }; in mk { name = "a"; os = "x"; }
