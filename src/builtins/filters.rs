//! Filters, and what ClusterConfig's own functions make of them.

use std::rc::Rc;

use globset::GlobBuilder;

use super::attrpaths::lookup;
use super::net::block;
use super::nodesets::names;
use super::posix::{COMPILING, compile};
use super::support::{Answer, invalid, nested, text_list, thrown};
use crate::diagnostic::{Code, Diagnostic};
use crate::text::quoted;
use crate::value::{AttrsBuilder, Count, Evaluator, Fault, Filter, FilterKind, Name, Parts, Value};

table! {
    "hostname" ["bare" "filters" "lib.filters"] "String -> Filter" names(0 Machine)
        "the machine of a name, in the cluster in question"
        "In a query the name must exist in one of the clusters, in a service in the service's own."
        { "hostname \"jon\"" => "[\"jon\"]" "hostname \"jonn\"" => "error: unknown-machine" }
        |ev, name| Ok(filter(FilterKind::Machine(ev.string(name)?)));
    "machineName" ["bare" "filters" "lib.filters"] "String -> Filter" names(0 Machine)
        "the machine of a name, as `hostname`"
        ""
        { "machineName \"jon\"" => "[\"jon\"]" "optional (machineName \"no-such-machine\")" => "[]" }
        |ev, name| Ok(filter(FilterKind::Machine(ev.string(name)?)));
    "vmName" ["bare" "filters" "lib.filters"] "String -> Filter" names(0 Vm)
        "the VM of a name, in the cluster in question"
        ""
        { "vmName \"sandbox\"" => "[\"sandbox\"]" "optional (vmName \"no-such-vm\")" => "[]" }
        |ev, name| Ok(filter(FilterKind::Vm(ev.string(name)?)));
    "clusterMachines" ["bare" "filters" "lib.filters"] "Filter"
        "all machines of the cluster in question, without its VMs"
        ""
        { "clusterMachines && hostname \"jon\"" => "[\"jon\"]" "length (select (clusterMachines && cluster \"lab\"))" => "3" }
        |_ev| Ok(filter(FilterKind::ClusterMachines));
    "clusterVms" ["bare" "filters" "lib.filters"] "Filter"
        "all VMs of the cluster in question"
        ""
        { "clusterVms" => "[\"sandbox\"]" "clusterVms && tag \"web\"" => "[]" }
        |_ev| Ok(filter(FilterKind::ClusterVms));
    "clusterNodes" ["bare" "filters" "lib.filters"] "Filter"
        "all machines and VMs of the cluster in question"
        ""
        { "clusterNodes && hostname \"jon\"" => "[\"jon\"]" "length (select (clusterNodes && cluster \"lab\"))" => "4" }
        |_ev| Ok(filter(FilterKind::ClusterNodes));
    "tag" ["bare" "filters" "lib.filters"] "String -> Filter" names(0 Tag)
        "the machines that carry a tag"
        "Final tags count, also those that the inventory's system adds itself. A tag that no machine of this cluster carries selects nothing."
        { "tag \"desktop\" && !hostname \"jon\"" => "[\"sara\"]" "tag \"bakcup\"" => "error: unknown-tag" }
        |ev, name| Ok(filter(FilterKind::Tag(ev.string(name)?)));
    "group" ["bare" "filters" "lib.filters"] "String -> Filter" names(0 Group)
        "the machines of a group and of the groups inside it"
        ""
        { "optional (group \"no-such-group\")" => "[]" "group \"no-such-group\"" => "error: unknown-name" }
        |ev, name| Ok(filter(FilterKind::Group(ev.string(name)?)));
    "cluster" ["bare" "filters" "lib.filters"] "String -> Filter" names(0 Cluster)
        "the machines of a cluster"
        ""
        { "cluster \"lab\"" => "[\"attic\",\"jon\",\"sandbox\",\"sara\"]" "cluster \"labb\"" => "error: unknown-name" }
        |ev, name| Ok(filter(FilterKind::Cluster(ev.string(name)?)));
    "inCluster" ["bare" "filters" "lib.filters"] "String -> Filter -> Filter" names(0 Cluster)
        "what a filter gives in a named cluster, wherever it is asked"
        "So a service can select machines of another cluster."
        { "inCluster \"lab\" (tag \"backup\")" => "[\"jon\",\"sara\"]" "inCluster \"lab\" (tag \"backup\") && !hostname \"jon\"" => "[\"sara\"]" }
        |ev, name, inner| {
            let name = ev.string(name)?;
            Ok(filter(FilterKind::InCluster(name, to_filter(ev, inner)?)))
        };
    "cloud" ["bare" "filters" "lib.filters"] "String -> Filter" names(0 Cloud)
        "the machines in a cloud"
        "A machine is in the cloud that it names, else in the one with the longest block that holds its address."
        { "cloud \"abroad\"" => "[\"lima\",\"oslo\"]" "cloud \"abrod\"" => "error: unknown-name" }
        |ev, name| Ok(filter(FilterKind::Cloud(ev.string(name)?)));
    "reachableFrom" ["bare" "filters" "lib.filters"] "String -> Filter" names(0 Source)
        "the machines that a machine can reach"
        "They are in its own cloud, or in one that leads on from there. `invq why A --reaches B` shows the way."
        { "reachableFrom \"web1\" && cloud \"abroad\"" => "[\"lima\",\"oslo\"]" "reachableFrom \"oslo\" && hostname \"web1\"" => "[]" }
        |ev, name| Ok(filter(FilterKind::ReachableFrom(ev.string(name)?)));
    "service" ["bare" "filters" "lib.filters"] "String -> Filter" names(0 Service)
        "the machines that hold any role of a service"
        ""
        { "service \"borgbackup\"" => "[\"attic\",\"jon\",\"sara\"]" "optional (service \"no-such-service\")" => "[]" }
        |ev, name| Ok(filter(FilterKind::Service(ev.string(name)?)));
    "instance" ["bare" "filters" "lib.filters"] "String -> Filter" names(0 Instance)
        "the machines that hold any role of an instance"
        ""
        { "instance \"borgbackup\"" => "[\"attic\",\"jon\",\"sara\"]" "instance \"no-such-instance\"" => "error: unknown-name" }
        |ev, name| Ok(filter(FilterKind::Instance(ev.string(name)?)));
    "role" ["bare" "filters" "lib.filters"] "String -> String -> Filter" names(0 Instance 1 Role)
        "the machines that hold a role of an instance"
        "The instance comes first."
        { "role \"borgbackup\" \"server\"" => "[\"attic\"]" "role \"borgbackup\" \"no-such-role\"" => "error: unknown-name" }
        |ev, instance, role| {
            let (instance, role) = (ev.string(instance)?, ev.string(role)?);
            Ok(filter(FilterKind::Role(instance, role)))
        };
    "system" ["bare" "filters" "lib.filters"] "String -> Filter" names(0 System)
        "the machines of a platform, such as `x86_64-linux`"
        ""
        { "system \"aarch64-linux\" && cluster \"lab\"" => "[\"sara\"]" "optional (system \"riscv64-linux\")" => "[]" }
        |ev, name| Ok(filter(FilterKind::System(ev.string(name)?)));
    "class" ["bare" "filters" "lib.filters"] "String -> Filter" names(0 Class)
        "the machines of a class: `nixos` or `darwin`"
        ""
        { "class \"nixos\" && tag \"desktop\"" => "[\"jon\",\"sara\"]" "class \"windows\"" => "error: unknown-name" }
        |ev, name| Ok(filter(FilterKind::Class(ev.string(name)?)));
    "kind" ["bare" "filters" "lib.filters"] "String -> Filter" names(0 Kind)
        "the machines of a kind: `physical`, `virtual`, or what the inventory says"
        ""
        { "kind \"virtual\"" => "[\"sandbox\"]" "kind \"virtual\" && tag \"web\"" => "[]" }
        |ev, name| Ok(filter(FilterKind::Kind(ev.string(name)?)));
    "address" ["bare" "filters" "lib.filters"] "String -> Filter"
        "the machines that have an address in a block, IPv4 or IPv6"
        "A single address is the block of it alone."
        { "address \"192.168.10.0/29\"" => "[\"attic\"]" "address \"10.0.0.0/99\"" => "error: invalid-value" }
        |ev, text| Ok(filter(FilterKind::Address(block(&ev.string(text)?)?)));
    "glob" ["bare" "filters" "lib.filters"] "String -> Filter"
        "the machines whose name a shell pattern matches"
        "`*` stands for any text, `?` for a character, `[a-c]` for one of some, `{a,b}` for either."
        { "glob \"s*\"" => "[\"sandbox\",\"sara\"]" "glob \"[\"" => "error: invalid-value" }
        |ev, text| {
            let text = ev.string(text)?;
            ev.work(COMPILING)?;
            glob(&text)
        };
    "matching" ["bare" "filters" "lib.filters"] "String -> Filter"
        "the machines in whose name a regular expression matches somewhere"
        "`^` and `$` stand for beginning and end. The time is linear in the length of the names."
        { "matching \"^s\"" => "[\"sandbox\",\"sara\"]" "matching \"(\"" => "error: invalid-value" }
        |ev, text| {
            let text = ev.string(text)?;
            ev.work(COMPILING)?;
            match compile(&text) {
                Ok(regex) => Ok(filter(FilterKind::Matching(regex))),
                Err(reason) => {
                    let message = format!("{} is no regular expression: {reason}", quoted(&text));
                    Err(invalid(message, "write it as `matching \"^web[0-9]+$\"`"))
                }
            }
        };
    "nodes" ["bare" "filters" "lib.filters"] "String -> Filter"
        "the machines whose name is in a ClusterShell node set"
        "Each name must exist, unless `optional` stands before the filter. See `expandNodes` for what node sets can write."
        { "nodes \"jon,sara\"" => "[\"jon\",\"sara\"]" "optional (nodes \"jon,no-such-machine[01-20]\")" => "[\"jon\"]" "nodes \"web[\"" => "error: invalid-value" }
        |ev, text| {
            let text = ev.string(text)?;
            node_set(ev, &text)
        };
    "where" ["bare" "filters" "lib.filters"] "(Machine -> Bool) -> Filter"
        "the machines for which a predicate holds"
        "It is asked for those machines alone that the filters beside it leave."
        { "where (m: elem \"storage\" m.tags)" => "[\"attic\"]" "where (m: false)" => "[]" }
        |_ev, predicate| Ok(filter(FilterKind::Where(predicate.clone())));
    "all" ["bare" "filters" "lib.filters"] "Filter"
        "all machines and VMs of the cluster in question"
        "`lib.all` is the one for lists."
        { "all && hostname \"jon\"" => "[\"jon\"]" "!all" => "[]" }
        |_ev| Ok(filter(FilterKind::All));
    "none" ["bare" "filters" "lib.filters"] "Filter"
        "no machine"
        ""
        { "none" => "[]" "none || hostname \"jon\"" => "[\"jon\"]" }
        |_ev| Ok(filter(FilterKind::None));
    "path" ["bare" "filters" "lib.filters"] "String -> Filter"
        "the machine or VM to which a path leads"
        "A path is written with dots between its names; a name with a dot in it stands in quotes: `machines.\\\"db.prod\\\"`."
        { "path \"domain.clusters.lab.machines.jon\"" => "[\"jon\"]" "path \"domain.clusters.lab.machines.nope\"" => "error: unresolved-path" }
        |ev, path| Ok(filter(FilterKind::Path(ev.string(path)?)));
    "exactly" ["bare" "filters" "lib.filters"] "Int -> Filter -> Filter"
        "what a filter gives, which must be so many machines"
        "For roles that need a number of members: `roles.primary = exactly 1 (tag \"primary\")`. Counted is where the filter is resolved, so in a service the machines of its cluster."
        { "exactly 2 (cluster \"edge\")" => "[\"lima\",\"oslo\"]" "exactly 1 (cluster \"edge\")" => "error: wrong-count" }
        |ev, number, inner| counted(ev, Count::Exactly, number, inner);
    "atLeast" ["bare" "filters" "lib.filters"] "Int -> Filter -> Filter"
        "what a filter gives, which must be so many machines or more"
        ""
        { "atLeast 1 (tag \"desktop\") && cluster \"lab\"" => "[\"jon\",\"sara\"]" "atLeast 1 none" => "error: wrong-count" }
        |ev, number, inner| counted(ev, Count::AtLeast, number, inner);
    "atMost" ["bare" "filters" "lib.filters"] "Int -> Filter -> Filter"
        "what a filter gives, which must be so many machines or fewer"
        ""
        { "atMost 0 none" => "[]" "atMost 3 all" => "error: wrong-count" }
        |ev, number, inner| counted(ev, Count::AtMost, number, inner);
    "optional" ["bare" "filters" "lib.filters"] "Filter -> Filter"
        "what a filter gives, where unknown names in it select nothing"
        "`lib.optional` is the one for lists."
        { "optional (hostname \"no-such-machine\")" => "[]" "optional (hostname \"jon\")" => "[\"jon\"]" }
        |ev, inner| Ok(filter(FilterKind::Optional(to_filter(ev, inner)?)));
    "select" ["bare"] "Filter -> [Machine]"
        "the machines that a filter selects, as a list"
        "Each once, in cluster, then name order, of all clusters or of the one that `--cluster` names: for what filters cannot tell by themselves, such as their number or their fields."
        { "map (m: m.fqdn) (select (tag \"web\" && cluster \"edge\"))" => "[\"lima.edge.example.org\",\"oslo.edge.example.org\"]" "length (select (tag \"backup\"))" => "4" }
        |ev, filter| {
            let machines = ev.selected(filter)?;
            ev.reserve(machines.len().saturating_mul(size_of::<Value>()))?;
            Ok(Value::list(machines.into_iter().map(Value::Entity).collect()))
        };
    "filtersToPaths" ["filters" "lib.filters"] "[Filter] -> String -> ClusterConfig -> [Path]" names(1 Cluster)
        "the paths that filters give in a cluster, one filter after the other"
        "Repetitions and the order stay, as ClusterConfig has it."
        { "filters.filtersToPaths [ (hostname \"jon\") (hostname \"jon\") ] \"lab\" config" => "[\"domain.clusters.lab.machines.jon\",\"domain.clusters.lab.machines.jon\"]" "filters.filtersToPaths [ (tag \"desktop\") (hostname \"jon\") ] \"lab\" config" => "[\"domain.clusters.lab.machines.jon\",\"domain.clusters.lab.machines.sara\",\"domain.clusters.lab.machines.jon\"]" }
        |ev, filters, cluster, config| Ok(text_list(paths(ev, filters, cluster, config)?));
    "resolveAnnotations" ["filters" "lib.filters"] "[Filter] -> String -> ClusterConfig -> [{ clusterName : String, machineName : String, fqdn : String, ips : { _ : [String] }, serviceAddresses : [{ role : String, address : String, port : Int? }] }]" names(1 Cluster)
        "the annotations of what filters give in a cluster"
        "Repetitions and the order stay. A path that leads nowhere is an error."
        { "map (a: a.machineName) (filters.resolveAnnotations [ (hostname \"jon\") ] \"lab\" config)" => "[\"jon\"]" "filters.resolveAnnotations [ none ] \"lab\" config" => "[]" }
        |ev, filters, cluster, config| {
            let mut found = Vec::new();
            for path in paths(ev, filters, cluster, config)? {
                let annotations = match ev.resolve_path(&path)? {
                    Some(entity) => ev.entity_field(entity, "annotations")?,
                    None => None,
                };
                found.push(annotations.ok_or_else(|| unresolved(&path))?);
            }
            Ok(Value::list(found))
        };
    "resolveDefinitions" ["filters" "lib.filters"] "[Filter] -> String -> ClusterConfig -> [Any]" names(1 Cluster)
        "the definitions of what filters give in a cluster"
        "Repetitions and the order stay. A path that leads nowhere gives an empty set."
        { "length (filters.resolveDefinitions [ (hostname \"jon\") ] \"lab\" config)" => "1" "filters.resolveDefinitions [ (hostname \"no-such-machine\") ] \"lab\" config" => "[{}]" }
        |ev, filters, cluster, config| definitions(ev, filters, cluster, config);
    "resolve" ["filters" "lib.filters"] "[Filter] -> String -> ClusterConfig -> [Any]" names(1 Cluster)
        "the definitions of what filters give in a cluster, as `resolveDefinitions`"
        ""
        { "length (filters.resolve [ (hostname \"jon\") ] \"lab\" config)" => "1" "filters.resolve [ (hostname \"no-such-machine\") ] \"lab\" config" => "[{}]" }
        |ev, filters, cluster, config| definitions(ev, filters, cluster, config);
    "resolveMachineName" ["filters" "lib.filters"] "[Filter] -> String -> ClusterConfig -> [String]" names(1 Cluster)
        "the names of the machines that filters give in a cluster"
        "Something else than a machine is an error; whether the machine exists is not asked."
        { "filters.resolveMachineName [ (hostname \"jon\") ] \"lab\" config" => "[\"jon\"]" "filters.resolveMachineName [ (vmName \"sandbox\") ] \"lab\" config" => "error: unresolved-path" }
        |ev, filters, cluster, config| element_names(ev, filters, cluster, config, &["machines"], "a machine");
    "resolveVmName" ["filters" "lib.filters"] "[Filter] -> String -> ClusterConfig -> [String]" names(1 Cluster)
        "the names of the VMs that filters give in a cluster"
        "Something else than a VM is an error; whether the VM exists is not asked."
        { "filters.resolveVmName [ clusterVms ] \"lab\" config" => "[\"sandbox\"]" "filters.resolveVmName [ (hostname \"jon\") ] \"lab\" config" => "error: unresolved-path" }
        |ev, filters, cluster, config| element_names(ev, filters, cluster, config, &["vms"], "a VM");
    "resolveNodeName" ["filters" "lib.filters"] "[Filter] -> String -> ClusterConfig -> [String]" names(1 Cluster)
        "the names of the machines and VMs that filters give in a cluster"
        "Something else is an error; whether it exists is not asked."
        { "filters.resolveNodeName [ (hostname \"jon\") ] \"lab\" config" => "[\"jon\"]" "filters.resolveNodeName [ (hostname \"jon\") (vmName \"sandbox\") ] \"lab\" config" => "[\"jon\",\"sandbox\"]" }
        |ev, filters, cluster, config| element_names(ev, filters, cluster, config, &["machines", "vms"], "a machine or VM");
}

fn counted(ev: &mut dyn Evaluator, count: fn(u64) -> Count, number: &Value, inner: &Value) -> Answer {
    let number = ev.int(number)?;
    let Ok(number) = u64::try_from(number) else {
        return Err(invalid(
            format!("expected a number of machines from 0, found `{number}`"),
            "write 0 or more",
        ));
    };
    Ok(filter(FilterKind::Counted(count(number), to_filter(ev, inner)?)))
}

pub(super) fn filter(kind: FilterKind) -> Value {
    Value::Filter(Rc::new(Filter::new(kind)))
}

/// A value as a filter: a filter, a function `clusterName: clusterConfig: [ path … ]`, or a list of filters,
/// which is their union.
///
/// # Errors
/// Evaluation; a value that is no filter.
pub fn to_filter(ev: &mut dyn Evaluator, value: &Value) -> Result<Rc<Filter>, Fault> {
    ev.step()?;
    match ev.force(value)? {
        Value::Filter(filter) => Ok(filter),
        function @ (Value::Closure(_) | Value::Builtin(_)) => {
            Ok(Rc::new(Filter::new(FilterKind::Function(function))))
        }
        Value::List(list) => {
            let mut parts = Vec::with_capacity(list.len());
            for item in list.iter() {
                let part = nested(ev, |ev| to_filter(ev, item))?;
                parts.push((*part).clone());
            }
            Ok(Rc::new(Filter::new(FilterKind::Or(Parts::new(parts)))))
        }
        other => {
            let message = format!("expected a filter, found {}", other.describe());
            let fault = Fault::new(Diagnostic::error(Code::TypeMismatch, message));
            Err(match other {
                Value::String(text) => {
                    with_help(fault, format!("to name a machine, write `hostname {text:?}`"))
                }
                _ => fault,
            })
        }
    }
}

fn with_help(mut fault: Fault, help: String) -> Fault {
    fault.diagnostic_mut().help = Some(help);
    fault
}

/// How deep the braces of a shell pattern may nest: what compiles them walks them by recursion.
const BRACES: usize = 32;

fn glob(text: &str) -> Answer {
    let mut depth = 0_usize;
    for character in text.chars() {
        match character {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > BRACES {
            let message =
                format!("{} is no shell pattern: its braces nest more than {BRACES} deep", quoted(text));
            return Err(invalid(message, "write it as `glob \"web*\"`"));
        }
    }
    match GlobBuilder::new(text).backslash_escape(true).build() {
        Ok(glob) => Ok(filter(FilterKind::Glob(glob.compile_matcher()))),
        Err(error) => {
            let message = format!("{} is no shell pattern: {}", quoted(text), error.kind());
            Err(invalid(message, "write it as `glob \"web*\"`"))
        }
    }
}

fn node_set(ev: &mut dyn Evaluator, text: &Name) -> Answer {
    let mut names: Vec<Name> = names(ev, text)?.into_iter().map(Name::from).collect();
    if let Some(group) = names.iter().find_map(|name| name.strip_prefix('@')) {
        let message = format!("the node set names the group `{group}`, and node sets have no groups here");
        return Err(invalid(
            message,
            format!("write `group {group:?}`, and join it with `||`, `&&` and `!`"),
        ));
    }
    names.sort_unstable();
    names.dedup();
    Ok(filter(FilterKind::Nodes(names.into())))
}

fn paths(
    ev: &mut dyn Evaluator,
    filters: &Value,
    cluster: &Value,
    config: &Value,
) -> Result<Vec<Name>, Fault> {
    let cluster = ev.string(cluster)?;
    ev.filter_paths(filters, &cluster, config)
}

pub(super) fn unresolved(path: &str) -> Fault {
    Fault::new(Diagnostic::error(
        Code::UnresolvedPath,
        format!("the path {} leads to no machine or VM", quoted(path)),
    ))
}

fn definitions(ev: &mut dyn Evaluator, filters: &Value, cluster: &Value, config: &Value) -> Answer {
    let mut found = Vec::new();
    for path in paths(ev, filters, cluster, config)? {
        let element = lookup(ev, &segments(&path), config)?;
        found.push(element.unwrap_or_else(|| Value::Attrs(AttrsBuilder::default().finish())));
    }
    Ok(Value::list(found))
}

fn element_names(
    ev: &mut dyn Evaluator,
    filters: &Value,
    cluster: &Value,
    config: &Value,
    kinds: &[&str],
    what: &str,
) -> Answer {
    let mut found = Vec::new();
    for path in paths(ev, filters, cluster, config)? {
        match segments(&path).as_slice() {
            [.., kind, name] if kinds.contains(&kind.as_str()) => found.push(Value::string(name)),
            _ => {
                let message = format!("expected the path of {what}, found {}", quoted(&path));
                return Err(thrown(Code::UnresolvedPath, message));
            }
        }
    }
    Ok(Value::list(found))
}

/// The names of a path in its text form: names with dots between, those with a dot in quotes.
fn segments(path: &str) -> Vec<String> {
    let mut names = vec![String::new()];
    let (mut quotes, mut escaped) = (false, false);
    for character in path.chars() {
        match character {
            '.' if !quotes => names.push(String::new()),
            '"' if !escaped => quotes = !quotes,
            '\\' if quotes && !escaped => {
                escaped = true;
                continue;
            }
            other => {
                if let Some(name) = names.last_mut() {
                    name.push(other);
                }
            }
        }
        escaped = false;
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quoted_names_of_paths_keep_their_dots() {
        assert_eq!(segments("domain.clusters.lab.machines.jon").last().map(String::as_str), Some("jon"));
        assert_eq!(segments(r#"machines."db.prod""#), ["machines", "db.prod"]);
        assert_eq!(segments(r#"machines."a\"b""#), ["machines", "a\"b"]);
    }
}
