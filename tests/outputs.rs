//! Answers for where people go next: graphs, and files of other programs.

#![allow(clippy::print_stdout, reason = "what a run leaves out must be seen")]

use std::process::Command;

use crate::support::{file, folder, invq, root};

/// Machines with names, addresses and variables that other programs' files could take for something else.
const AWKWARD: &str = "tests/outputs/machines.yaml";

/// What a call writes, which must succeed.
fn written(arguments: &[&str]) -> String {
    let outcome = invq(arguments).within(root()).run();
    assert_eq!((outcome.status, outcome.stderr.as_str()), (0, ""), "{arguments:?}");
    outcome.stdout
}

#[test]
fn awkward_machines_in_files_of_other_programs() {
    let plain = "!hostname \"quo\\\"te\\$HOME`x`\"";
    for format in ["hosts", "file_sd", "nodeset", "ansible"] {
        insta::assert_snapshot!(format!("awkward_{format}"), written(&["-i", AWKWARD, "-o", format, "all"]));
    }
    insta::assert_snapshot!("awkward_ssh", written(&["-i", AWKWARD, "-o", "ssh", plain]));
    let outcome = invq(&["-i", AWKWARD, "-o", "ssh", "all"]).within(root()).run();
    assert_eq!((outcome.status, outcome.stdout.as_str()), (2, ""));
    assert!(outcome.stderr.contains("cannot be the name of a machine in `ssh`"), "{}", outcome.stderr);
}

#[test]
fn what_is_written_for_ssh_is_read_by_ssh() {
    let config = written(&["-i", AWKWARD, "-o", "ssh", "hostname \"plain\" || hostname \"only-six\""]);
    let path = file("outputs", "ssh_config", &config);
    let told = |host: &str| {
        let output = Command::new("ssh").args(["-G", "-F"]).arg(&path).arg(host).output().ok()?;
        Some(String::from_utf8_lossy(&output.stdout).into_owned())
    };
    let Some(plain) = told("plain") else {
        println!("skipped: ssh is not installed (Debian: openssh-client)");
        return;
    };
    for line in ["user root", "hostname plain.example.org", "port 2222"] {
        assert!(plain.lines().any(|told| told == line), "{line}\n{plain}");
    }
    assert!(told("only-six").is_some_and(|told| told.lines().any(|line| line == "hostname fd00::2")));
}

#[test]
fn graphs_of_the_demo() {
    for subject in ["machines", "services", "clouds"] {
        for format in ["dot", "mermaid"] {
            let graph = written(&["--demo", "graph", subject, "-o", format]);
            insta::assert_snapshot!(format!("graph_{subject}_{format}"), graph);
        }
    }
    insta::assert_snapshot!("graph_awkward_dot", written(&["-i", AWKWARD, "graph", "machines", "-o", "dot"]));
}

#[test]
fn a_filter_leaves_the_machines_that_it_selects() {
    let clouds = written(&["--demo", "graph", "clouds", "tag \"backup\"", "-o", "mermaid"]);
    for told in ["10.20.0.0/24 · 2 machines", "192.168.10.0/24 · 2 machines", "10.30.0.0/16 · 0 machines"]
    {
        assert!(clouds.contains(told), "{told}\n{clouds}");
    }
    let services = written(&["--demo", "graph", "services", "hostname \"db1\"", "-o", "mermaid"]);
    assert!(services.contains("[\"db1\"]") && !services.contains("db2"), "{services}");
    let outcome = invq(&["--demo", "graph", "machines", "tag \"bakcup\""]).run();
    assert_eq!((outcome.status, outcome.stdout.as_str()), (3, ""));
    assert!(outcome.stderr.contains("did you mean `backup`?"), "{}", outcome.stderr);
    assert_eq!(invq(&["--demo", "graph", "machine"]).run().status, 2);
}

#[test]
fn answers_are_drawn_as_their_machines_and_placements() {
    let filter = "tag \"backup\" || hostname \"attic\"";
    for format in ["dot", "mermaid", "svg"] {
        let drawn = written(&["--demo", "graph", "machines", filter, "-o", format]);
        assert_eq!(written(&["--demo", "-o", format, filter]), drawn);
        let list = "filter (m: elem \"backup\" m.tags || m.name == \"attic\") machines";
        assert_eq!(written(&["--demo", "-o", format, list]), drawn);
        let services = written(&["--demo", "graph", "services", "-o", format]);
        assert_eq!(written(&["--demo", "-o", format, "placements"]), services);
    }
    // No machines are machines too, and so are the filters of an empty list.
    for empty in ["none", "filter (m: false) machines", "map (m: hostname m.name) (take 0 machines)"] {
        let graph = "digraph inventory {\n  rankdir=LR;\n  node [shape=box];\n}\n";
        assert_eq!(written(&["--demo", "-o", "dot", empty]), graph, "{empty}");
    }
    let outcome = invq(&["--demo", "-o", "dot", "attrNames clouds"]).run();
    assert_eq!((outcome.status, outcome.stdout.as_str()), (2, ""));
    assert!(outcome.stderr.contains("`dot` needs machines or placements"), "{}", outcome.stderr);
}

/// Pictures of everything that can be drawn.
fn pictures() -> Vec<(String, String)> {
    let mut pictures = Vec::new();
    for (inventory, subjects) in [
        (&["--demo"][..], &["machines", "services", "clouds"][..]),
        (&["-i", AWKWARD], &["machines"]),
        (&["-i", "examples/ansible/hosts.yml"], &["machines"]),
    ] {
        for subject in subjects {
            let arguments = [inventory, &["graph", subject, "-o", "svg"]].concat();
            pictures.push((arguments.join(" "), written(&arguments)));
        }
    }
    pictures
}

#[test]
fn pictures_are_xml() {
    for (call, picture) in pictures() {
        let document = roxmltree::Document::parse(&picture);
        let document = document.unwrap_or_else(|error| panic!("{call}: {error}\n{picture}"));
        let texts =
            document.descendants().filter(|node| node.has_tag_name(("http://www.w3.org/2000/svg", "text")));
        assert!(texts.count() > 2, "{call}");
    }
}

/// Counts the texts of all pictures, and tells those that do not fit into their nodes.
const MEASURE: &str = "<script>
  const wide = [];
  const texts = [...document.querySelectorAll('svg .label, svg .detail')];
  for (const text of texts) {
    let node = text;
    while (!node.classList.contains('node')) node = node.previousElementSibling;
    const [inner, outer] = [text.getBBox(), node.getBBox()];
    if (inner.x < outer.x || inner.x + inner.width > outer.x + outer.width || inner.y + inner.height > outer.y + outer.height + 1)
      wide.push(text.textContent);
  }
  document.body.replaceChildren(`texts: ${texts.length}, too wide: ${wide.join('; ')}.`);
</script>";

#[test]
fn a_browser_shows_pictures_whose_texts_fit() {
    let pictures: Vec<String> = pictures().into_iter().map(|(_, picture)| picture).collect();
    let nodes: usize = pictures
        .iter()
        .map(|picture| {
            picture.matches("class=\"label\"").count() + picture.matches("class=\"detail\"").count()
        })
        .sum();
    let page = format!("<!doctype html><meta charset=\"utf-8\"><body>{}{MEASURE}", pictures.concat());
    let path = file("pictures", "all.html", &page);
    let mut command = Command::new("chromium");
    command.args(["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-sync"]);
    command.args(["--disable-background-networking", "--disable-component-update", "--dump-dom"]);
    command.arg(format!("--user-data-dir={}", folder("chromium").display()));
    let Ok(output) = command.arg(format!("file://{}", path.display())).output() else {
        println!("skipped: chromium is not installed (Debian: chromium)");
        return;
    };
    let shown = String::from_utf8_lossy(&output.stdout);
    assert!(shown.contains(&format!("texts: {nodes}, too wide: .")), "{shown}");
}

#[test]
fn graphs_of_many_machines_can_be_read() {
    let groups: String = (0..300).map(|group| format!("[g{group}]\nh{group}-[1:20]\n")).collect();
    let outer: String = (0..300).map(|group| format!("g{group}\n")).collect();
    let ini = file("outputs", "many.ini", &format!("{groups}[outer:children]\n{outer}"));
    let machines: String =
        (0..6000).map(|number| format!("  m{number}: {{ tags: [t{}] }}\n", number % 500)).collect();
    let instances: String = (0..500)
        .map(|number| format!("  i{number}: {{ module: {{ name: borgbackup }}, roles: {{ client: {{ tags: [t{number}] }} }} }}\n"))
        .collect();
    let clan = file(
        "outputs",
        "many.yaml",
        &format!("meta: {{ name: many }}\nmachines:\n{machines}instances:\n{instances}"),
    );
    let clusters: String = (0..400).map(|number| format!("    c{number}: {{ machines: {{ m: {{ system: x86_64-linux }}, n: {{ system: x86_64-linux }} }} }}\n")).collect();
    let domain =
        file("outputs", "clusters.yaml", &format!("domain:\n  suffix: many.org\n  clusters:\n{clusters}"));
    let mut shown = String::new();
    for (path, subject) in
        [(&ini, "machines"), (&clan, "machines"), (&clan, "services"), (&domain, "machines")]
    {
        let graph = written(&["-i", &path.display().to_string(), "graph", subject, "-o", "mermaid"]);
        shown.push_str(&graph);
    }
    insta::assert_snapshot!(shown);
}
