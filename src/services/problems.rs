//! What is wrong with an inventory beyond the mistakes that reading it shows: filters that fail or need
//! each other, members that are not there, configuration that conflicts, and checks that do not hold.

use std::collections::HashSet;
use std::sync::Arc;

use super::configuration;
use super::lints::lints;
use super::loaded::{Loaded, View};
use super::members::Member;
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::dialects::clusterconfig::annotations;
use crate::eval::Evaluation;
use crate::inventory::model::{Check, Part, Spot};
use crate::value::{Fault, Filter, FilterKind, Value};

/// Evaluates what queries may ask of every part, and tells what fails; mistakes of the model are not
/// among it.
pub(super) fn problems(loaded: &Arc<Loaded>) -> Vec<Diagnostic> {
    let mut found = Found { loaded, is_sure: true, seen: HashSet::new(), problems: Vec::new() };
    for mistake in loaded.model.mistakes.iter() {
        found.seen.insert(key(&mistake.diagnostic));
    }
    if loaded.usable(&Part::Everything).is_ok() {
        found.filters();
        found.roles();
        found.settings();
        found.machines();
        found.checks();
        found.lints();
    }
    // What machines or the inventory as a whole have wrong hides no mistakes of services.
    if let Some(all) = loaded.in_spite_of_mistakes() {
        let mut hidden =
            Found { loaded: &Arc::new(all), seen: found.seen, problems: Vec::new(), is_sure: false };
        hidden.filters();
        hidden.roles();
        hidden.settings();
        hidden.machines();
        found.problems.extend(hidden.problems);
    }
    found.problems
}

/// Mistakes that may follow from one that is told already, where not everything can be used.
const CONSEQUENCES: [Code; 5] =
    [Code::UnknownName, Code::UnknownMachine, Code::UnknownTag, Code::UnresolvedPath, Code::WrongCount];

struct Found<'f> {
    loaded: &'f Arc<Loaded>,
    /// Whether everything that it looks at can be used.
    is_sure: bool,
    /// One cause gives one message, however many parts it spoils.
    seen: HashSet<Key>,
    problems: Vec<Diagnostic>,
}

/// What makes two diagnostics the same: code, message and place.
type Key = (Code, String, Option<(String, u32)>);

fn key(diagnostic: &Diagnostic) -> Key {
    let place = diagnostic.labels.first().map(|label| {
        let (source, span) = label.source.locate(label.span);
        (source.name().to_owned(), span.start)
    });
    (diagnostic.code, diagnostic.message.clone(), place)
}

impl Found<'_> {
    fn add(&mut self, diagnostic: Diagnostic, spot: Option<Spot>) {
        if !self.is_sure && CONSEQUENCES.contains(&diagnostic.code) {
            return;
        }
        let mut diagnostic = self.loaded.placed(diagnostic, spot);
        let Some(severity) = self.loaded.severities.of(&diagnostic) else { return };
        diagnostic.severity = severity;
        if self.seen.insert(key(&diagnostic)) {
            self.problems.push(diagnostic);
        }
    }

    /// Named filters, each in all clusters. Of a cycle the first filter tells.
    fn filters(&mut self) {
        let loaded = Arc::clone(self.loaded);
        let view = View(Arc::clone(&loaded));
        let mut cyclic = false;
        for (index, filter) in (0..).zip(&loaded.model.filters) {
            if loaded.usable(&Part::Filter(index)).is_err() {
                continue;
            }
            let mut evaluation = Evaluation::new(&view, &loaded.limits, Vec::new());
            let named = Value::Filter(Filter::new(FilterKind::Named(filter.name.clone())).into());
            if let Err(fault) = evaluation.resolve(&named, None) {
                let diagnostic = fault.into_diagnostic();
                if diagnostic.code == Code::FilterCycle && std::mem::replace(&mut cyclic, true) {
                    continue;
                }
                self.add(diagnostic, Some(filter.spot));
            }
        }
    }

    /// The filters of roles and selectors.
    fn roles(&mut self) {
        let loaded = Arc::clone(self.loaded);
        let resolved = match loaded.resolved() {
            Ok(resolved) => resolved,
            Err(fault) => return self.add(fault.into_diagnostic(), None),
        };
        for (declared, members) in loaded.model.instances.iter().zip(&resolved.instances) {
            let selectors = declared.selectors.iter().zip(&members.selectors);
            let selectors = selectors.map(|(selections, members)| (selections, members, declared.spot));
            let roles = declared.roles.iter().zip(&members.roles);
            let roles = roles.map(|(role, members)| (&role.selections, members, role.spot));
            for (selections, members, spot) in selectors.chain(roles) {
                // Of several selections it is not known which one has given what.
                let spot = match selections.as_slice() {
                    [only] => Some(only.spot),
                    _ => spot,
                };
                for error in &members.errors {
                    self.add(error.clone(), spot);
                }
                for member in members.iter().filter(|_| declared.cluster.is_some()) {
                    // Paths that do not even begin as such are among the errors.
                    if let Member::Unknown(path) = member
                        && (path.starts_with("domain") || members.errors.is_empty())
                    {
                        self.add(crate::eval::paths::unresolved(&path).into_diagnostic(), spot);
                    }
                }
            }
        }
    }

    /// The settings of the members of roles.
    fn settings(&mut self) {
        let loaded = Arc::clone(self.loaded);
        for (index, declared) in (0..).zip(&loaded.model.instances) {
            for (role, of_role) in (0..).zip(&declared.roles) {
                if let Ok(members) = loaded.members(index, role) {
                    for problem in super::settings::problems(&loaded, index, role, members) {
                        self.add(problem, of_role.spot);
                    }
                }
            }
        }
    }

    /// The final configuration of each machine.
    fn machines(&mut self) {
        let loaded = Arc::clone(self.loaded);
        let view = View(Arc::clone(&loaded));
        let begin = || Evaluation::new(&view, &loaded.limits, Vec::new());
        // One run, so that services share what their closures get on all machines.
        let mut run = None;
        for node in 0..u32::try_from(loaded.model.nodes.len()).unwrap_or(u32::MAX) {
            if loaded.usable(&Part::Node(node)).is_err() {
                continue;
            }
            let spot = loaded.model.nodes.spot.get(node as usize).copied();
            let mut made = configuration::failures(&loaded, node, run.get_or_insert_with(begin));
            if made.as_ref().is_err_and(|fault| fault.diagnostic().code == Code::LimitReached) {
                // Limits are meant for one question, and this is one for each machine. What the old run
                // has used counts until it is gone.
                drop(run.take());
                made = configuration::failures(&loaded, node, run.insert(begin()));
            }
            let mut failures = Vec::new();
            match made {
                Ok(found) => failures = found,
                Err(fault) => {
                    let code = fault.diagnostic().code;
                    self.add(fault.into_diagnostic(), spot);
                    match code {
                        Code::Interrupted => return,
                        Code::LimitReached => drop(run.take()),
                        _ => {}
                    }
                }
            }
            let users = annotations::users(&loaded.model, node).map(drop);
            let addresses = loaded.interfaces(node).map(drop).map_err(Fault::into_diagnostic);
            for failure in users.err().map(|failure| *failure).into_iter().chain(addresses.err()) {
                // What contradicts itself in the inventory does so in the configuration too.
                let span = failure.labels.first().map(|label| label.span);
                if !failures.iter().any(|known| known.labels.first().map(|label| label.span) == span) {
                    failures.push(failure);
                }
            }
            for failure in failures {
                self.add(failure, spot);
            }
        }
    }

    /// The checks of the system itself.
    fn checks(&mut self) {
        let loaded = Arc::clone(self.loaded);
        match loaded.own_checks() {
            Ok(checks) => checks.iter().for_each(|check| self.add(failed(check), check.spot)),
            Err(fault) => self.add(fault.into_diagnostic(), None),
        }
    }

    /// What is hardly meant.
    fn lints(&mut self) {
        let loaded = Arc::clone(self.loaded);
        let known = loaded.model.mistakes.iter().map(|mistake| &mistake.diagnostic);
        let whole = known.chain(&self.problems).all(|mistake| mistake.severity < Severity::Error);
        match lints(&loaded, whole) {
            Ok(found) => found.into_iter().for_each(|lint| self.add(lint.diagnostic, lint.spot)),
            Err(fault) => self.add(fault.into_diagnostic(), None),
        }
    }
}

/// A check that does not hold, as a mistake.
fn failed(check: &Check) -> Diagnostic {
    // The system's own words may have several lines; the first says what it is about.
    let message = check.message.lines().next().unwrap_or_default().trim_end_matches(['.', ':']);
    let diagnostic = Diagnostic::error(Code::CheckFailed, message);
    Diagnostic { severity: check.severity, ..diagnostic }.help(format!("it is the check `{}`", check.id))
}
