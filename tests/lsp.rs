//! `invq lsp`, asked as an editor asks it.

use std::fs;
use std::io::BufReader;
use std::path::PathBuf;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use lsp_server::{Message, Notification, Request};
use serde_json::{Value as Json, json};

use crate::support::{file, folder};

/// An editor with the program as its server.
struct Editor {
    server: Child,
    to: ChildStdin,
    from: BufReader<ChildStdout>,
    folder: PathBuf,
    /// How many requests there were, and how often a file has changed.
    count: i32,
}

impl Editor {
    /// An editor for the files in a folder, which counts columns in UTF-16 as all can.
    fn new(name: &str, files: &[(&str, &str)]) -> Editor {
        Editor::with(name, files, &[], json!({}))
    }

    fn with(name: &str, files: &[(&str, &str)], arguments: &[&str], capabilities: Json) -> Editor {
        let folder = fs::canonicalize(folder(name)).expect("the folder is there");
        for (name, text) in files {
            fs::write(folder.join(name), text).expect("the file can be written");
        }
        let mut server = Command::new(env!("CARGO_BIN_EXE_invq"))
            .arg("lsp")
            .args(arguments)
            .current_dir(&folder)
            .env_remove("INVQ_INVENTORY")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the program can be started");
        let to = server.stdin.take().expect("standard input is a pipe");
        let from = BufReader::new(server.stdout.take().expect("standard output is a pipe"));
        let mut editor = Editor { server, to, from, folder, count: 0 };
        let result = editor.ask("initialize", json!({ "capabilities": capabilities }));
        assert_eq!(result["serverInfo"]["name"], "invq");
        editor.tell("initialized", json!({}));
        editor
    }

    fn address(&self, name: &str) -> String {
        format!("file://{}", self.folder.join(name).display())
    }

    fn tell(&mut self, method: &str, params: Json) {
        let message = Message::Notification(Notification { method: method.to_owned(), params });
        message.write(&mut self.to).expect("the server listens");
    }

    /// The answer to a request; what comes before it is passed over.
    fn ask(&mut self, method: &str, params: Json) -> Json {
        self.count += 1;
        let request = Request { id: self.count.into(), method: method.to_owned(), params };
        Message::Request(request).write(&mut self.to).expect("the server listens");
        loop {
            match Message::read(&mut self.from).expect("a message").expect("the server answers") {
                Message::Response(response) if response.id == self.count.into() => {
                    return match response.response_result {
                        Ok(result) => result,
                        Err(error) => json!({ "error": error.message }),
                    };
                }
                _ => {}
            }
        }
    }

    /// Opens a file with a text that need not be saved, and gives its mistakes.
    fn open(&mut self, name: &str, text: &str) -> Vec<String> {
        let document = json!({ "uri": self.address(name), "languageId": "x", "version": 1, "text": text });
        self.tell("textDocument/didOpen", json!({ "textDocument": document }));
        self.mistakes(name)
    }

    /// Changes the whole text of a file, and gives its mistakes.
    fn change(&mut self, name: &str, text: &str) -> Vec<String> {
        self.count += 1;
        let document = json!({ "uri": self.address(name), "version": self.count });
        let changes = json!([{ "text": text }]);
        self.tell("textDocument/didChange", json!({ "textDocument": document, "contentChanges": changes }));
        self.mistakes(name)
    }

    /// The next mistakes that are told of a file: place, code and message.
    fn mistakes(&mut self, name: &str) -> Vec<String> {
        let address = self.address(name);
        loop {
            let message = Message::read(&mut self.from).expect("a message").expect("the server tells");
            let Message::Notification(notification) = message else { continue };
            if notification.params["uri"] != address {
                continue;
            }
            let shown = |found: &Json| {
                let place = |end: &str| {
                    let at = &found["range"][end];
                    format!("{}:{}", at["line"], at["character"])
                };
                let (code, message) = (found["code"].as_str(), found["message"].as_str());
                let message = message.unwrap_or("").replace('\n', " | ");
                format!("{}-{} {}: {message}", place("start"), place("end"), code.unwrap_or(""))
            };
            let found = notification.params["diagnostics"].as_array().expect("a list").iter();
            return found.map(shown).collect();
        }
    }

    fn at(&mut self, method: &str, name: &str, line: usize, character: usize) -> Json {
        let place = json!({ "line": line, "character": character });
        let document = json!({ "uri": self.address(name) });
        self.ask(method, json!({ "textDocument": document, "position": place }))
    }

    /// What could stand at a place: what is typed, what it replaces, and what it is.
    fn complete(&mut self, name: &str, line: usize, character: usize) -> Vec<String> {
        let found = self.at("textDocument/completion", name, line, character);
        let items = found["items"].as_array().cloned().unwrap_or_default();
        let shown = |item: &Json| {
            let edit = &item["textEdit"];
            let (start, end) = (&edit["range"]["start"]["character"], &edit["range"]["end"]["character"]);
            let detail = item["detail"].as_str().unwrap_or("");
            format!("{start}-{end} {} ({detail})", edit["newText"].as_str().unwrap_or(""))
        };
        items.iter().map(shown).collect()
    }

    fn hover(&mut self, name: &str, line: usize, character: usize) -> String {
        let found = self.at("textDocument/hover", name, line, character);
        found["contents"]["value"].as_str().unwrap_or("nothing").to_owned()
    }

    fn format(&mut self, name: &str) -> Json {
        let options = json!({ "tabSize": 2, "insertSpaces": true });
        let document = json!({ "uri": self.address(name) });
        self.ask("textDocument/formatting", json!({ "textDocument": document, "options": options }))
    }
}

impl Drop for Editor {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let _ = self.server.kill();
            return;
        }
        assert_eq!(self.ask("shutdown", Json::Null), Json::Null);
        self.tell("exit", Json::Null);
        assert!(self.server.wait().expect("the server ends").success());
    }
}

const FLEET: &str = "\
inventory:
  machines:
    pilot: { tags: [backup, web] }
    tug: { tags: [backup] }
  instances:
    archive:
      module: { name: borgbackup }
      roles:
        client:
          select: tag \"backup\"
        server:
          select: tag \"web\"
";

#[test]
fn mistakes_follow_what_is_typed() {
    let mut editor = Editor::new("lsp-mistakes", &[("inventory.yaml", FLEET)]);
    assert_eq!(editor.open("inventory.yaml", FLEET), [""; 0]);
    let broken = FLEET.replace("tag \"backup\"", "tag \"bakcup\" && hostnme \"tug\"");
    assert_eq!(
        editor.change("inventory.yaml", &broken),
        [
            "9:22-9:30 unknown-tag: no machine carries the tag `bakcup` | did you mean `backup`?",
            "9:34-9:41 unknown-name: no variable is called `hostnme` | did you mean `hostname`?"
        ]
    );
    let broken = FLEET.replace("\"backup\"", "\"bakcup\"");
    assert_eq!(
        editor.change("inventory.yaml", &broken),
        ["9:22-9:30 unknown-tag: no machine carries the tag `bakcup` | did you mean `backup`?"]
    );
    let torn = FLEET.replace("[backup, web]", "[backup, web");
    let found = editor.change("inventory.yaml", &torn);
    assert!(found[0].contains("invalid-document"), "{found:?}");
    assert_eq!(editor.change("inventory.yaml", FLEET), [""; 0]);
}

#[test]
fn queries_are_checked_against_the_inventory_beside_them() {
    let mut editor = Editor::new("lsp-queries", &[("inventory.yaml", FLEET), ("names.invq", "")]);
    assert_eq!(editor.open("names.invq", "tag \"web\" && !tag \"backup\""), [""; 0]);
    assert_eq!(
        editor.change("names.invq", "# 𝄞 é\nmap (m: m.nmae) (select (tag \"𝄞\" || tag \"wbe\"))"),
        [
            "1:10-1:14 unknown-field: a machine has no field `nmae` | did you mean `name`?",
            "1:29-1:33 unknown-tag: no machine carries the tag `𝄞` | the tags are `all`, `backup`, `darwin`, `nixos` and `web`",
            "1:41-1:46 unknown-tag: no machine carries the tag `wbe` | did you mean `web`?"
        ]
    );
    assert_eq!(
        editor.change("names.invq", "/* 𝄞 */ tag \"wbe\""),
        ["0:13-0:18 unknown-tag: no machine carries the tag `wbe` | did you mean `web`?"]
    );
    // What is typed in the inventory, but not saved, counts.
    editor.open("inventory.yaml", &FLEET.replace("web", "wbe"));
    assert_eq!(editor.mistakes("names.invq"), [""; 0]);
    assert_eq!(editor.change("names.invq", "tag \"wbe\""), [""; 0]);
    assert_eq!(
        editor.change("names.invq", "backups = tag \"backup\"; both = backups && wbe"),
        ["0:42-0:45 unknown-name: no variable is called `wbe` | write `tag \"wbe\"`"]
    );
}

#[test]
fn columns_are_bytes_where_the_editor_counts_them() {
    let capabilities = json!({ "general": { "positionEncodings": ["utf-16", "utf-8"] } });
    let mut editor = Editor::with("lsp-bytes", &[("inventory.yaml", FLEET)], &[], capabilities);
    let found = editor.open("names.invq", "/* 𝄞 */ tag \"wbe\"");
    assert!(found[0].starts_with("0:15-0:20 unknown-tag"), "{found:?}");
}

#[test]
fn names_complete_in_strings_of_all_files() {
    let json = r#"{ "inventory": { "machines": { "pilot": { "tags": ["web"] } }, "instances": { "a": {
"module": { "name": "b" }, "roles": { "c": { "select": "tag \"\"" } } } } } }"#;
    let mut editor = Editor::with("lsp-complete", &[("fleet.json", json)], &["-i", "fleet.json"], json!({}));
    editor.open("fleet.json", json);
    let column = json.lines().nth(1).and_then(|line| line.find(r#"\"\""#)).expect("the string is there");
    assert_eq!(
        editor.complete("fleet.json", 1, column + 2),
        [
            "all (tag on 1 machine)",
            "darwin (tag on 0 machines)",
            "nixos (tag on 1 machine)",
            "web (tag on 1 machine)"
        ]
        .map(|tag| format!("{0}-{0} {tag}", column + 2))
    );
    let bare = json.replace(r#"tag \"\""#, "tag ");
    editor.change("fleet.json", &bare);
    let found = editor.complete("fleet.json", 1, column);
    assert_eq!(found.last(), Some(&format!(r#"{column}-{column} \"web\" (tag on 1 machine)"#)));
    editor.open("q.invq", "map (m: m.na) machines");
    assert_eq!(editor.complete("q.invq", 0, 12), ["10-12 name (String)"]);
    editor.change("q.invq", "lib.strings.hasPre");
    assert_eq!(editor.complete("q.invq", 0, 18), ["12-18 hasPrefix (String -> String -> Bool)"]);
}

#[test]
fn names_are_explained() {
    let mut editor = Editor::new("lsp-hover", &[("inventory.yaml", FLEET)]);
    editor.open("inventory.yaml", FLEET);
    assert_eq!(editor.hover("inventory.yaml", 9, 25), "`backup`: tag on 2 machines");
    let page = editor.hover("inventory.yaml", 9, 19);
    assert!(page.starts_with("```invq\ntag : String -> Filter\n```\n"), "{page}");
    assert_eq!(editor.hover("inventory.yaml", 1, 3), "nothing");
    editor.open("q.invq", "let web = tag \"web\"; in map (m: m.tags) (lib.filter (m: true) machines)");
    assert_eq!(editor.hover("q.invq", 0, 34), "```invq\ntags : [String]\n```");
    assert_eq!(editor.hover("q.invq", 0, 42), "`lib`: a set of builtins");
    assert!(editor.hover("q.invq", 0, 47).starts_with("```invq\nfilter : "));
    assert!(editor.hover("q.invq", 0, 65).starts_with("```invq\nmachines : [Machine]"));
}

#[test]
fn files_are_formatted_as_they_stand_in_the_editor() {
    let mut editor = Editor::new("lsp-format", &[("inventory.yaml", FLEET)]);
    let text = FLEET.replace("tag \"backup\"", "tag   \"backup\"&&!hostname \"tug\"");
    editor.open("inventory.yaml", &text);
    let edits = editor.format("inventory.yaml");
    let formatted = FLEET.replace("tag \"backup\"", "tag \"backup\" && !hostname \"tug\"");
    assert_eq!(edits[0]["newText"], formatted);
    assert_eq!(
        edits[0]["range"],
        json!({
            "start": { "line": 0, "character": 0 },
            "end": { "line": 12, "character": 0 },
        })
    );
    editor.change("inventory.yaml", &formatted);
    assert_eq!(editor.format("inventory.yaml"), json!([]));
    editor.open("q.invq", "1+1");
    assert_eq!(editor.format("q.invq")[0]["newText"], "1 + 1\n");
    editor.change("q.invq", "1 +");
    assert_eq!(editor.format("q.invq"), Json::Null);
}

#[test]
fn what_is_saved_beside_is_read_again() {
    let parts = "include:\n- part.yaml\n";
    let part = "machines:\n  tug: { tags: [old] }\n";
    let mut editor = Editor::new("lsp-parts", &[("inventory.yaml", parts), ("part.yaml", part)]);
    assert_eq!(editor.open("q.invq", "tag \"new\"").len(), 1);
    file("lsp-parts", "part.yaml", &part.replace("old", "new"));
    let saved = json!({ "textDocument": { "uri": editor.address("part.yaml") } });
    editor.tell("textDocument/didSave", saved);
    assert_eq!(editor.mistakes("q.invq"), [""; 0]);
}

#[test]
fn very_many_mistakes_in_one_line_are_told_soon() {
    let machines: Vec<String> =
        (0..20_000).map(|number| format!(r#""m{number}": {{ "ips": {{ "eth0": ["ü"] }} }}"#)).collect();
    let text = format!(r#"{{ "machines": {{ {} }} }}"#, machines.join(", "));
    let mut editor = Editor::new("lsp-many", &[("inventory.json", &text)]);
    let found = editor.open("inventory.json", &text);
    assert_eq!(found.len(), 1_001);
    assert!(found[999].contains("expected an address"), "{}", found[999]);
    assert_eq!(found[1_000], "0:0-0:0 : 19,000 more mistakes in this file; `invq check` lists all");
}

#[test]
fn what_makes_no_sense_is_answered() {
    let mut editor = Editor::new("lsp-odd", &[]);
    assert_eq!(
        editor.ask("workspace/symbol", json!({})),
        json!({ "error": "invq knows no `workspace/symbol`" })
    );
    assert!(editor.ask("textDocument/hover", json!(1))["error"].is_string());
    editor.tell("textDocument/didClose", json!({ "textDocument": { "uri": "untitled:a" } }));
    // Without an inventory there is nothing by which names could be wrong.
    assert_eq!(editor.open("q.invq", "tag \"web\" && 1").len(), 1);
    assert_eq!(editor.at("textDocument/hover", "other.invq", 0, 0), Json::Null);
    let long = format!("[ {} ]", "\"𝄞\" ".repeat(100_000));
    assert_eq!(editor.change("q.invq", &long), [""; 0]);
    assert_eq!(editor.complete("q.invq", 0, 9), [""; 0]);
}
