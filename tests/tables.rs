//! The examples in the table of builtins, run on the demo inventory.

use invq::diagnostic::Diagnostic;
use invq::{Engine, Inventory, Limits, builtins};

use crate::shared::messages;

/// The demo inventory.
pub(crate) fn demo(engine: &Engine) -> Inventory {
    engine.load_demo().unwrap_or_else(|found| panic!("{}", messages(&found)))
}

/// An engine that gives up early: an example may not run long.
pub(crate) fn engine() -> Engine {
    Engine::new(Limits { steps: 1_000_000, ..Limits::default() })
}

/// The answer to a query as JSON.
pub(crate) fn run(engine: &Engine, inventory: &Inventory, text: &str) -> Result<String, Vec<Diagnostic>> {
    let query = engine.compile(text, inventory)?;
    let answer = query.run(inventory).map_err(|diagnostic| vec![diagnostic])?;
    if let Some(machines) = answer.nodes() {
        let names: Vec<&str> = machines.iter().map(|node| inventory.model().nodes.name(*node)).collect();
        return Ok(serde_json::json!(names).to_string());
    }
    let data = answer.into_data(inventory).map_err(|diagnostic| vec![diagnostic])?;
    Ok(data.to_string())
}

/// What an expression gives, as the tables write it.
pub(crate) fn outcome(engine: &Engine, inventory: &Inventory, text: &str) -> String {
    match run(engine, inventory, text) {
        Ok(answer) => answer,
        Err(found) => {
            let mut codes: Vec<&str> = found.iter().map(|diagnostic| diagnostic.code.word()).collect();
            codes.dedup();
            format!("error: {}", codes.join(", "))
        }
    }
}

#[test]
fn examples_of_builtins_give_what_they_say() {
    let engine = engine();
    let inventory = demo(&engine);
    let mut wrong = Vec::new();
    for builtin in builtins::ALL.iter() {
        for (example, expected) in builtin.examples {
            let found = outcome(&engine, &inventory, example);
            if found != *expected {
                wrong.push(format!("{}: {example}\n  expected {expected}\n  found    {found}", builtin.name));
            }
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}
