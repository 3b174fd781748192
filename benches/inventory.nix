# The inventory of benches/counts.sh: ten clusters of machines.
{ machines }:
let
  rest = a: b: a - a / b * b;
  pick = list: n: builtins.elemAt list (rest n (builtins.length list));
  names = [ "backup" "ci" "db" "edge" "monitoring" "storage" "vault" "web" ];
  machine = n: {
    name = "node${toString n}";
    value = {
      system = pick [ "x86_64-linux" "aarch64-linux" ] (n / 3);
      tags = builtins.filter (tag: rest (n * 7 + builtins.stringLength tag * 13) 5 < 2) names;
      ips.eth0 = [ "10.${toString (n / 65536)}.${toString (rest (n / 256) 256)}.${toString (rest n 256)}" ];
      vars = { cpus = pick [ 2 4 8 16 32 ] (n / 7); rack = "r${toString (rest n 40)}"; owner = pick [ "data" "dev" "ops" ] n; };
    };
  };
  cluster = c: {
    name = "c${toString c}";
    value.machines = builtins.listToAttrs
      (map machine (builtins.filter (n: rest n 10 == c) (builtins.genList (n: n) machines)));
  };
in { domain = { suffix = "example.org"; clusters = builtins.listToAttrs (builtins.genList cluster 10); }; }
