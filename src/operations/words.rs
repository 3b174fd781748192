//! The words of Operations Center: of its fields, and of IncusOS.

pub use crate::types::words::*;

/// The applications that IncusOS knows, and whether each is a primary one, of which a server has one.
pub const APPLICATIONS: [(&str, bool); 9] = [
    ("debug", false),
    ("gpu-support", false),
    ("incus", true),
    ("incus-ceph", false),
    ("incus-linstor", false),
    ("incus-lts-7.0", true),
    ("migration-manager", true),
    ("openfga", false),
    ("operations-center", true),
];

/// Whether an application is Incus itself.
pub fn is_incus(application: &str) -> bool {
    matches!(application, "incus" | "incus-lts-7.0")
}

/// The services of IncusOS.
pub const SERVICES: [&str; 10] =
    ["ceph", "iscsi", "linstor", "lvm", "multipath", "netbird", "nvme", "ovn", "tailscale", "usbip"];
