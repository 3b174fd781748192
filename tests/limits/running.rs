//! What holds while queries run: time, interruption, memory, and that an engine goes on afterwards.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use invq::diagnostic::Code;
use invq::text::Source;
use invq::value::meter;
use invq::{Engine, Format, Input, Inventory, Limits};

use super::{RECURSIVE, code, on_a_small_stack};

/// Queries that would run for long, each in another part of the evaluator.
const LONG: &[&str] = &[
    "foldl' (a: x: foldl' (b: y: b + y) 0 [ a x 1 2 3 4 5 6 7 ]) 0 (genList (x: x) 3000000)",
    "let f = x: if x == 0 then 0 else f (x - 1); in foldl' (a: x: f 1000) 0 (genList (x: x) 1000000)",
    "foldl' (a: x: length (reverseList x)) 0 (genList (x: genList (y: y) 100) 1000000)",
    "let l = genList (x: x) 300000; in foldl' (a: x: reverseList a) l (genList (x: x) 1000000)",
    "let l = genList (x: x) 300000; in foldl' (a: x: take 300000 (l ++ a)) l (genList (x: x) 1000000)",
    "let s = mapAttrs (n: v: v) (listToAttrs (genList (x: { name = toString x; value = x; }) 20000)); in foldl' (a: x: s // a // { \"k${toString x}\" = x; }) s (genList (x: x) 1000000)",
    "let t = lib.strings.replicate 1000000 \"a\"; in foldl' (a: x: stringLength (t + toString x)) 0 (genList (x: x) 1000000)",
    "let t = lib.strings.replicate 1000000 \"a\"; in foldl' (a: x: builtins.hashString \"sha256\" t) \"\" (genList (x: x) 1000000)",
    "let t = lib.strings.replicate 100000 \"a\"; in foldl' (a: x: match \"(a|b)*c\" t == null) true (genList (x: x) 1000000)",
    "foldl' (a: x: match \"((a{1,20}){1,20}){1,20}${toString x}\" \"a\" == null) true (genList (x: x) 1000000)",
    "filter (m: any (x: any (y: y < 0) (genList (y: y) 1000)) (genList (x: x) 1000000)) machines",
    "where (m: any (x: any (y: y < 0) (genList (y: y) 1000)) (genList (x: x) 1000000))",
    "sort (a: b: a < b) (genList (x: 0 - x) 4000000)",
    "sort (a: b: a + 0 < b) (genList (x: 0 - x) 1000000)",
    "unique (genList (x: [ x ]) 100000)",
    "toJSON (genList (x: genList (y: y) 10000) 10000)",
];

#[test]
fn the_limit_of_time_stops_in_time() {
    on_a_small_stack(|| {
        for text in LONG {
            let limits = Limits {
                time: Some(Duration::from_millis(500)),
                steps: u64::MAX,
                memory: 1 << 30,
                ..Limits::default()
            };
            let start = Instant::now();
            assert_eq!(code(text, limits), Some(Code::LimitReached), "{text}");
            // Half as much again is allowed; the rest is for builds and machines that are slow.
            assert!(start.elapsed() < Duration::from_secs(60), "{text}: {:?}", start.elapsed());
        }
    });
}

#[test]
fn an_interruption_stops_at_once() {
    for text in LONG {
        let interrupt = Arc::new(AtomicBool::new(false));
        let limits = Limits {
            interrupt: Some(Arc::clone(&interrupt)),
            steps: u64::MAX,
            memory: 1 << 30,
            ..Limits::default()
        };
        let evaluation = std::thread::spawn(move || on_a_small_stack(move || code(text, limits)));
        std::thread::sleep(Duration::from_millis(300));
        let start = Instant::now();
        interrupt.store(true, Ordering::Relaxed);
        let found = evaluation.join().expect("the evaluation ends");
        assert_eq!(found, Some(Code::Interrupted), "{text}");
        // A tenth of a second, and the rest for builds and machines that are slow.
        assert!(start.elapsed() < Duration::from_secs(60), "{text}: {:?}", start.elapsed());
    }
}

/// An inventory whose role has a filter that takes long.
fn with_a_long_filter(engine: &Engine) -> Inventory {
    let filter = "where (m: any (x: any (y: y < 0) (genList (y: y) 1000)) (genList (x: x) 2000000))";
    let text = format!(
        "domain:\n  suffix: example.org\n  clusters:\n    c:\n      machines:\n        m: {{ system: x86_64-linux }}\n      services:\n        s:\n          selectors: ['clusterMachines']\n          roles: {{ r: ['{filter}'] }}\n          definition: '{{ selectors, roles, this }}: {{ }}'\n"
    );
    let source = Source::new("inventory.yaml", text);
    engine.load(vec![Input { source, format: Format::Yaml, folder: None }]).expect("the inventory loads")
}

#[test]
fn evaluations_inside_of_a_query_share_its_limits() {
    on_a_small_stack(|| {
        let engine = Engine::default();
        let inventory = with_a_long_filter(&engine);
        let time = Some(Duration::from_millis(200));
        let hurried = Engine::new(Limits { time, ..Limits::default() });
        for text in ["length placements", "map (m: m.services) machines", "instance \"s\""] {
            let query = hurried.compile(text, &inventory).expect("the query has no mistake");
            let start = Instant::now();
            let found = query.run(&inventory).and_then(|answer| answer.into_data(&inventory));
            assert_eq!(found.err().map(|mistake| mistake.code), Some(Code::LimitReached), "{text}");
            assert!(start.elapsed() < Duration::from_secs(60), "{text}: {:?}", start.elapsed());
        }
    });
}

#[test]
fn what_an_interruption_stops_can_be_asked_again() {
    on_a_small_stack(|| {
        let interrupt = Arc::new(AtomicBool::new(true));
        let limits = Limits { interrupt: Some(Arc::clone(&interrupt)), ..Limits::default() };
        let engine = Engine::new(limits);
        let text = "domain:\n  suffix: example.org\n  clusters:\n    c:\n      machines:\n        m: { system: x86_64-linux }\n      services:\n        s:\n          selectors: ['clusterMachines']\n          roles: { r: ['where (m: all (x: x >= 0) (genList (x: x) 5000))'] }\n          definition: '{ selectors, roles, this }: { }'\n";
        let text = text.replace("where (m: all", "where (m: builtins.all");
        let source = Source::new("inventory.yaml", text);
        let input = Input { source, format: Format::Yaml, folder: None };
        let inventory = engine.load(vec![input]).expect("the inventory loads");
        let query = engine.compile("map (r: r.members) (attrValues instances.s.roles)", &inventory);
        let query = query.expect("the query has no mistake");
        let run = || query.run(&inventory).and_then(|answer| answer.into_data(&inventory));
        assert_eq!(run().err().map(|mistake| mistake.code), Some(Code::Interrupted));
        interrupt.store(false, Ordering::Relaxed);
        let members = run().map(|data| data.to_string());
        assert!(members.as_ref().is_ok_and(|members| members.contains('m')), "{members:?}");
    });
}

#[test]
fn ten_thousand_queries_leave_nothing() {
    on_a_small_stack(|| {
        let engine = Engine::default();
        let inventory = engine.load_demo().expect("the demo inventory loads");
        let engine = Engine::new(Limits { depth: 200, ..Limits::default() });
        let compiled: Vec<_> = RECURSIVE
            .iter()
            .map(|text| engine.compile(text, &inventory).expect("the query has no mistake"))
            .collect();
        let round = || {
            for query in &compiled {
                drop(query.run(&inventory));
            }
            meter::sweep();
            meter::live()
        };
        let baseline = round();
        for _ in 0..500 {
            round();
        }
        for number in 0..2_000 {
            assert_eq!(round(), baseline, "in round {number}");
        }
    });
}

#[test]
fn checking_a_long_expression_stops_too() {
    on_a_small_stack(|| {
        let interrupt = Arc::new(AtomicBool::new(true));
        let interrupted = Limits { interrupt: Some(Arc::clone(&interrupt)), ..Limits::default() };
        let hurried = Limits { time: Some(Duration::ZERO), ..Limits::default() };
        let text = format!("[ {} ]", "{ a = 1; } ".repeat(10_000));
        for (limits, expected) in [(interrupted, Code::Interrupted), (hurried, Code::LimitReached)] {
            let engine = Engine::new(limits);
            let mistakes = engine.compile(&text, &engine.empty()).err().expect("it is stopped");
            let codes: Vec<Code> = mistakes.iter().map(|mistake| mistake.code).collect();
            assert_eq!(codes, [expected]);
        }
    });
}

#[test]
fn a_query_runs_on_several_threads_at_once() {
    fn shared<T: Send + Sync>(_: &T) {}
    let engine = Engine::default();
    let inventory = engine.load_demo().expect("the demo inventory loads");
    let query =
        engine.compile("tag \"backup\" && where (m: m.tags != [ ])", &inventory).expect("it compiles");
    shared(&inventory);
    shared(&query);
    let alone = query.machines(&inventory).expect("machines");
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..4)
            .map(|_| scope.spawn(|| [query.machines(&inventory), query.machines(&inventory)]))
            .collect();
        for thread in threads {
            for answer in thread.join().expect("the thread ends") {
                assert_eq!(answer.expect("machines"), alone);
            }
        }
    });
}
