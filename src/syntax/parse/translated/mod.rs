//! What an expression of JavaScript, Python or jq says, as invq writes it.
//!
//! What comes in is a text that invq cannot read; what goes out is the expression that was meant, where
//! all of the text is understood: `machines.filter(m => m.cluster === 'lab')` is
//! `filter (m: m.cluster == "lab") machines`. It is shown as an edit, so that a doubtful reading gives
//! nothing.

mod read;
mod write;

use read::{Reader, Token, tokens};
use write::Writer;

/// Longer texts are not looked at.
const LONGEST: usize = 160;

/// The expression that a text means; nothing where it is not understood.
pub(crate) fn translated(text: &str) -> Option<String> {
    let text = text.trim().trim_end_matches(';');
    if text.len() > LONGEST || text.contains(['\n', '#']) {
        return None;
    }
    let found = tokens(text)?;
    let mut reader = Reader::new(&found);
    let tree = reader.pipe()?;
    // A text by itself says nothing.
    if !reader.is_done() || matches!(tree, Tree::Plain(_)) {
        return None;
    }
    let written = Writer::default().top(&tree)?;
    let words = tokens(&written).unwrap_or_default();
    let is_foreign = |at: usize, word: &str| {
        let is_field = at > 0 && matches!(words.get(at - 1), Some((Token::Sign("."), _)));
        !is_field && word != "where" && super::foreign_word(word).is_some()
    };
    let stays = words.iter().enumerate().any(|(at, (token, _))| match token {
        Token::Word(word) => is_foreign(at, word),
        _ => false,
    });
    (written != text && !stays && super::is_expression(&written)).then_some(written)
}

/// An expression as other languages have it.
enum Tree {
    /// A number, a text or a name, as invq writes it.
    Plain(String),
    /// jq's `.`
    Current,
    Field(Box<Tree>, String),
    Index(Box<Tree>, Box<Tree>),
    /// `a[]`
    Each(Box<Tree>),
    /// `a[?c]`
    Where(Box<Tree>, Box<Tree>),
    Call(Box<Tree>, Vec<Tree>),
    /// `f a`
    Apply(Box<Tree>, Box<Tree>),
    /// `key=…` of a call
    Keyword(String, Box<Tree>),
    Function(String, Box<Tree>),
    Binary(&'static str, Box<Tree>, Box<Tree>),
    Not(Box<Tree>),
    If(Box<Tree>, Box<Tree>, Box<Tree>),
    List(Vec<Tree>),
    /// `[ e for x in l if c ]`
    Comprehension {
        element: Box<Tree>,
        variable: String,
        list: Box<Tree>,
        condition: Option<Box<Tree>>,
    },
    Pipe(Box<Tree>, Box<Tree>),
}

#[cfg(test)]
mod tests {
    use super::translated;

    #[test]
    fn expressions_of_other_languages() {
        for (text, expected) in [
            (
                ".machines[] | select(.tags[] == \"web\") | .name",
                "map (m: m.name) (filter (m: elem \"web\" m.tags) machines)",
            ),
            (".[] | .name", "map (m: m.name) machines"),
            ("[.[] | select(.cluster==\"lab\")]", "filter (m: m.cluster == \"lab\") machines"),
            ("machines | map(.name)", "map (m: m.name) machines"),
            ("machines | length", "length machines"),
            (
                "machines | map(select(.kind == \"virtual\")) | length",
                "length (filter (m: m.kind == \"virtual\") machines)",
            ),
            ("machines.map(m => m.name)", "map (m: m.name) machines"),
            (
                "machines.filter(m => m.tags.includes(\"web\")).map(m => m.name)",
                "map (m: m.name) (filter (m: elem \"web\" m.tags) machines)",
            ),
            ("machines.find((m) => m.name === 'jon')", "findFirst (m: m.name == \"jon\") null machines"),
            (
                "[m.name for m in machines if \"web\" in m.tags and not m.adopted]",
                "map (m: m.name) (filter (m: elem \"web\" m.tags && !m.adopted) machines)",
            ),
            ("map(lambda m: m.name, machines)", "map (m: m.name) machines"),
            ("sorted(machines, key=lambda m: m.name)", "sortOn (m: m.name) machines"),
            (
                "len([m for m in machines if m.kind == 'virtual'])",
                "length (filter (m: m.kind == \"virtual\") machines)",
            ),
            (
                "m.name if m.kind == \"virtual\" else \"none\"",
                "if m.kind == \"virtual\" then m.name else \"none\"",
            ),
            (
                "where (m: \"web\" not in m.tags and m.cluster == 'lab')",
                "where (m: !elem \"web\" m.tags && m.cluster == \"lab\")",
            ),
            (
                "filter (m: m.name in [\"a\", \"b\"]) machines",
                "filter (m: elem m.name [ \"a\" \"b\" ]) machines",
            ),
            ("machines[?cluster=='lab'].name", "map (m: m.name) (filter (m: m.cluster == \"lab\") machines)"),
            ("machines[*].name", "map (m: m.name) machines"),
            ("\"web\" in tags", "tags ? \"web\""),
            ("[1, 2, 3]", "[ 1 2 3 ]"),
            ("hostname [ \"jon\", \"sara\" ]", "hostname [ \"jon\" \"sara\" ]"),
            ("machines[\"jon\"]", "filter (m: m.name == \"jon\") machines"),
            ("hostname(\"jon\", 'sara')", "hostname \"jon\" \"sara\""),
            ("\",\".join([m.name for m in machines])", "concatStringsSep \",\" (map (m: m.name) machines)"),
        ] {
            assert_eq!(translated(text).as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn what_is_not_understood_gives_nothing() {
        for text in [
            "",
            "machines |",
            "a ? b",
            "for x in y",
            "(((",
            "x.y.z(",
            "zip(a, b)",
            "def f(x): x",
            "'",
            "'web*'",
            "web[1-2]",
        ] {
            assert_eq!(translated(text), None, "{text}");
        }
        assert_eq!(translated(&"(".repeat(150)), None);
    }
}
