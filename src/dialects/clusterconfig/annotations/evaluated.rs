//! The same facts from a configuration whose modules have been evaluated, functions among them.

use serde_json::Value as Json;

use super::{Addresses, DHCP, Host, own_interfaces};
use crate::diagnostic::{Code, Diagnostic};
use crate::inventory::model::Inventory;
use crate::modules::{Failure, Merged};

/// An option as data; nothing where it is not defined, or null.
fn option(merged: &Merged, names: &[&str]) -> Result<Option<Json>, Failure> {
    let value = merged.get(names).cloned().map(Merged::into_json).transpose()?;
    Ok(value.filter(|value| !value.is_null()))
}

fn text(merged: &Merged, names: &[&str]) -> Result<String, Failure> {
    match option(merged, names)? {
        None => Ok(String::new()),
        Some(Json::String(text)) => Ok(text),
        Some(other) => Err(wrong(names, "a string", &other)),
    }
}

fn wrong(names: &[&str], expected: &str, found: &Json) -> Failure {
    let option = crate::inventory::path::print(names);
    let found = match found {
        Json::Null => "null",
        Json::Bool(_) => "a boolean",
        Json::Number(_) => "a number",
        Json::String(_) => "a string",
        Json::Array(_) => "a list",
        Json::Object(_) => "a set",
    };
    let message = format!("expected {expected} in the option `{option}`, found {found}");
    Box::new(Diagnostic::error(Code::InvalidOption, message))
}

/// The host name, domain and domain name.
///
/// # Errors
/// Modules that set one of them differently, and names that are no host names.
pub fn host(merged: &Merged) -> Result<Host, Failure> {
    Ok(Host {
        name: text(merged, &["networking", "hostName"])?,
        domain: text(merged, &["networking", "domain"])?,
        fqdn: text(merged, &["networking", "fqdn"])?,
    })
}

/// The platform.
///
/// # Errors
/// Modules that say it differently.
pub fn platform(merged: &Merged) -> Result<Option<String>, Failure> {
    let platform = text(merged, &["nixpkgs", "hostPlatform"])?;
    Ok(Some(platform).filter(|platform| !platform.is_empty()))
}

/// The addresses: the machine's `ips`, and those of the interfaces of its configuration.
///
/// # Errors
/// Malformed interfaces.
pub fn addresses(inventory: &Inventory, node: u32, merged: &Merged) -> Result<Addresses, Failure> {
    let mut addresses = own_interfaces(inventory, node);
    let interfaces = match option(merged, &["networking", "interfaces"])? {
        Some(Json::Object(interfaces)) => interfaces,
        Some(other) => return Err(wrong(&["networking", "interfaces"], "a set", &other)),
        None => return Ok(addresses),
    };
    for (name, interface) in interfaces {
        let found = addresses.interfaces.entry(name.clone()).or_default();
        for family in ["ipv4", "ipv6"] {
            let names = ["networking", "interfaces", &name, family, "addresses"];
            let list = interface.get(family).and_then(|family| family.get("addresses"));
            for entry in list.and_then(Json::as_array).into_iter().flatten() {
                match entry.get("address").and_then(Json::as_str) {
                    Some(address) => found.push(address.to_owned()),
                    None => return Err(wrong(&names, "a set with the text `address`", entry)),
                }
            }
        }
        if interface.get("useDHCP").and_then(Json::as_bool) == Some(true) {
            found.push(DHCP.to_owned());
        }
    }
    Ok(addresses)
}
