//! Lines for `/etc/hosts`: each address with the names of its machine.

use std::fmt::Write;

use super::unwritable;
use crate::diagnostic::Diagnostic;
use crate::dialects::clusterconfig::annotations;
use crate::inventory::model::Inventory;

/// The lines of the machines, in their order. A machine without addresses is a comment.
pub(in crate::render) fn hosts(inventory: &Inventory, nodes: &[u32]) -> Result<String, Box<Diagnostic>> {
    let mut text = String::new();
    for node in nodes {
        let name = inventory.nodes.name(*node);
        if name.is_empty() || name.contains('#') || name.contains(char::is_whitespace) {
            return Err(unwritable(name, "hosts"));
        }
        let fqdn = annotations::host(inventory, *node).ok().map(|host| host.fqdn);
        let names = match fqdn.filter(|fqdn| fqdn != name && !fqdn.ends_with('.')) {
            Some(fqdn) => format!("{fqdn} {name}"),
            None => match name.split_once('.') {
                // The short name of a name that is whole already.
                Some((short, _)) if name.parse::<std::net::IpAddr>().is_err() => format!("{name} {short}"),
                _ => name.to_owned(),
            },
        };
        let mut addresses: Vec<String> = Vec::new();
        for address in annotations::addresses(inventory, *node)?.all() {
            if address.parse::<std::net::IpAddr>().is_ok() && !addresses.iter().any(|known| known == address)
            {
                addresses.push(address.to_owned());
            }
        }
        if addresses.is_empty() {
            let _ = writeln!(text, "# {name} has no address");
        }
        for address in addresses {
            let _ = writeln!(text, "{address}\t{names}");
        }
    }
    Ok(text)
}
