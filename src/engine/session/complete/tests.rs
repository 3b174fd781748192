use super::*;
use crate::engine::Engine;
use crate::engine::session::Wish;

fn session() -> Session {
    let engine = Engine::default();
    let inventory = engine.load_demo().expect("the demo inventory loads");
    let mut session = Session::new(engine, inventory);
    session.enter("backups = tag \"backup\"", Wish::Whole).expect("a definition");
    session.enter("point = { x = 1; \"y z\" = { deep = true; }; }", Wish::Whole).expect("a definition");
    session
}

/// The candidates at `^`, and from where.
fn at(line: &str) -> String {
    let cursor = line.find('^').expect("the line has a cursor");
    let text = line.replacen('^', "", 1);
    let completion = session().complete(&text, cursor);
    let replaced = text.get(completion.start..cursor).unwrap_or("?");
    let mut shown: Vec<String> =
        completion.candidates.iter().map(|one| format!("{} ({})", one.text, one.about)).collect();
    if shown.len() > 4 {
        let more = shown.len() - 4;
        shown.truncate(4);
        shown.push(format!("… {more}"));
    }
    format!("[{replaced}] {}", shown.join(", "))
}

/// The candidates of several lines.
fn all(lines: &[&str]) -> String {
    lines.iter().map(|line| format!("{line}\n    {}\n", at(line))).collect()
}

#[test]
fn names_in_strings() {
    insta::assert_snapshot!(all(&[
        r#"tag "b^"#,
        r#"tag "b^" && all"#,
        r#"hostname "jo^"#,
        r#"hostname "^"#,
        r#"inCluster "lab" (hostname "^"#,
        r#"cluster "^"#,
        r#"role "borgbackup" "^"#,
        r#"service "d^"#,
        r#"system "^"#,
        r#"x = tag "w^"#,
        r#"map (m: m.name) (filter (m: tag "w^"#,
        r#") ) tag "w^"#,
        r#"tag ^"#,
        r#""no name ^"#,
    ]));
}

#[test]
fn fields_behind_dots() {
    insta::assert_snapshot!(all(&[
        r#"map (m: m.na^"#,
        r#"machines |> map (m: m.f^"#,
        r#"(head machines).^"#,
        r#"map (m: m.pla^) machines"#,
        r#"let m = head machines; in m.cl^"#,
        r#"clusters.^"#,
        r#"clusters.lab.machines.^"#,
        r#"point.^"#,
        r#"point."y^"#,
        r#"(head machines).vars.^"#,
        r#"lib.strings.concat^"#,
        r#"filters.^"#,
        r#"if true then (head machines).k^"#,
        r#"{ a = (head machines).k^"#,
        r#"(head placements).because.^"#,
    ]));
}

#[test]
fn names_anywhere() {
    insta::assert_snapshot!(all(&[
        r#"mach^"#,
        r#"back^"#,
        r#"map (machine: mach^"#,
        r#"groupB^"#,
        r#"# mach^"#,
        r#"xyzzy^"#,
        r#"with point; x^"#,
    ]));
}

#[test]
fn commands_and_their_arguments() {
    insta::assert_snapshot!(all(&[
        r#":re^"#,
        r#":type mach^"#,
        r#":why jo^"#,
        r#":why jon tag "w^"#,
        r#":watch o^"#,
        r#":doc Machine.na^"#,
        r#":help :br^"#,
        r#":edit p^"#,
    ]));
}

#[test]
fn every_place_of_any_line_can_be_asked() {
    let session = session();
    for line in
        ["é \"日本", "let { [ \"${", "''a ${''", ":why \"", ":", "a.\"b", "tag \"\\", "{ a.b.", "x.${"]
    {
        for cursor in 0..=line.len() {
            let completion = session.complete(line, cursor);

            assert!(completion.start <= cursor, "{line} {cursor}: {}", completion.start);
        }
    }
}
