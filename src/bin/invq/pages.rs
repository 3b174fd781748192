//! Generated pages of the documentation.

use std::fmt::Write;

use clap::{Arg, CommandFactory, ValueEnum};
use invq::render::pages;

use crate::args::CommandLine;

/// The pages that are generated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Page {
    /// `docs/builtins.md`
    Builtins,
    /// `docs/command-line.md`
    CommandLine,
    /// `docs/errors.md`
    Errors,
    /// `docs/output.md`
    Output,
}

/// The text of a page.
pub(crate) fn page(page: Page) -> String {
    match page {
        Page::Builtins => pages::builtins(),
        Page::CommandLine => command_line(),
        Page::Errors => pages::errors(),
        Page::Output => pages::output(),
    }
}

/// The reference of the command line, from the declarations of its arguments.
fn command_line() -> String {
    let mut root = CommandLine::command();
    root.build();
    let mut page = String::from("# The command line\n\n");
    page.push_str(pages::GENERATED);
    page.push_str(
        "\n```\ninvq [OPTIONS] [EXPR]\ninvq [OPTIONS] -f FILE [ARGUMENTS]\ninvq [OPTIONS] COMMAND\n```\n\n",
    );
    page.push_str(COMMAND_LINE);
    let mut headings: Vec<&str> = Vec::new();
    for argument in options(&root) {
        let heading = argument.get_help_heading().unwrap_or("Other");
        if !headings.contains(&heading) {
            headings.push(heading);
        }
    }
    page.push_str("\n## Options\n");
    for heading in headings {
        let _ = write!(page, "\n### {heading}\n\n| option | what it does |\n| --- | --- |\n");
        for argument in
            options(&root).filter(|option| option.get_help_heading().unwrap_or("Other") == heading)
        {
            let _ = writeln!(page, "| {} | {} |", option_words(argument), help(argument));
        }
    }
    page.push_str(
        "\n## Commands\n\nA command takes the options about the inventory and about messages too.\n",
    );
    for command in root.get_subcommands().filter(|command| !command.is_hide_set()) {
        let positionals: Vec<&Arg> = command.get_positionals().collect();
        let names: String = positionals.iter().map(|argument| format!(" {argument}")).collect();
        let about = command.get_about().map(ToString::to_string).unwrap_or_default();
        let _ = write!(page, "\n### `invq {}{names}`\n\n{about}.\n", command.get_name());
        let own =
            command.get_arguments().filter(|argument| !argument.is_global_set() && !argument.is_hide_set());
        let rows: Vec<String> = own
            .filter(|argument| argument.get_id() != "help")
            .map(|argument| {
                let words =
                    if argument.is_positional() { format!("`{argument}`") } else { option_words(argument) };
                format!("| {words} | {} |\n", help(argument))
            })
            .collect();
        if !rows.is_empty() {
            let _ = write!(page, "\n| argument | what it is |\n| --- | --- |\n{}", rows.concat());
        }
    }
    page
}

/// What holds for the whole command line.
const COMMAND_LINE: &str = "\
An EXPR that is called like a command is the command; `invq -- check` evaluates `check`. Without an EXPR there is \
a [session](repl.md) on a terminal; elsewhere the expression is read from standard input, or lines as in a session.

With `-f FILE` the expression is read from FILE, and what else stands on the command line is what it sees as \
`args : [String]`; options of `invq` are still read, up to a `--`.

The inventory is what `-i` names, else `$INVQ_INVENTORY`, else the nearest `inventory.{invq,nix,yaml,yml,json,toml}` \
from the working directory upwards. A query that asks nothing of an inventory needs none.

Nothing but the answer goes to standard output; mistakes go to standard error. Where the inventory has mistakes on \
which the answer does not depend, one line says how many, and `invq check` lists them.

## Exit status

| status | when |
| --- | --- |
| 0 | there is an answer |
| 1 | with `-e` or `-q`: nothing matched, or the answer is empty, null or false |
| 2 | the command line was used wrongly, a file that it names cannot be read, or the answer does not fit the format |
| 3 | a mistake in the query |
| 4 | a mistake in the inventory, or a file of it that is no UTF-8 text or cannot be included |
| 5 | a limit was reached, or the run was interrupted |
| 141 | the reader of standard output went away, as shells report it |
";

/// The options of a command in declared order, without what clap adds.
fn options(command: &clap::Command) -> impl Iterator<Item = &Arg> {
    command.get_arguments().filter(|argument| !argument.is_positional() && !argument.is_hide_set())
}

/// `-o`, `--output FORMAT`
fn option_words(argument: &Arg) -> String {
    let mut words = Vec::new();
    if let Some(short) = argument.get_short() {
        words.push(format!("`-{short}`"));
    }
    if let Some(long) = argument.get_long() {
        let takes = argument.get_action().takes_values();
        let names = argument.get_value_names().filter(|_| takes).unwrap_or(&[]);
        let names: String = names.iter().map(|name| format!(" {name}")).collect();
        words.push(format!("`--{long}{names}`"));
    }
    words.join(", ")
}

fn help(argument: &Arg) -> String {
    let mut text = argument.get_help().map(ToString::to_string).unwrap_or_default().replace('|', "\\|");
    let values = argument.get_possible_values();
    if argument.get_action().takes_values() && !values.is_empty() {
        let words: Vec<String> = values.iter().map(|value| format!("`{}`", value.get_name())).collect();
        let _ = write!(text, ": {}", words.join(", "));
    }
    text
}
