//! Addresses of servers: by role, and what an address of one member is on another.

use std::net::IpAddr;

use serde_json::Value as Json;

use super::servers::{interfaces, title};
use super::{Kind, Mistake, texts};

/// The port of Incus' API.
const PORT: u16 = 8443;

/// The address of a server in a role: of interfaces by name the first that has one, IPv6 before IPv4.
pub fn with_role(server: &Json, role: &str) -> Option<IpAddr> {
    interfaces(server).into_iter().find_map(|(_, interface)| {
        if !texts(interface, "roles").contains(&role) {
            return None;
        }
        let found: Vec<IpAddr> = addresses(interface);
        found.iter().find(|address| address.is_ipv6()).or(found.first()).copied()
    })
}

fn addresses(interface: &Json) -> Vec<IpAddr> {
    texts(interface, "addresses").into_iter().filter_map(|address| address.parse().ok()).collect()
}

/// An address with the port of Incus' API.
pub(super) fn with_port(address: IpAddr) -> String {
    std::net::SocketAddr::new(address, PORT).to_string()
}

/// What an address of one server is on another: that of the same role and family.
///
/// # Errors
/// An address that the one server does not have, and none of its roles on the other.
pub fn on_member(reference: &Json, address: &str, target: &Json) -> Result<String, Mistake> {
    let Ok(wanted) = address.parse::<IpAddr>() else { return Ok(address.to_owned()) };
    if wanted.is_unspecified() {
        return Ok(address.to_owned());
    }
    let holder =
        interfaces(reference).into_iter().find(|(_, interface)| addresses(interface).contains(&wanted));
    let Some((_, holder)) = holder.filter(|(_, interface)| !texts(interface, "roles").is_empty()) else {
        let message = format!(
            "Failed to determine the role of the network interface of server {} with the address {address:?} assigned",
            title(reference)
        );
        return Err(Mistake::of(Kind::Validation, reference, message));
    };
    let roles = texts(holder, "roles");
    let found = roles.iter().find_map(|role| {
        let having =
            interfaces(target).into_iter().filter(|(_, interface)| texts(interface, "roles").contains(role));
        having
            .flat_map(|(_, interface)| addresses(interface))
            .find(|found| found.is_ipv4() == wanted.is_ipv4())
    });
    found.map(|found| found.to_string()).ok_or_else(|| {
        let family = if wanted.is_ipv4() { "IPv4" } else { "IPv6" };
        let message = format!(
            "Failed to determine an {family} address of server {} for the network interface with {:?} role",
            title(target),
            roles.join(", ")
        );
        Mistake::of(Kind::Validation, target, message)
    })
}

/// What an address to listen on, `address:port`, is on another server. Names, and addresses that stand for
/// all, stay as they are.
///
/// # Errors
/// As [`on_member`].
pub fn listening_on_member(reference: &Json, listen: &str, target: &Json) -> Result<String, Mistake> {
    match listen.parse::<std::net::SocketAddr>() {
        Ok(socket) => {
            let found = on_member(reference, &socket.ip().to_string(), target)?;
            Ok(match found.parse::<IpAddr>() {
                Ok(address) => std::net::SocketAddr::new(address, socket.port()).to_string(),
                Err(_) => listen.to_owned(),
            })
        }
        Err(_) => on_member(reference, listen, target),
    }
}
