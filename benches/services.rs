//! How services grow: placements of many services on many machines, and closures on many machines.
//!
//! ```sh
//! cargo bench --bench services
//! ```
//!
//! Each is measured at two sizes, of which the second has twice the work; a time that more than triples
//! ends the run with a failure. Times are the best of three.

#![allow(clippy::disallowed_methods, clippy::print_stdout, clippy::print_stderr, missing_docs)]

use std::fmt::Write as _;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use invq::text::Source;
use invq::{Engine, Format, Input, Inventory, Limits};

/// How many machines carry a tag.
const TAGGED: usize = 100;

/// A cluster in JSON, with so many machines and these services.
fn cluster(machines: usize, services: &str) -> String {
    let mut text = String::from(r#"{ "domain": { "suffix": "lan", "clusters": { "c": { "machines": {"#);
    for index in 0..machines {
        let comma = if index == 0 { "" } else { "," };
        let tag = index / TAGGED;
        let _infallible = write!(
            text,
            r#"{comma}"m{index:05}": {{ "system": "x86_64-linux", "tags": ["t{tag}"],
            "ips": {{ "eth0": ["10.{}.{}.{}"] }} }}"#,
            index >> 16,
            (index >> 8) & 255,
            index & 255
        );
    }
    let _infallible = write!(text, r#" }}, "services": {{ {services} }} }} }} }} }}"#);
    text
}

/// Services with selectors of all kinds, each with a role.
fn mixed(services: usize, machines: usize) -> String {
    let tags = machines.div_ceil(TAGGED);
    let service = |index: usize| {
        let tag = index % tags;
        let selector = match index % 10 {
            0 => format!("hostname \\\"m{:05}\\\"", index % machines),
            1 => format!("glob \\\"m0{}*7\\\"", index % 10),
            2 => format!("tag \\\"t{tag}\\\" && !(hostname \\\"m00000\\\")"),
            _ => format!("tag \\\"t{tag}\\\""),
        };
        format!(
            r#""s{index:04}": {{ "selectors": ["{selector}"], "roles": {{ "all": ["{selector}"] }},
            "definition": "{{ this, ... }}: {{ }}" }}"#
        )
    };
    (0..services).map(service).collect::<Vec<_>>().join(",")
}

/// A service on all machines, whose closure reads everything that it gets.
const CLOSURE: &str = r#""s": { "selectors": ["clusterMachines"], "roles": { "first": ["hostname \"m00000\""], "all": ["clusterMachines"] },
    "definition": "{ selectors, roles, this }: { list = [ (length selectors) (length roles.all) ]; server = (head roles.first).ips.eth0; own = \"${this.machineName} ${this.fqdn}\"; }" }"#;

fn load(text: &str) -> (Engine, Inventory) {
    let engine = Engine::new(Limits { steps: u64::MAX, time: None, ..Limits::default() });
    let input = Input { source: Source::new("cluster.json", text), format: Format::Json, folder: None };
    let inventory = engine.load(vec![input]).expect("the generated inventory loads");
    (engine, inventory)
}

/// The best time of a query on an inventory that is loaded anew, and its answer.
fn best(text: &str, query: &str) -> (Duration, String) {
    let runs = (0..3).map(|_| {
        let (engine, inventory) = load(text);
        let start = Instant::now();
        let answer = engine.compile(query, &inventory).expect("the query is right");
        let answer = answer.run(&inventory).expect("the query has an answer");
        let data = answer.into_data(&inventory).expect("the answer is data");
        (start.elapsed(), data.to_string())
    });
    runs.min_by_key(|(time, _)| *time).expect("there are three runs")
}

fn main() -> ExitCode {
    let mut outcome = ExitCode::SUCCESS;
    let mut compare =
        |what: &str, (small, of_small): (Duration, String), (large, of_large): (Duration, String)| {
            let ratio = large.as_secs_f64() / small.as_secs_f64().max(1e-9);
            println!("{what}: {small:.2?} ({of_small}), {large:.2?} ({of_large}): {ratio:.2}×");
            if ratio > 3.0 {
                eprintln!("{what}: more than linear");
                outcome = ExitCode::FAILURE;
            }
        };
    let placements = |services: usize| best(&cluster(10_000, &mixed(services, 10_000)), "length placements");
    compare("placements of 500 and 1,000 services on 10,000 machines", placements(500), placements(1000));
    let query = "length (builtins.filter (m: m.config.own == \"${m.name} ${m.fqdn}\") machines)";
    let closures = |machines: usize| best(&cluster(machines, CLOSURE), query);
    compare("a closure on 5,000 and 10,000 machines", closures(5_000), closures(10_000));
    let query = "length (builtins.filter (m: m.config.networking.hostName == m.name) machines)";
    let configured = |services: usize| best(&cluster(10_000, &mixed(services, 10_000)), query);
    compare(
        "configurations with 500 and 1,000 services on 10,000 machines",
        configured(500),
        configured(1000),
    );
    outcome
}
