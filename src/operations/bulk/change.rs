//! What an operation changes on one member.

use serde_json::{Map, Value as Json, json};

use super::super::servers::{self, name, title};
use super::super::{Kind, Mistake, items, text, words};
use super::{Change, Operation};

type Changed = Result<(Change, Vec<String>), Vec<Mistake>>;

/// What an operation changes on a member, with what may surprise.
///
/// # Errors
/// What speaks against it on this member.
pub(super) fn change(operation: &Operation, server: &Json) -> Changed {
    match operation {
        Operation::VlanTags { add, interface, tags } => vlan_tags(server, *add, interface, tags),
        Operation::Replace { part, config } => Ok((replace(server, part, config), Vec::new())),
        Operation::Application(application) => application_change(server, application),
        Operation::Target { add, service, target } => storage_target(server, *add, service, target),
    }
}

fn vlan_tags(server: &Json, add: bool, interface: &str, tags: &[i64]) -> Changed {
    let fail = |message: String| Err(vec![Mistake::of(Kind::Validation, server, message)]);
    let Some(network) = servers::network(server) else {
        return fail(format!("Server {} does not have any network config", title(server)));
    };
    let mut config = network.clone();
    // Interfaces before bonds; VLANs and WireGuard interfaces have no tags.
    let of = |list: &str| {
        items(network, list).iter().position(|one| name(one) == interface).map(|at| (list.to_owned(), at))
    };
    let Some((list, at)) = of("interfaces").or_else(|| of("bonds")) else {
        let known = items(network, "interfaces").iter().chain(items(network, "bonds")).map(name);
        let near =
            crate::text::did_you_mean(interface, known).map_or_else(String::new, |near| format!("; {near}"));
        return fail(format!("Server {} does not have interface or bond {interface:?}{near}", title(server)));
    };
    let found = config.get_mut(&list).and_then(|list| list.get_mut(at)).and_then(Json::as_object_mut);
    if let Some(found) = found {
        let before: Vec<Json> = found.get("vlan_tags").and_then(Json::as_array).cloned().unwrap_or_default();
        let mut after = before.clone();
        if add {
            after.extend(tags.iter().map(|tag| json!(tag)).filter(|tag| !before.contains(tag)));
        } else {
            after.retain(|tag| tag.as_i64().is_none_or(|tag| !tags.contains(&tag)));
        }
        if after.is_empty() && !before.is_empty() {
            found.remove("vlan_tags");
        } else if after != before {
            found.insert("vlan_tags".to_owned(), Json::Array(after));
        }
    }
    let body = json!({ "config": config });
    let change = Change {
        server: name(server).to_owned(),
        request: ("PUT", "/os/1.0/system/network".to_owned()),
        body,
        before: network.clone(),
        config,
        key: "network",
    };
    Ok((change, Vec::new()))
}

fn replace(server: &Json, part: &'static str, config: &Json) -> Change {
    let document = server.get("os_data").and_then(|data| data.get(part)).or_else(|| server.get(part));
    let before = document.map(|document| document.get("config").unwrap_or(document)).cloned();
    Change {
        server: name(server).to_owned(),
        request: ("PUT", format!("/os/1.0/system/{part}")),
        body: json!({ "config": config }),
        config: config.clone(),
        before: before.unwrap_or_default(),
        key: part,
    }
}

fn application_change(server: &Json, application: &str) -> Changed {
    let installed = servers::applications(server);
    let installed: Vec<&str> = installed.into_iter().map(|(name, _)| name).collect();
    if let Some(problem) = application_problem(&installed, application) {
        let message = format!("Server {}: {problem}", title(server));
        return Err(vec![Mistake::of(Kind::BadRequest, server, message)]);
    }
    let change = Change {
        server: name(server).to_owned(),
        request: ("POST", "/os/1.0/applications".to_owned()),
        body: json!({ "name": application }),
        config: json!(application),
        before: Json::Null,
        key: "applications_add",
    };
    Ok((change, Vec::new()))
}

/// Why IncusOS does not take an application on a server with these; nothing where it does.
pub fn application_problem(installed: &[&str], application: &str) -> Option<String> {
    if application.is_empty() {
        return Some("no application name was given".to_owned());
    }
    let known = words::APPLICATIONS.iter().find(|(known, _)| *known == application);
    let Some((_, primary)) = known else {
        let near = crate::text::did_you_mean(application, words::APPLICATIONS.iter().map(|(name, _)| *name));
        let near = near.map_or_else(String::new, |near| format!("; {near}"));
        return Some(format!("unknown application {application:?}{near}"));
    };
    if installed.contains(&application) {
        return Some(format!("application {application:?} is already installed"));
    }
    let is_primary =
        |name: &&str| words::APPLICATIONS.iter().any(|(known, primary)| known == name && *primary);
    (*primary && installed.iter().any(is_primary))
        .then(|| "a primary application is already installed".to_owned())
}

fn storage_target(server: &Json, add: bool, service: &'static str, target: &Json) -> Changed {
    let (list, key) = match service {
        "multipath" => ("wwns", "services.multipath"),
        "nvme" => ("targets", "services.nvme"),
        _ => ("targets", "services.iscsi"),
    };
    if server
        .get("services")
        .or_else(|| server.get("os_data").and_then(|data| data.get("services")))
        .is_none()
    {
        let message =
            format!("Server {} does not have any services, so that its targets are not known", title(server));
        return Err(vec![Mistake::of(Kind::Validation, server, message)]);
    }
    let before = servers::service(server, service).cloned().unwrap_or_else(|| json!({}));
    let known = items(&before, list);
    let is_there = known.iter().any(|known| is_same(known, target));
    if is_there == add {
        let problem = if add { "already defined" } else { "does not exist" };
        let message = format!("Service {} {problem} on server {}", told(service, target), title(server));
        return Err(vec![Mistake::of(Kind::NotPermitted, server, message)]);
    }
    let mut targets: Vec<Json> = known.to_vec();
    if add {
        targets.push(target.clone());
    } else {
        targets.retain(|known| !is_same(known, target));
    }
    let mut warnings = Vec::new();
    let was_enabled = before.get("enabled").and_then(Json::as_bool).unwrap_or(false);
    if !was_enabled {
        warnings.push(format!(
            "the service {service} was disabled on server {:?}, and becomes enabled",
            name(server)
        ));
    }
    warnings.extend(odd(service, target).map(|odd| format!("server {:?}: {odd}", name(server))));
    let mut config: Map<String, Json> = before.as_object().cloned().unwrap_or_default();
    config.insert("enabled".to_owned(), json!(true));
    config.insert(list.to_owned(), Json::Array(targets));
    let config = Json::Object(config);
    let change = Change {
        server: name(server).to_owned(),
        request: ("PUT", format!("/os/1.0/services/{service}")),
        body: json!({ "config": config }),
        config,
        before,
        key,
    };
    Ok((change, warnings))
}

/// Whether a target of a document is the one that is meant; fields that only newer servers have make no
/// difference.
fn is_same(known: &Json, target: &Json) -> bool {
    match (known, target) {
        (Json::String(known), Json::String(wwn)) => known.eq_ignore_ascii_case(wwn),
        (known, Json::Object(target)) => target.iter().all(|(key, value)| known.get(key) == Some(value)),
        _ => false,
    }
}

fn told(service: &str, target: &Json) -> String {
    let port = target.get("port").and_then(Json::as_i64).unwrap_or(0);
    let address = text(target, "address");
    match service {
        "multipath" => format!("multipath target {:?}", target.as_str().unwrap_or("")),
        "nvme" => format!("nvme transport {:?} ({address}:{port})", text(target, "transport")),
        _ => format!("iscsi target {:?} ({address}:{port})", text(target, "target")),
    }
}

/// What IncusOS will hardly take.
fn odd(service: &str, target: &Json) -> Option<String> {
    match service {
        "nvme" if !matches!(text(target, "transport"), "tcp" | "fc") => {
            Some(format!("transport {:?} is neither \"tcp\" nor \"fc\"", text(target, "transport")))
        }
        "multipath" => {
            let wwn = target.as_str().unwrap_or("");
            let digits = wwn.trim_start_matches("0x");
            (!digits.bytes().all(|byte| byte.is_ascii_hexdigit()))
                .then(|| format!("{wwn:?} is no WWN of hexadecimal digits"))
        }
        _ => None,
    }
}
