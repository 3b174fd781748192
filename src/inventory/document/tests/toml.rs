use std::fmt::Write;

use insta::assert_snapshot;

use super::{error, located, toml};
use crate::inventory::document::Node;

#[test]
fn values_in_written_order() {
    let text = "z = 1\na.b = 0x1F\n[t.u]\ny = -2.5\nx = inf\nd = 1979-05-27\n[[list]]\nk = true\n[[list]]\nk = [1, { q = 'v' }]\n";
    let document = toml(text);
    assert_eq!(error(&document), "valid");
    assert_snapshot!(document.root().to_json().to_string(), @r#"{"z":1,"a":{"b":31},"t":{"u":{"y":-2.5,"x":null,"d":"1979-05-27"}},"list":[{"k":true},{"k":[1,{"q":"v"}]}]}"#);
    let keys: Vec<&str> = document.root().entries().map(|(key, _)| document.source.slice(key.span)).collect();
    assert_eq!(keys, ["z", "a", "t", "list"]);
}

#[test]
fn mistakes() {
    let texts = ["a = 1\na = 2\n", "a = ", "a = 01", "[a\n", "a = 'x\n", "= 1", "a = \"\\q\"", "a = 1 b = 2"];
    let mut report = String::new();
    for text in texts {
        let _unused = writeln!(report, "{text:?} {}", error(&toml(text)));
    }
    let deep = format!("a = {}{}", "[".repeat(1000), "]".repeat(1000));
    let message = error(&toml(&deep));
    assert!(message.starts_with("limit-reached"), "{message}");
    assert_snapshot!(report, @r#"
    "a = 1\na = 2\n" invalid-document: the key `a` stands here a second time @2:1 / move its values to the first place, or rename it
    "a = " invalid-document: expected a value behind `=` @1:5 / write one, such as `""`
    "a = 01" invalid-document: a number does not begin with `0` @1:5 / remove it, or put the number in quotes
    "[a\n" invalid-document: unclosed table, expected `]` @1:3 / add `]`
    "a = 'x\n" invalid-document: the string is not closed @1:7 / close it with `'`
    "= 1" invalid-document: unquoted keys cannot be empty, expected letters, numbers, `-`, `_` @1:1
    "a = \"\\q\"" invalid-document: missing escaped value, expected `b`, `e`, `f`, `n`, `r`, `\`, `"`, `x`, `u`, `U` @1:7
    "a = 1 b = 2" invalid-document: expected the end of the line behind the value @1:9 / write each key on a line of its own
    "#);
}

#[test]
fn embedded_texts_map_into_the_file() {
    let text = "basic = \"tag \\\"web\\\" \\u00e9 none\"\nliteral = 'tag \"web\" none'\nmulti = \"\"\"\ntag \"web\" \\\n   && all\nnone\"\"\"\nverbatim = '''\n  tag \"web\"\nnone'''\n";
    let document = toml(text);
    assert_eq!(error(&document), "valid");
    let mut report = String::new();
    for (key, node) in document.root().entries() {
        let _unused = writeln!(report, "{}: {:?}", key.text, node.as_str().unwrap_or_default());
        for word in ["tag", "web", "all", "none"] {
            if node.as_str().is_some_and(|text| text.contains(word)) {
                let _unused = writeln!(report, "    {}", located(node, word));
            }
        }
    }
    assert_snapshot!(report, @r###"
        basic: "tag \"web\" é none"
            1:10 tag
            1:16 web
            1:29 none
        literal: "tag \"web\" none"
            2:12 tag
            2:17 web
            2:22 none
        multi: "tag \"web\" && all\nnone"
            4:1 tag
            4:6 web
            5:7 all
            6:1 none
        verbatim: "  tag \"web\"\nnone"
            8:3 tag
            8:8 web
            9:1 none
    "###);
}

#[test]
fn spans_of_values() {
    let document = toml("a = 'x'\n[t]\nb = [ 1, 22 ]\n");
    let slices: Vec<&str> = document
        .root()
        .get_path(&["t", "b"])
        .into_iter()
        .flat_map(Node::items)
        .map(|node| document.source.slice(node.span()))
        .collect();
    assert_eq!(slices, ["1", "22"]);
}

#[test]
fn embedded_texts_of_files_with_carriage_returns() {
    let document = toml("a = \"\"\"\r\ntag \"web\" \\\r\n  && all\r\nnone\"\"\"\r\n");
    assert_eq!(error(&document), "valid");
    let node = document.root().get("a").expect("the key");
    assert_eq!(
        [located(node, "web"), located(node, "all"), located(node, "none")],
        ["2:6 web", "3:6 all", "4:1 none"]
    );
}

#[test]
fn what_cannot_be_read_has_an_edit() {
    let texts = [
        "[machines.a\ntags = 1\n",
        "[a]\ntags: [ \"x\" ]\n",
        "[a]\ntags\n",
        "[a]\ndescription = our first\n",
        "[a]\nadopted = True\n",
        "[a]\ntags = [ \"x\" \"y\" ]\n",
    ];
    let mut report = String::new();
    for text in texts {
        let _unused = writeln!(report, "{text:?} {}", error(&toml(text)));
    }
    assert_snapshot!(report, @r#"
    "[machines.a\ntags = 1\n" invalid-document: unclosed table, expected `]` @1:12 / add `]`
    "[a]\ntags: [ \"x\" ]\n" invalid-document: expected `=` behind the key, found `:` @2:5 / write `=` in place of `:`
    "[a]\ntags\n" invalid-document: expected `=` behind the key @2:5 / write `= value` behind it
    "[a]\ndescription = our first\n" invalid-document: expected a value, found `our first` @2:15 / put it in quotes: `"our first"`
    "[a]\nadopted = True\n" invalid-document: expected a value, found `True` @2:11 / write `true`
    "[a]\ntags = [ \"x\" \"y\" ]\n" invalid-document: expected `,` between elements @2:14 / write `,` here
    "#);
}
