//! The inventory of a session: what is loaded, loading another one, reading it again, and watching its
//! files.
//!
//! Files are looked at twice a second for their times and sizes. That works on every file system, finds
//! files that editors replace instead of writing to them, and for the handful of files that an inventory
//! has costs nothing that could be measured.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;
use std::time::{Duration, SystemTime};

use invq::diagnostic::{Code, Diagnostic};
use invq::engine::session::Request;
use invq::syntax::lex::{LexemeKind, lexemes};
use invq::text::{Span, count, list_and};
use invq::{Engine, Inventory};

use super::Repl;
use crate::commands::diff;
use crate::commands::mistakes::{any_error, mistakes};
use crate::commands::print;
use crate::console::{Console, write};
use crate::exit::{Outcome, Stage};
use crate::inputs::Choice;

/// How long nothing is looked at between two looks at the files.
const PAUSE: Duration = Duration::from_millis(500);

/// How many changes are told one by one.
const TOLD: usize = 20;

/// Above so many machines only what comes and goes is compared.
const COMPARED: usize = 20_000;

/// Files by their paths, with what tells that they have changed; nothing for one that is not there.
type Stamps = BTreeMap<PathBuf, Option<(SystemTime, u64)>>;

/// What reading an inventory again gives.
type Reloaded = Result<(Inventory, Vec<String>), Vec<Diagnostic>>;

/// Looks at the inventory's files.
pub(super) struct Watch {
    stamps: Stamps,
    /// What a thread of its own has read and told, where there is one.
    read: Option<Receiver<Inventory>>,
    stop: Arc<AtomicBool>,
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
    }
}

impl Repl<'_> {
    /// `:inventory`
    pub(super) fn inventory(&mut self, request: &Request) -> Result<Outcome, Vec<Diagnostic>> {
        let text = request.text();
        if text.is_empty() {
            let lines = described(self.session.inventory(), &self.choice);
            return Ok(print(&self.console(), |out| {
                lines.iter().try_for_each(|line| writeln!(out, "{line}"))
            }));
        }
        let choice =
            if text == "--demo" { Choice::Demo } else { Choice::Paths(vec![super::files::path(text)]) };
        let loaded = choice.load(self.session.engine()).map_err(|failures| {
            failures.into_iter().map(|failure| in_line(failure, request)).collect::<Vec<Diagnostic>>()
        })?;
        self.choice = choice;
        let broken = self.session.replace_inventory(loaded);
        if let Some(watch) = &self.watch
            && watch.read.is_some()
        {
            self.watch = None;
        }
        let line = summary(self.session.inventory(), &self.choice);
        let told = self.tell(&[line]);
        crate::commands::mistakes::note(self.session.inventory(), &self.console());
        self.console().report(&broken);
        Ok(told)
    }

    /// `:reload`
    pub(super) fn reload(&mut self) -> Result<Outcome, Vec<Diagnostic>> {
        if self.choice == Choice::Nothing {
            return Err(vec![crate::inputs::nothing_found().help("`:inventory PATH` loads one")]);
        }
        match reloaded(&self.choice, self.session.engine(), self.session.inventory()) {
            Ok((inventory, changes)) => {
                let broken = self.session.replace_inventory(inventory);
                let told = self.tell(&changes);
                self.console().report(&broken);
                Ok(told)
            }
            Err(found) => {
                self.console().report(&found);
                let outcome = Outcome::of(&found, &Stage::Loading);
                self.tell(&[KEPT.to_owned()]);
                Ok(outcome)
            }
        }
    }

    /// `:watch`
    pub(super) fn watch(&mut self, request: &Request) -> Result<Outcome, Vec<Diagnostic>> {
        match request.text() {
            "" => {
                let state = if self.watch.is_some() { "on" } else { "off" };
                Ok(print(&self.console(), |out| writeln!(out, "{state}")))
            }
            "off" => {
                self.watch = None;
                Ok(Outcome::Answered)
            }
            "on" => {
                let stamps = stamps(self.session.inventory(), &self.choice);
                if stamps.is_empty() {
                    let mistake = Diagnostic::error(Code::Usage, "the inventory has no files to watch");
                    return Err(vec![mistake.help("`:inventory PATH` loads one from files")]);
                }
                let names: Vec<String> = stamps.keys().map(|path| path.display().to_string()).collect();
                self.watch = Some(Watch { stamps, read: None, stop: Arc::default() });
                match names.len() {
                    0..=5 => Ok(self.tell(&[format!("watching {}", list_and(&names))])),
                    more => Ok(self.tell(&[format!("watching {}", count(more, "file", "files"))])),
                }
            }
            other => {
                let whole = Span::new(0, other.len());
                let mistake = Diagnostic::error(Code::Usage, "expected `on` or `off`");
                Err(vec![mistake.at(&request.argument, whole, "neither").help("write `:watch on`")])
            }
        }
    }

    /// Before a line is read: takes over what has changed meanwhile.
    pub(super) fn look_at_files(&mut self) {
        let Some(watch) = &mut self.watch else { return };
        if let Some(read) = &watch.read {
            if let Some(inventory) = read.try_iter().last() {
                let broken = self.session.replace_inventory(inventory);
                self.console().report(&broken);
            }
            return;
        }
        let now = look(watch.stamps.keys());
        if now != watch.stamps {
            watch.stamps = now;
            // What it found has been told.
            let _ = self.reload().map_err(|mistakes| self.report(&mistakes));
            let stamps = stamps(self.session.inventory(), &self.choice);
            if let Some(watch) = &mut self.watch {
                watch.stamps.extend(stamps);
            }
        }
    }

    /// Lets a thread look at the files while a line is typed; `tell` shows what it has found.
    pub(super) fn watch_while_typing(&mut self, mut tell: impl FnMut(String) + Send + 'static) {
        let Some(watch) = &mut self.watch else { return };
        if watch.read.is_some() {
            return;
        }
        let (sender, receiver): (Sender<Inventory>, _) = channel();
        watch.read = Some(receiver);
        let (stop, mut known) = (Arc::clone(&watch.stop), watch.stamps.clone());
        let (choice, engine) = (self.choice.clone(), self.session.engine().clone());
        let mut inventory = self.session.inventory().clone();
        let (colour, format) = (self.shared.color, self.shared.error_format);
        thread::spawn(move || {
            loop {
                thread::sleep(PAUSE);
                if stop.load(Ordering::Relaxed) {
                    return;
                }
                let now = look(known.keys());
                if now == known {
                    continue;
                }
                known = now;
                match reloaded(&choice, &engine, &inventory) {
                    Ok((new, changes)) => {
                        inventory = new;
                        known.extend(stamps(&inventory, &choice));
                        tell(changes.iter().map(|line| format!("{line}\n")).collect());
                        if sender.send(inventory.clone()).is_err() {
                            return;
                        }
                    }
                    Err(found) => {
                        let mut text = Vec::new();
                        let stream = Console::new(colour, format).err;
                        let _ = write(&found, format, invq::render::REPORTS, stream, &mut text);
                        tell(format!("{}{KEPT}\n", String::from_utf8_lossy(&text)));
                    }
                }
            }
        });
    }

    /// Tells people something that is no answer.
    fn tell(&self, lines: &[String]) -> Outcome {
        print(&self.console(), |out| lines.iter().try_for_each(|line| writeln!(out, "{line}")))
    }
}

const KEPT: &str = "the inventory stays as it was";

/// Reads an inventory again. One that has mistakes where the old one had none is not taken.
fn reloaded(choice: &Choice, engine: &Engine, old: &Inventory) -> Reloaded {
    let new = choice.load(engine)?;
    if any_error(mistakes(&new)) && !any_error(mistakes(old)) {
        return Err(mistakes(&new).cloned().collect());
    }
    let lines = changes(old, &new);
    Ok((new, lines))
}

/// What has changed, in a line each.
fn changes(old: &Inventory, new: &Inventory) -> Vec<String> {
    let mut lines = if old.model().nodes.len().max(new.model().nodes.len()) > COMPARED {
        names_changed(old, new)
    } else {
        match old.difference(new) {
            Ok(difference) => diff::short_lines(&difference),
            Err(mistake) => vec![format!("what changed cannot be told: {}", mistake.message)],
        }
    };
    if lines.is_empty() {
        return vec!["no machine and no placement has changed".to_owned()];
    }
    let more = lines.len().saturating_sub(TOLD);
    if more > 0 {
        lines.truncate(TOLD);
        lines.push(format!("… {} more", count(more, "", "").trim()));
    }
    lines
}

/// The machines that come and go.
fn names_changed(old: &Inventory, new: &Inventory) -> Vec<String> {
    fn names(inventory: &Inventory) -> BTreeSet<String> {
        let model = inventory.model();
        (0..u32::try_from(model.nodes.len()).unwrap_or(u32::MAX))
            .map(|node| {
                let cluster = model.nodes.cluster.get(node as usize).copied().unwrap_or(u32::MAX);
                let cluster = model.clusters.get(cluster as usize).map_or("", |cluster| &*cluster.name);
                format!("{cluster}/{}", model.nodes.name(node))
            })
            .collect()
    }
    let (before, after) = (names(old), names(new));
    let gone = before.difference(&after).map(|name| format!("- {name}"));
    gone.chain(after.difference(&before).map(|name| format!("+ {name}"))).collect()
}

/// `inventory.yaml: 12 machines in 3 clusters, 4 services`
pub(super) fn summary(inventory: &Inventory, choice: &Choice) -> String {
    let model = inventory.model();
    let from = match choice {
        Choice::Demo => "the demo inventory".to_owned(),
        Choice::Nothing => return "no inventory is loaded: `:inventory PATH` loads one, `:inventory --demo` the built-in one".to_owned(),
        Choice::Paths(paths) => {
            let paths: Vec<String> = paths.iter().map(|path| path.display().to_string()).collect();
            invq::render::visible(&paths.join(", "), &[]).into_owned()
        }
    };
    let machines = count(model.nodes.len(), "machine", "machines");
    let clusters = count(model.clusters.len(), "cluster", "clusters");
    let services = count(model.services.len(), "service", "services");
    format!("{from}: {machines} in {clusters}, {services}")
}

/// The summary, and the files.
fn described(inventory: &Inventory, choice: &Choice) -> Vec<String> {
    let mut lines = vec![summary(inventory, choice)];
    let model = inventory.model();
    for document in &model.documents {
        lines.push(format!("  {}", invq::render::visible(document.source.name(), &[])));
    }
    let tags: Vec<&str> = model.tags.iter().map(|tag| &*tag.name).collect();
    if !tags.is_empty() && tags.len() <= 20 {
        lines.push(format!("  tags: {}", tags.join(" ")));
    }
    lines
}

/// A mistake about a path, at the path in the line.
fn in_line(mistake: Diagnostic, request: &Request) -> Diagnostic {
    if !mistake.labels.is_empty() {
        return mistake;
    }
    mistake.at(&request.argument, Span::new(0, request.text().len()), "named here")
}

/// The files of an inventory as they are now.
fn stamps(inventory: &Inventory, choice: &Choice) -> Stamps {
    let mut paths: BTreeSet<PathBuf> = BTreeSet::new();
    if let Choice::Paths(named) = choice {
        paths.extend(named.iter().flat_map(|path| [path.clone(), path.join("machines")]));
    }
    let documents = inventory.model().documents.iter();
    paths.extend(documents.map(|document| PathBuf::from(document.source.name())));
    let known: Vec<PathBuf> = paths.iter().cloned().collect();
    for path in known {
        imports(&path, &mut paths);
    }
    paths.retain(|path| path.exists());
    look(paths.iter())
}

/// Adds the files that an expression file imports, and those that these import.
fn imports(path: &Path, paths: &mut BTreeSet<PathBuf>) {
    let is_expression = path.extension().is_some_and(|extension| extension == "invq" || extension == "nix");
    let Some(text) = is_expression.then(|| fs::read_to_string(path).ok()).flatten() else { return };
    let folder = path.parent().unwrap_or(Path::new("."));
    for lexeme in lexemes(&text).into_iter().filter(|lexeme| lexeme.kind == LexemeKind::Path) {
        let imported = folder.join(text.get(lexeme.span.range()).unwrap_or(""));
        if imported.is_file() && paths.insert(imported.clone()) {
            imports(&imported, paths);
        }
    }
}

fn look<'p>(paths: impl Iterator<Item = &'p PathBuf>) -> Stamps {
    let stamp = |path: &PathBuf| {
        let found = fs::metadata(path).ok()?;
        Some((found.modified().ok()?, found.len()))
    };
    paths.map(|path| (path.clone(), stamp(path))).collect()
}
