//! Typing in a terminal: completion, hints, lines that go on, Ctrl-C, other sizes, history.

use std::path::Path;
use std::time::Duration;

use super::terminal::{Start, Terminal};
use crate::support::folder;

fn start(name: &str, arguments: &[&str]) -> Terminal {
    let place = folder(&format!("typing/{name}"));
    let _ = std::fs::remove_dir_all(place.join("state"));
    again(&place, arguments)
}

fn again(place: &Path, arguments: &[&str]) -> Terminal {
    let term = "xterm-256color";
    let state = place.join("state");
    let start =
        Start { arguments, folder: place, state: &state, rows: 30, columns: 90, term, variables: &[] };
    Terminal::start(&start)
}

#[test]
fn tab_completes_names_fields_and_commands() {
    let mut terminal = start("completion", &["--demo"]);
    terminal.keys("tag \"ba\t");
    terminal.wait_for("invq> tag \"backup\"");
    terminal.keys(" && hostname \"\t");
    terminal.wait_for("jon\"      machine in lab, 2 tags");
    terminal.keys("jo\t");
    terminal.wait_for("invq> tag \"backup\" && hostname \"jon\"");
    terminal.keys("\r");
    terminal.wait_for("1 machine\n");
    terminal.keys("map (m: m.fq\t");
    terminal.wait_for("invq> map (m: m.fqdn");
    terminal.clear();
    terminal.keys(":hist\t");
    terminal.wait_for("invq> :history");
    terminal.clear();
    terminal.keys(":set ke\t v\t");
    terminal.wait_for("invq> :set keys vi");
}

#[test]
fn the_hint_tells_type_and_number_or_what_is_wrong() {
    let mut terminal = start("hint", &["--demo"]);
    terminal.keys("tag \"web\" && !cluster \"lab\"");
    terminal.wait_for("\"lab\"   Filter · 4 of 10 machines");
    terminal.clear();
    terminal.keys("tag \"bakcup\"");
    terminal.wait_for("tag \"bakcup\"   did you mean `backup`?");
    // The wrong part is underlined.
    terminal.wait(|_| terminal.marked() == ("\"bakcup\"".to_owned(), true), "an underline");
    terminal.clear();
    terminal.keys("map (m: m.name) mach");
    terminal.wait_for("mach   machineName : String -> Filter … 1 more");
    terminal.keys("ines");
    terminal.wait_for("machines   [String]");
    // A hint is never typed.
    terminal.keys("\u{6}\u{5}\r");
    terminal.wait_for("\"lima\"");
}

#[test]
fn a_line_that_is_not_whole_goes_on() {
    let mut terminal = start("lines", &["--demo"]);
    terminal.keys("map (m:\rm.name) (filter (m: m.cluster == \"edge\")\rmachines)\r");
    terminal.wait_for("[ \"lima\" \"oslo\" ]");
    // An empty line ends it as it is.
    terminal.keys("[ 1 2\r\r");
    terminal.wait_for("expected `]`");
    // A paste is one line, with its line feeds.
    terminal.keys("\u{1b}[200~{ a = 1;\n  b = 2;\n}\u{1b}[201~\r");
    terminal.wait_for("{ a = 1; b = 2; }");
}

#[test]
fn the_keys_can_be_those_of_vi() {
    let mut terminal = start("vi", &["--demo"]);
    terminal.enter(":set keys vi");
    terminal.keys("1 + 9");
    terminal.wait_for("1 + 9");
    // Escape, to the start of the line, and the first number becomes another.
    terminal.keys("\u{1b}");
    std::thread::sleep(Duration::from_millis(700));
    terminal.keys("0r8\r");
    terminal.wait_for("\n17\n");
}

#[test]
fn ctrl_c_clears_what_is_typed_and_ctrl_d_leaves() {
    let mut terminal = start("clear", &["--demo"]);
    terminal.keys("1 + nothing");
    terminal.wait_for("1 + nothing");
    terminal.clear();
    terminal.enter("2 + 3");
    terminal.wait_for("\n5\n");
    terminal.keys("\u{4}");
    assert_eq!(terminal.ended(), 0);
}

#[test]
fn ctrl_c_stops_an_evaluation_and_keeps_everything() {
    let mut terminal = start("stop", &["--demo"]);
    terminal.enter("x = 41");
    terminal.enter("many = genList (n: n) 20000");
    terminal.keys("foldl' (a: b: foldl' (c: d: c + d) a many) 0 many\r");
    std::thread::sleep(Duration::from_millis(400));
    terminal.keys("\u{3}");
    let took = terminal.wait_for("was interrupted");
    // A tenth of a second is promised; a machine that runs other tests besides gets some more.
    assert!(took < Duration::from_millis(if cfg!(debug_assertions) { 1_000 } else { 100 }), "{took:?}");
    terminal.enter("x + 1");
    terminal.wait_for("\n42\n");
}

#[test]
fn ctrl_c_stops_what_is_written() {
    let mut terminal = start("written", &["--demo"]);
    terminal.enter(":output json");
    terminal.keys("genList (n: n) 3000000\r");
    terminal.wait_for("100,");
    terminal.keys("\u{3}");
    terminal.wait_for("cannot write to standard output: interrupted");
    terminal.keys("20 + 22\r");
    terminal.wait_for("\n42\n");
}

#[test]
fn another_size_is_taken_into_account() {
    let mut terminal = start("size", &["--demo"]);
    terminal.keys("tag \"web\"");
    terminal.wait_for("4 of 10");
    terminal.resize(30, 44);
    terminal.keys("\r");
    terminal.wait_for("4 machines");
    assert!(terminal.screen().lines().all(|line| line.chars().count() <= 44), "{}", terminal.screen());
    terminal.enter("map (m: m.fqdn) machines");
    terminal.wait_for("\"web2.prod.example.org\"\n]");
}

#[test]
fn lines_are_kept_for_the_next_session() {
    let place = folder("typing/history");
    let mut terminal = start("history", &["--demo"]);
    terminal.enter("1 + 1");
    terminal.enter("2 + 2");
    terminal.enter(" 3 + 3");
    terminal.enter("1 + 1");
    terminal.keys("\u{4}");
    assert_eq!(terminal.ended(), 0);
    let kept = std::fs::read_to_string(place.join("state/invq/history")).expect("the history is kept");
    assert_eq!(kept, "2 + 2\n1 + 1\n");
    let mut terminal = again(&place, &["--demo"]);
    terminal.keys("\u{1b}[A\u{1b}[A");
    terminal.wait_for("invq> 2 + 2");
    terminal.clear();
    terminal.keys("\u{12}1 +");
    terminal.wait_for("1 + 1");
}

#[test]
fn wide_text_is_taken() {
    let mut terminal = start("wide", &["--demo"]);
    terminal.enter(&format!("length \"{}\"", "日本語é👩‍👩‍👧".repeat(30)));
    terminal.enter("1 + 1");
    terminal.wait_for("\n2\n");
}

#[test]
fn lines_of_anything_that_are_typed_end_no_session() {
    let mut terminal = start("anything", &["--demo"]);
    for line in super::anything(200).lines() {
        terminal.keys(&format!("{line}\r"));
    }
    // Ctrl-C drops what is not read yet.
    let mut before = String::new();
    while before != terminal.screen() {
        before = terminal.screen();
        std::thread::sleep(Duration::from_millis(500));
    }
    terminal.keys("\u{3}");
    terminal.wait(|screen| screen.ends_with("invq>"), "an empty line");
    terminal.enter("20 + 22");
    terminal.wait_for("\n42\n");
}

#[test]
fn bytes_that_are_no_text_end_no_session() {
    let mut terminal = start("bytes", &["--demo"]);
    terminal.bytes(b"tag \"b\xe9\xff");
    terminal.wait_for("what was typed is no UTF-8 text");
    terminal.clear();
    terminal.enter("20 + 22");
    terminal.wait_for("\n42\n");
}

#[test]
fn plain_typing_has_no_hints_and_no_colours() {
    let mut terminal = start("plain", &["--demo", "--no-hint"]);
    terminal.keys("tag \"web\"");
    terminal.wait_for("invq> tag \"web\"");
    terminal.enter("");
    assert!(!terminal.screen().contains("of 10 machines"), "{}", terminal.screen());
    assert_eq!(terminal.marked(), (String::new(), false));
}

#[test]
fn a_large_value_is_paged_through() {
    let mut terminal = start("browse", &["--demo"]);
    terminal.keys(":browse clusters\r");
    terminal.wait_for("Enter opens and closes");
    terminal.wait_for("▸ lab = {");
    terminal.keys("jj\r");
    terminal.wait_for("▾ lab = {");
    terminal.keys("/web2\r");
    terminal.wait_for("18 of 24 lines");
    terminal.keys("q");
    terminal.wait(|screen| !screen.contains("Enter opens"), "the screen of the session");
    terminal.enter("1 + 1");
    terminal.wait_for("\n2\n");
    terminal.keys(":browse tag \"web\"\r");
    terminal.wait_for("1 of 4 rows");
    terminal.keys("q");
}

#[test]
fn a_pager_of_ones_own_gets_large_values() {
    let place = folder("typing/pager");
    let state = place.join("state");
    let start = Start {
        arguments: &["--demo"],
        folder: &place,
        state: &state,
        rows: 30,
        columns: 90,
        term: "xterm-256color",
        variables: &[("PAGER", "sed s/^/paged:/")],
    };
    let mut terminal = Terminal::start(&start);
    terminal.enter(":set pager $PAGER");
    terminal.enter(":browse tag \"desktop\"");
    terminal.wait_for("paged:jon ");
}

#[test]
fn changes_of_watched_files_are_told_while_a_line_is_typed() {
    let place = folder("typing/watch");
    let text = |tags: &str| {
        format!(
            "domain:\n  suffix: example.org\n  clusters:\n    home:\n      machines:\n        desk: {{ system: x86_64-linux, tags: [{tags}] }}\n"
        )
    };
    std::fs::write(place.join("inventory.yaml"), text("web")).expect("the file can be written");
    let mut terminal = start("watch", &["-i", "inventory.yaml"]);
    terminal.enter(":watch on");
    terminal.keys("tag \"backup\"");
    terminal.wait_for("the only tag is `web`");
    std::fs::write(place.join("inventory.yaml"), text("web, backup")).expect("the file can be written");
    terminal.wait_for("~ home/desk: tags +backup");
    terminal.keys("\r");
    terminal.wait_for("1 machine\n");
    std::fs::write(place.join("inventory.yaml"), text("web, [")).expect("the file can be written");
    terminal.wait_for("the inventory stays as it was");
    terminal.enter("length machines");
    terminal.wait_for("\n1\n");
}

#[test]
fn a_paste_of_a_megabyte_ends_no_session() {
    let mut terminal = start("paste", &["--demo"]);
    let text = "tag \"web\" && ".repeat(80_000);
    terminal.keys(&format!("\u{1b}[200~{text}all\u{1b}[201~\r"));
    terminal.wait(|screen| screen.contains("4 machines") || screen.contains("Error"), "an answer");
    terminal.keys("20 + 22\r");
    terminal.wait_for("\n42\n");
}

#[test]
fn long_work_tells_how_far_it_is() {
    let place = folder("typing/progress");
    let machines: String =
        (0..100).map(|number| format!("        m{number}: {{ system: x86_64-linux }}\n")).collect();
    let text = format!(
        "domain:
  suffix: example.org
  clusters:
    home:
      services:
        slow:
          selectors: [filters.clusterMachines]
          definition: |
            {{ selectors, roles, this }}: {{ sum = foldl' (a: b: a + b) 0 (genList (n: n) 1000000); }}
      machines:
{machines}"
    );
    std::fs::write(place.join("inventory.yaml"), text).expect("the file can be written");
    let state = place.join("state");
    let start = Start {
        arguments: &["render"],
        folder: &place,
        state: &state,
        rows: 30,
        columns: 90,
        term: "xterm-256color",
        variables: &[],
    };
    let terminal = Terminal::open(&start);
    terminal.wait_for("rendering machines [");
    terminal.wait_for(" of 100, ");
}
