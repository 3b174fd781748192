use std::fmt::Write as _;

use super::*;
use crate::inventory::document::Document;
use crate::inventory::model::Inventory;
use crate::text::Source;

/// Clusters with machines and VMs, of which some have mistakes and some names stand twice.
fn text(machines: usize) -> String {
    let mut text = String::from("{\"domain\": {\"suffix\": \"lan\", \"clusters\": {");
    for (index, cluster) in ["a", "b", "c", "a"].iter().enumerate() {
        let separator = if index == 0 { "" } else { ", " };
        let _ = write!(text, "{separator}\"{cluster}\": {{\"machines\": {{");
        for number in 0..machines {
            let separator = if number == 0 { "" } else { ",\n" };
            let name = if number % 7 == 6 { number - 1 } else { number };
            let system =
                ["\"x86_64-linux\"", "\"aarch64-linux\"", "1", "\"riscv64-linux\""][(number + index) % 4];
            let _ = write!(
                text,
                "{separator}\"m{name}\": {{\"system\": {system}, \"tags\": [\"t{}\", \"ü\\\"{{\"], \
                 \"nixosModules\": [\"{{ config, ... }}: {{ x = {number}; }}\"], \"vars\": {{\"n\": {number}}}}}",
                number % 5,
            );
        }
        let _ = write!(
            text,
            "}}, \"wrong\": [{index}], \"vms\": {{\"v{index}\": {{\"host\": \"m1.a\"}}, \"w{index}\": {{\"host\": \"no\"}}}}, \
             \"services\": {{\"s{index}\": {{\"selectors\": [], \"roles\": {{}}, \"definition\": \"{{ ... }}: {{ }}\"}}}}}}"
        );
    }
    text.push_str("}}}\n");
    text
}

/// What is read, or what is wrong with the notation.
fn read_with(text: &str, large: Large) -> Result<Inventory, String> {
    let mut draft = Draft::new();
    let number = draft.add_document(Document::json(Source::new("inventory.json", text.to_owned())));
    let document = draft.document(number).expect("it was added");
    let mut reader = Reader { large, ..Reader::default() };
    for (key, node) in document.root().entries() {
        reader.domain(&mut draft, &key, node);
    }
    reader.finish(&mut draft);
    match document.validate() {
        Some(error) => Err(format!("{} {:?}", error.message, error.labels.first().map(|label| label.span))),
        None => Ok(draft.finish()),
    }
}

/// Everything of the nodes, and all mistakes in their order.
fn told(inventory: &Inventory) -> Vec<String> {
    let nodes = &inventory.nodes;
    let of = |node: u32| {
        let system = nodes.system[node as usize];
        format!(
            "{} {} {:?} {:?} {:?} {:?} {:?}",
            nodes.name(node),
            inventory.clusters[nodes.cluster[node as usize] as usize].name,
            nodes.kind[node as usize],
            inventory.systems.get(system as usize),
            nodes.tags(node).iter().map(|tag| &inventory.tags[*tag as usize].name).collect::<Vec<_>>(),
            nodes.spot[node as usize],
            nodes.parts(node).collect::<Vec<_>>(),
        )
    };
    let mut expressions: Vec<String> = inventory
        .expressions
        .iter()
        .map(|expression| format!("{:?} {:?} {}", expression.spot, expression.part, expression.source.text()))
        .collect();
    expressions.sort();
    let mistakes = inventory.mistakes.iter().map(|mistake| {
        format!("{:?} {:?} {}", mistake.part, mistake.diagnostic.labels[0].span, mistake.diagnostic.message)
    });
    (0..nodes.len() as u32).map(of).chain(expressions).chain(mistakes).collect()
}

#[test]
fn two_threads_read_what_one_reads() {
    for machines in [0, 1, 3, 40, 300] {
        let text = text(machines);
        let alone = read_with(&text, Large(usize::MAX)).expect("it can be read");
        for _ in 0..8 {
            let both = read_with(&text, Large(0)).expect("it can be read");
            assert_eq!(told(&both), told(&alone), "{machines} machines");
        }
    }
}

#[test]
fn two_threads_find_the_mistake_of_notation_that_one_finds() {
    let text = text(2);
    for at in
        (0..text.len()).step_by(2).filter(|at| text.is_char_boundary(*at) && text.is_char_boundary(at + 1))
    {
        let cut = &text[..at];
        let without = format!("{}{}", &text[..at], &text[at + 1..]);
        let quoted = format!("{}\"{}", &text[..at], &text[at..]);
        let closed = format!("{}}}{}", &text[..at], &text[at + 1..]);
        let wrong = format!("{}?{}", &text[..at], &text[at + 1..]);
        for text in [cut, &without, &quoted, &closed, &wrong] {
            let alone = read_with(text, Large(usize::MAX)).map(|inventory| told(&inventory));
            let both = read_with(text, Large(0)).map(|inventory| told(&inventory));
            assert_eq!(both, alone, "{text}");
        }
    }
}
