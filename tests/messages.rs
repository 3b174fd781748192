//! What `invq check` says of mistakes that no example has: one inventory for each message.

use invq::diagnostic::Diagnostic;
use invq::text::Source;
use invq::{Engine, Format, Input, Limits};

/// Everything that a check tells of an inventory: where, what, and how it is mended.
fn told(engine: &Engine, format: Format, text: &str) -> String {
    let input = Input { source: Source::new("inventory", text), format, folder: None };
    let found = match engine.load(vec![input]) {
        Ok(inventory) => inventory.check(),
        Err(found) => found,
    };
    found.iter().map(shown).collect::<Vec<_>>().join("\n")
}

fn shown(diagnostic: &Diagnostic) -> String {
    let mut lines =
        vec![format!("{}[{}]: {}", diagnostic.severity.word(), diagnostic.code.word(), diagnostic.message)];
    for label in &diagnostic.labels {
        let (source, span) = label.source.locate(label.span);
        let place = source.position(span.start);
        let slice = source.slice(span).lines().next().unwrap_or_default();
        lines.push(
            format!("  {}:{} {slice} {}", place.line, place.column, label.message).trim_end().to_owned(),
        );
    }
    lines.extend(diagnostic.help.as_ref().map(|help| format!("  help: {help}")));
    lines.join("\n")
}

/// What is told of an expression file.
fn written(text: &str) -> String {
    told(&Engine::default(), Format::Expression, text)
}

/// What is told of a cluster with the machines `web1` and `db1`, whose services and machines go on so.
fn cluster(machines: &str, services: &str) -> String {
    written(&format!(
        "{{ domain.suffix = \"lan\"; domain.clusters.c = {{
  machines.web1 = {{ system = \"x86_64-linux\"; }};
  machines.db1 = {{ system = \"x86_64-linux\"; {machines} }};
  {services} }}; }}"
    ))
}

#[test]
fn a_clan_in_an_expression_file() {
    insta::assert_snapshot!(written("{ inventory = { meta.name = \"a\"; instances.vpn.roles.gate = { }; }; modules.self.other.roles.x = { }; }"), @r#"
    error[unknown-name]: no module of Clan itself is declared, so there is no `vpn`
      1:44 vpn
      help: declare it: `modules."<clan-core>".vpn = { roles = { gate = { }; }; }`
    "#);
    insta::assert_snapshot!(written("{ inventory = { meta.name = \"a\"; machines.jon = { }; instances.vpn.roles.gate.select = [ \"web\" ]; }; }"), @r#"
    error[type-mismatch]: expected `Filter`, found `String`
      1:90 "web" this is `String`
      help: write `hostname "web"` or `tag "web"`
    "#);
    insta::assert_snapshot!(written("{ inventory = { meta = { }; machines.jon = { }; }; }"), @r#"
    error[missing-option]: the inventory has no name: `meta.name` is not given
      1:24 { }
      help: write `meta.name = "my-clan"`
    "#);
    insta::assert_snapshot!(written("{ inventory = { meta.name = \"a\"; machines.jon.tags = [ \"web\" ]; instances.vpn.roles.gate = { tags = [ \"web\" ]; settings.a = x: x; }; }; modules.\"<clan-core>\".vpn.roles.gate.interface.options.a.type = \"int\"; }"), @r#"
    error[invalid-option]: expected an integer as `instances.vpn.roles.gate.settings.jon.a`, found a function or filter
      1:125 x: x
    "#);
}

#[test]
fn roles_and_machines_that_nothing_is_done_with() {
    insta::assert_snapshot!(told(&Engine::default(), Format::Yaml, "\
inventory:
  meta: { name: a }
  machines: { m1: {}, m2: {}, m3: {}, m4: {}, m5: {}, m6: {}, m7: {} }
  instances:
    vpn: { roles: { gate: { machines: { m1: {} } }, spare: {} } }
    idle: { roles: { gate: {} } }
    bare: {}
modules:
  <clan-core>:
    vpn: { roles: { gate: {}, spare: {}, moon: {} } }
    idle: { roles: { gate: {} } }
    bare: { roles: { gate: {} } }
"), @r#"
    hint[idle-service]: no machine gets anything from `bare`
      7:5 bare
      help: select machines in `roles`, or remove it
    hint[idle-service]: no machine gets anything from `idle`
      6:5 idle
      help: select machines in a role, or remove it
    hint[empty-role]: no machine has the role `spare` of `vpn`
      5:53 spare
      help: select machines in it, or remove the role
    hint[unused-role]: no instance of `bare` uses its role `gate`
      12:22 gate
      help: put machines into the role, or leave the module as it is
    hint[unused-role]: no instance of `vpn` uses its role `moon`
      10:42 moon
      help: put machines into the role, or leave the module as it is
    hint[idle-machine]: `m2`, `m3`, `m4`, `m5`, `m6` and 1 more get no service
      3:23 m2
      3:31 m3
      3:39 m4
      3:47 m5
      3:55 m6
      help: `invq 'where (m: m.services == [ ])'` lists all 6
    "#);
}

#[test]
fn systems_that_nothing_leads_to() {
    insta::assert_snapshot!(told(&Engine::default(), Format::Yaml, "\
clouds: { home: { blocks: [10.0.0.0/8], reaches: [] }, away: { blocks: [192.0.2.0/24] } }
systems:
  jon: { kind: physical, ip: 10.0.0.1, adopted: true, auth: { user: a, password: b } }
  sara: { kind: physical, ip: 192.0.2.1, adopted: false, auth: { user: a, password: b } }
"), @r#"
    warning[unreachable-system]: the system `jon` is unreachable
      3:3 jon no way leads into its cloud `home` or out of it
      help: give `home` a `reaches`, or name `home` in another cloud's `reaches`
    warning[unadopted-system]: the system `sara` is not adopted
      4:3 sara not adopted
      help: adopt it, and write `adopted = true`
    warning[unreachable-system]: the system `sara` is unreachable
      4:3 sara no way leads into its cloud `away` or out of it
      help: give `away` a `reaches`, or name `away` in another cloud's `reaches`
    "#);
}

#[test]
fn settings_and_their_types() {
    let clan = |option: &str, settings: &str| {
        told(
            &Engine::default(),
            Format::Json,
            &format!(
                "{{ \"inventory\": {{ \"meta\": {{ \"name\": \"a\" }}, \"machines\": {{ \"jon\": {{}} }}, \"instances\": {{ \"vpn\": {{ \"roles\": {{ \"gate\": {{ \"machines\": {{ \"jon\": {{}} }}, \"settings\": {settings} }} }} }} }} }}, \"modules\": {{ \"<clan-core>\": {{ \"vpn\": {{ \"roles\": {{ \"gate\": {{ \"interface\": {{ \"options\": {{ \"a\": {{ \"type\": {option} }} }} }} }} }} }} }} }} }}"
            ),
        )
    };
    insta::assert_snapshot!(clan("\"decimal\"", "{ \"a\": 1 }"), @r#"
    error[invalid-option]: no type of settings is called `decimal`
      1:279 "decimal"
      help: plain types are `str`, `int`, `float`, `number`, `bool`, `path`, `anything`, `port`, `positive` or `unsigned`
    "#);
    insta::assert_snapshot!(clan("{ \"listOf\": \"str\" }", "{ \"a\": { \"_type\": \"order\", \"priority\": 500, \"content\": { \"_type\": \"override\", \"priority\": 50, \"content\": [] } } }"), @r#"
    error[invalid-option]: the mark `override` has no meaning here
      1:209 { "_type": "override", "priority": 50, "content": [] }
      help: write one mark of a kind: `merge` and `if` outside, then `override`, then `order`
    "#);
}

#[test]
fn a_cluster_in_an_expression_file() {
    insta::assert_snapshot!(written("{ domain.clusters.c.machines.web1.system = \"x86_64-linux\"; }"), @r#"
    error[missing-option]: the inventory does not give `domain.suffix`
      1:3 domain in this domain
      help: add the suffix of all domain names, such as `"suffix": "example.com"`
    "#);
    insta::assert_snapshot!(cluster("", "services.dns = { selectors = [ 1 ]; definition = { ... }: { }; };"), @r#"
    error[type-mismatch]: expected `Filter`, found `Int`
      4:34 1 this is `Int`
    "#);
    insta::assert_snapshot!(cluster("", "services.dns = { selectors = [ (c: cfg: [ \"clusters.c\" ]) ]; definition = { ... }: { }; };"), @r#"
    error[unresolved-path]: expected a path that begins with `domain`, found `clusters.c`
      4:12 dns in the selectors of this service
      help: a path is written `domain.clusters.CLUSTER.machines.MACHINE`
    "#);
    insta::assert_snapshot!(written(&format!("{{ domain.suffix = \"lan\"; domain.clusters.c.machines.{}.system = \"x86_64-linux\"; }}", "m".repeat(64))), @r#"
    error[invalid-name]: expected a host name, found a name of more than 63 characters: `mmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmm`
      1:53 mmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmm no host name
      help: rename it: 1 to 63 letters, digits, `-` and `_`, with a letter or digit first and last
    "#);
    insta::assert_snapshot!(cluster("nixosModules = [ ({ config, ... }: { networking.interfaces.eth0.ipv4.addresses = [ { prefixLength = 24; } ]; }) ];", ""), @r#"
    error[invalid-option]: expected a set with the text `address` in the option `networking.interfaces.eth0.ipv4.addresses`, found a set
      3:12 db1
    "#);
}

#[test]
fn configuration_that_cannot_be_made() {
    insta::assert_snapshot!(cluster("nixosModules = [ ({ config, ... }: { n = if config.n or 0 > 1000 then 0 else (config.n or 0) + 1; }) ];", ""), @r#"
    error[infinite-recursion]: the modules of the machine, called with the configuration that they give, change it every time
      3:12 db1
      help: let an option depend on others than itself
    "#);
    insta::assert_snapshot!(cluster("", "services.dns.selectors = [ clusterMachines ];"), @r#"
    error[missing-option]: the service `dns` does not give `definition`
      4:12 dns
      3:12 db1 while `dns` configured this machine
      help: add `definition = { selectors, roles, this }: { };`
    "#);
    insta::assert_snapshot!(cluster("nixosModules = [ { imports = [ 1 ]; } ];", ""), @r#"
    error[invalid-option]: expected a module: an object, or a function as text in `domain.clusters.c.machines.db1.nixosModules`, found `1`
      3:76 1
    "#);
    insta::assert_snapshot!(cluster("nixosModules = [ ({ lib, ... }: { imports = [ 1 ]; }) ];", ""), @r#"
    error[invalid-option]: expected a module in `imports`, found an integer
      3:91 1
      help: write an attribute set, or a function of `{ config, lib, ... }`
    "#);
    insta::assert_snapshot!(cluster("", "services.dns = { selectors = [ clusterMachines ]; definition = { this, ... }: { a = throw \"no address\"; }; };"), @r#"
    error[thrown]: no address
      4:87 throw "no address" while calling this
      3:12 db1 while `dns` configured this machine
    "#);
    insta::assert_snapshot!(cluster("nixosModules = [ ({ lib, ... }: { options.a = lib.mkOption { type = lib.types.ints.positive; }; config.a = 0; }) ];", ""), @r#"
    error[invalid-option]: expected an integer from 1 in the option `a`, found `0`
      3:152 0
      3:91 lib.mkOption { type = lib.types.ints.positive; } the option is declared here
    "#);
    insta::assert_snapshot!(cluster("nixosModules = [ { a = { _type = \"override\"; priority = \"high\"; content = 1; }; } ];", ""), @r#"
    error[invalid-option]: expected an integer in `priority`
      3:101 "high"
    "#);
    let limits = Limits { document_depth: 20, ..Limits::default() };
    let nested = (0..30).fold("1".to_owned(), |inner, _| format!("{{ b = {inner}; }}"));
    let deep = format!(
        "{{ domain.suffix = \"lan\"; domain.clusters.c = {{ machines.web1.system = \"x86_64-linux\";
  services.dns = {{ selectors = [ clusterMachines ]; definition = {{ ... }}: {{ a = {nested}; }}; }}; }}; }}"
    );
    insta::assert_snapshot!(told(&Engine::new(limits), Format::Expression, &deep), @r#"
    error[limit-reached]: the configuration nests more than 20 deep
      2:12 dns
      1:57 web1 while `dns` configured this machine
      help: `Limits::document_depth` of the engine raises the limit
    "#);
}

#[test]
fn transformations_and_selectors_of_the_wrong_kind() {
    insta::assert_snapshot!(told(&Engine::default(), Format::Yaml, "\
domain:
  suffix: lan
  clusters:
    c:
      machines: { web1: { system: x86_64-linux } }
      services: { dns: { selectors: [ 1 ], roles: { all: { web1: {} } }, definition: '{ ... }: { }' } }
extensions: { clusterTransformations: [ { a: 1 } ] }
"), @r#"
    error[invalid-option]: expected a filter as text, or a list of filters in `domain.clusters.c.services.dns.selectors`, found `1`
      6:39 1
      help: write it as a string: `"hostname \"web1\""`
    error[invalid-option]: expected a filter as text, or a list of filters in `domain.clusters.c.services.dns.roles.all`, found an object
      6:58 { web1: {} }
      help: write it as a string: `"hostname \"web1\""`
    error[invalid-option]: expected a function in `extensions.clusterTransformations`, found an object
      7:41 { a: 1 }
      help: write `clusterConfig: clusterConfig // { ... }`
    "#);
    insta::assert_snapshot!(told(&Engine::default(), Format::Json, "{ \"domain\": { \"suffix\": \"lan\" }, \"modules\": [ \"colmina\", 1 ] }"), @r#"
    error[invalid-option]: expected an object in `modules`, found a string
      1:47 "colmina"
      help: did you mean `colmena`?
    error[invalid-option]: expected an object in `modules`, found `1`
      1:58 1
      help: write the module as an object with `extensions`, or the name of one that ClusterConfig ships, such as `colmena`
    "#);
}

#[test]
fn lines_that_are_no_machines() {
    insta::assert_snapshot!(told(&Engine::default(), Format::Ndjson, "{ \"name\": \"web1\" }\n[ 1 ]\n{ \"tags\": [ ] }\n{ \"name\": 1 }\n"), @r#"
    error[invalid-option]: expected an object for a machine, found a list
      2:1 [ 1 ]
      help: write a machine as `{"name": "web1", "tags": ["web"]}`, each in a line of its own
    error[missing-option]: the machine has no `name`
      3:1 { "tags": [ ] }
      help: add `"name": "…"`
    error[invalid-option]: expected the name of a machine in `name` of a machine, found an integer
      4:11 1
    "#);
}

#[test]
fn filters_and_files_of_the_wrong_kind() {
    insta::assert_snapshot!(told(&Engine::default(), Format::Yaml, "machines: { web1: {} }\nfilters: { a: 1, b: tag \"web1\", c: c }\ninclude: { a: 1 }\n"), @r#"
    error[invalid-option]: expected a filter as text in `filters.a`, found an integer
      2:15 1
      help: write it as a string: `"tag \"web\""`
    error[invalid-option]: expected a path or a list of paths in `include`, found an object
      3:10 { a: 1 }
    error[unknown-tag]: no machine carries the tag `web1`
      2:25 "web1" not in the inventory
      help: a machine is called so: write `hostname "web1"`
    error[filter-cycle]: named filters need each other: `c` → `c`
      2:36 c asked for here
      help: write out what one of them selects
    "#);
    insta::assert_snapshot!(told(&Engine::default(), Format::Yaml, "machines: { web1: &a { vars: { b: *a } } }\n"), @"
    error[invalid-document]: the alias stands inside of its own anchor
      1:35 *a
    ");
    insta::assert_snapshot!(written("import ./part.invq"), @"
    error[io]: `./part.invq` cannot be imported here
      1:8 ./part.invq imported here
      help: files can be imported from expression files below the inventory's folder
    ");
    insta::assert_snapshot!(told(&Engine::default(), Format::Json, "5"), @r#"
    error[unknown-dialect]: expected an object at the top of the inventory, found an integer
      1:1
      help: write `{ "machines": {} }` for an inventory without machines
    "#);
}

#[test]
fn clouds_of_the_wrong_kind() {
    insta::assert_snapshot!(told(&Engine::default(), Format::Yaml, "\
clouds: { home: { blocks: [10.0.0.0/8], reaches: home }, away: { blocks: [192.0.2.0/24], reaches: [hame, moon] } }
systems:
  jon: { kind: physical, ip: 10.0.0.1, cloud: [home, away], adopted: true, auth: 5 }
  sara: { kind: physical, ip: 10.0.0.2, ips: { eth1: [192.0.2.1] }, adopted: true, auth: key }
  eva: { kind: physical, ip: 203.0.113.1, adopted: true, auth: key }
"), @r#"
    error[invalid-option]: expected a list of clouds in `clouds.home.reaches`, found a string
      1:50 home
      help: write `[home]`
    error[unknown-name]: no cloud is called `hame`
      1:100 hame not declared
      help: did you mean `home`?
    error[unknown-name]: no cloud is called `moon`
      1:106 moon not declared
      help: declare it in `clouds`, or name `home` or `away`
    error[invalid-option]: expected the name of one cloud in `systems.jon.cloud`, found a list
      3:47 [home, away]
      help: a system is in exactly one cloud; for more groups write `tags: [home, away]`
    error[invalid-option]: expected a string or an object in `systems.jon.auth`, found `5`
      3:82 5
      help: write `"5"`
    error[conflict]: the system `sara` is in two clouds: its addresses are in blocks of `home` and `away`
      4:31 10.0.0.2 in a block of `home`
      4:55 192.0.2.1 in a block of `away`
      help: keep the addresses of one cloud
    error[missing-option]: the system `eva` is in no cloud: no block holds `203.0.113.1`
      5:3 eva
      help: add `cloud`, which is `home` or `away`, or a block to one of them
    "#);
    insta::assert_snapshot!(told(&Engine::default(), Format::Yaml, "\
clouds: {}
systems:
  jon: { kind: physical, ip: 10.0.0.1, adopted: true, auth: key }
  sara: { kind: physical, ip: 10.0.0.2, cloud: home, adopted: true, auth: key }
"), @"
    error[missing-option]: the system `jon` is in no cloud: no block holds `10.0.0.1`
      3:3 jon
      help: declare a cloud in `clouds`, and name it in `cloud`
    error[unknown-name]: no cloud is called `home`
      4:48 home not declared
      help: declare it: write `home: {}` in `clouds`
    ");
    insta::assert_snapshot!(written("{ inventory = { meta.name = \"a\"; machines.jon = { }; instances.a.roles.b.select = reachableFrom \"jon\"; }; clouds.home.reaches = [ ]; }"), @r#"
    error[invalid-value]: the machine `jon` is in no cloud, and nothing is known of what it reaches
      1:97 "jon" asked for here
      help: give it a `cloud`, or a cloud a block with its address; `optional` selects nothing then
    "#);
}

#[test]
fn annotations_that_need_themselves() {
    insta::assert_snapshot!(told(&Engine::default(), Format::Yaml, "\
domain:
  suffix: lan
  clusters:
    c:
      machines:
        web1: { system: x86_64-linux, nixosModules: [ '{ config, ... }: { a = (head machines).fqdn; }' ] }
"), @"
    error[infinite-recursion]: the modules of the machine need its annotations, which are made from them
      6:9 web1
      help: take the value from `config`, or write it out
    ");
}

#[test]
fn closures_as_people_write_them() {
    let closure = |body: &str| {
        cluster(
            "",
            &format!(
                "services.s = {{ selectors = [ clusterMachines ]; roles.primary = [ (hostname \"web1\") ]; definition = {body}; }};"
            ),
        )
    };
    let told = [
        "{ roles, this }: { a = roles.prmary; }",
        "{ roles, this }: { a = this.fqdm; }",
        "{ roles, this }: { a = (head roles.primary).ips.eth0 + 1; }",
        "{ roles, this }: { a = roles.primary.fqdn; }",
        "{ roles, this }: { a = this.name; }",
        "{ roles, this }: { a = map (m: m.address) roles.primary; }",
        "{ roles, ... }@args: { a = args.thiss; }",
        "{ roles, this }: { a = concatStringsSep \",\" roles.primary; }",
        "{ roles, this }: { a = elem this.fqdn roles.primary; }",
        "{ roles, this }: { a = this.ips.all; }",
        "{ roles, this }: with roles; { a = prmary; }",
        "{ roles, this }: { a = if roles.primary then 1 else 2; }",
        "{ role, this }: { }",
        "{ pkgs, ... }: { }",
        "{ roles, this }: [ 1 ]",
    ]
    .map(closure);
    insta::assert_snapshot!(told.join("\n"), @"
    error[unknown-field]: the attribute set has no field `prmary`
      4:132 prmary not a field
      help: did you mean `primary`?
    error[unknown-field]: the attribute set has no field `fqdm`
      4:131 fqdm not a field
      help: did you mean `fqdn`?
    error[type-mismatch]: expected a number or a `String` beside `+`, found `[String]`
      4:126 (head roles.primary).ips.eth0 this is `[String]`
      help: lists are joined with `++`
    error[type-mismatch]: expected an attribute set before `.fqdn`, found `[{ clusterName : String, machineName : String, fqdn : String, ips : { _ : [String] }, serviceAddresses : [{ role : Strin…`
      4:126 roles.primary this is `[{ clusterName : String, machineName : String, fqdn : String, ips : { _ : [String] }, serviceAddresses : [{ role : Strin…`
      help: write `map (x: x.fqdn) roles.primary` for all elements
    error[unknown-field]: the attribute set has no field `name`
      4:131 name not a field
      help: write `machineName`
    error[unknown-field]: the attribute set has no field `address`
      4:136 address not a field
      help: write `ips`
    error[unknown-field]: the attribute set has no field `thiss`
      4:135 thiss not a field
      help: did you mean `this`?
    error[type-mismatch]: expected `[String]` as argument 2 of `concatStringsSep`, found `[{ clusterName : String, machineName : String, fqdn : String, ips : { _ : [String] }, serviceAddresses : [{ role : Strin…`
      4:147 roles.primary this is `[{ clusterName : String, machineName : String, fqdn : String, ips : { _ : [String] }, serviceAddresses : [{ role : Strin…`
      help: write `(map (x: x.fqdn) roles.primary)`
    error[type-mismatch]: expected `{ clusterName : String, machineName : String, fqdn : String, ips : { _ : [String] }, serviceAddresses : [{ role : String…` as argument 1 of `elem`, found `String`
      4:131 this.fqdn this is `String`
      help: write `elem this.fqdn (map (x: x.fqdn) roles.primary)`
    error[missing-element]: `this.ips` has no attribute `all`
      4:135 all not there
      3:12 db1 while `s` configured this machine
      help: write `concatLists (attrValues this.ips)` for all of them
    error[unknown-name]: no variable is called `prmary`
      4:138 prmary not bound
      help: did you mean `primary` or `roles.primary`?
    error[type-mismatch]: expected `Bool`, found `[{ clusterName : String, machineName : String, fqdn : String, ips : { _ : [String] }, serviceAddresses : [{ role : Strin…`
      4:129 roles.primary this is `[{ clusterName : String, machineName : String, fqdn : String, ips : { _ : [String] }, serviceAddresses : [{ role : Strin…`
      help: write `roles.primary != [ ]`
    error[unknown-argument]: nothing is given as `role`
      4:105 role not given
      help: did you mean `roles`?
    error[unknown-argument]: nothing is given as `pkgs`
      4:105 pkgs not given
      help: what is given is `selectors`, `roles`, `this` and `clusterInfo`
    error[invalid-option]: expected an object as module, found a list
      4:120 [ 1 ]
      help: write options by their names: `{ … }`
    ");
}

#[test]
fn files_that_say_one_thing_twice() {
    let file = |name: &str, suffix: &str, system: &str| {
        let text = format!(
            "{{ domain.suffix = \"{suffix}\"; domain.clusters.c = {{ machines.web1.system = \"{system}\";\n\
             services.s = {{ selectors = [ clusterMachines ]; definition = {{ ... }}: {{ }}; }}; }}; }}"
        );
        Input { source: Source::new(name, text), format: Format::Expression, folder: None }
    };
    let inputs =
        vec![file("one.invq", "lan", "x86_64-linux"), file("two.invq", "example.org", "aarch64-linux")];
    let found = match Engine::default().load(inputs) {
        Ok(inventory) => inventory.check(),
        Err(found) => found,
    };
    let places = |mistake: &Diagnostic| {
        let files: Vec<&str> = mistake.labels.iter().map(|label| label.source.name()).collect();
        format!("{} ({})", shown(mistake), files.join(", "))
    };
    insta::assert_snapshot!(found.iter().map(places).collect::<Vec<_>>().join("\n"));
}
