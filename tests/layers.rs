//! Modules name only modules below them.

use crate::support::rust_files;

/// The modules of the library, lowest first; a module names those before it.
const LAYERS: &[&str] = &[
    "text",
    "diagnostic",
    "limits",
    "syntax",
    "types",
    "value",
    "inventory",
    "operations",
    "builtins",
    "modules",
    "dialects",
    "check",
    "eval",
    "services",
    "engine",
    "render",
];

#[test]
fn modules_name_only_modules_below_them() {
    let mut violations = Vec::new();
    for (path, text) in rust_files("src") {
        violations.extend(violations_in(&path, &text));
    }
    assert!(violations.is_empty(), "{}", violations.join("\n"));
}

#[test]
fn every_module_has_a_layer() {
    for (path, _) in rust_files("src") {
        let module = module_of(&path);
        assert!(
            matches!(module, "lib" | "bin") || LAYERS.contains(&module),
            "{path}: `{module}` is not in the list of layers"
        );
    }
}

#[test]
fn the_binary_uses_the_library_by_its_name() {
    for (path, text) in rust_files("src/bin") {
        let code = code_of(&text);
        assert!(!code.contains("#[path"), "{path} takes a file of the library into the binary");
        assert!(!code.contains("include!("), "{path} takes a file of the library into the binary");
    }
}

#[test]
fn a_violation_is_found() {
    let found = |path: &str, text: &str| violations_in(path, text).len();
    assert_eq!(found("src/text/mod.rs", "use crate::syntax::parse;\n"), 1);
    assert_eq!(found("src/text/mod.rs", "use crate::{diagnostic::Code, eval};\n"), 2);
    assert_eq!(found("src/syntax/a.rs", "fn f() { crate::types::g() }\n"), 1);
    assert_eq!(
        found("src/eval/mod.rs", "use crate::check;\nuse crate::{\n    text::{Span, Source},\n};\n"),
        0
    );
    assert_eq!(found("src/text/mod.rs", "// crate::eval\n/// [`crate::eval`]\n"), 0);
    assert_eq!(
        found("src/text/mod.rs", "fn f() {}\n#[cfg(test)]\nmod tests {\n    use crate::eval;\n}\n"),
        0
    );
    assert_eq!(found("src/engine.rs", "use crate::render::shape;\n"), 1);
    assert_eq!(found("src/eval/a.rs", "pub(crate) fn f() {}\n"), 0);
}

/// The uses of a file that go up.
fn violations_in(path: &str, text: &str) -> Vec<String> {
    let module = module_of(path);
    let Some(layer) = LAYERS.iter().position(|layer| *layer == module) else { return Vec::new() };
    let mut violations = Vec::new();
    for used in uses_of(&code_of(text)) {
        match LAYERS.iter().position(|known| *known == used) {
            Some(other) if other > layer => violations.push(format!("{path}: `{module}` names `{used}`")),
            _ => {}
        }
    }
    violations
}

/// The top-level module that a file belongs to.
fn module_of(path: &str) -> &str {
    let inside = path.strip_prefix("src/").unwrap_or(path);
    let first = inside.split('/').next().unwrap_or(inside);
    first.strip_suffix(".rs").unwrap_or(first)
}

/// A file without its comments and its tests.
fn code_of(text: &str) -> String {
    let mut code = String::new();
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        let tests_follow = lines.peek().is_some_and(|next| next.trim_start().starts_with("mod "));
        if line.trim() == "#[cfg(test)]" && tests_follow && !line.starts_with(' ') {
            // Up to the brace in the first column; a module in a file of its own ends with its line.
            let opening = lines.next().unwrap_or("");
            if opening.ends_with('{') {
                for inside in lines.by_ref() {
                    if inside == "}" {
                        break;
                    }
                }
            }
            continue;
        }
        if !line.trim_start().starts_with("//") {
            code.push_str(line);
            code.push('\n');
        }
    }
    code
}

/// The first names of all paths that begin at the crate's root.
fn uses_of(code: &str) -> Vec<String> {
    let mut used = Vec::new();
    for after in code.split("crate::").skip(1) {
        match after.strip_prefix('{') {
            None => used.push(first_name(after)),
            Some(group) => {
                let mut depth = 0;
                let mut at_start = true;
                for (place, character) in group.char_indices() {
                    match character {
                        '{' => depth += 1,
                        '}' if depth == 0 => break,
                        '}' => depth -= 1,
                        ',' if depth == 0 => at_start = true,
                        _ if at_start && !character.is_whitespace() => {
                            used.push(first_name(group.get(place..).unwrap_or("")));
                            at_start = false;
                        }
                        _ => {}
                    }
                }
            }
        }
    }
    used
}

fn first_name(path: &str) -> String {
    path.chars().take_while(|next| next.is_alphanumeric() || *next == '_').collect()
}
