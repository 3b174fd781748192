//! `invq fmt`: the cases in `tests/fmt`, files in other formats, and what the command writes.
//! `INVQ_BLESS=1` writes the cases' outputs anew.

use std::path::{Path, PathBuf};

use crate::support::{file, folder, invq, root};

/// All files below a folder with this extension.
fn files(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).expect("the folder can be read") {
        let path = entry.expect("the entry can be read").path();
        if path.is_dir() {
            found.extend(files(&path, extension));
        } else if path.extension().is_some_and(|known| known == extension) {
            found.push(path);
        }
    }
    found.sort();
    found
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).expect("the file is text").replace("\r\n", "\n")
}

/// Formats a file in place, and gives its text.
fn rewritten(folder_name: &str, name: &str, text: &str) -> String {
    let path = file(folder_name, name, text);
    let outcome = invq(&["fmt", &path.to_string_lossy()]).run();
    assert_eq!((outcome.status, outcome.stdout.as_str(), outcome.stderr.as_str()), (0, "", ""), "{text}");
    read(&path)
}

#[test]
fn cases_are_formatted_as_they_should() {
    for path in files(&root().join("tests/fmt"), "invq") {
        let outcome = invq(&["fmt"]).input(&read(&path)).run();
        assert_eq!((outcome.status, outcome.stderr.as_str()), (0, ""), "{}", path.display());
        let expected = path.with_extension("out");
        if std::env::var_os("INVQ_BLESS").is_some() {
            std::fs::write(&expected, &outcome.stdout).expect("the output can be written");
        }
        assert_eq!(read(&expected), outcome.stdout, "{}", path.display());
        let again = invq(&["fmt"]).input(&outcome.stdout).run();
        assert_eq!(again.stdout, outcome.stdout, "{}", path.display());
    }
}

#[test]
fn examples_are_formatted() {
    let paths = files(&root().join("examples"), "invq");
    let paths: Vec<_> = paths.iter().map(|path| path.to_string_lossy()).collect();
    let arguments: Vec<&str> =
        ["fmt", "--check"].into_iter().chain(paths.iter().map(|path| &**path)).collect();
    let outcome = invq(&arguments).run();
    assert_eq!((outcome.status, outcome.stdout.as_str(), outcome.stderr.as_str()), (0, "", ""));
}

#[test]
fn filters_in_yaml_keep_their_form() {
    let text = r#"# a port
inventory:
  meta: { name:   port }
  machines: { tug: { tags: [ "é", web ] }, "pilot": {} }
  instances:
    plain:
      module: { name: nginx }
      roles: { default: { select: tag "web"&&!hostname "pilot"   } }
    single:
      module: { name: nginx }
      roles: { default: { select: '(tag   "web")' } }
    double:
      module: { name: nginx }
      roles: { default: { select: "tag  \"\u00e9\"" } }
    block:
      module: { name: nginx }
      roles:
        default:
          select: |
            where (m:m.name=="tug")
    folded:
      module: { name: nginx }
      roles:
        default:
          select: >-
            tag   "web"
            || none
"#;
    let expected = text
        .replace("tag \"web\"&&!hostname", "tag \"web\" && !hostname")
        .replace("(tag   ", "(tag ")
        .replace("tag  \\\"\\u00e9", "tag \\\"é")
        .replace("m:m.name==", "m: m.name == ")
        // A folded string is one line when it is read, and more than one in the file.
        .to_owned();
    assert_eq!(rewritten("fmt-yaml", "inventory.yaml", text), expected);
}

#[test]
fn expressions_of_several_lines_are_formatted_in_their_block() {
    let text = concat!(
        "domain:\n  suffix: example.org\n  clusters:\n    lab:\n      machines:\n",
        "        jon: { system: x86_64-linux, tags: [web] }\n",
        "      services:\n        site:\n          roles:\n            primary:\n              - |\n",
        "                # The web servers.\n                tag   \"web\"\n                 &&!none\n",
        "          definition: |-\n",
        "              { roles,this,... }: {\n",
        "                  # Who serves.\n\n\n",
        "                  a=map (m:m.fqdn) roles.primary;\n",
        "                text = ''\n                  kept\n                    as it is\n                '';\n",
        "              }\n",
        "filters:\n  folded: >\n    tag   \"web\"\n    || none\n",
    );
    let once = rewritten("fmt-blocks", "inventory.yaml", text);
    insta::assert_snapshot!(once);
    assert_eq!(rewritten("fmt-blocks", "inventory.yaml", &once), once);
}

#[test]
fn expressions_between_three_quotes_are_formatted() {
    let text = concat!(
        "[filters]\nweb = '''\ntag   \"web\"\n  ||tag \"db\"\n'''\n",
        "escaped = \"\"\"\ntag   \"a\\u0062\"\n  || none\"\"\"\n",
    );
    let once = rewritten("fmt-three-quotes", "inventory.toml", text);
    insta::assert_snapshot!(once);
    assert_eq!(rewritten("fmt-three-quotes", "inventory.toml", &once), once);
}

#[test]
fn filters_in_json_and_toml_keep_their_form() {
    let text = r#"{ "inventory": { "meta": {"name":"port"}, "machines": { "tug": {} },
  "instances": { "a": { "module": { "name": "nginx" },
    "roles": { "default": { "select": "hostname   \"tug\"||none" } } } } } }
"#;
    let expected = text.replace("hostname   \\\"tug\\\"||none", "hostname \\\"tug\\\" || none");
    assert_eq!(rewritten("fmt-json", "inventory.json", text), expected);

    let text = "inventory.meta.name = \"port\"   # kept\n[inventory.machines.tug]\n\
        [inventory.instances.a]\nmodule.name = \"nginx\"\n\
        roles.default.select = 'hostname   \"tug\"'\n\
        [inventory.instances.b]\nmodule.name = \"nginx\"\n\
        roles.default.select = \"hostname   \\\"tug\\\"\"\n";
    assert_eq!(rewritten("fmt-toml", "inventory.toml", text), text.replace("hostname   ", "hostname "));
}

#[test]
fn files_that_would_change_are_listed() {
    let good = file("fmt-check", "good.invq", "[ 1 ]\n");
    let bad = file("fmt-check", "bad.invq", "[1]");
    let (good, bad_name) = (good.to_string_lossy(), bad.to_string_lossy());
    let outcome = invq(&["fmt", "--check", &good, &bad_name]).run();
    assert_eq!((outcome.status, outcome.stdout), (1, format!("{bad_name}\n")));
    assert_eq!(read(&bad), "[1]");
    let outcome = invq(&["fmt", "--check"]).input("[1]").run();
    assert_eq!((outcome.status, outcome.stdout.as_str()), (1, "<stdin>\n"));
    assert_eq!(invq(&["fmt", "--check", &good]).run().status, 0);
}

#[test]
fn what_cannot_be_formatted_stays() {
    let broken = file("fmt-broken", "broken.invq", "[ 1");
    let outcome = invq(&["fmt", &broken.to_string_lossy()]).run();
    assert_eq!((outcome.status, outcome.stdout.as_str()), (3, ""));
    assert!(outcome.stderr.contains("syntax"), "{}", outcome.stderr);
    assert_eq!(read(&broken), "[ 1");
    assert_eq!(invq(&["fmt"]).input("[ 1").run().status, 3);
    let missing = invq(&["fmt", "no-such-file.invq"]).run();
    assert_eq!(missing.status, 2);
    assert!(missing.stderr.contains("no-such-file.invq"), "{}", missing.stderr);
}

#[test]
fn a_rewritten_file_leaves_nothing_beside_it() {
    assert_eq!(rewritten("fmt-alone", "a.invq", "[1]"), "[ 1 ]\n");
    let names: Vec<_> = std::fs::read_dir(folder("fmt-alone"))
        .expect("the folder can be read")
        .map(|entry| entry.expect("the entry can be read").file_name())
        .collect();
    assert_eq!(names, ["a.invq"]);
}

#[cfg(unix)]
#[test]
fn permissions_stay() {
    use std::os::unix::fs::PermissionsExt;

    let path = file("fmt-permissions", "a.invq", "[1]");
    let mode = || std::fs::metadata(&path).expect("the file is there").permissions().mode() & 0o777;
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o750)).expect("they can be set");
    assert_eq!(invq(&["fmt", &path.to_string_lossy()]).run().status, 0);
    assert_eq!((read(&path).as_str(), mode()), ("[ 1 ]\n", 0o750));
}
