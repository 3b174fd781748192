use super::*;
use crate::text::Span;

/// Places and words of mistakes, with the parts that they make unusable.
fn told(mistakes: &[Mistake]) -> Vec<String> {
    let told = |Mistake { diagnostic, part }: &Mistake| {
        let places: Vec<Span> = diagnostic.labels.iter().map(|label| label.span).collect();
        format!("{part:?} {:?} {} {places:?}", diagnostic.severity, diagnostic.message)
    };
    mistakes.iter().map(told).collect()
}

#[test]
fn mistakes_that_are_not_kept_are_found_again() {
    let text = r#"{ "filters": { "wrong": "tag \"bakcup\"" }, "domain": { "suffix": "lan", "clusters": { "lab": {
        "machines": {
            "sara": { "system": 1, "tags": ["backup"], "ips": { "eth0": ["nowhere"] } },
            "jon": { "tagss": [], "system": "x86_64-linux" },
            "jon": { "system": "x86_64-linux" }
        },
        "services": { "borg": { "selectors": ["hostname \"jim\""], "roles": {}, "definition": "1 +" } }
    } } } }"#;
    for severities in [
        Severities::default(),
        Severities {
            warned: vec![Code::InvalidOption],
            allowed: vec![Code::UnknownOption],
            denied: Vec::new(),
        },
    ] {
        let engine = Engine::default().with_severities(severities);
        let loaded = engine.load(vec![Input::text("inventory.json", text.to_owned())]).expect("it loads");
        let document = snapshot::only_document(loaded.model()).expect("it follows from its text");
        let known = told(loaded.mistakes());
        assert!(known.len() > 5, "{known:?}");
        assert_eq!(told(&engine.mistakes_of(document)), known);
    }
}

#[test]
fn more_mistakes_than_are_kept_can_be_looked_at() {
    let count = MANY_MISTAKES + 1;
    let machines: Vec<String> = (0..count).map(|number| format!("\"m{number}\":1")).collect();
    let text = format!("{{\"machines\":{{{}}}}}", machines.join(","));
    let loaded = Engine::default().load(vec![Input::text("inventory.json", text)]).expect("it loads");
    assert_eq!(loaded.mistake_counts(), (count, 0));
    let query = Engine::default().compile("map (m: m.tags) machines", &loaded).expect("it compiles");
    let failure = query.run(&loaded).expect_err("machines have mistakes");
    assert!(failure.labels.first().is_some_and(|label| label.source.slice(label.span) == "1"), "{failure:?}");
    assert_eq!(loaded.mistakes().len(), count);
}

#[test]
fn tags_that_stand_at_an_anchor_make_their_machine_unknown_to_filters() {
    let machines = |tags: &str| {
        format!(
            "domain:\n  suffix: lan\n  clusters:\n    lab:\n      machines:\n        \
             k: {{ system: a, tags: [web], vars: {{ list: &tags [1, web] }} }}\n        m: {{ system: a, tags: {tags} }}\n"
        )
    };
    for tags in ["[1, web]", "*tags"] {
        let source = Source::new("inventory.yaml", machines(tags));
        let input = Input { source, format: Format::Yaml, folder: None };
        let loaded = Engine::default().load(vec![input]).expect("it loads");
        let query = Engine::default().compile("tag \"web\"", &loaded).expect("it compiles");
        let failure = query.run(&loaded).expect_err("who carries the tag is not known");
        assert!(failure.message.contains("tags"), "{}", failure.message);
    }
}

#[test]
fn mistakes_that_are_found_again_are_those_of_the_same_machines() {
    // So large that two threads read it, each time in other shares.
    let count = MANY_MISTAKES + 100;
    let vms: Vec<String> = (0..count).map(|number| format!("\"v{number}\":{{\"host\":\"no\"}}")).collect();
    let text = format!(
        "{{\"domain\":{{\"suffix\":\"lan\",\"clusters\":{{\"lab\":{{\"vms\":{{{}}}}}}}}}}}",
        vms.join(",")
    );
    assert!(text.len() > 1 << 20);
    let loaded = Engine::default().load(vec![Input::text("inventory.json", text)]).expect("it loads");
    let query = "map (m: m.vars) (filter (m: m.name == \"v50000\") machines)";
    let query = Engine::default().compile(query, &loaded).expect("it compiles");
    let failure = query.run(&loaded).expect_err("the machine has a mistake");
    assert!(failure.message.contains("v50000"), "{failure:?}");
    for mistake in loaded.mistakes() {
        let Part::Node(node) = mistake.part else { continue };
        let name = loaded.model().nodes.name(node);
        let label = mistake.diagnostic.labels.first().expect("it has a place");
        let text = label.source.text();
        let before = text.get(..label.span.end as usize).unwrap_or_default();
        assert!(
            before
                .rsplit("\"v")
                .next()
                .is_some_and(|rest| name.ends_with(rest.split('"').next().unwrap_or("?")))
        );
    }
}
