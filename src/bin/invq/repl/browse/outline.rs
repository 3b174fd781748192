//! A value as lines, whose lists and sets open and close.

use serde_json::Value;

use invq::engine::session::{Room, Tree};
use invq::render::{Style, tree_line, visible};

/// The lines of a value that are open.
pub(super) struct Outline<'d> {
    lines: Vec<Line<'d>>,
}

/// A part of the value.
struct Line<'d> {
    /// Its place: the number of each part on the way to it.
    path: Vec<usize>,
    /// Its name in the set around it, or its number in the list.
    name: String,
    value: &'d Value,
    is_open: bool,
}

impl<'d> Outline<'d> {
    /// A value, opened once.
    pub(super) fn new(value: &'d Value) -> Outline<'d> {
        let mut outline =
            Outline { lines: vec![Line { path: Vec::new(), name: String::new(), value, is_open: false }] };
        outline.open(0);
        outline
    }

    pub(super) fn len(&self) -> usize {
        self.lines.len()
    }

    /// A line as it is shown.
    pub(super) fn text(&self, at: usize) -> String {
        let Some(line) = self.lines.get(at) else { return String::new() };
        let indent = "  ".repeat(line.path.len());
        let marker = match (parts(line.value).is_some(), line.is_open) {
            (false, _) => ' ',
            (true, true) => '▾',
            (true, false) => '▸',
        };
        let name = visible(&line.name, &[]);
        let separator = if name.is_empty() { "" } else { " = " };
        let room = Room { rows: 0, items: 8, depth: 1 };
        let value = match (line.is_open, line.value) {
            (false, value) => tree_line(&Tree::of_data(value, room), Style::default()),
            (true, Value::Array(items)) => {
                format!("[ {} ]", invq::text::count(items.len(), "element", "elements"))
            }
            (true, value) => {
                let members = value.as_object().map_or(0, serde_json::Map::len);
                format!("{{ {} }}", invq::text::count(members, "member", "members"))
            }
        };
        format!("{indent}{marker} {name}{separator}{value}")
    }

    /// Opens a line; tells whether there was something to open.
    pub(super) fn open(&mut self, at: usize) -> bool {
        let Some(line) = self.lines.get_mut(at) else { return false };
        let Some(parts) = parts(line.value).filter(|_| !line.is_open) else { return false };
        line.is_open = true;
        let path = line.path.clone();
        let inner = parts.into_iter().enumerate().map(|(number, (name, value))| {
            let path = path.iter().copied().chain([number]).collect();
            Line { path, name, value, is_open: false }
        });
        let inner: Vec<Line> = inner.collect();
        self.lines.splice(at + 1..at + 1, inner);
        true
    }

    /// Closes a line; where it is not open, gives the line around it.
    pub(super) fn close(&mut self, at: usize) -> usize {
        let Some(line) = self.lines.get_mut(at) else { return at };
        let depth = line.path.len();
        if line.is_open {
            line.is_open = false;
            let behind = self.lines.get(at + 1..).unwrap_or(&[]);
            let inside = behind.iter().take_while(|inner| inner.path.len() > depth).count();
            self.lines.drain(at + 1..at + 1 + inside);
            return at;
        }
        let before = self.lines.get(..at).unwrap_or(&[]);
        before.iter().rposition(|outer| outer.path.len() < depth).unwrap_or(at)
    }

    /// The next part behind a line, closed ones included, in whose name or value a text stands; opened up to
    /// there. Backwards, the last one before it.
    pub(super) fn find(&mut self, text: &str, from: usize, backwards: bool) -> Option<usize> {
        let root = self.lines.first()?.value;
        let here = self.lines.get(from)?.path.clone();
        let mut found = Vec::new();
        matches(root, &text.to_lowercase(), &mut Vec::new(), &mut found);
        let path = match backwards {
            false => found.iter().find(|path| **path > here).or(found.first()),
            true => found.iter().rev().find(|path| **path < here).or(found.last()),
        };
        let path = path?.clone();
        for depth in 0..path.len() {
            let at = self.place(path.get(..depth).unwrap_or(&[]))?;
            self.open(at);
        }
        self.place(&path)
    }

    fn place(&self, path: &[usize]) -> Option<usize> {
        self.lines.iter().position(|line| line.path == path)
    }
}

/// The parts of a list or a set, with their names; nothing for what has none.
fn parts(value: &Value) -> Option<Vec<(String, &Value)>> {
    match value {
        Value::Array(items) if !items.is_empty() => {
            Some(items.iter().enumerate().map(|(number, item)| (number.to_string(), item)).collect())
        }
        Value::Object(members) if !members.is_empty() => {
            Some(members.iter().map(|(name, member)| (name.clone(), member)).collect())
        }
        _ => None,
    }
}

/// The places of the parts in whose name or value a text stands, in order.
fn matches(value: &Value, text: &str, path: &mut Vec<usize>, found: &mut Vec<Vec<usize>>) {
    for (number, (name, part)) in parts(value).unwrap_or_default().into_iter().enumerate() {
        path.push(number);
        let named = value.is_object() && name.to_lowercase().contains(text);
        let valued = match part {
            Value::String(content) => content.to_lowercase().contains(text),
            Value::Array(_) | Value::Object(_) => false,
            plain => plain.to_string().contains(text),
        };
        if named || valued {
            found.push(path.clone());
        }
        matches(part, text, path, found);
        path.pop();
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn shown(outline: &Outline) -> Vec<String> {
        (0..outline.len()).map(|at| outline.text(at)).collect()
    }

    #[test]
    fn lines_open_and_close() {
        let data = json!({ "a": [1, { "b": true }], "c": "x" });
        let mut outline = Outline::new(&data);
        assert_eq!(shown(&outline), ["▾ { 2 members }", "  ▸ a = [ 1 { … } ]", "    c = \"x\""]);
        assert!(outline.open(1));
        assert!(outline.open(3));
        assert!(!outline.open(2));
        assert_eq!(outline.text(4), "        b = true");
        assert_eq!(outline.close(4), 3);
        assert_eq!(outline.close(1), 1);
        assert_eq!(outline.len(), 3);
    }

    #[test]
    fn what_is_found_is_opened() {
        let data = json!({ "a": [1, { "b": "Needle" }], "needles": "x" });
        let mut outline = Outline::new(&data);
        let found = outline.find("needle", 0, false).expect("it is there");
        assert_eq!(outline.text(found), "        b = \"Needle\"");
        let next = outline.find("needle", found, false).expect("there is another");
        assert_eq!(outline.text(next), "    needles = \"x\"");
        assert_eq!(outline.find("needle", next, false), Some(found));
        assert_eq!(outline.find("needle", found, true), Some(next));
        assert_eq!(outline.find("hay", 0, false), None);
    }
}
