//! `invq plan`: what an operation of Operations Center would do, and with `--write` the documents after it.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use invq::diagnostic::{Code, Diagnostic};
use invq::engine::reason;
use invq::inventory::document::{Document, Keys};
use invq::operations::{Kind, Mistake, bulk, clustering};
use invq::text::{Source, Span, count, quoted};
use invq::{Arguments, Engine, Inventory, Limit, Planned};
use serde_json::Value as Json;

use super::fmt::replace;
use super::{loaded, print};
use crate::args::{Query, Shared};
use crate::console::Console;
use crate::exit::{Outcome, Stage};
use crate::inputs::{Choice, nothing_found, read_source};

/// What the command line says.
pub(super) struct Question<'q> {
    /// The file with the request; `-` is standard input.
    pub(super) operation: &'q Path,
    /// The cluster that a bulk update is for.
    pub(super) cluster: Option<&'q str>,
    /// The filter that chooses among its machines.
    pub(super) select: Option<&'q str>,
    /// Whether the documents are written.
    pub(super) write: bool,
    /// Whether the plan is written as data.
    pub(super) json: bool,
}

/// Plans, tells, and writes.
pub(super) fn run(shared: &Shared, query: &Query, question: &Question, console: &Console) -> Outcome {
    let choice = Choice::of(shared);
    if choice == Choice::Nothing {
        console.report(&[nothing_found()]);
        return Outcome::Usage;
    }
    let (source, request) = match request(question.operation) {
        Ok(read) => read,
        Err(diagnostics) => {
            console.report(&diagnostics);
            return Outcome::of(&diagnostics, &Stage::Loading).query();
        }
    };
    let engine = shared.engine(query.limits());
    let inventory = match loaded(&choice, &engine, console) {
        Ok(inventory) => inventory,
        Err(outcome) => return outcome,
    };
    let chosen = match question.select.map(|filter| selected(&engine, &inventory, filter)).transpose() {
        Ok(chosen) => chosen,
        Err(diagnostics) => {
            console.report(&diagnostics);
            return Outcome::of(&diagnostics, &Stage::Querying(&inventory));
        }
    };
    let planned = match inventory.plan(&request, question.cluster, chosen.as_deref()) {
        Ok(planned) => planned,
        Err(diagnostic) => {
            let start = source.text().find('{').unwrap_or(0);
            let placed = if diagnostic.labels.is_empty() && diagnostic.code == Code::InvalidOption {
                diagnostic.at(&source, Span::new(start, start + 1), "the request")
            } else {
                diagnostic
            };
            console.report(&[placed]);
            return Outcome::Query;
        }
    };
    if !planned.mistakes().is_empty() {
        let told: Vec<Diagnostic> =
            planned.mistakes().iter().map(|mistake| told(mistake, &source, &inventory)).collect();
        console.report(&told);
        let is_request = |mistake: &Mistake| mistake.kind == Kind::BadRequest && mistake.server.is_none();
        return if planned.mistakes().iter().any(is_request) { Outcome::Query } else { Outcome::Inventory };
    }
    for warning in planned.warnings() {
        console.note(&Diagnostic::warning(Code::CheckFailed, warning.clone()));
    }
    let mut lines = match question.json {
        true => vec![planned.to_json().to_string()],
        false => lines(&planned),
    };
    if question.write {
        match written(&inventory, &planned) {
            Ok(files) if question.json => drop(files),
            Ok(files) if files.is_empty() => lines.push("nothing is written".to_owned()),
            Ok(files) => lines.extend(files.iter().map(|file| format!("wrote {}", file.display()))),
            Err(diagnostic) => {
                console.report(&[*diagnostic]);
                return Outcome::Usage;
            }
        }
    }
    print(console, |out| lines.iter().try_for_each(|line| writeln!(out, "{line}")))
}

/// The request, which is JSON, and says nothing twice.
fn request(path: &Path) -> Result<(Arc<Source>, Json), Vec<Diagnostic>> {
    let source = read_source(path, Limit::Document).map_err(|failure| vec![*failure])?;
    let document = Document::json(Arc::clone(&source));
    if let Some(wrong) = document.validate() {
        return Err(vec![wrong.clone()]);
    }
    let mut twice = Vec::new();
    let mut nodes = vec![document.root()];
    while let Some(node) = nodes.pop() {
        let mut keys = Keys::default();
        for (key, value) in node.entries() {
            twice.extend(keys.duplicate(&key, &document));
            nodes.push(value);
        }
        nodes.extend(node.items());
    }
    if twice.is_empty() { Ok((source, document.root().to_json())) } else { Err(twice) }
}

/// The machines that a filter chooses.
fn selected(engine: &Engine, inventory: &Inventory, filter: &str) -> Result<Vec<u32>, Vec<Diagnostic>> {
    let source = Source::new("<filter>", filter);
    let query = engine.compile_source(&source, inventory, &Arguments::default())?;
    query.machines(inventory).map(|machines| machines.into_iter().collect()).map_err(|mistake| vec![mistake])
}

/// A mistake with its place: in the request, or at the server in its document.
fn told(mistake: &Mistake, request: &Arc<Source>, inventory: &Inventory) -> Diagnostic {
    let (message, help) = match mistake.message.split_once("; ") {
        Some((message, help)) if help.starts_with("did you mean") || help.starts_with("the keys are") => {
            (message, Some(help.to_owned()))
        }
        _ => (mistake.message.as_str(), None),
    };
    let code = if mistake.kind == Kind::BadRequest { Code::InvalidOption } else { Code::CheckFailed };
    let diagnostic = Diagnostic::error(code, message).maybe_help(help);
    let model = inventory.model();
    let server = mistake.server.as_ref().and_then(|server| {
        let found = model.operations.servers.iter().find(|(node, _)| model.nodes.name(*node) == server);
        let spot = model.nodes.spot.get(found?.0 as usize)?;
        Some((&model.documents.get(spot.document as usize)?.source, spot.span))
    });
    if let Some((source, span)) = server {
        return diagnostic.at(source, span, "this server");
    }
    // What is quoted first in the message stands in the request, if it is about the request.
    let word = message.split('"').nth(1).unwrap_or("");
    let quoted = format!("\"{word}\"");
    let found = request.text().find(&quoted).filter(|_| !word.is_empty());
    let cluster = model.find_cluster(word).and_then(|cluster| model.clusters.get(cluster as usize)?.spot);
    if let (None, Some(spot)) = (found, cluster)
        && let Some(document) = model.documents.get(spot.document as usize)
    {
        return diagnostic.at(&document.source, spot.span, "this cluster");
    }
    let (start, length) = match found {
        Some(start) => (start, quoted.len()),
        None => (request.text().find('{').unwrap_or(0), 1),
    };
    diagnostic.at(request, Span::new(start, start + length), "")
}

/// The plan as people read it.
fn lines(planned: &Planned) -> Vec<String> {
    match planned {
        Planned::Bulk { action, cluster, plan } => bulk_lines(action, cluster, plan),
        Planned::Cluster { cluster, plan } => cluster_lines(cluster, plan),
    }
}

fn bulk_lines(action: &str, cluster: &str, plan: &bulk::Plan) -> Vec<String> {
    let needed = plan.changes.iter().filter(|change| change.is_needed()).count();
    let all = count(plan.changes.len(), "server", "servers");
    let verb = if needed == 1 { "changes" } else { "change" };
    let mut lines = vec![format!("{action} on {}: {needed} of {all} {verb}", quoted(cluster))];
    for change in &plan.changes {
        if !change.is_needed() {
            lines.push(format!("  {}: nothing changes", change.server));
            continue;
        }
        let (method, path) = &change.request;
        lines.push(format!("  {}: {method} {path}", change.server));
        for (place, before, after) in change.differences() {
            lines.push(format!("    {place}"));
            lines.extend(before.map(|before| format!("    - {before}")));
            lines.extend(after.map(|after| format!("    + {after}")));
        }
    }
    lines
}

fn cluster_lines(cluster: &str, plan: &clustering::Plan) -> Vec<String> {
    let mut lines = vec![format!("the cluster {} begins with {}", quoted(cluster), quoted(&plan.bootstrap))];
    for server in std::iter::once(&plan.bootstrap).chain(&plan.joining) {
        lines.push(format!("  {server}"));
        let services = plan.services.get(server).and_then(Json::as_object);
        for (service, body) in services.into_iter().flatten() {
            lines.push(format!("    PUT /os/1.0/services/{service} {body}"));
        }
        let config = plan.server_config.get(server).and_then(Json::as_object);
        for (key, value) in config.into_iter().flatten() {
            lines.push(format!("    {key} = {}", value.as_str().unwrap_or("")));
        }
    }
    lines.push("  preseed".to_owned());
    let preseed = serde_json::to_string_pretty(&plan.application_seed_config).unwrap_or_default();
    lines.extend(preseed.lines().map(|line| format!("    {line}")));
    lines
}

/// Writes the documents in which something changes, each as a whole.
fn written(inventory: &Inventory, planned: &Planned) -> Result<Vec<PathBuf>, Box<Diagnostic>> {
    let Planned::Bulk { plan, .. } = planned else {
        let message = "a cluster that is to be made changes no document";
        return Err(Box::new(Diagnostic::error(Code::Usage, message).help("leave out `--write`")));
    };
    let documents = inventory.rewritten(plan).map_err(Box::new)?;
    let mut files = Vec::new();
    for document in documents {
        let path = PathBuf::from(document.source.name());
        replace(&path, &document.text).map_err(|error| unwritten(&path, &error))?;
        files.push(path);
    }
    Ok(files)
}

fn unwritten(path: &Path, error: &io::Error) -> Box<Diagnostic> {
    let message = format!("cannot write {}: {}", quoted(&path.to_string_lossy()), reason(error));
    Box::new(Diagnostic::error(Code::Io, message))
}
