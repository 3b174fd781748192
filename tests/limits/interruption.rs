//! An interruption ends what is being worked at, and not only what would follow.
//!
//! Each query makes something large, interrupts itself, and gives it to one builtin; a function of the host behind
//! that call tells whether the builtin has worked on to its end. Nothing here depends on how fast a build is.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use invq::diagnostic::Code;
use invq::{Engine, Limits};

use super::on_a_small_stack;

/// Something large, and what is done with it under the name `x`.
const WORK: &[(&str, &[&str])] = &[
    (
        "genList (i: i) 20000",
        &[
            "map toString x",
            "forEach x toString",
            "lib.imap1 (i: v: [ i v ]) x",
            "filter (i: i > 5) x",
            "builtins.all (i: i >= 0) x",
            "elem (-1) x",
            "foldl' (a: b: a + b) 0 x",
            "lib.foldr (a: b: a + b) 0 x",
            "partition (i: i > 5) x",
            "groupBy toString x",
            "countBy toString x",
            "sort (a: b: a + 0 < b) x",
            "sortOn (i: 0 - i) x",
            "unique x",
            "zipLists x x",
            "lib.zipListsWith (a: b: a + b) x x",
            "lib.crossLists (a: b: a) [ [ 1 ] x ]",
            "concatMap (i: [ i ]) x",
            "flatten x",
            "toString x",
            "toJSON x",
            "builtins.toXML x",
            "lib.generators.toPretty { } x",
            "genericClosure { startSet = map (i: { key = i; }) (take 1 x); operator = i: map (j: { key = j; }) x; }",
            "intersectLists x x",
            "lib.naturalSort (map toString x)",
            "deepSeq (map (i: i + 1) x) 1",
            "genList (i: i) 20000",
            "range 1 20000",
            "x == x ++ [ ]",
            "x < x ++ [ 1 ]",
        ],
    ),
    (
        "listToAttrs (genList (i: { name = \"n${toString i}\"; value = i; }) 20000)",
        &[
            "mapAttrs (n: v: [ v ]) x",
            "mapAttrs' (n: v: nameValuePair n v) x",
            "mapAttrsToList (n: v: [ v ]) x",
            "attrsToList x",
            "filterAttrs (n: v: v > 1) x",
            "intersectAttrs x x",
            "recursiveUpdate x x",
            "lib.recursiveUpdateUntil (p: l: r: false) x x",
            "lib.mapAttrsRecursive (p: v: v) x",
            "lib.zipAttrs [ x x ]",
            "lib.foldAttrs (a: b: a) 0 [ x x ]",
            "lib.mergeAttrsList [ x x ]",
            "foldlAttrs (a: n: v: a + v) 0 x",
            "clusterlib.forEachAttrIn x (n: v: [ v ])",
            "lib.generators.toKeyValue { } x",
        ],
    ),
    (
        "lib.strings.replicate 4000000 \"a\"",
        &[
            "hashString \"md5\" x",
            "hashString \"sha512\" x",
            "replaceStrings [ \"a\" ] [ \"bc\" ] x",
            "split \"(a)\" x",
            "splitString \"a\" x",
            "stringToCharacters x",
            "lib.strings.levenshtein x x",
        ],
    ),
    ("\"[\" + lib.strings.replicate 100000 \"{\\\"a\\\":[1,2]},\" + \"1]\"", &["fromJSON x"]),
    ("concatStringsSep \"\" (genList (i: \"a${toString i} = 1\\n\") 20000)", &["fromTOML x"]),
    ("\"n[1-200000]\"", &["expandNodes x", "nodes x"]),
    ("\"((a{1,30}){1,30}){1,20}\"", &["match x \"a\"", "split x \"a\""]),
];

/// How a query ends that interrupts itself, and whether the work behind that came to its end.
fn interrupted(setup: &str, work: &str) -> (Option<Code>, bool) {
    let (interrupt, finished) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicBool::new(false)));
    let limits = Limits { interrupt: Some(Arc::clone(&interrupt)), ..Limits::default() };
    let mut engine = Engine::new(limits);
    let set = |flag: &Arc<AtomicBool>| {
        let flag = Arc::clone(flag);
        move |number: i64| -> Result<i64, String> {
            flag.store(true, Ordering::Relaxed);
            Ok(number)
        }
    };
    engine.add_function("interrupt", "Int -> Int", set(&interrupt)).expect("it has a name");
    engine.add_function("finish", "Int -> Int", set(&finished)).expect("it has a name");
    let inventory = engine.load_demo().expect("the demo inventory loads");
    let text = format!("let x = {setup}; in deepSeq x (seq (interrupt 1) (seq ({work}) (finish 1)))");
    let query =
        engine.compile(&text, &inventory).unwrap_or_else(|found| panic!("{work}: {}", found[0].message));
    let code = query.run(&inventory).err().map(|mistake| mistake.code);
    (code, finished.load(Ordering::Relaxed))
}

#[test]
fn an_interruption_ends_each_builtin_in_its_midst() {
    on_a_small_stack(|| {
        for (setup, works) in WORK {
            for work in *works {
                assert_eq!(interrupted(setup, work), (Some(Code::Interrupted), false), "{work}");
            }
        }
    });
}

#[test]
fn an_interruption_ends_the_reading_of_a_long_text() {
    let limits = Limits { interrupt: Some(Arc::new(AtomicBool::new(true))), ..Limits::default() };
    let engine = Engine::new(limits);
    for text in ["a ".repeat(1 << 20), format!("[ {} ]", "{ a = 1; } ".repeat(100_000))] {
        let mistakes = engine.compile(&text, &engine.empty()).err().expect("it is stopped");
        let told: Vec<(Code, &str)> =
            mistakes.iter().map(|mistake| (mistake.code, mistake.message.as_str())).collect();
        assert_eq!(told, [(Code::Interrupted, "reading the expression was interrupted")]);
    }
}
