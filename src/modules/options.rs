//! The options whose merge is known: the few of NixOS that ClusterConfig reads or sets.
//!
//! What stands in no table is data of any shape: sets merge, lists follow one another, and other values
//! must agree. The types and defaults are those of the modules of nixpkgs.

/// How the definitions of an option become its value.
pub enum Shape {
    /// More options, and data of any shape beside them. A mark around the set holds for each of them.
    Set(&'static [(&'static str, Shape)]),
    /// A set of submodules by name, each of this shape. NixOS turns the order of modules around once
    /// more in there, so that lists read in the order of the modules.
    Each(&'static Shape),
    /// A value on which all definitions agree.
    One(Otherwise),
    /// Texts, one line after the other.
    Lines,
    /// Lists, one after the other.
    List,
    /// Data of any shape.
    Any,
}

/// What a value is where nobody defines it.
pub enum Otherwise {
    /// Nothing: it is not there.
    Missing,
    /// `null`
    Null,
    /// `false`
    False,
}

use Otherwise::{False, Missing, Null};
use Shape::{Each, Lines, List, One, Set};

/// The options of a machine.
pub const MACHINE: &[(&str, Shape)] = &[
    (
        "networking",
        Set(&[
            ("domain", One(Missing)),
            ("extraHosts", Lines),
            ("firewall", Set(&[("allowedTCPPorts", List), ("allowedUDPPorts", List)])),
            ("fqdn", One(Missing)),
            ("hostName", One(Missing)),
            ("interfaces", Each(&INTERFACE)),
        ]),
    ),
    ("nixpkgs", Set(&[("hostPlatform", One(Missing))])),
    ("users", Set(&[("users", Each(&USER))])),
];

const ADDRESSES: Shape = Set(&[("addresses", List)]);

const INTERFACE: Shape = Set(&[("ipv4", ADDRESSES), ("ipv6", ADDRESSES), ("useDHCP", One(Null))]);

const USER: Shape = Set(&[
    ("extraGroups", List),
    ("hashedPassword", One(Null)),
    ("isNormalUser", One(False)),
    ("openssh", Set(&[("authorizedKeys", Set(&[("keys", List)]))])),
]);
