//! Operations Center's rules as functions; what they do is in [`crate::operations`].

use serde_json::{Value as Json, json};

use super::hashes::sha1;
use super::support::{invalid, text_list, texts};
use crate::operations::{
    self, Mistake, addresses, bulk, clustering, consistency, preseed, progress, removal, rows, servers,
    states, templates, text, versions,
};
use crate::value::{Evaluator, Fault, Value, from_json, to_json};

/// What belongs to a record and is none of its fields, by the names under which it is asked for.
pub const RELATED_SERVER: &str = "<server>";
/// The machine that a server is.
pub const RELATED_MACHINE: &str = "<machine>";
/// The rows on a server.
pub const RELATED_ROWS: &str = "<rows>";
/// The servers of a cluster.
pub const RELATED_SERVERS: &str = "<servers>";

table! {
    "serverOf" ["operationsCenter"] "Machine -> Server?"
        "the server that a machine is; null where it is none of Operations Center's"
        "`where (m: let s = operationsCenter.serverOf m; in s != null && s.version_data.needs_update)` is a filter."
        { "map operationsCenter.serverOf (take 1 machines)" => "[null]"
          "where (m: let s = operationsCenter.serverOf m; in s != null && s.version_data.needs_update)" => "[]" }
        |ev, machine| related(ev, machine, RELATED_SERVER);
    "hostOf" ["operationsCenter"] "Resource -> Server?"
        "the server that a row of the inventory is on; null where it is on none, or on one that is not known"
        ""
        { "map operationsCenter.hostOf resources.instances" => "[]"
          "map (row: (operationsCenter.hostOf row).name) resources.instances" => "error: type-mismatch" }
        |ev, row| related(ev, row, RELATED_SERVER);
    "machineOf" ["operationsCenter"] "Server -> Machine"
        "the machine that a server is"
        ""
        { "map operationsCenter.machineOf servers" => "[]"
          "operationsCenter.machineOf (head machines)" => "error: type-mismatch" }
        |ev, server| related(ev, server, RELATED_MACHINE);
    "resourcesOn" ["operationsCenter"] "Server -> [Resource]"
        "the rows of the inventory that are on a server"
        ""
        { "map operationsCenter.resourcesOn servers" => "[]"
          "foldl' (sum: s: sum + length (operationsCenter.resourcesOn s)) 0 servers" => "0" }
        |ev, server| related(ev, server, RELATED_ROWS);
    "serversOf" ["operationsCenter"] "Cluster -> [Server]"
        "the servers of a cluster"
        ""
        { "mapAttrs (name: operationsCenter.serversOf) clusters" => "{\"edge\":[],\"lab\":[],\"prod\":[]}"
          "operationsCenter.serversOf \"lab\"" => "error: type-mismatch" }
        |ev, cluster| related(ev, cluster, RELATED_SERVERS);
    "validateTemplate" ["operationsCenter"] "Any -> [{ kind : String, message : String, server : String }]"
        "what is wrong with a cluster template, in Operations Center's order"
        "The template is `{ name, service_config_template, application_config_template, variables }`."
        { "operationsCenter.validateTemplate { name = \"t\"; service_config_template = \"a: @A@\"; variables.A = { }; }" => "[]"
          "map (m: m.message) (operationsCenter.validateTemplate { name = \"t\"; variables.A = { }; })" => "[\"Defined variable \\\"A\\\" is not used in any template\"]" }
        |ev, template| Ok(mistakes(templates::validate(&to_json(ev, template)?)));
    "applyTemplate" ["operationsCenter"] "Any -> Any -> { services_config : Any, application_seed_config : Any, unknown : [String], mistakes : [{ kind : String, message : String, server : String }] }"
        "the documents that a cluster template gives with values for its variables"
        "All placeholders are replaced in one pass, so that no value is looked at again. All variables without a value are mistakes at once; values for which there is no variable are `unknown`."
        { "(operationsCenter.applyTemplate { name = \"t\"; service_config_template = \"lvm: { enabled: @E@ }\"; variables.E = { }; } { E = true; }).services_config" => "{\"lvm\":{\"enabled\":true}}"
          "(operationsCenter.applyTemplate { name = \"t\"; variables.E = { }; } { F = 1; }).unknown" => "[\"F\"]" }
        |ev, template, values| {
            let applied = templates::apply(&to_json(ev, template)?, &to_json(ev, values)?);
            Ok(from_json(&json!({
                "services_config": applied.services_config,
                "application_seed_config": applied.application_seed_config,
                "unknown": applied.unknown,
                "mistakes": list(&applied.mistakes),
            })))
        };
    "decodeValues" ["operationsCenter"] "String -> String -> { _ : String }"
        "values for a template's variables from a document, `json` or `yaml`, as texts"
        "The format comes first."
        { "operationsCenter.decodeValues \"yaml\" \"A: true\\nB: 42\"" => "{\"A\":\"true\",\"B\":\"42\"}" "operationsCenter.decodeValues \"json\" \"{ \\\"A\\\": [] }\"" => "error: invalid-value" }
        |ev, format, document| {
            let (format, document) = (ev.string(format)?, ev.string(document)?);
            if !matches!(&*format, "json" | "yaml") {
                let message = format!("{} is no format of values", crate::text::quoted(&format));
                return Err(invalid(message, "write `\"json\"` or `\"yaml\"`"));
            }
            templates::decode_values(&format, &document).map(|values| from_json(&values)).map_err(failed)
        };
    "validateCluster" ["operationsCenter"] "Any -> [{ kind : String, message : String, server : String }]"
        "what is wrong with a request for a cluster, in Operations Center's order"
        "The request is what its API takes: `{ name, connection_url, channel, server_names, server_type, … }`."
        { "map (m: m.message) (operationsCenter.validateCluster { name = \"a:b\"; channel = \"stable\"; server_names = [ \"s\" ]; server_type = \"incus\"; })" => "[\"Invalid cluster, name can not contain any of \\\"\\\\\\\\/:*?\\\\\\\"<>|\\\"\"]"
          "length (operationsCenter.validateCluster { })" => "4" }
        |ev, request| Ok(mistakes(clustering::validate(&to_json(ev, request)?)));
    "planCluster" ["operationsCenter"] "{ cluster : Any, servers : [Any], .. } -> { services : { _ : Any }, bootstrap : String, joining : [String], server_config : { _ : Any }, connection_urls : { _ : String }, application_seed_config : Any, warnings : [String], mistakes : [{ kind : String, message : String, server : String }] }"
        "what is sent to which server to make a cluster"
        "`cluster` is the request, `servers` are all servers; `existing_clusters`, names or clusters, and `cluster_templates` may stand beside them. With `mistakes` nothing should be sent."
        { "map (m: m.message) (operationsCenter.planCluster { cluster = { name = \"c\"; channel = \"stable\"; server_names = [ \"s\" ]; server_type = \"incus\"; }; servers = [ ]; }).mistakes" => "[\"Server \\\"s\\\" does not exist\"]"
          "map (m: m.message) (operationsCenter.planCluster { cluster = { name = \"c\"; channel = \"stable\"; server_names = [ ]; server_type = \"incus\"; }; servers = [ ]; existing_clusters = [ \"c\" ]; }).mistakes" => "[\"Invalid cluster, list of server names can not be empty\",\"Cluster with name \\\"c\\\" already exists\"]" }
        |ev, whole| {
            let whole = to_json(ev, whole)?;
            let existing: Vec<&str> = elements(&whole, "existing_clusters")
                .iter()
                .map(|cluster| cluster.as_str().unwrap_or_else(|| text(cluster, "name")))
                .collect();
            let request = whole.get("cluster").unwrap_or(&Json::Null);
            let plan = clustering::plan(request, elements(&whole, "servers"), &existing, elements(&whole, "cluster_templates"));
            Ok(from_json(&plan.to_json()))
        };
    "readyToJoin" ["operationsCenter"] "String -> Any -> [{ kind : String, message : String, server : String }]"
        "what speaks against a server becoming a member of a cluster on a channel"
        "The channel comes first."
        { "map (m: m.message) (operationsCenter.readyToJoin \"stable\" { name = \"s\"; channel = \"stable\"; server_status = \"ready\"; })" => "[\"Server \\\"s\\\" does not have application Incus\"]"
          "map (m: m.message) (operationsCenter.readyToJoin \"stable\" { name = \"s\"; cluster = \"c\"; channel = \"stable\"; server_status = \"ready\"; version_data.applications = [ { name = \"incus\"; version = \"1\"; } ]; })" => "[\"Server \\\"s\\\" is already part of cluster \\\"c\\\"\"]" }
        |ev, channel, server| {
            let channel = ev.string(channel)?;
            Ok(mistakes(clustering::ready_to_join(&to_json(ev, server)?, &channel)))
        };
    "consistency" ["operationsCenter"] "[Any] -> { consistent : Bool, reason : String, differences : [{ server : String, reason : String }], service_updates : { _ : Any }, mistakes : [{ kind : String, message : String, server : String }] }"
        "all differences of servers to the first of them"
        "`reason` is the first difference. Where the first server has LVM and another not, the update that enables it is in `service_updates`."
        { "(operationsCenter.consistency [ ]).consistent" => "true"
          "(operationsCenter.consistency [ { name = \"a\"; network = { }; os_version = \"1\"; } { name = \"b\"; network = { }; os_version = \"2\"; } ]).reason" => "\"OS version mismatch, found \\\"1\\\" (a) and \\\"2\\\" (b)\"" }
        |ev, servers| {
            let servers = to_json(ev, servers)?;
            let found = consistency::check(servers.as_array().map_or(&[], Vec::as_slice));
            let told = |one: &consistency::Difference| json!({ "server": one.server, "reason": one.reason });
            let first = found.differences.first().map(|one| one.reason.clone());
            let first = first.or_else(|| found.mistakes.first().map(|mistake| mistake.message.clone()));
            Ok(from_json(&json!({
                "consistent": found.differences.is_empty() && found.mistakes.is_empty(),
                "reason": first.unwrap_or_default(),
                "differences": found.differences.iter().map(told).collect::<Vec<Json>>(),
                "service_updates": found.service_updates,
                "mistakes": list(&found.mistakes),
            })))
        };
    "copyServices" ["operationsCenter"] "Any -> Any -> { services : { _ : Any }, mistakes : [{ kind : String, message : String, server : String }] }"
        "the configuration of services that a new member gets from the first one"
        "The first member comes first. LVM gets the new member's own number, addresses become those of the same role."
        { "(operationsCenter.copyServices { services.nvme.enabled = true; } { id = 3; }).services" => "{\"nvme\":{\"enabled\":true}}"
          "map (m: m.message) (operationsCenter.copyServices { services.lvm.enabled = true; } { id = 5000; }).mistakes" => "[\"can not enable LVM on servers with internal ID > 2000\"]" }
        |ev, source, target| {
            let copied = consistency::copy_services(&to_json(ev, source)?, &to_json(ev, target)?);
            let (services, wrong) = copied.map_or_else(|wrong| (json!({}), wrong), |services| (services, Vec::new()));
            Ok(from_json(&json!({ "services": services, "mistakes": list(&wrong) })))
        };
    "memberAddress" ["operationsCenter"] "Any -> String -> Any -> String"
        "what an address of one server is on another: that of the same role and family"
        "The server that has the address comes first, the other one last."
        { "operationsCenter.memberAddress { interfaces.a = { addresses = [ \"10.0.0.1\" ]; roles = [ \"cluster\" ]; }; } \"10.0.0.1\" { interfaces.b = { addresses = [ \"10.0.0.2\" ]; roles = [ \"cluster\" ]; }; }" => "\"10.0.0.2\""
          "operationsCenter.memberAddress { } \"10.0.0.1\" { }" => "error: invalid-value" }
        |ev, reference, address, target| {
            let (reference, address, target) = (to_json(ev, reference)?, ev.string(address)?, to_json(ev, target)?);
            addresses::on_member(&reference, &address, &target).map(Value::string).map_err(failed)
        };
    "memberListenAddress" ["operationsCenter"] "Any -> String -> Any -> String"
        "what an address and port to listen on are on another server"
        "Names, and addresses that stand for all, stay as they are."
        { "operationsCenter.memberListenAddress { } \"[::]:3366\" { }" => "\"[::]:3366\""
          "operationsCenter.memberListenAddress { interfaces.a = { addresses = [ \"10.0.0.1\" ]; roles = [ \"storage\" ]; }; } \"10.0.0.1:3366\" { interfaces.b = { addresses = [ \"10.0.0.2\" ]; roles = [ \"storage\" ]; }; }" => "\"10.0.0.2:3366\"" }
        |ev, reference, address, target| {
            let (reference, address, target) = (to_json(ev, reference)?, ev.string(address)?, to_json(ev, target)?);
            addresses::listening_on_member(&reference, &address, &target).map(Value::string).map_err(failed)
        };
    "removeServers" ["operationsCenter"] "{ cluster : String, servers : [Any], remove : [String], .. } -> [{ kind : String, message : String, server : String }]"
        "what speaks against taking servers out of a cluster"
        "`servers` are all members; `resources` beside them has `instances`, `storage_volumes` and `images`."
        { "map (m: m.message) (operationsCenter.removeServers { cluster = \"c\"; servers = [ { name = \"a\"; in_maintenance = 2; } { name = \"b\"; } ]; remove = [ \"a\" ]; })" => "[]"
          "map (m: m.message) (operationsCenter.removeServers { cluster = \"c\"; servers = [ { name = \"a\"; } { name = \"b\"; } ]; remove = [ \"a\" ]; })" => "[\"Server removal failed, server \\\"a\\\" is not in state evacuated\"]" }
        |ev, whole| {
            let whole = to_json(ev, whole)?;
            let remove: Vec<&str> = elements(&whole, "remove").iter().filter_map(Json::as_str).collect();
            let resources = whole.get("resources").unwrap_or(&Json::Null);
            Ok(mistakes(removal::remove_servers(text(&whole, "cluster"), elements(&whole, "servers"), &remove, resources)))
        };
    "deleteCluster" ["operationsCenter"] "{ cluster : Any, servers : [Any], mode : String, .. } -> [{ kind : String, message : String, server : String }]"
        "what speaks against deleting a cluster in a mode: `normal`, `force` or `factory-reset`"
        ""
        { "operationsCenter.deleteCluster { cluster = { name = \"c\"; status = \"pending\"; }; servers = [ ]; mode = \"normal\"; }" => "[]"
          "map (m: m.message) (operationsCenter.deleteCluster { cluster = { name = \"c\"; status = \"ready\"; }; servers = [ ]; mode = \"normal\"; })" => "[\"Delete for cluster in state \\\"ready\\\"\"]" }
        |ev, whole| {
            let whole = to_json(ev, whole)?;
            let cluster = whole.get("cluster").unwrap_or(&Json::Null);
            Ok(mistakes(removal::delete_cluster(cluster, elements(&whole, "servers"), text(&whole, "mode"))))
        };
    "bulkActions" ["operationsCenter"] "[String]"
        "the names of all bulk operations"
        ""
        { "length operationsCenter.bulkActions" => "11"
          "elem \"add_application\" operationsCenter.bulkActions" => "true" }
        |_ev| Ok(text_list(bulk::ACTIONS));
    "decodeBulk" ["operationsCenter"] "Any -> [{ kind : String, message : String, server : String }]"
        "what is wrong with the body of a bulk operation, an object or the text of one"
        ""
        { "operationsCenter.decodeBulk { action = \"add_application\"; arguments.name = \"debug\"; }" => "[]"
          "map (m: m.message) (operationsCenter.decodeBulk \"{ \\\"action\\\": \\\"add_aplication\\\" }\")" => "[\"Invalid action \\\"add_aplication\\\"; did you mean `add_application`?\"]" }
        |ev, body| {
            let body = request(ev, body)?;
            Ok(mistakes(body.and_then(|body| bulk::decode(&body)).err().unwrap_or_default()))
        };
    "planBulk" ["operationsCenter"] "{ cluster : Any, servers : [Any], request : Any, .. } -> { servers : { _ : Any }, requests : [Any], revert : [Any], unchanged : [String], warnings : [String], mistakes : [{ kind : String, message : String, server : String }] }"
        "what a bulk operation changes on each member"
        "`servers` has the new configuration of each, `requests` what must be sent, in order, `revert` what takes it back. With `mistakes`, of which every member has all of its own, nothing is planned."
        { "(operationsCenter.planBulk { cluster = { name = \"c\"; status = \"ready\"; }; servers = [ { name = \"a\"; server_status = \"ready\"; } ]; request = { action = \"add_application\"; arguments.name = \"debug\"; }; }).servers" => "{\"a\":{\"applications_add\":\"debug\"}}"
          "map (m: m.message) (operationsCenter.planBulk { cluster = { name = \"c\"; status = \"pending\"; }; servers = [ { name = \"a\"; server_status = \"ready\"; } ]; request = { action = \"add_application\"; arguments.name = \"debug\"; }; }).mistakes" => "[\"Cluster \\\"c\\\" is not ready\"]" }
        |ev, whole| Ok(from_json(&planned(&to_json(ev, whole)?).to_json()));
    "bulkWrites" ["operationsCenter"] "{ cluster : Any, servers : [Any], request : Any, failing : String, .. } -> [Any]"
        "what a bulk operation sends where one member refuses: everything up to that, and what takes back the rest, last first"
        "As `planBulk`, with the name of the server that refuses in `failing`; of a name that is none, and of an operation that has mistakes, `planBulk` tells more."
        { "map (w: w.server) (operationsCenter.bulkWrites { cluster = { name = \"c\"; status = \"ready\"; }; servers = map (name: { inherit name; server_status = \"ready\"; logging = { }; }) [ \"a\" \"b\" \"c\" ]; request = { action = \"update_system_logging\"; arguments.config.syslog.address = \"10.0.0.1\"; }; failing = \"b\"; })" => "[\"a\",\"b\",\"a\"]"
          "operationsCenter.bulkWrites { cluster = { name = \"c\"; status = \"ready\"; }; servers = [ { name = \"a\"; server_status = \"ready\"; } ]; request = { action = \"add_application\"; }; failing = \"a\"; }" => "[]" }
        |ev, whole| {
            let whole = to_json(ev, whole)?;
            Ok(from_json(&Json::Array(planned(&whole).writes(text(&whole, "failing")))))
        };
    "validateApplication" ["operationsCenter"] "[String] -> String -> [{ kind : String, message : String, server : String }]"
        "what speaks against an application on a server where others are installed"
        "Those that are installed come first."
        { "operationsCenter.validateApplication [ \"incus\" ] \"debug\"" => "[]" "map (m: m.message) (operationsCenter.validateApplication [ \"incus\" ] \"migration-manager\")" => "[\"a primary application is already installed\"]" }
        |ev, installed, application| {
            let (installed, application) = (texts(ev, installed)?, ev.string(application)?);
            let installed: Vec<&str> = installed.iter().map(|name| &**name).collect();
            let problem = bulk::application_problem(&installed, &application);
            let mistake = problem.map(|problem| Mistake::new(operations::Kind::BadRequest, problem));
            Ok(mistakes(mistake.into_iter().collect()))
        };
    "validateServer" ["operationsCenter"] "Any -> [{ kind : String, message : String, server : String }]"
        "what is wrong with a server, in Operations Center's order"
        ""
        { "map (m: m.message) (operationsCenter.validateServer { name = \"one\"; server_status = \"unregistered\"; })" => "[\"Invalid server, channel can not be empty\"]"
          "operationsCenter.validateServer { name = \"one\"; server_status = \"unregistered\"; channel = \"stable\"; }" => "[]" }
        |ev, server| Ok(mistakes(servers::validate(&to_json(ev, server)?)));
    "updateState" ["operationsCenter"] "Any -> String"
        "the state of a server with regard to updates"
        "Of servers of the inventory it is the field `update_state`. The argument is a server, or the facts by themselves: `{ status, status_detail, cluster, needs_update, needs_reboot, in_maintenance }`."
        { "operationsCenter.updateState { status = \"ready\"; needs_update = true; }" => "\"update pending\""
          "operationsCenter.updateState { status = \"ready\"; needs_reboot = true; cluster = \"c\"; has_incus_application = true; }" => "\"evacuation pending\"" }
        |ev, server| Ok(Value::string(states::update_state(&states::Facts::of(&to_json(ev, server)?))));
    "recommendedAction" ["operationsCenter"] "Any -> String"
        "what to do next with a server; empty where nothing"
        "Of servers of the inventory it is the field `recommended_action`."
        { "operationsCenter.recommendedAction { status = \"ready\"; needs_reboot = true; }" => "\"reboot\""
          "operationsCenter.recommendedAction { status = \"ready\"; in_maintenance = 2; }" => "\"restore\"" }
        |ev, server| Ok(Value::string(states::recommended_action(&states::Facts::of(&to_json(ev, server)?))));
    "maintenanceLabel" ["operationsCenter"] "Int -> String"
        "the words for a server's `in_maintenance`"
        ""
        { "operationsCenter.maintenanceLabel 2" => "\"evacuated\""
          "map operationsCenter.maintenanceLabel [ 0 1 3 ]" => "[\"not in maintenance\",\"evacuating\",\"restoring\"]" }
        |ev, number| Ok(Value::string(states::maintenance_label(ev.int(number)?)));
    "computeVersions" ["operationsCenter"] "Any -> Any -> Any"
        "a server's `version_data` with what follows from the newest versions by component"
        "Of servers of the inventory `version_data` has it already."
        { "(operationsCenter.computeVersions { os.version = \"1\"; } { IncusOS = \"2\"; }).needs_update" => "true"
          "(operationsCenter.computeVersions { applications = [ { name = \"incus\"; version = \"1f\"; } ]; } { incus = \"20\"; }).applications" => "[{\"available_version\":\"20\",\"name\":\"incus\",\"needs_update\":true,\"version\":\"1f\"}]" }
        |ev, data, latest| Ok(from_json(&versions::compute(&to_json(ev, data)?, &to_json(ev, latest)?)));
    "progress" ["operationsCenter"] "Any -> String"
        "how far a rolling update or reboot is: `[ 3/27] evacuating server \"x\"`"
        "Of clusters of the inventory it is the field `progress`. The argument has `in_progress`, `error`, `evacuated_before`, `pending_reboot` and `servers`."
        { "operationsCenter.progress { in_progress = \"rolling reboot\"; pending_reboot = [ \"a\" ]; servers = [ { name = \"a\"; cluster = \"c\"; status = \"ready\"; } ]; }" => "\"[1/7] evacuation pending server \\\"a\\\"\""
          "operationsCenter.progress { in_progress = \"error\"; error = \"no space left\"; }" => "\"no space left\"" }
        |ev, whole| Ok(Value::string(progress::of_object(&to_json(ev, whole)?)));
    "preseedDefaults" ["operationsCenter"] "Any -> Any"
        "a preseed with what Operations Center adds to it"
        ""
        { "(operationsCenter.preseedDefaults { config.\"storage.logs_volume\" = \"own/logs\"; }).config" => "{\"storage.backups_volume\":\"local/backups\",\"storage.images_volume\":\"local/images\",\"storage.logs_volume\":\"own/logs\"}"
          "map (p: p.name) (operationsCenter.preseedDefaults { projects = [ { name = \"shop\"; } ]; }).projects" => "[\"shop\",\"internal\"]" }
        |ev, given| Ok(from_json(&preseed::with_defaults(&to_json(ev, given)?)));
    "hclEscape" ["operationsCenter"] "String -> String"
        "a text as it stands between the quotes of a string in Terraform's language"
        ""
        { "operationsCenter.hclEscape \"a \\\"b\\\"\"" => "\"a \\\\\\\"b\\\\\\\"\""
          "operationsCenter.hclEscape \"\\${name}\"" => "\"$${name}\"" }
        |ev, text| Ok(Value::string(rows::hcl_escape(&ev.string(text)?)));
    "rowUuid" ["operationsCenter"] "String -> String"
        "the UUID of a row of the inventory, from what identifies it: `cluster:project:name`"
        "Of rows of the inventory it is the field `uuid`."
        { "operationsCenter.rowUuid \"one:project:name\"" => "\"9838d847-cca3-5f52-83fc-b07651ca9f2d\""
          "operationsCenter.rowUuid \"a:default:x\" == operationsCenter.rowUuid \"b:default:x\"" => "false" }
        |ev, key| Ok(Value::string(uuid(&ev.string(key)?)));
    "isSkipped" ["operationsCenter"] "String -> Any -> Bool"
        "whether Operations Center leaves a row of a kind out, by its own object or its parent's"
        ""
        { "operationsCenter.isSkipped \"network\" { managed = false; }" => "true" "operationsCenter.isSkipped \"netwrk\" { }" => "error: invalid-value" }
        |ev, kind, object| {
            let kind = ev.string(kind)?;
            if !operations::words::KINDS.contains(&&*kind) {
                let near = crate::text::did_you_mean(&kind, operations::words::KINDS);
                let help = near.unwrap_or_else(|| "write a kind such as `\"network\"`".to_owned());
                return Err(invalid(format!("{} is no kind of rows", crate::text::quoted(&kind)), help));
            }
            Ok(Value::Bool(rows::is_skipped(&kind, &to_json(ev, object)?)))
        };
    "appliesToArchitecture" ["operationsCenter"] "String -> [String] -> Bool"
        "whether a file of an update is for one of some architectures, as one without an architecture is for all"
        "The file's architecture comes first."
        { "operationsCenter.appliesToArchitecture \"\" [ \"x86_64\" ]" => "true" "operationsCenter.appliesToArchitecture \"aarch64\" [ \"x86_64\" ]" => "false" }
        |ev, architecture, expected| {
            let (architecture, expected) = (ev.string(architecture)?, texts(ev, expected)?);
            Ok(Value::Bool(architecture.is_empty() || expected.contains(&architecture)))
        };
    "naturalSort" ["operationsCenter"] "[String] -> [String]"
        "texts in the order of Operations Center's lists: runs of digits by their value, empty texts last"
        ""
        { "operationsCenter.naturalSort [ \"db10\" \"db9\" \"\" \"a\" ]" => "[\"a\",\"db9\",\"db10\",\"\"]"
          "operationsCenter.naturalSort [ \"n02\" \"n2\" \"n1b\" \"n1\" ]" => "[\"n1\",\"n1b\",\"n02\",\"n2\"]" }
        |ev, list| {
            let mut texts = texts(ev, list)?;
            texts.sort_by(|left, right| rows::natural(left, right));
            Ok(text_list(texts))
        };
    "urlQuery" ["operationsCenter"] "Any -> String"
        "the query of a request for a list, keys in order and everything encoded"
        ""
        { "operationsCenter.urlQuery { filter = \"name == \\\"a b\\\"\"; cluster = [ \"c\" ]; }" => "\"cluster=c&filter=name+%3D%3D+%22a+b%22\""
          "operationsCenter.urlQuery { server = [ \"a\" \"b\" ]; project = null; }" => "\"server=a&server=b\"" }
        |ev, parameters| Ok(Value::string(rows::url_query(&to_json(ev, parameters)?)));
}

/// A bulk operation on `{ cluster, servers, request }`.
fn planned(whole: &Json) -> bulk::Plan {
    match bulk::decode(whole.get("request").unwrap_or(&Json::Null)) {
        Ok(operation) => {
            let members: Vec<&Json> = elements(whole, "servers").iter().collect();
            bulk::plan(&operation, whole.get("cluster").unwrap_or(&Json::Null), &members)
        }
        Err(mistakes) => bulk::Plan { mistakes, ..bulk::Plan::default() },
    }
}

/// What belongs to a record.
fn related(ev: &mut dyn Evaluator, record: &Value, name: &str) -> Result<Value, Fault> {
    match ev.attr(record, name)? {
        Some(value) => ev.force(&value),
        None => Ok(Value::Null),
    }
}

/// The elements of the list at a key.
fn elements<'j>(whole: &'j Json, key: &str) -> &'j [Json] {
    whole.get(key).and_then(Json::as_array).map_or(&[], Vec::as_slice)
}

fn list(mistakes: &[Mistake]) -> Json {
    Json::Array(mistakes.iter().map(Mistake::to_json).collect())
}

fn mistakes(mistakes: Vec<Mistake>) -> Value {
    from_json(&list(&mistakes))
}

fn failed(mistake: Mistake) -> Fault {
    invalid(mistake.message, "see what it was called with")
}

/// A request: an object, or the text of one, which may be wrong.
fn request(ev: &mut dyn Evaluator, value: &Value) -> Result<Result<Json, Vec<Mistake>>, Fault> {
    let data = to_json(ev, value)?;
    let Json::String(body) = &data else { return Ok(Ok(data)) };
    let wrong =
        |error: serde_json::Error| vec![Mistake::new(operations::Kind::BadRequest, error.to_string())];
    Ok(serde_json::from_str(body).map_err(wrong))
}

/// The UUID of version 5 of a name, in the namespace of zeros.
pub fn uuid(name: &str) -> String {
    let mut bytes = vec![0_u8; 16];
    bytes.extend_from_slice(name.as_bytes());
    let hash = sha1(&bytes);
    let mut digits: Vec<char> = hash.chars().take(32).collect();
    if let Some(version) = digits.get_mut(12) {
        *version = '5';
    }
    if let Some(variant) = digits.get_mut(16) {
        let value = variant.to_digit(16).unwrap_or(0);
        *variant = char::from_digit(value & 0b0011 | 0b1000, 16).unwrap_or('8');
    }
    let mut uuid = String::with_capacity(36);
    for (index, digit) in digits.into_iter().enumerate() {
        if matches!(index, 8 | 12 | 16 | 20) {
            uuid.push('-');
        }
        uuid.push(digit);
    }
    uuid
}
