# Attribute sets: order, nesting, update, selection.
{ }
{}
{ a = 1; }
{a=1;}
{ b = 1; a = 2; }
{ z = 1; Z = 2; a = 3; A = 4; _ = 5; "0" = 6; "é" = 7; "-" = 8; }
builtins.attrNames { z = 1; Z = 2; a = 3; A = 4; _ = 5; "0" = 6; "é" = 7; "-" = 8; "" = 9; }
builtins.attrNames { b = 1; aa = 2; a = 3; ab = 4; }
builtins.attrNames { "10" = 1; "9" = 2; "1" = 3; }
builtins.attrValues { c = 1; a = 2; b = 3; }
builtins.toJSON { c = 1; a = 2; b = 3; }
{ a.b = 1; }
{ a.b.c.d = 1; }
{ a.b = 1; a.c = 2; }
{ a.c = 2; a = { b = 1; }; }
{ a.b.c = 1; a.b.d = 2; }
{ a.b = { c = 1; }; a.b.d = 2; }
{ a = 1; a.b = 2; }
{ a.b = 1; a = 2; }
{ a.b = 1; a.b = 2; }
{ a.b = 1; a.b.c = 2; }
{ a = { b = 1; }; a = { b = 2; }; }
{ "a" = 1; }
{ "a" = 1; a = 2; }
{ "a b" = 1; }
{ "" = 1; }
{ "a.b" = 1; }
{ "a"."b" = 1; }
{ a."b c".d = 1; }
{ ${"a"}.b = 1; }
{ "${"a"}" = 1; }
{ "a${"b"}c" = 1; }
{ ${"a"} = 1; ${"b"} = 2; }
{ ${"a"} = 1; a = 2; }
{ a = 1; ${"a"} = 2; }
{ ${"a"} = 1; ${"a"} = 2; }
{ ${null} = 1; }
{ ${null} = 1; a = 2; }
{ a.${null} = 1; }
{ ${1} = 1; }
{ ${if true then "a" else "b"} = 1; }
let k = "a"; in { ${k} = 1; }
let k = "a"; in { ${k}.${k} = 1; }
let k = "a"; in { x.${k} = 1; x.b = 2; }
{ a.${"b"} = 1; a.${"c"} = 2; }
{ if' = 1; }
{ or = 1; }
{ or = 1; }.or
{ a-b = 1; }
{ a' = 1; }
{ a_b = 1; }
{ _a = 1; }
{ inherit' = 1; }
{ if = 1; }
{ "if" = 1; }
{ true = 1; }
{ true = 1; }.true
{ null = 1; }.null
rec { }
rec { a = 1; }
rec { a = 1; b = a; }
rec { b = a; a = 1; }
rec { a = b; b = c; c = 1; }
rec { a.b = 1; c = a.b; }
rec { a = { b = c; }; c = 1; }
rec { a = 1; b = rec { a = 2; c = a; }; }
rec { a = 1; b = { a = 2; c = a; }; }
rec { "a" = 1; b = a; }
rec { "a b" = 1; c = 2; }
let a = 5; in rec { ${"a"} = 1; b = a; }
rec { a = 1; ${"b"} = a; }
rec { x = 1; y = x + 1; z = y + 1; }.z
rec { f = n: if n == 0 then 1 else n * f (n - 1); r = f 5; }.r
rec { a.b = c; a.c = 1; c = 2; }
rec { a = rec { b = c; c = 1; }; c = 2; }
rec { a = { b = 1; }; a.c = 2; d = a.b; }
let c = 3; in { a = rec { b = c; }; a.c = 1; }
let c = 3; in { a = { b = c; }; a.c = 1; }
{ inherit; }
let a = 1; in { inherit a; }
let a = 1; b = 2; in { inherit a b; }
{ inherit ({ a = 1; }) a; }
{ inherit ({ a = 1; b = 2; }) a b; }
{ inherit ({ a = 1; }) a; b = 2; }
{ inherit ({ a = 1; }); }
let s = { a = 1; }; in { inherit (s) a; }
let s.t = { a = 1; }; in { inherit (s.t) a; }
let a = 1; in { inherit a; a = 2; }
let a = 1; in { inherit a; inherit a; }
let a = 1; in { inherit "a"; }
{ inherit ({ "a b" = 1; }) "a b"; }
let a = 1; in { inherit ${"a"}; }
let a = 1; in rec { inherit a; b = a; }
let a = 1; in rec { b = a; inherit a; }
rec { inherit (s) a; s = { a = 1; }; b = a; }
rec { a = 1; s = { inherit a; }; }
{ inherit unknown; }
{ inherit ({ }) a; }
{ b = 1; inherit ({ a = throw "x"; }) a; }.b
{ a = 1; }.a
{ a.b = 1; }.a.b
{ a.b = 1; }.a.c
{ a.b = 1; }.b.c
{ a = 1; }.a.b
{ a = 1; }."a"
{ a = 1; }."${"a"}"
{ a.b = 1; }.${"a"}.b
{ "a.b" = 1; }."a.b"
{ a = 1; } . a
{ a = 1; }.a or 2
{ }.a or 1
{ }.a.b.c or 1
{ a.b = 1; }.a.b or 2
{ a = 1; }.a.b or 2
{ a = null; }.a or 1
{ a = null; }.a.b or 1
{ a = [ ]; }.a.b or 1
{ a = throw "x"; }.b or 1
{ a = throw "x"; }.a or 1
{ }.a or (throw "x")
{ a = 1; }.a or (throw "x")
{ }.a or { }.b or 2
({ }.a or { b = 3; }).b
{ }.${"a"} or 1
{ a = 1; }.${"b"} or 2
{ a = x: x; }.a or (x: x) 1
[ { a = 1; }.a or 2 ]
[ { }.a or 1 { }.b or 2 ]
(x: x) { }.a or 1
(x: x) { a = 5; }.a
{ a = x: x + 1; }.a 1
{ a = { b = x: x + 1; }; }.a.b 1
-{ a = 1; }.a
!{ a = true; }.a
{ } ? a
{ a.b = 1; } ? a.c
{ a.b = 1; } ? b.c
{ a = 1; } ? a.b
{ "a b" = 1; } ? "a b"
{ a = 1; } ? ${"b"}
{ a = throw "x"; } ? a
{ a = throw "x"; } ? a.b
!{ } ? a
!({ } ? a)
{ } ? a || true
{ a = 1; } ? a && { a = 1; } ? b
{ a = { }; } ? a == true
1 ? a
"a" ? a
[ ] ? a
null ? a
{ } // { }
{ a = 1; } // { }
{ } // { a = 1; }
{ a = 1; } // { b = 2; }
{ a = 1; } // { a = 2; }
{ a = 1; b = 2; } // { b = 3; c = 4; }
{ a = 1; } // { b = 2; } // { c = 3; }
{ a = 1; } // { a = 2; } // { a = 3; }
({ a = 1; } // { a = 2; }) // { b = 3; }
({ a = 1; } // { b = 2; }).b
{ a = 1; } // { b = 2; }.b
{ a = throw "x"; } // { a = 1; }
{ a = 1; } // { b = throw "x"; } ? b
({ a = 1; } // { b = throw "x"; }).a
{ a = 1; } // 1
1 // { a = 1; }
[ ] // { }
null // { }
{ } // null
{ a = 1; } == { a = 1; }
{ a = 1; } == { a = 2; }
{ a = 1; b = 2; } == { b = 2; a = 1; }
{ a = { }; } == { a = { }; }
{ a.b.c = 1; } == { a.b.c = 1; }
{ a = [ 1 ]; } == { a = [ 1 ]; }
{ a = 1; } != { a = 1; }
{ a = x: x; } == { a = x: x; }
let s = { a = x: x; }; in s == s
let s = { a = throw "x"; }; in s == s
{ a = 1; } < { a = 2; }
builtins.attrNames { }
builtins.attrValues { }
builtins.attrNames 1
builtins.hasAttr "b" { a = 1; }
builtins.getAttr "b" { a = 1; }
builtins.removeAttrs { a = 1; b = 2; } [ "a" ]
builtins.removeAttrs { a = 1; b = 2; } [ ]
builtins.removeAttrs { a = 1; b = 2; } [ "a" "b" ]
builtins.removeAttrs { a = 1; } [ "c" ]
builtins.removeAttrs { a = 1; } [ "a" "a" ]
removeAttrs { a = throw "x"; b = 1; } [ "a" ]
builtins.intersectAttrs { } { a = 1; }
builtins.intersectAttrs { a = 1; } { }
builtins.intersectAttrs { a = throw "x"; } { a = 1; }
builtins.mapAttrs (n: v: v) { }
builtins.mapAttrs (n: v: n) { a = 1; b = 2; }
builtins.mapAttrs (n: v: n + v) { a = "x"; b = "y"; }
(builtins.mapAttrs (n: v: throw n) { a = 1; }) ? a
builtins.attrNames (builtins.mapAttrs (n: v: throw n) { a = 1; })
builtins.listToAttrs [ ]
builtins.listToAttrs [ { name = "a"; value = 1; } ]
builtins.listToAttrs [ { name = "a"; value = 1; } { name = "b"; value = 2; } ]
builtins.listToAttrs [ { name = ""; value = 1; } ]
builtins.attrNames (builtins.listToAttrs [ { name = "b"; value = throw "x"; } { name = "a"; value = throw "y"; } ])
builtins.listToAttrs [ { value = 1; } ]
builtins.listToAttrs [ { name = 1; value = 1; } ]
builtins.catAttrs "a" [ ]
builtins.catAttrs "a" [ { } { } ]
builtins.zipAttrsWith (n: vs: vs) [ ]
builtins.zipAttrsWith (n: vs: vs) [ { a = 1; } { a = 2; b = 3; } ]
builtins.zipAttrsWith (n: vs: builtins.head vs) [ { a = 1; } { a = 2; b = 3; } ]
builtins.zipAttrsWith (n: vs: n) [ { a = 1; } { b = 2; } ]
builtins.groupBy (x: x) [ "a" "b" "a" ]
builtins.groupBy (x: toString (x / 10)) [ 1 12 5 25 17 ]
builtins.groupBy (x: x) [ ]
builtins.groupBy (x: 1) [ 1 ]
let s = { a = 1; }; in s // { b = s.a; }
let s = { a = 1; b = s.a + 1; }; in s
let s = { a.b = 1; c = s.a.b; }; in s.c
(a: a.b.c) { b.c = 1; }
builtins.isAttrs [ ]
{ a = 1; }.a + { a = 2; }.a
{ a = { b = 1; }; }.a // { c = 2; }
