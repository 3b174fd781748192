//! The language, construct by construct: each case is a query of the demo inventory, in the folder of
//! how it ends; its snapshot holds the query, and its type and value or its messages.

use invq::check;
use invq::diagnostic::Diagnostic;
use invq::render::{REPORTS, Style, write_reports};
use invq::syntax::parse;
use invq::text::Source;
use invq::types::{Printer, Scheme, Type};
use invq::{Arguments, Engine, Input, Inventory};

/// How a query ends, as the names of the folders say it.
#[derive(Debug, PartialEq)]
enum End {
    Ok,
    SyntaxError,
    TypeError,
    RunError,
}

impl End {
    fn of_folder(name: &str) -> End {
        match name {
            "ok" => End::Ok,
            "syntax-error" => End::SyntaxError,
            "type-error" => End::TypeError,
            "run-error" => End::RunError,
            other => panic!("no outcome is called {other}"),
        }
    }
}

#[test]
fn cases_end_as_their_folders_say() {
    let engine = Engine::default();
    let inventory = engine.load_demo().expect("the demo inventory loads");
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("language/snapshots");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    let mut elsewhere = Vec::new();
    settings.bind(|| {
        insta::glob!("language/*/*.invq", |path| {
            let text = std::fs::read_to_string(path).expect("the case is text");
            let text = text.trim_end();
            let folder = path.parent().and_then(|folder| folder.file_name()).expect("a case is in a folder");
            let (end, outcome) = run(&engine, &inventory, text);
            if end != End::of_folder(&folder.to_string_lossy()) {
                elsewhere.push(format!("{}: {end:?}\n{text}\n{outcome}", path.display()));
            }
            insta::assert_snapshot!("case", format!("{text}\n\n{outcome}"));
        });
    });
    assert!(elsewhere.is_empty(), "cases in the wrong folder:\n{}", elsewhere.join("\n"));
}

#[test]
fn builtins_evaluate_first_what_they_say_they_need() {
    let engine = Engine::default();
    let inventory = engine.empty();
    let mut tried = 0;
    for builtin in invq::builtins::ALL.iter().filter(|builtin| !builtin.needs.is_empty()) {
        let parameters: Vec<&str> = builtin.ty.split(" -> ").collect();
        for (position, needed) in builtin.needs.iter().enumerate() {
            let before = builtin.needs.get(..position).unwrap_or(&[]);
            let argument = |index: usize| match parameters.get(index) {
                Some(&"String") if before.contains(&index) => "\"\"".to_owned(),
                Some(&"Int") if before.contains(&index) => "0".to_owned(),
                _ => format!("(throw \"argument {index}\")"),
            };
            let arguments: Vec<String> = (0..builtin.arity).map(argument).collect();
            let name = if builtin.scopes.contains(&"nix") {
                builtin.name.to_owned()
            } else {
                format!("{}.{}", builtin.scopes.last().expect("a scope"), builtin.name)
            };
            // Called by a name of its own it gets arguments that wait.
            for call in [name.clone(), format!("(let call = {name}; in call)")] {
                let text = format!("{call} {}", arguments.join(" "));
                let query =
                    engine.compile(&text, &inventory).unwrap_or_else(|found| panic!("{text}: {found:?}"));
                let failure = query.run(&inventory).expect_err(&text);
                assert_eq!(failure.message, format!("argument {needed}"), "{text}");
                tried += 1;
            }
        }
    }
    assert!(tried > 40, "{tried}");
}

#[test]
fn closures_of_services_know_what_they_get() {
    let text = "{ selectors, roles, this }: { a = (head roles.primary).fqdn; b = map (m: m.machineName) selectors; }";
    let source = Source::new("<service>", text);
    let expr = parse::expression(&source).expect("it is an expression");
    let expected = Scheme::plain(check::closure_type(&expr, &["primary".into()]));
    let program = check::program(&source, &expr, Some(&expected), &check::Context::default());
    let program = program.unwrap_or_else(|mistakes| panic!("{}", reports(&mistakes)));
    let Type::Function(_, body) = program.scheme.ty else { panic!("a closure is a function") };
    assert_eq!(Printer::default().print(&body), "{ a : String, b : [String] }");
}

#[test]
fn habits_of_other_languages_are_answered() {
    let engine = Engine::default();
    let inventory = engine.load_demo().expect("the demo inventory loads");
    let mut told = String::new();
    for habit in include_str!("language/habits.txt").lines() {
        let mistakes =
            engine.compile(habit, &inventory).err().unwrap_or_else(|| panic!("{habit} is a query"));
        for mistake in &mistakes {
            let help = mistake.help.as_deref().unwrap_or_else(|| panic!("{habit}: {}", mistake.message));
            told += &format!("{habit}\n    {}: {}\n    {help}\n", mistake.code.word(), mistake.message);
        }
    }
    insta::with_settings!({ snapshot_path => "language/snapshots", prepend_module_to_snapshot => false, omit_expression => true }, {
        insta::assert_snapshot!("habits", told);
    });
}

/// What a help says to write is a query without mistakes.
#[test]
fn edits_of_whole_queries_can_be_typed() {
    let engine = Engine::default();
    let inventory = engine.load_demo().expect("the demo inventory loads");
    let mut told = String::new();
    for wrong in include_str!("language/edits.txt").lines() {
        let mistakes =
            engine.compile(wrong, &inventory).err().unwrap_or_else(|| panic!("{wrong} is a query"));
        let [mistake] = mistakes.as_slice() else { panic!("{wrong}: {mistakes:?}") };
        let help = mistake.help.as_deref().unwrap_or("");
        let edit = help.split("write `").nth(1).and_then(|rest| rest.split_once('`'));
        let (edit, _) = edit.unwrap_or_else(|| panic!("{wrong}: {help}"));
        if let Err(found) = engine.compile(edit, &inventory) {
            panic!("{wrong}: {edit}: {}", found[0].message);
        }
        told += &format!("{wrong}\n    {edit}\n");
    }
    insta::with_settings!({ snapshot_path => "language/snapshots", prepend_module_to_snapshot => false, omit_expression => true }, {
        insta::assert_snapshot!("edits", told);
    });
}

#[test]
fn everyday_queries_have_these_types() {
    let engine = Engine::default();
    let inventory = engine.load_demo().expect("the demo inventory loads");
    for (query, ty) in [
        ("map (m: m.name) machines", "[String]"),
        ("m: m.tags", "{ tags : a, .. } -> a"),
        ("machines |> groupBy (m: m.cluster)", "{ _ : [Machine] }"),
        ("mapAttrs (n: c: length c.services) clusters", "{ _ : Int }"),
        ("m: { inherit (m) name fqdn; }", "{ name : a, fqdn : b, .. } -> { name : a, fqdn : b }"),
        ("map (m: m.cloud or \"none\") machines", "[String]"),
        ("map (m: m.vars.cpus or 0) machines", "[Any]"),
        ("map (m: (m.vars.cpus or 0) :: Int) machines", "[Int]"),
        ("map (m: m.vars.cpus or 0) machines :: [Int]", "[Int]"),
        ("machines |> countBy (m: m.cluster)", "{ _ : Int }"),
        ("mapAttrs (n: c: attrNames c.machines) clusters", "{ _ : [String] }"),
        ("sortOn (m: m.name) machines", "[Machine]"),
        ("map (m: { name = m.name; value = m.fqdn; }) machines |> listToAttrs", "{ _ : String }"),
        ("placements |> map (p: p.machine) |> unique", "[String]"),
        ("filter (m: elem \"web\" m.tags) machines", "[Machine]"),
        ("concatMap (m: m.addresses) machines", "[String]"),
        ("tag \"web\" && !cluster \"lab\"", "Filter"),
        ("foldl' (n: m: n + length m.tags) 0 machines", "Int"),
        ("{ a, b ? 2 }: a + b", "{ a : Int, b? : Int } -> Int"),
        ("f: g: x: g (f x)", "(a -> b) -> (b -> c) -> a -> c"),
        ("let id = x: x; in { a = id 1; b = id \"x\"; }", "{ a : Int, b : String }"),
    ] {
        let found = engine.compile(query, &inventory).map(|query| query.type_text());
        assert_eq!(found.as_deref().map_err(|mistakes| reports(mistakes)), Ok(ty), "{query}");
    }
    let renamed = engine.compile("map (m: m // { rack = 1; }) machines", &inventory);
    let renamed = renamed.map(|query| query.type_text()).unwrap_or_default();
    assert!(renamed.starts_with("[{ name : String,") && renamed.ends_with(", rack : Int }]"), "{renamed}");
}

/// Everything that a query leads to, as text.
fn run(engine: &Engine, inventory: &Inventory, text: &str) -> (End, String) {
    let source = Source::new("<query>", text);
    if let Err(diagnostic) = parse::expression(&source) {
        return (End::SyntaxError, reports(&[diagnostic]));
    }
    let query = match engine.compile_source(&source, inventory, &Arguments::default()) {
        Ok(query) => query,
        Err(diagnostics) => return (End::TypeError, reports(&diagnostics)),
    };
    let ty = query.type_text();
    let answer = query.run(inventory);
    // Functions that are no filters have no value that could be shown.
    if matches!(query.ty(), Type::Function(..)) && answer.is_err() {
        return (End::Ok, format!(": {ty}\n"));
    }
    let value = answer.and_then(|answer| match answer.nodes() {
        Some(nodes) => {
            let model = inventory.model();
            let nodes = nodes.iter().map(|node| model.node_path(*node).replace("domain.clusters.", ""));
            Ok(nodes.collect::<Vec<_>>().join("\n"))
        }
        None => answer.into_data(inventory).map(|data| data.to_string()),
    });
    match value {
        Ok(value) => (End::Ok, format!(": {ty}\n{value}\n")),
        Err(diagnostic) => (End::RunError, format!(": {ty}\n{}", reports(&[diagnostic]))),
    }
}

fn reports(diagnostics: &[Diagnostic]) -> String {
    let mut out = Vec::new();
    write_reports(diagnostics, REPORTS, Style::default(), &mut out).expect("text can be written");
    String::from_utf8(out).expect("reports are text")
}

#[test]
fn kinds_are_those_that_the_inventory_has() {
    let document = "machines:\n  a: { kind: container }\n  b: { }\n".to_owned();
    let engine = Engine::default();
    let inventory = engine.load(vec![Input::text("inventory.yaml", document)]).expect("it has no mistakes");
    for query in ["kind \"container\"", "where (m: m.kind == \"container\")", "kind \"virtual\""] {
        assert!(engine.compile(query, &inventory).is_ok(), "{query}");
    }
    let mistakes = engine.compile("kind \"contaner\"", &inventory).err().unwrap_or_default();
    assert_eq!(
        mistakes.first().and_then(|mistake| mistake.help.as_deref()),
        Some("did you mean `container`?")
    );
}

#[test]
fn a_value_that_is_not_what_was_assumed_is_shown_where_it_stands() {
    let document = r#"{ "meta": { "name": "home", "description": "ours" }, "machines": { "a": { "tags": ["t"] } },
        "instances": { "backup": { "module": { "name": "borgbackup" }, "roles": { "client": {
            "machines": { "a": { "settings": { "port": "eighty" } } },
            "tags": { "t": {} }, "settings": { "keep": "seven" } } } } } }"#;
    let engine = Engine::default();
    let inventory =
        engine.load(vec![Input::text("inventory.json", document.to_owned())]).expect("it has no mistakes");
    let settings = "instances.backup.roles.client.settings.a";
    for (query, value) in [
        (format!("{settings}.port + 1"), "\"eighty\""),
        (format!("let s = {settings}; in s.keep + 1"), "\"seven\""),
        (format!("let next = n: n + 1; in next {settings}.port"), "\"eighty\""),
        ("meta.description + 1".to_owned(), "\"ours\""),
        ("inventory.meta.name + 1".to_owned(), "\"home\""),
        ("let d = inventory.meta; in { a = d.name + 1; }".to_owned(), "\"home\""),
    ] {
        let found = engine.compile(&query, &inventory).expect("it has no mistakes");
        let found = found.run(&inventory).and_then(|answer| answer.into_data(&inventory));
        let mistake = found.expect_err("it assumes a number");
        let shown: Vec<&str> = mistake
            .labels
            .iter()
            .filter(|label| label.source.name() == "inventory.json")
            .map(|label| label.source.slice(label.span))
            .collect();
        assert_eq!(shown, [value], "{query}");
    }
}
