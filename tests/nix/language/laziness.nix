# Laziness: what is not asked for is not evaluated.
let x = 1 / 0; in 1
let x = x; in 1
let x = x; in x
let x = y; y = x; in x
rec { a = b; b = a; }.a
rec { a = a; b = 1; }.b
let x = { a = throw "x"; b = 1; }; in x.b
(x: 1) (1 / 0)
(x: y: x) 1 (throw "a")
({ a, b }: a) { a = 1; b = throw "x"; }
[ (throw "a") ] == [ ]
builtins.length [ (throw "a") (throw "b") ]
builtins.length (map (x: throw "a") [ 1 2 ])
builtins.elemAt [ (throw "a") 1 ] 1
builtins.elemAt [ (throw "a") 1 ] 0
builtins.head [ 1 (throw "a") ]
builtins.head (builtins.tail [ (throw "a") 1 ])
builtins.length (builtins.tail [ (throw "a") 1 ])
builtins.length ([ (throw "a") ] ++ [ (throw "b") ])
builtins.length (builtins.concatLists [ [ (throw "a") ] [ ] ])
builtins.length (builtins.genList (x: throw "a") 3)
builtins.elemAt (builtins.genList (x: if x == 1 then 5 else throw "a") 3) 1
builtins.attrNames { a = throw "x"; b = throw "y"; }
builtins.length (builtins.attrValues { a = throw "x"; })
builtins.attrNames (builtins.mapAttrs (n: v: throw "x") { a = 1; })
builtins.attrNames ({ a = throw "x"; } // { b = throw "y"; })
({ a = throw "x"; } // { a = 1; }).a
builtins.hasAttr "a" { a = throw "x"; }
{ a = { b = throw "x"; }; } ? a.b
({ a = throw "x"; }).b or 2
if true then 1 else throw "x"
if false then throw "x" else 1
false && throw "x"
true || throw "x"
false -> throw "x"
true && throw "x"
false || throw "x"
true -> throw "x"
throw "x" && false
throw "x" || true
assert true; 1
assert true -> false; 1
assert (throw "x"); 1
assert 1; 1
if throw "x" then 1 else 2
[ 1 2 ] == [ 1 (throw "x") ]
[ 1 (throw "x") ] == [ 2 (throw "x") ]
[ (throw "x") ] == [ (throw "x") 1 ]
{ a = 1; b = throw "x"; } == { a = 2; b = throw "x"; }
{ a = throw "x"; b = 1; } == { a = throw "x"; b = 2; }
let l = [ (throw "x") ]; in l == l
builtins.seq (throw "x") 1
builtins.seq [ (throw "x") ] 1
builtins.seq { a = throw "x"; } 1
builtins.seq (x: throw "x") 1
builtins.seq 1 (throw "x")
builtins.deepSeq [ (throw "x") ] 1
builtins.deepSeq { a = throw "x"; } 1
builtins.deepSeq { a.b.c = [ 1 (throw "x") ]; } 1
builtins.deepSeq (x: throw "x") 1
builtins.tryEval (throw "x")
builtins.tryEval 1
builtins.tryEval [ (throw "x") ] == { success = true; value = [ 1 ]; }
(builtins.tryEval [ (throw "x") ]).success
(builtins.tryEval { a = throw "x"; }).success
(builtins.tryEval (builtins.deepSeq [ (throw "x") ] 1)).success
(builtins.tryEval (builtins.seq (throw "x") 1)).success
(builtins.tryEval (throw "x")).value
(builtins.tryEval (if throw "x" then 1 else 2)).success
(builtins.tryEval (builtins.tryEval (throw "x"))).success
(builtins.tryEval (builtins.tryEval (throw "x")).value).value
builtins.tryEval (1 / 0)
builtins.tryEval (builtins.head [ ])
builtins.tryEval ({ }.a)
builtins.tryEval (builtins.abort "x")
builtins.tryEval (abort "x")
builtins.tryEval (let x = x; in x)
builtins.tryEval (1 + "a")
builtins.tryEval (builtins.fromJSON "{")
builtins.tryEval (builtins.elemAt [ ] 0)
builtins.tryEval (toString (x: x))
(builtins.tryEval (throw "a" + throw "b")).success
(builtins.tryEval (builtins.foldl' (a: b: throw "x") 0 [ 1 ])).success
(builtins.tryEval (builtins.addErrorContext "c" (throw "x"))).success
builtins.addErrorContext "context" 1
builtins.trace "a" 1
builtins.trace (throw "x") 1
abort "x"
throw 1
throw [ "a" ]
throw ""
builtins.throw "x"
builtins.foldl' (a: b: b) 0 [ (throw "x") 1 ]
builtins.foldl' (a: b: 1) (throw "x") [ 1 ]
builtins.foldl' (a: b: 1) 0 [ (throw "x") ]
builtins.foldl' (a: b: a) 0 [ (throw "x") ]
builtins.foldl' (a: b: throw "x") 0 [ ]
builtins.foldl' (a: b: if b == 2 then a else throw "x") 0 [ 1 2 ]
builtins.foldl' (a: x: a + x) 0 [ 1 2 3 ]
builtins.foldl' (a: x: a ++ [ x ]) [ ] [ 1 2 3 ]
builtins.foldl' (a: x: x - a) 0 [ 1 2 3 ]
builtins.any (x: x) [ true (throw "x") ]
builtins.any (x: x) [ false (throw "x") ]
builtins.all (x: x) [ false (throw "x") ]
builtins.all (x: x) [ true (throw "x") ]
builtins.any (x: true) [ (throw "x") ]
builtins.elem 1 [ 1 (throw "x") ]
builtins.elem 1 [ 2 (throw "x") ]
builtins.filter (x: true) [ ] == [ ]
builtins.length (builtins.filter (x: true) [ (throw "x") ])
builtins.concatMap (x: [ ]) [ (throw "x") ]
(builtins.partition (x: true) [ (throw "x") ]).wrong
builtins.removeAttrs { a = throw "x"; b = 1; } [ "a" ]
(builtins.listToAttrs [ { name = "a"; value = throw "x"; } { name = "b"; value = 1; } ]).b
builtins.attrNames (builtins.zipAttrsWith (n: vs: throw n) [ { a = 1; } ])
builtins.attrNames (builtins.groupBy (x: "a") [ (throw "x") ])
builtins.length (builtins.catAttrs "a" [ { a = throw "x"; } ])
builtins.sort (a: b: throw "x") [ 1 ]
builtins.sort (a: b: throw "x") [ ]
builtins.sort (a: b: throw "x") [ 1 2 ]
builtins.genList (x: throw "x") 0
builtins.isInt (throw "x")
builtins.typeOf [ (throw "x") ]
builtins.isList [ (throw "x") ]
builtins.isAttrs { a = throw "x"; }
builtins.isFunction (x: throw "x")
builtins.functionArgs ({ a ? throw "x" }: a)
builtins.stringLength (throw "x")
builtins.concatStringsSep "," [ "a" (throw "x") ]
builtins.match "a" (throw "x")
builtins.toJSON [ (throw "x") ]
"${throw "x"}"
"a" + throw "x"
let xs = [ 1 ] ++ map (x: x + 1) ys; ys = [ 10 ]; in xs
let xs = map (x: x + 1) [ 1 2 ]; in builtins.head xs
let s = { a = 1; b = s.a + 1; c = s.b + 1; }; in s.c
let fibs = builtins.genList (n: if n < 2 then n else builtins.elemAt fibs (n - 1) + builtins.elemAt fibs (n - 2)) 20; in builtins.elemAt fibs 19
let nats = { n = 0; next = let go = n: { inherit n; }; in go 1; }; in nats.next.n
let lazy = [ 1 2 (throw "x") ]; in builtins.head lazy
let a = builtins.trace "once" 1; in a + a
let x = if c then throw "x" else 1; c = false; in x
with throw "x"; 1
let f = x: throw "x"; in 1
let f = x: throw "x"; in f 1
let f = { a, b ? throw a }: b; in f { a = "x"; b = 1; }
let f = { a, b ? throw a }: b; in f { a = "x"; }
