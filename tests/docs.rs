//! `console` blocks of the documentation show what the program writes. `INVQ_BLESS=1` writes it anew.
//!
//! A line that begins with `$ ` is a command for the shell; what follows up to the next one is what it
//! writes to both streams.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::support::root;

#[test]
fn console_blocks_show_what_is_written() {
    let bless = std::env::var_os("INVQ_BLESS").is_some();
    for path in pages() {
        let text = std::fs::read_to_string(&path).expect("the page is text").replace("\r\n", "\n");
        let run = with_outputs(&text);
        if run == text {
            continue;
        }
        if bless {
            std::fs::write(&path, run).expect("the page can be written");
            continue;
        }
        let (shown, now) =
            text.lines().zip(run.lines()).find(|(shown, now)| shown != now).unwrap_or_default();
        let page = path.display();
        panic!(
            "{page} shows `{shown}` where there is `{now}` now; `INVQ_BLESS=1 cargo test docs` writes it anew"
        );
    }
}

#[test]
fn outputs_take_the_place_of_outputs() {
    let page = "a\n```console\n$ echo b\nold\n$ echo c\n```\nd\n";
    assert_eq!(with_outputs(page), "a\n```console\n$ echo b\nb\n$ echo c\nc\n```\nd\n");
}

#[test]
fn links_lead_to_pages_and_headings() {
    let mut dead = Vec::new();
    let beside = ["CONTRIBUTING.md", "CHANGELOG.md"].map(|name| root().join(name));
    for path in pages().into_iter().chain(beside) {
        let text = std::fs::read_to_string(&path).expect("the page is text");
        for link in links(&text) {
            let (file, heading) = link.split_once('#').unwrap_or((link, ""));
            let target = if file.is_empty() { path.clone() } else { path.with_file_name(file) };
            let leads = match std::fs::read_to_string(&target) {
                Ok(text) => heading.is_empty() || headings(&text).any(|known| known == heading),
                Err(_) => heading.is_empty() && target.exists(),
            };
            if !leads {
                dead.push(format!("{}: {link}", path.display()));
            }
        }
    }
    assert!(dead.is_empty(), "{}", dead.join("\n"));
}

#[test]
fn every_page_is_in_the_summary() {
    let summary = std::fs::read_to_string(root().join("docs/SUMMARY.md")).expect("the page is text");
    let listed: Vec<&str> = links(&summary);
    for path in pages() {
        let name = path.file_name().expect("it is a file").to_string_lossy();
        let is_chapter = path.parent().is_some_and(|folder| folder.ends_with("docs")) && name != "SUMMARY.md";
        assert!(!is_chapter || listed.contains(&&*name), "{name} is not in SUMMARY.md");
    }
}

#[test]
fn links_are_found_outside_of_code_alone() {
    let page = "# One `two`, three\n[a](b.md#c) `[d](e)`\n```\n[f](g)\n# no\n```\n[h](https://i.org)\n";
    assert_eq!(links(page), ["b.md#c"]);
    assert_eq!(headings(page).collect::<Vec<_>>(), ["one-two-three"]);
}

/// The lines of a page outside of its blocks of code.
fn prose(page: &str) -> impl Iterator<Item = &str> {
    let mut inside = false;
    page.lines().filter(move |line| {
        let fences = line.trim_start().starts_with("```");
        inside ^= fences;
        !inside && !fences
    })
}

/// Where the links of a page lead, those to other sites aside.
fn links(page: &str) -> Vec<&str> {
    let targets = prose(page).flat_map(|line| {
        let plain = line.split('`').step_by(2);
        plain.flat_map(|text| text.split("](").skip(1)).filter_map(|rest| rest.split_once(')'))
    });
    targets.map(|(target, _)| target).filter(|target| !target.contains("://")).collect()
}

/// The headings of a page as links name them.
fn headings(page: &str) -> impl Iterator<Item = String> {
    let titles =
        prose(page).filter(|line| line.starts_with('#')).map(|line| line.trim_start_matches('#').trim());
    titles.map(|title| {
        let kept = title.to_lowercase().replace(' ', "-");
        kept.chars().filter(|next| next.is_alphanumeric() || matches!(next, '-' | '_')).collect()
    })
}

/// README.md and the pages in `docs/`.
pub(crate) fn pages() -> Vec<PathBuf> {
    let mut pages = vec![root().join("README.md")];
    let mut folders = vec![root().join("docs")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("the folder can be read") {
            let path = entry.expect("the entry can be read").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "md") {
                pages.push(path);
            }
        }
    }
    pages.sort();
    pages
}

/// A page with the outputs of its commands as they are now.
fn with_outputs(text: &str) -> String {
    let mut page = String::with_capacity(text.len());
    let mut inside = false;
    for line in text.lines() {
        if inside && line.starts_with("```") {
            inside = false;
        } else if line == "```console" {
            inside = true;
        } else if inside {
            if let Some(command) = line.strip_prefix("$ ") {
                page.push_str(line);
                page.push('\n');
                page.push_str(&output_of(command));
            }
            continue;
        }
        page.push_str(line);
        page.push('\n');
    }
    page
}

/// What a command writes to both streams, in the repository's folder.
fn output_of(command: &str) -> String {
    let program = Path::new(env!("CARGO_BIN_EXE_invq"));
    let mut folders = vec![program.parent().unwrap_or(program).to_path_buf()];
    folders.extend(std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default()));
    let path = std::env::join_paths(folders).expect("the folders can stand in a path");
    let output = Command::new("sh")
        .args(["-c", &format!("{{ {command}\n}} 2>&1")])
        .current_dir(root())
        .env("PATH", path)
        .env_remove("INVQ_INVENTORY")
        .env_remove("CLICOLOR_FORCE")
        .stdin(Stdio::null())
        .output()
        .expect("there is a shell");
    let mut text = String::from_utf8_lossy(&output.stdout).into_owned();
    if !text.is_empty() && !text.ends_with('\n') {
        text.push('\n');
    }
    text
}
