//! `invq why`: why a machine matches a filter, or gets a service, or does not.

use std::io;
use std::sync::Arc;

use invq::diagnostic::{Code, Diagnostic};
use invq::render::{Content, Format, Layout, Options, write_answer};
use invq::text::{Source, did_you_mean, quoted};
use invq::types::Type;
use invq::{Arguments, Explanation, Inventory, Membership, Query, Selected};
use serde_json::{Value, json};

use super::{opened, print, reach};
use crate::args::{self, Shared};
use crate::console::Console;
use crate::exit::{Outcome, Stage};

/// What is asked of a machine.
pub(super) struct Question<'q> {
    /// The machine's name.
    pub(super) machine: &'q str,
    /// A service, an instance or a filter; without one, everything that the machine gets.
    pub(super) about: Option<&'q str>,
    /// Another machine, which it reaches or not.
    pub(super) reaches: Option<&'q str>,
    /// Whether the answer is data.
    pub(super) json: bool,
}

/// An answer: data, lines that tell it, and whether it says yes.
pub(crate) struct Answer {
    data: Value,
    pub(crate) lines: Vec<String>,
    yes: bool,
    /// Why more is not known.
    pub(crate) unknown: Vec<Diagnostic>,
}

/// Answers for every machine of the name.
pub(super) fn run(shared: &Shared, query: &args::Query, question: &Question, console: &Console) -> Outcome {
    let (engine, inventory) = match opened(shared, query, console) {
        Ok(opened) => opened,
        Err(outcome) => return outcome,
    };
    let machine = Source::new("<machine>", question.machine);
    let about = match (question.reaches, question.about) {
        (Some(other), _) => Some(About::Reaches(other.to_owned())),
        (None, about) => about.map(|about| About::Word(Source::new("<filter>", about))),
    };
    let compile = |source: &Arc<Source>| engine.compile_source(source, &inventory, &Arguments::default());
    let answers = match answers(&inventory, &machine, about.as_ref(), &compile) {
        Ok(answers) => answers,
        Err(diagnostics) => {
            console.report(&diagnostics);
            return Outcome::of(&diagnostics, &Stage::Querying(&inventory));
        }
    };
    let yes = answers.iter().any(|answer| answer.yes);
    let written = print(console, |out| {
        for answer in &answers {
            if question.json {
                writeln!(out, "{}", answer.data)?;
            } else {
                answer.lines.iter().try_for_each(|line| writeln!(out, "{line}"))?;
            }
        }
        Ok(())
    });
    let unknown: Vec<Diagnostic> = answers.into_iter().flat_map(|answer| answer.unknown).collect();
    if !unknown.is_empty() {
        console.report(&unknown);
    }
    match written {
        Outcome::Answered if !unknown.is_empty() => Outcome::of(&unknown, &Stage::Querying(&inventory)),
        Outcome::Answered if query.exit_status && !yes => Outcome::NoAnswer,
        outcome => outcome,
    }
}

/// What is asked about a machine.
pub(crate) enum About {
    /// A service or an instance by its name, or else a filter.
    Word(Arc<Source>),
    /// A filter, whatever services are called.
    Filter(Arc<Source>),
    /// Another machine, which it reaches or not.
    Reaches(String),
}

/// How a filter is compiled.
pub(crate) type Compile<'c> = dyn Fn(&Arc<Source>) -> Result<Query, Vec<Diagnostic>> + 'c;

/// The answers for every machine of a name, about a filter or a service, or about everything it gets.
pub(crate) fn answers(
    inventory: &Inventory,
    machine: &Arc<Source>,
    about: Option<&About>,
    compile: &Compile<'_>,
) -> Result<Vec<Answer>, Vec<Diagnostic>> {
    let answer = |machine| match about {
        None => everything(inventory, machine),
        Some(About::Filter(filter)) => matches(inventory, machine, filter, compile),
        Some(About::Reaches(other)) => reaches(inventory, machine, other),
        Some(About::Word(word)) => one(inventory, machine, word, compile),
    };
    machines(inventory, machine)?.into_iter().map(answer).collect()
}

/// The machines of a name, of which there must be one.
pub(super) fn machines(inventory: &Inventory, source: &Arc<Source>) -> Result<Vec<u32>, Vec<Diagnostic>> {
    let name = source.text();
    let machines = inventory.find_machines(name);
    if !machines.is_empty() {
        return Ok(machines);
    }
    let model = inventory.model();
    let known = (0..u32::try_from(model.nodes.len()).unwrap_or(u32::MAX)).map(|node| model.nodes.name(node));
    let diagnostic =
        Diagnostic::error(Code::UnknownMachine, format!("no machine is called {}", quoted(name)))
            .at(source, invq::text::Span::new(0, name.len()), "not in the inventory")
            .maybe_help(did_you_mean(name.rsplit('/').next().unwrap_or(name), known));
    Err(vec![diagnostic])
}

/// Whether a machine reaches those of another name, and by which way.
fn reaches(inventory: &Inventory, machine: u32, other: &str) -> Result<Answer, Vec<Diagnostic>> {
    let mut lines = Vec::new();
    let mut found = Vec::new();
    let mut yes = false;
    for other in machines(inventory, &Source::new("<machine>", other))? {
        let reach = inventory.reach(machine, other).map_err(|mistake| vec![mistake])?;
        lines.extend(reach::lines(&reach));
        yes |= reach.way.is_some();
        found.push(reach::data(&reach));
    }
    Ok(Answer {
        data: json!({ "machine": inventory.machine_name(machine), "cluster": cluster(inventory, machine), "reaches": found }),
        lines,
        yes,
        unknown: Vec::new(),
    })
}

/// What a machine gets, and through what.
fn everything(inventory: &Inventory, machine: u32) -> Result<Answer, Vec<Diagnostic>> {
    let (data, unknown) = inventory.placements(machine).map_err(|mistake| vec![mistake])?;
    let rows: Vec<Value> = data.as_array().into_iter().flatten().flat_map(rows).collect();
    let title = title(inventory, machine);
    let lines = match rows.is_empty() {
        true if !unknown.is_empty() => vec![format!("{title} gets nothing that is known")],
        true => vec![format!("{title} gets no service")],
        false => {
            let table = table(&Value::Array(rows)).map_err(|error| vec![unwritable(&error)])?;
            std::iter::once(format!("{title} gets")).chain(table).collect()
        }
    };
    let yes = data.as_array().is_some_and(|placements| !placements.is_empty());
    Ok(Answer {
        data: json!({ "machine": inventory.machine_name(machine), "cluster": cluster(inventory, machine), "placements": data }),
        lines,
        yes,
        unknown,
    })
}

/// A row for each reason of a placement.
fn rows(placement: &Value) -> Vec<Value> {
    let text = |key: &str| placement.get(key).cloned().unwrap_or_default();
    let because = placement.get("because").and_then(Value::as_array).cloned().unwrap_or_default();
    because
        .iter()
        .map(|reason| {
            let source = reason.get("source").cloned().unwrap_or_default();
            let place = |key: &str| source.get(key).map_or_else(String::new, |part| part.to_string());
            let file = source.get("file").and_then(Value::as_str).unwrap_or("").to_owned();
            json!({
                "service": text("service"),
                "instance": text("instance"),
                "role": text("role"),
                "because": reason.get("selector").cloned().unwrap_or_default(),
                "at": format!("{file}:{}:{}", place("line"), place("column")),
            })
        })
        .collect()
}

fn table(rows: &Value) -> io::Result<Vec<String>> {
    let options = Options { raw: true, last_end: true, ..Options::default() };
    let ty = Type::list(Type::Any);
    let layout = Layout::new(Format::Table, &ty, &options);
    let mut text = Vec::new();
    if write_answer(&Content::Data(rows), &ty, layout, &options, &mut text).is_err() {
        return Err(io::ErrorKind::InvalidData.into());
    }
    let text = String::from_utf8_lossy(&text).into_owned();
    // The last line counts the rows, which is nothing to know here.
    let mut lines: Vec<String> = text.lines().map(|line| format!("  {line}")).collect();
    lines.pop();
    Ok(lines)
}

fn unwritable(error: &io::Error) -> Diagnostic {
    Diagnostic::error(Code::Io, format!("the table cannot be written: {error}"))
}

/// Why a machine gets a service, or matches a filter, or why not.
fn one(
    inventory: &Inventory,
    machine: u32,
    source: &Arc<Source>,
    compile: &Compile<'_>,
) -> Result<Answer, Vec<Diagnostic>> {
    let title = title(inventory, machine);
    let memberships = inventory.memberships(source.text(), machine).map_err(|mistake| vec![mistake])?;
    if memberships.is_empty() {
        let known = |mistakes| unknown_word(source, inventory).map_or(mistakes, |unknown| vec![unknown]);
        let found = |source: &Arc<Source>| compile(source).map_err(known);
        return matches(inventory, machine, source, &found);
    }
    let mut lines = Vec::new();
    for membership in &memberships {
        told(&title, membership, &mut lines);
    }
    let yes = memberships.iter().any(|membership| membership.placed);
    let memberships: Vec<Value> = memberships.iter().map(membership_data).collect();
    Ok(Answer {
        data: json!({ "machine": inventory.machine_name(machine), "cluster": cluster(inventory, machine), "instances": memberships }),
        lines,
        yes,
        unknown: Vec::new(),
    })
}

/// Whether a machine matches a filter, and why.
fn matches(
    inventory: &Inventory,
    machine: u32,
    source: &Arc<Source>,
    compile: &Compile<'_>,
) -> Result<Answer, Vec<Diagnostic>> {
    let title = title(inventory, machine);
    let query = compile(source)?;
    let explanation = inventory.explain(&query, machine).map_err(|mistake| vec![mistake])?;
    let verb = if explanation.holds { "matches" } else { "does not match" };
    let mut lines = vec![format!("{title} {verb} {}", clipped(&explanation.filter))];
    if !explanation.fact.is_empty() {
        lines.push(format!("  {}", explanation.fact));
    }
    lines.extend(folded(std::slice::from_ref(&explanation), 0).into_iter().skip(1));
    let data = json!({ "machine": inventory.machine_name(machine), "cluster": cluster(inventory, machine), "matches": explanation.holds, "explanation": data(&explanation) });
    Ok(Answer { data, lines, yes: explanation.holds, unknown: Vec::new() })
}

/// The mistake of a question that is a single word which names nothing.
///
/// It is asked for where the word is no expression either.
fn unknown_word(source: &Arc<Source>, inventory: &Inventory) -> Option<Diagnostic> {
    let word = source.text();
    let is_word = word.chars().all(|next| next.is_alphanumeric() || matches!(next, '_' | '-' | '\'' | '/'));
    let model = inventory.model();
    let filter = word.strip_prefix("filters.").unwrap_or(word);
    if word.is_empty() || !is_word || model.filters.iter().any(|known| *known.name == *filter) {
        return None;
    }
    let services = model.services.iter().flat_map(|service| [&*service.id, &*service.name]);
    let instances = model.instances.iter().map(|instance| &*instance.name);
    let filters = model.filters.iter().map(|filter| &*filter.name);
    let message = format!("no service, instance or filter is called {}", quoted(word));
    let help = did_you_mean(word, services.chain(instances).chain(filters));
    Some(
        Diagnostic::error(Code::UnknownName, message)
            .at(source, invq::text::Span::new(0, word.len()), "not in the inventory")
            .maybe_help(help),
    )
}

fn told(title: &str, membership: &Membership, lines: &mut Vec<String>) {
    let verb = if membership.placed { "gets" } else { "does not get" };
    let instance = quoted(&membership.instance);
    if let (false, Some(cluster)) = (membership.at_home, &membership.cluster) {
        let cluster = quoted(cluster);
        lines.push(format!("{title} {verb} {instance}: it is a service of the cluster {cluster} alone"));
        return;
    }
    lines.push(format!("{title} {verb} {instance}"));
    for (who, explained) in &membership.selections {
        let held: Vec<&Selected> = explained.iter().filter(|one| one.explanation.holds).collect();
        if explained.is_empty() {
            lines.push(format!("  no   {who}: selects nothing"));
        }
        let shown: Vec<&Selected> = if held.is_empty() { explained.iter().collect() } else { held };
        for one in shown.iter().take(LINES) {
            let Explanation { holds, filter, .. } = &one.explanation;
            let place = &one.place;
            lines.push(format!(
                "  {}  {who}: {}{} ({place})",
                word(*holds),
                clipped(filter),
                fact(&one.explanation)
            ));
            if !holds {
                lines.extend(folded(&one.explanation.parts, 2));
            }
        }
        if let Some(more @ 1..) = shown.len().checked_sub(LINES) {
            lines.push(format!("       … and {more} more; `--json` has all"));
        }
    }
}

/// About how many lines an explanation may take.
const LINES: usize = 10;

/// How much of an explanation is shown.
#[derive(Clone, Copy)]
struct Shown {
    /// Only the parts that decide.
    deciding: bool,
    /// So many parts of each.
    parts: usize,
    /// Parts of parts, so deep.
    depth: usize,
}

/// Explanations as a tree; what is too large is folded, until it takes about ten lines. What decides
/// stays longest.
fn folded(explanations: &[Explanation], depth: usize) -> Vec<String> {
    let whole = Shown { deciding: false, parts: usize::MAX, depth: usize::MAX };
    let deciding = Shown { deciding: true, ..whole };
    let smaller = [8, 6, 4, 3, 2].map(|parts| Shown { parts, ..deciding });
    let flatter = [4, 3, 2, 1].map(|depth| Shown { parts: 2, depth, ..deciding });
    let mut lines = Vec::new();
    for shown in [whole, deciding].into_iter().chain(smaller).chain(flatter) {
        lines.clear();
        level(explanations, depth, shown, false, &mut lines);
        if lines.len() <= LINES {
            break;
        }
    }
    lines
}

/// One level of a tree. In a level of which one that holds is enough, those that hold decide where there
/// are any; else those that do not.
fn level(explanations: &[Explanation], depth: usize, shown: Shown, any: bool, lines: &mut Vec<String>) {
    let mixed = explanations.iter().any(|one| one.holds) && explanations.iter().any(|one| !one.holds);
    let decides = |one: &&Explanation| !(shown.deciding && mixed) || one.holds == any;
    let told: Vec<&Explanation> = explanations.iter().filter(decides).collect();
    let margin = "  ".repeat(depth);
    for one in told.iter().take(shown.parts) {
        lines.push(format!("{margin}{}  {}{}", word(one.holds), clipped(&one.filter), fact(one)));
        if shown.depth > 0 {
            level(&one.parts, depth + 1, Shown { depth: shown.depth - 1, ..shown }, one.any, lines);
        }
    }
    let hidden = explanations.len() - told.len().min(shown.parts);
    if hidden > 0 {
        lines.push(format!("{margin}     … and {hidden} more; `--json` has all"));
    }
}

fn word(holds: bool) -> &'static str {
    if holds { "yes" } else { "no " }
}

/// A filter in one line of no more than a hundred characters.
fn clipped(filter: &str) -> String {
    let line = filter.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= 100 { line } else { line.chars().take(99).chain(['…']).collect() }
}

fn fact(explanation: &Explanation) -> String {
    if explanation.fact.is_empty() { String::new() } else { format!(" — {}", explanation.fact) }
}

/// A machine's name, with its cluster's where another machine is called so.
fn title(inventory: &Inventory, machine: u32) -> String {
    let name = inventory.machine_name(machine);
    match inventory.model().find_nodes(name).nth(1) {
        Some(_) => format!("{}/{name}", cluster(inventory, machine)),
        None => name.to_owned(),
    }
}

fn cluster(inventory: &Inventory, machine: u32) -> &str {
    let model = inventory.model();
    let cluster =
        model.nodes.cluster.get(machine as usize).and_then(|cluster| model.clusters.get(*cluster as usize));
    cluster.map_or("", |cluster| &cluster.name)
}

fn data(explanation: &Explanation) -> Value {
    json!({
        "filter": explanation.filter,
        "holds": explanation.holds,
        "fact": explanation.fact,
        "parts": explanation.parts.iter().map(data).collect::<Vec<Value>>(),
    })
}

fn membership_data(membership: &Membership) -> Value {
    let selections = membership.selections.iter().map(|(who, explained)| {
        let explained = explained.iter().map(|one| {
            let mut explained = data(&one.explanation);
            if let Some(fields) = explained.as_object_mut() {
                fields.insert("at".to_owned(), one.place.as_str().into());
            }
            explained
        });
        json!({ "by": who, "explanations": explained.collect::<Vec<Value>>() })
    });
    json!({
        "instance": membership.instance,
        "service": membership.service,
        "cluster": membership.cluster,
        "atHome": membership.at_home,
        "placed": membership.placed,
        "selections": selections.collect::<Vec<Value>>(),
    })
}
