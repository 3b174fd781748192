//! ClusterConfig's transformations: functions that change the configuration between the steps of its
//! evaluation.

use invq::diagnostic::Severity;
use invq::text::Source;
use invq::{Engine, Format, Input, Inventory};
use serde_json::{Value as Json, json};

use crate::shared::{ask, messages};

fn load(format: Format, text: &str) -> Inventory {
    let input = Input { source: Source::new("inventory", text), format, folder: None };
    Engine::default().load(vec![input]).unwrap_or_else(|found| panic!("{}", messages(&found)))
}

fn answer(inventory: &Inventory, query: &str) -> Json {
    ask(&Engine::default(), inventory, query).unwrap_or_else(|found| panic!("{query}: {}", messages(&found)))
}

/// Errors with their places.
fn told(inventory: &Inventory) -> String {
    let mistakes = inventory.check().into_iter().filter(|mistake| mistake.severity == Severity::Error);
    let told = mistakes.map(|mistake| {
        let places = mistake.labels.iter().map(|label| {
            let (source, span) = label.source.locate(label.span);
            let position = source.position(span.start);
            format!("{}:{} `{}`", position.line, position.column, source.slice(span))
        });
        format!("{}: {} [{}]", mistake.code.word(), mistake.message, places.collect::<Vec<_>>().join("; "))
    });
    told.collect::<Vec<_>>().join("\n")
}

/// An inventory in YAML with these extensions.
fn extended(extensions: &str) -> Inventory {
    let extensions = extensions.lines().map(|line| format!("  {line}\n")).collect::<String>();
    let text = format!(
        r#"extensions:
{extensions}domain:
  suffix: lan
  clusters:
    c:
      machines:
        a: {{ system: x86_64-linux, tags: [ old ], nixosModules: [ {{ probe: [ own ] }} ] }}
        b: {{ system: x86_64-linux }}
      services:
        s:
          selectors: [ 'optional (tag "new")' ]
          roles: {{ r: [ clusterMachines ] }}
          definition: '{{ roles, ... }}: {{ probe = [ "service" ]; members = map (m: m.machineName) roles.r; }}'
"#
    );
    load(Format::Yaml, &text)
}

#[test]
fn what_is_written_is_changed_before_anything_is_selected() {
    let inventory = extended(
        "clusterTransformations:\n\
         - 'config: clusterlib.update.machines config (c: m: machine: { tags = machine.tags ++ [ \"new\" ]; })'\n\
         - 'config: clusterlib.add.nixosModule config (c: m: machine: { probe = [ \"added to ${m}\" ]; })'\n\
         - 'config: config // { domain = config.domain // { clusters = config.domain.clusters // { d.machines.x.system = \"aarch64-linux\"; }; }; }'",
    );
    assert_eq!(told(&inventory), "");
    assert_eq!(
        answer(&inventory, "map (m: [ m.name m.tags m.services ] :: [Any]) machines"),
        json!([["a", ["old", "new"], ["s"]], ["b", ["new"], ["s"]], ["x", [], []]])
    );
    assert_eq!(
        answer(&inventory, "clusters.c.machines.a.config.probe"),
        json!(["own", "added to a", "service"])
    );
    assert_eq!(answer(&inventory, "clusters.c.machines.b.config.members"), json!(["a", "b"]));
    assert_eq!(answer(&inventory, "clusters.d.machines.x.fqdn"), json!("x.d.lan"));
    assert_eq!(answer(&inventory, "clusters.c.machines.a.source.line"), json!(11));
    assert_eq!(answer(&inventory, "clusters.d.machines.x.source.line"), json!(3));
}

#[test]
fn elements_may_go_and_functions_may_come() {
    let inventory = extended(
        "clusterTransformations:\n\
         - 'config: config // { domain = config.domain // { clusters.c = config.domain.clusters.c // { machines = removeAttrs config.domain.clusters.c.machines [ \"b\" ]; }; }; }'\n\
         - 'config: clusterlib.update.services config (c: s: service: { selectors = [ clusterMachines ]; definition = arguments: { probe = [ \"new\" ]; }; })'\n\
         - 'config: clusterlib.add.nixosModule config (c: m: machine: { config, lib, ... }: { copy = config.probe; })'",
    );
    assert_eq!(told(&inventory), "");
    assert_eq!(answer(&inventory, "map (m: m.name) machines"), json!(["a"]));
    assert_eq!(answer(&inventory, "clusters.c.machines.a.config.copy"), json!(["own", "new"]));
}

#[test]
fn modules_of_services_can_be_changed_on_their_way() {
    let inventory = extended(
        "clusterTransformations: [ 'config: clusterlib.update.machines config (c: m: machine: { tags = [ \"new\" ]; })' ]\n\
         moduleTransformations:\n\
         - 'config: clusterlib.add.nixosModule config (c: m: machine: { probe = [ \"early\" ]; seen = machine.annotations.fqdn; })'",
    );
    assert_eq!(told(&inventory), "");
    // The machine's own first; of what stands in front of it, the last first.
    assert_eq!(answer(&inventory, "clusters.c.machines.a.config.probe"), json!(["own", "early", "service"]));
    assert_eq!(answer(&inventory, "clusters.c.machines.b.config.seen"), json!("b.c.lan"));
    assert_eq!(
        answer(
            &inventory,
            "map (d: [ d.by d.value ] :: [Any]) (definitionsOf clusters.c.machines.a \"probe\")"
        ),
        json!([["the machine", ["own"]], ["a transformation", ["early"]], ["the service `s`", ["service"]]])
    );
}

#[test]
fn the_order_is_that_of_joined_lists() {
    let name = |name: &str| {
        format!(
            "{{ extensions = {{ moduleTransformations = [ (note \"{name}\") ]; deploymentTransformations = [ (out \"{name}\") ]; infoTransformations = [ (out \"info {name}\") ]; }}; {} }}",
            if name == "first" { "imports = [ (named \"imported 1\") (named \"imported 2\") ];" } else { "" }
        )
    };
    let text = format!(
        r#"let
          note = text: config: clusterlib.add.nixosModule config (c: m: machine: {{ log = [ text ]; }});
          out = text: config: config // {{ log = (config.log or [ ]) ++ [ text ]; }};
          named = name: {{ extensions = {{ moduleTransformations = [ (note name) ]; deploymentTransformations = [ (out name) ]; infoTransformations = [ (out "info ${{name}}") ]; }}; }};
        in {{
          modules = [ ({}) (named "second") ];
          extensions = (named "beside").extensions;
          domain.suffix = "lan";
          domain.clusters.c.machines.a.system = "x86_64-linux";
          domain.clusters.c.services.s = {{ selectors = [ clusterMachines ]; definition = {{ ... }}: {{ log = [ "service" ]; }}; }};
        }}"#,
        name("first")
    );
    let inventory = load(Format::Expression, &text);
    assert_eq!(told(&inventory), "");
    // Every function puts its module in front, and lists read from the last module to the first.
    assert_eq!(
        answer(&inventory, "clusters.c.machines.a.config.log"),
        json!(["imported 2", "imported 1", "beside", "service", "second", "first"])
    );
    assert_eq!(
        answer(&inventory, "config.log"),
        json!([
            "imported 2",
            "imported 1",
            "beside",
            "second",
            "first",
            "info imported 2",
            "info imported 1",
            "info beside",
            "info second",
            "info first"
        ])
    );
    assert_eq!(answer(&inventory, "config.nixosConfigurations.a.config.networking.fqdn"), json!("a.c.lan"));
}

#[test]
fn mistakes_in_transformations_are_told_where_they_stand() {
    let failing = ["config: config.nothing", "config: 1", "config: { }", "config: throw \"no\"", "3"];
    for text in failing {
        let inventory = extended(&format!("clusterTransformations: [ '{text}' ]"));
        insta::assert_snapshot!(format!("{text}\n{}", told(&inventory)));
    }
    insta::assert_snapshot!(told(&extended("clusterTransformation: [ ]")));
    insta::assert_snapshot!(told(&extended("moduleTransformations: [ 1 ]")));
    insta::assert_snapshot!(told(&extended(
        "moduleTransformations: [ 'config: config // { domain = 1; }' ]"
    )));
}

#[test]
fn what_stays_as_it_is_keeps_its_places() {
    let text = "{ \"extensions\": { \"clusterTransformations\": [\"config: clusterlib.update.machines config (c: m: machine: { tags = [ ]; })\"] },\n\
        \"domain\": { \"suffix\": \"lan\", \"clusters\": { \"c\": { \"machines\": { \"a\": { \"system\": \"x86_64-linux\" } },\n\
        \"services\": { \"s\": { \"selectors\": [\"clusterMachines\"],\n\
        \"definition\": \"{ roles, this, ... }:\\n\\t{ x = this.fqdm; }\" } } } } } }";
    let inventory = load(Format::Json, text);
    insta::assert_snapshot!(told(&inventory));
}

#[test]
fn packages_are_added_to_the_outputs() {
    let text = r#"{
      domain = { suffix = "lan"; clusters.c = {
        machines.plum.system = "x86_64-linux";
        services.dns = { selectors = [ clusterMachines ]; definition = { ... }: { rack = 3; }; };
      }; };
      modules = [ { extensions.deploymentTransformations = [
        (all: clusterlib.add.machinePackages all (name: machine: config: { rack = "${name} ${toString config.rack}"; }))
        (all: clusterlib.add.servicePackages all (name: machine: service: definition: config: { ping = service; }))
        (all: clusterlib.add.clusterPackage all (name: cluster: { list = attrNames cluster.machines; }))
      ]; } ];
    }"#;
    let inventory = load(Format::Expression, text);
    assert_eq!(told(&inventory), "");
    let packages = answer(
        &inventory,
        "let p = config.packages.x86_64-linux; m = p.machines.plum; in { inherit (m) build rack; inherit (m.services.dns) ping start; inherit (p) cluster; }",
    );
    assert_eq!(packages["rack"], "plum 3");
    assert_eq!(packages["ping"], "dns");
    assert_eq!(packages["cluster"], json!({ "c": { "list": ["plum"] } }));
    // What ClusterConfig gives stays beside it.
    assert!(packages["build"].is_string() && packages["start"].is_string(), "{packages}");
}
