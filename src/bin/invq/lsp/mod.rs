//! `invq lsp`: a language server on standard input and output, for editors.
//!
//! It tells what is wrong in an inventory and in expressions beside it, completes, explains and formats them. An
//! inventory is read with the texts that are open in the editor; files that it includes are read as they are
//! saved. Requests are answered in order, and mistakes are looked for when nothing waits.

mod cursor;
mod documents;
mod mistakes;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use invq::diagnostic::{Code, Diagnostic};
use invq::engine::{Session, reason};
use invq::syntax::format;
use invq::text::{Source, Span};
use invq::{Engine, Format, Inventory, Limits};
use lsp_server::{Connection, ErrorCode, Message, Notification, Request, Response};
use lsp_types::notification::{
    DidChangeTextDocument, DidChangeWatchedFiles, DidCloseTextDocument, DidOpenTextDocument,
    DidSaveTextDocument, Notification as _, PublishDiagnostics,
};
use lsp_types::request::{Completion, Formatting, HoverRequest, Request as _};
use lsp_types::{
    CompletionOptions, HoverProviderCapability, InitializeParams, InitializeResult, OneOf,
    PublishDiagnosticsParams, ServerCapabilities, ServerInfo, TextDocumentPositionParams,
    TextDocumentSyncCapability, TextDocumentSyncKind, TextDocumentSyncOptions, TextDocumentSyncSaveOptions,
    TextEdit, Uri,
};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value as Json;

use crate::args::{Query, Shared};
use crate::commands::fmt::strings;
use crate::commands::query::names_something;
use crate::console::Console;
use crate::exit::Outcome;
use crate::inputs::Choice;
use documents::{Columns, Document, address_of, path_of};
use mistakes::{absolute, by_file};

/// How long an evaluation may take where nothing else is said: somebody waits for the editor.
const TIME: Duration = Duration::from_secs(5);

/// Serves the editor at standard input and output until it says goodbye.
pub(crate) fn run(shared: &Shared, query: &Query, console: &Console) -> Outcome {
    let usual = query.limits_until(Arc::new(AtomicBool::new(false)));
    let limits = Limits { time: usual.time.or(Some(TIME)), ..usual };
    let (connection, threads) = Connection::stdio();
    let served = serve(&connection, shared, shared.engine(limits));
    drop(connection);
    let ended = threads.join().and(served);
    match ended {
        Ok(()) => Outcome::Answered,
        Err(error) => {
            let message = format!("the editor cannot be served any more: {}", reason(&error));
            console.report(&[Diagnostic::error(Code::Io, message)]);
            Outcome::Usage
        }
    }
}

/// Serves an editor.
///
/// # Errors
/// What the editor says makes no sense.
fn serve(connection: &Connection, shared: &Shared, engine: Engine) -> io::Result<()> {
    let (id, params) = connection.initialize_start().map_err(io::Error::other)?;
    let params: InitializeParams = serde_json::from_value(params)?;
    let offered = params.capabilities.general.and_then(|general| general.position_encodings);
    let columns = Columns::of(offered.as_deref());
    let result = InitializeResult {
        capabilities: capabilities(columns),
        server_info: Some(ServerInfo {
            name: "invq".to_owned(),
            version: Some(env!("CARGO_PKG_VERSION").to_owned()),
        }),
    };
    connection.initialize_finish(id, serde_json::to_value(result)?).map_err(io::Error::other)?;
    let mut server = Server {
        connection,
        shared,
        engine,
        columns,
        documents: BTreeMap::new(),
        read: HashMap::new(),
        waiting: Vec::new(),
        told: HashMap::new(),
    };
    server.serve()
}

fn capabilities(columns: Columns) -> ServerCapabilities {
    let letters = ["\"", ".", " "];
    ServerCapabilities {
        position_encoding: Some(columns.kind()),
        text_document_sync: Some(TextDocumentSyncCapability::Options(TextDocumentSyncOptions {
            open_close: Some(true),
            change: Some(TextDocumentSyncKind::INCREMENTAL),
            save: Some(TextDocumentSyncSaveOptions::Supported(true)),
            ..Default::default()
        })),
        completion_provider: Some(CompletionOptions {
            trigger_characters: Some(letters.map(str::to_owned).to_vec()),
            ..Default::default()
        }),
        hover_provider: Some(HoverProviderCapability::Simple(true)),
        document_formatting_provider: Some(OneOf::Left(true)),
        ..Default::default()
    }
}

/// What the server knows.
struct Server<'a> {
    connection: &'a Connection,
    shared: &'a Shared,
    engine: Engine,
    columns: Columns,
    /// The files that are open, by their paths.
    documents: BTreeMap<PathBuf, Document>,
    /// The inventories as they were read last, and whether they are still like that.
    read: HashMap<Choice, Known>,
    /// The inventories whose mistakes are to be told again.
    waiting: Vec<Choice>,
    /// The files of which something was told, by inventory.
    told: HashMap<Choice, BTreeSet<PathBuf>>,
}

/// An inventory as it was read last.
struct Known {
    inventory: Option<Inventory>,
    /// Why it could not be read, if so; the inventory is then that of before.
    failures: Vec<Diagnostic>,
    is_current: bool,
}

impl Server<'_> {
    fn serve(&mut self) -> io::Result<()> {
        loop {
            // Mistakes can wait for those who wait for an answer.
            if self.connection.receiver.is_empty()
                && let Some(choice) = self.waiting.pop()
            {
                self.tell(&choice)?;
                continue;
            }
            let Ok(message) = self.connection.receiver.recv() else { return Ok(()) };
            match message {
                Message::Request(request) => {
                    if self.connection.handle_shutdown(&request).map_err(io::Error::other)? {
                        return Ok(());
                    }
                    let answer = self.answer(request);
                    self.send(answer)?;
                }
                Message::Notification(notification) => self.note(notification)?,
                Message::Response(_) => {}
            }
        }
    }

    fn send(&self, message: impl Into<Message>) -> io::Result<()> {
        let gone = || io::Error::new(io::ErrorKind::BrokenPipe, "the editor is gone");
        self.connection.sender.send(message.into()).map_err(|_| gone())
    }

    /// Takes over what the editor does with its files.
    fn note(&mut self, notification: Notification) -> io::Result<()> {
        match notification.method.as_str() {
            DidOpenTextDocument::METHOD => {
                let opened = read::<DidOpenTextDocument>(notification.params)?.text_document;
                let Some(path) = path_of(&opened.uri) else { return Ok(()) };
                let source = Source::new(path.to_string_lossy(), opened.text);
                let document = Document { address: opened.uri, version: opened.version, source };
                let path = absolute(&path);
                self.documents.insert(path.clone(), document);
                self.changed(&path);
            }
            DidChangeTextDocument::METHOD => {
                let change = read::<DidChangeTextDocument>(notification.params)?;
                let changed = change.text_document;
                let columns = self.columns;
                if let Some((path, document)) = self.document(&changed.uri) {
                    document.change(change.content_changes, changed.version, &columns);
                    self.changed(&path);
                }
            }
            DidSaveTextDocument::METHOD => {
                // It may be a part of any inventory.
                read::<DidSaveTextDocument>(notification.params)?;
                self.everything_changed();
            }
            DidChangeWatchedFiles::METHOD => self.everything_changed(),
            DidCloseTextDocument::METHOD => {
                let closed = read::<DidCloseTextDocument>(notification.params)?.text_document;
                if let Some((path, _)) = self.document(&closed.uri) {
                    self.documents.remove(&path);
                    self.changed(&path);
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn document(&mut self, address: &Uri) -> Option<(PathBuf, &mut Document)> {
        let path = absolute(&path_of(address)?);
        let document = self.documents.get_mut(&path)?;
        Some((path, document))
    }

    /// The inventory that a file belongs to.
    fn choice(&self, path: &Path) -> Choice {
        Choice::beside(self.shared, path.parent().unwrap_or(Path::new("/")))
    }

    fn changed(&mut self, path: &Path) {
        let choice = self.choice(path);
        if let (Some(known), true) = (self.read.get_mut(&choice), is_named(&choice, path)) {
            known.is_current = false;
        }
        if !self.waiting.contains(&choice) {
            self.waiting.push(choice);
        }
    }

    fn everything_changed(&mut self) {
        self.read.values_mut().for_each(|known| known.is_current = false);
        self.waiting = self.documents.keys().map(|path| self.choice(path)).collect();
        self.waiting.sort();
        self.waiting.dedup();
    }

    /// An inventory as it is now.
    fn inventory(&mut self, choice: &Choice) -> &Known {
        let (documents, engine) = (&self.documents, &self.engine);
        let known = self.read.entry(choice.clone()).or_insert_with(|| Known {
            inventory: None,
            failures: Vec::new(),
            is_current: false,
        });
        if !known.is_current {
            let edited = |path: &Path| {
                let document = documents.get(&absolute(path))?;
                // Mistakes name a file as the command line does.
                Some(Source::new(path.to_string_lossy(), document.source.text()))
            };
            match choice.load_edited(engine, &edited) {
                Ok(inventory) => (known.inventory, known.failures) = (Some(inventory), Vec::new()),
                Err(failures) => known.failures = failures,
            }
            known.is_current = true;
        }
        known
    }

    /// Tells the mistakes of an inventory, and of the expressions that are open beside it.
    fn tell(&mut self, choice: &Choice) -> io::Result<()> {
        let columns = self.columns;
        let known = self.inventory(choice);
        let inventory = known.inventory.clone();
        let found = match (&known.inventory, known.failures.as_slice()) {
            (Some(inventory), []) => inventory.check(),
            (_, failures) => failures.to_vec(),
        };
        let home = match choice {
            Choice::Paths(paths) => paths.first().map(|path| absolute(path)),
            Choice::Demo | Choice::Nothing => None,
        };
        let mut files = home.map_or_else(BTreeMap::new, |home| by_file(&found, &home, columns));
        let beside: Vec<PathBuf> =
            self.documents.keys().filter(|path| self.choice(path) == *choice).cloned().collect();
        for path in beside {
            let Some(document) = self.documents.get(&path) else { continue };
            // That nothing is wrong is told, too.
            files.entry(path.clone()).or_default();
            if document.format() == Format::Expression && !is_named(choice, &path) && is_query(&path) {
                let found = self.expression(&document.source, inventory.clone(), choice);
                for (path, found) in by_file(&found, &path, columns) {
                    files.entry(path).or_default().extend(found);
                }
            }
        }
        let before = self.told.insert(choice.clone(), files.keys().cloned().collect()).unwrap_or_default();
        for path in before.into_iter().filter(|path| !files.contains_key(path)).collect::<Vec<_>>() {
            files.insert(path, Vec::new());
        }
        for (path, diagnostics) in files {
            let document = self.documents.get(&path);
            let address = document.map(|document| document.address.clone()).or_else(|| address_of(&path));
            let Some(uri) = address else { continue };
            let version = document.map(|document| document.version);
            let params = PublishDiagnosticsParams { uri, diagnostics, version };
            self.send(Notification::new(PublishDiagnostics::METHOD.to_owned(), params))?;
        }
        Ok(())
    }

    /// What is wrong with an expression that stands in a file of its own.
    fn expression(
        &self,
        source: &Arc<Source>,
        inventory: Option<Inventory>,
        choice: &Choice,
    ) -> Vec<Diagnostic> {
        let has_names = inventory.is_some() && *choice != Choice::Nothing;
        let inventory = inventory.map_or_else(|| self.engine.load(Vec::new()), Ok);
        let Ok(inventory) = inventory else { return Vec::new() };
        let mut found = Session::new(self.engine.clone(), inventory).check(source);
        if !has_names {
            found.retain(|mistake| !names_something(mistake));
        }
        found
    }

    fn answer(&mut self, request: Request) -> Response {
        let Request { id, method, params } = request;
        let answer = match method.as_str() {
            Completion::METHOD => {
                asked::<Completion>(params, |params| self.complete(&params.text_document_position))
            }
            HoverRequest::METHOD => {
                asked::<HoverRequest>(params, |params| self.hover(&params.text_document_position_params))
            }
            Formatting::METHOD => {
                asked::<Formatting>(params, |params| self.format(&params.text_document.uri))
            }
            _ => {
                let message = format!("invq knows no `{method}`");
                return Response::new_err(id, ErrorCode::MethodNotFound as i32, message);
            }
        };
        match answer {
            Ok(answer) => Response::new_ok(id, answer),
            Err(error) => Response::new_err(id, ErrorCode::InvalidParams as i32, error.to_string()),
        }
    }

    /// A session that completes and explains at a place, with the document and the place.
    fn at(&mut self, position: &TextDocumentPositionParams) -> Option<(Session, &Document, usize)> {
        let (path, _) = self.document(&position.text_document.uri)?;
        let choice = self.choice(&path);
        let inventory = self.inventory(&choice).inventory.clone();
        let inventory = inventory.or_else(|| self.engine.load(Vec::new()).ok())?;
        let session = Session::new(self.engine.clone(), inventory);
        let document = self.documents.get(&path)?;
        let at = self.columns.offset(&document.source, position.position);
        Some((session, document, at))
    }

    fn complete(&mut self, position: &TextDocumentPositionParams) -> Option<lsp_types::CompletionResponse> {
        let columns = self.columns;
        let (session, document, at) = self.at(position)?;
        cursor::complete(&session, document, at, columns)
    }

    fn hover(&mut self, position: &TextDocumentPositionParams) -> Option<lsp_types::Hover> {
        let columns = self.columns;
        let (session, document, at) = self.at(position)?;
        cursor::hover(&session, document, at, columns)
    }

    /// The edit that formats a file; nothing where it is formatted or cannot be.
    fn format(&mut self, address: &Uri) -> Option<Vec<TextEdit>> {
        let (path, document) = self.document(address)?;
        let (source, format) = (Arc::clone(&document.source), document.format());
        let text = match format {
            Format::Expression => format::source(&source).ok()?,
            data => {
                let choice = self.choice(&path);
                let known = self.inventory(&choice);
                let inventory = known.inventory.as_ref().filter(|_| known.failures.is_empty())?;
                // The inventory has the file under the name that it was chosen by.
                let name = named_as(&choice, &path)?;
                let source = Source::new(name, source.text());
                strings::formatted(inventory, &source, data).ok()?
            }
        };
        if text == source.text() {
            return Some(Vec::new());
        }
        let whole = self.columns.range(&source, Span::new(0, source.text().len()));
        Some(vec![TextEdit { range: whole, new_text: text }])
    }
}

/// Whether a file is one of those that make an inventory.
fn is_named(choice: &Choice, path: &Path) -> bool {
    named_as(choice, path).is_some()
}

/// The name by which an inventory was chosen that a file makes.
fn named_as(choice: &Choice, path: &Path) -> Option<String> {
    let Choice::Paths(paths) = choice else { return None };
    let named = paths.iter().find(|named| absolute(named) == path)?;
    Some(named.to_string_lossy().into_owned())
}

/// Whether a file of an expression is a query: files of Nix hold many other things.
fn is_query(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("invq"))
}

fn read<N: lsp_types::notification::Notification>(params: Json) -> io::Result<N::Params>
where
    N::Params: DeserializeOwned,
{
    Ok(serde_json::from_value(params)?)
}

/// Reads what a request asks, and writes its answer.
fn asked<R: lsp_types::request::Request>(
    params: Json,
    answer: impl FnOnce(R::Params) -> R::Result,
) -> serde_json::Result<Json>
where
    R::Params: DeserializeOwned,
    R::Result: Serialize,
{
    serde_json::to_value(answer(serde_json::from_value(params)?))
}
