//! Rules for the repository's files.

use crate::support::{root, rust_files};

/// Files above this length are to become folders.
const LONGEST: usize = 600;

fn all_files() -> Vec<(String, String)> {
    let folders = ["src", "tests", "examples", "benches"];
    folders.into_iter().filter(|folder| root().join(folder).is_dir()).flat_map(rust_files).collect()
}

#[test]
fn no_marker_of_unfinished_work_is_left() {
    // Written in two parts, so that this file does not hold what it looks for.
    let markers = [concat!("db", "g!"), concat!("to", "do!"), concat!("unimple", "mented!")];
    let words = [concat!("to", "do"), concat!("fix", "me"), concat!("x", "xx")];
    for (path, text) in all_files() {
        for (number, line) in text.lines().enumerate() {
            let lower = line.to_lowercase();
            let marked = markers.iter().any(|marker| lower.contains(marker));
            let mut split = lower.split(|next: char| !next.is_alphanumeric());
            let worded = line.contains("//") && split.any(|word| words.contains(&word));
            assert!(!marked && !worded, "{path}:{}: {line}", number + 1);
        }
    }
}

#[test]
fn no_code_is_commented_out() {
    for (path, text) in all_files() {
        for (number, line) in text.lines().enumerate() {
            let Some(comment) = line.trim_start().strip_prefix("// ") else { continue };
            let code =
                comment.ends_with(';') || comment.ends_with('{') || comment == "}" || comment.ends_with("),");
            assert!(!code, "{path}:{}: {line}", number + 1);
        }
    }
}

#[test]
fn files_stay_short() {
    for (path, text) in all_files() {
        let lines = text.lines().count();
        assert!(lines <= LONGEST, "{path} has {lines} lines, and at most {LONGEST} are allowed");
    }
}

#[test]
fn every_file_of_tests_is_declared() {
    let main = std::fs::read_to_string(root().join("tests/main.rs")).expect("the file is text");
    let entries = std::fs::read_dir(root().join("tests")).expect("the folder can be read");
    for entry in entries {
        let path = entry.expect("the entry can be read").path();
        let name = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
        let is_module =
            path.extension().is_some_and(|extension| extension == "rs") || path.join("mod.rs").is_file();
        if is_module && name != "main" {
            assert!(main.contains(&format!("mod {name};")), "tests/main.rs does not declare `{name}`");
        }
    }
}

#[test]
fn every_dependency_has_its_reason() {
    let manifest = std::fs::read_to_string(root().join("Cargo.toml")).expect("the manifest is text");
    let reasons = std::fs::read_to_string(root().join("docs/architecture.md")).expect("the page is text");
    let table = reasons.split("## Dependencies").nth(1).expect("a chapter on dependencies");
    let told: Vec<&str> = table
        .lines()
        .filter_map(|line| line.strip_prefix("| "))
        .flat_map(|row| row.split(" |").next().unwrap_or("").split(", "))
        .collect();
    let section = manifest.split("\n[dependencies]\n").nth(1).expect("dependencies");
    let names =
        section.lines().take_while(|line| !line.is_empty()).filter_map(|line| line.split(" = ").next());
    for name in names {
        assert!(told.contains(&name), "{name} has no row in docs/architecture.md");
    }
}
