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
