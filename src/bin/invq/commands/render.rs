//! `invq render`: the final configuration of machines, who says what in it, and the same as a flake.

use std::path::Path;

use invq::diagnostic::{Code, Diagnostic};
use invq::engine::reason;
use invq::render::{Content, Format, Layout, OutputError, nix, visible, write_answer};
use invq::text::{Source, quoted};
use invq::types::Type;
use invq::{Defined, Inventory, Sources};
use serde_json::{Map, Value, json};

use super::why::machines;
use super::{opened, output_options, print, wrong_usage};
use crate::args::{Query, Shared};
use crate::console::Console;
use crate::exit::{Outcome, Stage};
use crate::progress::Progress;

/// What is asked of the configurations.
pub(super) struct Request<'r> {
    /// Names of machines; all where there is none.
    pub(super) machines: &'r [String],
    /// The part that is asked for, as a dotted name.
    pub(super) at: Option<&'r str>,
    /// Whether definitions are shown and not values.
    pub(super) sources: bool,
    /// The folder for a flake.
    pub(super) nix: Option<&'r Path>,
    /// How values are written.
    pub(super) output: Format,
}

/// Writes the configuration of machines. Those that fail are reported, and do not keep the others back.
pub(super) fn run(shared: &Shared, query: &Query, request: &Request, console: &Console) -> Outcome {
    let (_, inventory) = match opened(shared, query, console) {
        Ok(opened) => opened,
        Err(outcome) => return outcome,
    };
    let mut failures = Vec::new();
    let asked = match asked(&inventory, request.machines) {
        Ok(asked) => asked,
        Err(diagnostics) => {
            console.report(&diagnostics);
            return Outcome::of(&diagnostics, &Stage::Querying(&inventory));
        }
    };
    let outcome = if request.sources {
        sources(&inventory, &asked, request, query, console, &mut failures)
    } else {
        let values = each(&asked, request, &mut failures, |machine| match request.at {
            Some(option) => inventory.configuration_at(machine, option),
            None => inventory.configuration(machine),
        });
        match request.nix {
            Some(folder) if failures.is_empty() => flake(&inventory, &values, folder, console),
            Some(_) => Outcome::Answered,
            None if values.is_empty() && !failures.is_empty() => Outcome::Answered,
            None => written(&inventory, values, request, query, console),
        }
    };
    if failures.is_empty() {
        return outcome;
    }
    console.report(&failures);
    match outcome {
        Outcome::Answered => Outcome::of(&failures, &Stage::Querying(&inventory)),
        outcome => outcome,
    }
}

/// What is asked of each machine. Where all machines are asked for an option, those that have it answer.
fn each<T>(
    machines: &[u32],
    request: &Request,
    failures: &mut Vec<Diagnostic>,
    ask: impl Fn(u32) -> Result<T, Diagnostic>,
) -> Vec<(u32, T)> {
    let mut answers = Vec::new();
    let mut missing = Vec::new();
    let progress = Progress::steps("rendering machines", machines.len());
    for machine in machines {
        progress.step();
        match ask(*machine) {
            Ok(answer) => answers.push((*machine, answer)),
            Err(failure) if request.machines.is_empty() && failure.code == Code::UnknownOption => {
                missing.push(failure);
            }
            Err(failure) => add(failures, failure),
        }
    }
    if answers.is_empty() && failures.is_empty() {
        failures.extend(missing.into_iter().next());
    }
    answers
}

/// One cause gives one message, however many machines it spoils.
fn add(failures: &mut Vec<Diagnostic>, failure: Diagnostic) {
    let place = |diagnostic: &Diagnostic| {
        diagnostic.labels.first().map(|label| (label.source.name().to_owned(), label.span))
    };
    let same = |known: &Diagnostic| known.message == failure.message && place(known) == place(&failure);
    if !failures.iter().any(same) {
        failures.push(failure);
    }
}

/// The machines of these names, or all.
fn asked(inventory: &Inventory, names: &[String]) -> Result<Vec<u32>, Vec<Diagnostic>> {
    if names.is_empty() {
        let count = u32::try_from(inventory.model().nodes.len()).unwrap_or(u32::MAX);
        return Ok((0..count).collect());
    }
    let mut found = Vec::new();
    let mut unknown = Vec::new();
    for name in names {
        match machines(inventory, &Source::new("<machine>", name.as_str())) {
            Ok(machines) => found.extend(machines),
            Err(diagnostics) => unknown.extend(diagnostics),
        }
    }
    found.sort_unstable();
    found.dedup();
    if unknown.is_empty() { Ok(found) } else { Err(unknown) }
}

fn cluster_of(inventory: &Inventory, machine: u32) -> &str {
    let model = inventory.model();
    let cluster = model.nodes.cluster.get(machine as usize).and_then(|id| model.clusters.get(*id as usize));
    cluster.map_or("", |cluster| &*cluster.name)
}

/// The value of the one machine that is named, or of all by cluster and name.
fn written(
    inventory: &Inventory,
    mut values: Vec<(u32, Value)>,
    request: &Request,
    query: &Query,
    console: &Console,
) -> Outcome {
    let data = match (request.machines, values.len()) {
        ([_], 0) => return Outcome::Answered,
        ([_], 1) => values.pop().map_or(Value::Null, |(_, value)| value),
        _ => {
            let mut clusters: Map<String, Value> = Map::new();
            for (machine, value) in values {
                let cluster = clusters.entry(cluster_of(inventory, machine)).or_insert_with(|| json!({}));
                if let Some(members) = cluster.as_object_mut() {
                    members.insert(inventory.machine_name(machine).to_owned(), value);
                }
            }
            Value::Object(clusters)
        }
    };
    let options = output_options(query, console);
    // A text is written as it is, as a query for it would.
    let ty = if data.is_string() { Type::String } else { Type::Any };
    let layout = Layout::new(request.output, &ty, &options);
    let mut text = Vec::new();
    match write_answer(&Content::Data(&data), &ty, layout, &options, &mut text) {
        Ok(()) => print(console, |out| out.write_all(&text)),
        Err(OutputError::Refused(refusal)) => {
            console.report(&[*refusal]);
            Outcome::Usage
        }
        Err(OutputError::Io(error)) => super::unwritten(&error, console),
    }
}

/// Who says the option that is asked for, or every option.
fn sources(
    inventory: &Inventory,
    machines: &[u32],
    request: &Request,
    query: &Query,
    console: &Console,
    failures: &mut Vec<Diagnostic>,
) -> Outcome {
    let as_json = match request.output {
        Format::Auto => false,
        Format::Json | Format::Ndjson => true,
        _ => {
            let message = "definitions are written as lines, or as JSON";
            return wrong_usage(console, message, "invq render --sources -o json");
        }
    };
    let mut lines = Vec::new();
    let found = each(machines, request, failures, |machine| match request.at {
        Some(option) => inventory.sources(machine, option).map(|sources| vec![(option.to_owned(), sources)]),
        None => inventory.all_sources(machine),
    });
    for (machine, found) in found {
        for (option, sources) in found {
            if as_json {
                lines.push(data(inventory, machine, &option, &sources).to_string());
            } else {
                let cluster = cluster_of(inventory, machine);
                let name = format!("{cluster}/{}", inventory.machine_name(machine));
                lines.extend(told(&name, &option, &sources));
            }
        }
    }
    let end = if query.nul { "\0" } else { "\n" };
    print(console, |out| lines.iter().try_for_each(|line| write!(out, "{line}{end}")))
}

/// An option with its definitions, for people.
fn told(machine: &str, option: &str, sources: &Sources) -> Vec<String> {
    let value = match &sources.value {
        Ok(value) => short(value, 72),
        Err(failure) => format!("fails: {}", failure.message),
    };
    let mut lines = vec![format!("{option} of {machine} = {value}")];
    let place = |defined: &Defined| {
        let (source, span) = defined.source.locate(defined.span);
        let position = source.position(span.start);
        format!("{}:{}:{}", source.name(), position.line, position.column)
    };
    let columns: Vec<[String; 5]> = sources
        .definitions
        .iter()
        .map(|defined| {
            let what = defined.value.as_ref().map_or_else(String::new, |value| short(value, 32));
            let word = if defined.won { "won" } else { "lost" };
            [word.to_owned(), place(defined), defined.by.clone(), what, defined.reason.clone()]
        })
        .collect();
    let width = |column: usize| {
        let texts = columns.iter().filter_map(|row| row.get(column));
        texts.map(|text| text.chars().count()).max().unwrap_or(0)
    };
    let widths = [0, 1, 2, 3].map(width);
    for row in &columns {
        let mut line = String::from("  ");
        for (text, width) in row.iter().zip(widths.iter().chain([&0])) {
            line.push_str(text);
            let fill = width.saturating_sub(text.chars().count()) + 2;
            line.extend(std::iter::repeat_n(' ', fill));
        }
        lines.push(line.trim_end().to_owned());
    }
    if columns.is_empty() {
        lines.push("  nobody defines it; this is its default".to_owned());
    }
    lines
}

/// A value on one line, cut where it is long.
fn short(value: &Value, most: usize) -> String {
    let text = visible(&value.to_string(), &[]).into_owned();
    match text.char_indices().nth(most) {
        None => text,
        Some((at, _)) => format!("{}…", text.get(..at).unwrap_or_default()),
    }
}

fn data(inventory: &Inventory, machine: u32, option: &str, sources: &Sources) -> Value {
    let definition = |defined: &Defined| {
        let (source, span) = defined.source.locate(defined.span);
        let position = source.position(span.start);
        json!({
            "value": defined.value,
            "won": defined.won,
            "reason": defined.reason,
            "priority": defined.priority,
            "by": defined.by,
            "file": source.name(),
            "line": position.line,
            "column": position.column,
        })
    };
    let definitions: Vec<Value> = sources.definitions.iter().map(definition).collect();
    let mut data = json!({
        "machine": inventory.machine_name(machine),
        "cluster": cluster_of(inventory, machine),
        "option": option,
        "definitions": definitions,
    });
    if let Some(members) = data.as_object_mut() {
        match &sources.value {
            Ok(value) => members.insert("value".to_owned(), value.clone()),
            Err(failure) => members.insert("error".to_owned(), failure.message.as_str().into()),
        };
    }
    data
}

/// Writes the configurations as a flake.
fn flake(inventory: &Inventory, values: &[(u32, Value)], folder: &Path, console: &Console) -> Outcome {
    let hosts: Vec<nix::Host<'_>> = values
        .iter()
        .map(|(machine, configuration)| nix::Host {
            name: inventory.machine_name(*machine),
            cluster: cluster_of(inventory, *machine),
            configuration,
        })
        .collect();
    let files = match nix::flake(&hosts) {
        Ok(files) => files,
        Err((host, unwritable)) => {
            let machine = hosts.get(host).map_or("", |host| host.name);
            let message = format!("the configuration of {} cannot be written: {unwritable}", quoted(machine));
            console.report(&[Diagnostic::error(Code::UnsuitableFormat, message)]);
            return Outcome::Usage;
        }
    };
    // Nothing is written unless all can be: what people wrote themselves stays.
    for file in &files {
        let path = folder.join(&file.path);
        if let Ok(text) = std::fs::read_to_string(&path)
            && !text.starts_with(nix::MARK)
        {
            let message = format!("{} was not written by invq", quoted(&path.display().to_string()));
            return wrong_usage(console, message, "name another folder, or move the file away");
        }
    }
    for file in &files {
        let path = folder.join(&file.path);
        let made = path.parent().map_or(Ok(()), std::fs::create_dir_all);
        if let Err(error) = made.and_then(|()| std::fs::write(&path, &file.text)) {
            let message = format!("cannot write {}: {}", quoted(&path.display().to_string()), reason(&error));
            console.report(&[Diagnostic::error(Code::Io, message)]);
            return Outcome::Usage;
        }
    }
    Outcome::Answered
}
