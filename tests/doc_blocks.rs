//! The `invq` blocks of the documentation run on the demo inventory, and give what the block behind them
//! says. Blocks marked `inventory`, such as `yaml,inventory`, are inventories without a mistake.
//! `INVQ_BLESS=1` writes answers anew.

use std::path::Path;

use invq::diagnostic::Severity;
use invq::text::Source;
use invq::types::{Named, schema};
use invq::{Engine, Format, Input, Inventory, Limits};

use crate::docs::pages;
use crate::shared::messages;
use crate::tables::outcome;

/// A block of code: what stands behind the opening fence, its text, and its lines in the page.
struct Block {
    info: String,
    text: String,
    /// The line of the opening fence.
    start: usize,
    /// The line of the closing fence.
    end: usize,
}

fn blocks(page: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut open: Option<Block> = None;
    for (number, line) in page.lines().enumerate() {
        match (&mut open, line.strip_prefix("```")) {
            (None, Some(info)) => {
                open = Some(Block { info: info.to_owned(), text: String::new(), start: number, end: number });
            }
            (Some(_), Some(_)) => {
                blocks.extend(open.take().map(|block| Block { end: number, ..block }));
            }
            (Some(block), None) => {
                block.text.push_str(line);
                block.text.push('\n');
            }
            (None, None) => {}
        }
    }
    blocks
}

/// The page with the answers as they are now, and what is wrong in it.
fn run(page: &str, engine: &Engine, demo: &Inventory) -> (String, Vec<String>) {
    let mut wrong = Vec::new();
    let lines: Vec<&str> = page.lines().collect();
    let mut new: Vec<String> = Vec::new();
    let mut copied = 0;
    let blocks = blocks(page);
    for (index, block) in blocks.iter().enumerate() {
        let place = block.start + 1;
        if let Some(format) = block.info.strip_suffix(",inventory") {
            if let Err(found) = load(engine, format, &block.text) {
                wrong.push(format!("line {place}: {found}"));
            }
            continue;
        }
        if block.info != "invq" {
            continue;
        }
        let found = outcome(engine, demo, &block.text);
        let answer = blocks.get(index + 1).filter(|next| next.info.is_empty() && next.start == block.end + 1);
        match answer {
            Some(answer) => {
                if answer.text.trim_end() != found {
                    wrong.push(format!("line {place}: expected {}, found {found}", answer.text.trim_end()));
                }
                new.extend(lines.iter().take(answer.start + 1).skip(copied).map(|line| (*line).to_owned()));
                new.push(found);
                copied = answer.end;
            }
            None => {
                let before = lines.iter().take(block.start).rev().find(|line| !line.is_empty());
                let fails = before.is_some_and(|line| line.starts_with("Wrong:"));
                if fails != found.starts_with("error: ") {
                    wrong.push(format!("line {place}: {found}"));
                }
            }
        }
    }
    new.extend(lines.iter().skip(copied).map(|line| (*line).to_owned()));
    (new.join("\n") + "\n", wrong)
}

fn load(engine: &Engine, format: &str, text: &str) -> Result<(), String> {
    let format = Format::of_path(Path::new(&format!("inventory.{format}"))).ok_or("no format")?;
    let source = Source::new("inventory", text);
    let loaded =
        engine.load(vec![Input { source, format, folder: None }]).map_err(|found| messages(&found))?;
    let mistakes: Vec<_> =
        loaded.check().into_iter().filter(|mistake| mistake.severity == Severity::Error).collect();
    if mistakes.is_empty() { Ok(()) } else { Err(messages(&mistakes)) }
}

#[test]
fn invq_blocks_run() {
    let engine = Engine::new(Limits { steps: 1_000_000, ..Limits::default() });
    let demo = engine.load_demo().unwrap_or_else(|found| panic!("{}", messages(&found)));
    let mut wrong = Vec::new();
    for path in pages() {
        let text = std::fs::read_to_string(&path).expect("the page is text").replace("\r\n", "\n");
        let (now, found) = run(&text, &engine, &demo);
        if now != text && std::env::var_os("INVQ_BLESS").is_some() {
            std::fs::write(&path, now).expect("the page can be written");
        }
        wrong.extend(found.into_iter().map(|found| format!("{}: {found}", path.display())));
    }
    let bless = "`INVQ_BLESS=1 cargo test doc_blocks` writes answers anew";
    assert!(wrong.is_empty(), "{}\n{bless}", wrong.join("\n"));
}

#[test]
fn the_records_of_the_inventory_page_are_those_of_queries() {
    let path = crate::support::root().join("docs/inventory.md");
    let page = std::fs::read_to_string(&path).expect("the page is text").replace("\r\n", "\n");
    let (start, end) = ("<!-- records -->\n", "<!-- end of records -->\n");
    let (before, rest) = page.split_once(start).expect("the page has a place for the records");
    let (written, after) = rest.split_once(end).expect("the place for the records ends");
    let mut tables = String::new();
    for named in Named::ALL {
        tables.push_str(&format!("\n### {}\n\n| field | type | |\n| --- | --- | --- |\n", named.word()));
        for field in schema::entries(named) {
            let summary = field.summary.replace('|', "\\|");
            tables.push_str(&format!("| `{}` | `{}` | {summary} |\n", field.name, field.ty));
        }
    }
    tables.push('\n');
    if written != tables && std::env::var_os("INVQ_BLESS").is_some() {
        std::fs::write(&path, format!("{before}{start}{tables}{end}{after}"))
            .expect("the page can be written");
        return;
    }
    assert_eq!(written, tables, "`INVQ_BLESS=1 cargo test doc_blocks` writes the records anew");
}
