use crate::inventory::document::{Kind, Node, TreeBuilder};
use crate::text::{Source, Span};

#[test]
fn computed_values() {
    let text = "{ a = 1; f = tag \"x\"; s = \"x\" + \"y\"; l = [ null true 1.5 ]; }";
    let mut builder = TreeBuilder::new(Source::new("f.invq", text));
    let one = builder.int(1, Span::new(6, 7));
    let filter = builder.expression(vec!["f".into()], Span::new(13, 20));
    let sum = builder.string("xy", Span::new(26, 35));
    let (null, truth, number) = (
        builder.null(Span::new(43, 47)),
        builder.bool(true, Span::new(48, 52)),
        builder.float(1.5, Span::new(53, 56)),
    );
    let list = builder.list([null, truth, number], Span::new(41, 58));
    let root = builder.object(
        [
            ("a", Span::new(2, 3), one),
            ("f", Span::new(9, 10), filter),
            ("s", Span::new(22, 23), sum),
            ("l", Span::new(37, 38), list),
        ],
        Span::new(0, text.len()),
    );
    let document = builder.finish(root);
    assert_eq!(document.root().to_json().to_string(), r#"{"a":1,"f":null,"s":"xy","l":[null,true,1.5]}"#);
    let filter = document.root().get("f").expect("the filter");
    assert_eq!(filter.kind(), Kind::Expression);
    assert_eq!(filter.file_value().map(|value| value.path), Some(vec!["f".into()]));
    assert_eq!(
        document.source.slice(filter.span()),
        "tag \"x\";".trim_end_matches(';').get(..7).unwrap_or("")
    );
    let keys: Vec<&str> = document.root().entries().map(|(key, _)| document.source.slice(key.span)).collect();
    assert_eq!(keys, ["a", "f", "s", "l"]);
    assert_eq!(document.root().get("l").into_iter().flat_map(Node::items).count(), 3);
}
