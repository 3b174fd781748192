# Lists and equality.
[ ]
[]
[ 1 ]
[ 1 2 3 ]
[ "a" "b" ]
[ [ ] ]
[ [ 1 ] [ 2 3 ] ]
[ { a = 1; } { a = 2; } ]
[ (1 + 2) ]
[ ((x: x) 1) ]
[ true false ]
[ null ]
[ null null ]
[ (-1) ]
[ { a = 1; }.a ]
[ "${"a"}" ]
[ ''a'' ]
[ (if true then 1 else 2) ]
[ rec { a = 1; } ]
[ let a = 1; in a ]
[ 1 ] ++ [ 2 ]
[ ] ++ [ ]
[ ] ++ [ 1 ]
[ 1 ] ++ [ ]
[ 1 ] ++ ([ 2 ] ++ [ 3 ])
([ 1 ] ++ [ 2 ]) ++ [ 3 ]
[ 1 ] ++ 2
1 ++ [ 2 ]
[ 1 ] ++ null
[ 1 ] == [ 1 ]
[ 1 ] == [ 2 ]
[ 1 ] == [ 1 2 ]
[ [ 1 ] ] == [ [ 1 ] ]
[ 1 ] != [ 1 ]
[ 1 2 ] != [ 2 1 ]
[ (x: x) ] == [ (x: x) ]
let f = x: x; g = f; in f == g
let l = [ (x: x) ]; in l == l
let l = [ [ (x: x) ] ]; in l == l
(x: x) == (x: x)
builtins.map == builtins.map
let m = builtins.map; in m == m
let m = builtins.map; in [ m ] == [ m ]
builtins.add 1 == builtins.add 1
let s = { f = x: x; }; in s.f == s.f
let s = { f = x: x; }; t = { inherit (s) f; }; in s == t
let s = { f = x: x; }; in s == { inherit (s) f; }
let s = { f = x: x; }; in [ s ] == [ s ]
let s = { f = x: x; a = 1; }; in s == (s // { a = 1; })
let s = rec { f = x: x; g = f; }; in s.f == s.g
let f = x: x; in { a = f; b = 1; } == { a = f; b = 1; }
let f = x: x; in { a = f; b = 1; } == { a = f; b = 2; }
let f = x: x; in { a = f; } != { a = f; }
true == true
true == false
true != false
null != null
[ null ] == [ null ]
[ 1 ] < [ 2 ]
[ 1 ] < [ 1 ]
[ 1 ] <= [ 1 ]
[ 1 ] < [ 1 2 ]
[ 1 2 ] < [ 1 ]
[ ] < [ ]
[ ] <= [ ]
[ 1 ] > [ ]
[ 2 ] > [ 1 5 ]
[ 2 ] >= [ 1 5 ]
[ "a" ] < [ "b" ]
[ [ 1 ] ] < [ [ 2 ] ]
[ 1 (throw "x") ] < [ 2 (throw "x") ]
[ true ] < [ false ]
true < false
null < null
{ } < { }
(x: x) < (x: x)
builtins.length [ 1 2 3 ]
builtins.length "abc"
builtins.length 1
builtins.tail [ 1 2 3 ]
builtins.tail [ 1 ]
builtins.tail [ ]
builtins.elemAt [ 1 2 3 ] 0
builtins.elemAt [ 1 2 3 ] 2
builtins.elemAt [ 1 2 3 ] 3
builtins.elemAt [ 1 2 3 ] (-1)
builtins.elem 1 [ 1 2 ]
builtins.elem 3 [ 1 2 ]
builtins.elem 1 [ ]
builtins.elem [ 1 ] [ [ 1 ] ]
builtins.elem null [ null ]
builtins.map (x: x) [ ]
map (x: x * x) [ 1 2 3 ]
map (x: [ x ]) [ 1 2 ]
map (x: x.a) [ { a = 1; } { a = 2; } ]
map (x: y: x) [ ] == [ ]
map (x: x) 1
builtins.filter (x: false) [ 1 ]
builtins.filter (x: 1) [ 1 ]
builtins.concatLists [ ]
builtins.concatLists [ [ 1 ] [ 2 3 ] [ ] ]
builtins.concatLists [ 1 ]
builtins.concatMap (x: [ ]) [ 1 2 ]
builtins.concatMap (x: x) [ 1 ]
builtins.genList (x: x) 3
builtins.genList (x: x * 2) 3
builtins.genList (x: x) (-1)
builtins.sort (a: b: a < b) [ ]
builtins.sort (a: b: a < b) [ 1 ]
builtins.sort (a: b: a > b) [ 3 1 2 ]
builtins.sort (a: b: a < b) [ "b" "a" "C" ]
builtins.sort builtins.lessThan [ "b" "a" ]
builtins.sort builtins.lessThan [ 2.5 1.5 ]
builtins.sort (a: b: a < b) [ [ 2 ] [ 1 5 ] [ 1 ] [ ] ]
builtins.sort (a: b: a.k < b.k) [ { k = 1; v = 1; } { k = 0; v = 2; } { k = 1; v = 3; } { k = 0; v = 4; } ]
builtins.sort (a: b: a.k > b.k) [ { k = 1; v = 1; } { k = 0; v = 2; } { k = 1; v = 3; } { k = 0; v = 4; } ]
builtins.sort (a: b: builtins.stringLength a < builtins.stringLength b) [ "bb" "a" "aa" "b" "" "ccc" ]
builtins.sort (a: b: (a - a / 10 * 10) < (b - b / 10 * 10)) [ 31 12 11 22 21 2 1 42 ]
builtins.sort (a: b: 1) [ 1 2 ]
builtins.sort (a: b: a < b) (builtins.genList (x: (x * 7 + 3) - (x * 7 + 3) / 11 * 11) 30)
map (x: x.i) (builtins.sort (a: b: a.k < b.k) (builtins.genList (i: { inherit i; k = i - i / 3 * 3; }) 20))
builtins.all (x: x > 0) [ ]
builtins.all (x: x > 1) [ 1 2 ]
builtins.any (x: x > 0) [ ]
builtins.any (x: 1) [ 1 ]
builtins.genericClosure { startSet = [ ]; operator = x: [ ]; }
builtins.genericClosure { startSet = [ { key = 1; } ]; operator = x: [ ]; }
builtins.genericClosure { startSet = [ { key = 1; } { key = 2; } { key = 1; } ]; operator = x: [ ]; }
builtins.genericClosure { startSet = [ { key = 5; } ]; operator = x: if x.key > 0 then [ { key = x.key - 1; } { key = x.key / 2; } ] else [ ]; }
builtins.genericClosure { startSet = [ { key = "a"; n = 1; } ]; operator = x: if x.n < 3 then [ { key = x.key + "b"; n = x.n + 1; } ] else [ ]; }
builtins.genericClosure { startSet = [ { key = 1; v = "first"; } { key = 1; v = "second"; } ]; operator = x: [ ]; }
builtins.genericClosure { startSet = [ { k = 1; } ]; operator = x: [ ]; }
builtins.genericClosure { startSet = [ { key = 1.5; } { key = 0.5; } { key = 1.5; } ]; operator = x: [ ]; }
map (x: x.key) (builtins.genericClosure { startSet = [ { key = 0; } ]; operator = x: builtins.filter (y: y.key < 20) [ { key = x.key * 2 + 1; } { key = x.key * 2 + 2; } ]; })
builtins.genericClosure { startSet = [ { key = [ 1 ]; } { key = [ 1 ]; } { key = [ 2 ]; } ]; operator = x: [ ]; }
builtins.genericClosure { operator = x: [ ]; }
builtins.isList { }
builtins.toJSON [ ]
builtins.toJSON [ 1 [ 2 ] ] == "x"
builtins.toJSON [ [ 1 ] [ 2 ] ]
builtins.toJSON [ { a = 1; } ]
builtins.toJSON { }
builtins.toJSON { b = [ ]; a = { }; }
builtins.toJSON null
builtins.toJSON true
builtins.toJSON { a = null; b = true; c = "x"; d = 1; e = 1.5; f = [ "y" ]; }
builtins.toJSON (x: x)
builtins.toJSON { f = x: x; }
builtins.fromJSON "-1"
builtins.fromJSON "1.5"
builtins.fromJSON "1e3"
builtins.fromJSON "1E3"
builtins.fromJSON "-0"
builtins.fromJSON "0"
builtins.fromJSON "-0.0"
builtins.fromJSON "01"
builtins.fromJSON "+1"
builtins.fromJSON ".5"
builtins.fromJSON "1."
builtins.fromJSON "true"
builtins.fromJSON "null"
builtins.fromJSON "\"a\""
builtins.fromJSON "\"\\u00e9\""
builtins.fromJSON "\"\\ud83c\\udf89\""
builtins.fromJSON "\"\\ud83c\""
builtins.fromJSON "\"\\n\\t\\\"\\\\\\/\""
builtins.fromJSON "\"\n\""
builtins.fromJSON "[]"
builtins.fromJSON "[ 1 , 2 ]"
builtins.fromJSON "[1,]"
builtins.fromJSON "{}"
builtins.fromJSON "{\"a\":1,\"b\":{\"c\":[]}}"
builtins.fromJSON "{\"a\":1,\"a\":2}"
builtins.fromJSON "{\"b\":1,\"a\":2}"
builtins.fromJSON "{a:1}"
builtins.fromJSON "'a'"
builtins.fromJSON ""
builtins.fromJSON " 1 "
builtins.fromJSON "1 2"
builtins.fromJSON "// c\n1"
builtins.fromJSON "/* c */ 1"
builtins.fromJSON "NaN"
builtins.fromJSON "nul"
builtins.fromJSON "{\"__proto__\": 1, \"\": 2}"
builtins.fromJSON "9223372036854775807"
builtins.fromJSON "-9223372036854775808"
builtins.fromJSON "1.0"
builtins.fromJSON "100000000000000000000"
builtins.fromJSON "1e400"
builtins.fromJSON (builtins.toJSON { a = [ 1 2 ]; b.c = "x\"y"; })
builtins.fromJSON 1
builtins.fromTOML "a = 1"
builtins.fromTOML "[a]\nb = [1, 2]\n[a.c]\nd = \"x\""
builtins.fromTOML "a = 1.5\nb = true\nc = 'x'"
builtins.fromTOML "[[a]]\nb = 1\n[[a]]\nb = 2"
builtins.fromTOML "a = 0x10\nb = 1_000"
builtins.fromTOML "a = "
