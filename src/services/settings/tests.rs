//! The merge of settings: what is told of each mistake, and what Clan's own cases leave open.

use insta::assert_snapshot;

use crate::diagnostic::Code;
use crate::diagnostic::Severity;
use crate::text::Source;
use crate::{Engine, Format, Input, Inventory, Severities};

/// The interface of the role `peer` of the module that all inventories here use.
const OPTIONS: &str = r#"{
  "n": { "type": "int", "default": 0 }, "must": { "type": "int" }, "s": { "type": { "nullOr": "str" }, "default": null },
  "l": { "type": { "listOf": "str" }, "default": ["dflt"] }, "e": { "type": { "enum": ["tcp", "udp"] }, "default": "tcp" },
  "p": { "type": "port", "default": 22 }, "f": { "type": "float", "default": 0.5 }, "home": { "type": "path", "default": "/" },
  "u": { "type": "unsigned", "default": 0 }, "pos": { "type": "positive", "default": 1 }, "num": { "type": "number", "default": 1 },
  "any": { "type": "anything", "default": null }, "b": { "type": "bool", "default": false },
  "m": { "type": { "attrsOf": { "submodule": {
    "x": { "type": "int" }, "name": { "type": "str", "default": "‹name›" }, "l": { "type": { "listOf": "int" }, "default": [] } } } }, "default": {} },
  "one": { "type": { "oneOf": ["int", "str", { "listOf": "str" }] }, "default": 1 },
  "deep": { "enable": { "type": "bool", "default": false }, "k": { "type": { "attrsOf": "str" }, "default": {} } },
  "odd": { "type": "strng", "default": "" }, "odder": { "type": ["int"], "default": "" }
}"#;

/// Asks for settings of `jon`, who has the tags `t1` and `t2`; `role` is what stands in the role `peer`.
fn ask(role: &str, query: &str) -> String {
    ask_all(&interface(), role, query)
}

/// The declared module.
fn interface() -> String {
    format!(
        r#"{{ "self": {{ "A": {{ "roles": {{ "peer": {{ "interface": {{ "options": {OPTIONS} }} }} }} }} }} }}"#
    )
}

/// Asks for settings of `jon` in a role without a declared interface.
fn ask_free(role: &str, query: &str) -> String {
    ask_all(r#"{ "self": { "A": { "roles": { "peer": {} } } } }"#, role, query)
}

fn load(modules: &str, role: &str) -> Inventory {
    let input = |name: &str, text: String| Input {
        source: Source::new(name, text),
        format: Format::Json,
        folder: None,
    };
    let inventory = format!(
        r#"{{ "inventory": {{ "machines": {{ "jon": {{ "tags": ["t1", "t2"] }}, "sara": {{}} }},
"instances": {{ "net": {{ "module": {{ "name": "A", "input": "self" }}, "roles": {{ "peer": {role} }} }} }} }} }}"#
    );
    let inputs = vec![
        input("clan.json", inventory),
        input("modules.json", format!("{{ \"inventory\": {{}}, \"modules\": {modules} }}")),
    ];
    // As in Clan, machines that are not there are members.
    let severities = Severities { allowed: vec![Code::UnknownMachine], ..Severities::default() };
    Engine::default().with_severities(severities).load(inputs).expect("the documents are read")
}

fn ask_all(modules: &str, role: &str, query: &str) -> String {
    let inventory = load(modules, role);
    let query = format!("let jon = instances.net.roles.peer.settings.jon; in {query}");
    let answer =
        Engine::default().compile(&query, &inventory).map_err(|found| found.into_iter().next()).and_then(
            |query| query.run(&inventory).and_then(|answer| answer.into_data(&inventory)).map_err(Some),
        );
    let diagnostic = match answer {
        Ok(answer) => return answer.to_string(),
        Err(diagnostic) => diagnostic.expect("a failure says why"),
    };
    let mut lines = vec![format!("{}: {}", diagnostic.code.word(), diagnostic.message)];
    for label in diagnostic.labels.iter().filter(|label| label.source.name().ends_with(".json")) {
        let at = label.source.position(label.span.start);
        let written = label.source.slice(label.span).lines().next().unwrap_or_default();
        lines.push(
            format!("@{}:{}:{} {written} {}", label.source.name(), at.line, at.column, label.message)
                .trim_end()
                .to_owned(),
        );
    }
    lines.extend(diagnostic.help.map(|help| format!("help: {help}")));
    lines.join("\n")
}

/// What a check tells of settings, one mistake a line.
fn problems(role: &str) -> String {
    let inventory = load(&interface(), role);
    let problems = inventory.check();
    problems
        .iter()
        .filter(|problem| problem.severity > Severity::Hint)
        .map(|problem| format!("{}: {}", problem.code.word(), problem.message))
        .collect::<Vec<_>>()
        .join("\n")
}

/// The role with `jon` and these settings for all its members.
fn role(settings: &str) -> String {
    format!(r#"{{ "machines": {{ "jon": {{}} }}, "settings": {settings} }}"#)
}

/// The setting of `jon` that the role gives.
fn one(settings: &str, path: &str) -> String {
    ask(&role(settings), &format!("jon.{path}"))
}

#[test]
fn scalars_must_agree() {
    let both = |role: &str, machine: &str, tag: &str| {
        format!(
            r#"{{ "settings": {role}, "machines": {{ "jon": {{ "settings": {machine} }} }}, "tags": {{ "t1": {{ "settings": {tag} }} }} }}"#
        )
    };
    assert_snapshot!(ask(&both(r#"{ "n": 1 }"#, r#"{ "n": 1 }"#, "{}"), "jon.n"), @"1");
    assert_snapshot!(ask(&both(r#"{ "n": 1 }"#, r#"{ "n": 2 }"#, "{}"), "jon.n"), @r#"
    conflict: `instances.net.roles.peer.settings.jon.n` is defined twice and differently
    @clan.json:2:156 2 `2` here
    @clan.json:2:109 1 `1` here
    help: to let one win, write it with a priority: `"n": { "_type": "override", "priority": 50, "content": 2 }`
    "#);
    assert_snapshot!(ask(&both(r#"{ "s": "r" }"#, r#"{ "s": "m" }"#, r#"{ "s": "t" }"#), "jon.s"), @r#"
    conflict: `instances.net.roles.peer.settings.jon.s` is defined several times and differently
    @clan.json:2:206 "t" `"t"` here
    @clan.json:2:158 "m" `"m"` here
    @clan.json:2:109 "r" `"r"` here
    help: to let one win, write it with a priority: `"s": { "_type": "override", "priority": 50, "content": "t" }`
    "#);
    assert_snapshot!(ask(&both(r#"{ "s": null }"#, r#"{ "s": "m" }"#, "{}"), "jon.s"), @r#"
    conflict: `instances.net.roles.peer.settings.jon.s` is defined as `null` and as something else
    @clan.json:2:109 null `null` here
    @clan.json:2:159 "m" `"m"` here
    help: to let one win, write it with a priority: `"s": { "_type": "override", "priority": 50, "content": "m" }`
    "#);
    assert_snapshot!(ask(&both(r#"{ "any": [1] }"#, r#"{ "any": [2] }"#, "{}"), "jon.any"), @r#"
    conflict: `instances.net.roles.peer.settings.jon.any` is defined twice and differently
    @clan.json:2:162 [2] a list here
    @clan.json:2:111 [1] a list here
    help: to let one win, write it with a priority: `"any": { "_type": "override", "priority": 50, "content": "…" }`
    "#);
    assert_snapshot!(ask(&both(r#"{ "any": {} }"#, r#"{ "any": 1 }"#, "{}"), "jon.any"), @r#"
    conflict: `instances.net.roles.peer.settings.jon.any` is defined twice and differently
    @clan.json:2:161 1 `1` here
    @clan.json:2:111 {} an object here
    help: to let one win, write it with a priority: `"any": { "_type": "override", "priority": 50, "content": 1 }`
    "#);
    assert_snapshot!(ask(&both(r#"{ "one": 1 }"#, r#"{ "one": "x" }"#, "{}"), "jon.one"), @r#"
    conflict: `instances.net.roles.peer.settings.jon.one` is defined twice and differently
    @clan.json:2:160 "x" `"x"` here
    @clan.json:2:111 1 `1` here
    help: to let one win, write it with a priority: `"one": { "_type": "override", "priority": 50, "content": "x" }`
    "#);
    assert_snapshot!(ask(&both(r#"{ "one": ["a"] }"#, r#"{ "one": ["b"] }"#, "{}"), "jon.one"), @r#"["b","a"]"#);
    // What is wrong with one setting leaves the others as they are.
    assert_snapshot!(ask(&both(r#"{ "n": 1, "p": 7 }"#, r#"{ "n": 2 }"#, "{}"), "jon.p"), @"7");
}

#[test]
fn marks() {
    let with = |role: &str, machine: &str| {
        format!(r#"{{ "settings": {role}, "machines": {{ "jon": {{ "settings": {machine} }} }} }}"#)
    };
    let force = |content: &str| format!(r#"{{ "_type": "override", "priority": 50, "content": {content} }}"#);
    let weak =
        |content: &str| format!(r#"{{ "_type": "override", "priority": 1000, "content": {content} }}"#);
    let order = |number: i64, content: &str| {
        format!(r#"{{ "_type": "order", "priority": {number}, "content": {content} }}"#)
    };
    assert_eq!(ask(&with(&format!(r#"{{ "n": {} }}"#, weak("1")), r#"{ "n": 2 }"#), "jon.n"), "2");
    // A priority around an object holds for what is in it.
    let deep = format!(r#"{{ "deep": {} }}"#, force(r#"{ "enable": true }"#));
    assert_eq!(ask(&with(&deep, r#"{ "deep": { "enable": false } }"#), "jon.deep.enable"), "true");
    let whole = format!(r#"{{ "config": {} }}"#, force(r#"{ "n": 5 }"#));
    assert_eq!(ask(&with(&whole, r#"{ "n": 2 }"#), "jon.n"), "5");
    let of_key = format!(r#"{{ "m": {{ "a": {} }} }}"#, force(r#"{ "x": 5 }"#));
    assert_eq!(ask(&with(&of_key, r#"{ "m": { "a": { "x": 1 } } }"#), "jon.m.a.x"), "5");
    // Marks around a whole `settings` belong to the inventory, in which it is one option.
    let outside = format!(
        r#"{{ "machines": {{ "jon": {{ "settings": {{ "n": 5 }} }} }}, "settings": {} }}"#,
        force(r#"{ "n": 5 }"#)
    );
    assert_eq!(ask(&outside, "jon.n"), "5");
    let first = format!(r#"{{ "l": {} }}"#, order(500, r#"["first"]"#));
    assert_eq!(ask(&with(&first, r#"{ "l": ["x"] }"#), "jon.l"), r#"["first","x"]"#);
    let last = format!(r#"{{ "l": {} }}"#, order(1500, r#"["last"]"#));
    assert_eq!(ask(&with(r#"{ "l": ["x"] }"#, &last), "jon.l"), r#"["x","last"]"#);
    let forced_last = format!(r#"{{ "l": {} }}"#, force(&order(1500, r#"["last"]"#)));
    assert_eq!(
        ask(&with(&forced_last, &format!(r#"{{ "l": {} }}"#, force(r#"["x"]"#))), "jon.l"),
        r#"["x","last"]"#
    );
    let several = r#"{ "l": { "_type": "merge", "contents": [["a"], ["b"], { "_type": "if", "condition": false, "content": ["c"] }] } }"#;
    assert_eq!(one(several, "l"), r#"["a","b"]"#);
    let element = r#"{ "l": ["a", { "_type": "if", "condition": false, "content": "b" }] }"#;
    assert_eq!(one(element, "l"), r#"["a"]"#);
    let gone = r#"{ "m": { "a": { "_type": "if", "condition": false, "content": {} } } }"#;
    assert_eq!(one(gone, "m"), "{}");
    // Lists of the weakest priority join the default.
    let default = r#"{ "l": { "_type": "override", "priority": 1500, "content": ["x"] } }"#;
    assert_eq!(one(default, "l"), r#"["dflt","x"]"#);

    assert_snapshot!(one(r#"{ "n": { "_type": "override", "content": 1 } }"#, "n"), @r#"
    invalid-option: expected `priority` beside `"_type": "override"`
    @clan.json:2:136 { "_type": "override", "content": 1 }
    "#);
    assert_snapshot!(one(r#"{ "n": { "_type": "override", "priority": "high", "content": 1 } }"#, "n"), @r#"
    invalid-option: expected an integer as `priority`
    @clan.json:2:171 "high"
    "#);
    assert_snapshot!(one(r#"{ "n": { "_type": "if", "condition": 1, "content": 1 } }"#, "n"), @r#"
    invalid-option: expected a boolean as `condition`
    @clan.json:2:166 1
    "#);
    assert_snapshot!(one(r#"{ "n": { "_type": "merge", "contents": 1 } }"#, "n"), @r#"
    invalid-option: expected a list as `contents`
    @clan.json:2:168 1
    "#);
    assert_snapshot!(one(&format!(r#"{{ "n": {} }}"#, force(&force("1"))), "n"), @r#"
    invalid-option: the mark `override` has no meaning here
    @clan.json:2:186 { "_type": "override", "priority": 50, "content": 1 }
    help: write one mark of a kind: `merge` and `if` outside, then `override`, then `order`
    "#);
    assert_snapshot!(one(&format!(r#"{{ "deep": {} }}"#, order(1, "{}")), "deep"), @r#"
    invalid-option: the mark `order` has no meaning here
    @clan.json:2:139 { "_type": "order", "priority": 1, "content": {} }
    help: remove it: only lists have an order
    "#);
    let forced_twice = format!(
        r#"{{ "config": {} }}"#,
        force(&format!(r#"{{ "deep": {} }}"#, force("{ \"enable\": true }")))
    );
    assert_snapshot!(one(&forced_twice, "deep"), @"
    invalid-option: a mark around this object has no meaning here
    @clan.json:2:263 true
    help: write one mark of a kind: `merge` and `if` outside, then `override`, then `order`
    ");
    assert_snapshot!(one(r#"{ "_type": "merge", "contents": [{ "n": 1 }, { "p": 1 }] }"#, "n"), @r#"
    conflict: `instances.net.roles.peer.settings` is defined twice, and takes only one definition
    @clan.json:2:174 { "p": 1 } defined again here
    @clan.json:2:162 { "n": 1 } first defined here
    help: write one set of both
    "#);
}

#[test]
fn types() {
    assert_eq!(
        one(r#"{ "p": 65535, "u": 0, "pos": 1, "num": 1.5, "f": 1.5, "home": "/x", "b": true }"#, "home"),
        r#""/x""#
    );
    for (settings, path) in [
        (r#"{ "p": 65535 }"#, "p"),
        (r#"{ "u": 0 }"#, "u"),
        (r#"{ "num": 1.5 }"#, "num"),
        (r#"{ "f": 1.5 }"#, "f"),
        (r#"{ "one": ["x"] }"#, "one"),
    ] {
        assert!(!one(settings, path).contains("expected"), "{settings}");
    }
    assert_snapshot!(one(r#"{ "n": 1.0 }"#, "n"), @r#"
    invalid-option: expected an integer as `instances.net.roles.peer.settings.jon.n`, found `1.0`
    @clan.json:2:136 1.0
    "#);
    assert_snapshot!(one(r#"{ "n": true }"#, "n"), @r#"
    invalid-option: expected an integer as `instances.net.roles.peer.settings.jon.n`, found `true`
    @clan.json:2:136 true
    "#);
    assert_snapshot!(one(r#"{ "p": 65536 }"#, "p"), @r#"
    invalid-option: expected a port, an integer from 0 to 65535, as `instances.net.roles.peer.settings.jon.p`, found `65536`
    @clan.json:2:136 65536
    "#);
    assert_snapshot!(one(r#"{ "u": -1 }"#, "u"), @r#"
    invalid-option: expected an integer that is not negative as `instances.net.roles.peer.settings.jon.u`, found `-1`
    @clan.json:2:136 -1
    "#);
    assert_snapshot!(one(r#"{ "pos": 0 }"#, "pos"), @r#"
    invalid-option: expected a positive integer as `instances.net.roles.peer.settings.jon.pos`, found `0`
    @clan.json:2:138 0
    "#);
    assert_snapshot!(one(r#"{ "f": 1 }"#, "f"), @r#"
    invalid-option: expected a float as `instances.net.roles.peer.settings.jon.f`, found `1`
    @clan.json:2:136 1
    "#);
    assert_snapshot!(one(r#"{ "num": "1" }"#, "num"), @r#"
    invalid-option: expected a number as `instances.net.roles.peer.settings.jon.num`, found `"1"`
    @clan.json:2:138 "1"
    "#);
    assert_snapshot!(one(r#"{ "b": 1 }"#, "b"), @r#"
    invalid-option: expected a boolean as `instances.net.roles.peer.settings.jon.b`, found `1`
    @clan.json:2:136 1
    "#);
    assert_snapshot!(one(r#"{ "home": "x" }"#, "home"), @r#"
    invalid-option: expected an absolute path as `instances.net.roles.peer.settings.jon.home`, found `"x"`
    @clan.json:2:139 "x"
    "#);
    assert_snapshot!(one(r#"{ "s": 1 }"#, "s"), @r#"
    invalid-option: expected `null` or a string as `instances.net.roles.peer.settings.jon.s`, found `1`
    @clan.json:2:136 1
    "#);
    assert_snapshot!(one(r#"{ "e": "tpc" }"#, "e"), @r#"
    invalid-option: expected `"tcp"` or `"udp"` as `instances.net.roles.peer.settings.jon.e`, found `"tpc"`
    @clan.json:2:136 "tpc"
    help: did you mean `tcp`?
    "#);
    assert_snapshot!(one(r#"{ "one": 1.5 }"#, "one"), @r#"
    invalid-option: expected an integer, a string or a list as `instances.net.roles.peer.settings.jon.one`, found `1.5`
    @clan.json:2:138 1.5
    "#);
    assert_snapshot!(one(r#"{ "l": { "a": 1 } }"#, "l"), @r#"
    invalid-option: expected a list as `instances.net.roles.peer.settings.jon.l`, found an object
    @clan.json:2:136 { "a": 1 }
    "#);
    assert_snapshot!(one(r#"{ "l": ["a", 1] }"#, "l"), @r#"
    invalid-option: expected a string in `instances.net.roles.peer.settings.jon.l`, found `1`
    @clan.json:2:142 1
    "#);
    assert_snapshot!(one(r#"{ "m": [] }"#, "m"), @r#"
    invalid-option: expected an object as `instances.net.roles.peer.settings.jon.m`, found a list
    @clan.json:2:136 []
    "#);
    assert_snapshot!(one(r#"{ "m": { "a": 1 } }"#, "m"), @r#"
    invalid-option: expected an object as `instances.net.roles.peer.settings.jon.m.a`, found `1`
    @clan.json:2:143 1
    "#);
    assert_snapshot!(one(r#"{ "deep": 1 }"#, "n"), @r#"
    invalid-option: expected an object as `instances.net.roles.peer.settings.jon.deep`, found `1`
    @clan.json:2:139 1
    "#);
    assert_snapshot!(one(r#"{ "odd": "x" }"#, "odd"), @r#"
    invalid-option: no type of settings is called `strng`
    @modules.json:11:20 "strng"
    help: did you mean `str`?
    "#);
    assert_snapshot!(one(r#"{ "odder": "x" }"#, "odder"), @r#"
    invalid-option: expected a type of settings: a word, or an object with one key
    @modules.json:11:65 ["int"]
    help: write `"str"`, or `{ "listOf": "str" }`; keys are `listOf`, `attrsOf`, `nullOr`, `enum`, `submodule` or `oneOf`
    "#);
}

#[test]
fn options_that_are_missing() {
    assert_snapshot!(one(r#"{ "timeout": 1 }"#, "n"), @r#"
    unknown-option: `instances.net.roles.peer.settings.jon` has no option `timeout`
    @clan.json:2:131 "timeout"
    help: remove `timeout`, or declare it in the interface of the role
    "#);
    assert_snapshot!(one(r#"{ "deep": { "enbale": true } }"#, "n"), @r#"
    unknown-option: `instances.net.roles.peer.settings.jon.deep` has no option `enbale`
    @clan.json:2:141 "enbale"
    help: did you mean `enable`?
    "#);
    assert_snapshot!(one(r#"{ "m": { "a": { "x": 1, "y": 2 } } }"#, "m"), @r#"
    unknown-option: `instances.net.roles.peer.settings.jon.m.a` has no option `y`
    @clan.json:2:153 "y"
    help: its options are `l`, `name` and `x`
    "#);
    assert_eq!(one(r#"{ "m": { "a": { "x": 1, "y": 2 } } }"#, "n"), "0");
    assert_snapshot!(one("{}", "must"), @r#"
    missing-option: `instances.net.roles.peer.settings.jon.must` is not given, and has no default
    @clan.json:2:80 "peer" no settings of this role give it
    @modules.json:2:49 { "type": "int" } declared here
    help: write `"must": 1` in `settings` of the role or the machine
    "#);
    assert_snapshot!(one(r#"{ "m": { "a": {} } }"#, "m.a.x"), @r#"
    missing-option: `instances.net.roles.peer.settings.jon.m.a.x` is not given, and has no default
    @clan.json:2:80 "peer" no settings of this role give it
    @modules.json:8:10 { "type": "int" } declared here
    help: write `"m": { "a": { "x": 1 } }` in `settings` of the role or the machine
    "#);
    assert_eq!(one(r#"{ "m": { "a": {} } }"#, "m.a.name"), r#""a""#);
    assert_snapshot!(one(r#"{ "n": 1, "n": 2 }"#, "n"), @r#"
    duplicate-name: `n` is defined twice in one object
    @clan.json:2:139 "n" defined again here
    @clan.json:2:131 "n" first defined here
    help: remove or rename one of the two
    "#);
}

#[test]
fn a_settings_object_is_a_module() {
    assert_eq!(one(r#"{ "config": { "n": 3 }, "_file": "x", "key": "y" }"#, "n"), "3");
    assert_eq!(one(r#"{ "n": 3, "_file": "x", "key": "y" }"#, "n"), "3");
    assert_snapshot!(one(r#"{ "imports": [] }"#, "n"), @r#"
    invalid-option: settings cannot have `imports`
    @clan.json:2:142 []
    help: write modules into `extraModules` of the role
    "#);
    assert_snapshot!(one(r#"{ "config": {}, "n": 3 }"#, "n"), @r#"
    invalid-option: `config` and `n` stand side by side, and `config` would be all settings
    @clan.json:2:141 {}
    help: move what is in `config` out of it, or all settings into it
    "#);
    assert_snapshot!(one(r#"{ "config": [] }"#, "n"), @r#"
    invalid-option: expected an object as `instances.net.roles.peer.settings.jon`, found a list
    @clan.json:2:141 []
    "#);
}

#[test]
fn the_order_of_lists() {
    let all = r#"{ "settings": { "l": ["r"], "m": { "a": { "l": [1], "x": 1 } } },
      "machines": { "jon": { "settings": { "l": ["j"], "m": { "a": { "l": [2] } } } } },
      "tags": { "t1": { "settings": { "l": ["1"], "m": { "a": { "l": [3] } } } }, "t2": { "settings": { "l": ["2"] } }, "all": {} } }"#;
    assert_eq!(ask(all, "jon.l"), r#"["2","1","j","r"]"#);
    // A submodule is evaluated as a module of its own, which turns its definitions around once more.
    assert_eq!(ask(all, "jon.m.a.l"), "[1,2,3]");
    // Settings of tags are for the machines that carry them.
    assert_eq!(ask(all, "instances.net.roles.peer.settings.sara.l"), r#"["r"]"#);
}

#[test]
fn without_an_interface_settings_are_free() {
    let with = |role: &str, machine: &str| {
        format!(r#"{{ "settings": {role}, "machines": {{ "jon": {{ "settings": {machine} }} }} }}"#)
    };
    let merged = with(r#"{ "a": { "b": 1, "l": [1] }, "x": 1 }"#, r#"{ "a": { "c": 2 }, "y": null }"#);
    assert_eq!(ask_free(&merged, "jon"), r#"{"a":{"b":1,"c":2,"l":[1]},"x":1,"y":null}"#);
    let forced = with(
        r#"{ "a": { "b": 1 } }"#,
        r#"{ "a": { "b": { "_type": "override", "priority": 50, "content": 2 } } }"#,
    );
    assert_eq!(ask_free(&forced, "jon"), r#"{"a":{"b":2}}"#);
    // Objects with a `_type` of their own are data.
    assert_eq!(ask_free(&role(r#"{ "a": { "_type": "x" } }"#), "jon"), r#"{"a":{"_type":"x"}}"#);
    assert_snapshot!(ask_free(&with(r#"{ "a": { "b": [1] } }"#, r#"{ "a": { "b": [2] } }"#), "jon.a"), @r#"
    conflict: `instances.net.roles.peer.settings.jon.a.b` is defined twice and differently
    @clan.json:2:174 [2] a list here
    @clan.json:2:116 [1] a list here
    help: to let one win, write it with a priority: `"b": { "_type": "override", "priority": 50, "content": "…" }`
    "#);
}

#[test]
fn members_do_not_depend_on_settings() {
    let role = r#"{ "machines": { "jon": { "settings": null }, "sara": { "settings": { "n": 1 } } } }"#;
    assert_eq!(ask(role, "instances.net.roles.peer.members"), r#"["jon","sara"]"#);
    assert_eq!(ask(role, "instances.net.roles.peer.settings.sara.n"), "1");
    assert_snapshot!(ask(role, "jon.n"), @r#"
    invalid-option: expected an object as `instances.net.roles.peer.machines.jon.settings`, found null
    @clan.json:2:125 null
    help: write `"settings": {}`
    "#);
}

#[test]
fn settings_are_merged_when_they_are_read() {
    let role = r#"{ "machines": { "jon": { "settings": { "n": 1 } }, "sara": { "settings": { "nn": 1 } },
      "gone": { "settings": { "n": "x" } } } }"#;
    assert_eq!(ask(role, "jon.n"), "1");
    assert_eq!(ask(role, "instances.net.roles.peer.members"), r#"["gone","jon","sara"]"#);
    assert_eq!(ask(role, "instances.net.roles.peer.settings.gone.p"), "22");
    assert!(ask(role, "instances.net.roles.peer.settings.gone.n").starts_with("invalid-option"));
}

#[test]
fn a_check_tells_of_settings() {
    let role = r#"{ "settings": { "n": "x", "l": ["a", 1], "p": 1 }, "tags": { "t1": { "settings": { "p": 2 } } },
      "machines": { "jon": { "settings": { "m": { "a": {} } } }, "sara": { "settings": { "nn": 1 } } } }"#;
    assert_snapshot!(problems(role), @r#"
    invalid-option: expected a string in `instances.net.roles.peer.settings.jon.l`, found `1`
    invalid-option: expected an integer as `instances.net.roles.peer.settings.jon.n`, found `"x"`
    invalid-option: no type of settings is called `strng`
    invalid-option: expected a type of settings: a word, or an object with one key
    conflict: `instances.net.roles.peer.settings.jon.p` is defined twice and differently
    unknown-option: `instances.net.roles.peer.settings.sara` has no option `nn`
    "#);
    // What nobody gives is told when it is read.
    assert_snapshot!(problems(r#"{ "machines": { "jon": {} } }"#), @"");
}

#[test]
fn declarations_that_make_no_sense() {
    let asked = |interface: &str| {
        ask_all(
            &format!(
                r#"{{ "self": {{ "A": {{ "roles": {{ "peer": {{ "interface": {interface} }} }} }} }} }}"#
            ),
            &role("{}"),
            "jon",
        )
    };
    assert_eq!(asked("{}"), "{}");
    // Where the module declares settings for another role only, this one has none.
    let beside = r#"{ "self": { "A": { "roles": { "peer": {}, "hub": { "interface": {} } } } } }"#;
    assert_snapshot!(ask_all(beside, &role(r#"{ "a": 1 }"#), "jon"), @r#"
    unknown-option: `instances.net.roles.peer.settings.jon` has no option `a`
    @clan.json:2:131 "a"
    help: remove `a`: there are no options here
    "#);
    // Settings that are no options have the type of the free form, where there is one.
    let free = r#"{ "options": { "a": { "type": "int", "default": 1 } }, "freeformType": "str" }"#;
    let asked_free = |settings: &str, query: &str| {
        let modules =
            format!(r#"{{ "self": {{ "A": {{ "roles": {{ "peer": {{ "interface": {free} }} }} }} }} }}"#);
        ask_all(&modules, &role(settings), query)
    };
    assert_eq!(asked_free(r#"{ "b": "x" }"#, "jon"), r#"{"a":1,"b":"x"}"#);
    assert_snapshot!(asked_free(r#"{ "b": 1 }"#, "jon.b"), @r#"
    invalid-option: expected a string as `instances.net.roles.peer.settings.jon.b`, found `1`
    @clan.json:2:136 1
    "#);
    // An option may be called `type`.
    assert_eq!(
        asked(r#"{ "options": { "a": { "type": { "type": "str", "default": "x" } } } }"#),
        r#"{"a":{"type":"x"}}"#
    );
    assert_snapshot!(asked("[]"), @r#"
    invalid-option: expected an object as the interface of a role, found a list
    @modules.json:1:84 []
    "#);
    assert_snapshot!(asked(r#"{ "options": { "a": "str" } }"#), @r#"
    invalid-option: expected an object as an option, found a string
    @modules.json:1:104 "str"
    "#);
    assert_snapshot!(asked(r#"{ "options": { "a": { "type": "int", "default": "x" } } }"#), @r#"
    invalid-option: expected an integer as `instances.net.roles.peer.settings.jon.a`, found `"x"`
    @modules.json:1:132 "x"
    "#);
}
