//! The words that fields take whose values are known; of Operations Center, as its API has them.

/// What a server's `server_status` may be.
pub const SERVER_STATUSES: &[&str] = &["unknown", "unregistered", "pending", "ready", "offline"];

/// What a server's `server_status_detail` may be.
pub const SERVER_STATUS_DETAILS: &[&str] = &[
    "",
    "registering",
    "re-configuring",
    "updating",
    "updating application",
    "evacuating",
    "restoring",
    "rebooting",
    "shut down",
    "unresponsive",
];

/// What a server's `server_type` may be.
pub const SERVER_TYPES: &[&str] =
    &["incus", "incus-lts-7.0", "migration-manager", "operations-center", "unknown"];

/// What a cluster's `status` may be.
pub const CLUSTER_STATUSES: &[&str] = &["unknown", "pending", "ready"];

/// What a computed `update_state` may be.
pub const UPDATE_STATES: &[&str] = &[
    "undefined",
    "up to date",
    "update pending",
    "updating",
    "evacuation pending",
    "evacuating",
    "reboot pending",
    "rebooting",
    "in maintenance, reboot pending",
    "in maintenance, rebooting",
    "in maintenance, restore pending",
    "restoring",
    "post restore",
];

/// What a computed `recommended_action` may be.
pub const RECOMMENDED_ACTIONS: &[&str] = &["", "update", "reboot", "evacuate", "restore"];

/// The kinds of rows of the inventory: the name of the table, and of one row.
pub const ROW_KINDS: [(&str, &str); 15] = [
    ("images", "image"),
    ("instances", "instance"),
    ("network_acls", "network_acl"),
    ("network_address_sets", "network_address_set"),
    ("network_forwards", "network_forward"),
    ("network_integrations", "network_integration"),
    ("network_load_balancers", "network_load_balancer"),
    ("network_peers", "network_peer"),
    ("network_zones", "network_zone"),
    ("networks", "network"),
    ("profiles", "profile"),
    ("projects", "project"),
    ("storage_buckets", "storage_bucket"),
    ("storage_pools", "storage_pool"),
    ("storage_volumes", "storage_volume"),
];

/// The names of the tables of rows.
pub const TABLES: [&str; 15] = {
    let mut names = [""; 15];
    let mut index = 0;
    #[allow(clippy::indexing_slicing, reason = "the index is below the length of both")]
    while index < names.len() {
        names[index] = ROW_KINDS[index].0;
        index += 1;
    }
    names
};

/// The words for a row's `kind`.
pub const KINDS: [&str; 15] = {
    let mut names = [""; 15];
    let mut index = 0;
    #[allow(clippy::indexing_slicing, reason = "the index is below the length of both")]
    while index < names.len() {
        names[index] = ROW_KINDS[index].1;
        index += 1;
    }
    names
};
