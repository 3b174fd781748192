use super::*;
use crate::engine::Input;

fn inventory(machines: &str) -> Inventory {
    let text =
        format!("{{ \"machines\": {{ {machines} }}, \"instances\": {{}}, \"meta\": {{ \"name\": \"x\" }} }}");
    Engine::default().load(vec![Input::text("inventory.json", text)]).expect("the inventory loads")
}

fn session() -> Session {
    let machines = r#""jon": { "tags": ["backup"] }, "sara": { "tags": ["backup", "web"] }, "web1": { "tags": ["web"] }"#;
    Session::new(Engine::default(), inventory(machines))
}

/// The answer of a line as compact JSON, the names of machines, or the first mistake.
fn answer(session: &mut Session, line: &str) -> String {
    match session.enter(line, Wish::Whole) {
        Ok(Outcome::Answer(answer)) => match answer.nodes() {
            Some(nodes) => {
                let names: Vec<&str> =
                    nodes.iter().map(|node| session.inventory().machine_name(*node)).collect();
                names.join(" ")
            }
            None => answer
                .into_data(session.inventory())
                .map_or_else(|mistake| mistake.message, |data| data.to_string()),
        },
        Ok(Outcome::Defined(names)) => {
            names.iter().map(|(name, ty)| format!("{name} : {ty}")).collect::<Vec<String>>().join(", ")
        }
        Ok(other) => format!("{other:?}"),
        Err(mistakes) => mistakes.first().map_or_else(String::new, |first| first.message.clone()),
    }
}

fn answers(lines: &[&str]) -> Vec<String> {
    let mut session = session();
    lines.iter().map(|line| answer(&mut session, line)).collect()
}

#[test]
fn names_mean_what_they_meant_when_a_line_was_entered() {
    assert_eq!(
        answers(&["x = 1", "y = x + 1", "x = x + 10", "x", "y"]),
        ["x : Int", "y : Int", "x : Int", "11", "2"]
    );
}

#[test]
fn functions_call_themselves_and_are_polymorphic() {
    assert_eq!(
        answers(&[
            "f = n: if n == 0 then 1 else n * f (n - 1)",
            "f 5",
            "id2 = x: x",
            "[ (id2 1) ]",
            "id2 \"a\""
        ]),
        ["f : Int -> Int", "120", "id2 : a -> a", "[1]", "\"a\""]
    );
}

#[test]
fn definitions_of_one_line_see_each_other() {
    assert_eq!(
        answers(&["b = a + 1; a = 1; c.d = 2; c.e = 3", "b", "c", "inherit (c) d", "d"]),
        ["b : Int, a : Int, c : { d : Int, e : Int }", "2", "{\"d\":2,\"e\":3}", "d : Int", "2"]
    );
}

#[test]
fn it_is_the_last_answer() {
    assert_eq!(
        answers(&[
            "1",
            "it + 1",
            "it + 1",
            "tag \"backup\"",
            "it && hostname \"jon\"",
            "x = it",
            "2",
            "x",
            "nope",
            "it"
        ]),
        ["1", "2", "3", "jon sara", "jon", "x : Filter", "2", "jon", "no variable is called `nope`", "jon"]
    );
}

#[test]
fn a_line_that_fails_changes_nothing() {
    assert_eq!(
        answers(&["x = 1", "x = 1 / 0", "x = tag \"nope\"", "a = 1; x = 1 / 0", "x", "a"]),
        [
            "x : Int",
            "division by zero",
            "no machine carries the tag `nope`",
            "division by zero",
            "1",
            "no variable is called `a`"
        ]
    );
}

#[test]
fn undo_takes_lines_back_one_by_one() {
    let mut session = session();
    for line in ["x = 1", "x + 1", "x = 5"] {
        answer(&mut session, line);
    }
    assert_eq!(session.undo(), Some(vec!["x".to_owned()]));
    assert_eq!(answer(&mut session.snapshot(), "x"), "1");
    assert_eq!(session.undo(), Some(vec!["it".to_owned()]));
    assert_eq!(session.undo(), Some(vec!["x".to_owned()]));
    assert_eq!(session.undo(), None);
    assert_eq!(answer(&mut session, "x"), "no variable is called `x`");
}

#[test]
fn definitions_follow_the_inventory() {
    let mut session = session();
    for line in ["web = tag \"web\"", "all-names = map (m: m.name) machines", "first = head machines"] {
        answer(&mut session, line);
    }
    let mistakes = session.replace_inventory(inventory(r#""anna": { "tags": ["web"] }"#));
    assert!(mistakes.is_empty());
    assert_eq!(answer(&mut session, "web"), "anna");
    assert_eq!(answer(&mut session, "all-names"), "[\"anna\"]");
    assert_eq!(answer(&mut session, "first.name"), "\"anna\"");
    let mistakes = session.replace_inventory(inventory(r#""anna": { "tags": [] }"#));
    assert_eq!(mistakes.len(), 1);
    assert_eq!(answer(&mut session, "all-names"), "[\"anna\"]");
}

#[test]
fn slots_are_used_again() {
    let mut session = session();
    for number in 0..100 {
        assert_eq!(answer(&mut session, &format!("x = {number}; y = x")), "x : Int, y : Int");
        assert_eq!(answer(&mut session, "x + y"), (2 * number).to_string());
    }
    assert!(session.definitions.hosts().len() < 20, "{}", session.definitions.hosts().len());
}

#[test]
fn values_are_evaluated_as_far_as_they_are_shown() {
    let mut session = session();
    let room = Room { rows: 2, items: 2, depth: 1 };
    let mut shown = |line: &str| match session.enter(line, Wish::Cut(room)) {
        Ok(Outcome::Shown(_, shown)) => shown,
        other => panic!("{line}: {other:?}"),
    };
    let one = || Tree::Plain(serde_json::json!(1));
    assert_eq!(shown("[ 1 1 1 ]"), Shown::Tree(Tree::List(vec![one(), one()], 3)));
    let cut = Tree::Set(vec![("a".into(), Tree::Set(Vec::new(), 1))], 1);
    assert_eq!(shown("{ a = { b = throw \"never\"; }; } :: Any"), Shown::Tree(cut));
    let failed = Tree::List(vec![one(), Tree::Failed("why".to_owned())], 2);
    assert_eq!(shown("[ 1 (throw \"why\") ] :: Any"), Shown::Tree(failed));
    assert_eq!(shown("tag \"web\""), Shown::Machines(vec![1, 2]));
    assert_eq!(shown("x: x"), Shown::Tree(Tree::Function));
    let rows = serde_json::json!([{ "a": 0 }, { "a": 1 }]);
    assert_eq!(shown("genList (a: { inherit a; }) 5"), Shown::Rows(rows, 5));
}

#[test]
fn hints_tell_types_numbers_and_what_is_wrong() {
    let mut session = session();
    answer(&mut session, "mine = tag \"web\"");
    let lines = [
        "tag \"web\"",
        "tag \"web\" && !hostname \"sara\"",
        "mine",
        "x = mine || all",
        "map (m: m.name) machines",
        "f = x: x + 1",
        "tag \"we",
        "tag \"",
        "tag \"wub\"",
        "tag \"wub",
        "[ 1 2",
        "1 +",
        "if true",
        "mach",
        "map (m: m.na",
        "map (m: m.nmae) machines",
        "1 + \"a\"",
        "1 )",
        "where (m: let f = n: f (n + 1); in f 0)",
        "",
        "# nothing",
        ":typ",
        ":type 1 + 1",
        ":why jon tag \"web\"",
        ":nope x",
        ":reload",
        ":browse tag \"web\"",
    ];
    let told = |line: &&str| {
        let looked = session.look(line);
        let wrong: Vec<&str> = looked.wrong.iter().filter_map(|span| line.get(span.range())).collect();
        let wrong = if wrong.is_empty() { String::new() } else { format!("   wrong: {}", wrong.join(", ")) };
        format!("{line}\n    {}{wrong}\n", looked.hint)
    };
    insta::assert_snapshot!(lines.iter().map(told).collect::<String>());
}

#[test]
fn a_text_is_cut_into_lines_that_are_whole() {
    let session = session();
    let cut = |text: &str| -> Vec<String> {
        session.cut(&Source::new("x", text)).iter().map(|piece| piece.text().to_owned()).collect()
    };
    assert_eq!(cut("1\n\n[ 2\n3 ]\n:type (\n4"), ["1", "[ 2\n3 ]", ":type (", "4"]);
    assert_eq!(cut("[ 1\n2"), ["[ 1\n2"]);
    assert!(cut("\n \n").is_empty());
    let lines = |text: &str| session.is_lines(&Source::new("x", text));
    assert!(lines("x = 1\nx") && lines(":type 1") && lines("1\n2") && lines("tag \"web\"\ntag \"backup\""));
    assert!(!lines("map (m: m.name)\n machines") && !lines("1 +\n1") && !lines("nope") && !lines("1 2"));
}
