//! Pages that are generated are committed as they are generated. `INVQ_BLESS=1` writes them anew.

use crate::support::{invq, root};

/// Each page with the arguments that write it.
const PAGES: &[(&str, &[&str])] = &[
    ("docs/builtins.md", &["page", "builtins"]),
    ("docs/command-line.md", &["page", "command-line"]),
    ("docs/errors.md", &["page", "errors"]),
    ("docs/output.md", &["page", "output"]),
    ("docs/inventory.schema.json", &["schema"]),
    ("docs/invq.1", &["man"]),
    ("docs/completions/invq.bash", &["completions", "bash"]),
    ("docs/completions/invq.fish", &["completions", "fish"]),
    ("docs/completions/_invq", &["completions", "zsh"]),
];

#[test]
fn generated_pages_are_up_to_date() {
    let bless = std::env::var_os("INVQ_BLESS").is_some();
    let mut stale = Vec::new();
    for (path, arguments) in PAGES {
        let outcome = invq(arguments).run();
        assert_eq!(outcome.status, 0, "{path}: {}", outcome.stderr);
        let file = root().join(path);
        let known = std::fs::read_to_string(&file).unwrap_or_default().replace("\r\n", "\n");
        if known == outcome.stdout {
            continue;
        }
        if bless {
            let folder = file.parent().expect("pages stand in a folder");
            std::fs::create_dir_all(folder).expect("the folder can be made");
            std::fs::write(&file, outcome.stdout).expect("the page can be written");
        } else {
            stale.push(*path);
        }
    }
    assert!(
        stale.is_empty(),
        "not up to date: {stale:?}; `INVQ_BLESS=1 cargo test generated` writes them anew"
    );
}
