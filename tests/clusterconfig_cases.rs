//! ClusterConfig's own cases, asked as queries: what invq answers against what ClusterConfig computes.

use invq::Engine;
use invq::diagnostic::Diagnostic;
use serde_json::{Map, Value as Json, json};

use crate::shared::{Tally, ask, files, input, messages, text};

/// Outputs that no query asks for, each with the reason.
const UNASKED: &[(&str, &str)] = &[
    ("packageInfo", "the names that Nix gives packages, with the release of NixOS in those of images"),
    ("packageTexts", "the texts of packages, with the paths of the programs in the store of who built them"),
];

/// The query for an output that needs no more than the inventory.
const PLAIN: &[(&str, &str)] = &[
    ("annotations", "mapAttrs (n: c: mapAttrs (m: x: x.annotations) c.machines) clusters"),
    (
        "hostNames",
        "mapAttrs (n: c: mapAttrs (m: x: { inherit (x.config.networking) hostName domain; inherit (x) fqdn; hostPlatform = x.system or null; }) c.machines) clusters",
    ),
    ("machineServices", "mapAttrs (n: c: mapAttrs (m: x: x.services) c.machines) clusters"),
    (
        "deployment",
        "mapAttrs (n: c: mapAttrs (m: x: { inherit (x.deployment) tags targetHost targetPort targetUser; }) c.machines) clusters",
    ),
    (
        "colmena",
        "mapAttrs (_: machine: { nModules = length machine.imports; names = attrNames machine.deployment; inherit (machine.deployment) tags targetHost; }) config.colmena",
    ),
    ("clusterInfo", "clusterInfo"),
    ("clusterFqdn", "mapAttrs (n: c: c.fqdn) clusters"),
    ("nixosConfigurations", "mapAttrs (n: m: m.config.networking.fqdn) config.nixosConfigurations"),
];

/// The final configuration of each machine: the output, and what is asked of `m.config`.
const CONFIGURED: &[(&str, &str)] = &[
    ("echo", "m.config.echo or {}"),
    ("mark", "m.config.mark or {}"),
    ("probe", "m.config.probe or null"),
    ("probeList", "m.config.probeList or []"),
    ("extraHosts", "m.config.networking.extraHosts"),
    ("ports", "m.config.networking.firewall.allowedTCPPorts"),
    (
        "vaultCfg",
        "let v = m.config.services.vault; in { inherit (v) address storageBackend storageConfig extraConfig; inherit (v.cluster) apiEndpoints; inherit (m.config.networking) extraHosts; ports = m.config.networking.firewall.allowedTCPPorts; }",
    ),
    (
        "users",
        "mapAttrs (n: u: { inherit (u) extraGroups hashedPassword isNormalUser; keys = u.openssh.authorizedKeys.keys; }) m.config.users.users",
    ),
];

/// The vault service, which the examples have.
const VAULT: &str = include_str!("../examples/services/vault.invq");

/// The service for hosts files, which the examples have.
const STATIC_DNS: &str = include_str!("../examples/services/static-dns.invq");

/// Cases in which invq does on purpose something else; `docs/differences.md` says why.
const DIFFERENT: &[(&str, &str)] = &[
    ("suffix-bad-", "a suffix of valid labels is accepted, though upstream's pattern refuses some letters"),
    ("suffix-ok-", "a suffix that is no domain is refused, though upstream's pattern lets it pass"),
    ("filter-dotted-name", "a name with a dot in it is a name"),
    ("vms-resolve-node-dotted", "a name with a dot in it is a name"),
];

fn quote(text: &str) -> String {
    json!(text).to_string().replace("${", "\\${")
}

/// A filter of a case as source.
fn filter(filter: &Json) -> String {
    let name = |key: &str| quote(text(filter, key));
    let paths = || filter.get("paths").and_then(Json::as_array).into_iter().flatten();
    match text(filter, "filter") {
        kind @ ("hostname" | "machineName" | "vmName") => format!("({kind} {})", name("name")),
        kind @ ("clusterMachines" | "clusterVms" | "clusterNodes") => kind.to_owned(),
        "inCluster" => {
            let inner = filter.get("inner").or_else(|| filter.get("of")).unwrap_or(&Json::Null);
            format!("(c: cfg: {} {} cfg)", self::filter(inner), name("cluster"))
        }
        "paths" => {
            let paths: Vec<String> = paths().filter_map(Json::as_str).map(quote).collect();
            format!("(c: cfg: [ {} ])", paths.join(" "))
        }
        "nested" => {
            let group = |item: &Json| {
                let items = item.as_array().map_or_else(|| vec![item], |items| items.iter().collect());
                let paths: Vec<String> = items.into_iter().filter_map(Json::as_str).map(quote).collect();
                format!("[ {} ]", paths.join(" "))
            };
            format!("(c: cfg: [ {} ])", paths().map(group).collect::<Vec<_>>().join(" "))
        }
        kind => {
            let condition = match kind {
                "tagged" => format!("elem {} (m.deployment.tags or [])", name("tag")),
                _ => format!("m.system == {}", name("system")),
            };
            format!(
                "(c: cfg: map (n: \"domain.clusters.${{c}}.machines.${{n}}\") (builtins.filter (n: let m = cfg.domain.clusters.${{c}}.machines.${{n}}; in {condition}) (builtins.attrNames cfg.domain.clusters.${{c}}.machines)))"
            )
        }
    }
}

fn filters(list: Option<&Json>) -> Vec<String> {
    list.and_then(Json::as_array).into_iter().flatten().map(filter).collect()
}

/// A closure of a case as source.
fn definition(kind: &str, service: &str) -> String {
    let body = match kind {
        "echo" => {
            let name = quote(service);
            return format!(
                "{{ clusterInfo, selectors, roles, this }}: {{ echo.{name} = {{ inherit selectors roles this; clusterInfoFqdn = clusterInfo.fqdn; clusterInfoKeys = builtins.attrNames clusterInfo; }}; }}"
            );
        }
        "module" => format!("mark.{} = true;", quote(service)),
        "staticDns" => return format!("(({STATIC_DNS}) {{ selectors = [ ]; hosts = [ ]; }}).definition"),
        "vault" => {
            return format!(
                "(({VAULT}) {{ selectors = [ ]; apiAddress = [ ]; clusterAddress = [ ]; }}).definition"
            );
        }
        _ => String::new(),
    };
    format!("{{ selectors, roles, this }}: {{ {body} }}")
}

/// The inventory of a case.
fn inventory(case: &Json) -> Json {
    let mut document = case.get("input").cloned().unwrap_or_default();
    let clusters = document.pointer_mut("/domain/clusters").and_then(Json::as_object_mut);
    for cluster in clusters.into_iter().flat_map(Map::values_mut) {
        let services = cluster.get_mut("services").and_then(Json::as_object_mut);
        for (name, service) in services.into_iter().flatten() {
            if let Some(selectors) = service.get_mut("selectors") {
                *selectors = json!(filters(Some(selectors)));
            }
            let roles = service.get_mut("roles").and_then(Json::as_object_mut);
            for role in roles.into_iter().flat_map(Map::values_mut) {
                *role = json!(filters(Some(role)));
            }
            if let Some(kind) = service.get("definition").and_then(Json::as_str) {
                let source = definition(kind, name);
                service["definition"] = json!(source);
            }
        }
    }
    document
}

/// One query, and what it should answer.
struct Check {
    output: String,
    query: String,
    expected: Json,
}

/// The queries of a case.
fn checks(case: &Json) -> (Vec<Check>, Vec<String>) {
    let mut checks = Vec::new();
    let mut later = Vec::new();
    let queries: Vec<&Json> = case.get("queries").and_then(Json::as_array).into_iter().flatten().collect();
    let expected = case.get("expected");
    // The newest state pairs each query with its answer.
    for (query, expected) in queries.iter().zip(expected.and_then(Json::as_array).into_iter().flatten()) {
        let source = match text(query, "op") {
            "vmHost" => format!("clusterlib.get.vmHost {} config", quote(text(query, "host"))),
            function => call(function, query),
        };
        checks.push(Check {
            output: text(query, "op").to_owned(),
            query: source,
            expected: expected.clone(),
        });
    }
    for (output, expected) in
        expected.and_then(|states| states.get("head")).and_then(Json::as_object).into_iter().flatten()
    {
        let plain = PLAIN.iter().find(|(name, _)| name == output).map(|(_, query)| (*query).to_owned());
        let configured = CONFIGURED.iter().find(|(name, _)| name == output);
        let configured = configured
            .map(|(_, query)| format!("mapAttrs (n: c: mapAttrs (_: m: {query}) c.machines) clusters"));
        let plain = plain.or(configured);
        if let Some(query) = plain {
            checks.push(Check { output: output.clone(), query, expected: expected.clone() });
        } else if matches!(output.as_str(), "paths" | "resolved") {
            for (index, query) in queries.iter().enumerate() {
                let source = match output.as_str() {
                    "paths" => call("filtersToPaths", query),
                    _ => format!("map (a: a.fqdn) ({})", call("resolveAnnotations", query)),
                };
                let expected = expected.get(index).unwrap_or(expected).clone();
                checks.push(Check { output: format!("{output} {index}"), query: source, expected });
            }
        } else {
            let known = UNASKED.iter().find(|(name, _)| name == output);
            let (_, reason) = known.unwrap_or_else(|| panic!("nothing asks for `{output}`"));
            later.push(format!("{output} ({reason})"));
        }
    }
    // The older state has the addresses of all interfaces in one list.
    let older = expected.and_then(|states| states.pointer("/readme/annotations"));
    if let Some(older) = older.filter(|older| older.get("error").is_none()) {
        let query = "mapAttrs (n: c: mapAttrs (m: x: x.ips.all) c.machines) clusters";
        let all = |machine: &Json| machine.pointer("/ips/all").cloned().unwrap_or_default();
        let cluster = |machines: &Json| -> Map<String, Json> {
            machines
                .as_object()
                .into_iter()
                .flatten()
                .map(|(name, machine)| (name.clone(), all(machine)))
                .collect()
        };
        let expected: Map<String, Json> = older
            .as_object()
            .into_iter()
            .flatten()
            .map(|(name, machines)| (name.clone(), Json::Object(cluster(machines))))
            .collect();
        checks.push(Check {
            output: "ips.all".to_owned(),
            query: query.to_owned(),
            expected: Json::Object(expected),
        });
    }
    (checks, later)
}

/// A function of `filters` on the filters of a query.
fn call(function: &str, query: &Json) -> String {
    let filters = filters(query.get("filters")).join(" ");
    format!("filters.{function} [ {filters} ] {} config", quote(text(query, "cluster")))
}

/// Whether an error names a place in the inventory or in the query.
fn stands(diagnostics: &[Diagnostic]) -> bool {
    diagnostics.iter().all(|diagnostic| {
        diagnostic.labels.first().is_some_and(|label| {
            let (source, span) = label.source.locate(label.span);
            span.end as usize <= source.text().len() && !diagnostic.message.is_empty()
        })
    })
}

#[test]
fn cases() {
    let mut tally = Tally::default();
    for (name, case) in files("cases/clusterconfig") {
        let (checks, later) = checks(&case);
        tally.later.extend(later.into_iter().map(|output| format!("{name} {output}")));
        let engine = Engine::default();
        let loaded = engine.load(vec![input(&format!("{name}.json"), &inventory(&case))]);
        for check in checks {
            let what = format!("{name} {}", check.output);
            let answer = match &loaded {
                Ok(inventory) => ask(&engine, inventory, &check.query),
                Err(diagnostics) => Err(diagnostics.clone()),
            };
            let different = DIFFERENT.iter().any(|(prefix, _)| name.starts_with(prefix));
            let fails = check.expected.get("error").is_some();
            match answer {
                Err(diagnostics) if fails && !stands(&diagnostics) => {
                    tally.failed.push(format!("{what}: without a place: {}", messages(&diagnostics)));
                }
                Err(_) if fails => tally.passed += 1,
                Ok(answer) if answer == check.expected => tally.passed += 1,
                answer if different => {
                    let answer = answer.map_or_else(|found| messages(&found), |answer| answer.to_string());
                    tally.different.push(format!("{what} ({answer})"));
                }
                Ok(answer) => tally.compare(what, &answer, &check.expected),
                Err(diagnostics) => {
                    tally.failed.push(format!("{what}: {}\n  {}", messages(&diagnostics), check.query));
                }
            }
        }
    }
    tally.finish("cases");
}
