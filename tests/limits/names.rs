//! Texts with very many names, and with very long paths of them.

use std::time::{Duration, Instant};

use invq::Limits;
use invq::diagnostic::Code;

use super::{is_limited, on_a_small_stack, run, tight};

#[test]
fn many_names_take_linear_time() {
    const NAMES: usize = 30_000;
    let each = |write: &dyn Fn(usize) -> String| (0..NAMES).map(write).collect::<String>();
    for text in [
        format!("{{ {} }}.a7", each(&|n| format!("a{n} = 1; "))),
        format!("let {} in a7", each(&|n| format!("a{n} = 1; "))),
        format!("let b = 1; {} in a7", each(&|n| format!("a{n} = b; "))),
        format!("rec {{ a0 = 1; {} }}.a7", each(&|n| format!("a{} = a{n}; ", n + 1))),
        format!(
            "({{ {} ... }}: 1) {{ {} }}",
            each(&|n| format!("a{n} ? 1, ")),
            each(&|n| format!("a{n} = 1; "))
        ),
        format!("({{ a ? 1 {} }}: a) {{ }}", each(&|n| format!(", a{n} ? 1"))),
        format!(
            "({{ a {} }}: a) {{ a = 1; {} }}",
            each(&|n| format!(", a{n}")),
            each(&|n| format!("a{n} = 1; "))
        ),
    ] {
        let shown: String = text.chars().take(60).collect();
        let start = Instant::now();
        let outcome = on_a_small_stack(move || run(&text, Limits::default()));
        assert_eq!(outcome.map_err(|mistake| mistake.message), Ok("1".to_owned()), "{shown}");
        assert!(start.elapsed() < Duration::from_secs(60), "{shown}: {:?}", start.elapsed());
    }
}

#[test]
fn sets_of_many_different_names_end() {
    const SETS: usize = 20_000;
    let sets: String = (0..SETS).map(|n| format!("{{ a{n} = 1; }} ")).collect();
    let named: String = (0..SETS).map(|n| format!("a{n} = {{ b{n} = 1; }}; ")).collect();
    let limits = || Limits { time: Some(Duration::from_secs(2)), ..Limits::default() };
    for text in [format!("length [ {sets} ]"), format!("length (attrValues {{ {named} }})")] {
        let start = Instant::now();
        let outcome = on_a_small_stack(move || run(&text, limits()));
        let ended = outcome.map_err(|mistake| mistake.code);
        assert!(matches!(ended, Ok(_) | Err(Code::LimitReached)), "{ended:?}");
        assert!(start.elapsed() < Duration::from_secs(60), "{:?}", start.elapsed());
    }
}

#[test]
fn long_paths_of_bound_names_are_refused() {
    let path = ".b".repeat(100_000);
    for text in [
        format!("{{ a{path} = 1; }}"),
        format!("let a{path} = 1; in a"),
        format!("rec {{ a{path} = 1; }}"),
        format!("{{ a{} = 1; }}", ".${\"b\"}".repeat(100_000)),
    ] {
        on_a_small_stack(move || is_limited(&text, Limits::default()));
    }
}

#[test]
fn long_paths_of_read_names_end() {
    let path = ".b".repeat(100_000);
    for text in [
        format!("{{ }}.a{path} or 1"),
        format!("{{ }} ? a{path}"),
        format!("meta{path}"),
        format!("{{ a = 1; }}{path}"),
        format!("x: x{path}"),
        format!("{{ inherit (meta{path}) a; }}"),
    ] {
        on_a_small_stack(move || drop(run(&text, tight())));
    }
}
