//! Inventories with a mistake: what `invq check` says about each file in `broken/` stands beside it.
//! `INVQ_BLESS=1` writes it anew.

use crate::support::{invq, root};

#[test]
fn mistakes_are_told_where_they_stand() {
    let folder = root().join("tests/broken");
    let mut names: Vec<String> = std::fs::read_dir(&folder)
        .expect("the folder can be read")
        .map(|entry| entry.expect("the entry can be read").file_name().to_string_lossy().into_owned())
        .filter(|name| !name.ends_with(".out"))
        .collect();
    names.sort();
    assert!(names.len() >= 30, "{} files", names.len());
    let mut wrong = Vec::new();
    for name in names {
        let outcome = invq(&["check", &name]).within(&folder).run();
        let told = format!("{}{}exit status {}\n", outcome.stdout, outcome.stderr, outcome.status);
        let path = folder.join(format!("{name}.out"));
        let written = std::fs::read_to_string(&path).unwrap_or_default().replace("\r\n", "\n");
        if written == told {
            continue;
        }
        if std::env::var_os("INVQ_BLESS").is_some() {
            std::fs::write(&path, told).expect("the answer can be written");
        } else {
            wrong.push(format!("{name}:\n{told}"));
        }
    }
    assert!(wrong.is_empty(), "`INVQ_BLESS=1 cargo test broken` writes anew:\n{}", wrong.join("\n"));
}

#[test]
fn every_file_has_a_mistake() {
    let folder = root().join("tests/broken");
    for entry in std::fs::read_dir(&folder).expect("the folder can be read") {
        let path = entry.expect("the entry can be read").path();
        if path.extension().is_some_and(|extension| extension == "out") {
            let text = std::fs::read_to_string(&path).expect("the answer is text");
            assert!(!text.contains("exit status 0"), "{}", path.display());
            assert!(path.with_extension("").exists(), "{} belongs to no file", path.display());
        }
    }
}
