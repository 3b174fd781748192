//! Expressions that are large, grow, repeat or do not end.

use std::time::{Duration, Instant};

use invq::diagnostic::Code;
use invq::{Engine, Limits};

use super::{code, is_limited, on_a_small_stack, run, tight};

#[test]
fn long_literals_are_refused() {
    on_a_small_stack(|| {
        let usual = Limits::default;
        for text in [
            "1".repeat(1_000_000 + (1 << 20)),
            format!("1.{}", "1".repeat(2_000_000)),
            format!("\"{}\"", "a".repeat(10_000_000)),
            format!("\"{}\"", "a".repeat(3_000_000)),
            format!("''{}''", "a\n".repeat(1_000_000)),
            format!("\"{}\"", "\\n".repeat(1_000_000)),
        ] {
            is_limited(&text, usual());
        }
        let mistake = run(&"1".repeat(1_000_000), usual()).expect_err("no number of 64 bits");
        assert_eq!(mistake.code, Code::Arithmetic);
        assert!(mistake.help.is_none_or(|help| help.len() < 200));
        // What is interpolated is no part of a literal.
        let interpolated = format!("stringLength \"{}\"", "${toString 1}".repeat(100_000));
        assert_eq!(run(&interpolated, usual()).ok().as_deref(), Some("100000"));
    });
}

#[test]
fn a_hundred_thousand_brackets_and_signs_are_refused() {
    on_a_small_stack(|| {
        for piece in [
            "(",
            "[",
            "{",
            "${",
            "\"${",
            "''${",
            "- ",
            "!",
            "let a=",
            "if ",
            "x:",
            "{a}:",
            "with a;",
            "assert a;",
            "[(",
            "{a=",
            "a.${",
        ] {
            let outcome = run(&piece.repeat(100_000), Limits::default());
            assert!(outcome.is_err(), "{piece}");
        }
        for (piece, end) in [("(", ")"), ("[", "]"), ("-", ""), ("!", "")] {
            is_limited(&format!("{}1{}", piece.repeat(100_000), end.repeat(100_000)), Limits::default());
        }
    });
}

#[test]
fn chains_of_every_operator_end() {
    on_a_small_stack(|| {
        for operator in [
            "==", "!=", "<", "<=", ">", ">=", "++", "//", "+", "-", "*", "/", "&&", "||", "->", "|>", "<|",
            "? a ?", "or",
        ] {
            let chain = vec!["a"; 50_000].join(&format!(" {operator} "));
            // Whether it has a type is not what is asked here.
            let _outcome = run(&format!("let a = true; in {chain}"), tight());
        }
    });
}

#[test]
fn recursion_without_end_is_found_or_limited() {
    on_a_small_stack(|| {
        for text in ["let x = x; in x", "rec { a = b; b = a; }.a", "let x = [ x ]; in x :: Any"] {
            let found = code(text, tight());
            let known =
                matches!(found, Some(Code::InfiniteRecursion | Code::LimitReached | Code::TypeMismatch));
            assert!(known, "{text}: {found:?}");
        }
        for text in [
            "let f = x: g x; g = x: f x; in f 0",
            "let f = x: f (x + 1); in f 0",
            "let even = n: odd (n + 1); odd = n: even (n + 1); in even 0",
            "let x = { a = x; } :: Any; in x",
            "let x = { a = x; } :: Any; in toJSON x",
            "let x = { a = x; } :: Any; y = { a = y; } :: Any; in x == y",
            "let x = [ x ] :: Any; y = [ y ] :: Any; in x < y",
            "let x = [ x ] :: Any; in flatten x",
            "let x = [ x ] :: Any; in toString x",
            "let x = [ x ] :: Any; in tag \"backup\" && x",
            "let x = { a = x; } :: Any; in lib.collect isInt x",
            "let x = { a = x; } :: Any; y = { a = y; } :: Any; in lib.matchAttrs x y",
            "filter (m: let f = x: f x; in f m) machines",
            "where (m: let f = x: f x; in f m)",
            "path (let f = x: f x; in f \"a\")",
        ] {
            is_limited(text, tight());
        }
        // However many steps are left, a walk over what holds itself ends at the limit of depth.
        for walk in [
            "flatten x",
            "toString x",
            "\"${toString x}\"",
            "tag \"backup\" && x",
            "x == y",
            "x < y",
            "builtins.toXML x",
            "lib.generators.toPretty { } x",
            "lib.collect isInt { a = s; }",
            "lib.collect isInt s",
            "lib.matchAttrs s { a = s; }",
            "lib.generators.toGitINI s",
            "let t = { a = 1; b = t; } :: Any; in lib.mapAttrsToListRecursive (p: v: p) t",
            "let t = { a = 1; b = t; } :: Any; in lib.mapAttrsToListRecursiveCond (p: v: true) (p: v: p) t",
        ] {
            let text = format!("let x = [ x ] :: Any; y = [ y ] :: Any; s = {{ a = s; }} :: Any; in {walk}");
            let mistake = run(&text, Limits::default()).expect_err("it holds itself");
            assert!(mistake.message.contains("deep"), "{text}: {}", mistake.message);
        }
        let cyclic = "let x = { a = x; } :: Any; in deepSeq x 1";
        assert_eq!(run(cyclic, tight()).ok().as_deref(), Some("1"));
    });
}

#[test]
fn growing_values_are_limited() {
    on_a_small_stack(|| {
        let times = "(genList (x: x) 100)";
        for text in [
            format!("foldl' (a: x: a ++ a) [ 1 ] {times}"),
            format!("foldl' (a: x: a + a) \"ab\" {times}"),
            format!("foldl' (a: x: \"${{a}}${{a}}\") \"ab\" {times}"),
            format!("foldl' (a: x: concatStringsSep a [ a a a ]) \"ab\" {times}"),
            format!("foldl' (a: x: replaceStrings [ \"a\" ] [ a ] a) \"aa\" {times}"),
            format!("foldl' (a: x: concatMap (y: a) a) [ 1 2 ] {times}"),
            format!("foldl' (a: x: concatLists [ a a ]) [ 1 ] {times}"),
            format!("foldl' (a: x: mapAttrs (n: v: a) a) ({{ b = 1; c = 2; }} :: Any) {times}"),
            format!("foldl' (a: x: [ a a ] :: Any) [ ] {times}"),
            format!("toJSON (foldl' (a: x: [ a a ] :: Any) [ ] {times})"),
            format!("foldl' (a: x: {{ l = a; r = a; }} :: Any) {{ }} {times}"),
            format!("flatten (foldl' (a: x: [ a a ] :: Any) [ 1 ] {times})"),
            format!("toString (foldl' (a: x: [ a a ] :: Any) [ 1 ] {times})"),
            format!(
                "let x = foldl' (a: x: [ a a ] :: Any) [ ] {times}; y = foldl' (a: x: [ a a ] :: Any) [ ] {times}; in x == y"
            ),
            format!("foldl' (a: x: [ a a ] :: Any) [ (tag \"backup\") ] {times} && all"),
            format!("all && foldl' (a: x: [ a a ] :: Any) [ (tag \"backup\") ] {times}"),
            format!(
                "((foldl' (a: x: [ a a ] :: Any) [ ] {times}) :: Any) :: {}Any{}",
                "[".repeat(90),
                "]".repeat(90)
            ),
            "foldl' (a: x: a // { ${toString x} = a; } :: Any) ({ } :: Any) (genList (x: x) 100000)"
                .to_owned(),
            "genList (x: x) 1000000000000".to_owned(),
            "length (genList (x: x) 1000000000000)".to_owned(),
            "length (range 0 9223372036854775807)".to_owned(),
            "length (replicate 1000000000000 1)".to_owned(),
            "length (concatMap (x: genList (y: y) 1000000000) (genList (x: x) 1000000000))".to_owned(),
            "length (concatMap (x: concatMap (y: [ 1 2 3 ]) (genList (y: y) 1000)) (genList (x: x) 10000))"
                .to_owned(),
            "stringLength (lib.strings.replicate 1000000000000 \"ab\")".to_owned(),
            "length (splitString \"\" (lib.strings.replicate 10000000 \"ab\"))".to_owned(),
            "length (expandNodes \"n[1-999999999]\")".to_owned(),
            "length (expandNodes \"n[1-9999999]\")".to_owned(),
            "length (expandNodes \"n[1-9999]n[1-9999]n[1-9999]\")".to_owned(),
            "nodes \"n[1-999999999]\"".to_owned(),
            "optional (nodes \"n[1-9999999]\")".to_owned(),
            "length (cidrSubnets \"10.0.0.0/8\" 32)".to_owned(),
            "length (cidrSubnets \"fd00::/8\" 128)".to_owned(),
        ] {
            let outcome = run(&text, tight());
            // A name that the library does not have says nothing about limits.
            let unknown = outcome.as_ref().err().map(|mistake| mistake.code);
            assert!(
                !matches!(
                    unknown,
                    Some(Code::UnknownName | Code::UnknownField | Code::Syntax | Code::TypeMismatch)
                ),
                "{text}: {outcome:?}"
            );
            is_limited(&text, tight());
        }
    });
}

#[test]
fn patterns_take_linear_time_and_bounded_memory() {
    on_a_small_stack(|| {
        let subject = "a".repeat(5_000);
        for text in [
            format!("match \"(a*)*b\" \"{subject}\" == null"),
            format!("match \"(a|aa)+$b\" \"{subject}\" == null"),
            format!("length (split \"(a*)*b\" \"{subject}\") == 1"),
        ] {
            assert_eq!(run(&text, Limits::default()).ok().as_deref(), Some("true"), "{text}");
        }
        for text in [
            "matching \"(a*)*b\"".to_owned(),
            "glob \"*a*a*a*a*a*a*a*a*a*a*a*b\"".to_owned(),
            format!("optional (glob \"{}\")", "*a".repeat(20_000)),
            format!("glob \"{}\"", "{a,b}".repeat(5_000)),
            format!("glob \"{}\"", "{".repeat(5_000)),
            format!("glob \"{}a{}\"", "{".repeat(5_000), "}".repeat(5_000)),
            "matching \"((a{1,1000}){1,1000}){1,1000}\"".to_owned(),
            format!("matching \"{}\"", "(".repeat(10_000)),
            format!("matching \"{}a{}\"", "(".repeat(10_000), ")".repeat(10_000)),
            format!("matching \"{}\"", "[a-z]*".repeat(50_000)),
            format!("match \"{}\" \"a\" == null", "(a|b)?".repeat(50_000)),
            "filter (n: match \"((a{1,30}){1,30}){1,30}${toString n}\" \"a\" != null) (genList (x: x) 100000)".to_owned(),
        ] {
            let outcome = run(&text, Limits { steps: 500_000, ..tight() });
            let code = outcome.as_ref().err().map(|mistake| mistake.code);
            let known = matches!(code, None | Some(Code::InvalidValue | Code::LimitReached));
            assert!(known, "{:.80}: {outcome:?}", text);
        }
    });
}

#[test]
fn deep_values_end_in_data_or_a_limit() {
    on_a_small_stack(|| {
        let limits = || Limits { memory: 1 << 30, steps: 50_000_000, ..Limits::default() };
        let count = "(genList (x: x) 1000000)";
        let list = format!("foldl' (a: x: [ a ] :: Any) [ ] {count}");
        let set = format!("foldl' (a: x: {{ inherit a; }} :: Any) {{ }} {count}");
        for deep in [&list, &set] {
            for text in [
                format!("seq ({deep}) 1"),
                format!("deepSeq ({deep}) 1"),
                format!("let x = {deep}; in x == x"),
            ] {
                let found = code(&text, limits());
                assert!(matches!(found, None | Some(Code::LimitReached)), "{text}: {found:?}");
            }
            for text in
                [deep.clone(), format!("toJSON ({deep})"), format!("let x = {deep}; y = {deep}; in x == y")]
            {
                is_limited(&text, limits());
            }
        }
        for text in [
            format!("let x = {list}; y = {list}; in x < y"),
            format!("toString ({list})"),
            format!("flatten ({list})"),
            format!("all && ({list})"),
            format!("sort (a: b: a < b) [ ({list}) ({list}) ]"),
            format!("unique [ ({list}) ({list}) ]"),
        ] {
            let found = code(&text, limits());
            assert!(matches!(found, None | Some(Code::LimitReached)), "{text}: {found:?}");
        }
        let typed = format!("({list}) :: {}Any{}", "[".repeat(150), "]".repeat(150));
        assert_eq!(run(&format!("seq ({typed}) 1"), limits()).ok().as_deref(), Some("1"));
    });
}

#[test]
fn deep_filters_end_in_machines_or_a_limit() {
    on_a_small_stack(|| {
        let count = "(genList (x: x) 10000)";
        for text in [
            format!("foldl' (f: x: !f) all {count}"),
            format!("foldl' (f: x: f && tag \"backup\") all {count}"),
            format!("foldl' (f: x: f || tag \"backup\") none {count}"),
            format!("foldl' (f: x: tag \"backup\" && (f || none)) all {count}"),
            format!("foldl' (f: x: optional f) all {count}"),
            format!("foldl' (f: x: inCluster \"lab\" f) all {count}"),
            format!("foldl' (f: x: [ f ] :: Any) all {count} && all"),
            format!("foldl' (f: x: where (m: true) && !f) all {count}"),
            "foldl' (f: x: f && f) (tag \"backup\") (genList (x: x) 100)".to_owned(),
            "foldl' (f: x: !f || f) (tag \"backup\") (genList (x: x) 100)".to_owned(),
        ] {
            let found = code(&text, tight());
            assert!(matches!(found, None | Some(Code::LimitReached)), "{text}: {found:?}");
        }
    });
}

#[test]
fn deep_chains_of_names_end() {
    on_a_small_stack(|| {
        for (open, close) in [("rec { ", " }.a19999"), ("let ", " in a19999")] {
            let names: String = (1..20_000).map(|index| format!("a{index} = a{} + 1; ", index - 1)).collect();
            let text = format!("{open}a0 = 1; {names}{close}");
            let found = code(&text, Limits::default());
            assert!(matches!(found, None | Some(Code::LimitReached)), "{open}: {found:?}");
        }
    });
}

#[test]
fn data_in_texts_is_limited() {
    on_a_small_stack(|| {
        for text in [
            "fromJSON (lib.strings.replicate 100000 \"[\")",
            "fromJSON (lib.strings.replicate 100000 \"{\\\"a\\\":\")",
            "fromTOML (\"a=\" + lib.strings.replicate 100000 \"[\")",
            "fromTOML (lib.strings.replicate 100000 \"a.\" + \"a=1\")",
        ] {
            let found = code(text, Limits::default());
            assert!(matches!(found, Some(Code::InvalidValue | Code::LimitReached)), "{text}: {found:?}");
        }
        is_limited("fromJSON (\"[\" + lib.strings.replicate 4000000 \"1,\" + \"1]\")", tight());
    });
}

#[test]
fn filters_joined_with_themselves_are_resolved_once() {
    on_a_small_stack(|| {
        let inventory = Engine::default().load_demo().expect("the demo inventory loads");
        let engine = Engine::new(tight());
        for (step, start, expected) in [
            ("f && f", "tag \"backup\"", "tag \"backup\""),
            ("f || f", "tag \"backup\"", "tag \"backup\""),
            ("!f || f", "tag \"backup\"", "all"),
            ("!(f && !f)", "tag \"backup\"", "all"),
            ("optional (f && f)", "tag \"backup\"", "tag \"backup\""),
            ("inCluster \"lab\" f || f", "tag \"backup\"", "tag \"backup\""),
            ("(f && tag \"web\") || (f && !(tag \"web\"))", "tag \"backup\"", "tag \"backup\""),
            (
                "(f && tag \"web\") || (f && !(tag \"web\"))",
                "where (m: m.tags != [ ])",
                "where (m: m.tags != [ ])",
            ),
        ] {
            let text = format!("foldl' (f: x: {step}) ({start}) (genList (x: x) 100)");
            let machines = |text: &str| {
                let query = engine.compile(text, &inventory).expect("it compiles");
                query.machines(&inventory).map_err(|mistake| mistake.message)
            };
            assert_eq!(machines(&text), machines(expected), "{text}");
            let query = engine.compile(&text, &inventory).expect("it compiles");
            let explained = inventory.explain(&query, 0).expect("it is explained");
            assert_eq!(explained.holds, machines(expected).is_ok_and(|nodes| nodes.contains(&0)), "{text}");
            assert!(explained.filter.len() < 100_000, "{text}");
        }
    });
}

#[test]
fn lists_that_grow_by_one_take_linear_time() {
    on_a_small_stack(|| {
        let text = "length (foldl' (all: x: all ++ [ x ]) [ ] (genList (x: x) 50000))";
        assert_eq!(run(text, tight()).ok().as_deref(), Some("50000"));
    });
}

#[test]
fn stages_inside_of_stages_are_checked_once() {
    let mut query = "map (x: x)".to_owned();
    for _ in 0..40 {
        query = format!("([ \"a\" ] |> ({query}) 1)");
    }
    assert_eq!(code(&query, tight()), Some(Code::NotAFunction));
}

#[test]
fn conditions_that_ask_one_thing_many_times_are_checked_in_linear_time() {
    let asked = |tests: &str| format!("(x: {tests}) 1 == false");
    let once = asked(&vec!["isString x"; 16_000].join(" && "));
    let of_two_kinds = asked(&vec!["isString x || isInt x"; 4_000].join(" || "));
    for query in [once, of_two_kinds] {
        let started = Instant::now();
        let _ = code(&query, tight());
        assert!(started.elapsed() < Duration::from_secs(10), "{:?}", started.elapsed());
    }
}
