//! ClusterConfig's own helpers over the ClusterConfig form of an inventory, `config`.

use super::attrpaths::lookup;
use super::lists::flatten;
use super::support::{Answer, each, later_with, text_list, thrown};
use crate::diagnostic::Code;
use crate::value::{Attrs, AttrsBuilder, Evaluator, Fault, Name, Value};

table! {
    "forEachAttrIn" ["clusterlib"] "{ _ : a } -> (String -> a -> b) -> { _ : b }"
        "`mapAttrs` with its arguments the other way round"
        ""
        { "clusterlib.forEachAttrIn { a = 1; } (name: value: \"${name}${toString value}\")" => "{\"a\":\"a1\"}" "clusterlib.forEachAttrIn { } (name: value: value)" => "{}" }
        |ev, set, function| {
            let attrs = ev.attrs(set)?;
            let values = each(ev, attrs.iter(), |_, (name, value)| {
                later_with(function, Value::from(name.clone()), value)
            });
            Ok(Value::Attrs(Attrs::new(attrs.keys().clone(), values?)))
        };
    "machines" ["clusterlib.get"] "ClusterConfig -> { _ : Any }"
        "the machines of all clusters by name"
        "Of equal names the one in the last cluster counts."
        { "attrNames (clusterlib.get.machines { domain.clusters.lab.machines.web1 = { }; })" => "[\"web1\"]"
          "attrNames (clusterlib.get.machines config)" => "[\"attic\",\"db1\",\"db2\",\"jon\",\"lima\",\"oslo\",\"sara\",\"web1\",\"web2\"]" }
        |ev, config| all_nodes(ev, config, &["machines"]);
    "vms" ["clusterlib.get"] "ClusterConfig -> { _ : Any }"
        "the VMs of all clusters by name"
        "Of equal names the one in the last cluster counts."
        { "attrNames (clusterlib.get.vms { domain.clusters.lab.machines = { }; })" => "[]"
          "attrNames (clusterlib.get.vms config)" => "[\"sandbox\"]" }
        |ev, config| all_nodes(ev, config, &["vms"]);
    "nodes" ["clusterlib.get"] "ClusterConfig -> { _ : Any }"
        "the machines and VMs of all clusters by name"
        "Of equal names a VM counts before a machine, and the last cluster before others."
        { "attrNames (clusterlib.get.nodes { domain.clusters.lab = { machines.a = { }; vms.b = { }; }; })" => "[\"a\",\"b\"]"
          "(clusterlib.get.nodes { domain.clusters.lab = { machines.a.cpus = 4; vms.a.cpus = 1; }; }).a.cpus" => "1" }
        |ev, config| all_nodes(ev, config, &["machines", "vms"]);
    "clusterMachines" ["clusterlib.get"] "ClusterConfig -> String -> { _ : Any }" names(1 Cluster)
        "the machines of a cluster by name"
        ""
        { "attrNames (clusterlib.get.clusterMachines { domain.clusters.lab.machines.a = { }; } \"lab\")" => "[\"a\"]"
          "attrNames (clusterlib.get.clusterMachines config \"labb\")" => "error: unknown-name" }
        |ev, config, cluster| cluster_nodes(ev, config, cluster, &["machines"]);
    "clusterVms" ["clusterlib.get"] "ClusterConfig -> String -> { _ : Any }" names(1 Cluster)
        "the VMs of a cluster by name"
        ""
        { "attrNames (clusterlib.get.clusterVms { domain.clusters.lab.vms.a = { }; } \"lab\")" => "[\"a\"]"
          "clusterlib.get.clusterVms config \"edge\"" => "{}" }
        |ev, config, cluster| cluster_nodes(ev, config, cluster, &["vms"]);
    "clusterNodes" ["clusterlib.get"] "ClusterConfig -> String -> { _ : Any }" names(1 Cluster)
        "the machines and VMs of a cluster by name"
        "Of equal names the VM counts."
        { "attrNames (clusterlib.get.clusterNodes { domain.clusters.lab = { machines.a = { }; vms.b = { }; }; } \"lab\")" => "[\"a\",\"b\"]"
          "attrNames (clusterlib.get.clusterNodes config \"lab\")" => "[\"attic\",\"jon\",\"sandbox\",\"sara\"]" }
        |ev, config, cluster| cluster_nodes(ev, config, cluster, &["machines", "vms"]);
    "clusterInfo" ["clusterlib.get"] "ClusterConfig -> Any"
        "what can be written of a configuration: clusters with their users, machines and services, filters resolved to names"
        "What ClusterConfig's own tool prints; of the inventory itself that is `clusterInfo`."
        { "clusterlib.get.clusterInfo config == clusterInfo" => "true"
          "attrNames (clusterlib.get.clusterInfo config).domain.clusters" => "[\"edge\",\"lab\",\"prod\"]" }
        |ev, config| cluster_info(ev, config);
    "vmHost" ["clusterlib.get"] "String -> ClusterConfig -> { cluster : String, machine : String, valid : Bool }"
        "the machine that a host name means, with or without the domain's suffix"
        "The name is split into machine and cluster wherever both exist; the leftmost split counts."
        { "(clusterlib.get.vmHost \"web1.lab.example.org\" { domain = { suffix = \"example.org\"; clusters.lab.machines.web1 = { }; }; }).machine" => "\"web1\""
          "clusterlib.get.vmHost \"atticc.lab\" config" => "error: unknown-machine" }
        |ev, host, config| vm_host(ev, host, config);
    "names" ["clusterlib.get.interface"] "Any -> [String]"
        "the names of the interfaces of a machine's configuration"
        ""
        { "clusterlib.get.interface.names { networking.interfaces.eth0 = { }; }" => "[\"eth0\"]"
          "clusterlib.get.interface.names { }" => "error: missing-element" }
        |ev, config| Ok(text_list(interfaces(ev, config)?.keys().iter()));
    "definitions" ["clusterlib.get.interface"] "Any -> [{ _ : Any }]"
        "the interfaces of a machine's configuration, each as a set of its own"
        ""
        { "clusterlib.get.interface.definitions { networking.interfaces.eth0.useDHCP = true; }" => "[{\"eth0\":{\"useDHCP\":true}}]"
          "clusterlib.get.interface.definitions { networking.interfaces = { }; }" => "[]" }
        |ev, config| {
            let single = |(name, value): (&Name, &Value)| Value::attrs([(name.clone(), value.clone())]);
            Ok(Value::list(interfaces(ev, config)?.iter().map(single).collect()))
        };
    "ips" ["clusterlib.get.interface"] "Any -> [String]"
        "the addresses of an interface: IPv4, IPv6, then `dhcp` where it uses that"
        ""
        { "clusterlib.get.interface.ips { ipv4.addresses = [ { address = \"10.0.0.1\"; prefixLength = 24; } ]; useDHCP = true; }" => "[\"10.0.0.1\",\"dhcp\"]"
          "clusterlib.get.interface.ips { useDHCP = false; }" => "[]" }
        |ev, interface| addresses(ev, interface);
    "ips" ["clusterlib.get"] "Any -> { _ : [String] }"
        "the addresses of a machine's configuration by interface"
        ""
        { "clusterlib.get.ips { networking.interfaces.eth0.ipv6.addresses = [ { address = \"::1\"; prefixLength = 64; } ]; }" => "{\"eth0\":[\"::1\"]}"
          "clusterlib.get.ips { networking.interfaces = { eth0 = { }; wlan0.useDHCP = true; }; }" => "{\"eth0\":[],\"wlan0\":[\"dhcp\"]}" }
        |ev, config| {
            let attrs = interfaces(ev, config)?;
            Ok(map(&attrs, |_, interface| {
                let interface = interface.clone();
                Value::lazy(move |ev| addresses(ev, &interface))
            }))
        };
    "clusters" ["clusterlib.update"] "ClusterConfig -> (String -> Any -> { _ : Any }) -> ClusterConfig"
        "every cluster with attributes replaced by those that a function gives for its name and itself"
        ""
        { "(clusterlib.update.clusters { domain.clusters.lab.machines = { }; } (name: cluster: { fqdn = \"${name}.org\"; })).domain.clusters.lab.fqdn" => "\"lab.org\""
          "(clusterlib.update.clusters { domain.clusters.lab = { a = 1; b = 1; }; } (name: cluster: { b = cluster.b + 1; })).domain.clusters.lab" => "{\"a\":1,\"b\":2}" }
        |ev, config, function| update_clusters(ev, config, function, Change::Update);
    "machines" ["clusterlib.update"] "ClusterConfig -> (String -> String -> Any -> { _ : Any }) -> ClusterConfig"
        "every machine with attributes replaced by those that a function gives for its cluster, its name and itself"
        ""
        { "(clusterlib.update.machines { domain.clusters.lab.machines.a = { }; } (cluster: name: machine: { x = name; })).domain.clusters.lab.machines.a.x" => "\"a\""
          "clusterlib.update.machines { } (cluster: name: machine: { })" => "error: missing-element" }
        |ev, config, function| update_elements(ev, config, &["machines"], function, Change::Update);
    "nodes" ["clusterlib.update"] "ClusterConfig -> (String -> String -> Any -> { _ : Any }) -> ClusterConfig"
        "every machine and VM with attributes replaced by those that a function gives for its cluster, its name and itself"
        ""
        { "(clusterlib.update.nodes { domain.clusters.lab.vms.a = { }; } (cluster: name: node: { x = cluster; })).domain.clusters.lab.vms.a.x" => "\"lab\""
          "(clusterlib.update.nodes { domain.clusters.lab = { machines.a = { }; vms.b = { }; }; } (cluster: name: node: { fqdn = \"${name}.${cluster}\"; })).domain.clusters.lab" => "{\"machines\":{\"a\":{\"fqdn\":\"a.lab\"}},\"vms\":{\"b\":{\"fqdn\":\"b.lab\"}}}" }
        |ev, config, function| update_elements(ev, config, &["machines", "vms"], function, Change::Update);
    "services" ["clusterlib.update"] "ClusterConfig -> (String -> String -> Any -> { _ : Any }) -> ClusterConfig"
        "every service with attributes replaced by those that a function gives for its cluster, its name and itself"
        ""
        { "(clusterlib.update.services { domain.clusters.lab.services.dns = { }; } (cluster: name: service: { x = name; })).domain.clusters.lab.services.dns.x" => "\"dns\""
          "(clusterlib.update.services { domain.clusters.lab.services.dns.tags = [ \"a\" ]; } (cluster: name: service: { tags = service.tags ++ [ cluster ]; })).domain.clusters.lab.services.dns" => "{\"tags\":[\"a\",\"lab\"]}" }
        |ev, config, function| update_elements(ev, config, &["services"], function, Change::Update);
    "users" ["clusterlib.update"] "ClusterConfig -> (String -> String -> Any -> { _ : Any }) -> ClusterConfig"
        "every user of a cluster with attributes replaced by those that a function gives for its cluster, its name and itself"
        ""
        { "(clusterlib.update.users { domain.clusters.lab.users.ann = { }; } (cluster: name: user: { x = name; })).domain.clusters.lab.users.ann.x" => "\"ann\""
          "attrNames (clusterlib.update.users config (cluster: name: user: { shell = \"zsh\"; })).domain.clusters.prod.users.deploy" => "[\"shell\",\"systemConfig\"]" }
        |ev, config, function| update_elements(ev, config, &["users"], function, Change::Update);
    "clusters" ["clusterlib.overwrite"] "ClusterConfig -> (String -> Any -> Any) -> ClusterConfig"
        "every cluster replaced by what a function gives for its name and itself"
        ""
        { "(clusterlib.overwrite.clusters { domain.clusters.lab.x = 1; } (name: cluster: { y = name; })).domain.clusters.lab" => "{\"y\":\"lab\"}"
          "attrNames (clusterlib.overwrite.clusters config (name: cluster: { })).domain.clusters" => "[\"edge\",\"lab\",\"prod\"]" }
        |ev, config, function| update_clusters(ev, config, function, Change::Replace);
    "machines" ["clusterlib.overwrite"] "ClusterConfig -> (String -> String -> Any -> Any) -> ClusterConfig"
        "every machine replaced by what a function gives for its cluster, its name and itself"
        ""
        { "(clusterlib.overwrite.machines { domain.clusters.lab.machines.a.x = 1; } (cluster: name: machine: { y = 2; })).domain.clusters.lab.machines.a" => "{\"y\":2}"
          "(clusterlib.overwrite.machines { domain.clusters.lab = { machines.a = { }; vms.b.x = 1; }; } (cluster: name: machine: \"${cluster}/${name}\")).domain.clusters.lab" => "{\"machines\":{\"a\":\"lab/a\"},\"vms\":{\"b\":{\"x\":1}}}" }
        |ev, config, function| update_elements(ev, config, &["machines"], function, Change::Replace);
    "services" ["clusterlib.overwrite"] "ClusterConfig -> (String -> String -> Any -> Any) -> ClusterConfig"
        "every service replaced by what a function gives for its cluster, its name and itself"
        ""
        { "(clusterlib.overwrite.services { domain.clusters.lab.services.a.x = 1; } (cluster: name: service: { })).domain.clusters.lab.services.a" => "{}"
          "(clusterlib.overwrite.services { domain.clusters.lab.services.dns.port = 53; } (cluster: name: service: service // { inherit name; })).domain.clusters.lab.services" => "{\"dns\":{\"name\":\"dns\",\"port\":53}}" }
        |ev, config, function| update_elements(ev, config, &["services"], function, Change::Replace);
    "users" ["clusterlib.overwrite"] "ClusterConfig -> (String -> String -> Any -> Any) -> ClusterConfig"
        "every user of a cluster replaced by what a function gives for its cluster, its name and itself"
        ""
        { "(clusterlib.overwrite.users { domain.clusters.lab.users.a.x = 1; } (cluster: name: user: { })).domain.clusters.lab.users.a" => "{}"
          "(clusterlib.overwrite.users config (cluster: name: user: cluster)).domain.clusters.prod.users" => "{\"deploy\":\"prod\"}" }
        |ev, config, function| update_elements(ev, config, &["users"], function, Change::Replace);
    "nixosModule" ["clusterlib.add"] "ClusterConfig -> (String -> String -> Any -> Any) -> ClusterConfig"
        "every machine and VM with the modules that a function gives for its cluster, its name and itself, in front of its own"
        "The function gives a module or a list of modules."
        { "(clusterlib.add.nixosModule { domain.clusters.lab.machines.a.nixosModules = [ { x = 1; } ]; } (c: m: cfg: { y = 2; })).domain.clusters.lab.machines.a.nixosModules" => "[{\"y\":2},{\"x\":1}]"
          "(clusterlib.add.nixosModule { domain.clusters.lab.vms.b = { }; } (c: m: cfg: [ { host = m; } { cluster = c; } ])).domain.clusters.lab.vms.b.nixosModules" => "[{\"host\":\"b\"},{\"cluster\":\"lab\"}]" }
        |ev, config, function| update_elements(ev, config, &["machines", "vms"], function, Change::Modules);
    "tag" ["clusterlib.ip"] "{ role : String, address : String, port? : Int? } -> Any"
        "a service address, without configuration"
        ""
        { "clusterlib.ip.tag { role = \"dns\"; address = \"10.0.0.1\"; }" => "{\"config\":{},\"tag\":{\"address\":\"10.0.0.1\",\"role\":\"dns\"}}"
          "(clusterlib.ip.tag { role = \"dns\"; address = \"10.0.0.1\"; port = 53; }).tag" => "{\"address\":\"10.0.0.1\",\"port\":53,\"role\":\"dns\"}" }
        |ev, address| service_address(ev, address, |_, _, _| Ok(Vec::new()));
    "openTcp" ["clusterlib.ip"] "{ role : String, address : String, port? : Int? } -> Any"
        "a service address, with its port open in the firewall"
        ""
        { "(clusterlib.ip.openTcp { role = \"dns\"; address = \"10.0.0.1\"; port = 53; }).config" => "{\"networking\":{\"firewall\":{\"allowedTCPPorts\":[53]}}}"
          "(clusterlib.ip.openTcp { role = \"dns\"; address = \"10.0.0.1\"; }).config" => "{}" }
        |ev, address| service_address(ev, address, |_, _, port| Ok(firewall(port).into_iter().collect()));
    "staticIpV4OpenTcp" ["clusterlib.ip"] "{ role : String, address : String, port? : Int?, subnetPrefixLength? : Int, interface : String } -> Any"
        "a service address that an interface gets, with its port open in the firewall"
        "The prefix length is 24 where none is given. Older inventories call it `staticIpV4OpenUdp`, though it opens TCP."
        { "(clusterlib.ip.staticIpV4OpenTcp { role = \"dns\"; address = \"10.0.0.1\"; interface = \"eth0\"; }).config.networking.interfaces.eth0.content" => "{\"ipv4\":{\"addresses\":[{\"address\":\"10.0.0.1\",\"prefixLength\":24}]}}"
          "(clusterlib.ip.staticIpV4OpenTcp { role = \"dns\"; address = \"10.0.0.1\"; port = 53; subnetPrefixLength = 16; interface = \"eth0\"; }).config.networking.firewall" => "{\"allowedTCPPorts\":[53]}" }
        |ev, address| service_address(ev, address, static_address);
    "staticIpV4OpenUdp" ["clusterlib.ip"] "{ role : String, address : String, port? : Int?, subnetPrefixLength? : Int, interface : String } -> Any"
        "the older name of `staticIpV4OpenTcp`"
        ""
        { "(clusterlib.ip.staticIpV4OpenUdp { role = \"dns\"; address = \"10.0.0.1\"; port = 53; interface = \"eth0\"; }).tag.port" => "53"
          "clusterlib.ip.staticIpV4OpenUdp { role = \"dns\"; address = \"10.0.0.1\"; }" => "error: missing-argument" }
        |ev, address| service_address(ev, address, static_address);
}

fn map(attrs: &Attrs, value: impl Fn(&Name, &Value) -> Value) -> Value {
    let values = attrs.iter().map(|(name, inner)| value(name, inner)).collect();
    Value::Attrs(Attrs::new(attrs.keys().clone(), values))
}

/// The part to which names lead, which must be there.
fn part(ev: &mut dyn Evaluator, set: &Value, path: &[&str]) -> Answer {
    match lookup(ev, path, set)? {
        Some(value) => Ok(value),
        None => Err(ev.fault(Code::MissingElement, format!("the configuration has no `{}`", path.join(".")))),
    }
}

/// The attributes of a part, none where it is missing.
fn optional_part(ev: &mut dyn Evaluator, set: &Value, name: &str) -> Result<Attrs, Fault> {
    match ev.attr(set, name)? {
        Some(value) => ev.attrs(&value),
        None => Ok(Attrs::empty()),
    }
}

fn nodes_of(ev: &mut dyn Evaluator, cluster: &Value, kinds: &[&str]) -> Result<Attrs, Fault> {
    let mut nodes = Attrs::empty();
    for kind in kinds {
        nodes = nodes.update(&optional_part(ev, cluster, kind)?);
    }
    Ok(nodes)
}

fn all_nodes(ev: &mut dyn Evaluator, config: &Value, kinds: &[&str]) -> Answer {
    let clusters = part(ev, config, &["domain", "clusters"])?;
    let clusters = ev.attrs(&clusters)?;
    let mut nodes = Attrs::empty();
    for kind in kinds {
        for cluster in clusters.values() {
            nodes = nodes.update(&optional_part(ev, cluster, kind)?);
        }
    }
    Ok(Value::Attrs(nodes))
}

fn cluster_nodes(ev: &mut dyn Evaluator, config: &Value, cluster: &Value, kinds: &[&str]) -> Answer {
    let cluster = ev.string(cluster)?;
    let cluster = part(ev, config, &["domain", "clusters", &cluster])?;
    Ok(Value::Attrs(nodes_of(ev, &cluster, kinds)?))
}

fn vm_host(ev: &mut dyn Evaluator, host: &Value, config: &Value) -> Answer {
    let host = ev.string(host)?;
    let suffix = part(ev, config, &["domain", "suffix"])?;
    let suffix = ev.string(&suffix)?;
    let clusters = part(ev, config, &["domain", "clusters"])?;
    let clusters = ev.attrs(&clusters)?;
    let short = host.strip_suffix(&*suffix).and_then(|rest| rest.strip_suffix('.')).unwrap_or(&host);
    for (at, _) in short.char_indices().filter(|(_, character)| *character == '.') {
        let (machine, cluster) = (short.get(..at).unwrap_or(""), short.get(at + 1..).unwrap_or(""));
        if let Some(found) = clusters.get(cluster)
            && optional_part(ev, found, "machines")?.contains(machine)
        {
            return Ok(Value::attrs([
                ("cluster", Value::string(cluster)),
                ("machine", Value::string(machine)),
                ("valid", Value::Bool(true)),
            ]));
        }
    }
    let known: Vec<&str> = clusters.keys().iter().map(|name| &**name).collect();
    let message = format!("no cluster has the machine that `{host}` means");
    let mut fault = thrown(Code::UnknownMachine, message);
    fault.diagnostic_mut().help =
        Some(format!("write `machine.cluster`; the clusters are {}", crate::text::list_and(&known)));
    Err(fault)
}

fn cluster_info(ev: &mut dyn Evaluator, config: &Value) -> Answer {
    let suffix = part(ev, config, &["domain", "suffix"])?;
    let clusters = part(ev, config, &["domain", "clusters"])?;
    let clusters = map(&ev.attrs(&clusters)?, |name, cluster| {
        let (config, name, cluster) = (config.clone(), name.clone(), cluster.clone());
        Value::lazy(move |ev| cluster_entry(ev, &config, &name, &cluster))
    });
    Ok(Value::attrs([("domain", Value::attrs([("suffix", suffix), ("clusters", clusters)]))]))
}

fn cluster_entry(ev: &mut dyn Evaluator, config: &Value, name: &Name, cluster: &Value) -> Answer {
    let machines = map(&optional_part(ev, cluster, "machines")?, |_, machine| {
        let machine = machine.clone();
        Value::lazy(move |ev| {
            let annotations = optional_part(ev, &machine, "annotations")?;
            let mut deployment = optional_part(ev, &machine, "deployment")?;
            deployment = kept(&deployment, &["tags", "targetHost", "targetPort"]);
            Ok(Value::Attrs(with(&annotations, "deployment", Value::Attrs(deployment))))
        })
    });
    let services = map(&optional_part(ev, cluster, "services")?, |_, service| {
        let (config, cluster, service) = (config.clone(), name.clone(), service.clone());
        Value::lazy(move |ev| {
            let selectors = match ev.attr(&service, "selectors")? {
                Some(selectors) => selected(ev, &config, &cluster, &selectors)?,
                None => Value::list(Vec::new()),
            };
            let roles = map(&optional_part(ev, &service, "roles")?, |_, members| {
                let (config, cluster, members) = (config.clone(), cluster.clone(), members.clone());
                Value::lazy(move |ev| selected(ev, &config, &cluster, &members))
            });
            Ok(Value::attrs([("roles", roles), ("selectors", selectors)]))
        })
    });
    Ok(Value::attrs([
        ("fqdn", part(ev, cluster, &["fqdn"])?),
        ("users", text_list(optional_part(ev, cluster, "users")?.keys().iter())),
        ("machines", machines),
        ("services", services),
    ]))
}

fn kept(attrs: &Attrs, names: &[&str]) -> Attrs {
    let mut picked = AttrsBuilder::default();
    for (name, value) in attrs.iter().filter(|(name, _)| names.contains(&&***name)) {
        picked.insert(name.clone(), value.clone());
    }
    picked.finish()
}

/// The names of the machines to which filters lead in a cluster; a role of the inventory knows its own.
fn selected(ev: &mut dyn Evaluator, config: &Value, cluster: &str, filters: &Value) -> Answer {
    if let Value::Entity(role) = ev.force(filters)? {
        return Ok(ev.entity_field(role, "members")?.unwrap_or_else(|| Value::list(Vec::new())));
    }
    let mut names = Vec::new();
    for path in ev.filter_paths(filters, cluster, config)? {
        if let Some(entity) = ev.resolve_path(&path)? {
            names.extend(ev.entity_field(entity, "name")?);
        }
    }
    Ok(Value::list(names))
}

fn interfaces(ev: &mut dyn Evaluator, config: &Value) -> Result<Attrs, Fault> {
    let interfaces = part(ev, config, &["networking", "interfaces"])?;
    ev.attrs(&interfaces)
}

fn addresses(ev: &mut dyn Evaluator, interface: &Value) -> Answer {
    let mut found = Vec::new();
    for family in ["ipv4", "ipv6"] {
        if let Some(list) = lookup(ev, &[family, "addresses"], interface)? {
            for entry in ev.list(&list)?.iter() {
                found.push(part(ev, entry, &["address"])?);
            }
        }
    }
    if let Some(uses) = ev.attr(interface, "useDHCP")?
        && matches!(ev.force(&uses)?, Value::Bool(true))
    {
        found.push(Value::string("dhcp"));
    }
    Ok(Value::list(found))
}

/// What becomes of an element and what a function gives for it.
#[derive(Clone, Copy)]
enum Change {
    /// The attributes are put over those of the element.
    Update,
    /// It takes the element's place.
    Replace,
    /// The modules come before those of the element.
    Modules,
}

/// `config` with its clusters replaced.
fn with_clusters(ev: &mut dyn Evaluator, config: &Value, change: impl Fn(&Name, &Value) -> Value) -> Answer {
    let config = ev.attrs(config)?;
    let domain = match config.get("domain") {
        Some(domain) => ev.attrs(domain)?,
        None => return Err(ev.fault(Code::MissingElement, "the configuration has no `domain`")),
    };
    let clusters = match domain.get("clusters") {
        Some(clusters) => ev.attrs(clusters)?,
        None => return Err(ev.fault(Code::MissingElement, "the configuration has no `domain.clusters`")),
    };
    let domain = with(&domain, "clusters", map(&clusters, change));
    Ok(Value::Attrs(with(&config, "domain", Value::Attrs(domain))))
}

fn with(attrs: &Attrs, name: &str, value: Value) -> Attrs {
    let mut single = AttrsBuilder::default();
    single.insert(Name::from(name), value);
    attrs.update(&single.finish())
}

fn update_clusters(ev: &mut dyn Evaluator, config: &Value, function: &Value, change: Change) -> Answer {
    with_clusters(ev, config, |name, cluster| {
        let (function, name, cluster) = (function.clone(), name.clone(), cluster.clone());
        Value::lazy(move |ev| {
            let new = ev.call(&function, &[Value::from(name), cluster.clone()])?;
            if matches!(change, Change::Replace) {
                return Ok(new);
            }
            Ok(Value::Attrs(ev.attrs(&cluster)?.update(&ev.attrs(&new)?)))
        })
    })
}

fn update_elements(
    ev: &mut dyn Evaluator,
    config: &Value,
    kinds: &'static [&'static str],
    function: &Value,
    change: Change,
) -> Answer {
    with_clusters(ev, config, |cluster_name, cluster| {
        let (function, cluster_name, cluster) = (function.clone(), cluster_name.clone(), cluster.clone());
        Value::lazy(move |ev| {
            let mut attrs = ev.attrs(&cluster)?;
            for kind in kinds {
                let Some(elements) = attrs.get(kind) else { continue };
                let elements = ev.attrs(elements)?;
                let changed = map(&elements, |name, element| {
                    let (function, element) = (function.clone(), element.clone());
                    let names = [Value::from(cluster_name.clone()), Value::from(name.clone())];
                    Value::lazy(move |ev| {
                        let [cluster, name] = names;
                        let new = ev.call(&function, &[cluster, name, element.clone()])?;
                        changed_element(ev, &element, &new, change)
                    })
                });
                attrs = with(&attrs, kind, changed);
            }
            Ok(Value::Attrs(attrs))
        })
    })
}

fn changed_element(ev: &mut dyn Evaluator, element: &Value, new: &Value, change: Change) -> Answer {
    match change {
        Change::Replace => ev.force(new),
        Change::Update => Ok(Value::Attrs(ev.attrs(element)?.update(&ev.attrs(new)?))),
        Change::Modules => {
            let attrs = ev.attrs(element)?;
            let mut modules = Vec::new();
            flatten(ev, new, &mut modules)?;
            if let Some(own) = attrs.get("nixosModules") {
                modules.extend(ev.list(own)?.iter().cloned());
            }
            Ok(Value::Attrs(with(&attrs, "nixosModules", Value::list(modules))))
        }
    }
}

/// The options of `networking` that a service address sets.
type Networking = Vec<(&'static str, Value)>;

fn service_address(
    ev: &mut dyn Evaluator,
    address: &Value,
    networking: fn(&mut dyn Evaluator, &Value, Option<&Value>) -> Result<Networking, Fault>,
) -> Answer {
    let port = match ev.attr(address, "port")? {
        Some(port) => Some(ev.force(&port)?).filter(|port| !matches!(port, Value::Null)),
        None => None,
    };
    let mut tag =
        vec![("role", part(ev, address, &["role"])?), ("address", part(ev, address, &["address"])?)];
    tag.extend(port.clone().map(|port| ("port", port)));
    let options = networking(ev, address, port.as_ref())?;
    let config = if options.is_empty() { Vec::new() } else { vec![("networking", Value::attrs(options))] };
    Ok(Value::attrs([("tag", Value::attrs(tag)), ("config", Value::attrs(config))]))
}

fn firewall(port: Option<&Value>) -> Option<(&'static str, Value)> {
    let ports = |port: &Value| Value::attrs([("allowedTCPPorts", Value::list(vec![port.clone()]))]);
    port.map(|port| ("firewall", ports(port)))
}

fn static_address(
    ev: &mut dyn Evaluator,
    address: &Value,
    port: Option<&Value>,
) -> Result<Networking, Fault> {
    let interface = part(ev, address, &["interface"])?;
    let interface = ev.string(&interface)?;
    let length = ev.attr(address, "subnetPrefixLength")?.unwrap_or(Value::Int(24));
    let own = Value::attrs([("address", part(ev, address, &["address"])?), ("prefixLength", length)]);
    let content = Value::attrs([("ipv4", Value::attrs([("addresses", Value::list(vec![own]))]))]);
    let content = super::modules::ranked("override", &Value::Int(1000), &content);
    let mut options = vec![("interfaces", Value::attrs([(interface, content)]))];
    options.extend(firewall(port));
    Ok(options)
}
