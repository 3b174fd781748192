//! The commands of a session: one table, which the program, completion and the documentation read.

use std::sync::Arc;

use crate::diagnostic::{Code, Diagnostic};
use crate::text::{Source, SourceMap, Span, did_you_mean, quoted};

/// The commands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Command {
    /// `:type`
    Type,
    /// `:doc`
    Doc,
    /// `:why`
    Why,
    /// `:browse`
    Browse,
    /// `:time`
    Time,
    /// `:let`
    Let,
    /// `:load`
    Load,
    /// `:save`
    Save,
    /// `:edit`
    Edit,
    /// `:undo`
    Undo,
    /// `:inventory`
    Inventory,
    /// `:reload`
    Reload,
    /// `:watch`
    Watch,
    /// `:output`
    Output,
    /// `:set`
    Set,
    /// `:history`
    History,
    /// `:tour`
    Tour,
    /// `:help`
    Help,
    /// `:quit`
    Quit,
}

/// What a group of commands is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Group {
    /// Questions.
    Asking,
    /// Names and files of names.
    Names,
    /// The inventory.
    Inventory,
    /// The session itself.
    Session,
}

impl Group {
    /// All groups, in the order in which they are told.
    pub const ALL: [Group; 4] = [Group::Asking, Group::Names, Group::Inventory, Group::Session];

    /// Its title.
    pub fn title(self) -> &'static str {
        match self {
            Group::Asking => "asking",
            Group::Names => "names",
            Group::Inventory => "the inventory",
            Group::Session => "the session",
        }
    }
}

/// What a command takes, for completion.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Takes {
    /// Nothing.
    Nothing,
    /// An expression.
    Expression,
    /// A line: definitions or an expression.
    Line,
    /// A name that has documentation.
    Documented,
    /// A machine, and then a filter or a service.
    Machine,
    /// A file.
    File,
    /// A name of the session's.
    Defined,
    /// One of these words.
    Words(&'static [&'static str]),
    /// An output format.
    Format,
    /// A setting and its value.
    Setting,
    /// A command.
    Command,
}

/// A row of the table.
pub struct CommandEntry {
    /// Which command.
    pub command: Command,
    /// Its word, without the colon.
    pub word: &'static str,
    /// Shorter words for it.
    pub short: &'static [&'static str],
    /// How its argument is written; empty where it takes none.
    pub argument: &'static str,
    /// What it takes.
    pub takes: Takes,
    /// Where it is told.
    pub group: Group,
    /// What it does, in one line without a full stop.
    pub summary: &'static str,
    /// What else there is to know.
    pub help: &'static str,
}

macro_rules! commands {
    ($($command:ident $word:literal [$($short:literal)*] $argument:literal $takes:expr, $group:ident $summary:literal $help:literal;)*) => {
        /// All commands, in the order in which they are told.
        pub static COMMANDS: &[CommandEntry] = &[$(CommandEntry {
            command: Command::$command,
            word: $word,
            short: &[$($short),*],
            argument: $argument,
            takes: $takes,
            group: Group::$group,
            summary: $summary,
            help: $help,
        }),*];
    };
}

commands! {
    Type "type" ["t"] "EXPR" Takes::Expression, Asking
        "tell the type of an expression, without running it"
        "";
    Doc "doc" ["d"] "[NAME]" Takes::Documented, Asking
        "describe a builtin, a collection, a record, a field of one, or a name of your own"
        "Without a name it lists what there is. `:doc Machine` lists the fields of a machine, `:doc Machine.tags` describes one.";
    Why "why" [] "MACHINE [FILTER|SERVICE]" Takes::Machine, Asking
        "tell why a machine matches a filter or gets a service, or why not"
        "With a machine alone it tells everything that the machine gets, and through what. The filter may use your own names.";
    Browse "browse" ["b"] "[EXPR]" Takes::Expression, Asking
        "page through a whole value; without an expression through the last answer"
        "Machines and records are rows, everything else is a tree: arrows or hjkl move, Enter opens and closes, / searches, q leaves. Where `$PAGER` is set it is used instead. In a pipe the whole value is written.";
    Time "time" [] "EXPR" Takes::Expression, Asking
        "answer an expression, and tell how long it took, in how many steps and in how much memory"
        "A step is a call, a value that was needed, or an element that a builtin looked at; the limits count them. The memory is the most that values took at one time.";
    Let "let" [] "[NAME = EXPR]" Takes::Line, Names
        "list the names of your own with their types, or define one"
        "`NAME = EXPR` alone defines it too. A function may call itself; in any other definition a name means what it meant before.";
    Load "load" ["l"] "FILE" Takes::File, Names
        "load a file of definitions, a script, or an inventory"
        "A file of definitions holds `name = expression;`. A script begins with `#!`, as `:save` writes it. Everything else is an inventory, as for `:inventory FILE`.";
    Save "save" [] "FILE" Takes::File, Names
        "write the names of your own and the last question as a script that runs"
        "`invq -f FILE` answers the last question again; `:load FILE` brings everything back. A file that is there already is only replaced where it is such a script.";
    Edit "edit" ["e"] "[NAME]" Takes::Defined, Names
        "write a line in `$VISUAL` or `$EDITOR`; without a name the last line, else the definition of the name"
        "What the editor leaves is entered as if it were typed.";
    Undo "undo" ["u"] "" Takes::Nothing, Names
        "take the last definition or answer back"
        "As often as there is something: each time one line's names mean again what they meant before it.";
    Inventory "inventory" ["i"] "[PATH]" Takes::File, Inventory
        "tell what is loaded, or load another inventory"
        "Your own names stay, and mean the new inventory from then on. An inventory that cannot be read leaves the old one in place.";
    Reload "reload" ["r"] "" Takes::Nothing, Inventory
        "read the inventory's files again, and tell what changed"
        "Where they have mistakes that they had not, the mistakes are shown and the old inventory stays; `:inventory PATH` takes it all the same.";
    Watch "watch" ["w"] "[on|off]" Takes::Words(&["on", "off"]), Inventory
        "reload whenever the inventory's files change"
        "The files are looked at twice a second. What changed is told above the line that is being typed.";
    Output "output" ["o"] "[FORMAT]" Takes::Format, Session
        "write answers in this format from now on; without one tell which it is"
        "`auto` is the way of a session: what a reader looks at. Every other format writes all of the answer, as `invq -o` does.";
    Set "set" ["s"] "[NAME VALUE]" Takes::Setting, Session
        "change a setting; without one list them"
        "";
    History "history" [] "[WORDS]" Takes::Nothing, Session
        "list the lines that were typed, or those of them with these words"
        "Lines are kept from session to session, each once. A line that begins with a space is not kept.";
    Tour "tour" [] "[STEP|off]" Takes::Words(&["off"]), Session
        "show the next of eight steps, each a line to try on the demo inventory"
        "`:tour 3` shows the third step, `:tour off` ends the tour.";
    Help "help" ["h" "?"] "[COMMAND]" Takes::Command, Session
        "list the commands, or describe one"
        "";
    Quit "quit" ["q" "exit"] "" Takes::Nothing, Session
        "leave; so does Ctrl-D"
        "";
}

impl Command {
    /// Its row.
    pub fn entry(self) -> Option<&'static CommandEntry> {
        COMMANDS.iter().find(|entry| entry.command == self)
    }
}

/// A command as it was entered.
#[derive(Clone, Debug)]
pub struct Request {
    /// Which command.
    pub command: Command,
    /// Its argument, without white space around it, as a part of the line.
    pub argument: Arc<Source>,
}

impl Request {
    /// The argument's text.
    pub fn text(&self) -> &str {
        self.argument.text()
    }
}

/// Whether a line is a command, known or not.
pub(super) fn is_command(line: &str) -> bool {
    line.trim_start().starts_with(':')
}

/// The place of a command's word in a line, without its colon.
pub(super) fn word_span(line: &str) -> Span {
    let start = line.len() - line.trim_start().len() + 1;
    let rest = line.get(start..).unwrap_or("");
    Span::new(start, start + rest.find(char::is_whitespace).unwrap_or(rest.len()))
}

/// The row of a word, which may be a short one.
pub(super) fn find(word: &str) -> Option<&'static CommandEntry> {
    COMMANDS.iter().find(|entry| entry.word == word || entry.short.contains(&word))
}

/// Reads a line that begins with a colon.
pub(super) fn read(line: &Arc<Source>) -> Result<Request, Diagnostic> {
    let text = line.text();
    let span = word_span(text);
    let word = line.slice(span);
    let Some(entry) = find(word) else { return Err(unknown(line, span)) };
    let rest = text.get(span.range().end..).unwrap_or("");
    let start = text.len() - rest.trim_start().len();
    let argument = Source::embedded(line, rest.trim(), SourceMap::verbatim(start));
    if entry.takes == Takes::Nothing && entry.argument.is_empty() && !argument.text().is_empty() {
        let message = format!("`:{}` takes nothing", entry.word);
        let whole = Span::new(0, argument.text().len());
        return Err(Diagnostic::error(Code::Usage, message)
            .at(&argument, whole, "not expected")
            .help(format!("write `:{}`", entry.word)));
    }
    if argument.text().is_empty() && !entry.argument.is_empty() && !entry.argument.starts_with('[') {
        let message = format!("`:{}` needs {}", entry.word, entry.argument);
        return Err(Diagnostic::error(Code::Usage, message)
            .at(line, with_colon(span), "nothing follows")
            .help(format!("write `:{} {}`", entry.word, entry.argument)));
    }
    Ok(Request { command: entry.command, argument })
}

/// The place of a word with its colon.
fn with_colon(span: Span) -> Span {
    Span { start: span.start.saturating_sub(1), ..span }
}

fn unknown(line: &Arc<Source>, span: Span) -> Diagnostic {
    let word = line.slice(span);
    let words = COMMANDS.iter().map(|entry| entry.word);
    let mut known = words.clone().filter(|known| !word.is_empty() && known.starts_with(word));
    let help = match (known.next(), known.next()) {
        (Some(only), None) => Some(format!("did you mean `:{only}`?")),
        _ => did_you_mean(word, words)
            .map(|help| help.replacen('`', "`:", 1).replace(", `", ", `:").replace("or `", "or `:")),
    };
    Diagnostic::error(Code::Usage, format!("no command is called {}", quoted(&format!(":{word}"))))
        .at(line, with_colon(span), "not a command")
        .help(help.unwrap_or_else(|| "`:help` lists the commands".to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_unique() {
        let words: Vec<&str> =
            COMMANDS.iter().flat_map(|entry| entry.short.iter().copied().chain([entry.word])).collect();
        for (index, word) in words.iter().enumerate() {
            assert!(!words.iter().skip(index + 1).any(|other| other == word), "{word}");
        }
    }

    #[test]
    fn arguments_keep_their_place_in_the_line() {
        let line = Source::new("<line>", "  :type  1 + 2 ");
        let request = read(&line).expect("a command");
        assert_eq!((request.command, request.text()), (Command::Type, "1 + 2"));
        assert_eq!(request.argument.locate(Span::new(4, 5)).1, Span::new(13, 14));
    }

    #[test]
    fn unknown_commands_suggest() {
        let help = |text: &str| read(&Source::new("<line>", text)).expect_err("no such command").help;
        assert_eq!(help(":relod").as_deref(), Some("did you mean `:reload`?"));
        assert_eq!(help(":hist").as_deref(), Some("did you mean `:history`?"));
        assert_eq!(help(":xyzzy").as_deref(), Some("`:help` lists the commands"));
        assert_eq!(help(":").as_deref(), Some("`:help` lists the commands"));
        assert_eq!(help(":type").as_deref(), Some("write `:type EXPR`"));
        assert_eq!(help(":quit now").as_deref(), Some("write `:quit`"));
    }
}
