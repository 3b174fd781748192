//! Answers of a session: what a reader looks at on a terminal, and everything elsewhere.

use invq::diagnostic::Diagnostic;
use invq::engine::session::Outcome as Entered;
use invq::render::{self, Format, Style};

use super::Repl;
use crate::commands::{print, query};
use crate::exit::Outcome;

impl Repl<'_> {
    /// Shows what a line came to.
    pub(super) fn show(&self, entered: Entered) -> Result<Outcome, Vec<Diagnostic>> {
        let console = self.console();
        match entered {
            Entered::Nothing | Entered::Command(_) => Ok(Outcome::Answered),
            Entered::Defined(_) if !self.on_terminal => Ok(Outcome::Answered),
            Entered::Defined(names) => Ok(print(&console, |out| {
                let style = self.style();
                names.iter().try_for_each(|(name, ty)| {
                    let ty = render::visible(ty, &[]);
                    writeln!(out, "{}", dimmed(&format!("{name} : {ty}"), style))
                })
            })),
            Entered::Answer(answer) if self.settings.output == Format::Type => {
                let ty = invq::types::Printer::default().print(answer.ty());
                Ok(print(&console, |out| writeln!(out, "{ty}")))
            }
            Entered::Answer(answer) => {
                query::write(*answer, self.query, self.settings.output, self.session.inventory(), &console)
            }
            Entered::Shown(ty, shown) => {
                let inventory = self.session.inventory();
                let rows = self.settings.room.rows;
                Ok(print(&console, |out| {
                    render::write_shown(inventory, &ty, &shown, rows, self.style(), out)
                }))
            }
        }
    }

    /// What standard output can show.
    pub(super) fn style(&self) -> Style {
        let out = self.console().out;
        Style { colour: out.colour, width: out.width }
    }
}

/// A text that is less important than an answer.
pub(super) fn dimmed(text: &str, style: Style) -> String {
    if style.colour { format!("\x1b[2m{text}\x1b[0m") } else { text.to_owned() }
}
