//! The bindings of a line: what they bind, and as one expression.

use std::sync::Arc;

use crate::builtins;
use crate::diagnostic::{Code, Diagnostic};
use crate::syntax::ast::{AttrName, AttrNameKind, Binding, Expr, ExprKind, Name};
use crate::text::{Source, Span, quoted};

/// The names that bindings bind, each once, with the place where it stands first.
pub(super) fn bound_names(bindings: &[Binding]) -> Vec<(Name, Span)> {
    let mut names: Vec<(Name, Span)> = Vec::new();
    let mut add = |name: &AttrName| {
        if let AttrNameKind::Static(text) = &name.kind
            && !names.iter().any(|(known, _)| known == text)
        {
            names.push((text.clone(), name.span));
        }
    };
    for binding in bindings {
        match binding {
            Binding::Value { path, .. } => path.first().into_iter().for_each(&mut add),
            Binding::Inherit { names, .. } => names.iter().for_each(&mut add),
        }
    }
    names
}

/// The value of `name = value`, where it is no function. Only functions may call themselves: in
/// `x = x + 1` the `x` on the right is the earlier one.
pub(super) fn plain_value(bindings: &[Binding]) -> Option<&Expr> {
    match bindings {
        [Binding::Value { path, value }] if path.len() == 1 => {
            (!matches!(value.kind, ExprKind::Lambda { .. })).then_some(value)
        }
        _ => None,
    }
}

/// `let bindings in { inherit names; }`
pub(super) fn as_set(bindings: Vec<Binding>, names: &[(Name, Span)]) -> Expr {
    let span = span_of(&bindings).unwrap_or_default();
    let inherited = names
        .iter()
        .map(|(name, span)| AttrName { kind: AttrNameKind::Static(name.clone()), span: *span })
        .collect();
    let inherit = Binding::Inherit { from: None, names: inherited };
    let body = Expr { kind: ExprKind::AttrSet { recursive: false, bindings: vec![inherit] }, span };
    Expr { kind: ExprKind::Let { bindings, body: Box::new(body) }, span }
}

/// Where bindings stand.
pub(super) fn span_of(bindings: &[Binding]) -> Option<Span> {
    let spans = bindings.iter().flat_map(|binding| match binding {
        Binding::Value { path, value } => {
            let start = path.first().map_or(value.span, |name| name.span);
            vec![start, value.span]
        }
        Binding::Inherit { from, names } => {
            from.iter().map(|from| from.span).chain(names.iter().map(|name| name.span)).collect()
        }
    });
    spans.reduce(Span::to)
}

/// Names of Nix itself cannot be bound: what they mean is fixed in every expression.
pub(super) fn unbindable(source: &Arc<Source>, name: &Name, span: Span) -> Option<Diagnostic> {
    builtins::find("nix", name)?;
    let message = format!("{} cannot be defined: it is a name of Nix itself", quoted(name));
    Some(
        Diagnostic::error(Code::Usage, message)
            .at(source, span, "always means the builtin")
            .help(format!("write `my-{name} = …`")),
    )
}
