//! The final configuration of machines, and who says what in it.

use super::Inventory;
use crate::diagnostic::Diagnostic;
use crate::eval::Evaluation;
use crate::services::Sources;
use crate::value::Fault;

impl Inventory {
    /// Every definition of an option, by its dotted name, in a machine's final configuration.
    ///
    /// # Errors
    /// What the configuration fails with, and an option that nobody defines.
    pub fn sources(&self, machine: u32, option: &str) -> Result<Sources, Diagnostic> {
        let mut evaluation = Evaluation::new(&self.view, &self.view.0.limits, Vec::new());
        self.view.0.sources(machine, option, &mut evaluation).map_err(Fault::into_diagnostic)
    }

    /// Every option that a machine's configuration has a value or a definition of, with its definitions.
    ///
    /// # Errors
    /// What the configuration fails with.
    pub fn all_sources(&self, machine: u32) -> Result<Vec<(String, Sources)>, Diagnostic> {
        let mut evaluation = Evaluation::new(&self.view, &self.view.0.limits, Vec::new());
        self.view.0.all_sources(machine, &mut evaluation).map_err(Fault::into_diagnostic)
    }

    /// The final configuration of a machine.
    ///
    /// # Errors
    /// What it fails with; also an option whose definitions contradict each other.
    pub fn configuration(&self, machine: u32) -> Result<serde_json::Value, Diagnostic> {
        self.machine_field(machine, "config")
    }

    /// What stands at a dotted name in a machine's final configuration; the rest of it may fail.
    ///
    /// # Errors
    /// What this part fails with, and an option that is not there.
    pub fn configuration_at(&self, machine: u32, option: &str) -> Result<serde_json::Value, Diagnostic> {
        self.sources(machine, option)?.value.map_err(|failure| *failure)
    }
}
