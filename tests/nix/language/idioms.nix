# Programs as people write them for Nix, one a line: values of several kinds, defaults of null, trees, folds.
let f = { x ? null }: if x == null then 0 else x + 1; in [ (f { }) (f { x = 1; }) ]
let g = { x ? null }: if x == null then 0 else x; f = y: g { x = y; } + y; in f 1
let g = { x ? null, ... }: x; f = y: [ (g { x = y; }) (y + 1) ]; in builtins.length (f 2)
let mk = { name, port ? null }: "${name}${if port != null then ":${toString port}" else ""}"; wrap = name: port: mk { inherit name port; } + toString (port + 1); in wrap "a" 80
let xs = [ { name = "a"; port = 1; } { name = "b"; } ]; in map (x: x.port or 80) xs
let compose = f: g: x: f (g x); inc = x: x + 1; in compose inc inc 1
let fix = f: let x = f x; in x; in (fix (self: { a = 1; b = self.a + 1; })).b
let fact = n: if n == 0 then 1 else n * fact (n - 1); in fact 10
let extend = base: overlay: let self = base // overlay self base; in self; in extend { a = 1; b = 2; } (self: super: { b = super.b + self.a; })
let fix' = f: let x = f x // { __unfix__ = f; }; in x; in (fix' (self: { a = 1; })).a
let overlay1 = self: super: { x = super.x + 1; }; base = self: { x = 1; y = self.x; }; extends = f: rattrs: self: let super = rattrs self; in super // f self super; fix = f: let x = f x; in x; in fix (extends overlay1 base)
let mapAttrsToList = f: attrs: map (n: f n attrs.${n}) (builtins.attrNames attrs); in mapAttrsToList (n: v: n + v) { a = "1"; b = "2"; }
let filterAttrs = pred: set: builtins.listToAttrs (builtins.concatMap (name: let v = set.${name}; in if pred name v then [ { inherit name; value = v; } ] else [ ]) (builtins.attrNames set)); in filterAttrs (n: v: v > 1) { a = 1; b = 2; }
let recursiveUpdate = lhs: rhs: lhs // builtins.mapAttrs (n: v: if lhs ? ${n} && builtins.isAttrs v && builtins.isAttrs lhs.${n} then recursiveUpdate lhs.${n} v else v) rhs; in recursiveUpdate { a.b = 1; } { a.c = 2; }
let isEven = n: if n == 0 then true else isOdd (n - 1); isOdd = n: if n == 0 then false else isEven (n - 1); in isEven 10
let cfg = { enable = true; port = 80; host = null; }; in if cfg.enable && cfg.host != null then "${cfg.host}:${toString cfg.port}" else "none"
let opt = cond: x: if cond then [ x ] else [ ]; in opt true 1 ++ opt false 2
{ config = { services.nginx = { enable = true; virtualHosts."example.com" = { forceSSL = true; locations."/".proxyPass = "http://127.0.0.1:8080"; }; }; networking.firewall.allowedTCPPorts = [ 80 443 ]; }; }
let lib' = { mkIf = c: v: { _type = "if"; condition = c; content = v; }; }; in (lib'.mkIf true { a = 1; }).content.a
let toList = x: if builtins.isList x then x else [ x ]; in toList 1
let toList = x: if builtins.isList x then x else [ x ]; in toList [ 1 ]
let x = { a = 1; b = "two"; c = [ 3 ]; d = { e = null; }; }; in builtins.toJSON x
let inherit (builtins) map filter; in map (x: x * 2) (filter (x: x > 1) [ 1 2 3 ])
with builtins; let a = { inherit length head; }; in a.length [ 1 2 ]
let a = rec { x = 1; y = x + 1; z = { inherit x y; }; }; in a.z
let f = a@{ x, y ? x, ... }: a.x + y; in f { x = 1; z = 3; }
let f = args@{ x, ... }: args // { x = x + 1; }; in f { x = 1; y = 2; }
let defaults = { port = 80; host = "localhost"; }; mk = overrides: defaults // overrides; in (mk { port = 8080; }).port
let defaults = { port = 80; host = "localhost"; }; mk = overrides: defaults // overrides; in mk { extra = true; }
let f = attrs: if attrs ? b then attrs.b else 0; in [ (f { b = 1; }) (f { }) ]
let f = attrs: if attrs ? b then attrs.b else 0; in f { a = 1; }
let f = attrs: attrs.a or attrs.b or 0; in [ (f { a = 1; }) (f { b = 2; }) (f { }) ]
let step = state: if state.n == 0 then state else step { n = state.n - 1; acc = state.acc + state.n; }; in (step { n = 10; acc = 0; }).acc
let loop = n: acc: if n == 0 then acc else loop (n - 1) (acc ++ [ n ]); in loop 5 [ ]
let tree = { value = 1; children = [ { value = 2; children = [ ]; } { value = 3; children = [ ]; } ]; }; in tree.value
let maybe = default: f: x: if x == null then default else f x; in maybe 0 (x: x + 1) null + maybe 0 (x: x + 1) 5
let x = null; in if x == null then "none" else x
let x = null; y = if x != null then x else "default"; in y + "!"
let cond = true; in { a = 1; } // (if cond then { b = 2; } else { })
let cond = true; s = { a = 1; } // (if cond then { b = 2; } else { }); in s.a
let mkService = name: { port, user ? name, env ? { } }: { inherit name port user env; }; in mkService "web" { port = 80; env = { A = "1"; }; }
let system = "x86_64-linux"; in { "x86_64-linux" = 1; "aarch64-linux" = 2; }.${system} or (throw "unsupported ${system}")
let arch = "arm"; table = { x86 = 1; }; in table.${arch} or 0
let data = fromTOML "a = 1\n[b]\nc = \"d\""; in data.b.c
let a = { b = { c = 1; }; }; in a.b.c or 2
let a = { }; in a.b.c or 2
let f = a: a.b.c or 2; in [ (f { }) (f { b = { }; }) (f { b.c = 1; }) ]
let assertMsg' = c: m: if c then true else throw m; in assert assertMsg' (1 < 2) "bad"; "ok"
(x: y: { sum = x + y; prod = x * y; }) 3 4
let id = x: x; in { a = id 1; b = id "s"; c = (id id) true; }
let const = a: b: a; flip = f: a: b: f b a; in flip const 1 2
let church = n: f: x: if n == 0 then x else f (church (n - 1) f x); in church 3 (x: x * 2) 1
let Y = f: let g = f g; in g; in Y (self: n: if n == 0 then 0 else n + self (n - 1)) 4
let ops = { add = a: b: a + b; mul = a: b: a * b; }; in ops.add 1 (ops.mul 2 3)
let fs = [ (x: x + 1) (x: x * 2) ]; in map (f: f 5) fs
let f = { a, b ? { } }: a + (b.c or 0); in f { a = 1; b.c = 2; } + f { a = 1; }
let f = { a, b ? [ ] }: [ a ] ++ b; in f { a = 1; b = [ 2 ]; }
let f = { a ? 1, b ? a + 1, c ? b + 1 }: a + b + c; in f { } + f { b = 10; }
let f = x: if x ? name then x.name else "anon"; in map f [ { name = "a"; } { } ]
let pkg = { pname, version, src ? null, meta ? { } }: { name = "${pname}-${version}"; inherit src meta; }; in (pkg { pname = "a"; version = "1"; }).name
let pkg = { pname, version, src ? null, meta ? { } }: { name = "${pname}-${version}"; inherit src meta; }; in pkg { pname = "a"; version = "1"; meta.license = "mit"; }
let mod = { config, lib, ... }: { config.x = lib.mkIf config.enable 1; }; in (mod { config.enable = true; lib = { mkIf = c: v: if c then v else 0; }; }).config.x
let mkOpts = { enable ? false, extra ? [ ], settings ? { } }: { inherit enable extra settings; }; in [ (mkOpts { }) (mkOpts { settings.a = 1; }) ]
let f = { host, port ? null, user ? null }: (if user == null then "" else "${user}@") + host + (if port == null then "" else ":${toString port}"); in [ (f { host = "a"; }) (f { host = "b"; port = 22; user = "root"; }) ]
let f = { x ? null }@args: if args ? x then x else 5; in f { }
let f = { x ? null }: optional' (x != null) x; optional' = c: v: if c then [ v ] else [ ]; in f { x = 1; }
let f = { list ? null }: if list == null then [ ] else list; in f { list = [ 1 ]; } ++ f { }
let f = { x ? null }: { ${if x == null then null else "a"} = x; }; in f { x = 1; }
let d = { a = 1; }; key = "a"; in if d ? ${key} then d.${key} else 0
let l = [ { a = 1; } { b = 2; } ]; in map (x: x.a or x.b or 0) l
let l = [ { type = "a"; v = 1; } { type = "b"; w = "s"; } ]; in map (x: if x.type == "a" then toString (x.v or 0) else x.w or "") l
let merge = a: b: a // b; in (merge { x = 1; } { y = 2; }).y
let a = { x = 1; }; b = a // { y = a.x + 1; }; c = b // { z = b.y; x = "s"; }; in c
let s = { a.b.c = 1; }; in s // { a = s.a // { b = s.a.b // { d = 2; }; }; }
let f = x: y: if x then y else null; in [ (f true 1) (f false 2) ]
let f = c: if c then { a = 1; } else { b = 2; }; in (f true).a or 0
let x = { a = null; }; in if x.a == null then 1 else x.a
let x = { a = null; } // { a = 5; }; in x.a + 1
let f = a: a.x + a.y; in f { x = 1; y = 2; z = 3; }
let f = a: b: { inherit a b; }; g = f 1; in [ (g "x") (g "y") ]
let b = builtins; in b.length [ 1 ]
let f = builtins.foldl'; in f (a: x: a + x) 0 [ 1 2 ]
(builtins.head [ (x: x + 1) ]) 2
(if true then builtins.add else builtins.sub) 1 2
let ops = { "+" = builtins.add; "-" = builtins.sub; }; in ops."+" 1 2
let curry = f: a: b: f { inherit a b; }; in curry ({ a, b }: a + b) 1 2
let uncurry = f: { a, b }: f a b; in uncurry (a: b: a + b) { a = 1; b = 2; }
let gen = n: if n <= 0 then [ ] else gen (n - 1) ++ [ n ]; in gen 3
let range' = a: b: if a > b then [ ] else [ a ] ++ range' (a + 1) b; in range' 1 3
let gcd = a: b: if b == 0 then a else gcd b (a - b * (a / b)); in gcd 12 18
let pow = b: e: if e == 0 then 1 else b * pow b (e - 1); in pow 2 10
let orElse = a: b: if a != null then a else b; in orElse null 5
let x = rec { a = 1; b = { c = a; }; }; in x.b.c
let mod1 = { config, ... }: { options.x = 1; config.y = config.z; }; in (mod1 { config.z = 5; }).config.y
let callAll = map (f: f { x = 1; y = 2; }); in callAll [ ({ x, ... }: x) ({ y, ... }: y) ]
let f = { selectors, roles, this }: { services.x = { enable = true; hosts = map (m: m.fqdn) roles.primary; }; }; in (f { selectors = [ ]; this = { }; roles.primary = [ { fqdn = "a.b"; } ]; }).services.x.hosts
let tags = m: m.tags or [ ]; in map tags [ { tags = [ "a" ]; } { } ]
let cond = x: if x > 0 then "pos" else if x < 0 then "neg" else "zero"; in map cond [ 1 (-1) 0 ]
let s = 0; t = s; u = { inherit s t; }; in u.s + u.t
let a = 1; in { b = a; c = { d = a; e = { inherit a; }; }; }.c.e.a
let f = x: throw "no ${x}"; in if false then f "a" else 1
let assertPort = p: assert p > 0 && p < 65536; p; in assertPort 80
let inherit ({ x = 1; y = 2; }) x y; in x + y
let x = 5; f = { x ? x' , x' ? 3 }: x; in f { }
let a = { f = self: self.v; v = 3; }; in a.f a
let mk = self: { v = 1; next = self.v + 1; }; obj = mk obj; in obj.next
let obj = { v = 1; get = _: obj.v; set = v: obj // { inherit v; }; }; in (obj.set 5).v
let stack = { items = [ ]; }; push = x: s: { items = [ x ] ++ s.items; }; in (push 1 (push 2 stack)).items
let mapIf = p: f: map (x: if p x then f x else x); in mapIf (x: x > 1) (x: x * 10) [ 1 2 ]
let when = c: v: if c then v else { }; in { a = 1; } // when true { b = 2; } // when false { c = 3; }
let when = c: v: if c then v else [ ]; in [ 1 ] ++ when true [ 2 ]
let choose = sys: { linux = "a"; darwin = "b"; }.${sys}; in choose "linux"
let s = "x"; in { ${s} = 1; "${s}y" = 2; "z" = 3; }
let attrs = { a = 1; }; in attrs // { ${if true then "b" else null} = 2; }
let f = a: b: c: a + b + c; g = f 1; h = g 2; in h 3 + g 0 0
let apply2 = f: x: f (f x); in apply2 (apply2 (x: x + 1)) 0
let k = x: y: x; s = x: y: z: x z (y z); in s k k 5
let list = { cons = h: t: { inherit h t; }; nil = null; }; sum = l: if l == null then 0 else l.h + sum l.t; in sum (list.cons 1 (list.cons 2 list.nil))
let tree = l: v: r: { inherit l v r; }; leaf = null; insert = x: t: if t == null then tree leaf x leaf else if x < t.v then tree (insert x t.l) t.v t.r else tree t.l t.v (insert x t.r); in (insert 3 (insert 5 null)).v
let f = { pkgs ? null, lib, config, ... }: { networking.hostName = config.name; }; in f { lib = { }; config.name = "x"; }
let state = { a = 1; b = { }; }; next = state // { b = state.b // { c = 2; }; }; in next.b.c
let f = { a, b ? null, ... }@args: { inherit a; hasB = args ? b; bb = if b == null then "none" else b; }; in [ (f { a = 1; }) (f { a = 1; b = "x"; }) ]
let mkHost = { name, ip ? null, mac ? null, tags ? [ ] }: { inherit name tags; } // (if ip != null then { inherit ip; } else { }) // (if mac != null then { inherit mac; } else { }); in map mkHost [ { name = "a"; } { name = "b"; ip = "1"; } ]
let optionalAttr = name: value: if value == null then { } else { ${name} = value; }; in { a = 1; } // optionalAttr "b" 2 // optionalAttr "c" null
let conf = { "a.b" = 1; c = { d = 2; }; }; in conf."a.b" + conf.c.d
let enabled = x: if x ? enable then x.enable else true; in map enabled [ { } { enable = false; } ]
let inherit (builtins) isString isList; f = x: if isString x then [ x ] else if isList x then x else throw "bad"; in f "a" ++ f [ "b" ]
let cond = true; a = if cond then { x = 1; } else null; in if a != null then a.x else 0
let a = { x = null; y = 1; }; in (if a.x != null then a.x else 0) + a.y
let a = { x = null; }; b = a // { x = 5; }; in b.x + 1
let users = [ { name = "a"; shell = null; } { name = "b"; shell = "zsh"; } ]; in map (u: if u.shell != null then u.shell else "sh") users
let xs = [ { a = { }; } { a = { b = 1; }; } ]; in map (x: x.a.b or 0) xs
let x = { a = [ ]; }; in x.a ++ [ 1 ]
let x = { a = [ ]; b = { }; }; y = x // { a = x.a ++ [ "s" ]; b = x.b // { k = 1; }; }; in y
let empty = { list = [ ]; set = { }; }; add = s: x: s // { list = s.list ++ [ x ]; }; in (add (add empty 1) 2).list
let q = { items = [ ]; push = x: q // { items = q.items ++ [ x ]; }; }; in (q.push 1).items
let f = x: x // { y = (x.y or 0) + 1; }; in f (f { })
let f = n: x: if n == 0 then x else f (n - 1) (x // { ${toString n} = n; }); in f 3 { }
let go = acc: n: if n == 0 then acc else go (acc ++ [ n ]) (n - 1); in go [ ] 3
let go = acc: n: if n == 0 then acc else go (if acc == null then n else acc + n) (n - 1); in go null 3
let go = { n, acc ? [ ] }: if n == 0 then acc else go { n = n - 1; acc = acc ++ [ n ]; }; in go { n = 3; }
let go = { n, acc ? null }: if n == 0 then acc else go { n = n - 1; acc = if acc == null then n else acc * n; }; in go { n = 3; }
let f = { a ? 1 }: a; in map f [ { } { a = 2; } ]
let f = { a ? 1, ... }: a; in map f [ { } { a = 2; } { b = 1; } ]
let f = x: { a ? x, b ? a }: b; in f 1 { }
let mk = name: attrs: { inherit name; } // attrs; in [ (mk "a" { }) (mk "b" { port = 1; }) ]
let mk = name: attrs: { inherit name; } // attrs; in (mk "b" { port = 1; }).port
let mk = { name, ... }@a: a // { full = "${name}.x"; }; in (mk { name = "n"; z = 1; }).z
let override = f: args: f (args // { debug = true; }); in override ({ a, debug ? false }: if debug then a else 0) { a = 1; }
let scope = { a = 1; b = { c = 2; }; }; in with scope; with b; a + c
with { a = 1; }; let b = a; in with { a = 2; }; a + b
let x = rec { a = { b = c; }; c = 1; }; in x.a.b
let sys = "x"; pkgsFor = s: { hello = "hello-${s}"; }; in { packages.${sys}.default = (pkgsFor sys).hello; }
let fmt = n: if n >= 1000 then "${toString (n / 1000)}k" else toString n; in map fmt [ 5 5000 ]
{ a = 1; b.c = [ { d = null; } ]; e = "x"; f = { }; g = [ ]; }
[ { type = "A"; value = "1"; } { type = "MX"; value = "2"; prio = 10; } ]
let mkIf = c: v: if c then v else { }; in mkIf true { a = 1; } // mkIf false { b = 2; }
let types = { str = { check = builtins.isString; name = "str"; }; int = { check = builtins.isInt; name = "int"; }; }; check = t: v: if types.${t}.check v then v else throw "not ${types.${t}.name}"; in check "int" 5
let mod = { config, ... }: { a = config.x or 0; }; in (mod { config = { x = 1; }; }).a
let port = cfg: if cfg ? port && cfg.port != null then cfg.port else 80; in map port [ { } { port = null; } { port = 1; } ]
let name = u: if (u.name or null) != null then u.name else "anon"; in map name [ { } { name = "x"; } { name = null; } ]
let f = x: y: if x == y then [ x ] else [ x y ]; in f 1 2 ++ f 3 3
let f = { a, ... }@args: g args; g = { b ? 0, ... }: b; in f { a = 1; b = 2; }
let f = { a, ... }@args: g (args // { c = 3; }); g = { a, c, b ? 0, ... }: a + b + c; in f { a = 1; b = 2; } + f { a = 1; }
let f = args: { x = 1; } // args; in [ (f { y = 2; }) (f { x = 3; }) ]
let wrap = f: args@{ name, ... }: f (removeAttrs args [ "name" ]) // { inherit name; }; in wrap (x: { v = x.v; }) { name = "n"; v = 1; }
assert (1 + 1 == 2); let x = assert true; 3; in x
let x = if false then throw "no" else "yes"; in x
let f = n: if n > 3 then throw "big" else n; in map f [ 1 2 ]
let nest = n: if n == 0 then { } else { inner = nest (n - 1); }; in nest 2
let node = v: next: { inherit v next; }; l = node 1 (node 2 null); in l.next.v
let toList = n: if n == null then [ ] else [ n.v ] ++ toList n.next; in toList { v = 1; next = { v = 2; next = null; }; }
let mapTree = f: t: { v = f t.v; kids = map (mapTree f) t.kids; }; in mapTree (x: x + 1) { v = 1; kids = [ { v = 2; kids = [ ]; } ]; }
let mapTree = f: t: t // { v = f t.v; kids = map (mapTree f) (t.kids or [ ]); }; in (mapTree (x: x + 1) { v = 1; kids = [ { v = 2; } ]; }).v
let optional = c: x: if c then [ x ] else [ ]; in optional true 1
let ifNull = x: d: if x == null then d else x; in ifNull null 1 + ifNull 2 0
let cfg = { a = 1; } // (if true then { b = 2; } else { c = 3; }); in cfg.b or cfg.c or 0
let cfg = rec { name = "n"; full = "${name}.d"; sub = { inherit full; }; }; in cfg.sub.full
let self = { a = 1; b = self.a + 1; f = x: x + self.b; }; in self.f 1
let mk = x: { get = x; map = f: mk (f x); }; in ((mk 1).map (y: y + 1)).get
let counter = { n = 0; inc = counter // { n = counter.n + 1; }; }; in counter.inc.n
let parseBool = s: { "true" = true; "false" = false; }.${s} or (throw "bad: ${s}"); in parseBool "true"
let sw = x: cases: default: cases.${x} or default; in sw "b" { a = 1; b = 2; } 0
let sw = x: cases: (cases.${x} or cases.default) 1; in sw "b" { a = y: y; default = y: y + 1; }
let inherit (builtins) length elemAt; binsearch = xs: x: let go = lo: hi: if lo >= hi then null else let m = (lo + hi) / 2; v = elemAt xs m; in if v == x then m else if v < x then go (m + 1) hi else go lo m; in go 0 (length xs); in binsearch [ 1 3 5 ] 5
let x.a.b = 1; x.a.c = 2; in x
let "quoted name" = 1; in { inherit "quoted name"; }
({ a ? 1, b ? 2 }@args: args // { inherit a b; }) { a = 3; }
(args: args.a or "x") { }
map ({ name, value }: "${name}=${value}") [ { name = "a"; value = "1"; } ]
map ({ name, value ? "d", ... }: "${name}=${value}") [ { name = "a"; x = 1; } { name = "b"; value = "1"; } ]
builtins.foldl' (acc: { name, value }: acc // { ${name} = value; }) { } [ { name = "a"; value = 1; } ]
let f = { a, b } @ c: c; in f { a = 1; b = "x"; }
let f = x: (builtins.isString x && x != "") || builtins.isInt x; in [ (f "a") (f 1) (f null) ]
let f = xs: builtins.filter (x: builtins.isAttrs x && x ? a) xs; in builtins.length (f [ { a = 1; } { b = 2; } ])
let rec' = { a = 1; }; in rec'.a
let xs = [ 1 2 3 ]; in { sum = builtins.foldl' builtins.add 0 xs; max = builtins.foldl' (a: b: if a > b then a else b) (builtins.head xs) xs; }
let go = i: acc: if i == 0 then acc else go (i - 1) (acc + i); in go 100 0
let even = n: n == 0 || odd (n - 1); odd = n: n != 0 && even (n - 1); in even 10
let ack = m: n: if m == 0 then n + 1 else if n == 0 then ack (m - 1) 1 else ack (m - 1) (ack m (n - 1)); in ack 2 3
let hanoi = n: a: b: c: if n == 0 then [ ] else hanoi (n - 1) a c b ++ [ "${a}${c}" ] ++ hanoi (n - 1) b a c; in builtins.length (hanoi 3 "a" "b" "c")
let perms = xs: if xs == [ ] then [ [ ] ] else builtins.concatMap (x: map (p: [ x ] ++ p) (perms (builtins.filter (y: y != x) xs))) xs; in builtins.length (perms [ 1 2 3 ])
let powerset = xs: if xs == [ ] then [ [ ] ] else let r = powerset (builtins.tail xs); in r ++ map (s: [ (builtins.head xs) ] ++ s) r; in powerset [ 1 2 ]
let zipWith = f: a: b: if a == [ ] || b == [ ] then [ ] else [ (f (builtins.head a) (builtins.head b)) ] ++ zipWith f (builtins.tail a) (builtins.tail b); in zipWith (x: y: x + y) [ 1 2 ] [ 3 4 5 ]
let foldr = f: z: xs: if xs == [ ] then z else f (builtins.head xs) (foldr f z (builtins.tail xs)); in foldr (x: a: [ x ] ++ a) [ ] [ 1 2 ]
let scan = f: z: xs: builtins.foldl' (acc: x: acc ++ [ (f (builtins.elemAt acc (builtins.length acc - 1)) x) ]) [ z ] xs; in scan (a: b: a + b) 0 [ 1 2 3 ]
let until = p: f: x: if p x then x else until p f (f x); in until (x: x > 100) (x: x * 2) 1
let collatz = n: if n == 1 then [ 1 ] else [ n ] ++ collatz (if n / 2 * 2 == n then n / 2 else 3 * n + 1); in collatz 6
let bin = n: if n < 2 then toString n else bin (n / 2) + toString (n - n / 2 * 2); in bin 10
let mapKeys = f: s: builtins.listToAttrs (map (k: { name = f k; value = s.${k}; }) (builtins.attrNames s)); in mapKeys (k: "x${k}") { a = 1; }
let invert = s: builtins.foldl' (acc: k: acc // { ${s.${k}} = (acc.${s.${k}} or [ ]) ++ [ k ]; }) { } (builtins.attrNames s); in invert { a = "x"; b = "x"; c = "y"; }
let pick = ks: s: builtins.intersectAttrs (builtins.listToAttrs (map (k: { name = k; value = null; }) ks)) s; in pick [ "a" ] { a = 1; b = 2; }
let omit = ks: s: removeAttrs s ks; in omit [ "a" ] { a = 1; b = 2; }
let omit = ks: s: removeAttrs s ks; in (omit [ "a" ] { a = 1; b = 2; }).b
let apply = x: fs: builtins.foldl' (a: f: f a) x fs; in apply "a" [ (s: s + "b") (s: "c" + s) ]
let s = "hello"; n = builtins.stringLength s; in builtins.concatStringsSep "" (builtins.genList (i: builtins.substring (n - 1 - i) 1 s) n)
let isPal = s: let n = builtins.stringLength s; in builtins.all (i: builtins.substring i 1 s == builtins.substring (n - 1 - i) 1 s) (builtins.genList (i: i) (n / 2)); in isPal "abba"
let words = s: builtins.filter (x: builtins.isString x && x != "") (builtins.split " +" s); in words "a  b c"
let cap = s: builtins.substring 0 1 s + "!" + builtins.substring 1 (-1) s; in cap "abc"
let lines = builtins.filter builtins.isString (builtins.split "\n" "a\nb"); in map (l: "> " + l) lines
let kvs = map (l: builtins.match "([^=]+)=(.*)" l) [ "a=1" "bad" "b=2" ]; good = builtins.filter (m: m != null) kvs; in map (m: builtins.elemAt m 0) good
let kvs = map (l: builtins.match "([^=]+)=(.*)" l) [ "a=1" "bad" ]; in map (m: if m == null then "?" else builtins.elemAt m 1) kvs
let opt = { a = 1; b = null; c = "x"; }; in builtins.concatStringsSep " " (builtins.concatMap (k: let v = opt.${k}; in if v == null then [ ] else [ "--${k}=${toString v}" ]) (builtins.attrNames opt))
let d = builtins.fromJSON "{\"hosts\":[{\"name\":\"a\",\"ip\":\"1\"},{\"name\":\"b\"}]}"; in map (h: h.ip or "none") d.hosts
let d = builtins.fromJSON "{\"a\":{\"b\":[1,2]}}"; in builtins.foldl' (x: y: x + y) 0 d.a.b
let d = builtins.fromJSON "{\"a\":1}"; in if d ? a && builtins.isInt d.a then d.a + 1 else 0
let d = builtins.fromJSON "[1,\"a\",null,true,{\"k\":2}]"; show = x: if builtins.isInt x then "i" else if builtins.isString x then "s" else if x == null then "n" else if builtins.isBool x then "b" else "o"; in map show d
let d = builtins.fromJSON "{\"x\":{\"enable\":true},\"y\":{\"enable\":false}}"; in builtins.filter (n: d.${n}.enable) (builtins.attrNames d)
let merge = builtins.foldl' (a: b: a // b) { }; in merge (map (n: { ${n} = n; }) [ "a" "b" ])
let f = { name ? "x", ... }@a: { inherit name; rest = removeAttrs a [ "name" ]; }; in f { name = "y"; z = 1; }
let a = { x = 1; }; b = a // { x = "s"; }; in { inherit a b; }
let x = 1; in let y = x + 1; x' = y; in { inherit x y x'; }
let f = x: let y = x.a or null; in if y == null then 0 else y; in [ (f { a = 5; }) (f { }) ]
let f = x: let y = x.a or null; in if y == null then 0 else y + 1; in [ (f { a = 5; }) (f { }) (f { a = null; }) ]
let f = x: let y = x.a or { }; in y.b or 0; in [ (f { a.b = 5; }) (f { }) ]
let f = x: (x.tags or [ ]) ++ [ "z" ]; in [ (f { tags = [ "a" ]; }) (f { }) ]
let f = m: { inherit (m) name; port = m.port or 80; }; in map f [ { name = "a"; } { name = "b"; port = 1; } ]
let inherit (builtins) isAttrs mapAttrs; strip = x: if isAttrs x then mapAttrs (_: strip) (removeAttrs x [ "_type" ]) else x; in strip { _type = "a"; b = { _type = "c"; d = 1; }; }
let gen = f: n: builtins.listToAttrs (builtins.genList (i: { name = "k${toString i}"; value = f i; }) n); in gen (i: i * i) 3
let counter = builtins.genericClosure { startSet = [ { key = 0; } ]; operator = { key }: if key < 3 then [ { key = key + 1; } ] else [ ]; }; in map (x: x.key) counter
let deps = { a = [ "b" ]; b = [ ]; }; all = builtins.genericClosure { startSet = [ { key = "a"; } ]; operator = x: map (k: { key = k; }) deps.${x.key}; }; in map (x: x.key) all
with builtins; foldl' (a: b: a // b) { } (attrValues (mapAttrs (n: v: { "${n}-x" = v; }) { a = 1; b = 2; }))
let t = { a = x: x + 1; b = x: x * 2; }; in builtins.mapAttrs (n: f: f 5) t
let run = name: args: { add = { a, b }: a + b; neg = { a, ... }: -a; }.${name} args; in run "add" { a = 1; b = 2; }
let o = { f = { x, ... }: x; }; in o.f { x = 1; y = 2; }
let p = { x, y }@q: q.x + y; in p { x = 1; y = 2; }
let t = true; f = false; in t && !f || f -> t
let x = [ { a = 1; } ]; in (builtins.head x).a + (builtins.elemAt x 0).a
builtins.map (x: x.n) (builtins.sort (a: b: a.n < b.n) [ { n = 2; } { n = 1; extra = true; } ])
let max = a: b: if a > b then a else b; in builtins.foldl' max (-1) [ 3 7 2 ]
let a = 5; b = "x"; c = 1.5; in "${toString a}${b}${toString c}"
let s = { a = [ 1 ]; }; in s // { a = s.a ++ [ 2 ]; }
let m = x: if x ? type && x.type == "a" then x.v else null; in map m [ { type = "a"; v = 1; } { type = "b"; v = 2; } { v = 3; } ]
let inherit (builtins) isList; f = x: if isList x then x else [ x ]; in f 1 ++ f [ 2 ]
let f = x: if builtins.typeOf x == "list" then x else [ x ]; in f 1 ++ f [ 2 ]
let f = x: if !(builtins.isList x) then [ x ] else x; in f 1 ++ f [ 2 ]
let f = x: if builtins.isAttrs x && x ? a then x.a else 0; in [ (f 1) (f { a = 2; }) ]
let f = x: if builtins.isAttrs x && x ? a then x.a + 1 else 0; in [ (f 1) (f { a = 2; }) ]
let f = x: if builtins.isInt x || builtins.isFloat x then x + 1 else 0; in [ (f 1) (f "a") ]
builtins.map (x: if builtins.isString x then x else x.name) [ { name = "b"; } ]
builtins.map (x: if builtins.isList x then x else [ x ]) [ 1 2 ]
let f = c: if builtins.isString c.x then [ c.x ] else c.x; in f { x = "a"; } ++ f { x = [ "b" ]; }
let f = { x ? null, ... }: if builtins.isString x then x else "none"; in f { } + f { x = "a"; }
let f = x: if builtins.isFunction x then x 1 else x; in [ (f (y: y + 1)) (f 5) ]
let isString = x: true; f = x: if isString x then x + 1 else x; in f 1
let f = x: if builtins.isBool x then (if x then 1 else 0) else x; in [ (f true) (f 5) ]
with builtins; let f = x: if isString x then stringLength x else length x; in f "abc" + f [ 1 ]
let f = x: if builtins.isString x then builtins.stringLength x else if builtins.isNull x then 0 else builtins.length x; in f "abc" + f [ 1 ] + f null
builtins.map (x: if builtins.isNull x then 0 else x) [ 1 null ]
let f = x: if x == null then 0 else if builtins.isInt x then x else builtins.stringLength x; in f null + f 1 + f "a"
let f = x: assert builtins.isString x; x; in f "a"
let g = { x ? null }: if x == null then 0 else x; f = y: g { x = y; }; in f 1 + f null
let g = { x ? null }: if x == null then 0 else x; f = y: y + g { x = y; }; in f 1
let g = { x ? null }: if x == null then 0 else x; f = y: if y == null then 0 else g { x = y; } + y; in f 1 + f null
let g = { x ? null }: if x == null then 0 else x; f = y: let a = g { x = y; }; in if y == null then a else a + y; in f 1 + f null
let g = { x ? null }: x == null; f = y: z: g { x = y; } && g { x = z; } && y == z; in f 1 2
let g = { x ? null }: x; in map (y: g { x = y; }) [ 1 null ]
let g = { x ? null }: x; f = y: [ y (g { x = y; }) ]; in f 1
let g = { x ? null }: x; f = y: let u = g { x = y; }; in "${y}"; in f "a"
let g = { x ? null }: x == null; f = y: if g { x = y; } then y.a else y.b; in f { a = 1; b = 2; }
let g = { x ? null }: x == null; f = y: if g { x = y; } then [ ] else y; in f [ 1 ]
let f = { }: 1; r = builtins.foldl' (a: b: a) { } [ ]; in f r
let f = { }: 1; in f (builtins.listToAttrs [ ])
let f = { a ? 1 }: a; in f (builtins.listToAttrs [ ])
let r = builtins.listToAttrs [ ]; f = { }: 1; in f r + (r // { a = 1; }).a
let f = { }: 1; in builtins.foldl' (acc: x: let y = f acc; in acc) { } [ 1 ]
(acc: let y = ({ }: 1) acc; in acc // { a = 1; }) (builtins.listToAttrs [ ])
let sum = l: if l == null then 0 else l.h + sum l.t; in sum { h = 1; t = { h = 2; t = null; }; }
let names = t: [ t.name ] ++ builtins.concatMap names t.children; in names { name = "a"; children = [ { name = "b"; children = [ ]; } ]; }
let names = t: [ t.name ] ++ builtins.concatMap names (t.children or [ ]); in names { name = "a"; children = [ { name = "b"; } ]; }
let names = ts: builtins.concatMap (t: [ t.name ] ++ names (t.children or [ ])) ts; in names [ { name = "a"; children = [ { name = "b"; } ]; } ]
let depth = t: 1 + builtins.foldl' (a: c: let d = depth c; in if d > a then d else a) 0 t.sub; in depth { sub = [ { sub = [ ]; } ]; }
let inf = { n = 0; next = inf; }; in inf.next.next.n
let x = { a = x; b = 1; }; in x.b
let stream = n: { head = n; tail = stream (n + 1); }; take = n: s: if n == 0 then [ ] else [ s.head ] ++ take (n - 1) s.tail; in take 3 (stream 1)
let fix = f: let x = f x; in x; in (fix (self: { a = 1; b = self.a + 1; }))
let attrs = { a = { parent = attrs; v = 1; }; }; in attrs.a.parent.a.v
rec { a = { inherit b; }; b = { c = 1; }; }
let mods = [ ({ x, ... }: { a = x; }) ({ y, ... }: { b = y; }) ]; in builtins.foldl' (acc: m: acc // m { x = 1; y = 2; }) { } mods
let f = x: if x ? a then x else { }; in f { a = 1; }
let f = x: if x ? a then x else { }; in f { }
let f = x: if x ? a then x else { b = 1; }; in (f { a = 1; }).a or 0
let f = x: if x ? a then x else x // { a = 2; }; in (f { b = 1; }).a
let f = c: if c then ({ a, ... }: a) else ({ b, ... }: b); in f true { a = 1; b = 2; }
let f = x: builtins.isInt x || builtins.isFloat x; in [ (f 1) (f "a") ]
let f = x: !(builtins.isList x || builtins.isAttrs x); in [ (f 1) (f [ ]) ]
let scalar = x: builtins.isInt x || builtins.isString x || builtins.isBool x; in builtins.filter (n: scalar { a = 1; b = "x"; }.${n}) [ "a" "b" ]
