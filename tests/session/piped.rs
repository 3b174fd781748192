//! Sessions whose lines come from a pipe.

use crate::support::{folder, invq};

fn run(arguments: &[&str], input: &str) -> (i32, String, String) {
    let outcome = invq(arguments).input(input).run();
    (outcome.status, outcome.stdout, outcome.stderr)
}

#[test]
fn lines_are_answered_plainly() {
    let (status, out, err) = run(&["--demo"], "web = tag \"web\"\nweb && cluster \"prod\"\n1 + 1\nit * 2\n");
    assert_eq!((status, out.as_str(), err.as_str()), (0, "web1\nweb2\n2\n4\n", ""));
}

#[test]
fn one_expression_over_several_lines_is_one() {
    let (status, out, err) =
        run(&["--demo"], "map (m: m.name)\n  (filter (m: m.cluster == \"edge\") machines)\n");
    assert_eq!((status, out.as_str(), err.as_str()), (0, "lima\noslo\n", ""));
}

#[test]
fn lines_that_make_no_query_together_are_several() {
    let (status, out, _) = run(&["--demo"], "hostname \"jon\"\nhostname \"sara\"\n");
    assert_eq!((status, out.as_str()), (0, "jon\nsara\n"));
}

#[test]
fn a_line_may_go_on() {
    let (status, out, err) = run(&[], "x = [\n  1\n  2\n]\nmap (n:\n  n + 1) x\n");
    assert_eq!((status, out.as_str(), err.as_str()), (0, "[\n  2,\n  3\n]\n", ""));
}

#[test]
fn the_first_mistake_ends_it_with_its_status() {
    let (status, out, err) = run(&["--demo"], "x = 1\ntag \"bakcup\"\nx\n");
    assert_eq!((status, out.as_str()), (3, ""));
    assert!(err.contains("<stdin>:2:5"), "{err}");
    let (status, out, _) =
        run(&["--demo", "--limit-steps", "1000"], "x = 1\nlet f = n: f (n + 1); in f 0\nx\n");
    assert_eq!((status, out.as_str()), (5, ""));
}

#[test]
fn mistakes_can_be_passed_over() {
    let (status, out, err) = run(&["--demo", "--keep-going"], "tag \"bakcup\"\nhostname \"jon\"\n:nope\n");
    assert_eq!((status, out.as_str()), (3, "jon\n"));
    assert!(err.contains("unknown-tag") && err.contains("no command is called"), "{err}");
}

#[test]
fn commands_work_in_a_pipe() {
    let (status, out, err) = run(&["--demo"], ":type machines\n:why jon tag \"backup\"\n:quit\n1\n");
    assert_eq!((status, err.as_str()), (0, ""));
    assert_eq!(out, "[Machine]\njon matches tag \"backup\"\n  it carries `backup` and `desktop`\n");
}

#[test]
fn options_of_output_hold_for_every_line() {
    let (status, out, _) = run(&["--demo", "-c"], "x = 1\n[ x 2 ]\n{ a = x; }\n");
    assert_eq!((status, out.as_str()), (0, "[1,2]\n{\"a\":1}\n"));
    let (status, out, _) = run(&["--demo", "-o", "type"], "x = 1\n[ x 2 ]\n");
    assert_eq!((status, out.as_str()), (0, "[Int]\n"));
}

#[test]
fn arguments_are_names_of_the_session() {
    let (status, out, err) = run(&["--arg", "who", "jon"], ":type who\nx = who + \"!\"\nx\n");
    assert_eq!((status, out.as_str(), err.as_str()), (0, "String\njon!\n", ""));
}

#[test]
fn without_an_inventory_only_what_needs_one_fails() {
    let (status, out, err) = run(&["--keep-going"], "1 + 1\nmachines\ntag \"web\"\n");
    assert_eq!((status, out.as_str()), (2, "2\n"));
    assert_eq!(err.matches("no inventory").count(), 2, "{err}");
}

#[test]
fn a_saved_session_runs_and_can_be_loaded() {
    let place = folder("session-saved");
    let path = place.join("saved.invq");
    let _ = std::fs::remove_file(&path);
    let script = path.to_string_lossy().into_owned();
    let lines =
        "x = 1\nx = x + 1\nf = n: if n == 0 then x else n * f (n - 1)\ny = it_is\nx = 10\nf 3 + x\nit + 1\n";
    let lines = lines.replace("y = it_is\n", "f 2\ny = it\n");
    let (status, out, err) = run(&[], &format!("{lines}:save {script}\n"));
    assert_eq!((status, out.as_str(), err.as_str()), (0, "4\n22\n23\n", ""));
    let (status, out, err) = run(&["-f", &script], "");
    assert_eq!((status, out.as_str(), err.as_str()), (0, "23\n", ""));
    let (status, out, err) = run(&[], &format!(":load {script}\nit\n"));
    assert_eq!(
        (status, out.as_str(), err.as_str()),
        (0, "23\n23\n", ""),
        "{}",
        std::fs::read_to_string(&path).unwrap_or_default()
    );
}

#[test]
fn a_thousand_lines_of_anything_end_no_session() {
    let mut text = super::anything(1_000);
    text.push_str("\n\n:output json\n1 + 1\n");
    let (status, _, err) = run(&["--demo", "--keep-going", "--error-format", "short"], &text);
    assert!(status != 101 && status != 134 && status >= 0, "{status}\n{err}");
    assert!(!err.contains("panicked"), "{err}");
}
