//! Why a filter holds for a machine, and what may be written into the inventory.

use super::support::texts;
use crate::value::Value;

table! {
    "why" ["bare"] "String -> Filter -> Explanation" names(0 Machine)
        "why a filter holds for the machine of a name, or does not"
        "The filter taken apart, with the facts behind each part, resolved in the machine's own cluster. Where several clusters have a machine of that name, ask with `explain`."
        { "(why \"jon\" (tag \"web\" && !cluster \"lab\")).holds" => "false" "map (p: p.fact) (why \"jon\" (tag \"backup\" || kind \"virtual\")).parts" => "[\"it carries `backup` and `desktop`\",\"its kind is `physical`\"]" "why \"jonn\" all" => "error: unknown-machine" }
        |ev, name, filter| {
            let name = ev.string(name)?;
            let machine = ev.find_machine(&name)?;
            ev.explain(filter, machine)
        };
    "explain" ["bare"] "Machine -> Filter -> Explanation"
        "why a filter holds for a machine, or does not"
        "As `why`, by the machine itself."
        { "map (m: (explain m (tag \"web\")).fact) (attrValues clusters.edge.machines)" => "[\"it carries `web` and `edge`\",\"it carries `web` and `edge`\"]" "(explain clusters.lab.machines.jon (role \"borgbackup\" \"client\")).parts |> map (p: p.filter)" => "[\"tag \\\"backup\\\"\"]" }
        |ev, machine, filter| match ev.force(machine)? {
            Value::Entity(entity) => ev.explain(filter, entity),
            other => {
                let message = format!("expected a machine, found {}", other.describe());
                Err(ev.fault(crate::diagnostic::Code::TypeMismatch, message))
            }
        };
    "writeRule" ["bare"] "[String] -> { writable : Bool, deletable : Bool, reason : String }"
        "what tools may do with a value of the inventory"
        "Where Clan's tools keep an `inventory.json` beside what people write, some values are not theirs to change; elsewhere all may be. The list names the value, from the top of the inventory inwards; `reason` says why not."
        { "(writeRule [ \"machines\" \"jon\" \"tags\" ]).writable" => "true" "(writeRule [ \"meta\" \"name\" ]).deletable" => "true" }
        |ev, at| {
            let at = texts(ev, at)?;
            ev.write_rule(&at)
        };
}
