//! What is measured of a whole process, and so needs one of its own: how much memory it takes.

#![allow(clippy::print_stdout, reason = "what a run leaves out, and what it measured, must be seen")]

use std::process::Command;

use invq::diagnostic::Code;
use invq::{Engine, Limits};

use super::{RECURSIVE, code, on_a_small_stack};

/// Set in the process of its own.
const ALONE: &str = "INVQ_TEST_ALONE";

/// The limit of memory that is tried.
const LIMIT: usize = 64 << 20;

/// Whether the system tells how much memory a process had at most.
fn can_measure() -> bool {
    let can = memory("VmHWM").is_some();
    if !can {
        println!("skipped: this system does not tell how much memory a process had");
    }
    can
}

/// Runs a test of this module in a process of its own, which finds `number` in its environment.
///
/// # Errors
/// What it prints, where it fails.
fn alone(test: &str, number: usize) -> Result<(), String> {
    let program = std::env::current_exe().expect("the tests are a program");
    let output = Command::new(program)
        .args(["--exact", &format!("limits::alone::{test}"), "--nocapture"])
        .env(ALONE, number.to_string())
        .output()
        .expect("the tests can be started");
    let text = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
    if output.status.success() && text.contains("1 passed") { Ok(()) } else { Err(text.into_owned()) }
}

/// The number with which [`alone`] started this process.
fn number() -> Option<usize> {
    std::env::var(ALONE).ok()?.parse().ok()
}

/// Bytes that the process has in memory, or had at most.
fn memory(field: &str) -> Option<usize> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix(field)?.strip_prefix(':'))?;
    Some(line.trim().trim_end_matches(" kB").parse::<usize>().ok()? << 10)
}

/// Queries that need more memory than they may have, each in another way.
fn hungry() -> Vec<String> {
    let long = "abcdefghijklmnopqrstuvwxyz0123456789".repeat(8);
    vec![
            "foldl' (a: x: a ++ a) [ 1 ] (genList (x: x) 60)".to_owned(),
            "foldl' (a: x: a + a) \"ab\" (genList (x: x) 60)".to_owned(),
            "foldl' (a: x: \"${a}${a}\") \"ab\" (genList (x: x) 60)".to_owned(),
            "foldl' (a: x: concatStringsSep a [ a a a ]) \"ab\" (genList (x: x) 60)".to_owned(),
            "foldl' (a: x: replaceStrings [ \"a\" ] [ a ] a) \"aa\" (genList (x: x) 60)".to_owned(),
            "length (genList (x: x) 1000000000000)".to_owned(),
            "deepSeq (genList (x: [ x x x ]) 400000) 1".to_owned(),
            "deepSeq (genList (x: { a = x; b = x; c = { d = x; }; }) 200000) 1".to_owned(),
            "deepSeq (genList (x: y: x) 400000) 1".to_owned(),
            format!("deepSeq (genList (x: \"{long}${{toString x}}\") 300000) 1"),
            format!("deepSeq (map (x: \"{}${{toString x}}\") (genList (x: x) 500000)) 1", &long[..100]),
            "let f = n: [ n (f (n + 1)) ] :: Any; in deepSeq (f 0) 1".to_owned(),
            "length (expandNodes \"n[1-9999999]\")".to_owned(),
            "length (splitString \"a\" (lib.strings.replicate 1000000 \"ab\"))".to_owned(),
            format!("length (splitString \"!\" (lib.strings.replicate 100000 \"{long}!\"))"),
            "length (stringToCharacters (lib.strings.replicate 4000000 \"a\"))".to_owned(),
            "length (split \"a\" (lib.strings.replicate 1000000 \"ab\"))".to_owned(),
            "length (attrNames (listToAttrs (genList (x: { name = \"attribute ${toString x}\"; value = x; }) 400000)))".to_owned(),
            "fromJSON (\"[\" + lib.strings.replicate 4000000 \"1,\" + \"1]\")".to_owned(),
            "fromJSON (\"[\" + lib.strings.replicate 400000 \"\\\"a text of some letters\\\",\" + \"1]\")".to_owned(),
            "toJSON (genList (x: x) 1200000)".to_owned(),
            "attrNames (groupBy (x: toString x) (genList (x: x) 400000))".to_owned(),
            "foldl' (a: x: sort (a: b: a > b) (a ++ a)) [ 1 2 ] (range 1 60)".to_owned(),
            "lib.cartesianProduct { a = genList (x: x) 3000; b = genList (x: x) 3000; }".to_owned(),
            "range 1 100000000".to_owned(),
            "genList (x: x) 1500000".to_owned(),
            "length (zipLists (genList (x: x) 300000) (genList (x: x) 300000))".to_owned(),
            "deepSeq (map (x: { name = x; }) (genList (x: x) 400000)) 1".to_owned(),
            "deepSeq (genList (x: { inherit x; }) 400000) 1".to_owned(),
            "deepSeq (mapAttrsToList nameValuePair (lib.genAttrs (genList toString 400000) (x: x))) 1".to_owned(),
            "deepSeq (lib.imap0 (i: v: { inherit i v; }) (genList (x: x) 300000)) 1".to_owned(),
            "deepSeq (genList (x: [ x ]) 400000) 1".to_owned(),
            "fromTOML (\"a = [\" + lib.strings.replicate 1000000 \"1,\" + \"1]\")".to_owned(),
    ]
}

#[test]
fn memory_stays_within_one_and_a_half_times_its_limit() {
    if !can_measure() {
        return;
    }
    let queries = hungry();
    if let Some(text) = number().and_then(|number| queries.get(number).cloned()) {
        on_a_small_stack(move || {
            // What any evaluation needs is there already.
            let simple = code("length machines", Limits::default());
            assert_eq!(simple, None, "it needs nearly no memory");
            let before = memory("VmHWM").unwrap_or(0);
            let found = code(&text, Limits { memory: LIMIT, ..Limits::default() });
            let grown = memory("VmHWM").unwrap_or(0) - before;
            println!("{:.2} times its limit, {found:?}: {text:.100}", grown as f64 / LIMIT as f64);
            assert_eq!(found, Some(Code::LimitReached), "{text}");
            assert!(grown <= LIMIT + LIMIT / 2, "{:.2} times its limit", grown as f64 / LIMIT as f64);
        });
        return;
    }
    let numbers: Vec<usize> = (0..queries.len()).collect();
    let over: Vec<String> = std::thread::scope(|threads| {
        let shares = numbers.chunks(queries.len().div_ceil(2));
        let running: Vec<_> = shares
            .map(|share| {
                let test = "memory_stays_within_one_and_a_half_times_its_limit";
                threads.spawn(move || share.iter().filter_map(|number| alone(test, *number).err()).collect())
            })
            .collect();
        running
            .into_iter()
            .flat_map(|share: std::thread::ScopedJoinHandle<'_, Vec<_>>| share.join().expect("it ends"))
            .collect()
    });
    assert!(over.is_empty(), "{}", over.join("\n"));
}

#[test]
fn ten_thousand_evaluations_of_recursive_closures_need_no_more_than_a_few() {
    if !can_measure() {
        return;
    }
    if number().is_none() {
        let found = alone("ten_thousand_evaluations_of_recursive_closures_need_no_more_than_a_few", 0);
        assert_eq!(found, Ok(()));
        return;
    }
    on_a_small_stack(|| {
        let engine = Engine::new(Limits { depth: 200, ..Limits::default() });
        let inventory = engine.load_demo().expect("the demo inventory loads");
        let queries =
            RECURSIVE.map(|text| engine.compile(text, &inventory).expect("the query has no mistake"));
        let evaluate = |times: usize| {
            for number in 0..times {
                let found = queries[number % queries.len()].run(&inventory);
                let code = found.err().map(|mistake| mistake.code);
                assert!(matches!(code, None | Some(Code::LimitReached)), "{code:?}");
            }
            memory("VmRSS").unwrap_or(0)
        };
        let before = evaluate(1_000);
        let after = evaluate(10_000);
        let grown = after.saturating_sub(before);
        assert!(grown < 1 << 20, "{before} bytes grew by {grown}");
    });
}
