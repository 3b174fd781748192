//! A query: compile it, run it, write its answer.

use std::io::{self, BufWriter, IsTerminal, Write};
use std::mem::ManuallyDrop;
use std::path::Path;
use std::sync::Arc;

use clap::CommandFactory;
use invq::diagnostic::{Code, Diagnostic};
use invq::render::{Content, Format, Layout, Options, OutputError, write_answer};
use invq::text::{Source, nearest, quoted};
use invq::types::{Field, Rest, Type};
use invq::{Answer, Arguments, Engine, Inventory, Limit, Session};
use serde_json::Value;

use super::mistakes::{any_error, mistakes, note};
use super::{kept_or_loaded, output_options, print, unwritten, wrong_usage};
use crate::args::{CommandLine, Query, Shared, USAGE};
use crate::console::Console;
use crate::exit::{Outcome, Stage};
use crate::inputs::{Choice, nothing_found, read_source, unread};
use crate::interrupt::Stoppable;
use crate::repl;

/// Runs a query, or says how to write one.
pub(super) fn run(shared: &Shared, query: &Query, console: &Console) -> Outcome {
    let choice = Choice::of(shared);
    if is_session(query, &choice) {
        return repl::interactive(shared, query, choice, console);
    }
    let source = match source(query, &choice, console) {
        Ok(source) => source,
        Err(outcome) => return outcome,
    };
    let arguments = match arguments(query) {
        Ok(arguments) => arguments,
        Err(wrong) => {
            console.report(&[*wrong]);
            return Outcome::Usage;
        }
    };
    let engine = shared.engine(query.limits());
    // Taking a large inventory apart is lost time where the process ends.
    let inventory = match kept_or_loaded(&choice, &engine, console) {
        Ok(inventory) => ManuallyDrop::new(inventory),
        Err(outcome) => return outcome,
    };
    if shared.strict && any_error(mistakes(&inventory)) {
        console.report(&mistakes(&inventory).cloned().collect::<Vec<Diagnostic>>());
        return Outcome::Inventory;
    }
    if query.expression.is_empty() && query.file.is_none() {
        let mut session = Session::new(engine.clone(), Inventory::clone(&inventory));
        session.give(&arguments);
        if query.keep_going || session.is_lines(&source) {
            return repl::lines(shared, query, choice, session, &source);
        }
    }
    let asked = Asked { query, source: &source, arguments: &arguments, nothing: choice == Choice::Nothing };
    match answer(&asked, &engine, &inventory, console).map_err(|found| with_command(found, query)) {
        Ok(outcome) => {
            if !query.quiet && outcome != Outcome::ClosedPipe {
                note(&inventory, console);
            }
            outcome
        }
        Err(diagnostics) => {
            console.report(&diagnostics);
            Outcome::of(&diagnostics, &Stage::Querying(&inventory))
        }
    }
}

/// Whether there is a terminal at both ends, and nothing to evaluate.
fn is_session(query: &Query, choice: &Choice) -> bool {
    let asks = !query.expression.is_empty() || query.file.is_some() || choice.reads_stdin();
    !asks && io::stdin().is_terminal() && io::stdout().is_terminal()
}

/// A query with all that came with it.
struct Asked<'a> {
    query: &'a Query,
    source: &'a Arc<Source>,
    arguments: &'a Arguments,
    /// Whether there is no inventory.
    nothing: bool,
}

fn answer(
    asked: &Asked,
    engine: &Engine,
    inventory: &Inventory,
    console: &Console,
) -> Result<Outcome, Vec<Diagnostic>> {
    let compiled = match engine.compile_source(asked.source, inventory, asked.arguments) {
        Ok(compiled) => compiled,
        Err(mistakes) if asked.nothing && mistakes.iter().any(names_something) => {
            return Err(vec![nothing_found()]);
        }
        Err(mistakes) => return Err(mistakes),
    };
    if asked.nothing && compiled.asks_inventory() {
        return Err(vec![nothing_found()]);
    }
    if asked.query.output == Format::Type {
        return Ok(print(console, |out| writeln!(out, "{}", compiled.type_text())));
    }
    let answer = compiled.run_last(inventory).map_err(|mistake| vec![mistake])?;
    let outcome = write(answer, asked.query, asked.query.output, inventory, console)?;
    inventory.intact().map_err(|mistake| vec![mistake])?;
    Ok(outcome)
}

/// Writes an answer to standard output, or only tells whether there is one.
pub(crate) fn write(
    answer: Answer,
    query: &Query,
    output: Format,
    inventory: &Inventory,
    console: &Console,
) -> Result<Outcome, Vec<Diagnostic>> {
    let options = output_options(query, console);
    let ty = answer.ty().clone();
    let layout = Layout::new(output, &ty, &options);
    let asks_status = query.exit_status || query.quiet;
    let outcome = if asks_status && answer.is_empty() { Outcome::NoAnswer } else { Outcome::Answered };
    if query.quiet {
        return Ok(outcome);
    }
    if layout.takes_nodes()
        && let Some(nodes) = answer.nodes()
    {
        let content = Content::Nodes(inventory, nodes);
        return write_content(&content, &ty, layout, &options, outcome, console);
    }
    // The process ends soon after the answer is written: taking a large one apart first is lost time.
    let data = ManuallyDrop::new(answer.into_data(inventory).map_err(|mistake| vec![mistake])?);
    write_content(&Content::Data(&data), &ty, layout, &options, outcome, console)
}

fn write_content(
    content: &Content,
    ty: &Type,
    layout: Layout,
    options: &Options,
    outcome: Outcome,
    console: &Console,
) -> Result<Outcome, Vec<Diagnostic>> {
    let mut out = BufWriter::with_capacity(64 * 1024, Stoppable(io::stdout().lock()));
    let written = write_answer(content, ty, layout, options, &mut out);
    match written.and_then(|()| Ok(out.flush()?)) {
        Ok(()) => Ok(outcome),
        Err(OutputError::Io(error)) => Ok(unwritten(&error, console)),
        Err(OutputError::Refused(refusal)) => Err(vec![*refusal]),
    }
}

/// The expression: from the file of `-f`, from the command line, or from standard input.
fn source(query: &Query, choice: &Choice, console: &Console) -> Result<Arc<Source>, Outcome> {
    let read = |path: &Path| {
        read_source(path, Limit::Source).map_err(|failure| {
            let outcome = unread(&failure);
            console.report(&[*failure]);
            outcome
        })
    };
    if let Some(file) = &query.file {
        return read(file);
    }
    match query.expression.as_slice() {
        [expression] => Ok(Source::new("<query>", expression.as_str())),
        [] if choice.reads_stdin() => Err(wrong_usage(
            console,
            "`-i -` reads standard input, so the expression must be an argument",
            "invq -i - 'EXPR'",
        )),
        [] if io::stdin().is_terminal() => Err(wrong_usage(
            console,
            format!(
                "there is no expression, and standard output is no terminal for a session\nUsage: {USAGE}"
            ),
            "`invq --demo machines` lists the machines of the built-in inventory, `invq --help` the options",
        )),
        [] => read(Path::new("-")),
        [first, second, ..] => Err(wrong_usage(
            console,
            format!("one expression is expected, and {} follows {}", quoted(second), quoted(first)),
            command_meant(first).unwrap_or_else(|| {
                format!("put quotes around the whole expression: invq '{}'", query.expression.join(" "))
            }),
        )),
    }
}

/// The help for a word that is nearly the name of a command.
fn command_meant(word: &str) -> Option<String> {
    let line = CommandLine::command();
    let names = line.get_subcommands().filter(|command| !command.is_hide_set());
    let near = nearest(word, names.map(clap::Command::get_name)).into_iter().next()?;
    Some(format!("did you mean the command `invq {near}`?"))
}

/// Where the whole expression is a word that is bound to nothing, a command may have been meant.
fn with_command(found: Vec<Diagnostic>, query: &Query) -> Vec<Diagnostic> {
    match (found.as_slice(), query.expression.as_slice()) {
        // Words of three letters are near to too much.
        ([only], [word]) if only.code == Code::UnknownName && query.file.is_none() && word.len() > 3 => {
            match command_meant(word) {
                Some(help) => vec![only.clone().help(help)],
                None => found,
            }
        }
        _ => found,
    }
}

/// The names that the command line gives, with their types.
pub(crate) fn arguments(query: &Query) -> Result<Arguments, Box<Diagnostic>> {
    let mut values = Vec::new();
    for pair in query.arg.chunks_exact(2) {
        if let [name, value] = pair {
            values.push((argument_name(name, "--arg")?, Type::String, Value::from(value.as_str())));
        }
    }
    for pair in query.argjson.chunks_exact(2) {
        if let [name, text] = pair {
            let value: Value = serde_json::from_str(text).map_err(|error| {
                let message = format!("the value of {} is not JSON: {error}", quoted(name));
                Box::new(
                    Diagnostic::error(Code::Usage, message)
                        .help("write texts in quotes: `--argjson x '\"a\"'`"),
                )
            })?;
            values.push((argument_name(name, "--argjson")?, type_of(&value), value));
        }
    }
    if let Some((name, _, _)) = values
        .iter()
        .enumerate()
        .find_map(|(at, value)| values.iter().take(at).any(|(name, _, _)| *name == value.0).then_some(value))
    {
        let message = format!("{} is given twice", quoted(name));
        return Err(Box::new(
            Diagnostic::error(Code::Usage, message).help("give it once, by `--arg` or by `--argjson`"),
        ));
    }
    if query.file.is_some() {
        let own = query.expression.iter().map(|argument| Value::from(argument.as_str())).collect();
        values.push(("args".to_owned(), Type::list(Type::String), Value::Array(own)));
    }
    Ok(Arguments { values, cluster: query.cluster.clone() })
}

fn argument_name(name: &str, option: &str) -> Result<String, Box<Diagnostic>> {
    let mut characters = name.chars();
    let begins = characters.next().is_some_and(|first| first.is_ascii_alphabetic() || first == '_');
    if begins && characters.all(|next| next.is_ascii_alphanumeric() || matches!(next, '_' | '-' | '\'')) {
        return Ok(name.to_owned());
    }
    let message = format!("{} cannot be a name in an expression", quoted(name));
    Err(Box::new(Diagnostic::error(Code::Usage, message).help(format!("{option} name VALUE"))))
}

/// The type of JSON data, as exact as lists of one kind of element allow.
fn type_of(value: &Value) -> Type {
    match value {
        Value::Null => Type::Null,
        Value::Bool(_) => Type::Bool,
        Value::Number(number) if number.is_i64() => Type::Int,
        Value::Number(_) => Type::Float,
        Value::String(_) => Type::String,
        Value::Array(items) => {
            let mut types = items.iter().map(type_of);
            let first = types.next().unwrap_or(Type::Any);
            Type::list(if types.all(|ty| ty == first) { first } else { Type::Any })
        }
        Value::Object(members) => {
            let field = |(name, value): (&String, &Value)| Field {
                name: name.as_str().into(),
                ty: type_of(value),
                optional: false,
            };
            Type::record(members.iter().map(field).collect(), Rest::Closed)
        }
    }
}

/// Whether a mistake comes from having no inventory: what stands in quotes is a name of something in it.
pub(crate) fn names_something(mistake: &Diagnostic) -> bool {
    let in_quotes = mistake.labels.first().is_some_and(|label| {
        let text = label.source.slice(label.span);
        text.starts_with('"') || text.starts_with("''")
    });
    in_quotes && matches!(mistake.code, Code::UnknownName | Code::UnknownMachine | Code::UnknownTag)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn json_arguments_have_exact_types() {
        assert_eq!(type_of(&json!([1, 2])), Type::list(Type::Int));
        assert_eq!(type_of(&json!([1, "a"])), Type::list(Type::Any));
        assert_eq!(type_of(&json!([])), Type::list(Type::Any));
        let Type::Record(record) = type_of(&json!({ "a": 1.5 })) else { panic!("a record") };
        assert_eq!(record.field("a").map(|field| field.ty.clone()), Some(Type::Float));
    }

    #[test]
    fn names_are_identifiers() {
        assert!(argument_name("a-b'", "--arg").is_ok());
        assert!(argument_name("1a", "--arg").is_err());
        assert!(argument_name("", "--arg").is_err());
    }
}
