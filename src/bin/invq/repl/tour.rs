//! The guided start: eight steps on the demo inventory, each a line to try.

use invq::diagnostic::{Code, Diagnostic};
use invq::engine::session::Request;
use invq::text::Span;

use super::Repl;
use super::answers::dimmed;
use crate::commands::print;
use crate::exit::Outcome;
use crate::inputs::Choice;

/// What a step tells, and its line to try.
const STEPS: [(&str, &str); 8] = [
    ("A filter selects machines. Press Tab behind the quote to see which tags there are.", "tag \"backup\""),
    (
        "Filters combine with && (and), || (or) and ! (not). The hint counts while you type.",
        "tag \"web\" && !cluster \"lab\"",
    ),
    ("A name that does not exist is a mistake, and not an empty answer.", "tag \"bakcup\""),
    (
        "Machines are records. `machines` lists them; after `m.` Tab shows the fields.",
        "map (m: m.fqdn) machines",
    ),
    (
        "What you use again gets a name. `it` is always the last answer.",
        "backups = tag \"backup\" && !hostname \"jon\"",
    ),
    (
        "Lists and sets have Nix's functions. |> reads from left to right.",
        "machines |> groupBy (m: m.cluster) |> mapAttrs (name: members: length members)",
    ),
    (
        "Why does a machine match, or not? Why does it run a service?",
        ":why jon tag \"web\" && !cluster \"lab\"",
    ),
    ("What is `groupBy`? `:doc` without a name lists everything, `:help` the commands.", ":doc groupBy"),
];

impl Repl<'_> {
    /// Begins the tour where a session begins on the demo inventory.
    pub(super) fn begin_tour(&mut self) {
        self.tour = Some(1);
        self.show_step(1);
    }

    /// `:tour`
    pub(super) fn tour(&mut self, request: &Request) -> Result<Outcome, Vec<Diagnostic>> {
        if self.choice != Choice::Demo {
            let mistake = Diagnostic::error(Code::Usage, "the tour is about the demo inventory");
            return Err(vec![mistake.help("write `:inventory --demo`, and then `:tour`")]);
        }
        let text = request.text();
        if text == "off" {
            self.tour = None;
            return Ok(Outcome::Answered);
        }
        let next = self.tour.map_or(1, |step| if step >= STEPS.len() { 1 } else { step + 1 });
        let step = match text {
            "" => Some(next),
            number => number.parse::<usize>().ok().filter(|step| (1..=STEPS.len()).contains(step)),
        };
        let Some(step) = step else {
            let whole = Span::new(0, text.len());
            let mistake = Diagnostic::error(Code::Usage, "expected a step from 1 to 8, or `off`");
            return Err(vec![mistake.at(&request.argument, whole, "no step").help("write `:tour`")]);
        };
        self.tour = Some(step);
        Ok(self.show_step(step))
    }

    /// After a line: the next step, where the line was that of a step.
    pub(super) fn after_line(&mut self, line: &str) {
        let Some(step) = self.tour else { return };
        let tried = STEPS.get(step - 1).is_some_and(|(_, tried)| squeezed(tried) == squeezed(line));
        if !tried {
            return;
        }
        if step == STEPS.len() {
            self.tour = None;
            let text = "That was the tour. `:quit` leaves; `invq -i inventory.yaml` asks your own inventory.";
            print(&self.console(), |out| writeln!(out, "\n{}", dimmed(text, self.style())));
        } else {
            self.tour = Some(step + 1);
            self.show_step(step + 1);
        }
    }

    fn show_step(&self, step: usize) -> Outcome {
        let (text, line) = STEPS.get(step - 1).copied().unwrap_or(("", ""));
        print(&self.console(), |out| {
            writeln!(out, "\n{}", dimmed(&format!("step {step} of {}: {text}", STEPS.len()), self.style()))?;
            writeln!(out, "  {line}")
        })
    }
}

/// A line without what does not matter in it.
fn squeezed(line: &str) -> String {
    line.split_whitespace().collect::<Vec<&str>>().join(" ")
}
