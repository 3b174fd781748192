//! The parts by themselves, on small data: `cargo bench --bench parts`, or one of them by its name:
//! `cargo bench --bench parts -- resolve`.

#![allow(missing_docs, clippy::disallowed_methods)]

mod data;

use std::hint::black_box;
use std::time::{Duration, Instant};

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use invq::render::{Content, Format as Output, Layout, Options, write_answer};
use invq::syntax::parse;
use invq::text::Source;
use invq::{Engine, Format, Input, Inventory};
use roaring::RoaringBitmap;

const MACHINES: u64 = 10_000;

/// What is asked of the generated inventory.
const FILTERS: [(&str, &str); 6] = [
    ("tags", r#"tag "backup" && !cluster "c3""#),
    ("glob", r#"glob "web*1" && system "x86_64-linux""#),
    ("regex", r#"matching "^(web|db)[0-9]*7$""#),
    ("nodes", r#"optional (nodes "web[000001-009999]")"#),
    ("address", r#"address "10.0.4.0/22""#),
    ("where", r#"tag "gpu" && where (m: m.vars.cpus > 8)"#),
];

fn load(text: &str, format: Format) -> Inventory {
    let input = Input { source: Source::new("inventory", text), format, folder: None };
    Engine::default().load(vec![input]).expect("what is generated can be read")
}

fn inventory(machines: u64) -> Inventory {
    load(&data::generate(machines).0, Format::Json)
}

fn parser(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("parse");
    for kib in [1, 8, 64] {
        let piece = r#"(map (m: { inherit (m) name; tags = m.tags ++ [ "x" ]; }) machines) ++ "#;
        let text = format!("{}[ ]", piece.repeat(kib * 1024 / piece.len()));
        let source = Source::new("<bench>", text);
        group.throughput(Throughput::Bytes(source.text().len() as u64));
        group.bench_function(BenchmarkId::from_parameter(format!("{kib} KiB")), |bencher| {
            bencher.iter(|| parse::expression(black_box(&source)));
        });
    }
    group.finish();
}

fn checker(criterion: &mut Criterion) {
    let engine = Engine::default();
    let inventory = inventory(1000);
    let mut group = criterion.benchmark_group("compile");
    let grouped = "machines |> groupBy (m: m.cluster) |> mapAttrs (name: members: length members)";
    let records = "map (m: m // { rack = 1; text = \"${m.name} in ${m.cluster}\"; }) machines";
    for (name, text) in [("filter", FILTERS[0].1), ("groups", grouped), ("records", records)] {
        group.bench_function(name, |bencher| {
            bencher.iter(|| engine.compile(black_box(text), &inventory).is_ok());
        });
    }
    group.finish();
}

fn evaluator(criterion: &mut Criterion) {
    let engine = Engine::default();
    let empty = engine.empty();
    let mut group = criterion.benchmark_group("evaluate");
    for (name, program) in [
        ("fib", include_str!("programs/fib.nix")),
        ("fold", include_str!("programs/fold.nix")),
        ("sort", include_str!("programs/sort.nix")),
        ("strings", include_str!("programs/strings.nix")),
        ("machines", include_str!("programs/machines.nix")),
    ] {
        let query = engine.compile(&format!("({program}) {{ scale = 1; }}"), &empty).expect("it compiles");
        group.bench_function(name, |bencher| bencher.iter(|| query.run(&empty).is_ok()));
    }
    group.finish();
}

fn loaders(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("load");
    for machines in [MACHINES / 100, MACHINES / 10, MACHINES] {
        let json = data::generate(machines).0;
        let (yaml, lines) = (data::yaml(&json), data::ndjson(&json));
        for (name, text, format) in [
            ("json", &json, Format::Json),
            ("ndjson", &lines, Format::Ndjson),
            ("yaml", &yaml, Format::Yaml),
            ("invq", &json, Format::Expression),
        ] {
            // An expression of this size is beyond what is a text of a program.
            let text = match format {
                Format::Expression if machines > 1000 => continue,
                Format::Expression => data::expression(text),
                _ => text.clone(),
            };
            group.throughput(Throughput::Bytes(text.len() as u64));
            group.bench_function(BenchmarkId::new(name, machines), |bencher| {
                bencher.iter(|| load(black_box(&text), format));
            });
        }
    }
    group.finish();
}

fn resolution(criterion: &mut Criterion) {
    let engine = Engine::default();
    let inventory = inventory(MACHINES);
    let mut group = criterion.benchmark_group("resolve");
    for (name, text) in FILTERS {
        let query = engine.compile(text, &inventory).expect("it compiles");
        group.bench_function(name, |bencher| bencher.iter(|| query.machines(&inventory).is_ok()));
    }
    // The first filter by hand, on the same sets.
    let model = inventory.model();
    let tag = model.find_tag("backup").expect("a tag");
    let cluster = model.find_cluster("c3").expect("a cluster");
    group.bench_function("tags by hand", |bencher| {
        bencher.iter(|| {
            let rest = model.index.all() - model.index.cluster(cluster);
            let set: RoaringBitmap = model.index.tag(tag) & rest;
            black_box(set.iter().collect::<Vec<u32>>())
        });
    });
    group.finish();
}

fn services(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("placements");
    for machines in [100, 1000, 10_000] {
        let text = data::generate(machines).0;
        let query = "length placements";
        group.bench_function(BenchmarkId::from_parameter(machines), |bencher| {
            bencher.iter_custom(|times| {
                let mut spent = Duration::ZERO;
                for _ in 0..times {
                    // Placements are resolved once in an inventory.
                    let inventory = load(&text, Format::Json);
                    let query = Engine::default().compile(query, &inventory).expect("it compiles");
                    let before = Instant::now();
                    black_box(query.run(&inventory).is_ok());
                    spent += before.elapsed();
                }
                spent
            });
        });
    }
    group.finish();
}

fn rendering(criterion: &mut Criterion) {
    let engine = Engine::default();
    let inventory = inventory(MACHINES);
    let mut group = criterion.benchmark_group("render");
    let filter = engine.compile("all", &inventory).expect("it compiles");
    let nodes = filter.machines(&inventory).expect("machines");
    group.bench_function("names", |bencher| {
        let content = Content::Nodes(&inventory, &nodes);
        bencher.iter(|| written(&content, filter.ty(), Output::Names));
    });
    group.bench_function("node set", |bencher| {
        let content = Content::Nodes(&inventory, &nodes);
        bencher.iter(|| written(&content, filter.ty(), Output::Nodeset));
    });
    let records =
        engine.compile("map (m: { inherit (m) name tags; }) machines", &inventory).expect("it compiles");
    let answer = records.run(&inventory).and_then(|answer| answer.into_data(&inventory)).expect("records");
    for (name, format) in [("json", Output::Json), ("ndjson", Output::Ndjson), ("csv", Output::Csv)] {
        group.bench_function(name, |bencher| {
            bencher.iter(|| written(&Content::Data(&answer), records.ty(), format));
        });
    }
    group.finish();
}

fn written(content: &Content, ty: &invq::types::Type, format: Output) -> usize {
    let options = Options::default();
    let mut out = Vec::new();
    let layout = Layout::new(format, ty, &options);
    write_answer(content, ty, layout, &options, &mut out).expect("it can be written");
    out.len()
}

/// The same queries on one inventory from one thread and from two.
fn threads(criterion: &mut Criterion) {
    let engine = Engine::default();
    let inventory = inventory(MACHINES);
    let query = engine.compile(FILTERS[5].1, &inventory).expect("it compiles");
    let mut group = criterion.benchmark_group("64 queries");
    for threads in [1, 2] {
        group.bench_function(BenchmarkId::new("threads", threads), |bencher| {
            bencher.iter(|| {
                std::thread::scope(|scope| {
                    for _ in 0..threads {
                        scope.spawn(|| {
                            for _ in 0..64 / threads {
                                black_box(query.machines(&inventory).is_ok());
                            }
                        });
                    }
                });
            });
        });
    }
    group.finish();
}

criterion_group! {
    name = parts;
    config = Criterion::default().sample_size(10).warm_up_time(Duration::from_millis(200)).measurement_time(Duration::from_secs(1));
    targets = parser, checker, evaluator, loaders, resolution, services, rendering, threads
}
criterion_main!(parts);
