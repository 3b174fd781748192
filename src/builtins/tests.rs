//! What holds of every row of the table.

use std::collections::{HashMap, HashSet};

use super::*;
use crate::syntax::parse;
use crate::text::Source;
use crate::types::from_expression;

/// Every row, with a name for messages.
fn rows() -> impl Iterator<Item = (String, &'static Builtin)> {
    ALL.iter().map(|builtin| {
        let scope = builtin.scopes.last().copied().unwrap_or("?");
        (format!("{scope}.{}", builtin.name), *builtin)
    })
}

#[test]
fn every_type_can_be_read() {
    for (name, builtin) in rows() {
        let expression = parse::type_expression(&Source::new("<type>", builtin.ty));
        let read = expression.is_ok_and(|expression| from_expression(&expression).is_ok());
        assert!(read, "{name} : {}", builtin.ty);
    }
}

#[test]
fn every_type_has_a_parameter_for_each_argument() {
    for (index, (name, builtin)) in rows().enumerate() {
        let mut ty = scheme(index as u32).ty;
        let mut parameters = Vec::new();
        while let Type::Function(parameter, result) = ty {
            parameters.push((*parameter).clone());
            ty = (*result).clone();
        }
        assert!(builtin.arity <= parameters.len(), "{name} takes {} arguments", builtin.arity);
        for (index, _) in builtin.names {
            assert_eq!(parameters.get(*index), Some(&Type::String), "{name}: a name is a string");
        }
    }
}

#[test]
fn names_are_unique_in_each_scope() {
    let mut known: HashMap<(&str, &str), &str> = HashMap::new();
    for (name, builtin) in rows() {
        for scope in builtin.scopes {
            let before = known.insert((scope, builtin.name), builtin.summary);
            assert_eq!(before, None, "{name} is twice in {scope}");
        }
    }
    for name in names("bare").collect::<Vec<_>>() {
        assert_eq!(find("nix", name), None, "{name} is bare and Nix's");
    }
}

#[test]
fn every_row_is_documented() {
    for (name, builtin) in rows() {
        assert!(!builtin.scopes.is_empty(), "{name} is nowhere");
        assert!(
            !builtin.summary.is_empty() && !builtin.summary.ends_with('.'),
            "{name}: {}",
            builtin.summary
        );
        assert!(!builtin.summary.contains('\n'), "{name}: {}", builtin.summary);
        assert!(builtin.doc.is_empty() || builtin.doc.ends_with('.'), "{name}: {}", builtin.doc);
        let shown: HashSet<&str> = builtin.examples.iter().map(|(expression, _)| *expression).collect();
        assert!(shown.len() >= 2, "{name} has fewer than two examples");
        assert_eq!(shown.len(), builtin.examples.len(), "{name} has an example twice");
        for (expression, result) in builtin.examples {
            let code = result.strip_prefix("error: ").map(Code::from_word);
            let data = serde_json::from_str::<serde_json::Value>(result).is_ok();
            assert!(data || matches!(code, Some(Some(_))), "{name}: {expression} => {result}");
        }
    }
}

#[test]
fn no_name_is_a_module_too() {
    for (name, builtin) in rows() {
        for scope in builtin.scopes {
            assert!(!is_module(&format!("{scope}.{}", builtin.name)), "{name} in {scope}");
        }
    }
}
