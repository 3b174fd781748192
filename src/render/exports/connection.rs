//! How a machine is reached, by what the systems say of it.

use crate::engine::Inventory;
use crate::inventory::document::Node;
use crate::inventory::model::PartKind;

/// How a machine is reached.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Connection {
    /// A name or an address, where another than the machine's own name is known.
    pub(super) host: Option<String>,
    pub(super) user: Option<String>,
    pub(super) port: Option<String>,
    pub(super) key: Option<String>,
}

/// What the inventory says: Ansible's variables, then how the machine is deployed, then its first address.
pub(super) fn connection(inventory: &Inventory, node: u32) -> Connection {
    let mut connection = Connection::default();
    let model = inventory.model();
    let deployment = model.nodes.part(node, PartKind::Deployment).and_then(|raw| model.node(raw));
    if let Some(target) = deployment.and_then(|node| text(node.get("targetHost")?)) {
        // `user@host`, `ssh://user@host:port`
        let target = target.strip_prefix("ssh://").unwrap_or(&target).to_owned();
        let (user, host) = match target.split_once('@') {
            Some((user, host)) => (Some(user.to_owned()), host.to_owned()),
            None => (None, target),
        };
        let (host, port) = match host.rsplit_once(':') {
            Some((host, port)) if !host.contains(':') && port.parse::<u16>().is_ok() => {
                (host.to_owned(), Some(port.to_owned()))
            }
            _ => (host, None),
        };
        connection = Connection { host: Some(host), user, port, key: None };
    }
    let of_deployment = |name: &str| text(deployment?.get(name)?);
    let variable = |name: &str| text(model.variable(node, name)?);
    let port = of_deployment("targetPort");
    connection.host = variable("ansible_host").or(connection.host).or_else(|| address(inventory, node));
    connection.user = variable("ansible_user").or_else(|| of_deployment("targetUser")).or(connection.user);
    connection.port = variable("ansible_port").or(port).or(connection.port);
    connection.key = variable("ansible_ssh_private_key_file");
    connection
}

/// The first address of a machine; none where its modules disagree.
pub(super) fn address(inventory: &Inventory, node: u32) -> Option<String> {
    inventory.machine_addresses(node).ok()?.into_iter().next()
}

/// A name, a path or a number, unless it is a template that somebody else fills in.
fn text(node: Node<'_>) -> Option<String> {
    let text = match node.as_int() {
        Some(number) => number.to_string(),
        None => node.as_str()?.into_owned(),
    };
    let is_plain = !text.is_empty() && !text.contains(['{', '}']) && !text.chars().any(char::is_control);
    is_plain.then_some(text)
}
