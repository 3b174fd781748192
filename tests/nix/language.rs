//! The language beside Nix: the expressions of `language/`, one a line, and of `language/blocks`, with
//! `#---` between them. Those of `language/refused.nix` have a value in Nix, and no type.

use std::path::Path;

use invq::Engine;

use super::{End, Scope, invq, nix_answers, version};
use crate::support::root;

/// The name of a file, and an expression in it.
type Expression = (String, String);

/// The expressions of a folder.
fn expressions(folder: &str, split: impl Fn(&str) -> Vec<String>) -> Vec<Expression> {
    let entries = std::fs::read_dir(root().join("tests/nix").join(folder)).expect("the folder can be read");
    let paths = entries.map(|entry| entry.expect("the entry can be read").path());
    let mut paths: Vec<_> = paths.filter(|path| path.is_file()).collect();
    paths.sort();
    let read = |path: &Path| {
        let text = std::fs::read_to_string(path).expect("the expressions are text");
        let file = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        split(&text).into_iter().map(|text| (file.clone(), text)).collect::<Vec<_>>()
    };
    paths.iter().flat_map(|path| read(path)).collect()
}

/// Those that both take, and those that have no type.
fn all() -> (Vec<Expression>, Vec<Expression>) {
    let lines = |text: &str| {
        let lines = text.lines().filter(|line| !line.is_empty() && !line.starts_with("# "));
        lines.map(str::to_owned).collect()
    };
    let blocks = |text: &str| text.trim_end_matches('\n').split("\n#---\n").map(str::to_owned).collect();
    let mut all = expressions("language", lines);
    all.extend(expressions("language/blocks", blocks));
    all.into_iter().partition(|(file, _)| file != "refused.nix")
}

#[test]
fn values_are_those_of_nix() {
    let engine = Engine::default();
    let inventory = engine.load_demo().expect("the demo inventory loads");
    let (expressions, _) = all();
    assert!(expressions.len() >= 1500, "{} expressions", expressions.len());
    if version().is_none() {
        return;
    }
    let own: Vec<End> = expressions.iter().map(|(_, text)| invq(&engine, &inventory, text)).collect();
    let asked: Vec<(&str, bool)> =
        expressions.iter().zip(&own).map(|((_, text), own)| (text.as_str(), own.is_value())).collect();
    let mut wrong = Vec::new();
    for (((file, text), own), nix) in
        expressions.iter().zip(&own).zip(nix_answers("language", &asked, Scope::Nix))
    {
        if !nix.agrees(own) {
            wrong.push(format!("{file}: {text}\n  invq gives {}\n  Nix gives  {}", own.text(), nix.text()));
        }
    }
    assert!(wrong.is_empty(), "{} differ:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn what_types_refuse_is_listed() {
    let engine = Engine::default();
    let inventory = engine.load_demo().expect("the demo inventory loads");
    let (_, refused) = all();
    let asked: Vec<(&str, bool)> = refused.iter().map(|(_, text)| (text.as_str(), true)).collect();
    for (text, _) in &asked {
        let own = invq(&engine, &inventory, text);
        assert!(matches!(own, End::Refused(..)), "{text} is accepted: {}", own.text());
    }
    if version().is_some() {
        for ((text, _), nix) in asked.iter().zip(nix_answers("refused", &asked, Scope::Nix)) {
            assert!(nix.is_value(), "{text} is refused by Nix too: {}", nix.text());
        }
    }
}
