//! `ssh_config`: a block for each machine.

use std::fmt::Write;

use super::connection::connection;
use super::unwritable;
use crate::diagnostic::Diagnostic;
use crate::engine::Inventory;

/// The blocks of the machines, in their order.
pub(in crate::render) fn ssh(inventory: &Inventory, nodes: &[u32]) -> Result<String, Box<Diagnostic>> {
    let mut text = String::new();
    for node in nodes {
        let name = inventory.machine_name(*node);
        // These would be patterns, or several names.
        if name.is_empty()
            || name.contains(['*', '?', '!', '"', '#', '=', ','])
            || name.contains(char::is_whitespace)
        {
            return Err(unwritable(name, "ssh"));
        }
        let connection = connection(inventory, *node);
        let fqdn = inventory.machine_fqdn(*node).ok();
        let fqdn = fqdn.filter(|fqdn| fqdn != name && !fqdn.ends_with('.'));
        let alias = fqdn.as_deref().map_or_else(String::new, |fqdn| format!(" {fqdn}"));
        if !text.is_empty() {
            text.push('\n');
        }
        let _ = writeln!(text, "Host {name}{alias}");
        let lines = [
            ("HostName", connection.host.or(fqdn)),
            ("User", connection.user),
            ("Port", connection.port),
            ("IdentityFile", connection.key),
        ];
        for (keyword, value) in lines {
            if let Some(value) = value.filter(|value| value != name || keyword != "HostName") {
                let value = if value.contains(' ') { format!("\"{value}\"") } else { value };
                let _ = writeln!(text, "    {keyword} {value}");
            }
        }
    }
    Ok(text)
}
