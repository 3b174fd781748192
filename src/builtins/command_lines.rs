//! Options of programs from attribute sets, as `lib.cli` makes them.

use super::generators::{called, value_text};
use super::spelling::flag;
use super::strings::shell_word;
use super::support::{Answer, counted_text, field, long_text, text_room, texts, thrown};
use crate::diagnostic::Code;
use crate::value::{Evaluator, Fault, Name, Value};

table! {
    "toCommandLine" ["lib.cli"] "(String -> { option : String, sep : String?, explicitBool : Bool, formatArg? : Any -> String, listRepr? : String, splitList? : [Any] -> [[Any]] }) -> { _ : Any } -> [String]"
        "the words of a command line with an option for each attribute, in a form that a function of its name says"
        "`option` is how the option is called, `sep` what stands before its value; where that is null, the value is a word of its own. Null is left out. `explicitBool` says whether truth values are written as values. `listRepr` says what lists become: `\"repeat\"` is an option for each element, `\"join\"` gives the list to `formatArg`, `\"spread\"` has one option and the elements behind it, for each list that `splitList` makes of it."
        { "lib.cli.toCommandLine (name: { option = \"-${name}\"; sep = \"=\"; explicitBool = true; }) { a = true; b = [ 1 2 ]; }" => "[\"-a=true\",\"-b=1\",\"-b=2\"]" "lib.cli.toCommandLine (name: { option = \"-${name}\"; sep = null; explicitBool = false; }) { a = \"x\"; b = true; c = null; }" => "[\"-a\",\"x\",\"-b\"]" }
        |ev, form, set| Ok(Value::list(general(ev, &Form::Said(form), set)?));
    "toCommandLineShell" ["lib.cli"] "(String -> { option : String, sep : String?, explicitBool : Bool, formatArg? : Any -> String, listRepr? : String, splitList? : [Any] -> [[Any]] }) -> { _ : Any } -> String"
        "as `lib.cli.toCommandLine`, as one text for a POSIX shell"
        ""
        { "lib.cli.toCommandLineShell (name: { option = \"-${name}\"; sep = null; explicitBool = false; }) { a = \"x y\"; }" => "\"-a 'x y'\"" "lib.cli.toCommandLineShell (name: { option = name; sep = \"=\"; explicitBool = true; }) { }" => "\"\"" }
        |ev, form, set| {
            let words = general(ev, &Form::Said(form), set)?;
            shell(ev, words)
        };
    "toCommandLineGNU" ["lib.cli"] "{ isLong? : String -> Bool, explicitBool? : Bool, formatArg? : Any -> String, listRepr? : String -> String, formatList? : [Any] -> String, splitList? : String -> [Any] -> [[Any]] } -> { _ : Any } -> [String]"
        "the words of a command line with an option for each attribute, in the form of GNU's programs"
        "Names of one character are short options: `-n1`; others long ones: `--name=1`. The options are those of `lib.cli.toCommandLine`; `formatList` writes a list where `listRepr` says `\"join\"`, by default with commas."
        { "lib.cli.toCommandLineGNU { } { v = true; n = 1; tag = [ \"a\" \"b\" ]; quiet = false; }" => "[\"-n1\",\"--tag=a\",\"--tag=b\",\"-v\"]" "lib.cli.toCommandLineGNU { listRepr = name: \"join\"; } { tag = [ \"a\" \"b\" ]; }" => "[\"--tag=a,b\"]" }
        |ev, options, set| Ok(Value::list(general(ev, &Form::Gnu(options), set)?));
    "toCommandLineShellGNU" ["lib.cli"] "{ isLong? : String -> Bool, explicitBool? : Bool, formatArg? : Any -> String, listRepr? : String -> String, formatList? : [Any] -> String, splitList? : String -> [Any] -> [[Any]] } -> { _ : Any } -> String"
        "as `lib.cli.toCommandLineGNU`, as one text for a POSIX shell"
        ""
        { "lib.cli.toCommandLineShellGNU { } { message = \"a b\"; v = true; }" => "\"'--message=a b' -v\"" "lib.cli.toCommandLineShellGNU { explicitBool = true; } { x = false; }" => "\"-xfalse\"" }
        |ev, options, set| {
            let words = general(ev, &Form::Gnu(options), set)?;
            shell(ev, words)
        };
    "toGNUCommandLine" ["lib.cli"] "{ mkOptionName? : String -> String, mkBool? : String -> Bool -> [String], mkList? : String -> [Any] -> [String], mkOption? : String -> Any -> [String], optionValueSeparator? : String? } -> { _ : Any } -> [String]"
        "the words of a command line with an option for each attribute"
        "An older form of `lib.cli.toCommandLineGNU`: values are words of their own where no `optionValueSeparator` is given."
        { "lib.cli.toGNUCommandLine { } { X = \"PUT\"; retry = 3; url = [ \"a\" \"b\" ]; verbose = true; silent = false; delay = null; }" => "[\"-X\",\"PUT\",\"--retry\",\"3\",\"--url\",\"a\",\"--url\",\"b\",\"--verbose\"]" "lib.cli.toGNUCommandLine { optionValueSeparator = \"=\"; } { retry = 3; }" => "[\"--retry=3\"]" }
        |ev, options, set| Ok(Value::list(older(ev, options, set)?));
    "toGNUCommandLineShell" ["lib.cli"] "{ mkOptionName? : String -> String, mkBool? : String -> Bool -> [String], mkList? : String -> [Any] -> [String], mkOption? : String -> Any -> [String], optionValueSeparator? : String? } -> { _ : Any } -> String"
        "as `lib.cli.toGNUCommandLine`, as one text for a POSIX shell"
        ""
        { "lib.cli.toGNUCommandLineShell { } { data = \"{}\"; retry = 3; }" => "\"--data '{}' --retry 3\"" "lib.cli.toGNUCommandLineShell { } { }" => "\"\"" }
        |ev, options, set| {
            let words = older(ev, options, set)?;
            shell(ev, words)
        };
}

fn shell(ev: &mut dyn Evaluator, words: Vec<Value>) -> Answer {
    let words = texts(ev, &Value::list(words))?;
    let length = words.iter().map(|word| word.len() + 3).fold(0, usize::saturating_add);
    text_room(ev, length)?;
    let words: Vec<String> = words.iter().map(|word| shell_word(word)).collect();
    long_text(ev, &words.join(" "))
}

/// Adds a word.
fn push(ev: &mut dyn Evaluator, words: &mut Vec<Value>, word: &str) -> Result<(), Fault> {
    ev.step()?;
    ev.work(word.len())?;
    ev.reserve(word.len())?;
    words.push(counted_text(word));
    Ok(())
}

/// What says the form of an option.
enum Form<'v> {
    /// A function of its name.
    Said(&'v Value),
    /// GNU's form with these changes.
    Gnu(&'v Value),
}

/// The form of one option.
struct Spec<'v> {
    name: Name,
    form: &'v Form<'v>,
    /// The set with what is said about it.
    said: Value,
    option: Name,
    separator: Option<Name>,
    explicit: bool,
}

fn general(ev: &mut dyn Evaluator, form: &Form<'_>, set: &Value) -> Result<Vec<Value>, Fault> {
    let mut words = Vec::new();
    for (name, value) in ev.attrs(set)?.iter() {
        if name.is_empty() {
            return Err(thrown(Code::InvalidValue, "an option has no name"));
        }
        let spec = Spec::read(ev, form, name)?;
        let value = ev.force(value)?;
        let Value::List(items) = &value else {
            spec.write(ev, &value, false, &mut words)?;
            continue;
        };
        let kind = spec.lists(ev)?;
        match &*kind {
            "repeat" => {
                for item in items.iter() {
                    spec.write(ev, item, false, &mut words)?;
                }
            }
            "join" => spec.write(ev, &value, false, &mut words)?,
            "spread" => {
                for part in spec.split(ev, &value)? {
                    spec.write(ev, &part, true, &mut words)?;
                }
            }
            other => {
                let message = format!(
                    "`listRepr` is `\"join\"`, `\"repeat\"` or `\"spread\"`, found {}",
                    crate::text::quoted(other)
                );
                return Err(thrown(Code::InvalidValue, message));
            }
        }
    }
    Ok(words)
}

impl<'v> Spec<'v> {
    fn read(ev: &mut dyn Evaluator, form: &'v Form<'v>, name: &Name) -> Result<Spec<'v>, Fault> {
        ev.step()?;
        let text = Value::from(name.clone());
        let name = name.clone();
        match form {
            Form::Said(function) => {
                let said = ev.call(function, &[text])?;
                let option = field(ev, &said, "option")?;
                let option = ev.string(&option)?;
                let separator = field(ev, &said, "sep")?;
                let separator = match ev.force(&separator)? {
                    Value::Null => None,
                    separator => Some(ev.string(&separator)?),
                };
                let explicit = field(ev, &said, "explicitBool")?;
                let explicit = ev.bool(&explicit)?;
                Ok(Spec { name, form, said, option, separator, explicit })
            }
            Form::Gnu(options) => {
                let long = match ev.attr(options, "isLong")? {
                    Some(function) => {
                        let long = ev.call(&function, &[text])?;
                        ev.bool(&long)?
                    }
                    None => name.len() > 1,
                };
                let option = Name::from(format!("{}{name}", if long { "--" } else { "-" }));
                let separator = Some(Name::from(if long { "=" } else { "" }));
                let explicit = flag(ev, options, "explicitBool", false)?;
                Ok(Spec { name, form, said: (*options).clone(), option, separator, explicit })
            }
        }
    }

    /// What lists become.
    fn lists(&self, ev: &mut dyn Evaluator) -> Result<Name, Fault> {
        match (ev.attr(&self.said, "listRepr")?, self.form) {
            (None, _) => Ok(Name::from("repeat")),
            (Some(kind), Form::Said(_)) => ev.string(&kind),
            (Some(function), Form::Gnu(_)) => called(ev, &function, &Value::from(self.name.clone())),
        }
    }

    /// The lists that stand behind an option each.
    fn split(&self, ev: &mut dyn Evaluator, list: &Value) -> Result<Vec<Value>, Fault> {
        let arguments = match self.form {
            Form::Said(_) => vec![list.clone()],
            Form::Gnu(_) => vec![Value::from(self.name.clone()), list.clone()],
        };
        match ev.attr(&self.said, "splitList")? {
            Some(function) => {
                let lists = ev.call(&function, &arguments)?;
                Ok(ev.list(&lists)?.to_vec())
            }
            None => Ok(vec![list.clone()]),
        }
    }

    /// A value as text.
    fn format(&self, ev: &mut dyn Evaluator, value: &Value) -> Result<String, Fault> {
        let value = ev.force(value)?;
        if let (Form::Gnu(_), Value::List(items)) = (self.form, &value)
            && &*self.lists(ev)? == "join"
        {
            if let Some(function) = ev.attr(&self.said, "formatList")? {
                return Ok(called(ev, &function, &value)?.to_string());
            }
            let mut joined = String::new();
            for (index, item) in items.iter().enumerate() {
                joined.push_str(if index > 0 { "," } else { "" });
                joined.push_str(&self.format_one(ev, item)?);
                text_room(ev, joined.len())?;
            }
            return Ok(joined);
        }
        self.format_one(ev, &value)
    }

    fn format_one(&self, ev: &mut dyn Evaluator, value: &Value) -> Result<String, Fault> {
        ev.step()?;
        match ev.attr(&self.said, "formatArg")? {
            Some(function) => Ok(called(ev, &function, value)?.to_string()),
            None => value_text(ev, value),
        }
    }

    fn write(
        &self,
        ev: &mut dyn Evaluator,
        value: &Value,
        spread: bool,
        words: &mut Vec<Value>,
    ) -> Result<(), Fault> {
        match ev.force(value)? {
            Value::Null => Ok(()),
            Value::Bool(on) if !self.explicit => {
                if on {
                    push(ev, words, &self.option)?;
                }
                Ok(())
            }
            Value::List(items) if spread => {
                push(ev, words, &self.option)?;
                for item in items.iter() {
                    let word = self.format(ev, item)?;
                    push(ev, words, &word)?;
                }
                Ok(())
            }
            value => {
                let argument = self.format(ev, &value)?;
                match &self.separator {
                    Some(separator) => push(ev, words, &format!("{}{separator}{argument}", self.option)),
                    None => {
                        push(ev, words, &self.option)?;
                        push(ev, words, &argument)
                    }
                }
            }
        }
    }
}

/// The words of `toGNUCommandLine`.
fn older(ev: &mut dyn Evaluator, options: &Value, set: &Value) -> Result<Vec<Value>, Fault> {
    let mut words = Vec::new();
    for (name, value) in ev.attrs(set)?.iter() {
        ev.step()?;
        let value = ev.force(value)?;
        let maker = match &value {
            Value::Bool(_) => "mkBool",
            Value::List(_) => "mkList",
            _ => "mkOption",
        };
        match (ev.attr(options, maker)?, &value) {
            (Some(function), _) => made(ev, &function, name, &value, &mut words)?,
            (None, Value::Bool(on)) => {
                if *on {
                    let word = option_name(ev, options, name)?;
                    push(ev, &mut words, &word)?;
                }
            }
            (None, Value::List(items)) => {
                let maker = ev.attr(options, "mkOption")?;
                for item in items.iter() {
                    match &maker {
                        Some(function) => made(ev, function, name, item, &mut words)?,
                        None => option(ev, options, name, item, &mut words)?,
                    }
                }
            }
            (None, value) => option(ev, options, name, value, &mut words)?,
        }
    }
    Ok(words)
}

/// Adds the words that a function gives.
fn made(
    ev: &mut dyn Evaluator,
    function: &Value,
    name: &Name,
    value: &Value,
    words: &mut Vec<Value>,
) -> Result<(), Fault> {
    let list = ev.call(function, &[Value::from(name.clone()), value.clone()])?;
    for word in ev.list(&list)?.iter() {
        let word = ev.string(word)?;
        push(ev, words, &word)?;
    }
    Ok(())
}

fn option_name(ev: &mut dyn Evaluator, options: &Value, name: &Name) -> Result<String, Fault> {
    match ev.attr(options, "mkOptionName")? {
        Some(function) => Ok(called(ev, &function, &Value::from(name.clone()))?.to_string()),
        None => Ok(format!("{}{name}", if name.len() == 1 { "-" } else { "--" })),
    }
}

fn option(
    ev: &mut dyn Evaluator,
    options: &Value,
    name: &Name,
    value: &Value,
    words: &mut Vec<Value>,
) -> Result<(), Fault> {
    let value = ev.force(value)?;
    if matches!(value, Value::Null) {
        return Ok(());
    }
    let separator = match ev.attr(options, "optionValueSeparator")? {
        Some(separator) => ev.force(&separator)?,
        None => Value::Null,
    };
    let option = option_name(ev, options, name)?;
    let text = value_text(ev, &value)?;
    match separator {
        Value::Null => {
            push(ev, words, &option)?;
            push(ev, words, &text)
        }
        separator => {
            let separator = ev.string(&separator)?;
            push(ev, words, &format!("{option}{separator}{text}"))
        }
    }
}
