//! Node sets as builtins.

use super::nodeset;
use super::support::{many_texts, of_long_text, texts};
use crate::value::{Evaluator, Fault, Name, Value};

table! {
    "expandNodes" ["bare" "lib" "lib.nodesets"] "String -> [String]"
        "the names of a ClusterShell node set"
        "Ranges `[1-5,8]`, zero padding `[01-20]`, steps `[0-10/2]`, several ranges in a name, and between names `,` (and), `!` (without), `&` (common), `^` (either)."
        { "expandNodes \"web[01-03]\"" => "[\"web01\",\"web02\",\"web03\"]" "expandNodes \"n[1-5]!n[2-4]\"" => "[\"n1\",\"n5\"]" "expandNodes \"n[3-1]\"" => "error: invalid-value" }
        |ev, text| {
            let text = ev.string(text)?;
            let names = names(ev, &text)?;
            many_texts(ev, names)
        };
    "expand" ["lib.nodesets"] "String -> [String]"
        "the names of a ClusterShell node set, as `expandNodes`"
        ""
        { "lib.nodesets.expand \"rack[1-2]n[1-2]\"" => "[\"rack1n1\",\"rack1n2\",\"rack2n1\",\"rack2n2\"]"
          "lib.nodesets.expand \"n[1-\"" => "error: invalid-value" }
        |ev, text| {
            let text = ev.string(text)?;
            let names = names(ev, &text)?;
            many_texts(ev, names)
        };
    "foldNodes" ["bare" "lib" "lib.nodesets"] "[String] -> String"
        "names written as a ClusterShell node set"
        ""
        { "foldNodes [ \"web1\" \"web2\" \"web3\" \"db7\" ]" => "\"db7,web[1-3]\"" "foldNodes [ \"n09\" \"n10\" ]" => "\"n[09-10]\"" }
        |ev, list| {
            let names = texts(ev, list)?;
            Ok(Value::string(nodeset::fold(names.iter().map(|name| &**name))))
        };
    "fold" ["lib.nodesets"] "[String] -> String"
        "names written as a ClusterShell node set, as `foldNodes`"
        ""
        { "lib.nodesets.fold [ \"rack1n1\" \"rack1n2\" \"rack2n1\" \"rack2n2\" ]" => "\"rack[1-2]n[1-2]\""
          "lib.nodesets.fold [ \"n09\" \"n10\" \"n10\" \"db\" ]" => "\"db,n[09-10]\"" }
        |ev, list| {
            let names = texts(ev, list)?;
            Ok(Value::string(nodeset::fold(names.iter().map(|name| &**name))))
        };
    "countNodes" ["bare" "lib" "lib.nodesets"] "String -> Int"
        "how many names a ClusterShell node set has"
        "The names are not made, so that this is quick for any set."
        { "countNodes \"n[1-1000000]\"" => "1000000" "countNodes \"web1\"" => "1" }
        |ev, text| {
            let count = nodeset::parse(&ev.string(text)?).and_then(|mut set| set.count())?;
            Ok(Value::Int(i64::try_from(count).unwrap_or(i64::MAX)))
        };
}

/// The names of a node set.
pub(super) fn names(ev: &mut dyn Evaluator, text: &Name) -> Result<Vec<String>, Fault> {
    let mut set = nodeset::parse(text)?;
    let count = usize::try_from(set.count()?).unwrap_or(usize::MAX);
    // A name takes at least this much besides its text.
    ev.reserve(count.min(nodeset::LIMIT).saturating_mul(size_of::<String>() + text.len()))?;
    // Each name takes some dozens of bytes.
    let bytes = count.saturating_mul(32);
    Ok(of_long_text(ev, text.clone(), bytes, |text| nodeset::parse(&text)?.names())??)
}
