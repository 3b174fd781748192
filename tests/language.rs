//! The language, construct by construct: each case is a query of the demo inventory, in the folder of
//! how it ends; its snapshot holds the query, and its type and value or its messages.

use invq::check;
use invq::diagnostic::Diagnostic;
use invq::render::{REPORTS, Style, write_reports};
use invq::syntax::parse;
use invq::text::Source;
use invq::types::{Printer, Scheme, Type};
use invq::{Arguments, Engine, Inventory};

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
