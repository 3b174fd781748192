1 + 2 * 3
10 - 3 - 2
7 / 2
-7 / 2
7 / -2
(-7) / (-2)
2 * -3
1 - -1
1.5 + 1
3 / 2.0
1.0 / 3
0.1 + 0.2
1 == 1.0
1.0 == 1
1 < 1.5
2.5 <= 2
"a" < "b"
"a" < "B"
"" < "a"
[ 1 2 ] < [ 1 3 ]
[ 1 ] < [ 1 0 ]
[ ] < [ 1 ]
[ 1 2 ] >= [ 1 2 ]
true && false || true
true || false && false
!true || true
!(true && false)
false -> false -> false
true -> false
false -> (1 / 0 == 0)
1 + 1 == 2 && 2 != 3
1 < 2 == true
[ 1 ] ++ [ 2 ] ++ [ 3 ]
[ 1 2 ] ++ [ ] == [ 1 2 ]
{ a = 1; } // { b = 2; } // { a = 3; }
{ a.b = 1; } // { a.c = 2; }
{ a = 1; b.c = 2; }.b.c
{ a = 1; }.b or 2
{ a.b = 1; }.a.c or 2
{ a = 1; }.a.b.c or "no set"
{ a = { }; }.a.b.c or "missing"
({ }.a or { b = 1; }).b
{ a = 1; } ? a
{ a = 1; } ? b
{ a.b = 1; } ? a.b
{ a.b = 1; } ? a.b.c
{ a = 1; } ? "a"
{ a = 1; } ? ${"a"}
!{ a = 1; } ? b
let a = 1; in let b = a; a = 2; in a
let a = 1; in rec { a = 2; b = a; }.b
let a = 1; in { a = 2; b = a; }.b
let a = b; b = 1; in a
let x = { a = 1; }; inherit (x) a; in a
let a = 1; b = { inherit a; }; in b
let a.b = 1; a.c = 2; in a
rec { a = 1; b = a + 1; }
rec { a.b = 1; c = a.b + 1; }
rec { inherit (b) c; b = { c = 3; }; }
let x = 5; in rec { inherit x; y = x; }
{ a = { b = 1; }; a.c = 2; }
{ a.b.c = 1; a.b.d = 2; a.e = 3; }
{ a = { b = 1; }; a = { c = 2; }; }
let c = 2; in { a.b = 1; a = { inherit c; }; }
{ "a b" = 1; "c${"d"}" = 2; }
{ ${"a"} = 1; }
{ ${null} = 1; b = 2; }
let n = "x"; in { ${n}.y = 1; }
{ a.${"b"}.c = 1; }
rec { ${"a"} = 1; b = 2; }
let k = "b"; in { a.b = 1; }.a.${k}
with { a = 1; }; a
with { a = 1; }; with { a = 2; b = 3; }; [ a b ]
let a = 1; in with { a = 2; }; a
(a: with { a = 2; }; a) 1
with { map = 1; }; map (x: x) [ 1 ]
with { a = 1; }; let b = a; in b
with { a = 1; }; { inherit a; }
with { b = 2; }; rec { a = b; }
let x = { y = 1; }; in with x; y
(x: x + 1) 2
(x: y: x - y) 5 3
({ a, b }: a - b) { a = 1; b = 2; }
({ a, b ? 2 }: a + b) { a = 1; }
({ a ? b, b ? 2 }: a) { }
({ a ? 1, ... }@args: args ? a) { }
({ a ? 1, ... }@args: args) { b = 2; }
(args@{ a, ... }: args.b) { a = 1; b = 2; }
({ ... }: 1) { a = 1; }
let f = { a, b ? a }: b; in f { a = 1; }
let f = n: if n == 0 then 1 else n * f (n - 1); in f 20
let even = n: if n == 0 then true else odd (n - 1); odd = n: if n == 0 then false else even (n - 1); in even 100
let fix = f: let x = f x; in x; in (fix (self: { a = 1; b = self.a + 1; })).b
let xs = [ 1 ] ++ builtins.map (x: x + 1) ys; ys = [ 10 ]; in xs
let x = throw "a"; in 1
(x: 1) (throw "a")
builtins.length [ (throw "a") (1 / 0) ]
{ a = throw "a"; b = 1; }.b
false && throw "a"
true || throw "a"
builtins.attrNames { a = throw "a"; b = 1; }
if true then 1 else throw "a"
assert 1 < 2; "yes"
"a" + "b"
"a${"b"}c"
"a${toString 1}"
"x${"y${"z"}"}"
"\t\n\r\"\\\${a}"
"$"
"$$"
"$${a}"
"a$"
"\q"
''a''
''${"a"}b''
''a ''${b} c''
''a ''' b''
''a ''\n b''
''a $${b}''
builtins.map (x: x * 2) [ 1 2 3 ]
map (x: x) [ ]
builtins.filter (x: x > 1) [ 1 2 3 ]
builtins.foldl' (a: b: a + b) 0 [ 1 2 3 ]
builtins.foldl' (a: x: [ x ] ++ a) [ ] [ 1 2 3 ]
builtins.genList (x: x * x) 5
builtins.elem 2 [ 1 2 3 ]
builtins.elem { a = 1; } [ { a = 1; } ]
builtins.elemAt [ 1 2 3 ] 1
builtins.head [ 1 2 ]
builtins.tail [ 1 2 ]
builtins.length [ ]
builtins.concatLists [ [ 1 ] [ ] [ 2 3 ] ]
builtins.concatMap (x: [ x x ]) [ 1 2 ]
builtins.concatStringsSep ", " [ "a" "b" ]
builtins.sort (a: b: a < b) [ 3 1 2 ]
builtins.sort builtins.lessThan [ 3 1 2 ]
builtins.sort (a: b: a.k < b.k) [ { k = 2; v = "a"; } { k = 1; v = "b"; } { k = 2; v = "c"; } ]
builtins.partition (x: x > 1) [ 1 2 3 ]
builtins.groupBy (x: if x > 1 then "big" else "small") [ 1 2 3 ]
builtins.all (x: x > 0) [ 1 2 ]
builtins.any (x: x > 1) [ 1 2 ]
builtins.all (x: false) [ ]
builtins.attrNames { b = 1; a = 2; "c d" = 3; }
builtins.attrValues { b = 1; a = 2; }
builtins.mapAttrs (n: v: v + 1) { a = 1; b = 2; }
builtins.listToAttrs [ { name = "a"; value = 1; } { name = "a"; value = 2; } ]
builtins.removeAttrs { a = 1; b = 2; } [ "a" "c" ]
removeAttrs { a = 1; } [ ]
builtins.intersectAttrs { a = 1; b = 2; } { b = 3; c = 4; }
builtins.catAttrs "a" [ { a = 1; } { b = 2; } { a = 3; } ]
builtins.hasAttr "a" { a = 1; }
builtins.getAttr "a" { a = 1; }
builtins.zipAttrsWith (n: vs: builtins.length vs) [ { a = 1; } { a = 2; b = 3; } ]
builtins.functionArgs ({ a, b ? 1 }: a)
builtins.functionArgs (x: x)
builtins.isInt 1
builtins.isFloat 1
builtins.isString "a"
builtins.isBool true
builtins.isList [ ]
builtins.isAttrs { }
builtins.isFunction (x: x)
builtins.isNull null
builtins.typeOf 1
builtins.typeOf 1.5
builtins.typeOf "a"
builtins.typeOf null
builtins.typeOf [ ]
builtins.typeOf { }
builtins.typeOf (x: x)
builtins.toString 1
toString true
toString false
toString null
toString 1.5
toString (-1)
builtins.toJSON "a\"b\n"
builtins.fromJSON "{\"a\": [1, 2.5, null, true, \"x\"]}"
builtins.fromJSON "1"
builtins.stringLength "abc"
builtins.stringLength "é"
builtins.substring 1 2 "abcd"
builtins.substring 1 (-1) "abcd"
builtins.substring 10 2 "abcd"
builtins.replaceStrings [ "a" "b" ] [ "b" "a" ] "aabb"
builtins.replaceStrings [ "" ] [ "-" ] "ab"
builtins.split "," "a,b,c"
builtins.split "(a)b" "abc"
builtins.match "a(b*)c" "abbc"
builtins.match "x" "y"
builtins.match "(a)?b" "b"
builtins.add 1 2
builtins.sub 1 2
builtins.mul 2 3
builtins.div 7 2
builtins.lessThan 1 2
builtins.bitAnd 6 3
builtins.bitOr 6 3
builtins.bitXor 6 3
builtins.ceil 1.2
builtins.floor (-1.2)
builtins.compareVersions "1.2" "1.10"
builtins.splitVersion "1.2-pre3"
builtins.parseDrvName "nix-2.8.0"
builtins.seq 1 2
builtins.deepSeq [ 1 2 ] 3
(builtins.tryEval (throw "a")).success
(builtins.tryEval 1).value
builtins.tryEval (assert false; 1)
(let f = x: x; in f) == (let f = x: x; in f)
let f = x: x; in f == f
let f = x: x; in [ f ] == [ f ]
let f = x: x; in { a = f; } == { a = f; }
let s = { f = x: x; }; in s == s
null == null
null == false
{ } == { }
[ ] == [ ]
[ [ ] ] == [ [ ] ]
let a = 1; b = a; in { inherit a b; }
let inherit ({ a = 1; }) a; in a
builtins.foldl' (f: x: y: f (y + x)) (y: y) [ 1 2 ] 3
(x: x.a.b or 1) { a.b = 2; }
9223372036854775807
-9223372036854775807 - 1
1.0e3
1.5e-3
.5
5.0
100000000000000000000.0
builtins.genericClosure { startSet = [ { key = 1; } ]; operator = x: if x.key < 3 then [ { key = x.key + 1; } ] else [ ]; }
let a = { b = 1; }; in a.b + a.b
if 1 == 1 then "a" else "b"
let f = a: b: a; in f 1 (throw "never")
(rec { a = b; b = 1; }).a
let or = 1; in { or = 2; }.or
{ a = 1; }.a or 2 + 3
[ ({ a = 1; }.b or 2) 3 ]
let x = 1; in x-1
let x-1 = 2; in x-1
let x' = 1; in x'
head [ ]
1 / 0
{ a = 1; }.b
throw "x"
assert false; 1
builtins.head [ ]
let a = a; in a
({ a }: a) { }
({ a }: a) { a = 1; b = 2; }
1 + "a"
"a" + 1
{ a = 1; a = 2; }
builtins.elemAt [ 1 ] 5
builtins.fromJSON "{"
if 1 then 2 else 3
{ } + 1
[ 1 ] + [ 2 ]
unknown
toString [ 1 2 ]
builtins.toJSON { a = [ 1 2 ]; b = null; }
[ [ 1 ] [ 2 ] ] < [ [ 1 ] [ 3 ] ]
builtins.catAttrs "a" [ { a = 1; c = 2; } { } ]
with { a = 1; }; with { }; a
let a = 1; f = { a ? 2 }: a; in f { }
{ a = 1; b = { c = 2; }; } == { b = { c = 2; }; a = 1; }
let x = { f = y: y + x.n; n = 2; }; in x.f 1
builtins.map ({ a, b ? a }: a + b) [ { a = 1; } ]
(a: { b, c ? a }: b + c) 1 { b = 2; }
let inherit (builtins) map length; in map length [ [ ] [ 1 ] ]
rec { f = x: if x == 0 then "end" else g (x - 1); g = x: f x; r = f 10; }.r
let a = { b.c = 1; }; in a // { b = a.b // { d = 2; }; }
{ inherit ({ x = 1; y = 2; }) x y; }
let x = ''a''; in "${x}${''b''}"
if { } ? a then 1 else 2
!false && !false
1 + (if true then 2 else 3)
- 1 + 2
let f = x: -x; in f 2
{ a = 1; }.${"a"}
{ "${"a"}" = 1; }.a
{ a."b c".d = 1; }.a."b c"
builtins.foldl' (a: b: a // b) { a = 0; } [ { a = 1; } { a = 2; } ]
builtins.attrValues (builtins.mapAttrs (n: v: n + v) { a = "1"; b = "2"; })
builtins.concatMap (x: if x > 1 then [ x ] else [ ]) [ 1 2 3 ]
let compose = f: g: x: f (g x); in compose (x: x + 1) (x: x * 2) 5
let curry = f: a: b: f { inherit a b; }; in curry ({ a, b }: a - b) 5 3
builtins.elemAt (builtins.sort (a: b: a > b) [ 1 3 2 ]) 0
true -> true -> false
1 < 2 && "a" < "b" && [ 1 ] < [ 2 ]
{ a = 1; } // { a.b = 2; }
{ a.b = 1; } // { a = 2; }
let a = 1; in { inherit a; } // rec { b = 2; c = b; }
builtins.substring 0 (-1) ""
builtins.stringLength ""
builtins.replaceStrings [ ] [ ] "a"
builtins.splitVersion ""
builtins.compareVersions "1.0" "1.0"
builtins.compareVersions "1.0pre" "1.0"
builtins.sort (a: b: false) [ 3 1 2 ]
builtins.genList (x: x) 0
builtins.partition (x: true) [ ]
let y = x: x; in y (y y) 1
builtins.toJSON { a = [ 1 2.5 "x" null true ]; }
toString [ 1 "a" true ]
