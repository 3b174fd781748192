//! What keys do to a value that fills the screen.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use invq::text::count;

use super::Paged;
use super::outline::Outline;

/// How far a table moves sideways.
const SIDEWAYS: usize = 8;

/// A value on a screen.
pub(super) struct Pager<'p> {
    content: Content<'p>,
    title: &'p str,
    /// The line on which the cursor stands.
    at: usize,
    /// The first line on the screen.
    top: usize,
    /// How many columns are left out.
    left: usize,
    rows: usize,
    columns: usize,
    /// What is searched for.
    wanted: String,
    /// Whether it is being typed.
    is_asking: bool,
    /// What there is to say instead of the keys.
    said: String,
}

enum Content<'p> {
    Table(&'p [String]),
    Outline(Outline<'p>),
}

impl<'p> Pager<'p> {
    pub(super) fn new(paged: &'p Paged, title: &'p str) -> Pager<'p> {
        let content = match paged {
            Paged::Lines(lines) => Content::Table(lines),
            Paged::Data(data) => Content::Outline(Outline::new(data)),
        };
        let wanted = String::new();
        let said = String::new();
        Pager {
            content,
            title,
            at: 0,
            top: 0,
            left: 0,
            rows: 24,
            columns: 80,
            wanted,
            is_asking: false,
            said,
        }
    }

    pub(super) fn resize(&mut self, rows: usize, columns: usize) {
        (self.rows, self.columns) = (rows, columns);
        self.follow();
    }

    /// How many lines can be gone through.
    fn len(&self) -> usize {
        match &self.content {
            Content::Table(lines) => lines.len().saturating_sub(1),
            Content::Outline(outline) => outline.len(),
        }
    }

    /// How many lines fit, without the head of a table and the last line.
    fn height(&self) -> usize {
        let head = usize::from(matches!(self.content, Content::Table(_)));
        self.rows.saturating_sub(1 + head).max(1)
    }

    fn text(&self, at: usize) -> String {
        match &self.content {
            Content::Table(lines) => lines.get(at + 1).cloned().unwrap_or_default(),
            Content::Outline(outline) => outline.text(at),
        }
    }

    /// The lines on the screen, each with whether the cursor stands on it.
    pub(super) fn lines(&self) -> Vec<(String, bool)> {
        let mut lines = Vec::new();
        if let Content::Table(all) = &self.content {
            lines.push((self.cut(all.first().map_or("", String::as_str)), false));
        }
        for at in self.top..self.top + self.height() {
            let text = if at < self.len() { self.cut(&self.text(at)) } else { String::new() };
            lines.push((text, at == self.at && at < self.len()));
        }
        lines
    }

    /// The part of a line that is on the screen.
    fn cut(&self, text: &str) -> String {
        let mut width = 0;
        let characters = text.chars().skip(self.left).take_while(|character| {
            width += if *character < '\u{1100}' { 1 } else { 2 };
            width <= self.columns
        });
        characters.collect()
    }

    /// The last line of the screen.
    pub(super) fn status(&self) -> String {
        let text = if self.is_asking {
            format!("/{}", self.wanted)
        } else if !self.said.is_empty() {
            self.said.clone()
        } else {
            let noun = match self.content {
                Content::Table(_) => "rows",
                Content::Outline(_) => "lines",
            };
            let place = (self.at + 1).min(self.len());
            let keys = match self.content {
                Content::Table(_) => "arrows move, / searches, q leaves",
                Content::Outline(_) => "Enter opens and closes, / searches, q leaves",
            };
            format!("{place} of {} · {} · {keys}", count(self.len(), "row", noun), self.title)
        };
        text.chars().take(self.columns.saturating_sub(1)).collect()
    }

    /// Takes a key; tells whether the value is left.
    pub(super) fn key(&mut self, key: KeyEvent) -> bool {
        let control = key.modifiers.contains(KeyModifiers::CONTROL);
        if control && matches!(key.code, KeyCode::Char('c' | 'd')) {
            return !std::mem::take(&mut self.is_asking);
        }
        if self.is_asking {
            self.ask(key.code);
            return false;
        }
        self.said.clear();
        let page = self.height().saturating_sub(1).max(1);
        match key.code {
            KeyCode::Char('q') | KeyCode::Esc => return true,
            KeyCode::Down | KeyCode::Char('j') => self.at += 1,
            KeyCode::Up | KeyCode::Char('k') => self.at = self.at.saturating_sub(1),
            KeyCode::PageDown | KeyCode::Char(' ' | 'f') => self.at += page,
            KeyCode::PageUp | KeyCode::Char('b') => self.at = self.at.saturating_sub(page),
            KeyCode::Home | KeyCode::Char('g') => self.at = 0,
            KeyCode::End | KeyCode::Char('G') => self.at = self.len(),
            KeyCode::Enter => self.toggle(),
            KeyCode::Right | KeyCode::Char('l') => self.inwards(),
            KeyCode::Left | KeyCode::Char('h') => self.outwards(),
            KeyCode::Char('/') => {
                self.is_asking = true;
                self.wanted.clear();
            }
            KeyCode::Char('n') => self.search(false),
            KeyCode::Char('N') => self.search(true),
            _ => {}
        }
        self.follow();
        false
    }

    /// A key while it is typed what is searched for.
    fn ask(&mut self, key: KeyCode) {
        match key {
            KeyCode::Char(character) => self.wanted.push(character),
            KeyCode::Backspace => {
                self.wanted.pop();
            }
            KeyCode::Esc => self.is_asking = false,
            KeyCode::Enter => {
                self.is_asking = false;
                self.search(false);
                self.follow();
            }
            _ => {}
        }
    }

    fn toggle(&mut self) {
        if let Content::Outline(outline) = &mut self.content
            && !outline.open(self.at)
        {
            self.at = outline.close(self.at);
        }
    }

    fn inwards(&mut self) {
        match &mut self.content {
            Content::Table(_) => self.left += SIDEWAYS,
            Content::Outline(outline) => {
                outline.open(self.at);
            }
        }
    }

    fn outwards(&mut self) {
        match &mut self.content {
            Content::Table(_) => self.left = self.left.saturating_sub(SIDEWAYS),
            Content::Outline(outline) => self.at = outline.close(self.at),
        }
    }

    fn search(&mut self, backwards: bool) {
        if self.wanted.is_empty() {
            return;
        }
        let found = match &mut self.content {
            Content::Outline(outline) => outline.find(&self.wanted, self.at, backwards),
            Content::Table(lines) => {
                let rows = lines.get(1..).unwrap_or(&[]);
                let wanted = self.wanted.to_lowercase();
                let holds =
                    |at: &usize| rows.get(*at).is_some_and(|row| row.to_lowercase().contains(&wanted));
                let (here, length) = (self.at, rows.len());
                match backwards {
                    false => (here + 1..length).chain(0..(here + 1).min(length)).find(holds),
                    true => (0..here).rev().chain((here..length).rev()).find(holds),
                }
            }
        };
        match found {
            Some(at) => self.at = at,
            None => self.said = format!("nothing has `{}`", self.wanted),
        }
    }

    /// Keeps the cursor on a line, and its line on the screen.
    fn follow(&mut self) {
        self.at = self.at.min(self.len().saturating_sub(1));
        let height = self.height();
        self.top = self.top.clamp(self.at.saturating_sub(height - 1), self.at);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn press(pager: &mut Pager, keys: &str) -> bool {
        keys.chars().fold(false, |_, key| {
            let code = match key {
                '\r' => KeyCode::Enter,
                other => KeyCode::Char(other),
            };
            pager.key(KeyEvent::new(code, KeyModifiers::NONE))
        })
    }

    fn marked(pager: &Pager) -> String {
        pager.lines().into_iter().find(|(_, marked)| *marked).map(|(line, _)| line).unwrap_or_default()
    }

    #[test]
    fn a_table_keeps_its_head_and_is_gone_through() {
        let lines: Vec<String> =
            std::iter::once("name".to_owned()).chain((0..100).map(|row| format!("m{row}"))).collect();
        let paged = Paged::Lines(lines);
        let mut pager = Pager::new(&paged, "machines");
        pager.resize(5, 20);
        assert_eq!(pager.lines().len(), 4);
        press(&mut pager, "jjjj");
        assert_eq!(marked(&pager), "m4");
        assert_eq!(pager.lines()[0].0, "name");
        press(&mut pager, "G");
        assert_eq!(marked(&pager), "m99");
        press(&mut pager, "g/7\r");
        assert_eq!(marked(&pager), "m7");
        press(&mut pager, "n");
        assert_eq!(marked(&pager), "m17");
        press(&mut pager, "N");
        assert_eq!(marked(&pager), "m7");
        press(&mut pager, "/zz\r");
        assert_eq!(pager.status(), "nothing has `zz`");
        assert!(press(&mut pager, "q"));
    }

    #[test]
    fn a_tree_opens_and_closes() {
        let paged = Paged::Data(json!({ "a": { "b": [1, 2] } }));
        let mut pager = Pager::new(&paged, "x");
        pager.resize(10, 40);
        press(&mut pager, "j\r");
        assert_eq!(marked(&pager), "  ▾ a = { 1 member }");
        press(&mut pager, "jl");
        assert_eq!(marked(&pager), "    ▾ b = [ 2 elements ]");
        press(&mut pager, "hhh");
        assert_eq!(marked(&pager), "  ▸ a = { b = [ … ]; }");
    }

    #[test]
    fn any_size_and_any_key_are_taken() {
        let paged = Paged::Data(json!(null));
        let mut pager = Pager::new(&paged, "x");
        for (rows, columns) in [(0, 0), (1, 1), (2, 3), (200, 500)] {
            pager.resize(rows, columns);
            for key in "jkbfgGhlnN/\r q".chars() {
                press(&mut pager, &key.to_string());
                let _ = (pager.lines(), pager.status());
            }
        }
    }
}
