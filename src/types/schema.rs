//! The records of the inventory: which fields each has, and of which types.
//!
//! One table, read by the checker (field names and types), the evaluator (field numbers), completion
//! and the documentation.

use std::sync::{Arc, LazyLock};

use super::tir::NameKind;
use super::{Field, Named, Record, Rest, Type, from_own_text};
use crate::syntax::ast::Name;

/// A field as declared: name (with `?` where it may be missing), type, and what it is.
pub struct FieldEntry {
    /// Its name; a trailing `?` says that it may be missing.
    pub name: &'static str,
    /// Its type as text.
    pub ty: &'static str,
    /// What it is, in one line.
    pub summary: &'static str,
}

macro_rules! fields {
    ($($name:literal : $ty:tt $summary:literal;)*) => {
        &[$(FieldEntry { name: $name, ty: $ty, summary: $summary },)*]
    };
}

/// The type of a `source` field, as text.
const SOURCE: &str = "{ file : String, line : Int, column : Int }";

/// The type of the elements that service closures get, as text.
const ANNOTATIONS: &str = "{ clusterName : String, machineName : String, fqdn : String, ips : { _ : [String] }, serviceAddresses : [{ role : String, address : String, port : Int? }] }";

/// The type of a server's versions, as text; computed fields are among them.
const VERSION_DATA: &str = "{ os : { name : String, version : String, version_next : String, available_version : String, needs_reboot : Bool, needs_update : Bool }, applications : [{ name : String, version : String, friendly_version : String, available_version : String, needs_update : Bool, in_maintenance : Int }], update_channel : String, needs_update : Bool, needs_reboot : Bool, in_maintenance : Int }";

/// The type of how far the update of a cluster is, as text.
const UPDATE_STATUS: &str = "{ needs_update : [String], needs_reboot : [String], in_maintenance : [String], in_progress_status : { in_progress : String, error : String, status_description : String, evacuated_before : [String], pending_reboot : [String], last_updated : String } }";

/// The declared fields of a record, in the order in which they are numbered and shown.
pub fn entries(named: Named) -> &'static [FieldEntry] {
    match named {
        Named::Machine => fields! {
            "name": "String" "the machine's name, unique in its cluster";
            "cluster": "String" "the cluster it is in; `default` where the inventory has none";
            "fqdn": "String" "its fully qualified domain name";
            "path": "Path" "the path by which filters name it";
            "kind": "String" "`physical`, `virtual`, or what the inventory says";
            "system?": "String" "its platform, such as `x86_64-linux`";
            "class": "String" "`nixos` or `darwin`";
            "tags": "[String]" "its final tags, computed ones too";
            "groups": "[String]" "the groups it is in, parents included";
            "ips": "{ all : [String], _ : [String] }" "its addresses by interface, and all of them as `all`";
            "addresses": "[String]" "all its addresses, without repetitions";
            "cloud?": "String" "the cloud it is in";
            "deployment": "Any" "how it is deployed";
            "description?": "String" "what it is for";
            "placements": "[Placement]" "its roles, in the order in which it gets them";
            "services": "[String]" "the services it gets";
            "users": "Any" "users of the cluster and the machine";
            "vars": "Any" "free-form variables";
            "annotations": ANNOTATIONS "what service closures see of it";
            "config": "Any" "its merged configuration";
            "adopted?": "Bool" "whether it has been taken into management";
            "credentials?": "Bool" "whether the inventory says how to log in to it";
            "source": SOURCE "where it is defined";
        },
        Named::Cluster => fields! {
            "name": "String" "its name";
            "fqdn": "String" "its domain name";
            "machines": "{ _ : Machine }" "its machines by name";
            "vms": "{ _ : Machine }" "its VMs by name";
            "nodes": "{ _ : Machine }" "machines and VMs by name";
            "services": "{ _ : Instance }" "its services by name";
            "users": "Any" "users on every machine of the cluster";
            "status?": "String" "its state, where the inventory tracks one";
            "connection_url?": "String" "Operations Center: where people reach it";
            "certificate?": "String" "Operations Center: its certificate";
            "fingerprint?": "String" "Operations Center: the fingerprint of its certificate";
            "channel?": "String" "Operations Center: the channel of its updates";
            "description?": "String" "what it is for";
            "properties?": "{ _ : String }" "Operations Center: what people note of it";
            "config?": "{ rolling_restart : { post_restore_delay : String, restore_mode : String } }" "Operations Center: how it is restarted";
            "update_status?": UPDATE_STATUS "Operations Center: which servers wait for what; computed where it can be";
            "progress?": "String" "Operations Center: how far a rolling update is; empty where there is none";
            "last_updated?": "String" "Operations Center: when it last changed";
            "source?": SOURCE "where it is defined";
        },
        Named::Service => fields! {
            "id": "String" "its identifier: `<clan-core>-zerotier`, `self-A`, or the service's name";
            "name": "String" "its name";
            "input?": "String" "where its module comes from";
            "instances": "[String]" "the names of its instances";
            "constraints": "Any" "how many instances and members it may have";
            "source?": SOURCE "where it is first used";
        },
        Named::Instance => fields! {
            "name": "String" "its name";
            "service": "String" "the identifier of its service";
            "cluster?": "String" "the cluster it belongs to";
            "roles": "{ _ : Role }" "its roles by name";
            "selectors?": "[String]" "the paths that its selectors give";
            "source?": SOURCE "where it is defined";
        },
        Named::Role => fields! {
            "name": "String" "its name";
            "members": "[String]" "the names of its members, unknown ones too, as its system counts them";
            "machines": "[Machine]" "its members that are machines";
            "settings": "{ _ : Any }" "settings by machine";
            "source?": SOURCE "where it is defined";
        },
        Named::Placement => fields! {
            "machine": "String" "the machine's name";
            "cluster": "String" "the machine's cluster";
            "service": "String" "the identifier of the service";
            "instance": "String" "the name of the instance";
            "role": "String" "the role; empty where the service was put on the machine without one";
            "because": "[{ selector : String, source : { file : String, line : Int, column : Int } }]" "what selected the machine";
        },
        Named::Cloud => fields! {
            "name": "String" "its name";
            "blocks": "[String]" "its address blocks";
            "reaches": "[String]" "the clouds that it reaches";
            "machines": "[Machine]" "the machines in it";
            "source?": SOURCE "where it is defined";
        },
        Named::Check => fields! {
            "id": "String" "which check";
            "message": "String" "what does not hold";
            "severity": "String" "`error` or `warning`; hints are told by `invq check` alone";
            "source?": SOURCE "where";
        },
        Named::Explanation => fields! {
            "filter": "String" "the filter, or the part of one, as it could be typed";
            "holds": "Bool" "whether it holds for the machine";
            "fact": "String" "what is known of the machine that decides it; empty where the parts do";
            "parts": "[Explanation]" "what it is made of";
        },
        Named::Edit => fields! {
            "change": "String" "`set` or `remove` a value, `add` an element to a list or `take` it out";
            "at": "[String]" "the names that lead to the value: `machines`, a machine's name, `tags`";
            "value?": "Any" "what is set, added or taken";
        },
        Named::Server => fields! {
            "name": "String" "its name";
            "cluster": "String" "its cluster; empty where it is in none";
            "server_type": "String" "`incus`, `incus-lts-7.0`, `migration-manager`, `operations-center` or `unknown`";
            "server_status": "String" "`unknown`, `unregistered`, `pending`, `ready` or `offline`";
            "server_status_detail": "String" "what its status means more exactly; empty where nothing";
            "update_state": "String" "computed: how it stands with regard to updates";
            "recommended_action": "String" "computed: `update`, `reboot`, `evacuate`, `restore`, or empty";
            "version_data": VERSION_DATA "its versions, with what follows from the newest of its channel";
            "channel": "String" "the channel of its updates";
            "connection_url": "String" "where Operations Center reaches it";
            "public_connection_url": "String" "where people reach it";
            "description": "String" "what it is for";
            "properties": "{ _ : String }" "what people note of it";
            "certificate": "String" "its certificate";
            "fingerprint": "String" "the fingerprint of its certificate";
            "system_uuid": "String" "the UUID of its mainboard";
            "machine_id": "String" "the identifier of its system";
            "hardware_data": "Any" "its hardware";
            "os_data": "Any" "the documents of its system, without secrets";
            "services": "Any" "the documents of its services, without secrets";
            "bmc_config": "Any" "how its management controller is reached, without secrets";
            "bmc_data": "Any" "what its management controller says";
            "last_updated": "String" "when it last changed";
            "last_seen": "String" "when it last answered";
            "system_state_is_trusted": "Bool" "whether its system says that it runs what it should";
            "id?": "Int" "its number in Operations Center";
            "source": SOURCE "where it is defined";
        },
        Named::Resource => fields! {
            "kind": "String" "its kind: `instance`, `network`, `storage_volume`, …";
            "uuid": "String" "its UUID; computed where it is not given";
            "cluster": "String" "its cluster";
            "server": "String" "the server it is on; empty where it is on none";
            "project_name": "String" "its project; empty where it has none";
            "parent_name": "String" "the network or storage pool it belongs to; empty where to none";
            "name": "String" "its name";
            "type": "String" "the type of a storage volume; empty for others";
            "object": "Any" "the object as Incus has it, without secrets";
            "last_updated": "String" "when it was last read";
            "source": SOURCE "where it is defined";
        },
    }
}

static RECORDS: LazyLock<Vec<Arc<Record>>> =
    LazyLock::new(|| Named::ALL.into_iter().map(|named| Arc::new(read(named))).collect());

/// The fields of a record as a closed record type, in declared order.
pub fn record(named: Named) -> Arc<Record> {
    RECORDS.get(named as usize).map_or_else(|| Arc::new(read(named)), Arc::clone)
}

/// The type of what service closures see of a machine.
pub fn annotations() -> Type {
    record(Named::Machine).field("annotations").map_or(Type::Any, |field| field.ty.clone())
}

/// The arguments that a service's closure may take, in the order in which they are told.
pub const CLOSURE_ARGUMENTS: [&str; 4] = ["selectors", "roles", "this", "clusterInfo"];

/// The type of a service's closure that takes some of [`CLOSURE_ARGUMENTS`]; `roles` has exactly the
/// declared roles.
pub fn definition(roles: &[Name], takes: impl Fn(&str) -> bool) -> Type {
    let element = annotations();
    let elements = Type::list(element.clone());
    let field = |name: &str, ty: Type| Field { name: name.into(), ty, optional: false };
    let roles = roles.iter().map(|role| field(role, elements.clone())).collect();
    let types = [elements.clone(), Type::record(roles, Rest::Closed), element, Type::Any];
    let arguments = CLOSURE_ARGUMENTS.into_iter().zip(types).filter(|(name, _)| takes(name));
    let argument = Type::record(arguments.map(|(name, ty)| field(name, ty)).collect(), Rest::Closed);
    Type::function(argument, Type::Any)
}

/// The words that a field takes, where it takes no others.
pub fn words(named: Named, name: &str) -> Option<&'static [&'static str]> {
    use super::words;
    Some(match (named, name) {
        (Named::Server, "server_status") => words::SERVER_STATUSES,
        (Named::Server, "server_status_detail") => words::SERVER_STATUS_DETAILS,
        (Named::Server, "server_type") => words::SERVER_TYPES,
        (Named::Server, "update_state") => words::UPDATE_STATES,
        (Named::Server, "recommended_action") => words::RECOMMENDED_ACTIONS,
        (Named::Cluster, "status") => words::CLUSTER_STATUSES,
        (Named::Resource, "kind") => &words::KINDS,
        (Named::Machine, "class") => &["nixos", "darwin"],
        (Named::Check, "severity") => &["error", "warning"],
        _ => return None,
    })
}

/// What a field names, where it is the name of something of the inventory, or a list of such names.
pub fn names(named: Named, name: &str) -> Option<NameKind> {
    Some(match (named, name) {
        (Named::Machine | Named::Server, "name") | (Named::Placement, "machine") => NameKind::Source,
        (
            Named::Machine | Named::Placement | Named::Instance | Named::Server | Named::Resource,
            "cluster",
        )
        | (Named::Cluster, "name") => NameKind::Cluster,
        (Named::Machine, "kind") => NameKind::Kind,
        (Named::Machine, "system") => NameKind::System,
        (Named::Machine, "tags") => NameKind::Tag,
        (Named::Machine, "groups") => NameKind::Group,
        (Named::Machine, "cloud") | (Named::Cloud, "name") => NameKind::Cloud,
        (Named::Machine, "services")
        | (Named::Placement | Named::Instance, "service")
        | (Named::Service, "name" | "id") => NameKind::Service,
        (Named::Placement, "instance") | (Named::Instance, "name") => NameKind::Instance,
        (Named::Placement, "role") | (Named::Role, "name") => NameKind::Role,
        _ => return None,
    })
}

/// The number of a field in its record.
pub fn field_index(named: Named, name: &str) -> Option<usize> {
    entries(named).iter().position(|entry| entry.name.trim_end_matches('?') == name)
}

fn read(named: Named) -> Record {
    let fields = entries(named)
        .iter()
        .map(|entry| Field {
            name: entry.name.trim_end_matches('?').into(),
            ty: from_own_text(entry.ty).ty,
            optional: entry.name.ends_with('?'),
        })
        .collect();
    Record { fields, rest: Rest::Closed }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::syntax::parse;
    use crate::text::Source;
    use crate::types::from_expression;

    #[test]
    fn every_field_type_can_be_read() {
        for named in Named::ALL {
            for entry in entries(named) {
                let source = Source::new("<type>", entry.ty);
                let expression = parse::type_expression(&source);
                assert!(expression.is_ok(), "{} {}", named.word(), entry.name);
                assert!(
                    expression.is_ok_and(|expression| from_expression(&expression).is_ok()),
                    "{} {}",
                    named.word(),
                    entry.name
                );
            }
        }
    }
}
