//! How time and memory of each part grow with what it is given, over sizes of which each is ten times the one
//! before, and how queries compare with sets by hand and with more threads.
//!
//! ```sh
//! cargo bench --bench growth                  # up to 100,000 machines
//! cargo bench --bench growth -- 1000000       # up to so many
//! ```
//!
//! Every figure comes from a process of its own, so that nothing that was measured before is in its way: the least
//! time of the processor of several, which other work on the machine changes little, and the most memory that was
//! allocated at once beyond what was before. What the table shows is for a machine, or for a term of a text; "grew"
//! compares with the size before.

#![allow(clippy::disallowed_methods, clippy::print_stdout, clippy::print_stderr, missing_docs)]

mod data;

use std::hint::black_box;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use invq::engine::Kept;
use invq::render::{Content, Format as Output, Layout, Options, write_answer};
use invq::syntax::parse;
use invq::text::Source;
use invq::types::Type;
use invq::{Engine, Format, Input, Inventory, Query};
use peak_alloc::PeakAlloc;
use roaring::RoaringBitmap;

/// What is measured, with how much smaller its sizes are than the number of machines.
const PARTS: [(&str, u64); 13] = [
    ("parse a text", 100),
    ("check a text", 100),
    ("load JSON", 1),
    ("load NDJSON", 1),
    ("load YAML", 10),
    ("load TOML", 10),
    ("load .invq", 100),
    ("load Ansible's INI", 10),
    ("open a snapshot", 1),
    ("resolve a filter", 1),
    ("placements of services", 10),
    ("render names", 1),
    ("render records", 10),
];

/// Counts what is allocated.
#[global_allocator]
static ALLOCATOR: PeakAlloc = PeakAlloc;

/// So many processes for each figure, of which the best counts.
const RUNS: u32 = 3;

/// What is asked.
const FILTER: &str = r#"tag "backup" && !cluster "c3""#;

fn main() {
    let arguments: Vec<String> =
        std::env::args().skip(1).filter(|argument| !argument.starts_with("--")).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["idle", size] => idle(number(size)),
        ["warm", size] => warm(number(size)),
        ["threads", size] => threads(number(size)),
        [part, size] => {
            let Some(index) = part.parse::<usize>().ok() else { return };
            let (seconds, bytes) = measure(index, number(size));
            println!("{seconds} {bytes}");
        }
        most => table(most.first().map_or(100_000, |most| number(most))),
    }
}

fn number(text: &str) -> u64 {
    text.parse().unwrap_or(1000)
}

/// Measures everything in processes of their own, and prints the table.
fn table(most: u64) {
    println!(
        "{:24} {:>10} {:>12} {:>8} {:>12} {:>8}",
        "part", "size", "ns each", "grew", "bytes each", "grew"
    );
    for (index, (part, smaller)) in PARTS.iter().enumerate() {
        let mut before: Option<(f64, f64)> = None;
        for size in [most / 100, most / 10, most] {
            let size = size / smaller;
            let runs = (0..RUNS).filter_map(|_| one(&[&index.to_string(), &size.to_string()]));
            let best = runs.reduce(|best, run| (best.0.min(run.0), best.1.min(run.1)));
            let Some((seconds, bytes)) = best else { continue };
            let each = (seconds * 1e9 / size as f64, bytes / size as f64);
            let grew = |now: f64, before: Option<f64>| match before {
                Some(before) if before > 0.0 => format!("{:+.0} %", (now / before - 1.0) * 100.0),
                _ => String::new(),
            };
            let times = grew(each.0, before.map(|before| before.0));
            let bytes = grew(each.1, before.map(|before| before.1));
            println!("{part:24} {size:>10} {:>12.1} {times:>8} {:>12.0} {bytes:>8}", each.0, each.1);
            before = Some(each);
        }
    }
    for section in ["idle", "warm", "threads"] {
        let _ = run(&[section, &most.to_string()]).map(|text| print!("\n{text}"));
    }
}

/// A figure from a process of its own: seconds and bytes.
fn one(arguments: &[&str]) -> Option<(f64, f64)> {
    let text = run(arguments)?;
    let (seconds, bytes) = text.trim().split_once(' ')?;
    Some((seconds.parse().ok()?, bytes.parse().ok()?))
}

fn run(arguments: &[&str]) -> Option<String> {
    let output = Command::new(std::env::current_exe().ok()?).args(arguments).output().ok()?;
    if !output.status.success() {
        eprintln!("{arguments:?} failed: {}", String::from_utf8_lossy(&output.stderr));
    }
    String::from_utf8(output.stdout).ok()
}

/// The seconds of the processor that something takes, and the bytes that it needs at most beyond what is there.
fn timed<T>(work: impl FnOnce() -> T) -> (f64, f64) {
    ALLOCATOR.reset_peak_usage();
    let before = ALLOCATOR.current_usage();
    let start = processor();
    // What it gives is measured, and not what taking that apart takes.
    let result = black_box(work());
    let spent = processor() - start;
    let held = ALLOCATOR.peak_usage().saturating_sub(before);
    drop(result);
    (spent, held as f64)
}

/// The seconds that this process has had of the processor.
fn processor() -> f64 {
    let now = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    now.tv_sec as f64 + now.tv_nsec as f64 / 1e9
}

fn load(text: String, format: Format) -> Inventory {
    let input = Input { source: Source::new("inventory", text), format, folder: None };
    Engine::default().load(vec![input]).unwrap_or_else(|failures| {
        let first = failures.first().map_or("", |failure| &failure.message);
        eprintln!("what is generated cannot be read: {first}");
        std::process::exit(1)
    })
}

fn inventory(size: u64) -> Inventory {
    load(data::generate(size).0, Format::Json)
}

fn measure(part: usize, size: u64) -> (f64, f64) {
    let engine = Engine::default();
    match PARTS.get(part).map_or("", |(name, _)| name) {
        "parse a text" => {
            let source = Source::new("<bench>", terms(size));
            timed(|| parse::expression(&source).is_ok())
        }
        "check a text" => {
            let (empty, text) = (engine.empty(), terms(size));
            timed(|| engine.compile(&text, &empty).is_ok())
        }
        "load JSON" => loading(data::generate(size).0, Format::Json),
        "load NDJSON" => loading(data::ndjson(&data::generate(size).0), Format::Ndjson),
        "load YAML" => loading(data::yaml(&data::generate(size).0), Format::Yaml),
        "load TOML" => {
            let document: serde_json::Value =
                serde_json::from_str(&data::generate(size).0).unwrap_or_default();
            loading(toml::to_string(&document).unwrap_or_default(), Format::Toml)
        }
        "load .invq" => loading(data::expression(&data::generate(size).0), Format::Expression),
        "load Ansible's INI" => {
            loading(data::ansible::Ansible::new(&data::generate(size).0).ini(), Format::Ini)
        }
        "open a snapshot" => {
            let (source, kept) = snapshot(size);
            let kept = Kept { path: &kept, program: "growth" };
            timed(|| engine.open_snapshot(&source, kept).expect("it opens"))
        }
        "resolve a filter" => {
            let inventory = inventory(size);
            let query = engine.compile(FILTER, &inventory).expect("it compiles");
            timed(|| query.machines(&inventory).is_ok())
        }
        "placements of services" => {
            let inventory = inventory(size);
            let query = engine.compile("length placements", &inventory).expect("it compiles");
            timed(|| query.run(&inventory).is_ok())
        }
        "render names" => {
            let inventory = inventory(size);
            let nodes: Vec<u32> = (0..u32::try_from(size).unwrap_or(u32::MAX)).collect();
            let content = Content::Nodes(&inventory, &nodes);
            timed(|| written(&content, &Type::Filter, Output::Names))
        }
        _ => {
            let inventory = inventory(size);
            let query = engine.compile("map (m: { inherit (m) name tags; }) machines", &inventory);
            let query = query.expect("it compiles");
            let answer = query.run(&inventory).expect("it runs");
            let ty = answer.ty().clone();
            let data = answer.into_data(&inventory).expect("it is data");
            timed(|| written(&Content::Data(&data), &ty, Output::Json))
        }
    }
}

fn loading(text: String, format: Format) -> (f64, f64) {
    timed(|| load(text, format))
}

/// A sum of so many terms.
fn terms(count: u64) -> String {
    format!("{}0", "length (map (x: x + 1) [ 1 2 ]) + ".repeat(usize::try_from(count).unwrap_or(0)))
}

/// Where what is written goes: nowhere, counted.
struct Written(usize);

impl Write for Written {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 += black_box(bytes).len();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn written(content: &Content<'_>, ty: &Type, format: Output) -> usize {
    let options = Options::default();
    let mut out = BufWriter::new(Written(0));
    write_answer(content, ty, Layout::new(format, ty, &options), &options, &mut out)
        .expect("it can be written");
    out.get_ref().0
}

/// An inventory of this size in a file, and its snapshot beside it.
fn snapshot(size: u64) -> (PathBuf, PathBuf) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/growth");
    std::fs::create_dir_all(&folder).expect("the folder can be made");
    let (source, kept) = (folder.join(format!("{size}.json")), folder.join(format!("{size}.snapshot")));
    let engine = Engine::default();
    let place = Kept { path: &kept, program: "growth" };
    if engine.open_snapshot(&source, place).is_none() {
        std::fs::write(&source, data::generate(size).0).expect("the inventory can be written");
        engine.write_snapshot(&source, place).expect("the snapshot can be written");
    }
    (source, kept)
}

/// What a loaded inventory holds while nobody asks it anything, without mistakes and where every machine has one.
fn idle(size: u64) {
    for (what, address) in [("without mistakes", "\"10."), ("with a mistake in each", "\"10-")] {
        let before = ALLOCATOR.current_usage();
        let text = data::generate(size).0.replace("\"10.", address);
        let bytes = text.len();
        let inventory = load(text, Format::Json);
        // What is let go of is taken apart by a thread of its own.
        std::thread::sleep(Duration::from_secs(2));
        let held = ALLOCATOR.current_usage() - before;
        println!(
            "an idle inventory of {size} machines, {what} ({} of them): {:.2} times its text",
            inventory.mistake_counts().0,
            held as f64 / bytes as f64
        );
    }
}

/// A filter that is asked again and again, beside the same operations on the same sets by hand.
fn warm(size: u64) {
    let inventory = inventory(size);
    let query = Engine::default().compile(FILTER, &inventory).expect("it compiles");
    let model = inventory.model();
    let (Some(tag), Some(cluster)) = (model.find_tag("backup"), model.find_cluster("c3")) else { return };
    let by_hand = || {
        let rest = model.index.all() - model.index.cluster(cluster);
        let set: RoaringBitmap = model.index.tag(tag) & rest;
        set.iter().collect::<Vec<u32>>()
    };
    assert_eq!(query.machines(&inventory).ok(), Some(by_hand()));
    let best = |work: &dyn Fn() -> usize| {
        let times = (0..200).map(|_| {
            let start = Instant::now();
            black_box(work());
            start.elapsed().as_secs_f64()
        });
        times.fold(f64::INFINITY, f64::min) * 1e6
    };
    let asked = best(&|| query.machines(&inventory).map_or(0, |nodes| nodes.len()));
    let hand = best(&|| by_hand().len());
    println!(
        "a warm filter over {size} machines: {asked:.0} µs, by hand {hand:.0} µs, ratio {:.2}",
        asked / hand
    );
}

/// Queries on one inventory, each compiled once, from one thread and from two. How much two threads can do is
/// the machine's: beside them two threads run that share nothing, each with an inventory of its own.
fn threads(size: u64) {
    let inventories = [inventory(size.min(100_000)), inventory(size.min(100_000))];
    let engine = Engine::default();
    for (what, times, text) in [
        ("a filter", 256, FILTER),
        ("a filter with `where`", 64, r#"tag "gpu" && where (m: m.vars.cpus > 8)"#),
        ("`where` of all machines", 16, r#"where (m: elem "web" m.tags)"#),
        ("records, written as JSON", 8, "map (m: { inherit (m) name tags; }) machines"),
        ("machines, one by one", 8, "length (filter (m: length m.tags > 1) machines)"),
    ] {
        let compiled = |inventory| engine.compile(text, inventory).expect("it compiles");
        let pairs = inventories.each_ref().map(|inventory| (inventory, compiled(inventory)));
        let once = |(inventory, query): &(&Inventory, Query)| {
            let answer = query.run(inventory).expect("it runs");
            let ty = answer.ty().clone();
            if let Some(nodes) = answer.nodes() {
                black_box(written(&Content::Nodes(inventory, nodes), &ty, Output::Names));
                return;
            }
            let data = answer.into_data(inventory).expect("it is data");
            black_box(written(&Content::Data(&data), &ty, Output::Json));
        };
        pairs.iter().for_each(once);
        let [first, second] = &pairs;
        let best = |threads: &[&(&Inventory, Query)]| {
            let runs = (0..RUNS).map(|_| {
                let start = Instant::now();
                std::thread::scope(|scope| {
                    for pair in threads {
                        scope.spawn(|| (0..times / threads.len()).for_each(|_| once(pair)));
                    }
                });
                start.elapsed().as_secs_f64()
            });
            runs.fold(f64::INFINITY, f64::min)
        };
        let (one, shared, apart) = (best(&[first]), best(&[first, first]), best(&[first, second]));
        println!(
            "{what}, {times} times: one thread {one:.2} s; two threads {:.2} times as fast, two that share nothing {:.2}",
            one / shared,
            one / apart
        );
    }
}
