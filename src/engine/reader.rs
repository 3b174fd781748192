//! Readers: functions of the language that make an inventory of any document.
//!
//! In go a reader's file and documents: data where their names say JSON, YAML or TOML, texts otherwise, and for a
//! folder an attribute set of both by relative path. The reader is called once for each. Out come documents with the
//! machines that it gives, placed where their records stand, so that what is wrong with a machine is told at
//! its record, and what fails in the reader at both.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::{Arc, LazyLock};

use serde_json::Value as Json;

use super::load::Input;
use super::{Engine, Format, Inventory, Origin, expression_file};
use crate::check::{self, Context};
use crate::diagnostic::{Code, Diagnostic};
use crate::dialects::reader::KEY;
use crate::eval::Evaluation;
use crate::inventory::document::{Document, Kind, Node, Notation, Raw, TreeBuilder};
use crate::inventory::draft::Draft;
use crate::services::{Loaded, Severities, View};
use crate::syntax::parse;
use crate::text::{Source, Span, quoted};
use crate::types::{Scheme, from_own_text};
use crate::value::{Evaluator, Fault, Name, Value};

/// What a reader is.
pub const READER_TYPE: &str = "Any -> { machines : [{ name : String, cluster? : String?, tags? : [String], \
    ips? : { _ : [String] }, addresses? : [String], kind? : String?, description? : String?, system? : String?, \
    cloud? : String?, vars? : Any }], meta? : Any }";

static EXPECTED: LazyLock<Scheme> = LazyLock::new(|| from_own_text(READER_TYPE));

/// How deep a folder may nest; links may lead in circles.
const DEPTH: usize = 32;

/// What a reader is given.
#[derive(Clone, Debug)]
pub enum Export {
    /// A document.
    One(Input),
    /// The documents of a folder, by their paths below it.
    Folder(Vec<(String, Input)>),
}

impl Export {
    /// Reads a file, or all files of a folder; hidden ones are left out.
    ///
    /// # Errors
    /// Files that cannot be read.
    #[allow(clippy::disallowed_methods)]
    pub fn read(path: &Path) -> Result<Export, Diagnostic> {
        if !path.is_dir() {
            return Ok(Export::One(Input::read(path)?));
        }
        let mut found = Vec::new();
        files_below(path, path, DEPTH, &mut found)?;
        found.sort_by(|(left, _), (right, _)| left.cmp(right));
        Ok(Export::Folder(found))
    }

    fn inputs(self) -> Vec<Input> {
        match self {
            Export::One(input) => vec![input],
            Export::Folder(inputs) => inputs.into_iter().map(|(_, input)| input).collect(),
        }
    }

    fn names(&self) -> Option<Vec<Name>> {
        match self {
            Export::One(_) => None,
            Export::Folder(inputs) => {
                Some(inputs.iter().map(|(name, _)| Name::from(name.as_str())).collect())
            }
        }
    }
}

#[allow(clippy::disallowed_methods)]
fn files_below(
    root: &Path,
    folder: &Path,
    depth: usize,
    found: &mut Vec<(String, Input)>,
) -> Result<(), Diagnostic> {
    let Some(depth) = depth.checked_sub(1) else { return Ok(()) };
    let fail = |error: &std::io::Error| {
        let place = quoted(&folder.display().to_string());
        Diagnostic::error(Code::Io, format!("cannot read {place}: {}", super::reason(error)))
    };
    let mut paths: Vec<PathBuf> = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(|error| fail(&error))? {
        paths.push(entry.map_err(|error| fail(&error))?.path());
    }
    for path in paths {
        let hidden = path.file_name().and_then(OsStr::to_str).is_none_or(|name| name.starts_with('.'));
        if hidden {
            continue;
        }
        if path.is_dir() {
            files_below(root, &path, depth, found)?;
        } else {
            let name = path.strip_prefix(root).unwrap_or(&path).to_string_lossy().replace('\\', "/");
            found.push((name, Input::read(&path)?));
        }
    }
    Ok(())
}

impl Engine {
    /// Loads one inventory from what a reader makes of documents.
    ///
    /// # Errors
    /// Every mistake in the reader's text; documents that are not valid; what calling it fails with.
    pub fn load_with_reader(&self, reader: &Input, given: Vec<Export>) -> Result<Inventory, Vec<Diagnostic>> {
        let source = &reader.source;
        let expr = parse::expression_within(source, &self.limits).map_err(|mistake| vec![mistake])?;
        let import = |path: &str| expression_file::import(reader.folder.as_deref(), path, &self.limits);
        let context = Context { import: reader.folder.is_some().then_some(&import), ..Context::default() };
        let program = check::program(source, &expr, Some(&EXPECTED), &context)?;
        let mut draft = Draft::new();
        let mut numbers = Vec::new();
        let nothing = Loaded::new(
            Draft::new().finish(),
            Vec::new(),
            Default::default(),
            &Severities::default(),
            &self.limits,
        );
        let view = View(Arc::new(nothing));
        let mut failures = Vec::new();
        for given in given {
            let names = given.names();
            let inputs = given.inputs();
            let mut documents = Vec::with_capacity(inputs.len());
            for input in &inputs {
                match self.data(input) {
                    Ok(document) => documents.push(document),
                    Err(failure) => failures.push(*failure),
                }
            }
            if documents.len() < inputs.len() {
                continue;
            }
            let first = draft.add_documents(documents);
            let sources: Vec<Arc<Document>> = (first..).map_while(|number| draft.document(number)).collect();
            let mut evaluation = Evaluation::new(&view, &self.limits, Vec::new());
            let call =
                Call { reader: source, whole: expr.span, documents: &sources, names: names.as_deref() };
            let result = evaluation
                .run(&program)
                .map_err(|fault| call.failed(fault, None))
                .and_then(|function| call.machines(&mut evaluation, &function));
            match result {
                Ok(read) => {
                    numbers.extend(read.into_iter().map(|document| draft.add_document_beside(document)))
                }
                Err(failure) => failures.push(*failure),
            }
        }
        if !failures.is_empty() {
            return Err(failures);
        }
        crate::dialects::read(&mut draft, &numbers, None)?;
        let mut model = draft.finish();
        let beginning = first_line_of(source, expr.span);
        for mistake in model.mistakes.iter_mut() {
            let diagnostic = mistake.diagnostic.clone();
            mistake.diagnostic = diagnostic.at(source, beginning, "given by this reader");
        }
        let programs = self.expressions(&mut model, &Default::default());
        let loaded = Loaded::new(model, programs, Default::default(), &self.severities, &self.limits);
        let origin = Origin { documents: numbers, ..Origin::default() };
        Ok(Inventory { origin, ..Inventory::new(loaded) })
    }

    /// A document as its name says: data, or a text as it stands.
    fn data(&self, input: &Input) -> Result<Document, Box<Diagnostic>> {
        let source = Arc::clone(&input.source);
        let document = match Format::of_path(Path::new(source.name())) {
            Some(Format::Json) => Document::json_within(source, &self.limits),
            Some(Format::Ndjson) => Document::lines_within(source, &self.limits),
            Some(Format::Yaml) => Document::yaml_within(source, &self.limits),
            Some(Format::Toml) => Document::toml_within(source, &self.limits),
            None if source.name() == "<stdin>" && source.text().trim_start().starts_with(['{', '[']) => {
                Document::json_within(source, &self.limits)
            }
            _ => {
                let whole = Span::new(0, source.text().len());
                let mut builder = TreeBuilder::new(Arc::clone(&source));
                let root = builder.string(source.text(), whole);
                builder.finish_as(root, Notation::Expression, &self.limits)
            }
        };
        match document.validate() {
            Some(failure) => Err(Box::new(failure.clone())),
            None => Ok(document),
        }
    }
}

/// What was looked at in the documents.
#[derive(Default)]
struct Trace {
    /// Texts and keys that were looked at, by where they are in memory, with the objects that they stand in: a
    /// machine that is called so was read from there.
    texts: RefCell<HashMap<*const u8, (Name, Raw)>>,
    /// The record that was looked at first since the last machine.
    record: Cell<Option<Raw>>,
    /// What was looked at last.
    last: Cell<Option<Raw>>,
}

/// A call of a reader.
struct Call<'c> {
    reader: &'c Arc<Source>,
    whole: Span,
    documents: &'c [Arc<Document>],
    names: Option<&'c [Name]>,
}

impl Trace {
    fn note(&self, text: &Name, around: Raw) {
        self.texts.borrow_mut().entry(text.as_ptr()).or_insert_with(|| (Name::clone(text), around));
    }

    /// The object that a text was taken from as it is.
    fn origin(&self, text: &Name) -> Option<Raw> {
        self.texts.borrow().get(&text.as_ptr()).filter(|(known, _)| known == text).map(|(_, raw)| *raw)
    }
}

impl Call<'_> {
    /// The machines that the reader makes, as a document for each source that they come from.
    fn machines(
        &self,
        evaluation: &mut Evaluation<'_>,
        function: &Value,
    ) -> Result<Vec<Document>, Box<Diagnostic>> {
        let trace = Rc::new(Trace::default());
        let values = self.documents.iter().map(|document| traced(document, document.root(), &trace));
        let argument = match self.names {
            None => values.into_iter().next().unwrap_or(Value::Null),
            Some(names) => Value::attrs(names.iter().cloned().zip(values)),
        };
        let result =
            evaluation.call(function, &[argument]).map_err(|fault| self.failed(fault, Some(&trace)))?;
        let read = (|evaluation: &mut Evaluation<'_>| {
            let evaluator: &mut dyn Evaluator = evaluation;
            let mut records: Vec<(Option<Raw>, Json)> = Vec::new();
            if let Some(machines) = evaluator.attr(&result, "machines")? {
                for machine in evaluator.list(&machines)?.iter() {
                    trace.record.set(None);
                    let name = match evaluator.attr(machine, "name")? {
                        Some(name) => Some(evaluator.force(&name)?),
                        None => None,
                    };
                    let data = crate::value::to_json(evaluator, machine)?;
                    let origin = match &name {
                        Some(Value::String(name)) => trace.origin(&name.name()),
                        _ => None,
                    };
                    records.push((origin.or(trace.record.get()), data));
                }
            }
            let meta = evaluator.attr(&result, "meta")?.map(|meta| crate::value::to_json(evaluator, &meta));
            Ok((records, meta.transpose()?))
        })(evaluation);
        let (records, meta) = read.map_err(|fault: Fault| self.failed(fault, Some(&trace)))?;
        Ok(self.documents_of(records, meta))
    }

    /// The records of each source as a document.
    fn documents_of(&self, records: Vec<(Option<Raw>, Json)>, meta: Option<Json>) -> Vec<Document> {
        let mut meta = meta;
        let mut by_source: Vec<Vec<(Span, Json)>> = vec![Vec::new(); self.documents.len()];
        let mut last = 0;
        for (raw, data) in records {
            let index = self
                .documents
                .iter()
                .position(|document| raw.is_some_and(|raw| raw.document == document.number()));
            last = index.unwrap_or(last);
            let Some(document) = self.documents.get(last) else { continue };
            let span = match raw.filter(|_| index.is_some()) {
                Some(raw) if document.node(raw).kind() != Kind::String => {
                    first_line(document, document.node(raw).span())
                }
                _ => named_in(document, data.get("name").and_then(Json::as_str)),
            };
            if let Some(records) = by_source.get_mut(last) {
                records.push((span, data));
            }
        }
        let mut documents = Vec::new();
        for (document, records) in self.documents.iter().zip(by_source) {
            if records.is_empty() && documents.len() + 1 < self.documents.len() {
                continue;
            }
            let mut builder = TreeBuilder::new(Arc::clone(&document.source));
            let items: Vec<_> = records.iter().map(|(span, data)| builder.json(data, *span)).collect();
            let start = Span::new(0, 0);
            let mut entries = vec![(KEY, start, builder.list(items, start))];
            if let Some(meta) = meta.take() {
                entries.push(("meta", start, builder.json(&meta, start)));
            }
            let root = builder.object(entries, start);
            documents.push(builder.finish(root));
        }
        documents
    }

    /// A failure with its place in the reader, and the record that was being read.
    fn failed(&self, fault: Fault, trace: Option<&Trace>) -> Box<Diagnostic> {
        let mut diagnostic = fault.into_diagnostic();
        if diagnostic.labels.is_empty() {
            diagnostic = diagnostic.at(self.reader, self.whole, "in this reader");
        }
        let raw = trace.and_then(|trace| trace.last.get());
        let record = raw.and_then(|raw| {
            Some((raw, self.documents.iter().find(|document| document.number() == raw.document)?))
        });
        if let Some((raw, document)) = record {
            let span = first_line(document, document.node(raw).span());
            diagnostic = diagnostic.at(&document.source, span, "while it read this");
        }
        Box::new(diagnostic)
    }
}

/// The range of a record up to the end of its first line.
fn first_line(document: &Document, span: Span) -> Span {
    first_line_of(&document.source, span)
}

fn first_line_of(source: &Source, span: Span) -> Span {
    let text = source.slice(span);
    let end = text.find('\n').unwrap_or(text.len());
    Span::new(span.start as usize, span.start as usize + text.get(..end).unwrap_or("").trim_end().len())
}

/// Where a name first stands alone in a text.
fn named_in(document: &Document, name: Option<&str>) -> Span {
    let text = document.source.text();
    let is_part = |next: char| next.is_alphanumeric() || matches!(next, '-' | '_');
    let found = name.filter(|name| !name.is_empty()).and_then(|name| {
        text.match_indices(name).find(|(at, found)| {
            let before = text.get(..*at).and_then(|before| before.chars().next_back());
            let after = text.get(at + found.len()..).and_then(|after| after.chars().next());
            !before.is_some_and(is_part) && !after.is_some_and(is_part)
        })
    });
    found.map_or(Span::new(0, 0), |(at, found)| Span::new(at, at + found.len()))
}

/// A value of a document whose parts say when they are looked at.
fn traced(document: &Arc<Document>, node: Node<'_>, trace: &Rc<Trace>) -> Value {
    let part = |around: Raw, inner: Node<'_>, is_element: bool| {
        let (document, trace, raw) = (Arc::clone(document), Rc::clone(trace), inner.raw());
        // An element of a list is a record; a field belongs to the object around it.
        let is_record = is_element && inner.kind() == Kind::Object;
        Value::lazy(move |_| {
            trace.last.set(Some(raw));
            if trace.record.get().is_none() {
                trace.record.set(Some(if is_record { raw } else { around }));
            }
            let value = traced(&document, document.node(raw), &trace);
            if let Value::String(text) = &value {
                trace.note(&text.name(), around);
            }
            Ok(value)
        })
    };
    match node.kind() {
        Kind::List => Value::list(node.items().map(|item| part(node.raw(), item, true)).collect()),
        Kind::Object => Value::attrs(node.entries().map(|(key, inner)| {
            let key = Name::from(&*key.text);
            trace.note(&key, if inner.kind() == Kind::Object { inner.raw() } else { node.raw() });
            (key, part(node.raw(), inner, false))
        })),
        _ => node.to_value(),
    }
}
