use super::{addresses, cluster_fqdn, deployment, host, machine_info, platform, service_addresses, users};
use crate::dialects;
use crate::inventory::document::Document;
use crate::inventory::draft::Draft;
use crate::inventory::model::Inventory;
use crate::text::Source;

/// One machine `h` in the cluster `example` with these fields.
fn machine(fields: &str) -> Inventory {
    cluster(&format!("machines: {{ h: {{ system: x86_64-linux, {fields} }} }}"))
}

fn cluster(fields: &str) -> Inventory {
    let text = format!("domain: {{ suffix: com, clusters: {{ example: {{ {fields} }} }} }}");
    let mut draft = Draft::new();
    let document = draft.add_document(Document::yaml(Source::new("f.yaml", text)));
    assert!(dialects::read(&mut draft, &[document], None).is_ok());
    draft.finish()
}

fn shown<T: std::fmt::Debug>(result: Result<T, super::Failure>) -> String {
    match result {
        Ok(value) => format!("{value:?}"),
        Err(failure) => format!("{}: {}", failure.code.word(), failure.message),
    }
}

fn fqdn(fields: &str) -> String {
    shown(host(&machine(fields), 0).map(|host| host.fqdn))
}

fn ips(fields: &str) -> String {
    shown(addresses(&machine(fields), 0).map(|addresses| addresses.interfaces))
}

#[test]
fn domain_names() {
    assert_eq!(fqdn(""), "\"h.example.com\"");
    assert_eq!(cluster_fqdn(&machine(""), 0), "example.com");
    assert_eq!(fqdn("nixosModules: [ { networking: { fqdn: other.org } } ]"), "\"other.org\"");
    assert_eq!(
        fqdn("nixosModules: [ { networking: { hostName: other } } ]"),
        "conflict: the option `networking.hostName` is defined twice and differently"
    );
    assert_eq!(
        fqdn("nixosModules: [ { networking: { domain: other } } ]"),
        "conflict: the option `networking.domain` is defined twice and differently"
    );
    assert_eq!(fqdn("nixosModules: [ { networking: { hostName: h } } ]"), "\"h.example.com\"");
    assert_eq!(
        fqdn("nixosModules: [ { networking: { hostName: { _type: override, priority: 50, content: x } } } ]"),
        "\"x.example.com\""
    );
    assert_eq!(
        shown(host(&cluster("machines: { a.b: { system: x } }"), 0)),
        "invalid-name: expected a host name, found a name with a dot: `a.b`"
    );
}

#[test]
fn platforms() {
    assert_eq!(shown(platform(&machine(""), 0)), "Some(\"x86_64-linux\")");
    let overridden = machine("nixosModules: [ { nixpkgs: { hostPlatform: aarch64-linux } } ]");
    assert_eq!(shown(platform(&overridden, 0)), "Some(\"aarch64-linux\")");
}

#[test]
fn addresses_by_interface() {
    assert_eq!(ips("ips: { eth1: [ 10.0.0.2 ], eth0: [ ] }"), r#"{"eth0": [], "eth1": ["10.0.0.2"]}"#);
    assert_eq!(
        ips(
            "nixosModules: [ { networking: { interfaces: { eth0: { useDHCP: true, ipv6: { addresses: [ { address: 'fd00::1' } ] }, ipv4: { addresses: [ { address: 10.0.0.1, prefixLength: 33 } ] } } } } }, { networking: { interfaces: { eth0: { ipv4: { addresses: [ { address: 10.0.0.2 } ] } }, a: { } } } } ]"
        ),
        r#"{"a": [], "eth0": ["10.0.0.1", "10.0.0.2", "fd00::1", "dhcp"]}"#
    );
    // A stronger definition of all interfaces leaves nothing of the others.
    assert_eq!(
        ips(
            "nixosModules: [ { networking: { interfaces: { eth0: { ipv4: { addresses: [ { address: 10.0.0.1 } ] } } } } }, { networking: { interfaces: { _type: override, priority: 50, content: { eth0: { useDHCP: true } } } } } ]"
        ),
        r#"{"eth0": ["dhcp"]}"#
    );
    assert_eq!(
        ips("nixosModules: [ { networking: { interfaces: { eth0: { ipv4: { addresses: [ 5 ] } } } } } ]"),
        "invalid-option: expected an object with the text `address` in the addresses of `eth0`"
    );
    let all = |fields: &str| addresses(&machine(fields), 0).map(|addresses| addresses.all().join(" "));
    assert_eq!(
        all("ips: { b: [ 10.0.0.2 ], a: [ 10.0.0.1, dhcp ] }").ok().as_deref(),
        Some("10.0.0.1 10.0.0.2")
    );
    assert_eq!(all("ips: [ 10.0.0.1, 10.0.0.1 ]").ok().as_deref(), Some("10.0.0.1 10.0.0.1"));
    assert_eq!(all("ips: { all: [ x ], a: [ y ] }").ok().as_deref(), Some("x"));
}

#[test]
fn users_of_cluster_and_machine() {
    let merged = |cluster_users: &str, own: &str| {
        let inventory =
            cluster(&format!("users: {cluster_users}, machines: {{ h: {{ system: x, users: {own} }} }}"));
        shown(users(&inventory, 0).map(|users| users.to_string()))
    };
    assert_eq!(
        merged(
            "{ u: { systemConfig: { extraGroups: [ wheel ] } }, v: { } }",
            "{ u: { systemConfig: { extraGroups: [ docker ], isNormalUser: true } } }"
        ),
        r#""{\"u\":{\"systemConfig\":{\"extraGroups\":[\"wheel\",\"docker\"],\"isNormalUser\":true}},\"v\":{}}""#
    );
    assert_eq!(
        merged(
            "{ u: { systemConfig: { hashedPassword: a } } }",
            "{ u: { systemConfig: { hashedPassword: b } } }"
        ),
        "conflict: the option `users.u.systemConfig.hashedPassword` is defined twice and differently"
    );
}

#[test]
fn the_rest_of_the_information() {
    let inventory = machine(
        "serviceAddresses: [ { tag: { role: r, address: a, port: 80 } }, { tag: { role: r, address: b, port: null } } ], deployment: { targetHost: null, tags: [ t ] }",
    );
    let ports: Vec<Option<u16>> =
        service_addresses(&inventory, 0).into_iter().map(|address| address.port).collect();
    assert_eq!(ports, [Some(80), None]);
    assert_eq!(
        deployment(&machine(""), 0).get("targetHost").and_then(|host| host.as_str()),
        Some("{hostname}")
    );
    assert_eq!(
        shown(machine_info(&inventory, 0).map(|info| info.to_string())).replace('\\', ""),
        r#""{"clusterName":"example","machineName":"h","fqdn":"h.example.com","ips":{},"serviceAddresses":[{"role":"r","address":"a","port":80},{"role":"r","address":"b","port":null}],"deployment":{"tags":["t"],"targetHost":null,"targetPort":null}}""#
    );
}

#[test]
fn keys_have_colmenas_defaults() {
    let inventory = machine("deployment: { keys: { token: { text: secret, user: web } } }");
    assert_eq!(
        deployment(&inventory, 0)["keys"],
        serde_json::json!({ "token": {
            "name": "token", "text": "secret", "keyFile": null, "keyCommand": null, "destDir": "/run/keys",
            "user": "web", "group": "root", "permissions": "0600", "uploadAt": "pre-activation",
        } })
    );
}
