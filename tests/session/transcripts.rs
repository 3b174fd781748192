//! What is typed and everything that is printed, for every command: `NAME.in` has the lines, `NAME.out`
//! the whole terminal afterwards. `INVQ_BLESS=1` writes the outputs anew.
//!
//! The first line of an input are the arguments of the program. A line that begins with `! ` is for the
//! shell, in the session's folder. The terminal can only append (`TERM=dumb`), so that it holds no more
//! than what was typed and printed.

use std::path::Path;
use std::process::Command;

use super::terminal::{PROMPT, Start, TALL, Terminal};
use crate::support::root;

/// The inventory in each session's folder.
const INVENTORY: &str = "\
domain:
  suffix: example.org
  clusters:
    home:
      machines:
        desk: { system: x86_64-linux, tags: [backup, web] }
        shelf: { system: x86_64-linux, tags: [web] }
";

/// Runs the lines of a session.
pub(crate) fn transcript(folder: &Path, state: &Path, arguments: &[&str], lines: &[&str]) -> String {
    let variables = [("EDITOR", "sh editor"), ("COLUMNS", "100")];
    let start =
        Start { arguments, folder, state, rows: TALL, columns: 100, term: "dumb", variables: &variables };
    let mut terminal = Terminal::start(&start);
    let mut last = "";
    for line in lines {
        if let Some(command) = line.strip_prefix("! ") {
            let status = Command::new("sh").args(["-c", command]).current_dir(folder).status();
            assert!(status.is_ok_and(|status| status.success()), "{command}");
            continue;
        }
        last = line;
        match *line {
            ":quit" => {
                terminal.keys(":quit\r");
                terminal.wait(|screen| screen.trim_end().ends_with("invq> :quit"), ":quit");
            }
            // What is not whole waits for more.
            unfinished if unfinished.ends_with('\\') => {
                let shown = unfinished.trim_end_matches('\\');
                terminal.keys(&format!("{shown}\r"));
                terminal.wait_for(shown);
            }
            whole => terminal.enter(whole),
        }
    }
    if last == ":quit" {
        assert_eq!(terminal.ended(), 0);
    }
    steady(&terminal.screen())
}

/// A transcript without what differs from run to run: times, memory, the version.
fn steady(screen: &str) -> String {
    let measured = |line: &str| line.contains(" steps · ") || line.contains(" step · ");
    let lines = screen.lines().map(|line| match line {
        line if measured(line) => "… ms · … steps · … KiB".to_owned(),
        line => line.replace(env!("CARGO_PKG_VERSION"), "VERSION"),
    });
    let mut text = lines.collect::<Vec<String>>().join("\n");
    text.push('\n');
    text
}

#[test]
fn sessions_print_what_they_printed() {
    let folder = root().join("tests/session");
    let mut names: Vec<String> = std::fs::read_dir(&folder)
        .expect("the folder can be read")
        .filter_map(|entry| {
            let name = entry.expect("the entry can be read").file_name().into_string().expect("a plain name");
            name.strip_suffix(".in").map(str::to_owned)
        })
        .collect();
    names.sort();
    let bless = std::env::var_os("INVQ_BLESS").is_some();
    let wrong: Vec<String> = std::thread::scope(|scope| {
        let folder = &folder;
        let runs: Vec<_> = names
            .iter()
            .map(|name| {
                scope.spawn(move || {
                    let input = std::fs::read_to_string(folder.join(format!("{name}.in"))).expect("text");
                    let mut lines = input.lines();
                    let arguments: Vec<&str> = lines.next().unwrap_or("").split_whitespace().collect();
                    let place = crate::support::folder(&format!("session/{name}"));
                    std::fs::remove_dir_all(&place).expect("the folder of the last run can go");
                    let place = crate::support::folder(&format!("session/{name}"));
                    let lines: Vec<&str> = lines.collect();
                    std::fs::write(place.join("inventory.yaml"), INVENTORY).expect("a file can be written");
                    let printed = transcript(&place, &place.join("state"), &arguments, &lines);
                    let expected = folder.join(format!("{name}.out"));
                    if bless {
                        std::fs::write(&expected, &printed).expect("the output can be written");
                    }
                    let known = std::fs::read_to_string(&expected).unwrap_or_default();
                    (known != printed).then(|| format!("{name}: there is now\n{printed}"))
                })
            })
            .collect();
        runs.into_iter().filter_map(|run| run.join().expect("the session runs")).collect()
    });
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_command_is_in_a_transcript() {
    let folder = root().join("tests/session");
    let texts: String = std::fs::read_dir(&folder)
        .expect("the folder can be read")
        .map(|entry| entry.expect("the entry can be read").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "in"))
        .map(|path| std::fs::read_to_string(path).expect("text"))
        .collect();
    for entry in invq::engine::session::COMMANDS {
        let written = format!(":{}", entry.word);
        assert!(texts.lines().any(|line| line.split(' ').next() == Some(&written)), "{written}");
    }
}

/// What stands in a `session` block of a page: lines behind the prompt are typed, the others printed.
pub(crate) fn replayed(arguments: &str, block: &str) -> String {
    let folder = crate::support::folder("session-pages");
    let lines: Vec<&str> = block.lines().filter_map(|line| line.strip_prefix(PROMPT)).collect();
    let arguments: Vec<&str> = arguments.split_whitespace().collect();
    let printed = transcript(root(), &folder, &arguments, &lines);
    // How a session begins is told elsewhere.
    let start = printed.find(PROMPT).unwrap_or(0);
    let text = &printed[start..];
    let end = text.trim_end().strip_suffix(PROMPT.trim_end()).unwrap_or(text).trim_end();
    format!("{end}\n")
}

#[test]
fn sessions_in_the_documentation_are_what_happens() {
    let bless = std::env::var_os("INVQ_BLESS").is_some();
    for path in crate::docs::pages() {
        let text = std::fs::read_to_string(&path).expect("the page is text").replace("\r\n", "\n");
        let mut page = String::new();
        let mut rest = text.as_str();
        while let Some(start) = rest.find("```session") {
            let (before, block) = rest.split_at(start);
            let (info, body) = block.split_once('\n').expect("a block has lines");
            let (body, after) = body.split_once("```").expect("a block ends");
            let printed = replayed(info.trim_start_matches("```session"), body);
            page.push_str(&format!("{before}{info}\n{printed}```"));
            rest = after;
        }
        page.push_str(rest);
        if bless && page != text {
            std::fs::write(&path, &page).expect("the page can be written");
            continue;
        }
        assert_eq!(page, text, "{}; `INVQ_BLESS=1 cargo test session` writes it anew", path.display());
    }
}
