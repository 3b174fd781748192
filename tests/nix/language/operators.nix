# Operators: what they take and how they bind.
true && true
true && false
false || true
false || false
true -> true
false -> true
false -> false
!true
!false
!!true
! true
!true && false
true || true && false
(true || true) && false
(false -> false) -> false
true || false -> false
true && 1
1 && true
false || 1
1 || true
true -> 1
null && true
!1
!null
!""
- true
-null
-[ ]
-{ }
if true then 1 else 2
if false then 1 else 2
if true then if false then 1 else 2 else 3
if null then 1 else 2
if "" then 1 else 2
if true then 1
if true && false then 1 else 2
1 + (if true then 1 else 2)
(if true then 1 else 2) + 1
if true then 1 else 2 + 3
assert true; assert true; 2
assert 1 == 1; "a"
assert true && false; 1
1 + (assert true; 2)
{ a = assert true; 1; }
1 == 1
1 != 2
1 == null
null == 1
"a" == null
null == "a"
[ ] == null
{ } == null
null == { }
null == [ ]
(x: x) == null
null == (x: x)
true == null
let x = null; in x == null
let x = 1; in x == null
let x = null; in x != null
let x = [ null ]; in builtins.head x == null
1 < "a"
true < 1
null < 1
[ ] < 1
1 < null
{ } < 1
1 + null
1 + true
1 - "a"
1 - null
1 * null
1 / null
1 / "a"
null + null
true + true
[ ] + 1
{ } + { }
{ } ++ { }
{ } // { } // { }
[ ] // [ ]
1 + 2 + 3
1 + 2 - 3
1 - 2 + 3
2 * 3 / 4
2 / 3 * 4
8 / 4 * 2
1 + 2 * 3 - 4 / 2
1 + 2 == 3 && 4 - 1 == 3
1 < 2 && 2 < 3
1 < 2 || throw "x"
1 > 2 -> throw "x"
[ 1 ] ++ [ 2 ] == [ 1 2 ]
[ 1 2 ] == [ 1 ] ++ [ 2 ]
{ a = 1; } // { b = 2; } == { a = 1; b = 2; }
{ a = 1; } // { b = 2; } ? b
({ a = 1; } // { b = 2; }) ? b
"a" + "b" == "ab"
"a" == "b" || "a" == "a"
1 + 1 < 3
1 + 1 <= 2
3 > 1 + 1
1 == 2 -> false
!(1 == 2) -> true
!1 == 2 || true
-1 + 2
-1 - -1
-1 * -1
1 - -1 - -1
2 * -1
-{ a = 1; }.a + 1
- (x: x) 1
-builtins.length [ 1 ]
!builtins.elem 1 [ ]
builtins.length [ 1 ] + 1
builtins.length [ 1 ] == 1
builtins.length ([ 1 ] ++ [ 2 ])
builtins.length [ 1 ] * 2 + 1
[ 1 ] ++ map (x: x) [ 2 ]
map (x: x) [ 1 ] ++ [ 2 ]
{ a = 1; }.a + 1
{ a = 1; }.a == 1 && true
{ a = 1; }.b or 2 + 3
{ a = 1; }.b or 2 == 2
1 + { a = 1; }.b or 2
[ 1 ] ++ { }.a or [ 2 ]
{ } // { a = 1; }.b or { c = 2; }
{ } ? a -> false
!{ } ? a && true
{ a = 1; } ? a == true
1 == 1 != false
(1 == 1) != false
1 <= 1 == true
1 <= 1 <= 1
1 != 1 != 1
with { a = 1; }; a + 1 == 2
let a = 1; in a + 1 == 2
x: x + 1 == 2
(x: x + 1 == 2) 1
(x: x == 1 && true) 1
assert 1 < 2; 1 == 1
true && let a = true; in a
1 + let a = 1; in a
[ 1 ] ++ let a = [ 2 ]; in a
1 + (x: x) 1
!(x: x) true
true && (x: x) false
(1)
((1))
(((1 + 2)))
1 /* a */ + /* b */ 2
builtins.isNull 1
builtins.isBool 1
builtins.isPath 1
builtins.typeOf true
builtins ? map
builtins ? nope
builtins.true
builtins.false
builtins.null
builtins.nope
builtins.hasAttr "length" builtins
(builtins.getAttr "length" builtins) [ 1 ]
builtins.length (builtins.attrNames builtins) > 50
builtins.isAttrs builtins
builtins.typeOf builtins
builtins.map builtins.toString [ 1 2 ]
isNull null
baseNameOf "/a/b"
baseNameOf "/a/b/"
baseNameOf "a"
baseNameOf ""
baseNameOf "/"
baseNameOf "a//"
dirOf "/a/b"
dirOf "a/b"
dirOf "a"
dirOf "/"
dirOf ""
dirOf "/a"
dirOf "a/b/"
builtins.unsafeDiscardStringContext "a"
builtins.langVersion > 0
builtins.toXML 1
builtins.toXML [ 1 "a" true null 1.5 ] == ""
builtins.toXML [ 1 2 ]
builtins.toXML { a = 1; }
builtins.toXML "a<b>&\"'"
builtins.toXML { }
