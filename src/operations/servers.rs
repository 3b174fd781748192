//! Servers: what is read of their documents, and whether one can be right.
//!
//! Fields are found by the names of the API (`server_status`), or by the shorter ones that upstream uses
//! inside (`status`).

use serde_json::{Map, Value as Json};

use super::golang::{is_pem, parse_url};
use super::{Kind, Mistake, text, words};

/// Its name.
pub fn name(server: &Json) -> &str {
    text(server, "name")
}

fn either<'j>(server: &'j Json, long: &str, short: &str) -> &'j str {
    server.get(long).or_else(|| server.get(short)).and_then(Json::as_str).unwrap_or("")
}

/// Its status; an empty one is unknown.
pub fn status(server: &Json) -> &str {
    match either(server, "server_status", "status") {
        "" => "unknown",
        status => status,
    }
}

/// What its status means more exactly.
pub fn detail(server: &Json) -> &str {
    either(server, "server_status_detail", "status_detail")
}

/// Its type.
pub fn server_type(server: &Json) -> &str {
    either(server, "server_type", "type")
}

/// Its cluster; empty where it is in none.
pub fn cluster(server: &Json) -> &str {
    text(server, "cluster")
}

/// As messages name it: `"name" (url)`.
pub(super) fn title(server: &Json) -> String {
    format!("{:?} ({})", name(server), text(server, "connection_url"))
}

/// 0 not in maintenance, 1 evacuating, 2 evacuated, 3 restoring.
pub fn in_maintenance(server: &Json) -> i64 {
    let versions = server.get("version_data");
    let computed =
        versions.and_then(|data| data.get("in_maintenance")).or_else(|| server.get("in_maintenance"));
    let of_incus = || {
        let applications = versions?.get("applications")?.as_array()?;
        let incus = applications.iter().find(|application| words::is_incus(text(application, "name")))?;
        incus.get("in_maintenance")
    };
    computed.or_else(of_incus).and_then(Json::as_i64).unwrap_or(0)
}

/// Names and versions of its applications, in name order.
pub fn applications(server: &Json) -> Vec<(&str, &str)> {
    let listed = server.get("version_data").and_then(|data| data.get("applications"));
    let mut found: Vec<(&str, &str)> = match listed.or_else(|| server.get("applications")) {
        Some(Json::Array(list)) => list.iter().map(|one| (text(one, "name"), text(one, "version"))).collect(),
        Some(Json::Object(map)) => {
            map.iter().map(|(name, version)| (name.as_str(), version.as_str().unwrap_or(""))).collect()
        }
        _ => Vec::new(),
    };
    found.sort_unstable();
    found
}

/// The version of its operating system.
pub fn os_version(server: &Json) -> &str {
    let os = server.get("version_data").and_then(|data| data.get("os"));
    os.map_or_else(|| text(server, "os_version"), |os| text(os, "version"))
}

/// Its number in Operations Center.
pub fn id(server: &Json) -> i64 {
    server.get("id").and_then(Json::as_i64).unwrap_or(0)
}

fn os_data<'j>(server: &'j Json, document: &str) -> Option<&'j Json> {
    server.get("os_data").and_then(|data| data.get(document))
}

/// The configuration of its network; nothing where it has none.
pub fn network(server: &Json) -> Option<&Json> {
    let served = os_data(server, "network").and_then(|network| network.get("config"));
    served.or_else(|| server.get("network")).filter(|config| !config.is_null())
}

/// The interfaces that it has now, by name.
pub fn interfaces(server: &Json) -> Vec<(&String, &Json)> {
    let served = os_data(server, "network").and_then(|network| network.get("state"));
    let state = served.or_else(|| server.get("network_state"));
    let found = state.and_then(|state| state.get("interfaces")).or_else(|| server.get("interfaces"));
    super::entries(found)
}

/// The configuration of its storage.
pub fn storage(server: &Json) -> Option<&Json> {
    let served = os_data(server, "storage").and_then(|storage| storage.get("config"));
    served.or_else(|| server.get("storage"))
}

/// The configuration of one of its services, with or without the `config` around it.
pub fn service<'j>(server: &'j Json, name: &str) -> Option<&'j Json> {
    let services = server.get("services").or_else(|| os_data(server, "services"));
    let service = services.and_then(|services| services.get(name))?;
    Some(service.get("config").unwrap_or(service))
}

/// Checks a server as upstream does, in its order.
pub fn validate(server: &Json) -> Vec<Mistake> {
    let mut mistakes = Vec::new();
    let mut add = |message: String| {
        mistakes.push(Mistake::of(Kind::Validation, server, format!("Invalid server, {message}")))
    };
    match name(server) {
        "" => add("name can not be empty".to_owned()),
        name if name.starts_with(':') => {
            add("prefix \":\" is reserved for internal use and not allowed as server name".to_owned())
        }
        _ => {}
    }
    if let Err(reason) = parse_url(text(server, "public_connection_url")) {
        add(format!("public connection URL is not valid: {reason}"));
    }
    let status = either(server, "server_status", "status");
    if status.is_empty() {
        add("validation of status failed: it can not be empty".to_owned());
    } else if !words::SERVER_STATUSES.contains(&status) {
        add(format!("validation of status failed: {}", unknown("status", status, words::SERVER_STATUSES)));
    }
    if !words::SERVER_STATUS_DETAILS.contains(&detail(server)) {
        let wrong = unknown("status detail", detail(server), words::SERVER_STATUS_DETAILS);
        add(format!("validation of status detail failed: {wrong}"));
    }
    if text(server, "channel").is_empty() {
        add("channel can not be empty".to_owned());
    }
    if let Some(bmc) = server.get("bmc_config") {
        match text(bmc, "api_type") {
            "" => {}
            "redfish-v1-generic" => {
                let endpoint = text(bmc, "endpoint");
                if endpoint.is_empty() {
                    add("BMC endpoint can not be empty if BMC type is not \"none\"".to_owned());
                } else if let Err(reason) = parse_url(endpoint) {
                    add(format!("BMC endpoint URL is not valid: {reason}"));
                }
                let certificate = text(bmc, "certificate");
                if !certificate.is_empty() && !is_pem(certificate) {
                    add("Invalid certificate PEM for BMC".to_owned());
                }
            }
            other => add(format!("BMC type is invalid: {other:?}")),
        }
    }
    if status == "unregistered" {
        return mistakes;
    }
    let mut add = |message: String| {
        mistakes.push(Mistake::of(Kind::Validation, server, format!("Invalid server, {message}")))
    };
    let kind = server_type(server);
    if kind.is_empty() {
        add("validation of type failed: it can not be empty".to_owned());
    } else if !words::SERVER_TYPES.contains(&kind) {
        add(format!("validation of type failed: {}", unknown("type", kind, words::SERVER_TYPES)));
    }
    let url = text(server, "connection_url");
    if url.is_empty() && kind != "operations-center" {
        add(format!("connection URL can not be empty for server type {kind}"));
    } else if let Err(reason) = parse_url(url) {
        add(format!("connection URL is not valid: {reason}"));
    }
    if text(server, "certificate").is_empty() {
        add("certificate can not be empty".to_owned());
    }
    mistakes
}

fn unknown(what: &str, found: &str, known: &[&str]) -> String {
    let near = crate::text::did_you_mean(found, known.iter().copied().filter(|word| !word.is_empty()));
    let near = near.map_or_else(String::new, |near| format!("; {near}"));
    format!("{found:?} is no {what}{near}")
}

/// Keys whose values are secrets, wherever they stand in a document.
const SECRETS: [&str; 10] = [
    "password",
    "private_key",
    "preshared_key",
    "registration_token",
    "tls_client_key",
    "tls_server_key",
    "access_key",
    "secret_key",
    "access-key",
    "secret-key",
];

/// What stands in place of a secret.
const MASK: &str = "***";

/// A document without its secrets: passwords, private keys, and the keys of keyrings.
pub fn without_secrets(value: Json) -> Json {
    match value {
        Json::Array(items) => Json::Array(items.into_iter().map(without_secrets).collect()),
        Json::Object(entries) => Json::Object(
            entries
                .into_iter()
                .map(|(key, value)| match &*key {
                    "keyrings" => (key, masked_keys(value)),
                    secret if SECRETS.contains(&secret) && is_given(&value) => (key, MASK.into()),
                    _ => (key, without_secrets(value)),
                })
                .collect::<Map<String, Json>>(),
        ),
        other => other,
    }
}

/// Whether a document has been shown without its secrets, so that it can not be sent back.
pub(super) fn is_masked(value: &Json) -> bool {
    match value {
        Json::Array(items) => items.iter().any(is_masked),
        Json::Object(entries) => entries.iter().any(|(key, value)| {
            let secret = key == "key" || SECRETS.contains(&key.as_str());
            secret && value.as_str() == Some(MASK) || is_masked(value)
        }),
        _ => false,
    }
}

fn is_given(value: &Json) -> bool {
    !matches!(value, Json::Null) && value.as_str() != Some("")
}

/// `keyrings{name:{key}}`
fn masked_keys(mut keyrings: Json) -> Json {
    for keyring in keyrings.as_object_mut().into_iter().flat_map(|all| all.values_mut()) {
        if let Some(key) = keyring.get_mut("key").filter(|key| is_given(key)) {
            *key = MASK.into();
        }
    }
    keyrings
}
