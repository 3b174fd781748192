use insta::assert_snapshot;

use super::{anything, definitions, flatten, one, strongest, texts};
use crate::inventory::document::{Document, Node};
use crate::text::Source;

fn document(text: &str) -> Document {
    Document::yaml(Source::new("f.yaml", text))
}

fn modules(document: &Document) -> Vec<Node<'_>> {
    flatten(document.root().items())
}

fn told(failure: &crate::diagnostic::Diagnostic) -> String {
    let places: Vec<String> = failure
        .labels
        .iter()
        .map(|label| {
            let place = label.source.position(label.span.start);
            format!("@{}:{}", place.line, place.column)
        })
        .collect();
    format!("{}: {} {}", failure.code.word(), failure.message, places.join(" "))
}

/// The option `a.b` as a text.
fn text(modules_text: &str) -> String {
    let document = document(modules_text);
    let found = definitions(&modules(&document), &["a", "b"])
        .and_then(|found| texts(found, "a.b"))
        .and_then(|found| one(found, "a.b"));
    match found {
        Ok(value) => format!("{value:?}"),
        Err(failure) => told(&failure),
    }
}

/// The option `a` as data.
fn data(modules_text: &str) -> String {
    let document = document(modules_text);
    let found =
        definitions(&modules(&document), &["a"]).and_then(|found| anything(found, &mut vec!["a".to_owned()]));
    match found {
        Ok(value) => value.to_string(),
        Err(failure) => told(&failure),
    }
}

#[test]
fn single_values() {
    assert_eq!(text("[ ]"), "None");
    assert_eq!(text("- { a: { b: x } }\n- { a: { b: x } }\n- 'x: x'"), "Some(\"x\")");
    assert_snapshot!(text("- { a: { b: x } }\n- { a: { b: y } }"), @"conflict: the option `a.b` is defined twice and differently @2:13 @1:13");
    assert_snapshot!(text("- { a: { b: 1 } }"), @"invalid-option: expected a string in the option `a.b`, found an integer @1:13");
    assert_snapshot!(text("- { a: 1 }"), @"invalid-option: expected an object in the option `a`, found an integer @1:8");
}

#[test]
fn priorities() {
    let force = "{ _type: override, priority: 50, content: forced }";
    let default = "{ _type: override, priority: 1000, content: default }";
    assert_eq!(text(&format!("- {{ a: {{ b: x }} }}\n- {{ a: {{ b: {force} }} }}")), "Some(\"forced\")");
    assert_eq!(text(&format!("- {{ a: {{ b: {default} }} }}\n- {{ a: {{ b: x }} }}")), "Some(\"x\")");
    // A mark around a set holds for what is inside of it.
    assert_eq!(
        text("- { a: { b: x } }\n- { a: { _type: override, priority: 50, content: { b: y } } }"),
        "Some(\"y\")"
    );
    assert_snapshot!(text("- { a: { b: { _type: override, content: 1 } } }"), @"invalid-option: expected the field `priority` beside `_type` @1:13");
}

#[test]
fn conditions_and_merges() {
    let when =
        |condition: &str| format!("- {{ a: {{ b: {{ _type: if, condition: {condition}, content: x }} }} }}");
    assert_eq!(text(&when("true")), "Some(\"x\")");
    assert_eq!(text(&when("false")), "None");
    assert_snapshot!(text(&when("1")), @"invalid-option: expected `true` or `false` in `condition` @1:37");
    assert_eq!(
        text(
            "- { _type: merge, contents: [ { a: { b: x } }, { _type: if, condition: false, content: { a: { b: y } } } ] }"
        ),
        "Some(\"x\")"
    );
}

#[test]
fn imports_and_config() {
    assert_eq!(data("- { imports: [ { a: [ 3 ] } ], config: { a: [ 1 ] } }\n- { a: [ 2 ] }"), "[1,2,3]");
}

#[test]
fn data_is_merged_deeply() {
    assert_eq!(
        data("- { a: { z: 1, l: [ 1 ], s: { x: 1 } } }\n- { a: { z: 1, l: [ 2 ], s: { y: 2 } } }"),
        r#"{"l":[1,2],"s":{"x":1,"y":2},"z":1}"#
    );
    assert_eq!(
        data(
            "- { a: [ 2 ] }\n- { a: { _type: order, priority: 500, content: [ 1 ] } }\n- { a: [ 3, { _type: if, condition: false, content: 4 } ] }"
        ),
        "[1,2,3]"
    );
    assert_snapshot!(data("- { a: { b: { c: 1 } } }\n- { a: { b: { c: 2 } } }"), @"conflict: the option `a.b.c` is defined twice and differently @2:18 @1:18");
    assert_snapshot!(data("- { a: { b: 1 } }\n- { a: { b: [ 1 ] } }"), @"conflict: the option `a.b` is defined twice and differently @2:13 @1:13");
}

#[test]
fn nobody_defines_it() {
    assert_eq!(strongest::<()>(Vec::new()).len(), 0);
    assert_eq!(data("[ ]"), "null");
}
