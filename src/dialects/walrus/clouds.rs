//! `clouds`: blocks of addresses, and which clouds reach which.

use std::collections::HashMap;

use ipnet::IpNet;

use super::{Section, block, unknown_cloud};
use crate::diagnostic::{Code, Diagnostic};
use crate::dialects::clusterconfig::place::{Place, unknown_option, wrong_type};
use crate::inventory::document::{Keys, Kind, Node, Raw};
use crate::inventory::draft::Draft;
use crate::inventory::model::{Part, Spot};
use crate::text::quoted;

pub(in crate::dialects) const OPTIONS: [&str; 2] = ["blocks", "reaches"];

/// Reads all clouds; which ones there are must be known before what they reach.
pub(super) fn read(draft: &mut Draft, sections: &[Section]) {
    let mut known: HashMap<u32, Raw> = HashMap::new();
    for section in sections {
        section.with(draft, "clouds", |draft, place, node| {
            names(draft, place, node, &mut known);
        });
    }
    let mut clouds: Vec<(u32, Raw)> = known.into_iter().collect();
    clouds.sort_unstable_by_key(|(cloud, _)| *cloud);
    for (cloud, raw) in clouds {
        let Some(document) = draft.document(raw.document) else { continue };
        details(draft, cloud, document.node(raw));
    }
    ties(draft);
}

/// Notes which clouds there are, and checks that each is defined once, or equally.
fn names(draft: &mut Draft, place: &Place<'_>, node: Node<'_>, known: &mut HashMap<u32, Raw>) {
    if node.kind() != Kind::Object {
        draft.mistake(wrong_type(place, node, "an object"), Part::Clouds);
        return;
    }
    let mut seen = Keys::default();
    for (key, value) in node.entries() {
        if let Some(duplicate) = seen.duplicate(&key, value.document()) {
            draft.mistake(duplicate, Part::Clouds);
            continue;
        }
        let spot = Spot { document: value.document().number(), span: key.span };
        let before = draft.find_cloud(&key.text);
        let cloud = draft.cloud(&key.text, Some(spot));
        let Some(first) = known.get(&cloud).copied() else {
            known.insert(cloud, value.raw());
            continue;
        };
        let first_spot = before.and_then(|cloud| draft.clouds().get(cloud as usize)?.spot);
        let same = draft.document(first.document).map(|document| document.node(first).to_json());
        if same != Some(value.to_json()) {
            let message = format!("the cloud {} is defined differently in two files", quoted(&key.text));
            let diagnostic = Diagnostic::error(Code::Conflict, message);
            let diagnostic = draft.twice(diagnostic, first_spot.unwrap_or_default(), spot);
            draft.mistake(diagnostic.help("keep one of the two, or make them equal"), Part::Clouds);
        }
    }
}

/// Reads what is said of a cloud.
fn details(draft: &mut Draft, cloud: u32, node: Node<'_>) {
    let name = draft.clouds().get(cloud as usize).map(|cloud| (cloud.name.clone(), cloud.spot));
    let Some((name, Some(spot))) = name else { return };
    let top = crate::inventory::document::Key { text: "clouds".into(), span: spot.span };
    let key = crate::inventory::document::Key { text: (&*name).into(), span: spot.span };
    let top = Place::root(&top);
    let place = top.then(&key);
    let report = |draft: &mut Draft, diagnostic| draft.mistake(diagnostic, Part::Clouds);
    if node.kind() != Kind::Object {
        return report(draft, wrong_type(&place, node, "an object"));
    }
    let mut seen = Keys::default();
    for (key, value) in node.entries() {
        let here = place.then(&key);
        if let Some(duplicate) = seen.duplicate(&key, value.document()) {
            report(draft, duplicate);
            continue;
        }
        let is_blocks = match &*key.text {
            "blocks" => true,
            "reaches" => false,
            _ => {
                report(draft, unknown_option(&here, value, &OPTIONS));
                continue;
            }
        };
        if value.kind() != Kind::List {
            let expected = if is_blocks { "a list of address blocks" } else { "a list of clouds" };
            report(draft, wrong_type(&here, value, expected));
            continue;
        }
        for item in value.items() {
            match item.as_str() {
                None => report(draft, wrong_type(&here, item, "a string")),
                Some(text) if is_blocks => match block(&text) {
                    Ok(block) => {
                        if let Some(cloud) = draft.cloud_mut(cloud) {
                            cloud.blocks.push((block, item.spot()));
                        }
                    }
                    Err(wrong) => report(draft, wrong.at(item.source(), item.span(), "")),
                },
                Some(text) => match draft.find_cloud(&text) {
                    Some(reached) => {
                        if let Some(cloud) = draft.cloud_mut(cloud) {
                            cloud.reaches.push((reached, item.spot()));
                        }
                    }
                    None => report(draft, unknown_cloud(draft, &text, item)),
                },
            }
        }
    }
}

/// Blocks that two clouds have: the cloud of an address in it is not known.
fn ties(draft: &mut Draft) {
    let mut owners: HashMap<IpNet, (u32, Spot)> = HashMap::new();
    let mut mistakes = Vec::new();
    for (index, cloud) in (0..).zip(draft.clouds()) {
        for (block, spot) in &cloud.blocks {
            let (first, first_spot) = *owners.entry(*block).or_insert((index, *spot));
            if first == index {
                continue;
            }
            let other = draft.clouds().get(first as usize).map_or("", |cloud| &*cloud.name);
            let message = format!(
                "the block {} is in two clouds, {} and {}",
                quoted(&block.to_string()),
                quoted(other),
                quoted(&cloud.name)
            );
            let mut diagnostic = Diagnostic::error(Code::Conflict, message);
            for (spot, of) in [(*spot, &*cloud.name), (first_spot, other)] {
                if let Some(document) = draft.document(spot.document) {
                    diagnostic =
                        diagnostic.at(&document.source, spot.span, format!("a block of {}", quoted(of)));
                }
            }
            mistakes
                .push(diagnostic.help("leave the block to one of the two; a longer one inside of it wins"));
        }
    }
    for mistake in mistakes {
        draft.mistake(mistake, Part::Clouds);
    }
}
