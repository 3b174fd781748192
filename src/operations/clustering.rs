//! Making a cluster: whether what is asked for can be right, and what is sent to which server.

use serde_json::{Map, Value as Json, json};

use super::addresses::{with_port, with_role};
use super::consistency::LARGEST_LVM_ID;
use super::golang::parse_url;
use super::servers::{self, name};
use super::templates::{self, Applied, check_name};
use super::{Kind, Mistake, duration, entries, object, preseed, text, texts, words};

/// Checks a request for a cluster as upstream does, in its order, with all mistakes.
pub fn validate(cluster: &Json) -> Vec<Mistake> {
    let mut mistakes = Vec::new();
    check_name("cluster", text(cluster, "name"), &mut mistakes);
    let mut add =
        |message: String| mistakes.push(Mistake::new(Kind::Validation, format!("Invalid cluster{message}")));
    if let Err(reason) = parse_url(text(cluster, "connection_url")) {
        add(format!(", connection URL is not valid: {reason}"));
    }
    if text(cluster, "channel").is_empty() {
        add(", channel can not be empty".to_owned());
    }
    let restart =
        cluster.get("config").and_then(|config| config.get("rolling_restart")).unwrap_or(&Json::Null);
    let delay = text(restart, "post_restore_delay");
    if !delay.is_empty() && duration(delay).is_none() {
        add(format!(", post restore delay needs to be a valid time duration, such as \"15m\": {delay:?}"));
    }
    let mode = text(restart, "restore_mode");
    if !matches!(mode, "" | "skip") {
        add(format!(", restore mode needs to be empty or \"skip\": {mode:?}"));
    }
    if texts(cluster, "server_names").is_empty() {
        add(", list of server names can not be empty".to_owned());
    }
    match text(cluster, "server_type") {
        kind @ ("" | "unknown") => add(format!(" definition, server type can not be {kind:?}")),
        kind if !words::SERVER_TYPES.contains(&kind) => {
            let near = crate::text::did_you_mean(kind, words::SERVER_TYPES.iter().copied());
            let near = near.map_or_else(String::new, |near| format!("; {near}"));
            add(format!(" definition, server type can not be {kind:?}{near}"));
        }
        _ => {}
    }
    for problem in preseed::problems(cluster.get("application_seed_config").unwrap_or(&Json::Null)) {
        add(format!(" definition, application seed config can not be read: {problem}"));
    }
    mistakes
}

/// What upstream takes without a word though nobody can have meant it.
pub fn warnings(cluster: &Json) -> Vec<String> {
    let mut warnings = Vec::new();
    let mut seen: Vec<&str> = Vec::new();
    for server in texts(cluster, "server_names") {
        if seen.contains(&server) {
            warnings.push(format!("the server {server:?} is listed twice"));
        }
        seen.push(server);
    }
    for (service, _) in entries(cluster.get("services_config")) {
        if !words::SERVICES.contains(&service.as_str()) {
            let near = crate::text::did_you_mean(service, words::SERVICES);
            let near = near.map_or_else(String::new, |near| format!("; {near}"));
            warnings.push(format!("IncusOS has no service {service:?}{near}"));
        }
    }
    for key in preseed::unknown_keys(cluster.get("application_seed_config").unwrap_or(&Json::Null)) {
        warnings.push(format!("a preseed has no key {key:?}, and Incus drops it"));
    }
    warnings
}

/// What is sent to which server.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Plan {
    /// The body for each service of each server, `PUT /os/1.0/services/<service>`.
    pub services: Map<String, Json>,
    /// The server with which the cluster begins; the others join it in their order.
    pub bootstrap: String,
    /// The servers that join, in order.
    pub joining: Vec<String>,
    /// The configuration of Incus on each server.
    pub server_config: Map<String, Json>,
    /// What Operations Center notes as address of each server.
    pub connection_urls: Map<String, Json>,
    /// The preseed with upstream's defaults.
    pub application_seed_config: Json,
    /// What was taken and can hardly be meant.
    pub warnings: Vec<String>,
    /// What speaks against it, in upstream's order; nothing is planned then.
    pub mistakes: Vec<Mistake>,
}

/// Plans a cluster: `servers` are all servers that there are, `existing` the names of clusters, and
/// `templates` the cluster templates, of which the request may name one.
pub fn plan(request: &Json, servers: &[Json], existing: &[&str], templates: &[Json]) -> Plan {
    let mut plan = Plan::default();
    let request = from_template(request, templates, &mut plan);
    plan.warnings.extend(warnings(&request));
    plan.mistakes.extend(validate(&request));
    let title = text(&request, "name");
    if existing.contains(&title) {
        plan.mistakes
            .push(Mistake::new(Kind::NotPermitted, format!("Cluster with name {title:?} already exists")));
    }
    let mut members: Vec<&Json> = Vec::new();
    for wanted in texts(&request, "server_names") {
        match servers.iter().find(|server| name(server) == wanted) {
            None => {
                let near = crate::text::did_you_mean(wanted, servers.iter().map(name));
                let near = near.map_or_else(String::new, |near| format!("; {near}"));
                let message = format!("Server {wanted:?} does not exist{near}");
                plan.mistakes.push(Mistake {
                    server: Some(wanted.to_owned()),
                    ..Mistake::new(Kind::NotFound, message)
                });
            }
            Some(server) => {
                plan.mistakes.extend(ready_to_join(server, text(&request, "channel")));
                members.push(server);
            }
        }
    }
    plan.mistakes.extend(alike(&members));
    for server in &members {
        let (found, wanted) = (servers::server_type(server), text(&request, "server_type"));
        if !wanted.is_empty() && found != wanted {
            let message = format!("Server {:?} has type {found:?} but {wanted:?} was expected", name(server));
            plan.mistakes.push(Mistake::of(Kind::NotPermitted, server, message));
        }
    }
    for server in &members {
        plan.add_services(server, request.get("services_config"));
        plan.add_addresses(server);
    }
    plan.application_seed_config =
        preseed::with_defaults(request.get("application_seed_config").unwrap_or(&Json::Null));
    let mut names = members.iter().map(|server| name(server).to_owned());
    plan.bootstrap = names.next().unwrap_or_default();
    plan.joining = names.collect();
    plan
}

/// The request with what its template gives in place of its own configuration.
fn from_template(request: &Json, templates: &[Json], plan: &mut Plan) -> Json {
    let wanted = text(request, "cluster_template");
    if wanted.is_empty() {
        return request.clone();
    }
    let mut request = request.clone();
    let Some(template) = templates.iter().find(|template| name(template) == wanted) else {
        let near = crate::text::did_you_mean(wanted, templates.iter().map(name));
        let near = near.map_or_else(String::new, |near| format!("; {near}"));
        plan.mistakes
            .push(Mistake::new(Kind::NotFound, format!("Cluster template {wanted:?} does not exist{near}")));
        return request;
    };
    let values = request.get("cluster_template_variable_values").cloned().unwrap_or_default();
    let Applied { services_config, application_seed_config, unknown, mistakes } =
        templates::apply(template, &values);
    plan.mistakes.extend(mistakes);
    for name in unknown {
        let known = entries(template.get("variables")).into_iter().map(|(name, _)| name.as_str());
        let near =
            crate::text::did_you_mean(&name, known).map_or_else(String::new, |near| format!("; {near}"));
        let message = format!("the cluster template {wanted:?} has no variable {name:?}{near}");
        plan.mistakes.push(Mistake::new(Kind::Validation, message));
    }
    if let Some(request) = request.as_object_mut() {
        request.insert("services_config".to_owned(), services_config);
        request.insert("application_seed_config".to_owned(), application_seed_config);
    }
    request
}

/// Whether a server may become a member of a cluster on a channel.
pub fn ready_to_join(server: &Json, channel: &str) -> Vec<Mistake> {
    let mut mistakes = Vec::new();
    let title = name(server);
    let mut add = |message: String| mistakes.push(Mistake::of(Kind::NotPermitted, server, message));
    let cluster = servers::cluster(server);
    if !cluster.is_empty() {
        add(format!("Server {title:?} is already part of cluster {cluster:?}"));
    }
    if servers::status(server) != "ready" {
        add(format!("Server {title:?} is not in ready state and can therefore not be used for clustering"));
    }
    let own = text(server, "channel");
    if own != channel {
        add(format!(
            "Server {title:?} update channel {own:?} does not match channel requested for cluster {channel:?}"
        ));
    }
    let facts = super::states::Facts::of(server);
    if facts.needs_update || facts.needs_reboot || facts.in_maintenance != 0 {
        add(format!(
            "Server {title:?} not ready to be clustered (needs update: {}, needs reboot: {}, in maintenance: {})",
            facts.needs_update,
            facts.needs_reboot,
            super::states::maintenance_label(facts.in_maintenance)
        ));
    }
    if !facts.has_incus {
        add(format!("Server {title:?} does not have application Incus"));
    }
    mistakes
}

/// Whether servers have the same Incus.
fn alike(members: &[&Json]) -> Vec<Mistake> {
    let incus = |server: &Json| {
        let applications = servers::applications(server);
        let found = applications.iter().find(|(name, _)| words::is_incus(name));
        found.map(|(name, version)| ((*name).to_owned(), (*version).to_owned()))
    };
    let mut mistakes = Vec::new();
    let Some((first, others)) = members.split_first() else { return mistakes };
    let Some((application, version)) = incus(first) else { return mistakes };
    for server in others {
        let Some((other_application, other_version)) = incus(server) else { continue };
        let mut add = |message: String| mistakes.push(Mistake::of(Kind::NotPermitted, server, message));
        if version != other_version {
            add(format!(
                "Incus version is not the same on all servers, found {version:?} and {other_version:?}"
            ));
        }
        if application != other_application {
            add(format!(
                "Incus application is not the same on all servers, found {application:?} and {other_application:?}"
            ));
        }
    }
    mistakes
}

impl Plan {
    /// What the services of a server get; LVM its own number.
    fn add_services(&mut self, server: &Json, services: Option<&Json>) {
        let mut bodies = Map::new();
        for (service, config) in entries(services) {
            let mut fail = |reason: String| {
                let message =
                    format!("Failed to enable OS service {service:?} on {:?}: {reason}", name(server));
                self.mistakes.push(Mistake::of(Kind::Internal, server, message));
            };
            let Some(config) = config.as_object() else {
                fail("config is not an object".to_owned());
                continue;
            };
            let mut config = config.clone();
            if service == "lvm" {
                match config.get("enabled").and_then(Json::as_bool) {
                    None => fail("\"enabled\" is not a bool".to_owned()),
                    Some(true) if servers::id(server) > LARGEST_LVM_ID => {
                        fail(format!("can not enable LVM on servers with internal ID > {LARGEST_LVM_ID}"));
                    }
                    Some(true) => {
                        config.insert("system_id".to_owned(), json!(servers::id(server)));
                    }
                    Some(false) => {}
                }
            }
            let wrapped = config.contains_key("config");
            let config = Json::Object(config);
            bodies.insert(service.clone(), if wrapped { config } else { object("config", config) });
        }
        self.services.insert(name(server).to_owned(), Json::Object(bodies));
    }

    /// Where a server's Incus listens.
    fn add_addresses(&mut self, server: &Json) {
        let management = with_role(server, "management");
        let mut fail = |role: &str| {
            let message =
                format!("Failed to determine an IP address for the network interface with {role:?} role");
            self.mistakes.push(Mistake::of(Kind::Internal, server, message));
        };
        let Some(cluster) = with_role(server, "cluster").or(management) else { return fail("cluster") };
        let Some(management) = management else { return fail("management") };
        let config = json!({
            "cluster.https_address": with_port(cluster),
            "core.https_address": with_port(management),
        });
        self.server_config.insert(name(server).to_owned(), config);
        let url = format!("https://{}", with_port(management));
        self.connection_urls.insert(name(server).to_owned(), Json::String(url));
    }

    /// As data, with mistakes as `{ kind, message, server }`.
    pub fn to_json(&self) -> Json {
        json!({
            "services": self.services,
            "bootstrap": self.bootstrap,
            "joining": self.joining,
            "server_config": self.server_config,
            "connection_urls": self.connection_urls,
            "application_seed_config": self.application_seed_config,
            "warnings": self.warnings,
            "mistakes": self.mistakes.iter().map(Mistake::to_json).collect::<Vec<Json>>(),
        })
    }
}
