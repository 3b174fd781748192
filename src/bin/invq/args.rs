//! What can be typed after `invq`.

use std::ffi::OsString;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use clap::{ArgAction, Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use invq::diagnostic::{CODES, Code};
use invq::inventory::model::Dialect;
use invq::render;
use invq::text::did_you_mean;
use invq::{Engine, Limits, Severities};

use crate::console::{Colour, ErrorFormat, ReportFormat};
use crate::interrupt;
use crate::pages::Page;

/// The forms of the command line.
pub(crate) const USAGE: &str =
    "invq [OPTIONS] [EXPR]\n       invq [OPTIONS] -f FILE [ARGUMENTS]\n       invq [OPTIONS] COMMAND";

/// Query machine inventories
///
/// Evaluates an expression on an inventory and writes the answer. Without an expression there is a
/// session on a terminal; elsewhere the expression, or lines as in a session, are read from standard
/// input.
#[derive(Debug, Parser)]
#[command(name = "invq", version, disable_help_subcommand = true, max_term_width = 100)]
#[command(override_usage = USAGE)]
#[command(
    after_help = "Exit status: 0 answered, 1 nothing matched (-e, -q), 2 usage, 3 a mistake in the query, \
    4 a mistake in the inventory, 5 a limit reached."
)]
pub(crate) struct CommandLine {
    #[command(flatten)]
    pub(crate) shared: Shared,
    #[command(flatten)]
    pub(crate) query: Query,
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
}

/// The command line with `-f`: what follows the file's name is the file's own.
#[derive(Debug, Parser)]
#[command(name = "invq", version, max_term_width = 100, override_usage = USAGE)]
struct ScriptLine {
    #[command(flatten)]
    shared: Shared,
    #[command(flatten)]
    query: Query,
}

impl CommandLine {
    /// Reads the arguments of the process.
    ///
    /// # Errors
    /// What clap has to say, help and version included.
    pub(crate) fn read(arguments: Vec<OsString>) -> Result<CommandLine, clap::Error> {
        if !is_script(&arguments) {
            return CommandLine::try_parse_from(arguments);
        }
        // A script's own arguments may be called like subcommands.
        let line = ScriptLine::try_parse_from(arguments)?;
        Ok(CommandLine { shared: line.shared, query: line.query, command: None })
    }
}

/// Whether there is a `-f`, which leaves no place for a subcommand.
fn is_script(arguments: &[OsString]) -> bool {
    arguments
        .iter()
        .skip(1)
        .map(|argument| argument.to_string_lossy())
        .take_while(|argument| argument != "--")
        .any(|argument| {
            let short = argument.strip_prefix('-').filter(|letters| !letters.starts_with('-'));
            // Letters before the `f` must be switches: `-rf FILE`.
            let short = short.is_some_and(|letters| {
                letters.trim_start_matches(['r', '0', 'c', 'n', 'e', 'q']).starts_with('f')
            });
            short || argument == "--file" || argument.starts_with("--file=")
        })
}

/// Options that subcommands have too.
#[derive(Args, Debug)]
pub(crate) struct Shared {
    /// Inventory to load; `-` is standard input. Several merge in order
    ///
    /// Without it the inventory is what $INVQ_INVENTORY names, else the nearest
    /// inventory.{invq,nix,yaml,yml,json,toml} from the working directory upwards.
    #[arg(short, long, value_name = "PATH", global = true, help_heading = "Inventory")]
    pub(crate) inventory: Vec<PathBuf>,
    /// Use the small built-in inventory
    #[arg(long, global = true, help_heading = "Inventory", conflicts_with = "inventory")]
    pub(crate) demo: bool,
    /// System whose inventory it is, where its keys do not say
    #[arg(long, value_name = "DIALECT", global = true, help_heading = "Inventory", value_parser = dialects())]
    pub(crate) from: Option<Dialect>,
    /// Function that makes an inventory of the documents, for those of no known system
    #[arg(long, value_name = "FILE", global = true, help_heading = "Inventory", conflicts_with_all = ["demo", "from"])]
    pub(crate) reader: Option<PathBuf>,
    /// Let any mistake of the inventory stop the query; for `check`, warnings fail too
    #[arg(long, global = true, help_heading = "Inventory")]
    pub(crate) strict: bool,
    /// Do not mention mistakes of this kind
    #[arg(long, value_name = "CODE", global = true, help_heading = "Inventory", value_parser = code, value_delimiter = ',')]
    pub(crate) allow: Vec<Code>,
    /// Make mistakes of this kind warnings
    #[arg(long, value_name = "CODE", global = true, help_heading = "Inventory", value_parser = code, value_delimiter = ',')]
    pub(crate) warn: Vec<Code>,
    /// Make mistakes of this kind errors
    #[arg(long, value_name = "CODE", global = true, help_heading = "Inventory", value_parser = code, value_delimiter = ',')]
    pub(crate) deny: Vec<Code>,
    /// When to use colours (also NO_COLOR, CLICOLOR_FORCE)
    #[arg(long, value_name = "WHEN", global = true, default_value = "auto", help_heading = "Messages")]
    pub(crate) color: Colour,
    /// How mistakes are written to standard error
    #[arg(long, value_name = "FORMAT", global = true, default_value = "human", help_heading = "Messages")]
    pub(crate) error_format: ErrorFormat,
}

/// What a query takes.
#[derive(Args, Debug)]
pub(crate) struct Query {
    /// Expression to evaluate; with `-f`, what the file sees as `args`
    #[arg(value_name = "EXPR")]
    pub(crate) expression: Vec<String>,
    /// Read the expression from a file; FILE's own arguments follow
    #[arg(short, long, value_name = "FILE", help_heading = "Query")]
    pub(crate) file: Option<PathBuf>,
    /// Bind NAME to a text
    #[arg(long, num_args = 2, value_names = ["NAME", "VALUE"], action = ArgAction::Append, help_heading = "Query")]
    pub(crate) arg: Vec<String>,
    /// Bind NAME to a JSON value
    #[arg(long, num_args = 2, value_names = ["NAME", "JSON"], action = ArgAction::Append, help_heading = "Query")]
    pub(crate) argjson: Vec<String>,
    /// Resolve bare filters in this cluster alone
    #[arg(long, value_name = "NAME", help_heading = "Query")]
    pub(crate) cluster: Option<String>,
    /// Format of the answer
    #[arg(short, long, value_name = "FORMAT", default_value = "auto", value_parser = formats(), help_heading = "Output")]
    pub(crate) output: render::Format,
    /// Write texts in JSON output without quotes
    #[arg(short, long, help_heading = "Output")]
    pub(crate) raw: bool,
    /// End each line's text with NUL instead of a line feed
    #[arg(short = '0', long = "null", help_heading = "Output")]
    pub(crate) nul: bool,
    /// Write JSON on one line
    #[arg(short, long, help_heading = "Output")]
    pub(crate) compact: bool,
    /// Do not end the last line
    #[arg(short, long, help_heading = "Output")]
    pub(crate) no_newline: bool,
    /// Exit with 1 where the answer is empty, null or false
    #[arg(short, long, help_heading = "Output")]
    pub(crate) exit_status: bool,
    /// Write nothing; the exit status tells, as with -e
    #[arg(short, long, help_heading = "Output")]
    pub(crate) quiet: bool,
    /// Do not stop at the first mistake of lines from standard input
    #[arg(long, help_heading = "Session")]
    pub(crate) keep_going: bool,
    /// Plain typing: no hints, colours or underlines in the line
    #[arg(long, help_heading = "Session")]
    pub(crate) no_hint: bool,
    /// Evaluation steps at most
    #[arg(long, value_name = "N", value_parser = steps, help_heading = "Limits")]
    pub(crate) limit_steps: Option<u64>,
    /// Memory of values at most: 500M, 2G
    #[arg(long, value_name = "BYTES", value_parser = bytes, help_heading = "Limits")]
    pub(crate) limit_memory: Option<usize>,
    /// Nested calls at most
    #[arg(long, value_name = "N", value_parser = calls, help_heading = "Limits")]
    pub(crate) limit_depth: Option<usize>,
    /// Time of the evaluation at most: 100ms, 2s
    #[arg(long, value_name = "DURATION", value_parser = duration, help_heading = "Limits")]
    pub(crate) limit_time: Option<Duration>,
    /// Memory of the answer at most: 500M, 2G
    #[arg(long, value_name = "BYTES", value_parser = bytes, help_heading = "Limits")]
    pub(crate) limit_answer: Option<usize>,
}

impl Shared {
    /// An engine with these limits, for inventories as the command line says to take them.
    pub(crate) fn engine(&self, limits: Limits) -> Engine {
        let severities =
            Severities { allowed: self.allow.clone(), warned: self.warn.clone(), denied: self.deny.clone() };
        Engine::new(limits)
            .with_severities(severities)
            .with_dialect(self.from)
            .with_working_folder(Some(PathBuf::from(".")))
            .with_reader(self.reader.clone())
    }
}

impl Query {
    /// The limits of the engine; Ctrl-C stops it.
    pub(crate) fn limits(&self) -> Limits {
        self.limits_until(interrupt::watch())
    }

    /// The limits of an engine that a flag stops.
    pub(crate) fn limits_until(&self, interrupt: Arc<AtomicBool>) -> Limits {
        let usual = Limits::default();
        Limits {
            steps: self.limit_steps.unwrap_or(usual.steps),
            memory: self.limit_memory.unwrap_or(usual.memory),
            depth: self.limit_depth.unwrap_or(usual.depth),
            time: self.limit_time.or(usual.time),
            answer: self.limit_answer.unwrap_or(usual.answer),
            interrupt: Some(interrupt),
            ..usual
        }
    }
}

/// The subcommands.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// List every mistake of an inventory
    Check {
        /// Inventories to check, each on its own; without one, the inventory that a query would see
        #[arg(value_name = "INVENTORY")]
        inventories: Vec<PathBuf>,
        /// How mistakes are written to standard output; without it, as `--error-format` says
        #[arg(long, value_name = "FORMAT")]
        format: Option<ReportFormat>,
    },
    /// Tell why a machine gets a service or matches a filter, or why not
    Why {
        /// Machine's name
        machine: String,
        /// Filter, service or instance; without one, everything that the machine gets
        #[arg(value_name = "FILTER|SERVICE")]
        about: Option<String>,
        /// Tell by which clouds it reaches another machine, or which link is missing
        #[arg(long, value_name = "MACHINE", conflicts_with = "about")]
        reaches: Option<String>,
        /// Write a JSON object for each machine of the name
        #[arg(long)]
        json: bool,
    },
    /// Write the final configuration of machines, or who says what in it
    ///
    /// Of one machine it is the configuration itself, of several a set by cluster and name.
    Render {
        /// Machine's name; may be given several times. Without it, all machines
        #[arg(short, long, value_name = "NAME")]
        machine: Vec<String>,
        /// Only what stands at this option, such as `networking.extraHosts`
        #[arg(long, value_name = "OPTION")]
        at: Option<String>,
        /// Show every definition: who says it and where, its priority, and why it counts or not
        #[arg(long)]
        sources: bool,
        /// Write a NixOS module for each machine, and a flake.nix with them, into a folder
        #[arg(long, value_name = "DIR", conflicts_with_all = ["at", "sources"])]
        nix: Option<PathBuf>,
        /// Format of the configuration
        #[arg(id = "render-output", short = 'o', long = "output", value_name = "FORMAT", default_value = "auto", value_parser = formats())]
        output: render::Format,
    },
    /// Tell what changes from one inventory to another; exit with 1 where something does
    Diff {
        /// Inventory before, and the one after; with --with, the one that changes
        #[arg(value_name = "INVENTORY", num_args = 0..=2)]
        inventories: Vec<PathBuf>,
        /// Changes to look ahead to: `addTag "jon" "web"`, or a list of changes. Nothing is written
        #[arg(long, value_name = "EXPR")]
        with: Option<String>,
        /// Write a JSON object
        #[arg(long)]
        json: bool,
    },
    /// Tell what an operation of Operations Center would do; with --write, do it to the documents
    ///
    /// The request is JSON as its API takes it: the body of a bulk update, or a cluster to be made.
    /// Every server is checked before anything is told, and all mistakes are.
    Plan {
        /// File with the request; `-` is standard input
        #[arg(value_name = "OPERATION.json")]
        operation: PathBuf,
        /// Cluster of a bulk update, where there are several
        #[arg(long = "cluster", id = "plan_cluster", value_name = "NAME")]
        cluster: Option<String>,
        /// Change only the servers that this filter selects
        #[arg(long, value_name = "FILTER")]
        select: Option<String>,
        /// Write the documents as they are afterwards; nothing is sent anywhere
        #[arg(long)]
        write: bool,
        /// Write the plan as a JSON object: requests, and what takes them back
        #[arg(long)]
        json: bool,
    },
    /// Write a snapshot of an inventory, from which queries open it at once
    ///
    /// It is kept in the cache folder, and its path is the answer. Queries use it while the inventory is
    /// what it was; afterwards they read the inventory itself, until it is indexed again.
    Index {
        /// Inventory: one file of JSON, NDJSON, YAML or TOML; without it, the one that a query would see
        #[arg(id = "indexed", value_name = "INVENTORY")]
        inventory: Option<PathBuf>,
    },
    /// Draw machines, services or clouds as a graph
    ///
    /// Large inventories are drawn by cluster and group, with their counts.
    Graph {
        /// What to draw
        #[arg(value_name = "WHAT")]
        subject: Subject,
        /// Filter for the machines to draw; without one, all
        filter: Option<String>,
        /// Format of the graph
        #[arg(id = "graph-output", short = 'o', long = "output", value_name = "FORMAT", default_value = "dot", value_parser = graph_formats())]
        output: render::graph::GraphFormat,
    },
    /// Format expressions, also those in an inventory's strings
    ///
    /// Without FILE it reads an expression from standard input and writes it formatted. Files are
    /// rewritten where that changes them; of JSON, YAML and TOML only the expressions in their strings.
    Fmt {
        /// Files to format
        #[arg(value_name = "FILE")]
        files: Vec<PathBuf>,
        /// Write nothing; list the files that would change, and exit with 1 if there are any
        #[arg(long)]
        check: bool,
    },
    /// Explain a kind of mistake; without CODE, list all kinds
    Explain {
        /// Word in brackets at the beginning of a message
        code: Option<String>,
    },
    /// Describe a builtin, a set of them, a collection or a record; without NAME, list them
    Doc {
        /// Name as it is used in expressions, such as `lib.strings`; or a word to search for
        name: Option<String>,
    },
    /// Write completions for a shell
    Completions {
        /// Shell to complete in
        shell: Shell,
    },
    /// Write the JSON Schema of inventory files, for editors
    Schema,
    /// Serve an editor as a language server on standard input and output
    ///
    /// Mistakes, completion, explanations and formatting, in inventories and in files of expressions beside
    /// them. Without -i each file belongs to the nearest inventory from its folder upwards.
    Lsp,
    /// Write the manual page
    Man,
    /// Write a generated page of the documentation
    #[command(hide = true)]
    Page {
        /// Which page
        page: Page,
    },
}

/// What can be drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Subject {
    /// Machines in clusters and groups, VMs on their hosts
    Machines,
    /// Instances of services with the machines in their roles
    Services,
    /// Clouds and what they reach
    Clouds,
}

fn graph_formats() -> impl TypedValueParser<Value = render::graph::GraphFormat> {
    let formats = render::graph::GraphFormat::ALL;
    PossibleValuesParser::new(formats.map(|(_, word, help)| PossibleValue::new(word).help(help)))
        .try_map(|word| render::graph::GraphFormat::from_word(&word).ok_or("no such format"))
}

/// The dialects that can be asked for.
const DIALECTS: [(&str, Dialect, &str); 5] = [
    ("clan", Dialect::Clan, "Clan inventories, instances and services"),
    ("clusterconfig", Dialect::ClusterConfig, "NixOs-ClusterConfig domains"),
    ("walrus", Dialect::Walrus, "Walrus systems and clouds"),
    ("ansible", Dialect::Ansible, "Ansible inventories in INI, YAML, TOML and JSON"),
    ("operations-center", Dialect::OperationsCenter, "Operations Center clusters, servers and inventory"),
];

fn dialects() -> impl TypedValueParser<Value = Dialect> {
    PossibleValuesParser::new(DIALECTS.map(|(word, _, help)| PossibleValue::new(word).help(help))).try_map(
        |word| {
            let found = DIALECTS.iter().find(|(known, _, _)| *known == word);
            found.map(|(_, dialect, _)| *dialect).ok_or("no such dialect")
        },
    )
}

fn formats() -> impl TypedValueParser<Value = render::Format> {
    PossibleValuesParser::new(render::Format::ALL.map(|(_, word, help)| PossibleValue::new(word).help(help)))
        .try_map(|word| render::Format::from_word(&word).ok_or("no such format"))
}

fn code(word: &str) -> Result<Code, String> {
    Code::from_word(word).ok_or_else(|| {
        let near = did_you_mean(word, CODES.iter().map(|entry| entry.word));
        near.unwrap_or_else(|| "`invq explain` lists all codes".to_owned())
    })
}

pub(crate) fn steps(text: &str) -> Result<u64, String> {
    text.replace('_', "").parse().map_err(|_| "expected a whole number, such as 1000000".to_owned())
}

/// A number of nested calls. Each takes some KiB of stack, which no other limit counts.
pub(crate) fn calls(text: &str) -> Result<usize, String> {
    let calls = steps(text).ok().and_then(|calls| usize::try_from(calls).ok());
    calls
        .filter(|calls| *calls <= MOST_CALLS)
        .ok_or_else(|| format!("expected a whole number up to {MOST_CALLS}, such as 20000"))
}

/// As many nested calls as the stack of any machine has room for.
const MOST_CALLS: usize = 100_000;

/// A number of bytes: `500M`, `2G`, `64KiB`; each step is 1024.
pub(crate) fn bytes(text: &str) -> Result<usize, String> {
    let (number, unit) = split_number(text);
    let unit = unit.to_ascii_lowercase();
    let shift = match unit.trim_end_matches('b').trim_end_matches('i') {
        "" => Some(0),
        "k" => Some(10),
        "m" => Some(20),
        "g" => Some(30),
        "t" => Some(40),
        _ => None,
    };
    let number = number.parse::<usize>().ok();
    let product = number.zip(shift).and_then(|(number, shift)| number.checked_mul(1 << shift));
    product.ok_or_else(|| "expected a number of bytes, such as 500M or 2G".to_owned())
}

/// A duration: `100ms`, `2s`, `1.5m`.
pub(crate) fn duration(text: &str) -> Result<Duration, String> {
    let (number, unit) = split_number(text);
    let seconds = match unit {
        "ms" => Some(0.001),
        "s" | "" => Some(1.0),
        "m" | "min" => Some(60.0),
        "h" => Some(3600.0),
        _ => None,
    };
    let number = number.parse::<f64>().ok();
    let product =
        number.zip(seconds).and_then(|(number, unit)| Duration::try_from_secs_f64(number * unit).ok());
    product.ok_or_else(|| "expected a duration, such as 100ms or 2s".to_owned())
}

/// A text's number and what follows it.
fn split_number(text: &str) -> (&str, &str) {
    let end = text.find(|next: char| !next.is_ascii_digit() && next != '.').unwrap_or(text.len());
    let (number, unit) = text.split_at_checked(end).unwrap_or((text, ""));
    (number, unit.trim())
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    fn read(line: &[&str]) -> Result<CommandLine, clap::Error> {
        CommandLine::read(std::iter::once("invq").chain(line.iter().copied()).map(OsString::from).collect())
    }

    #[test]
    fn the_declarations_hold_together() {
        CommandLine::command().debug_assert();
        ScriptLine::command().debug_assert();
    }

    #[test]
    fn a_subcommand_goes_before_an_expression() {
        assert!(matches!(read(&["check"]).map(|line| line.command), Ok(Some(Command::Check { .. }))));
        let line = read(&["--", "check"]).expect("an expression");
        assert!(line.command.is_none());
        assert_eq!(line.query.expression, ["check"]);
    }

    #[test]
    fn arguments_of_a_script_are_its_own() {
        for line in [&["-f", "q.invq", "check", "x"][..], &["-rf", "q.invq", "check", "x"]] {
            let line = read(line).expect("a script");
            assert!(line.command.is_none());
            assert_eq!(line.query.expression, ["check", "x"]);
        }
    }

    #[test]
    fn shared_options_stand_before_and_after_a_subcommand() {
        for line in [["--demo", "check"], ["check", "--demo"]] {
            assert!(read(&line).expect("a subcommand").shared.demo);
        }
    }

    #[test]
    fn sizes_and_durations_have_units() {
        assert_eq!(bytes("1G"), Ok(1 << 30));
        assert_eq!(bytes("500M"), Ok(500 << 20));
        assert_eq!(bytes("64KiB"), Ok(64 << 10));
        assert_eq!(bytes("12"), Ok(12));
        assert!(bytes("1X").is_err() && bytes("").is_err() && bytes("99999999T").is_err());
        assert_eq!(duration("2s"), Ok(Duration::from_secs(2)));
        assert_eq!(duration("100ms"), Ok(Duration::from_millis(100)));
        assert_eq!(duration("1.5m"), Ok(Duration::from_secs(90)));
        assert!(duration("2 days").is_err() && duration("s").is_err());
        assert_eq!(steps("1_000"), Ok(1000));
    }
}
