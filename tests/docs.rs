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
