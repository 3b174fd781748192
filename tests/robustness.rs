//! Nothing aborts, nothing hangs, nothing leaks: deep and long expressions on the stack of a thread
//! as tests have it, recursion without an end, values that refer to themselves.

use std::fmt::Write;

use invq::diagnostic::Code;
use invq::value::meter;
use invq::{Engine, Limits};

/// The code of the mistake that a query ends with, or its data as text.
fn end(text: &str) -> Result<String, Code> {
    end_within(text, Limits::default())
}

fn end_within(text: &str, limits: Limits) -> Result<String, Code> {
    let engine = Engine::new(limits);
    let inventory = engine.empty();
    let query = engine.compile(text, &inventory).map_err(|mistakes| mistakes[0].code)?;
    let answer = query.run(&inventory).map_err(|mistake| mistake.code)?;
    Ok(answer.into_data(&inventory).map_err(|mistake| mistake.code)?.to_string())
}

/// Runs on a thread with the stack that threads have by default.
fn on_a_small_stack(test: impl FnOnce() + Send + 'static) {
    let thread = std::thread::Builder::new().stack_size(2 << 20).spawn(test).expect("a thread starts");
    thread.join().expect("the test holds");
}

/// Something of an expression nested as deeply as the parser allows.
fn nested(before: &str, inner: &str, after: &str, levels: usize) -> String {
    format!("{}{inner}{}", before.repeat(levels), after.repeat(levels))
}

#[test]
fn deep_nesting_is_evaluated() {
    on_a_small_stack(|| {
        for (before, inner, after) in [
            ("(", "1", ")"),
            ("[ ", "1", " ]"),
            ("{ a = ", "1", "; }"),
            ("rec { a = ", "1", "; }"),
            ("(x: x) (", "1", ")"),
            ("let a = ", "1", "; in a"),
            ("if true then ", "1", " else 2"),
            ("with { a = 1; }; ", "a", ""),
            ("1 + (", "1", ")"),
            ("[ 1 ] ++ (", "[ ]", ")"),
            ("{ } // (", "{ }", ")"),
            ("true && (", "true", ")"),
            ("-(", "1", ")"),
            ("!(", "true", ")"),
            ("\"${", "\"a\"", "}\""),
            ("head [ (", "1", ") ]"),
            ("assert true; ", "1", ""),
            ("({ a ? ", "1", " }: a) { }"),
            ("x: ", "1", ""),
            ("(", "1", " :: Int)"),
            ("({ a = ", "1", "; }).a"),
            ("({ }).a or (", "1", ")"),
            ("1 |> (x: ", "x", ")"),
            ("removeAttrs (", "{ a = 1; }", ") [ \"b\" ]"),
        ] {
            for levels in [60, 95, 198, 5_000] {
                let text = nested(before, inner, after, levels);
                let outcome = end(&text);
                let code = outcome.as_ref().err();
                // Functions have no data.
                let is_known = matches!(code, None | Some(Code::LimitReached | Code::UnsuitableFormat));
                assert!(is_known, "{before}…{after} {levels}: {outcome:?}");
                assert!(levels > 60 || code != Some(&Code::LimitReached), "{before}…{after} {levels}");
            }
        }
    });
}

#[test]
fn deep_nesting_is_evaluated_inside_deep_recursion() {
    on_a_small_stack(|| {
        let body = nested("(1 + ", "f (n - 1)", ")", 90);
        let text = format!("let f = n: if n == 0 then 0 else {body}; in f 500");
        assert_eq!(end(&text), Ok("45000".to_owned()));
        let body = nested("[ ", "(f (n - 1))", " ]", 60);
        let text = format!("let f = n: if n == 0 then [ ] else {body} :: Any; in length (f 1000)");
        assert_eq!(end(&text), Ok("1".to_owned()));
    });
}

#[test]
fn long_chains_are_evaluated() {
    on_a_small_stack(|| {
        for (term, operator, end_of_chain) in [
            ("1", "+", "50000"),
            ("1", "-", "-49998"),
            ("1", "*", "1"),
            ("1", "/", "1"),
            ("\"\"", "+", "\"\""),
            ("[ ]", "++", "[]"),
            ("{ }", "//", "{}"),
            ("true", "&&", "true"),
            ("false", "||", "false"),
            ("true", "->", "true"),
        ] {
            let chain = vec![term; 50_000].join(&format!(" {operator} "));
            assert_eq!(end(&chain).as_deref(), Ok(end_of_chain), "{operator}");
        }
        let pipes = format!("1{}", " |> (x: x)".repeat(20_000));
        assert_eq!(end(&pipes), Err(Code::LimitReached));
        let pipes = format!("1{}", " |> (x: x)".repeat(2_000));
        assert_eq!(end(&pipes).as_deref(), Ok("1"));
        let filters = vec!["all"; 50_000];
        for operator in [" && ", " || "] {
            assert_eq!(end(&filters.join(operator)).as_deref(), Ok("[]"));
        }
        assert_eq!(end(&format!("{}1", "- ".repeat(50_000))), Err(Code::LimitReached));
    });
}

#[test]
fn recursion_without_end_reaches_a_limit() {
    on_a_small_stack(|| {
        for text in [
            "let f = x: f (x + 1); in f 0",
            "let f = x: 1 + f x; in f 0",
            "let f = x: g x; g = x: f x; in f 0",
            "let f = { a }: f { a = a + 1; }; in f { a = 0; }",
            "let f = x: [ (f x) ] :: Any; in f 0",
            "let f = x: { a = f x; } :: Any; in f 0",
            "let s = { next = s; } :: Any; in s",
            "let f = x: if f x then 1 else 2 :: Any; in f 0",
            "let f = x: head (map f [ x ]); in f 0",
            "let f = x: foldl' (a: b: f a) x [ 1 ]; in f 0",
            "let f = x: \"${f x}\"; in f 0",
            "let f = x: f (x + 1) || true; in f 0",
        ] {
            assert_eq!(end(text), Err(Code::LimitReached), "{text}");
        }
        for text in ["let a = a; in a", "rec { a = b; b = a; }.a", "let x = [ x ] ++ x; in x :: Any"] {
            assert!(end(text).is_err(), "{text}");
        }
    });
}

#[test]
fn growing_values_reach_a_limit() {
    on_a_small_stack(|| {
        let limits = || Limits { memory: 64 << 20, ..Limits::default() };
        for text in [
            "foldl' (a: x: a + a) \"ab\" (genList (x: x) 60)",
            "foldl' (a: x: a ++ a) [ 1 ] (genList (x: x) 60)",
            "foldl' (a: x: \"${a}${a}\") \"ab\" (genList (x: x) 60)",
            "length (foldl' (a: x: [ a a ] :: Any) [ ] (genList (x: x) 60))",
            "let f = x: f (x ++ x); in f [ 1 ]",
        ] {
            let outcome = end_within(text, limits());
            assert!(
                matches!(outcome, Err(Code::LimitReached)) || text.starts_with("length"),
                "{text}: {outcome:?}"
            );
        }
        let steps = || Limits { steps: 100_000, ..Limits::default() };
        assert_eq!(
            end_within("foldl' (a: x: a + x) 0 (genList (x: x) 1000000)", steps()),
            Err(Code::LimitReached)
        );
        assert_eq!(end_within("length (genList (x: x) 100000000000)", steps()), Err(Code::LimitReached));
    });
}

#[test]
fn deep_values_are_forced_compared_and_dropped() {
    on_a_small_stack(|| {
        let deep = "foldl' (a: x: [ a ] :: Any) [ ] (genList (x: x) 100000)";
        let count = "genList (x: x) 100000";
        for text in [
            format!("length ({deep})"),
            format!("({deep}) == [ 1 ]"),
            format!("seq (foldl' (f: x: (y: f y)) (y: y) ({count})) 1"),
            format!("foldl' (a: x: {{ inherit a; }} :: Any) {{ }} ({count}) |> attrNames"),
            format!("seq (foldl' (a: x: !a) all ({count})) 1"),
            "seq (foldl' (a: x: a && (a || none)) all (genList (x: x) 2000)) 1".to_owned(),
            format!("seq (foldl' (f: x: f |> (g: (y: g y))) (y: y) ({count})) 1"),
            "seq (foldl' (f: x: map f :: Any) (y: y) (genList (x: x) 3000)) 1".to_owned(),
        ] {
            assert!(end(&text).is_ok(), "{text}: {:?}", end(&text));
        }
        for text in [
            deep.to_owned(),
            format!("({deep}) == ({deep})"),
            format!("let x = {deep}; in deepSeq x 1"),
            format!("toJSON ({deep})"),
            format!("({deep}) < ({deep})"),
            format!("foldl' (f: x: (y: f y)) (y: y) ({count}) 1"),
            "foldl' (a: x: !a) all (genList (x: x) 100000)".to_owned(),
            "foldl' (a: x: optional (a && all) || none) all (genList (x: x) 5000)".to_owned(),
            format!("({deep}) && all"),
            format!("!({deep})"),
            format!("({deep}) :: [Filter]"),
            format!("flatten ({deep})"),
            format!("toString ({deep})"),
        ] {
            let outcome = end(&text);
            assert!(matches!(outcome, Err(Code::LimitReached) | Ok(_)), "{text}: {outcome:?}");
        }
    });
}

#[test]
fn deep_chains_of_unevaluated_values_are_evaluated_or_refused() {
    on_a_small_stack(|| {
        let mut chain = String::from("rec { a0 = 1; ");
        for index in 1..8_000 {
            let _ = write!(chain, "a{index} = a{} + 1; ", index - 1);
        }
        let text = format!("({chain} }}).a7999");
        assert!(matches!(end(&text).as_deref(), Ok("8000") | Err(Code::LimitReached)));
        let mut lets = String::from("let a0 = [ 1 ]; ");
        for index in 1..3_000 {
            let _ = write!(lets, "a{index} = [ a{} ]; ", index - 1);
        }
        let outcome = end(&format!("{lets} in length a2999"));
        assert!(matches!(outcome.as_deref(), Ok("1") | Err(Code::LimitReached)), "{outcome:?}");
        let indexed = "elemAt (genList (i: if i == 0 then 0 else i) 20000) 19999";
        assert_eq!(end(indexed).as_deref(), Ok("19999"));
        let sums =
            "let xs = genList (i: if i == 0 then 0 else elemAt xs (i - 1) + 1) 20000; in elemAt xs 19999";
        assert_eq!(end(sums), Err(Code::LimitReached));
        let sums = "foldl' (a: x: a + x) 0 (genList (x: x) 20000)";
        assert_eq!(end(sums).as_deref(), Ok("199990000"));
        let updates = "length (attrNames (foldl' (a: x: a // { ${toString x} = a; } :: Any) ({ } :: Any) (genList (x: x) 3000)))";
        assert_eq!(end(updates).as_deref(), Ok("3000"));
        let updates =
            "foldl' (a: x: { b = a; } // { c = x; } :: Any) ({ } :: Any) (genList (x: x) 12000) |> (s: s.c)";
        assert_eq!(end(updates).as_deref(), Ok("11999"));
    });
}

#[test]
fn large_types_are_refused() {
    on_a_small_stack(|| {
        let doubled = nested("f (", "1", ")", 40);
        assert_eq!(end(&format!("let f = x: {{ a = x; b = x; }}; in {doubled}")), Err(Code::LimitReached));
        let mut lets = String::from("let a0 = { x = 1; }; ");
        for index in 1..60 {
            let _ = write!(lets, "a{index} = {{ x = a{0}; y = a{0}; }}; ", index - 1);
        }
        assert_eq!(end(&format!("{lets} in a59.x.x.x")), Err(Code::LimitReached));
    });
}

#[test]
fn memory_returns_to_where_it_was() {
    on_a_small_stack(|| {
        let engine = Engine::default();
        let inventory = engine.load_demo().expect("the demo inventory loads");
        let queries = [
            "let fac = n: if n == 0 then 1 else n * fac (n - 1); in fac 20",
            "let even = n: n == 0 || odd (n - 1); odd = n: n != 0 && even (n - 1); in even 20",
            "rec { a = 1; f = x: if x == 0 then a else f (x - 1); b = f 3; }.b",
            "let s = { a = 1; f = x: s.a + x; }; in s.f 1",
            "let xs = [ 1 ] ++ map (x: x + length ys) ys; ys = [ 10 ]; in xs",
            "let f = x: { inherit x; g = y: f y; } :: Any; in (f 1).x",
            "let s = { a = f 1; next = s; } :: Any; f = x: if x == 0 then s else f (x - 1); in s.next.next.a.next ? a",
            "let s = { a = f 1; } :: Any; f = x: if x == 0 then s else f (x - 1); in s.a ? a",
            "({ a ? (x: b x), b ? (x: if x == 0 then 0 else a (x - 1)) }: a 3) { }",
            "let fix = f: let x = f x; in x; in (fix (self: { a = 1; b = self.a; })).b",
            "(lib.fix (self: { a = 1; b = self.a; c = x: x + self.a; })).b",
            "map (m: m.name) machines",
            "let f = x: tag \"web\" && where (m: f 1 == f 2); in length machines",
            "tryEval (let x = throw \"a\"; y = [ x y ] :: Any; in head y)",
        ];
        let compiled: Vec<_> = queries
            .iter()
            .map(|text| {
                engine.compile(text, &inventory).unwrap_or_else(|mistakes| panic!("{text}: {mistakes:?}"))
            })
            .collect();
        for (query, text) in compiled.iter().zip(queries) {
            let mut baseline = None;
            for round in 0..2_000 {
                let outcome = query.run(&inventory);
                assert!(outcome.is_ok(), "{text}: {outcome:?}");
                drop(outcome);
                meter::sweep();
                // What is made once for all runs is there after the first.
                let baseline = *baseline.get_or_insert_with(meter::live);
                assert_eq!(meter::live(), baseline, "{text} in round {round}");
            }
        }
    });
}
