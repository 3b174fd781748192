let
  lib = rec { id = x: x; compose = f: g: x: f (g x); flip = f: a: b: f b a; };
  inc = x: x + 1; dbl = x: x * 2;
in with lib; [ (compose inc dbl 3) (compose dbl inc 3) (flip builtins.sub 1 10) (id 4) ]
#---
let
  hosts = { web1 = { ip = "10.0.0.1"; roles = [ "web" "cache" ]; }; db1 = { ip = "10.0.0.2"; roles = [ "db" ]; }; };
  byRole = role: builtins.filter (n: builtins.elem role hosts.${n}.roles) (builtins.attrNames hosts);
in { web = byRole "web"; db = byRole "db"; none = byRole "x"; }
#---
let mkHost = { name, domain ? "example.org", fqdn ? "${name}.${domain}", port ? 80, ... }@args: { inherit name fqdn port; extra = builtins.attrNames (removeAttrs args [ "name" ]); };
in map mkHost [ { name = "a"; } { name = "b"; domain = "x.y"; } { name = "c"; port = 1; z = 2; } ]
#---
builtins.fromTOML ''
  title = "x"
  [owner]
  name = "Tom"
  n = 0x1F
  f = 1.5
  b = true
  [[srv]]
  ip = "1"
  [[srv]]
  ip = "2"
  [a.b.c]
  d = [ 1, 2, 3 ]
''
#---
''
  a
	b
''
#---
''

    x

  y
''
#---
''
   
  a
''
#---
''
  a''\nb''\tc''${x}''$y $$z $${w} '''
''
#---
''a
    ${"x"}
  b''
#---
''
    ${"a\n   b"}
    c
''
#---
''
  ${"  x"}
    y
''
#---
"a
b"
#---
''
  line1
  line2''
#---
''
	tab
	tab2
''
#---
''
  a ${''
      b
    ''} c
''
#---
let
  # a comment
  x = 1; /* block
  comment */ y = 2; # end
in /**/ x + /* a * b ** */ y # last
#---
{
  services.nginx.virtualHosts."example.org" = { enableACME = true; locations."/".proxyPass = "http://localhost:${toString 8080}"; };
  services.nginx.enable = true;
  networking.firewall.allowedTCPPorts = [ 80 443 ];
}
#---
let
  defaults = { port = 80; tls = false; hosts = [ ]; };
  mk = name: cfg: let c = defaults // cfg; in { inherit name; url = (if c.tls then "https" else "http") + "://" + name + ":" + toString c.port; n = builtins.length c.hosts; };
in builtins.attrValues (builtins.mapAttrs mk { a = { port = 81; }; b = { tls = true; hosts = [ "x" ]; }; })
#---
let
  users = [ { name = "alice"; uid = 1000; groups = [ "wheel" "users" ]; } { name = "bob"; uid = 1001; groups = [ "users" ]; } ];
  groups = builtins.foldl' (acc: u: builtins.foldl' (a: g: a // { ${g} = (a.${g} or [ ]) ++ [ u.name ]; }) acc u.groups) { } users;
in groups
#---
let
  f = { system ? "x86_64-linux", pkgs ? { hello = "h-${system}"; }, lib ? { id = x: x; } }: { drv = lib.id pkgs.hello; inherit system; };
in [ (f { }) (f { system = "aarch64-linux"; }) (f { pkgs.hello = "z"; }) ]
#---
let
  config = { a.enable = true; b.enable = false; };
  optional = c: x: if c then [ x ] else [ ];
  optionals = c: xs: if c then xs else [ ];
  optionalString = c: s: if c then s else "";
  optionalAttrs = c: s: if c then s else { };
in {
  l = optional config.a.enable "a" ++ optionals config.b.enable [ "b" "c" ] ++ [ "d" ];
  s = optionalString config.a.enable "A" + optionalString config.b.enable "B";
  s2 = optionalAttrs config.a.enable { x = 1; } // optionalAttrs config.b.enable { y = 2; };
}
#---
let
  fold = op: nul: list: let len = builtins.length list; fold' = n: if n == len then nul else op (builtins.elemAt list n) (fold' (n + 1)); in fold' 0;
in fold (x: acc: [ (x * 2) ] ++ acc) [ ] [ 1 2 3 ]
#---
let
  zipWith = f: a: b: builtins.genList (i: f (builtins.elemAt a i) (builtins.elemAt b i)) (let x = builtins.length a; y = builtins.length b; in if x < y then x else y);
in zipWith (a: b: "${a}=${toString b}") [ "x" "y" "z" ] [ 1 2 ]
#---
let
  toposort = deps: let visit = seen: n: if builtins.elem n seen then seen else (builtins.foldl' visit seen (deps.${n} or [ ])) ++ [ n ]; in builtins.foldl' visit [ ] (builtins.attrNames deps);
in toposort { a = [ "b" "c" ]; b = [ "c" ]; c = [ ]; }
#---
let
  hosts = { jon = { ip = "10.0.0.1"; tags = [ "web" ]; }; sara = { ip = "10.0.0.2"; tags = [ "db" "web" ]; }; };
  etcHosts = builtins.concatStringsSep "\n" (builtins.attrValues (builtins.mapAttrs (n: h: "${h.ip} ${n} ${n}.lan") hosts));
in etcHosts
#---
let
  mkOption = { default ? null, type ? "str", description ? "" }: { _type = "option"; inherit default type description; };
  opts = { port = mkOption { type = "int"; }; name = mkOption { default = "x"; }; };
in builtins.mapAttrs (n: o: o.type) opts
#---
let
  parse = s: let m = builtins.match "([a-z]+):([0-9]+)" s; in if m == null then null else { host = builtins.elemAt m 0; port = builtins.fromJSON (builtins.elemAt m 1); };
in map parse [ "a:1" "b" "c:33" ]
#---
let
  lines = s: builtins.filter (l: builtins.isString l && l != "") (builtins.split "\n" s);
in lines "a\n\nb\nc\n"
#---
let
  escape = builtins.replaceStrings [ "\"" "\\" "\n" ] [ "\\\"" "\\\\" "\\n" ];
  toINI = s: builtins.concatStringsSep "\n" (builtins.attrValues (builtins.mapAttrs (sec: kv: "[${sec}]\n" + builtins.concatStringsSep "\n" (builtins.attrValues (builtins.mapAttrs (k: v: "${k}=${toString v}") kv))) s));
in [ (escape "a\"b\\c\n") (toINI { a = { x = 1; y = 2; }; b = { z = 3; }; }) ]
#---
let
  indent = n: s: let pad = builtins.concatStringsSep "" (builtins.genList (_: " ") n); in builtins.concatStringsSep "\n" (map (l: pad + l) (builtins.filter builtins.isString (builtins.split "\n" s)));
in indent 2 "a\nb"
#---
let
  sub = builtins.substring; len = builtins.stringLength;
  hasPrefix = p: s: sub 0 (len p) s == p;
  hasSuffix = p: s: len s >= len p && sub (len s - len p) (-1) s == p;
  removePrefix = p: s: if hasPrefix p s then sub (len p) (-1) s else s;
  trim = s: let m = builtins.match "[ \t\n]*(.*[^ \t\n])[ \t\n]*" s; in if m == null then "" else builtins.head m;
  upper = builtins.replaceStrings [ "a" "b" "c" ] [ "A" "B" "C" ];
in [ (toString (hasPrefix "ab" "abc")) (toString (hasSuffix "bc" "abc")) (removePrefix "a" "abc") (trim "  x y \n") (upper "cab") ]
#---
let
  cartesian = xs: ys: builtins.concatMap (x: map (y: { inherit x y; }) ys) xs;
in cartesian [ 1 2 ] [ "a" "b" ]
#---
let
  transpose = m: builtins.genList (i: map (r: builtins.elemAt r i) m) (builtins.length (builtins.head m));
in transpose [ [ 1 2 3 ] [ 4 5 6 ] ]
#---
let
  unique = builtins.foldl' (acc: x: if builtins.elem x acc then acc else acc ++ [ x ]) [ ];
in unique [ 1 2 1 3 2 ]
#---
let
  unique = builtins.foldl' (acc: x: if builtins.elem x acc then acc else acc ++ [ x ]) [ ];
in { a = unique [ 1 1 ]; b = unique [ "x" "x" ]; }
#---
let
  enumerate = xs: builtins.genList (i: { index = i; value = builtins.elemAt xs i; }) (builtins.length xs);
in map (e: "${toString e.index}:${e.value}") (enumerate [ "a" "b" ])
#---
let
  memo = builtins.listToAttrs (builtins.genList (n: { name = toString n; value = if n < 2 then n else memo.${toString (n - 1)} + memo.${toString (n - 2)}; }) 30);
in memo."29"
#---
let
  machine = { config, lib, ... }: { networking.hostName = config.name; };
in machine { config = { name = "x"; }; lib = { }; pkgs = 1; }
#---
''
  server {
    listen ${toString 80};
    ${builtins.concatStringsSep "\n    " (map (n: "server_name ${n};") [ "a" "b" ])}
  }
''
#---
''
  #!/bin/sh
  echo "''${HOME}" $USER ''$x
  for i in $(seq 1 3); do
    echo $i
  done
''
#---
''
  a = ''${b}
  ''\t|
  ${"multi\nline"}
''
#---
let x = 5; in ''
  x is ${toString x}
    indented
  ${if x > 3 then ''
    big
  '' else ""}
''
#---
let
  mkService = { name, after ? [ ], env ? { }, ... }@args:
    ''
      [Unit]
      Description=${args.description or name}
      ${builtins.concatStringsSep "\n" (map (a: "After=${a}") after)}
      [Service]
      ${builtins.concatStringsSep "\n" (builtins.attrValues (builtins.mapAttrs (k: v: "Environment=${k}=${v}") env))}
    '';
in mkService { name = "x"; after = [ "network.target" ]; env = { A = "1"; B = "2"; }; }
#---
let
  nodes = { a = { deps = [ "b" ]; }; b = { deps = [ ]; }; c = { deps = [ "a" "b" ]; }; };
  order = builtins.sort (x: y: builtins.elem x nodes.${y}.deps) (builtins.attrNames nodes);
in order
#---
let
  nodes = { a = { deps = [ "b" ]; }; b = { deps = [ ]; }; };
  closure = map (x: x.key) (builtins.genericClosure { startSet = [ { key = "a"; } ]; operator = x: map (key: { inherit key; }) nodes.${x.key}.deps; });
in closure
#---
let
  apply = fns: x: map (f: f x) fns;
in apply [ toString (x: "n${toString x}") ] 3
#---
let
  memoFix = f: let x = f x; in x;
  attrs = memoFix (self: { a = 1; b = self.a + 1; c = map (x: x + self.b) [ 1 2 ]; });
in attrs.c
#---
let
  withDefaults = d: s: builtins.mapAttrs (k: v: s.${k} or v) d;
in withDefaults { a = 1; b = 2; } { b = 3; }
#---
let
  isEven = x: builtins.bitAnd x 1 == 0;
  evens = builtins.filter isEven (builtins.genList (x: x) 6);
in { inherit evens; odds = builtins.filter (x: !isEven x) [ 1 2 3 ]; }
#---
let
  table = [ { h = "a"; p = 1; } { h = "bb"; p = 22; } ];
  width = builtins.foldl' (m: r: let l = builtins.stringLength r.h; in if l > m then l else m) 0 table;
  spaces = n: builtins.concatStringsSep "" (builtins.genList (_: " ") n);
in map (r: r.h + spaces (width - builtins.stringLength r.h) + " " + toString r.p) table
#---
let
  upgrade = old: new: let c = builtins.compareVersions old new; in if c < 0 then "up" else if c > 0 then "down" else "same";
in [ (upgrade "1.0" "1.1") (upgrade "2.0" "1.9") (upgrade "1" "1") ]
#---
let
  a = builtins.toJSON { x = [ 1 { y = null; } ]; };
  b = builtins.fromJSON a;
in (builtins.elemAt b.x 0) + 1
