{ scale }:
let
  machines = builtins.genList (x: {
    name = "node${builtins.toString x}";
    cluster = "c${builtins.toString (x - x / 10 * 10)}";
    tags = if x / 3 * 3 == x then [ "backup" "web" ] else [ "web" ];
    vars = { cpus = x - x / 64 * 64; };
  }) (scale * 6000);
  service = { selectors, roles, this }: {
    clients = builtins.length (builtins.filter (m: m.cluster == this.cluster) selectors);
    server = (builtins.head roles.server).name;
    own = this.vars.cpus * 2;
  };
  few = builtins.filter (m: m.vars.cpus < 1 && builtins.elem "backup" m.tags) machines;
  configure = this: service { inherit this; selectors = few; roles = { server = few; }; };
  results = map (m: (configure m).own + (configure m).clients) (builtins.filter (m: m.vars.cpus < 2) machines);
in [ (builtins.length few) (builtins.foldl' (a: b: a + b) 0 results) ]
