//! `invq graph`: machines, services and clouds as DOT, Mermaid or SVG.

use std::collections::BTreeSet;

use invq::diagnostic::Diagnostic;
use invq::render::graph::{Graph, GraphFormat, clouds, machines, services};
use invq::{Arguments, Engine, Inventory};
use serde_json::Value;

use super::{opened, print};
use crate::args::{Query, Shared, Subject};
use crate::console::Console;
use crate::exit::{Outcome, Stage};

/// Writes a graph.
pub(super) fn run(
    shared: &Shared,
    query: &Query,
    (subject, filter, format): (Subject, Option<&str>, GraphFormat),
    console: &Console,
) -> Outcome {
    let (engine, inventory) = match opened(shared, query, console) {
        Ok(opened) => opened,
        Err(outcome) => return outcome,
    };
    match graph(subject, filter, &engine, &inventory) {
        Ok(graph) => print(console, |out| out.write_all(graph.write(format).as_bytes())),
        Err(mistakes) => {
            console.report(&mistakes);
            Outcome::of(&mistakes, &Stage::Querying(&inventory))
        }
    }
}

fn graph(
    subject: Subject,
    filter: Option<&str>,
    engine: &Engine,
    inventory: &Inventory,
) -> Result<Graph, Vec<Diagnostic>> {
    let selected = || {
        let query = engine.compile(filter.unwrap_or("all"), inventory)?;
        query.machines(inventory).map_err(|mistake| vec![mistake])
    };
    let data = |text: &str| {
        let source = invq::text::Source::new("<graph>", text);
        let query = engine.compile_source(&source, inventory, &Arguments::default())?;
        let answer = query.run(inventory).and_then(|answer| answer.into_data(inventory));
        answer.map_err(|mistake| vec![mistake])
    };
    let model = inventory.model();
    // Rows about machines that are not asked for are left out.
    let kept = |rows: &mut Vec<Value>| -> Result<(), Vec<Diagnostic>> {
        if filter.is_none() {
            return Ok(());
        }
        let selected: BTreeSet<(&str, &str)> = selected()?
            .into_iter()
            .map(|node| {
                let cluster = model.nodes.cluster.get(node as usize);
                let cluster = cluster.and_then(|cluster| model.clusters.get(*cluster as usize));
                (cluster.map_or("", |cluster| &*cluster.name), inventory.machine_name(node))
            })
            .collect();
        rows.retain(|row| {
            let text = |key: &str| row.get(key).and_then(Value::as_str).unwrap_or_default();
            selected.contains(&(text("cluster"), text("machine")))
        });
        Ok(())
    };
    Ok(match subject {
        Subject::Machines => machines(model, &selected()?),
        Subject::Services => {
            let mut placements =
                data("map (p: { inherit (p) machine cluster service instance role; }) placements")?;
            if let Some(rows) = placements.as_array_mut() {
                kept(rows)?;
            }
            services(&placements)
        }
        Subject::Clouds => {
            let mut members = data(
                "mapAttrsToList (name: cloud: map (m: { machine = m.name; inherit (m) cluster; }) cloud.machines) clouds",
            )?;
            let mut counts = Vec::new();
            for rows in members.as_array_mut().into_iter().flatten().filter_map(Value::as_array_mut) {
                kept(rows)?;
                counts.push(rows.len());
            }
            clouds(model, &counts)
        }
    })
}
