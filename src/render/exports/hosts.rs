//! Lines for `/etc/hosts`: each address with the names of its machine.

use std::fmt::Write;

use super::unwritable;
use crate::diagnostic::Diagnostic;
use crate::engine::Inventory;

/// The lines of the machines, in their order. A machine without addresses is a comment.
pub(in crate::render) fn hosts(inventory: &Inventory, nodes: &[u32]) -> Result<String, Box<Diagnostic>> {
    let mut text = String::new();
    for node in nodes {
        let name = inventory.machine_name(*node);
        if name.is_empty() || name.contains('#') || name.contains(char::is_whitespace) {
            return Err(unwritable(name, "hosts"));
        }
        let fqdn = inventory.machine_fqdn(*node).ok();
        let names = match fqdn.filter(|fqdn| fqdn != name && !fqdn.ends_with('.')) {
            Some(fqdn) => format!("{fqdn} {name}"),
            None => match name.split_once('.') {
                // The short name of a name that is whole already.
                Some((short, _)) if name.parse::<std::net::IpAddr>().is_err() => format!("{name} {short}"),
                _ => name.to_owned(),
            },
        };
        let mut addresses = inventory.machine_addresses(*node)?;
        addresses.retain(|address| address.parse::<std::net::IpAddr>().is_ok());
        if addresses.is_empty() {
            let _ = writeln!(text, "# {name} has no address");
        }
        for address in addresses {
            let _ = writeln!(text, "{address}\t{names}");
        }
    }
    Ok(text)
}
