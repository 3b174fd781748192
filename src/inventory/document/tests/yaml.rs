use std::fmt::Write;

use insta::assert_snapshot;
use proptest::prelude::*;

use super::{error, located, yaml};
use crate::inventory::document::{Kind, Node};
use crate::limits::Limits;

#[test]
fn core_schema() {
    let text = "[null, ~, NULL, true, False, yes, 1, -07, 0x1F, 0o17, 1.5, .5, 1e3, .inf, -.INF, .nan, 1_000, '1', \"true\", 1.2.3, 0b1, 10.0.0.1, inf, 99999999999999999999, !!str 5, !!int '7', !custom 5, 2001-01-01]";
    let document = yaml(text);
    assert_eq!(error(&document), "valid");
    let mut report = String::new();
    for node in document.root().items() {
        let shown = match node.kind() {
            Kind::Int => format!("{:?}", node.as_int()),
            Kind::Float => format!("{:?}", node.as_float()),
            Kind::String => format!("{:?}", node.as_str()),
            kind => format!("{kind:?} {:?}", node.as_bool()),
        };
        let _unused = writeln!(report, "{}: {shown}", document.source.slice(node.span()));
    }
    assert_snapshot!(report, @r###"
        null: Null None
        ~: Null None
        NULL: Null None
        true: Bool Some(true)
        False: Bool Some(false)
        yes: Some("yes")
        1: Some(1)
        -07: Some(-7)
        0x1F: Some(31)
        0o17: Some(15)
        1.5: Some(1.5)
        .5: Some(0.5)
        1e3: Some(1000.0)
        .inf: Some(inf)
        -.INF: Some(-inf)
        .nan: Some(NaN)
        1_000: Some("1_000")
        '1': Some("1")
        "true": Some("true")
        1.2.3: Some("1.2.3")
        0b1: Some("0b1")
        10.0.0.1: Some("10.0.0.1")
        inf: Some("inf")
        99999999999999999999: Some(1e20)
        5: Some("5")
        '7': Some(7)
        5: Some("5")
        2001-01-01: Some("2001-01-01")
    "###);
    let kinds: Vec<Kind> = document.root().items().map(Node::kind).take(6).collect();
    assert_eq!(kinds, [Kind::Null, Kind::Null, Kind::Null, Kind::Bool, Kind::Bool, Kind::String]);
}

#[test]
fn blocks_with_places() {
    let text =
        "# inventory\ndomain:\n  suffix: lan\n  tags: # some\n    - web\n    - 'db'\n  \"q\\u0041\": 1\n";
    let document = yaml(text);
    let domain = document.root().get("domain").expect("domain");
    let entries: Vec<String> = domain
        .entries()
        .map(|(key, node)| {
            format!("{} {} {}", key.text, document.source.slice(key.span), document.source.slice(node.span()))
        })
        .collect();
    assert_eq!(entries, ["suffix suffix lan", "tags tags - web\n    - 'db'", "qA \"q\\u0041\" 1"]);
    assert_eq!(domain.to_json().to_string(), r#"{"suffix":"lan","tags":["web","db"],"qA":1}"#);
}

#[test]
fn anchors_and_merge_keys() {
    let text = "base: &base { a: 1, b: 2 }\nother: &other { b: 3, c: 4 }\nx: { <<: *base, b: 9 }\ny:\n  <<: [ *base, *other ]\n  d: 5\nz: *base\nw: { '<<': 1 }\n";
    let document = yaml(text);
    assert_eq!(error(&document), "valid");
    assert_snapshot!(document.root().to_json().to_string(), @r#"{"base":{"a":1,"b":2},"other":{"b":3,"c":4},"x":{"b":9,"a":1},"y":{"d":5,"a":1,"b":2,"c":4},"z":{"a":1,"b":2},"w":{"<<":1}}"#);
}

#[test]
fn an_empty_text_is_null() {
    for text in ["", "\n", "# nothing\n", "---\n", "--- ~\n...\n", "\u{feff}"] {
        let document = yaml(text);
        assert_eq!(error(&document), "valid", "{text:?}");
        assert_eq!(document.root().kind(), Kind::Null, "{text:?}");
    }
}

#[test]
fn mistakes() {
    let texts = [
        "a: 1\n---\nb: 2\n",
        "a:\n\tb: 1\n",
        "a: 1\n b: 2\n",
        "a: b: c\n",
        "a: [1, 2\n",
        "a: \"open\n",
        "a: *missing\n",
        "a: &x [ *x ]\n",
        "? [a, b]\n: c\n",
        "x: { <<: 5 }\n",
        "x: { <<: [ 5 ] }\n",
        "@a: 1\n",
        "a: 'b' c\n",
        "a: @home # ours\n",
        "a:\n  - b\n c: 1\n",
        "machines\n  a: 1\n",
        "a:\n  b: 1\n   c: 2\n",
        "a:\n  tags:\n  -x\n  -y\n",
        "a:\n  b: \"open\n  c: 1\n",
        "a: {{ template }}\n",
    ];
    let mut report = String::new();
    for text in texts {
        let _unused = writeln!(report, "{text:?} {}", error(&yaml(text)));
    }
    assert_snapshot!(report, @r#"
    "a: 1\n---\nb: 2\n" invalid-document: expected one YAML document, found a second one @2:1 / keep each document in a file of its own
    "a:\n\tb: 1\n" invalid-document: tabs cannot indent YAML @2:2 / indent with spaces
    "a: 1\n b: 2\n" invalid-document: mapping values are not allowed in this context @2:3 / indent the key like its neighbours, or put a value that contains `: ` in quotes
    "a: b: c\n" invalid-document: mapping values are not allowed in this context @1:5 / indent the key like its neighbours, or put a value that contains `: ` in quotes
    "a: [1, 2\n" invalid-document: unclosed bracket `[` @1:4
    "a: \"open\n" invalid-document: the quote is not closed @1:4 / close it with `"` at the end of the value
    "a: *missing\n" invalid-document: no anchor before this place is called `missing` @1:4 / write `&missing` before the value that is meant, or put a text in quotes: `"*missing"`
    "a: &x [ *x ]\n" invalid-document: the alias stands inside of its own anchor @1:9
    "? [a, b]\n: c\n" invalid-document: expected a text as key, found a list or an object @1:3
    "x: { <<: 5 }\n" invalid-document: expected an object or a list of objects to merge, found an integer @1:10
    "x: { <<: [ 5 ] }\n" invalid-document: expected an object or a list of objects to merge, found an integer @1:10
    "@a: 1\n" invalid-document: no value begins with `@` @1:1 / put it in quotes: `"@a": 1`
    "a: 'b' c\n" invalid-document: something stands behind the closing quote @1:8 / put the whole value in one pair of quotes
    "a: @home # ours\n" invalid-document: no value begins with `@` @1:4 / put it in quotes: `"@home"`
    "a:\n  - b\n c: 1\n" invalid-document: the line is indented like no key above it @3:2 / indent the key like its neighbours
    "machines\n  a: 1\n" invalid-document: expected `:` behind `machines`, found the end of the line @1:1 / write `machines:`
    "a:\n  b: 1\n   c: 2\n" invalid-document: mapping values are not allowed in this context @3:5 / indent the key like its neighbours, or put a value that contains `: ` in quotes
    "a:\n  tags:\n  -x\n  -y\n" invalid-document: an element of a list has a blank behind `-` @3:3 / write `- x`
    "a:\n  b: \"open\n  c: 1\n" invalid-document: the quote is not closed @2:6 / close it with `"` at the end of the value
    "a: {{ template }}\n" invalid-document: expected a text as key, found a list or an object @1:5 / put it in quotes: `"{{ template }}"`
    "#);
}

#[test]
fn alias_bombs_are_refused() {
    let mut text = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for level in 1..12 {
        let aliases = vec![format!("*a{}", level - 1); 10].join(", ");
        text.push_str(&format!("a{level}: &a{level} [{aliases}]\n"));
    }
    let message = error(&yaml(&text));
    assert!(message.starts_with("limit-reached: with its aliases written out"), "{message}");
}

#[test]
fn depth_is_limited() {
    let limit = Limits::default().document_depth;
    let flow = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    assert_eq!(error(&yaml(&flow(limit))), "valid");
    assert_ne!(error(&yaml(&flow(limit + 1))), "valid");
    let mut chain = String::from("a0: &a0 []\n");
    for level in 1..600 {
        chain.push_str(&format!("a{level}: &a{level} [*a{}]\n", level - 1));
    }
    let message = error(&yaml(&chain));
    assert!(message.starts_with("limit-reached: expected at most 500 nested"), "{message}");
}

#[test]
fn embedded_texts_map_into_the_file() {
    let text = "\
plain: tag \"web\" && all
folded plain: tag \"web\"
  && hostname \"é\"

  || none
single: 'tag \"web\"
  && ''x'' none'
double: \"tag \\\"web\\\" \\
  && all \\u00e9
  none\"
literal: |
  tag \"web\"
    && all

  || none
deeper:
  - |2-
      tag \"web\"
     none
  - >
    tag \"web\"
    && all
      || more

    none
  - |+

     tag \"web\"

     none

";
    let document = yaml(text);
    assert_eq!(error(&document), "valid");
    let mut report = String::new();
    let mut tell = |name: &str, node: Node<'_>| {
        let _unused = writeln!(report, "{name}: {:?}", node.as_str().unwrap_or_default());
        for word in ["tag", "web", "all", "hostname", "more", "none"] {
            if node.as_str().is_some_and(|text| text.contains(word)) {
                let _unused = writeln!(report, "    {}", located(node, word));
            }
        }
    };
    for (key, node) in document.root().entries() {
        if node.kind() == Kind::List {
            node.items().for_each(|item| tell(&key.text, item));
        } else {
            tell(&key.text, node);
        }
    }
    assert_snapshot!(report, @r###"
        plain: "tag \"web\" && all"
            1:8 tag
            1:13 web
            1:21 all
        folded plain: "tag \"web\" && hostname \"é\"\n|| none"
            2:15 tag
            2:20 web
            3:6 hostname
            5:6 none
        single: "tag \"web\" && 'x' none"
            6:10 tag
            6:15 web
            7:12 none
        double: "tag \"web\" && all é none"
            8:10 tag
            8:16 web
            9:6 all
            10:3 none
        literal: "tag \"web\"\n  && all\n\n|| none\n"
            12:3 tag
            12:8 web
            13:8 all
            15:6 none
        deeper: "  tag \"web\"\n none"
            18:7 tag
            18:12 web
            19:6 none
        deeper: "tag \"web\" && all\n  || more\n\nnone\n"
            21:5 tag
            21:10 web
            22:8 all
            23:10 more
            25:5 none
        deeper: "\ntag \"web\"\n\nnone\n\n"
            28:6 tag
            28:11 web
            30:6 none
    "###);
}

#[test]
fn embedded_texts_of_files_with_carriage_returns() {
    let text = "a: |\r\n  tag \"web\"\r\n    && all\r\nb: tag \"web\"\r\n  && all\r\nc: >-\r\n  tag \"web\"\r\n  && all\r\n";
    let document = yaml(text);
    assert_eq!(error(&document), "valid");
    for (key, place) in [("a", "3:8 all"), ("b", "5:6 all"), ("c", "8:6 all")] {
        assert_eq!(document.root().get(key).map(|node| located(node, "all")).as_deref(), Some(place));
    }
}

/// A text as a block scalar: each line indented.
fn block(text: &str, header: &str, indent: usize) -> String {
    let lines: Vec<String> = text.split('\n').map(|line| format!("{}{line}", " ".repeat(indent))).collect();
    format!("{header}\n{}", lines.join("\n"))
}

proptest! {
    #[test]
    fn every_word_maps_to_itself(
        lines in prop::collection::vec("( {0,3}[a-zé\"'#]{1,8}){1,4}|", 1..8),
        indent in 1_usize..5,
        style in 0_usize..4,
    ) {
        // Each word is unique, so that it can be found again.
        let mut number = 0;
        let lines: Vec<String> = lines
            .iter()
            .map(|line| {
                let words = line.split(' ').map(|word| {
                    number += 1;
                    if word.is_empty() { String::new() } else { format!("{word}{number}") }
                });
                words.collect::<Vec<_>>().join(" ")
            })
            .collect();
        let text = lines.join("\n");
        let written = match style {
            0 => block(&text, &format!("|{indent}"), indent),
            1 => block(&text, &format!(">{indent}"), indent),
            2 => serde_json::Value::from(text.as_str()).to_string(),
            _ => format!("'{}'", text.replace('\'', "''").replace('\n', "\n\n   ")),
        };
        let document = yaml(&format!("- key: 1\n- {written}\n"));
        prop_assert_eq!(error(&document), "valid", "{}", written);
        let node = document.root().items().nth(1).expect("the text");
        for word in text.split_whitespace() {
            // Quotes in words are doubled or escaped in the file.
            if !word.contains(['\'', '"']) {
                let place = located(node, word);
                prop_assert!(place.ends_with(&format!(" {word}")), "{} {} {:?}", place, word, written);
            }
        }
    }
}
