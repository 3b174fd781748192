//! From texts to a loaded inventory.

use std::collections::HashMap;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::expression_file::Failure;
use super::format::Format;
use super::reader::Export;
use super::variables::Files;
use super::{Engine, Inventory, Origin, computed_tags, expression_file, transformations};
use crate::check::{self, Context};
use crate::diagnostic::{Code, Diagnostic};
use crate::dialects::Surroundings;
use crate::dialects::ansible::ini;
use crate::dialects::clan::ComputedTags;
use crate::inventory::document::{Document, too_large};
use crate::inventory::draft::Draft;
use crate::inventory::model::{self, Dialect, EmbeddedRole, Mistake, Part};
use crate::inventory::snapshot;
use crate::limits::Limits;
use crate::services::{Loaded, Severities, View};
use crate::syntax::ast::{Expr, Name};
use crate::syntax::parse;
use crate::text::{Source, quoted};
use crate::types::tir::Program;
use crate::types::{Scheme, Type};

/// More mistakes than so many are not kept: together they would take more memory than the machines.
const MANY_MISTAKES: usize = 1 << 16;

/// A text to load an inventory from.
#[derive(Clone, Debug)]
pub struct Input {
    /// Its text with its name.
    pub source: Arc<Source>,
    /// How it is written.
    pub format: Format,
    /// The folder below which it may include and import files; nothing where it may not.
    pub folder: Option<PathBuf>,
}

/// The text of a file.
#[allow(clippy::disallowed_methods)]
fn read_file(path: &Path, limits: &Limits) -> Result<String, Diagnostic> {
    let fail = |reason: String| {
        Diagnostic::error(Code::Io, format!("cannot read {}: {reason}", quoted(&path.display().to_string())))
    };
    let mut bytes = Vec::new();
    // Not by the size that the system tells: that of a device is none.
    let most = limits.document as u64;
    let read =
        std::fs::File::open(path).and_then(|file| file.take(most.saturating_add(1)).read_to_end(&mut bytes));
    read.map_err(|error| fail(reason(&error)))?;
    if bytes.len() > limits.document {
        return Err(too_large(bytes.len(), limits.document));
    }
    String::from_utf8(bytes).map_err(|error| {
        fail(format!("it is not UTF-8 (byte {} is not)", error.utf8_error().valid_up_to() + 1))
    })
}

/// The operating system's reason, without its number.
pub fn reason(error: &std::io::Error) -> String {
    let text = error.to_string();
    let text = text.split(" (os error").next().unwrap_or(&text);
    let mut characters = text.chars();
    characters.next().map_or_else(String::new, |first| first.to_lowercase().chain(characters).collect())
}

impl Engine {
    /// Loads one inventory from files, which merge in order.
    ///
    /// # Errors
    /// As [`Engine::load`], and files that cannot be read.
    pub fn load_paths<P: AsRef<Path>>(&self, paths: &[P]) -> Result<Inventory, Vec<Diagnostic>> {
        if let Some(reader) = self.reader() {
            let reader = Input::read(reader).map_err(|failure| vec![failure])?;
            let given = paths.iter().map(|path| Export::read(path.as_ref())).collect::<Result<Vec<_>, _>>();
            return self.load_with_reader(&reader, given.map_err(|failure| vec![failure])?);
        }
        let mut inputs = Vec::new();
        let mut failures = Vec::new();
        for path in paths {
            match Input::read_all(path.as_ref()) {
                Ok(read) => inputs.extend(read),
                Err(diagnostic) => failures.push(diagnostic),
            }
        }
        if failures.is_empty() { self.load(inputs) } else { Err(failures) }
    }

    /// Loads an inventory from a file.
    ///
    /// # Errors
    /// As [`Engine::load_paths`].
    pub fn load_path(&self, path: impl AsRef<Path>) -> Result<Inventory, Vec<Diagnostic>> {
        self.load_paths(&[path])
    }

    /// The small inventory that is built in.
    ///
    /// # Errors
    /// None; a test holds that it loads.
    pub fn load_demo(&self) -> Result<Inventory, Vec<Diagnostic>> {
        let source = Source::new("demo.invq", include_str!("../../examples/demo.invq"));
        self.load(vec![Input { source, format: Format::Expression, folder: None }])
    }

    /// The inventory of nothing, for queries that need none.
    pub fn empty(&self) -> Inventory {
        let model = Draft::new().finish();
        Inventory::new(Loaded::new(model, Vec::new(), HashMap::new(), &self.severities, &self.limits))
    }

    /// Loads one inventory from texts, which merge in order.
    ///
    /// # Errors
    /// All reasons for which the texts cannot be read at all; other mistakes are the inventory's
    /// ([`Inventory::mistakes`]).
    pub fn load(&self, inputs: Vec<Input>) -> Result<Inventory, Vec<Diagnostic>> {
        let mut draft = Draft::new();
        let mut failures = Vec::new();
        let mut files = HashMap::new();
        let mut broken = Vec::new();
        let mut numbers = Vec::new();
        let mut seen: Vec<PathBuf> = Vec::new();
        let mut beside = Files::new(self);
        let mut waiting: Vec<Input> = inputs;
        waiting.reverse();
        while let Some(input) = waiting.pop() {
            match self.document(&input) {
                Ok((document, file)) => {
                    let included = self.included(&document, &input, &mut seen);
                    let number = draft.add_document(document);
                    numbers.push(number);
                    beside.add(number, input.folder.as_deref());
                    if let Some((program, failures)) = file {
                        files.insert(number, program);
                        broken.extend(failures.into_iter().map(|failure| (number, failure)));
                    }
                    match included {
                        Ok(included) => waiting.extend(included.into_iter().rev()),
                        Err(diagnostic) => failures.push(diagnostic),
                    }
                }
                Err(diagnostics) => failures.extend(diagnostics),
            }
        }
        if !failures.is_empty() {
            return Err(failures);
        }
        self.finish(draft, numbers, files, beside, broken)
    }

    /// Reads these documents of a draft; `broken` are the parts of expression files that fail, with the
    /// number of the file's document.
    pub(super) fn finish(
        &self,
        mut draft: Draft,
        numbers: Vec<u32>,
        files: HashMap<u32, Arc<Program>>,
        mut beside: Files<'_>,
        broken: Vec<(u32, Failure)>,
    ) -> Result<Inventory, Vec<Diagnostic>> {
        let mut read = |draft: &mut Draft, computed_tags: &ComputedTags| {
            let given = Surroundings { computed_tags, beside: &mut beside, limits: &self.limits };
            crate::dialects::read_with(draft, &numbers, self.dialect, given)
        };
        read(&mut draft, &ComputedTags::new())?;
        let mut model = draft.finish();
        let mut programs = self.expressions(&mut model, &files);
        let mut before = None;
        if transformations::needed(&model) {
            let first = Loaded::new(model, programs, files.clone(), &Severities::default(), &self.limits);
            let first = Arc::new(first);
            let edited = transformations::edit(&View(Arc::clone(&first)), &self.limits);
            before = Some(first);
            let mut draft = Draft::with_documents(edited.documents);
            read(&mut draft, &ComputedTags::new())?;
            model = draft.finish();
            programs = self.expressions(&mut model, &files);
            model.mistakes.extend(edited.mistakes);
        }
        if computed_tags::needed(&model) {
            let documents = model.documents.clone();
            let first = Loaded::new(model, programs, files.clone(), &Severities::default(), &self.limits);
            let computed = computed_tags::compute(&View(Arc::new(first)), &self.limits);
            let mut draft = Draft::with_documents(documents);
            read(&mut draft, &computed.tags)?;
            model = draft.finish();
            programs = self.expressions(&mut model, &files);
            model.mistakes.extend(computed.mistakes);
        }
        tell_failures(&mut model, broken)?;
        let mut loaded = Loaded::new(model, programs, files, &self.severities, &self.limits);
        if loaded.model.mistakes.len() > MANY_MISTAKES
            && let Ok(document) = snapshot::only_document(&loaded.model)
        {
            let document = Arc::clone(document);
            let mut engine = self.clone();
            // What is found again is what was found, whoever waits for it.
            (engine.limits.interrupt, engine.limits.time) = (None, None);
            loaded.find_mistakes_again(move || engine.mistakes_of(&document));
        }
        let origin = Origin { documents: numbers, beside: beside.known() };
        Ok(Inventory { origin, ..Inventory::new(loaded.with_before(before)) })
    }

    /// The mistakes of an inventory that follows from one document, which has been read before.
    fn mistakes_of(&self, document: &Arc<Document>) -> Vec<Mistake> {
        let mut draft = Draft::with_documents(vec![Arc::clone(document)]);
        let (computed_tags, mut beside) = (ComputedTags::new(), Files::new(self));
        let given = Surroundings { computed_tags: &computed_tags, beside: &mut beside, limits: &self.limits };
        // What could be read once can be read again.
        let _none = crate::dialects::read_with(&mut draft, &[document.number()], self.dialect, given);
        let mut model = draft.finish();
        self.expressions(&mut model, &HashMap::new());
        self.severities.apply(&mut model.mistakes);
        std::mem::take(&mut model.mistakes)
    }

    pub(super) fn document(&self, input: &Input) -> Result<(Document, Option<ReadFile>), Vec<Diagnostic>> {
        let source = Arc::clone(&input.source);
        Ok(match self.format(input) {
            Format::Json => (Document::json_within(source, &self.limits), None),
            Format::Ndjson => (Document::lines_within(source, &self.limits), None),
            Format::Yaml => {
                let mut document = Document::yaml_within(source, &self.limits);
                if crate::dialects::is_ansible_alone(&document, self.dialect) {
                    document.read_as_yaml_1_1();
                }
                (document, None)
            }
            Format::Ini => (ini::read(&source, &self.limits)?, None),
            Format::Toml => (Document::toml_within(source, &self.limits), None),
            Format::Expression => {
                if let Some(document) = Document::blank_expression(&source) {
                    return Ok((document, None));
                }
                let file = expression_file::load(&source, input.folder.as_deref(), &self.limits)?;
                (file.document, Some((file.program, file.failures)))
            }
        })
    }

    /// How a text is to be read. What is said to be Ansible's and is neither YAML, JSON nor TOML is INI.
    fn format(&self, input: &Input) -> Format {
        let is_expression_file = Format::of_path(Path::new(input.source.name())) == Some(Format::Expression);
        match input.format {
            Format::Expression if self.dialect == Some(Dialect::Ansible) && !is_expression_file => {
                Format::Ini
            }
            format => format,
        }
    }

    /// The files that a document includes, each once.
    fn included(
        &self,
        document: &Document,
        input: &Input,
        seen: &mut Vec<PathBuf>,
    ) -> Result<Vec<Input>, Diagnostic> {
        // Only documents that are trees are searched here: a large JSON text is read once.
        let mut inputs = Vec::new();
        let Some(folder) = &input.folder else { return Ok(inputs) };
        if input.format == Format::Json && !input.source.text().contains("\"include\"") {
            return Ok(inputs);
        }
        for include in crate::dialects::includes(document) {
            let path = expression_file::below(folder, &include.path).map_err(|message| {
                Diagnostic::error(Code::Io, message).at(&input.source, include.spot.span, "included here")
            })?;
            if seen.contains(&path) {
                continue;
            }
            seen.push(path.clone());
            let read = Input::read_within(&path, &self.limits).map_err(|mut diagnostic| {
                diagnostic.labels.clear();
                diagnostic.at(&input.source, include.spot.span, "included here")
            })?;
            inputs.push(read);
        }
        Ok(inputs)
    }

    /// Checks every expression that stands in the documents; mistakes go to the model.
    pub(super) fn expressions(
        &self,
        model: &mut model::Inventory,
        files: &HashMap<u32, Arc<Program>>,
    ) -> Vec<Option<Arc<Program>>> {
        let (programs, mistakes) = self.checked(model, files);
        model.mistakes.extend(mistakes);
        programs
    }

    /// Every expression that stands in the documents, ready to run where it can be, and the mistakes.
    pub(super) fn checked(
        &self,
        model: &model::Inventory,
        files: &HashMap<u32, Arc<Program>>,
    ) -> (Vec<Option<Arc<Program>>>, Vec<Mistake>) {
        let filters: Vec<Name> = model.filters.iter().map(|filter| filter.name.clone()).collect();
        let mut programs = Vec::with_capacity(model.expressions.len());
        let mut mistakes = Vec::new();
        for embedded in &model.expressions {
            let mut report = |diagnostic: Diagnostic| {
                mistakes.push(Mistake { diagnostic, part: embedded.part.clone() });
            };
            if embedded.value.is_some() {
                programs.push(None);
                continue;
            }
            let context = Context {
                inventory: Some(model),
                cluster: embedded.cluster,
                filters: &filters,
                in_inventory: true,
                ..Context::default()
            };
            let checked = parse::expression_within(&embedded.source, &self.limits)
                .map_err(|diagnostic| vec![diagnostic])
                .and_then(|expr| {
                    if matches!(embedded.role, EmbeddedRole::Definition(_)) && !check::may_be_function(&expr)
                    {
                        return Err(vec![no_closure(&embedded.source, &expr)]);
                    }
                    let expected = expected_type(&embedded.role, &expr);
                    check::program(&embedded.source, &expr, Some(&expected), &context)
                });
            match checked {
                Err(diagnostics) => {
                    diagnostics.into_iter().for_each(&mut report);
                    programs.push(None);
                }
                Ok(program) => {
                    let unknown =
                        check::names::check(&program.names, &embedded.source, model, embedded.cluster);
                    unknown.into_iter().for_each(&mut report);
                    // Unknown names stop who needs the part, unless they are allowed.
                    programs.push(Some(Arc::new(program)));
                }
            }
        }
        for (document, program) in files {
            mistakes.extend(file_names(model, *document, program));
        }
        mistakes.sort_by_key(|mistake| {
            mistake.diagnostic.labels.first().map(|label| {
                let (source, span) = label.source.locate(label.span);
                (source.name().to_owned(), span.start)
            })
        });
        (programs, mistakes)
    }
}

/// What is known of an expression file beside its value.
type ReadFile = (Arc<Program>, Vec<Failure>);

/// Tells of the parts of expression files that fail: where a part is an expression of its own, who
/// evaluates it hears of it; where something else was expected there, this is why it is not.
///
/// # Errors
/// The failures of parts that nobody has looked at yet.
fn tell_failures(model: &mut model::Inventory, broken: Vec<(u32, Failure)>) -> Result<(), Vec<Diagnostic>> {
    let mut untold = Vec::new();
    for (document, failure) in broken {
        let is_part = |value: &model::FileValue| value.document == document && value.path == failure.path;
        if model.expressions.iter().any(|embedded| embedded.value.as_ref().is_some_and(is_part)) {
            continue;
        }
        let source = model.documents.get(document as usize).map(|document| Arc::clone(&document.source));
        let stands = |mistake: &&mut Mistake| {
            let first = mistake.diagnostic.labels.first();
            first.zip(source.as_ref()).is_some_and(|(label, source)| {
                label.span == failure.span && Arc::ptr_eq(&label.source, source)
            })
        };
        match model.mistakes.iter_mut().find(stands) {
            Some(mistake) => mistake.diagnostic = failure.diagnostic,
            None => untold.push(failure.diagnostic),
        }
    }
    if untold.is_empty() { Ok(()) } else { Err(untold) }
}

/// The names in an expression file that the inventory does not have, with the parts they stand in.
fn file_names(model: &model::Inventory, document: u32, program: &Program) -> Vec<Mistake> {
    let mut mistakes = Vec::new();
    for named in &program.names {
        let holder = model.expressions.iter().find(|embedded| {
            let spot = embedded.spot;
            spot.document == document
                && spot.span.start <= named.span.start
                && named.span.end <= spot.span.end
        });
        let cluster = holder.and_then(|embedded| embedded.cluster);
        let part = holder.map_or(Part::Nothing, |embedded| embedded.part.clone());
        let source = &program.body.source;
        let unknown = check::names::check(std::slice::from_ref(named), source, model, cluster);
        mistakes.extend(unknown.into_iter().map(|diagnostic| Mistake { diagnostic, part: part.clone() }));
    }
    mistakes
}

/// The mistake that a service's definition is no function.
fn no_closure(source: &Arc<Source>, expr: &Expr) -> Diagnostic {
    Diagnostic::error(Code::TypeMismatch, "expected a function as definition of the service")
        .at(source, expr.span, "this is none")
        .help("write `{ selectors, roles, this }: { … }`")
}

/// The type that the place of an embedded expression asks for.
fn expected_type(role: &EmbeddedRole, expr: &Expr) -> Scheme {
    Scheme::plain(match role {
        EmbeddedRole::Filter => Type::Filter,
        EmbeddedRole::Definition(roles) => check::closure_type(expr, roles),
        EmbeddedRole::Transformation => Type::function(Type::Any, Type::Any),
        EmbeddedRole::Module | EmbeddedRole::ComputedTag(_) | EmbeddedRole::ComputedTags => Type::Any,
    })
}

impl Input {
    /// Reads a file; its format is that of its extension, or what its text looks like.
    ///
    /// # Errors
    /// A file that cannot be read, or is not UTF-8.
    pub fn read(path: &Path) -> Result<Input, Diagnostic> {
        Input::read_within(path, &Limits::default())
    }

    /// As [`Input::read`], of a file whose size is limited.
    pub(super) fn read_within(path: &Path, limits: &Limits) -> Result<Input, Diagnostic> {
        let text = read_file(path, limits)?;
        let format = Format::of_path(path).unwrap_or_else(|| Format::of_text(&text));
        let folder = path.parent().map(|parent| {
            if parent.as_os_str().is_empty() { PathBuf::from(".") } else { parent.to_path_buf() }
        });
        Ok(Input { source: Source::new(path.display().to_string(), text), format, folder })
    }

    /// A text that was not read from a file.
    pub fn text(name: &str, text: String) -> Input {
        let format = Format::of_text(&text);
        Input { source: Source::new(name, text), format, folder: None }
    }
}

#[cfg(test)]
mod tests;
