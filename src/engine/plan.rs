//! Operations Center's operations on an inventory: what each server gets, and the documents as they are
//! afterwards.

mod rewrite;

use std::sync::Arc;

use serde_json::{Value as Json, json};

use super::Inventory;
use crate::diagnostic::{Code, Diagnostic};
use crate::inventory::document::Notation;
use crate::operations::{Mistake, bulk, clustering, text as text_of};
use crate::text::{Source, did_you_mean, list_or, quoted};

/// What a request comes to.
#[derive(Clone, Debug)]
pub enum Planned {
    /// A bulk operation on a cluster.
    Bulk {
        /// The action.
        action: String,
        /// The cluster.
        cluster: String,
        /// What each of its servers gets.
        plan: bulk::Plan,
    },
    /// A cluster to be made.
    Cluster {
        /// The cluster.
        cluster: String,
        /// What is sent to which server.
        plan: Box<clustering::Plan>,
    },
}

impl Planned {
    /// What speaks against it.
    pub fn mistakes(&self) -> &[Mistake] {
        match self {
            Planned::Bulk { plan, .. } => &plan.mistakes,
            Planned::Cluster { plan, .. } => &plan.mistakes,
        }
    }

    /// What may surprise.
    pub fn warnings(&self) -> &[String] {
        match self {
            Planned::Bulk { plan, .. } => &plan.warnings,
            Planned::Cluster { plan, .. } => &plan.warnings,
        }
    }

    /// As data: with the action or the cluster's name, what the plan has.
    pub fn to_json(&self) -> Json {
        let (mut data, more) = match self {
            Planned::Bulk { action, cluster, plan } => {
                (plan.to_json(), json!({ "action": action, "cluster": cluster }))
            }
            Planned::Cluster { cluster, plan } => (plan.to_json(), json!({ "cluster": cluster })),
        };
        if let (Some(data), Json::Object(more)) = (data.as_object_mut(), more) {
            data.extend(more);
        }
        data
    }
}

/// A document as it is after a change.
#[derive(Clone, Debug)]
pub struct Rewritten {
    /// The document; its name is its file's.
    pub source: Arc<Source>,
    /// Its new text.
    pub text: String,
}

impl Inventory {
    /// Plans a request in the form of Operations Center's API: the body of a bulk update, or a cluster to
    /// be made. A bulk update is one of the cluster named, or of the one that the chosen machines are in;
    /// where machines are chosen it is one of them alone.
    ///
    /// # Errors
    /// A request that is neither, and a cluster that is not known or not one. What speaks against the
    /// operation is in the plan.
    pub fn plan(
        &self,
        request: &Json,
        cluster: Option<&str>,
        chosen: Option<&[u32]>,
    ) -> Result<Planned, Diagnostic> {
        let has = |key: &str| request.get(key).is_some();
        if has("server_names") && !has("action") {
            return Ok(self.plan_cluster(request));
        }
        if !has("action") && !has("arguments") {
            let message = "the request is neither a bulk update nor a cluster to be made";
            let help = "a bulk update has `action` and `arguments`, a cluster `name` and `server_names`";
            return Err(Diagnostic::error(Code::InvalidOption, message).help(help));
        }
        let action = text_of(request, "action").to_owned();
        let cluster = self.cluster_of_plan(cluster, chosen)?;
        let plan = match bulk::decode(request) {
            Ok(operation) => {
                let servers = self.operations_servers(cluster, chosen);
                let members: Vec<&Json> = servers.iter().collect();
                bulk::plan(&operation, &self.view.0.cluster_document(cluster), &members)
            }
            Err(mistakes) => bulk::Plan { mistakes, ..bulk::Plan::default() },
        };
        let cluster = self.model().clusters.get(cluster as usize).map_or("", |cluster| &*cluster.name);
        Ok(Planned::Bulk { action, cluster: cluster.to_owned(), plan })
    }

    fn plan_cluster(&self, request: &Json) -> Planned {
        let model = self.model();
        let servers = 0..u32::try_from(model.operations.servers.len()).unwrap_or(u32::MAX);
        let servers: Vec<Json> = servers.filter_map(|id| self.view.0.server_document(id)).collect();
        let existing =
            model.operations.clusters.iter().filter_map(|(id, _)| model.clusters.get(*id as usize));
        let existing: Vec<&str> = existing.map(|cluster| &*cluster.name).collect();
        let templates = model.operations.templates.iter().filter_map(|raw| model.node(*raw));
        let templates: Vec<Json> = templates.map(|node| node.to_json()).collect();
        let plan = clustering::plan(request, &servers, &existing, &templates);
        Planned::Cluster { cluster: text_of(request, "name").to_owned(), plan: Box::new(plan) }
    }

    /// The cluster that a bulk update is for.
    fn cluster_of_plan(&self, name: Option<&str>, chosen: Option<&[u32]>) -> Result<u32, Diagnostic> {
        let model = self.model();
        let title =
            |cluster: &u32| model.clusters.get(*cluster as usize).map_or("", |cluster| &*cluster.name);
        if let Some(name) = name {
            let known = || model.clusters.iter().map(|cluster| &*cluster.name);
            return model.find_cluster(name).ok_or_else(|| {
                Diagnostic::error(Code::UnknownName, format!("no cluster is called {}", quoted(name)))
                    .maybe_help(did_you_mean(name, known()))
            });
        }
        let mut clusters: Vec<u32> = match chosen {
            Some(chosen) => {
                chosen.iter().filter_map(|node| model.nodes.cluster.get(*node as usize).copied()).collect()
            }
            None => model.operations.clusters.iter().map(|(cluster, _)| *cluster).collect(),
        };
        clusters.sort_unstable();
        clusters.dedup();
        match clusters.as_slice() {
            [only] => Ok(*only),
            [] => Err(Diagnostic::error(Code::InvalidOption, "there is no cluster to change")
                .help("add `--cluster NAME`, or choose machines that are in one")),
            several => {
                let names: Vec<&str> = several.iter().take(10).map(title).collect();
                Err(Diagnostic::error(
                    Code::InvalidOption,
                    "a bulk update is of one cluster, and there are several",
                )
                .help(format!("add `--cluster`, which is {}", list_or(&names))))
            }
        }
    }

    /// The documents of a cluster's servers, or of those chosen among them.
    fn operations_servers(&self, cluster: u32, chosen: Option<&[u32]>) -> Vec<Json> {
        let model = self.model();
        (0..)
            .zip(&model.operations.servers)
            .filter(|(_, (node, _))| {
                model.nodes.cluster.get(*node as usize) == Some(&cluster)
                    && chosen.is_none_or(|chosen| chosen.contains(node))
            })
            .filter_map(|(id, _)| self.view.0.server_document(id))
            .collect()
    }

    /// The documents in which servers change, as they are afterwards. All else in them stays as it is
    /// written.
    ///
    /// # Errors
    /// Documents that are not JSON.
    pub fn rewritten(&self, plan: &bulk::Plan) -> Result<Vec<Rewritten>, Diagnostic> {
        let model = self.model();
        let mut edits: Vec<(u32, rewrite::Edit)> = Vec::new();
        for change in plan.changes.iter().filter(|change| change.is_needed()) {
            let server =
                model.operations.servers.iter().find(|(node, _)| model.nodes.name(*node) == change.server);
            let Some((_, raw)) = server else { continue };
            let Some(node) = model.node(*raw) else { continue };
            if node.document().notation() != Notation::Json {
                let name = quoted(node.source().name());
                let message = format!("{name} is not JSON, and only JSON documents are written");
                return Err(Diagnostic::error(Code::InvalidDocument, message)
                    .at(node.source(), node.span(), "a server that changes")
                    .help("leave out `--write`, and change it by what is printed"));
            }
            edits.extend(rewrite::edits(node, change).into_iter().map(|edit| (raw.document, edit)));
        }
        let mut documents: Vec<u32> = edits.iter().map(|(document, _)| *document).collect();
        documents.sort_unstable();
        documents.dedup();
        let rewritten = documents.into_iter().filter_map(|number| {
            let source = Arc::clone(&model.documents.get(number as usize)?.source);
            let own = edits.iter().filter(|(document, _)| *document == number).map(|(_, edit)| edit.clone());
            let text = rewrite::applied(source.text(), own.collect());
            Some(Rewritten { source, text })
        });
        Ok(rewritten.collect())
    }
}
