//! `:load`, `:save` and `:edit`.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command as Process;

use invq::diagnostic::{Code, Diagnostic};
use invq::engine::reason;
use invq::engine::session::Request;
use invq::text::{Span, count, quoted};
use invq::{Format, Limit};

use super::{Next, Repl};
use crate::commands::print;
use crate::exit::Outcome;
use crate::inputs::read_source;

/// How scripts begin.
const SCRIPT: &str = "#!";

impl Repl<'_> {
    /// `:load`
    pub(super) fn load(&mut self, request: &Request) -> Result<Outcome, Vec<Diagnostic>> {
        let path = path(request.text());
        if path.is_dir() || !matches!(Format::of_path(&path), None | Some(Format::Expression)) {
            return self.inventory(request);
        }
        let source =
            read_source(&path, Limit::Source).map_err(|failure| vec![at_argument(*failure, request)])?;
        let is_definitions = match invq::syntax::parse::line_within(&source, self.session.limits()) {
            Ok(invq::syntax::ast::Line::Bindings(_)) => true,
            Ok(_) => source.text().starts_with(SCRIPT),
            // An inventory's own reader says what is wrong with it.
            Err(_) => source.text().starts_with(SCRIPT) || begins_with_binding(source.text()),
        };
        if !is_definitions {
            return self.inventory(request);
        }
        let wish = self.wish();
        let outcomes = self.session.load(&source, wish)?;
        let mut last = Outcome::Answered;
        for outcome in outcomes {
            last = self.show(outcome)?;
        }
        Ok(last)
    }

    /// `:save`
    pub(super) fn save(&self, request: &Request) -> Result<Outcome, Vec<Diagnostic>> {
        let path = path(request.text());
        let fail = |message: String| vec![at_argument(Diagnostic::error(Code::Io, message), request)];
        if path.exists() {
            let is_script = fs::read_to_string(&path).is_ok_and(|text| text.starts_with(SCRIPT));
            if !is_script {
                let message = format!("{} is there already, and is no script", quoted(request.text()));
                return Err(vec![
                    at_argument(Diagnostic::error(Code::Usage, message), request).help("choose another name"),
                ]);
            }
        }
        fs::write(&path, self.session.script())
            .and_then(|()| make_executable(&path))
            .map_err(|error| fail(format!("cannot write {}: {}", quoted(request.text()), reason(&error))))?;
        let names = count(self.session.definitions().len(), "name", "names");
        let line = format!("{names} and the last question are in {}", quoted(request.text()));
        if !self.on_terminal {
            return Ok(Outcome::Answered);
        }
        Ok(print(&self.console(), |out| writeln!(out, "{line}")))
    }

    /// `:edit`
    pub(super) fn edit(&mut self, request: &Request) -> Result<Next, Vec<Diagnostic>> {
        let name = request.text();
        let text = if name.is_empty() {
            self.typed
                .iter()
                .rev()
                .find(|line| !line.trim_start().starts_with(':'))
                .cloned()
                .unwrap_or_default()
        } else {
            match self.session.definitions().into_iter().find(|(known, _, _)| known == name) {
                Some((_, _, text)) => text,
                None => format!("{name} = "),
            }
        };
        let edited = edited(&text).map_err(|message| {
            let help = "set `$EDITOR` to an editor that waits until the file is closed";
            vec![Diagnostic::error(Code::Io, message).help(help)]
        })?;
        let source = self.session.line(edited.trim_end());
        let mut next = Next::Line(Outcome::Answered);
        for piece in self.session.cut(&source) {
            if self.on_terminal {
                print(&self.console(), |out| {
                    writeln!(out, "{}", super::answers::dimmed(piece.text(), self.style()))
                });
            }
            next = self.enter(&piece);
            if !matches!(next, Next::Line(Outcome::Answered)) {
                break;
            }
            self.keep_line(piece.text());
        }
        Ok(next)
    }
}

/// Whether a text was meant as definitions: its first line that says something begins with `name =`.
fn begins_with_binding(text: &str) -> bool {
    let line = text.lines().map(str::trim).find(|line| !line.is_empty() && !line.starts_with('#'));
    let Some((name, value)) = line.and_then(|line| line.split_once('=')) else { return false };
    let name = name.trim();
    !value.starts_with('=')
        && !name.is_empty()
        && name.chars().all(|next| next.is_ascii_alphanumeric() || "_-'.\"".contains(next))
}

/// A path as it is typed: `~/` is the home folder, and quotes may be around it.
pub(super) fn path(text: &str) -> PathBuf {
    let text = text.strip_prefix('"').and_then(|inside| inside.strip_suffix('"')).unwrap_or(text);
    match (text.strip_prefix("~/"), env::var_os("HOME")) {
        (Some(rest), Some(home)) => Path::new(&home).join(rest),
        _ => PathBuf::from(text),
    }
}

fn at_argument(mistake: Diagnostic, request: &Request) -> Diagnostic {
    if !mistake.labels.is_empty() {
        return mistake;
    }
    mistake.at(&request.argument, Span::new(0, request.text().len()), "named here")
}

/// What an editor makes of a text.
fn edited(text: &str) -> Result<String, String> {
    let editor =
        ["VISUAL", "EDITOR"].into_iter().find_map(|name| env::var(name).ok().filter(|word| !word.is_empty()));
    let editor = editor.unwrap_or_else(|| "vi".to_owned());
    let path = env::temp_dir().join(format!("invq-{}.invq", std::process::id()));
    let fail = |error: std::io::Error| format!("the line cannot be edited: {}", reason(&error));
    fs::write(&path, format!("{text}\n")).map_err(fail)?;
    // Editors are often set with arguments of their own.
    let status = Process::new("sh").args(["-c", &format!("{editor} \"$1\""), "sh"]).arg(&path).status();
    let result = match status {
        Ok(status) if status.success() => fs::read_to_string(&path).map_err(fail),
        Ok(_) => Err(format!("the editor {} ended with a failure; nothing was entered", quoted(&editor))),
        Err(error) => Err(fail(error)),
    };
    let _ = fs::remove_file(&path);
    result
}

#[cfg(unix)]
fn make_executable(path: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    let mut permissions = fs::metadata(path)?.permissions();
    permissions.set_mode(permissions.mode() | 0o111);
    fs::set_permissions(path, permissions)
}

#[cfg(not(unix))]
fn make_executable(_: &Path) -> std::io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn definitions_are_known_by_their_first_line() {
        assert!(begins_with_binding("# mine\n\nweb = tag \"web\" &&;\n"));
        assert!(begins_with_binding("a.b = 1"));
        assert!(!begins_with_binding("{ machines = {"));
        assert!(!begins_with_binding("a == b"));
        assert!(!begins_with_binding(""));
    }
}
