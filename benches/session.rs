//! How long completion and hints take at each key, with an inventory of a hundred thousand machines, and how
//! long evaluations go on after Ctrl-C.
//!
//! ```sh
//! cargo bench --bench session
//! ```
//!
//! types lines key by key, asks for hint and completion at each one, and prints the median, the 99th
//! percentile and the longest time. Then it interrupts long evaluations. It fails where the 99th percentile
//! of a key is above five milliseconds, or where an evaluation goes on for more than a tenth of a second.

#![allow(clippy::disallowed_methods, clippy::print_stdout, missing_docs)]

use std::fmt::Write as _;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use invq::diagnostic::Code;
use invq::engine::session::Wish;
use invq::{Engine, Input, Limits, Session};

const MACHINES: usize = 100_000;

/// What no key may take longer than.
const LONGEST: Duration = Duration::from_millis(5);

/// What no evaluation may go on for after Ctrl-C.
const STOPPED: Duration = Duration::from_millis(100);

/// When Ctrl-C is pressed.
const PRESSED: Duration = Duration::from_millis(150);

/// Evaluations that take much longer than until then, each in its own way.
const LONG: [&str; 12] = [
    "let count = n: if n == 0 then 0 else count (n - 1); in foldl' (a: n: a + count 5000) 0 (genList (n: n) 100000)",
    "let fib = n: if n < 2 then n else fib (n - 1) + fib (n - 2); in fib 60",
    "foldl' (a: b: a + b) 0 (concatMap (n: genList (m: n * m) 3000) (genList (n: n) 3000))",
    "sort (a: b: a < b) (genList (n: builtins.bitXor (n * 40503) 65521) 3000000)",
    "length (filter (m: any (o: o.name == m.name) machines) machines)",
    "stringLength (concatStringsSep \"\" (genList (n: toString n) 9000000))",
    "stringLength (toJSON (genList (n: { inherit n; t = [ n n ]; }) 3000000))",
    "let a = genList (n: [ n ]) 5000000; in a == map (n: n) a",
    "length (filter (n: match \"(a*)*b\" (concatStrings (genList (m: \"a\") 3000)) == null) (genList (n: n) 100000))",
    "length (genericClosure { startSet = [ { key = 0; } ]; operator = x: [ { key = x.key + 1; } ]; })",
    "where (m: length (filter (o: o.vars == m.vars) machines) > 3)",
    "genList (n: { name = \"m${toString n}\"; rack = n; }) 8000000",
];

/// Lines as people type them: right ones, wrong ones, and those that ask about every machine.
const LINES: [&str; 22] = [
    "tag \"web\" && !cluster \"c3\"",
    "tag \"bakcup\"",
    "hostname \"node050000\"",
    "hostname \"nod050000\"",
    "hostname \"zzzzzzzzzz\"",
    "inCluster \"c7\" (hostname \"web0\")",
    "glob \"*5*\" && tag \"db\"",
    "matching \"^(web|db)[0-9]*7$\"",
    "nodes \"node[000001-050000]\"",
    "where (m: m.tags != [ ]) && tag \"ci\"",
    "where (m: lib.hasInfix \"99\" m.name)",
    "address \"10.0.0.0/12\"",
    "!(tag \"web\" || tag \"db\") && system \"x86_64-linux\"",
    "machines |> groupBy (m: m.cluster) |> mapAttrs (name: members: length members)",
    "map (m: { inherit (m) name fqdn; tags = m.tags; }) machines",
    "clusters.c1.machines.web000001.tags",
    "(head machines).vars.cpus",
    "x = tag \"gpu\" || cluster \"c1\"",
    "let a = head machines; in if a.cluster == \"c1\" then a.name else \"none\"",
    "fleet && !hostname \"db000007\"",
    ":why web000001 tag \"web\"",
    ":type map (m: m.ip) machines",
];

fn main() -> ExitCode {
    let pressed = Arc::new(AtomicBool::new(false));
    let engine = Engine::new(Limits { interrupt: Some(Arc::clone(&pressed)), ..Limits::default() });
    let inventory = match engine.load(vec![Input::text("inventory.json", inventory())]) {
        Ok(inventory) => inventory,
        Err(mistakes) => {
            println!("{mistakes:?}");
            return ExitCode::FAILURE;
        }
    };
    let machines = inventory.model().nodes.len();
    let mut session = Session::new(engine, inventory);
    if let Err(mistakes) = session.enter("fleet = tag \"web\" || glob \"*1\"", Wish::Whole) {
        println!("{mistakes:?}");
        return ExitCode::FAILURE;
    }
    println!("{machines} machines, {} lines, key by key", LINES.len());
    let mut hints = Vec::new();
    let mut completions = Vec::new();
    for line in LINES {
        for (end, character) in line.char_indices() {
            let typed = line.get(..end + character.len_utf8()).unwrap_or(line);
            let begun = Instant::now();
            let looked = session.look(typed);
            hints.push((begun.elapsed(), typed));
            let begun = Instant::now();
            let completion = session.complete(typed, typed.len());
            completions.push((begun.elapsed(), typed));
            std::hint::black_box((looked, completion));
        }
    }
    let stopped = LONG.iter().map(|line| (after_interrupt(&mut session, &pressed, line), *line)).collect();
    let fast = [
        told("hint", hints, 0.99, LONGEST),
        told("completion", completions, 0.99, LONGEST),
        told("Ctrl-C", stopped, 1.0, STOPPED),
    ];
    if fast == [true; 3] { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// How long a line goes on after Ctrl-C.
fn after_interrupt(session: &mut Session, pressed: &Arc<AtomicBool>, line: &str) -> Duration {
    pressed.store(false, Ordering::Relaxed);
    let key = Arc::clone(pressed);
    let presses = thread::spawn(move || {
        thread::sleep(PRESSED);
        key.store(true, Ordering::Relaxed);
        Instant::now()
    });
    let outcome = session.enter(line, Wish::Whole);
    let ended = Instant::now();
    match outcome {
        Err(mistakes) if mistakes.iter().all(|mistake| mistake.code == Code::Interrupted) => {}
        Err(mistakes) => println!("{line}: {mistakes:?}"),
        Ok(_) => println!("{line}: ended by itself"),
    }
    presses.join().map_or(Duration::MAX, |at| ended.saturating_duration_since(at))
}

/// Prints what times come to, and whether so great a part of them is short enough.
fn told(what: &str, mut times: Vec<(Duration, &str)>, part: f64, most: Duration) -> bool {
    times.sort_unstable();
    let at = |part: f64| times.get(((times.len() - 1) as f64 * part) as usize).copied().unwrap_or_default();
    let (median, late, longest) = (at(0.5).0, at(0.99).0, at(1.0));
    println!(
        "{what:>12}: median {median:>10.2?}   99 % {late:>10.2?}   longest {:>10.2?}  {}",
        longest.0, longest.1
    );
    at(part).0 <= most
}

/// An inventory of machines in ten clusters, always the same.
fn inventory() -> String {
    const TAGS: [&str; 12] =
        ["backup", "cache", "ci", "db", "dns", "edge", "gpu", "k8s", "monitoring", "storage", "vault", "web"];
    const STEMS: [&str; 5] = ["db", "gw", "node", "store", "web"];
    let mut clusters: Vec<String> = vec![String::new(); 10];
    for number in 0..MACHINES {
        // Numbers that have nothing to do with each other, and are the same every time.
        let mixed = number.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 17;
        let stem = STEMS.get(number % STEMS.len()).unwrap_or(&"node");
        let tags: Vec<String> = (0..mixed % 4)
            .filter_map(|index| TAGS.get((mixed >> (4 * (index + 1))) % TAGS.len()))
            .map(|tag| format!("\"{tag}\""))
            .collect();
        let Some(cluster) = clusters.get_mut(mixed % 10) else { continue };
        let comma = if cluster.is_empty() { "" } else { "," };
        let address = format!("10.{}.{}.{}", number >> 16, number >> 8 & 255, number & 255);
        let _ = write!(
            cluster,
            "{comma}\"{stem}{number:06}\":{{\"system\":\"x86_64-linux\",\"tags\":[{}],\"ips\":{{\"eth0\":[\"{address}\"]}},\"vars\":{{\"cpus\":{}}}}}",
            tags.join(","),
            mixed % 64
        );
    }
    let clusters: Vec<String> = clusters
        .iter()
        .enumerate()
        .map(|(index, machines)| format!("\"c{}\":{{\"machines\":{{{machines}}}}}", index + 1))
        .collect();
    format!("{{\"domain\":{{\"suffix\":\"example.org\",\"clusters\":{{{}}}}}}}", clusters.join(","))
}
