# Small programs as people write them, one a line.
builtins.match "[[.a.]]" "a"
__length [ 1 2 ]
__add 1 2
let count = builtins.foldl' (acc: x: acc // { ${x} = (acc.${x} or 0) + 1; }) { }; in count [ "a" "b" "a" "c" "a" ]
let s = "a.b.c"; in builtins.filter (x: x != [ ]) (builtins.split "\\." s)
let r = builtins.tryEval (builtins.fromJSON "1"); in if r.success then r.value else 0
let r = builtins.tryEval (throw "x"); in if r.success then "ok" else "failed"
let safeDiv = a: b: if b == 0 then null else a / b; in map (safeDiv 10) [ 0 3 5 ]
let safe = f: x: let r = builtins.tryEval (f x); in if r.success then r.value else "err"; in [ (safe (x: if x > 1 then throw "big" else "ok") 1) (safe (x: if x > 1 then throw "big" else "ok") 2) ]
let a = 1; f = b: let c = a + b; in d: { e = a + b + c + d; }; in (f 2 3).e
let x = { a = 1; b = x.a + 1; c = x.b + 1; }; in x.c
let self = rec { name = "n"; full = "${name}-${version}"; version = "1"; }; in self.full
rec { x = { y = z; }; z = 5; w = x.y; }
let attrs = { a = 1; b = 2; }; in { sum = attrs.a + attrs.b; names = builtins.attrNames (attrs // { c = 3; }); has = map (n: attrs ? ${n}) [ "a" "z" ]; }
let m = { "x86_64-linux" = 1; "aarch64-linux" = 2; }; in m."x86_64-linux" + m.${"aarch64" + "-linux"}
let f = a: { b ? a, ... }@args: [ a b (args.c or 0) ]; in f 1 { c = 2; }
let f = { ... }@args: args.x or "none"; in [ (f { }) (f { x = "y"; }) ]
let f = { x, ... }@args: g args; g = { x, y ? x * 2, ... }: x + y; in f { x = 1; z = 9; }
map ({ name, value }: "${name}=${value}") [ { name = "a"; value = "1"; } ]
map ({ name, value ? "d" }: "${name}=${value}") [ { name = "a"; value = "1"; } { name = "b"; } ]
builtins.mapAttrs (_: v: v.a or "none") { x = { a = "1"; }; y = { b = 2; }; }
builtins.attrNames (builtins.listToAttrs (map (i: { name = "n${toString i}"; value = i; }) [ 3 1 2 ]))
builtins.concatStringsSep " " (builtins.attrValues (builtins.mapAttrs (k: v: "--${k}=${toString v}") { a = 1; b = 2; }))
builtins.concatStringsSep " " (builtins.attrValues (builtins.mapAttrs (k: v: "--${k}=${v}") { a = "1"; b = "x"; }))
let l = [ 1 2 3 4 5 ]; n = builtins.length l; in { last = builtins.elemAt l (n - 1); init = builtins.genList (builtins.elemAt l) (n - 1); sum = builtins.foldl' (a: b: a + b) 0 l; avg = (builtins.foldl' builtins.add 0 l) / n; }
let max = a: b: if a > b then a else b; in [ (max 1 2) (max 4 3) ]
let max = a: b: if a > b then a else b; in "${toString (max 1 2)} ${max "a" "b"} ${toString (max 1.5 0.5)}"
let id = x: x; in { a = id 1; b = id "x"; c = id id 3; d = map id [ true ]; }
let pair = a: b: { fst = a; snd = b; }; swap = p: pair p.snd p.fst; in swap (pair 1 "a")
let k = a: b: a; s = f: g: x: f x (g x); in s k k 3
let y = f: f (y f); fact = y (self: n: if n == 0 then 1 else n * self (n - 1)); in fact 5
let cond = c: t: e: if c then t else e; in cond (1 < 2) "t" (throw "e")
let lazyList = { v = 1; next = { v = 2; next = null; }; }; in lazyList.next.v
let xs = [ 1 (throw "x") 3 ]; in builtins.elemAt xs 2
let s = { a = s.b; b = s.c; c = 3; }; in s.a
let ones = n: [ n ] ++ (if n > 3 then [ ] else ones (n + 1)); in ones 1
let collatz = n: if n == 1 then [ 1 ] else [ n ] ++ collatz (if n - (n / 2) * 2 == 0 then n / 2 else 3 * n + 1); in collatz 6
let mod = a: b: a - (b * (a / b)); in map (x: mod x 3) [ 0 1 2 3 4 (-1) ]
let gcd = a: b: if b == 0 then a else gcd b (a - b * (a / b)); in gcd 48 18
let pow = b: e: if e == 0 then 1 else b * pow b (e - 1); in pow 2 62
let primes = n: let sieve = xs: if xs == [ ] then [ ] else let p = builtins.head xs; in [ p ] ++ sieve (builtins.filter (x: x - p * (x / p) != 0) (builtins.tail xs)); in sieve (builtins.genList (i: i + 2) (n - 1)); in primes 30
let bin = n: if n < 2 then toString n else bin (n / 2) + toString (n - 2 * (n / 2)); in bin 10
let hex = n: builtins.elemAt [ "0" "1" "2" "3" "4" "5" "6" "7" "8" "9" "a" "b" "c" "d" "e" "f" ] n; in map hex [ 1 10 15 ]
let qs = xs: if xs == [ ] then [ ] else let p = builtins.head xs; r = builtins.partition (x: x < p) (builtins.tail xs); in qs r.right ++ [ p ] ++ qs r.wrong; in qs [ 3 1 2 ]
let ms = builtins.groupBy (x: x.kind) [ { kind = "a"; v = 1; } { kind = "b"; v = 2; } { kind = "a"; v = 3; } ]; in builtins.mapAttrs (k: xs: map (x: x.v) xs) ms
let merged = builtins.zipAttrsWith (name: values: builtins.foldl' (a: b: a + b) 0 values) [ { a = 1; b = 2; } { a = 3; } { } ]; in merged
builtins.foldl' (a: b: a // b) { } [ { a = 1; } { b = 2; } { a = 3; } ]
builtins.foldl' (a: b: { n = a.n + b; l = a.l ++ [ b ]; }) { n = 0; l = [ ]; } [ 1 2 3 ]
builtins.foldl' (a: b: a + "," + b) "x" [ "y" "z" ]
builtins.foldl' (f: g: x: g (f x)) (x: x) [ (x: x + 1) (x: x * 10) ] 4
(builtins.foldl' (acc: x: { count = acc.count + 1; max = if x > acc.max then x else acc.max; }) { count = 0; max = 0; } [ 4 9 2 ]).max
let cfg = { services = { nginx.enable = true; ssh.enable = false; }; }; enabled = builtins.filter (n: cfg.services.${n}.enable) (builtins.attrNames cfg.services); in enabled
let s = { a = 1; }; in (s.a or (throw "no")) + (s.b or 5)
let s = { a.b = 1; }; in [ (s.a.b or 2) (s.a.c or 3) (s.x.y.z or 4) ]
if { a = 1; } ? a && { a = 1; }.a == 1 then "yes" else "no"
let v = null; in if v == null then "none" else v
let f = v: if v == null then "none" else v + "!"; in [ (f null) (f "x") ]
let f = v: if v != null then v + 1 else 0; in [ (f null) (f 1) ]
let nullOr = d: v: if v == null then d else v; in [ (nullOr 1 null) (nullOr 1 2) ]
let xs = [ null 1 2 null ]; in builtins.filter (x: x != null) xs
let x = { name = null; }; in if x.name == null then "anon" else x.name
map (x: x.name or "anon") [ { name = "a"; } { } { id = 1; } ]
[ { a = 1; } { b = 2; } ]
map (x: x ? a) [ { a = 1; } { b = 2; } ]
{ a = [ ]; b = [ 1 ]; c = [ [ ] ]; }
builtins.length [ { } { a = 1; } ]
let f = x: { inherit x; }; in [ (f 1) (f 2) ]
builtins.typeOf (builtins.attrValues { a = 1; b = "x"; })
builtins.toJSON (builtins.attrValues { a = 1; b = "x"; })
builtins.mapAttrs (n: v: builtins.typeOf v) { a = 1; b = "x"; c = [ ]; d = null; }
builtins.attrNames (builtins.intersectAttrs { a = 1; b = 2; } { b = "x"; c = "y"; })
(builtins.intersectAttrs { a = 1; b = 2; } { b = "x"; c = "y"; }).b
(builtins.removeAttrs { a = 1; b = "x"; } [ "a" ]).b
removeAttrs { a = 1; b = 2; } (map (x: x) [ "a" ])
builtins.concatMap (x: if x.on then [ x.n ] else [ ]) [ { on = true; n = 1; } { on = false; n = 2; } ]
with builtins; concatStringsSep "," (filter (s: stringLength s > 1) [ "a" "bb" "ccc" ])
with builtins; toJSON (listToAttrs (genList (i: { name = toString i; value = i * i; }) 4))
with builtins; let inherit (fromJSON ''{"x": {"y": [1, 2]}}'') x; in elemAt x.y 1
with (builtins.fromJSON ''{"a": 1}''); a
(builtins.fromJSON ''{"a": [1, {"b": "c"}]}'').a
let j = builtins.fromJSON ''{"hosts": [{"n": "a", "p": 1}, {"n": "b"}]}''; in map (h: { inherit (h) n; p = h.p or 0; }) j.hosts
let d = builtins.fromJSON ''{"a": 1, "b": "x"}''; in builtins.mapAttrs (k: v: if builtins.isInt v then v + 1 else v) d
let d = builtins.fromTOML "[x]\na = 1\n[x.y]\nb = [1, 2]"; in d.x.y.b ++ [ d.x.a ]
({ pkgs ? { }, ... }@args: builtins.attrNames args) { a = 1; }
let g = { a, b ? 2 }: a + b; in builtins.functionArgs g
let callPackage = f: args: f ((builtins.intersectAttrs (builtins.functionArgs f) { a = 1; b = 2; c = 3; }) // args); in callPackage ({ a, c }: a + c) { c = 10; }
builtins.foldl' (acc: f: acc + f acc) 1 [ (x: x) (x: x * 2) ]
builtins.attrValues (builtins.mapAttrs (n: f: f n) { a = x: x + "1"; b = x: "2" + x; })
let o = { get = self: self.v; v = 3; }; in o.get o
let counter = { n = 0; inc = self: self // { n = self.n + 1; }; }; c = counter.inc counter; in c.n
let s = builtins.concatStringsSep "" (builtins.genList (i: if i - 2 * (i / 2) == 0 then "e" else "o") 6); in s
"${builtins.concatStringsSep ", " (map (x: "<${x}>") [ "a" "b" ])}!"
"a\${b}c"
"tab\there"
"unicode ✓ ü 日本"
builtins.stringLength "✓"
builtins.toJSON "✓ü"
{ "ü" = 1; "✓" = 2; a = 3; Z = 4; "~" = 5; }
builtins.sort builtins.lessThan [ "ü" "z" "Z" "a" "~" "" ]
[ (builtins.replaceStrings [ "ü" ] [ "ue" ] "für") (builtins.concatStringsSep "ü" [ "a" "b" ]) ]
__length [ 1 2 ] + __add 1 2
let optionalAttrs = c: s: if c then s else { }; in optionalAttrs true { x = 1; } // optionalAttrs false { y = 2; }
let f = x: (x.opts or { }).port or 80; in [ (f { }) (f { opts = { }; }) (f { opts = { port = 1; }; }) ]
let parse = s: let m = builtins.match "([a-z]+):([0-9]+)" s; in if m == null then null else { host = builtins.elemAt m 0; port = builtins.fromJSON (builtins.elemAt m 1); }; in map parse [ "a:1" "b" "c:33" ]
let pick = x: k: [ x.a x.${k} ]; in pick { a = 1; b = 2; } "b"
let f = x: if x ? a then x else { }; in f { a = 1; }
let get = n: s: s.${n} or null; in [ (get "a" { a = 1; }) (get "b" { a = 1; }) ]
let merge = a: b: builtins.foldl' (acc: k: acc // { ${k} = (a.${k} or [ ]) ++ (b.${k} or [ ]); }) { } (builtins.attrNames (a // b)); in merge { x = [ 1 ]; } { x = [ 2 ]; y = [ 3 ]; }
let invert = s: builtins.listToAttrs (map (k: { name = s.${k}; value = k; }) (builtins.attrNames s)); in invert { a = "x"; b = "y"; }
let filterAttrs = p: s: builtins.listToAttrs (builtins.concatMap (n: if p n s.${n} then [ { name = n; value = s.${n}; } ] else [ ]) (builtins.attrNames s)); in filterAttrs (n: v: v > 1) { a = 1; b = 2; }
let s = { a = { x = 1; }; b = { }; }; in builtins.mapAttrs (n: v: v.x or 0) s
let cfg = { hosts = { a = { ports = [ 1 2 ]; }; b = { }; }; }; in builtins.concatMap (n: cfg.hosts.${n}.ports or [ ]) (builtins.attrNames cfg.hosts)
let mk = args: { port = 80; } // args; in [ (mk { }).port (mk { port = 1; }).port ]
let mk = args: { port = 80; host = "h"; } // args; in mk { tls = true; }
let a = { x ? { } }: x; in [ (a { }) (a { x = { y = 1; }; }) ]
let o = if true then { } else { a = 1; }; in o.a or 5
let rec' = { }; f = acc: k: acc // { "${k}" = k; }; in builtins.foldl' f rec' [ "x" "y" ]
builtins.foldl' (acc: h: acc // { ${h.group} = (acc.${h.group} or [ ]) ++ [ h.name ]; }) { } [ { name = "a"; group = "g"; } { name = "b"; group = "g"; } { name = "c"; group = "h"; } ]
let setIf = c: k: v: s: if c then s // { ${k} = v; } else s; in setIf true "a" 1 (setIf false "b" 2 { c = 3; })
let f = k: { ${k} = 1; ${k + "2"} = 2; }; in f "a"
let f = k: { ${if k == "" then null else k} = 1; }; in [ (f "") (f "a") ]
let hasAll = names: s: builtins.all (n: s ? ${n}) names; in [ (hasAll [ "a" ] { a = 1; }) (hasAll [ "a" "b" ] { a = 1; }) ]
let only = names: s: builtins.intersectAttrs (builtins.listToAttrs (map (name: { inherit name; value = null; }) names)) s; in only [ "a" "z" ] { a = 1; b = 2; }
let diff = a: b: { added = builtins.filter (n: !(a ? ${n})) (builtins.attrNames b); removed = builtins.filter (n: !(b ? ${n})) (builtins.attrNames a); }; in diff { a = 1; b = 2; } { b = 3; c = 4; }
let words = s: builtins.filter (x: builtins.isString x && x != "") (builtins.split "[ \t\n]+" s); in words "  a b\n c "
let pad = n: s: if builtins.stringLength s >= n then s else pad n ("0" + s); in map (i: pad 3 (toString i)) [ 1 22 333 4444 ]
let s = "x" + (if true then "y" else "z") + toString (1 + 2) + "${"w"}"; in builtins.stringLength s
let f = x: assert x > 0; x; in (builtins.tryEval (f 0)).success
let r = builtins.tryEval (assert false; 1); in [ r.success r.value ]
let xs = [ { a = 1; } { a = 2; b = 3; } ]; in map (x: removeAttrs x [ "b" ]) xs
let x = { a = 1; b = 2; }; in builtins.attrNames (removeAttrs x [ "a" ]) ++ builtins.attrNames (builtins.intersectAttrs { a = 0; } x)
with { inherit (builtins) map filter; x = [ 1 2 ]; }; map (y: y + 1) (filter (y: y > 1) x)
let inherit (builtins) elemAt; nth = builtins.elemAt; in [ (elemAt [ 1 2 ] 0) (nth [ 3 4 ] 1) ]
builtins.concatMap (h: map (p: "${h}:${toString p}") [ 80 443 ]) [ "a" "b" ]
builtins.elem "x" (builtins.attrNames { x = 1; })
builtins.length (builtins.attrValues { a = 1; b = "x"; c = [ ]; })
let c = { a = 1; b = { c = "x"; d = [ 1 ]; }; }; in builtins.toJSON c == builtins.toJSON { b = { d = [ 1 ]; c = "x"; }; a = 1; }
let f = x: { a = x.a or x.b or "none"; }; in [ (f { a = "1"; }) (f { b = "2"; }) (f { }) ]
let f = { a ? null, b ? null }: if a != null then a else if b != null then b else "none"; in [ (f { }) (f { b = "x"; }) (f { a = "y"; b = "x"; }) ]
let f = { tags ? [ ], ... }: builtins.length tags; in map f [ { } { tags = [ "a" ]; } { tags = [ ]; name = "x"; } ]
let f = x: if builtins.isNull x then "null" else "set"; in f null
let f = xs: if xs == [ ] then null else builtins.head xs; in [ (f [ ]) (f [ 1 ]) ]
let x.a.b = 1; x.a.c = 2; y = x.a; in y.b + y.c
{ a = rec { b = 1; c = b; }; }.a.c
let x = 1; f = { x ? x }: 1; in f { }
let f = { x ? y, y ? x }: x; in f { x = 1; }
(builtins.tryEval (let f = { x ? throw "a" }: x; in f { })).success
{ a = 1; inherit (rec { b = c; c = 2; }) b; }
1 + (if true then 1 else 2) * 3
-(1 + 2) * 3 - -4
!(1 == 2) && !false
"a" == "a" && [ 1 ] != [ 2 ] || throw "x"
[ 1 2 ] ++ (if true then [ 3 ] else [ ]) ++ map (x: x) [ 4 ]
{ a = 1; } // (x: { b = x; }) 2
(a: b: a // b) { x = 1; } { y = 2; }
builtins.map (x: x.y.z or 0) [ { y = { z = 1; }; } { y = { }; } { } ]
builtins.match "[[=a=]b]+" "ABab"
builtins.match "[[.a.]-c]+" "abc"
builtins.match "[a-[.c.]]" "b"
builtins.match "[[.1.]]" "1"
let f = { extra ? { }, name }: { inherit name; } // extra; in (f { name = "b"; extra = { z = 1; }; })
let f = { extra ? { }, name }: { inherit name; } // extra; in [ (f { name = "a"; }).name (f { name = "b"; extra = { z = 1; }; }).name ]
