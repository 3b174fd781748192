use std::fmt::Write;

use insta::assert_snapshot;
use proptest::prelude::*;

use super::{error, json, located};
use crate::inventory::document::{Document, Kind, Node, Raw};
use crate::limits::Limits;

#[test]
fn values() {
    let document = json(" { \"a\" : [ 1 , -2.5e3 , true , null , \"x\\u00e9\\n\" ] , \"b\" : { } } ");
    let root = document.root();
    let list: Vec<Node<'_>> = root.get("a").into_iter().flat_map(Node::items).collect();
    let kinds: Vec<Kind> = list.iter().map(|node| node.kind()).collect();
    assert_eq!(kinds, [Kind::Int, Kind::Float, Kind::Bool, Kind::Null, Kind::String]);
    assert_eq!(list.first().and_then(|node| node.as_int()), Some(1));
    assert_eq!(list.get(1).and_then(|node| node.as_float()), Some(-2500.0));
    assert_eq!(list.get(4).and_then(|node| node.as_str()).as_deref(), Some("xé\n"));
    assert_eq!(root.get("b").map(|node| node.entries().count()), Some(0));
    assert_eq!(error(&document), "valid");
}

#[test]
fn large_integers_are_floats() {
    let document = json("[9223372036854775807, 9223372036854775808, -9223372036854775809]");
    let kinds: Vec<Kind> = document.root().items().map(Node::kind).collect();
    assert_eq!(kinds, [Kind::Int, Kind::Float, Kind::Float]);
    assert_eq!(
        document.root().to_json().to_string(),
        "[9223372036854775807,9223372036854775808,-9.223372036854776e+18]"
    );
}

#[test]
fn a_byte_order_mark_is_skipped() {
    let document = json("\u{feff}{\"a\":1}");
    assert_eq!(document.root().get("a").and_then(Node::as_int), Some(1));
    assert_eq!(error(&document), "valid");
}

#[test]
fn places() {
    let text = "{\"k\\u0041\": [1, \"two\", {}]}";
    let document = json(text);
    let (key, list) = document.root().entries().next().expect("an entry");
    assert_eq!(document.source.slice(key.span), "\"k\\u0041\"");
    assert_eq!(key.text, "kA");
    let slices: Vec<&str> = list.items().map(|node| document.source.slice(node.span())).collect();
    assert_eq!(slices, ["1", "\"two\"", "{}"]);
    assert_eq!(document.source.slice(document.root().span()), text);
}

#[test]
fn mistakes() {
    let texts = [
        "",
        "  ",
        "{",
        "[1, 2",
        "[1, 2,]",
        "{\"a\": 1,}",
        "{\"a\" 1}",
        "{\"a\": }",
        "{\"a\": 1 \"b\": 2}",
        "[1 2]",
        "{a: 1}",
        "{'a': 1}",
        "['x']",
        "{\"a\": \"open\n}",
        "\"tab\there\"",
        "\"\\x\"",
        "\"\\u12g4\"",
        "\"\\ud800\"",
        "\"\\udc00\\ud800\"",
        "01",
        "1.",
        ".5",
        "-",
        "1e",
        "+1",
        "0x10",
        "NaN",
        "tru",
        "nulls",
        "[true false]",
        "{} {}",
        "[] // end",
        "// comment\n[]",
        "{\"a\": 1, // comment\n}",
        "[}",
        "{]",
        "[1]]",
        "{\"a\":[{\"b\":[1,2}]}",
        "[\u{a0}1]",
        "{\"a\":1,\"b\":é}",
    ];
    let mut report = String::new();
    for text in texts {
        let document = json(text);
        let whole = error(&document);
        // Walking finds the same as skipping.
        let walked = json(text);
        walk(walked.root(), usize::MAX);
        assert_eq!(whole, error(&walked), "{text}");
        let _unused = writeln!(report, "{text:?} {whole}");
    }
    assert_snapshot!(report, @r#"
    "" valid
    "  " valid
    "{" invalid-document: expected a key in double quotes, found the end of the file @1:2
    "[1, 2" invalid-document: expected `,` or `]`, found the end of the file @1:6 / add `]`
    "[1, 2,]" invalid-document: expected another element after the comma @1:6 / remove the comma
    "{\"a\": 1,}" invalid-document: expected another element after the comma @1:8 / remove the comma
    "{\"a\" 1}" invalid-document: expected `:` after the key, found `1` @1:6
    "{\"a\": }" invalid-document: expected a value, found `}` @1:7
    "{\"a\": 1 \"b\": 2}" invalid-document: expected `,` or `}`, found `"` @1:9 / write `,` before it
    "[1 2]" invalid-document: expected `,` or `]`, found `2` @1:4 / write `,` before it
    "{a: 1}" invalid-document: expected a key in double quotes, found `a` @1:2 / write the key in double quotes
    "{'a': 1}" invalid-document: expected a key in double quotes, found `'` @1:2 / write the string in double quotes
    "['x']" invalid-document: expected a value, found `'` @1:2 / write the string in double quotes
    "{\"a\": \"open\n}" invalid-document: the string has no closing `"` @1:7 / add `"` where the string ends
    "\"tab\there\"" invalid-document: line breaks and other control characters in strings need an escape @1:5 / write a line break as `\n` and a tab as `\t`
    "\"\\x\"" invalid-document: expected an escape such as `\n` or `\u00e9` after the backslash @1:2 / write a backslash as `\\`
    "\"\\u12g4\"" invalid-document: expected an escape such as `\n` or `\u00e9` after the backslash @1:2 / write a backslash as `\\`
    "\"\\ud800\"" invalid-document: half of a surrogate pair stands alone @1:2 / write the character itself, or both halves: `\ud83d\ude00`
    "\"\\udc00\\ud800\"" invalid-document: half of a surrogate pair stands alone @1:2 / write the character itself, or both halves: `\ud83d\ude00`
    "01" invalid-document: expected a number such as `10` or `-1.5e3` @1:1 / remove the `0` before it, or put it in double quotes
    "1." invalid-document: expected a number such as `10` or `-1.5e3` @1:1
    ".5" invalid-document: expected a value, found `.5` @1:1
    "-" invalid-document: expected a number such as `10` or `-1.5e3` @1:1
    "1e" invalid-document: expected a number such as `10` or `-1.5e3` @1:1
    "+1" invalid-document: expected a value, found `+1` @1:1
    "0x10" invalid-document: expected a number such as `10` or `-1.5e3` @1:1
    "NaN" invalid-document: expected a value, found `NaN` @1:1 / write `null`
    "tru" invalid-document: expected a value, found `tru` @1:1 / write `true`
    "nulls" invalid-document: expected a value, found `nulls` @1:1 / write `null`
    "[true false]" invalid-document: expected `,` or `]`, found `false` @1:7 / write `,` before it
    "{} {}" invalid-document: expected the end of the file after the value, found `{` @1:4 / keep each document in a file of its own, or name a file of one document a line `.ndjson`
    "[] // end" invalid-document: expected the end of the file after the value, found `/` @1:4
    "// comment\n[]" invalid-document: expected a value, found `/` @1:1 / JSON has no comments: remove it, or keep the inventory as YAML or TOML
    "{\"a\": 1, // comment\n}" invalid-document: expected a key in double quotes, found `/` @1:10 / JSON has no comments: remove it, or keep the inventory as YAML or TOML
    "[}" invalid-document: expected a value, found `}` @1:2
    "{]" invalid-document: expected a key in double quotes, found `]` @1:2
    "[1]]" invalid-document: expected the end of the file after the value, found `]` @1:4
    "{\"a\":[{\"b\":[1,2}]}" invalid-document: expected `,` or `]`, found `}` @1:16
    "[\u{a0}1]" invalid-document: expected a value, found ` ` @1:2
    "{\"a\":1,\"b\":é}" invalid-document: expected a value, found `é` @1:12 / put the text in double quotes
    "#);
}

#[test]
fn depth_is_limited() {
    let limit = Limits::default().document_depth;
    let deep = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    assert_eq!(error(&json(&deep(limit))), "valid");
    let message = error(&json(&deep(limit + 1)));
    assert!(message.starts_with("limit-reached: expected at most 500 nested"), "{message}");
    assert!(error(&json(&"[".repeat(1_000_000))).starts_with("limit-reached"));
    assert!(error(&json(&"{\"a\":".repeat(1_000_000))).starts_with("limit-reached"));
}

#[test]
fn duplicate_keys_are_told_on_request() {
    let document = json("{\"a\": 1, \"b\": 2, \"\\u0061\": 3}");
    let fields = document.root().fields();
    assert_eq!(fields.entries.len(), 2);
    assert_eq!(fields.get("a").and_then(Node::as_int), Some(1));
    let duplicates: Vec<String> = fields.duplicates.iter().map(super::shown).collect();
    assert_snapshot!(duplicates.join("\n"), @"duplicate-name: `a` is defined twice in one object @1:18 @1:2 / remove or rename one of the two");
}

#[test]
fn many_keys_are_checked_in_linear_time() {
    let keys: Vec<String> = (0..200_000).map(|number| format!("\"k{number}\":0")).collect();
    let document = json(&format!("{{{},\"k7\":1,\"k199999\":1}}", keys.join(",")));
    let fields = document.root().fields();
    assert_eq!((fields.entries.len(), fields.duplicates.len()), (200_000, 2));
}

#[test]
fn embedded_texts_map_into_the_file() {
    let document = json("{\"select\": \"tag \\\"web\\\" &&\\n\\thostname \\\"\\u00e9t\\u00e9\\\" || none\"}");
    let node = document.root().get("select").expect("the key");
    assert_eq!(located(node, "tag"), "1:13 tag");
    assert_eq!(located(node, "web"), "1:19 web");
    assert_eq!(located(node, "hostname"), "1:31 hostname");
    assert_eq!(located(node, "été"), "1:42 \\u00e9t\\u00e9");
    assert_eq!(located(node, "none"), "1:61 none");
    assert!(document.root().embedded().is_none());
}

/// Looks at every value, at lists and objects only up to `breadth` members.
fn walk(node: Node<'_>, breadth: usize) {
    let _text = node.as_str();
    let _number = node.as_int();
    node.items().take(breadth).for_each(|item| walk(item, breadth));
    node.entries().take(breadth).for_each(|(_, value)| walk(value, breadth));
}

/// All values below a node, by their places.
fn places_below(node: Node<'_>, places: &mut Vec<Raw>) {
    places.push(node.raw());
    node.items().for_each(|item| places_below(item, places));
    node.entries().for_each(|(_, value)| places_below(value, places));
}

fn data() -> impl Strategy<Value = serde_json::Value> {
    let leaf = prop_oneof![
        Just(serde_json::Value::Null),
        any::<bool>().prop_map(serde_json::Value::from),
        any::<i64>().prop_map(serde_json::Value::from),
        // serde_json reads floats of many digits less exactly than Rust.
        any::<i32>().prop_map(|number| serde_json::Value::from(f64::from(number) / 4.0)),
        ".{0,12}".prop_map(serde_json::Value::from),
    ];
    leaf.prop_recursive(5, 64, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(serde_json::Value::from),
            prop::collection::vec((".{0,6}", inner), 0..6)
                .prop_map(|entries| serde_json::Value::Object(entries.into_iter().collect())),
        ]
    })
}

/// Nothing where it gives up before the end: numbers beyond floats are infinite here.
fn serde_accepts(text: &str) -> Option<bool> {
    match serde_json::from_str::<serde_json::Value>(text) {
        Ok(_) => Some(true),
        Err(error) => (!error.to_string().contains("out of range")).then_some(false),
    }
}

fn accepts(document: &Document) -> bool {
    document.validate().is_none()
}

proptest! {
    #[test]
    fn reads_what_serde_json_writes(value in data(), pretty in any::<bool>()) {
        let text = if pretty { format!("{value:#}") } else { value.to_string() };
        let document = json(&text);
        prop_assert_eq!(document.root().to_json(), value);
        prop_assert!(accepts(&document));
    }

    #[test]
    fn rejects_what_serde_json_rejects(
        value in data(),
        at in any::<prop::sample::Index>(),
        byte in prop::sample::select(b"{}[]\",:\\0123eE.-+tfn /\n\x01ud8".to_vec()),
        breadth in 0_usize..4,
    ) {
        let mut bytes = value.to_string().into_bytes();
        let index = at.index(bytes.len());
        if let Some(place) = bytes.get_mut(index).filter(|byte| byte.is_ascii()) {
            *place = byte;
        }
        let text = String::from_utf8(bytes).expect("only ASCII was replaced");
        let document = json(&text);
        walk(document.root(), breadth);
        if let Some(accepted) = serde_accepts(&text) {
            prop_assert_eq!(accepts(&document), accepted, "{}", text);
        }
    }

    #[test]
    fn any_order_of_looking_gives_the_same(value in data(), order in prop::collection::vec(any::<prop::sample::Index>(), 0..40)) {
        let text = value.to_string();
        let document = json(&text);
        let mut places = Vec::new();
        places_below(document.root(), &mut places);
        let fresh = json(&text);
        for index in order {
            let raw = *index.get(&places);
            let (node, again) = (document.node(raw), fresh.node(raw));
            prop_assert_eq!(node.to_json(), again.to_json());
            prop_assert_eq!(node.span(), again.span());
            let parsed: serde_json::Value = serde_json::from_str(document.source.slice(node.span())).expect("valid");
            prop_assert_eq!(node.to_json(), parsed);
        }
        prop_assert!(accepts(&fresh));
    }
}
