//! Documents that nest, repeat or are large.

use std::path::PathBuf;

use invq::diagnostic::{Code, Diagnostic};
use invq::text::Source;
use invq::{Engine, Format, Input, Limits};

use super::on_a_small_stack;
use crate::support::{file, folder, invq};

/// The mistakes of a text, also of what a query over the whole document meets.
fn mistakes(text: String, format: Format) -> Vec<Diagnostic> {
    on_a_small_stack(move || {
        let engine = Engine::new(Limits { steps: 5_000_000, memory: 256 << 20, ..Limits::default() });
        let input = Input { source: Source::new("inventory", text), format, folder: None };
        let inventory = match engine.load(vec![input]) {
            Ok(inventory) => inventory,
            Err(mistakes) => return mistakes,
        };
        let mut found = inventory.check();
        let queries =
            ["toJSON inventory", "map (m: m.vars) machines", "deepSeq inventory 1", "inventory == 1"];
        for query in queries {
            let compiled = engine.compile(query, &inventory).expect("the query has no mistake");
            found.extend(compiled.run(&inventory).err());
        }
        found
    })
}

#[track_caller]
fn is_limited(text: String, format: Format) {
    let shown: String = text.chars().take(60).collect();
    let found = mistakes(text, format);
    assert!(found.iter().any(|mistake| mistake.code == Code::LimitReached), "{shown}: {found:?}");
}

#[test]
fn deep_documents_are_refused() {
    const LEVELS: usize = 100_000;
    let lists = format!("{}{}", "[".repeat(LEVELS), "]".repeat(LEVELS));
    let objects = format!("{}1{}", "{\"a\":".repeat(LEVELS), "}".repeat(LEVELS));
    for deep in [&lists, &objects] {
        is_limited(deep.clone(), Format::Json);
        is_limited(
            format!("{{\"machines\":{{\"a\":{{\"vars\":{deep}}}}},\"instances\":{{}}}}"),
            Format::Json,
        );
        is_limited(
            format!(
                "{{\"domain\":{{\"clusters\":{{\"c\":{{\"machines\":{{\"m\":{{\"annotations\":{deep}}}}}}}}}}}}}"
            ),
            Format::Json,
        );
        is_limited(deep.clone(), Format::Yaml);
        is_limited(format!("domain: {{clusters: {deep}}}"), Format::Yaml);
    }
    is_limited("[".repeat(LEVELS), Format::Json);
    is_limited(format!("a = {lists}"), Format::Toml);
    is_limited(format!("a = {}1{}", "{a=".repeat(LEVELS), "}".repeat(LEVELS)), Format::Toml);
    is_limited(format!("{}a = 1", "a.".repeat(LEVELS)), Format::Toml);
    is_limited(format!("[{}a]\nb = 1", "a.".repeat(LEVELS)), Format::Toml);
    let block: String = (0..2_000).map(|level| format!("{}a:\n", " ".repeat(level))).collect();
    is_limited(block, Format::Yaml);
    is_limited(format!("{}a", "- ".repeat(LEVELS)), Format::Yaml);
}

#[test]
fn the_deepest_documents_are_read_and_asked() {
    for levels in [400, 490] {
        let deep = format!("{}{}", "[".repeat(levels), "]".repeat(levels));
        for (text, format) in [
            (
                format!(
                    "{{\"meta\":{{\"name\":\"a\"}},\"machines\":{{}},\"instances\":{{}},\"vars\":{deep}}}"
                ),
                Format::Json,
            ),
            (format!("meta: {{name: a}}\nmachines: {{}}\ninstances: {{}}\nvars: {deep}\n"), Format::Yaml),
        ] {
            let found = mistakes(text, format);
            let limited = found.iter().find(|mistake| mistake.code == Code::LimitReached);
            assert!(limited.is_none(), "{levels}: {limited:?}");
        }
    }
}

#[test]
fn aliases_that_repeat_each_other_are_refused() {
    let mut text = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for level in 1..20 {
        let aliases = vec![format!("*a{}", level - 1); 10].join(", ");
        text.push_str(&format!("a{level}: &a{level} [{aliases}]\n"));
    }
    is_limited(text, Format::Yaml);
    let mut text = String::from("a0: &a0 {k0: 1}\n");
    for level in 1..2_000 {
        text.push_str(&format!("a{level}: &a{level} {{<<: *a{}, k{level}: 1}}\n", level - 1));
    }
    // Merged keys are copies too: a thousand chained objects have half a million of them.
    mistakes(text, Format::Yaml);
}

#[test]
fn files_that_import_each_other_end() {
    let place = "import-cycles";
    file(place, "a.invq", "{ machines = { }; instances = { }; a = import ./b.invq; }");
    file(place, "b.invq", "{ a = import ./a.invq; b = import ./a.invq; }");
    file(place, "self.invq", "[ (import ./self.invq) (import ./self.invq) (import ./self.invq) ]");
    for level in 0..30 {
        let next = level + 1;
        file(
            place,
            &format!("n{level}.invq"),
            &format!("[ (import ./n{next}.invq) (import ./n{next}.invq) ] :: Any"),
        );
    }
    file(place, "n30.invq", "1");
    file(place, "x.yaml", "include: [ y.yaml ]\nmachines: {}\ninstances: {}\n");
    file(place, "y.yaml", "include: [ x.yaml, y.yaml ]\n");
    for (name, limited) in [("a.invq", true), ("self.invq", true), ("n0.invq", true), ("x.yaml", false)] {
        let path: PathBuf = folder(place).join(name);
        let found = on_a_small_stack(move || match Engine::default().load_path(path) {
            Ok(inventory) => inventory.check(),
            Err(mistakes) => mistakes,
        });
        let is_limited = found.iter().any(|mistake| mistake.code == Code::LimitReached);
        assert_eq!(is_limited, limited, "{name}: {found:?}");
    }
}

#[test]
fn a_mistake_in_one_long_line_gives_a_short_report() {
    let machine = |number: usize| {
        format!("\"m{number}\":{{\"tags\":[\"a\",\"b\"],\"description\":\"{}\"}}", "x".repeat(200))
    };
    let machines: Vec<String> = (0..40_000).map(machine).collect();
    let (before, after) = machines.split_at(20_000);
    let whole = |wrong: &str| {
        format!(
            "{{\"meta\":{{\"name\":\"large\"}},\"instances\":{{}},\"machines\":{{{},{wrong},{}}}}}",
            before.join(","),
            after.join(",")
        )
    };
    for (name, wrong, code) in [
        ("text", "\"wrong\":{\"tags\":[1,}", "invalid-document"),
        ("type", "\"wrong\":{\"tags\":1}", "invalid-option"),
        ("key", "\"wrong\":{\"tgas\":[]}", "unknown-option"),
    ] {
        let text = whole(wrong);
        assert!(text.len() > 9 << 20, "{}", text.len());
        let path = file("one-long-line", &format!("{name}.json"), &text);
        let outcome = invq(&["check", &path.to_string_lossy()]).run();
        let report = format!("{}{}", outcome.stdout, outcome.stderr);
        assert_eq!(outcome.status, 4, "{name}: {report}");
        assert!(report.contains(code), "{name}: {report}");
        assert!(report.lines().count() <= 12, "{name}: {report}");
        for line in report.lines() {
            // The path of the file is as long as the checkout makes it.
            let line = line.replace(&*path.to_string_lossy(), "FILE");
            assert!(line.chars().count() <= 120, "{name}: {line}");
        }
    }
}
