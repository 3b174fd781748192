//! Names that nothing has and that other languages, or other parts of a text, explain: `f"web${x}"`, `x -> x + 1`,
//! `1 // two`, `web1.example.org`, `10.0.0.1`.

use super::Checker;
use crate::builtins;
use crate::diagnostic::{Code, Diagnostic};
use crate::syntax::ast::{AttrNameKind, BinaryOperator as Op, Expr, ExprKind, Name};
use crate::syntax::format::{attr_name, quote_string};
use crate::text::{Span, nearest, quoted};
use crate::types::tir::Root;
use crate::types::{Named, Type, schema, tir};

use super::operators::Operands;

/// Mended texts up to this length are shown.
const LONGEST_EDIT: usize = 100;

/// Letters before a string that say in Python what kind of string it is.
const PREFIXES: [&str; 8] = ["f", "r", "b", "u", "rb", "br", "fr", "rf"];

impl Checker<'_> {
    /// Whether nothing at all is called so.
    pub(super) fn is_unbound(&self, name: &Name) -> bool {
        self.scopes.lookup(name).is_none()
            && !self.is_bound(name)
            && builtins::find("nix", name).is_none()
            && builtins::find("bare", name).is_none()
            && Root::ALL.iter().all(|(_, root, _, _)| **root != **name)
            && !self.context.filters.contains(name)
            && self
                .module_path(&Expr { kind: ExprKind::Variable(name.clone()), span: Span::new(0, 0) })
                .is_none()
    }

    /// What an unknown name is where the text around it says so.
    pub(super) fn unknown_by_place(&self, name: &Name, span: Span) -> Option<Diagnostic> {
        self.string_with_a_letter(name, span).or_else(|| {
            let help = match &**name {
                "pkgs" | "nixpkgs" | "stdenv" => {
                    let behind = self.source.text().get(span.range().end..)?.strip_prefix('.')?;
                    let end = behind.find(|next: char| !next.is_ascii_alphanumeric() && !"-_".contains(next));
                    let package = behind.get(..end.unwrap_or(behind.len()))?;
                    format!(
                        "there are no packages: write the name of one as a string, {}",
                        quoted(&quote_string(package))
                    )
                }
                "this" | "roles" | "selectors" => {
                    "the closure of a service is given it: `{ selectors, roles, this }: { … }`".to_owned()
                }
                "it" => "a session has the last result as `it`".to_owned(),
                _ => return None,
            };
            let message = format!("no variable is called {}", quoted(name));
            Some(Diagnostic::error(Code::UnknownName, message).help(help))
        })
    }

    /// `f"web{n}"`
    fn string_with_a_letter(&self, name: &Name, span: Span) -> Option<Diagnostic> {
        let text = self.source.text();
        let prefix = name.split('\'').next()?;
        if !PREFIXES.contains(&prefix.to_ascii_lowercase().as_str()) {
            return None;
        }
        let behind = text.get(span.range().start + prefix.len()..)?;
        let quote = behind.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
        let inner = behind.get(1..)?.split(quote).next()?;
        let inner = match prefix.contains(['f', 'F']) && !inner.contains("${") {
            true => inner.replace('{', "${"),
            false => inner.to_owned(),
        };
        let string = format!("\"{inner}\"");
        let message = format!("a string has no {} before it", quoted(prefix));
        let is_short = string.len() <= LONGEST_EDIT && !string.contains(['\n', '\\']);
        let help = if is_short { format!("write `{string}`") } else { format!("remove {}", quoted(prefix)) };
        Some(Diagnostic::error(Code::ForeignSyntax, message).help(help))
    }

    /// `x -> x + 1`: implication of a name that nothing has is meant as a function.
    pub(super) fn arrow_function(
        &mut self,
        first: &Expr,
        rest: &Operands,
        span: Span,
    ) -> Option<(tir::Expr, Type)> {
        let ([(Op::Implies, arrow, _), ..], ExprKind::Variable(name)) = (rest, &first.kind) else {
            return None;
        };
        if !self.is_unbound(name) {
            return None;
        }
        let text = self.source.text();
        let end = rest.last()?.2.span.range().end;
        let whole = format!("{}: {}", name, text.get(arrow.range().end..end)?.trim());
        let mended = format!("{}{whole}{}", text.get(..first.span.range().start)?, text.get(end..)?);
        let is_short = mended.len() <= LONGEST_EDIT && !mended.contains('\n');
        let help =
            if is_short { format!("write `{}`", mended.trim()) } else { format!("write `{name}: …`") };
        let message = "`->` is implication: a function has `:` behind its parameter";
        self.report(Diagnostic::error(Code::ForeignSyntax, message).help(help), *arrow, "not a function");
        Some((self.nothing(span), self.table.fresh()))
    }

    /// `1 // two`: what is no set, and words that nothing has, are no operands.
    pub(super) fn comment_of_slashes(&mut self, found: &Type, rest: &Operands) -> bool {
        let is_set = matches!(
            self.table.shallow(found),
            Type::Any | Type::Record(_) | Type::Dictionary(_) | Type::Named(_) | Type::Variable(_)
        );
        let Some((_, slashes, operand)) = rest.first().filter(|_| !is_set) else { return false };
        let words: Vec<&Expr> = match &operand.kind {
            ExprKind::Apply { function, arguments } => {
                std::iter::once(&**function).chain(arguments).collect()
            }
            _ => vec![operand],
        };
        let is_word = |word: &&Expr| matches!(&word.kind, ExprKind::Variable(name) if self.is_unbound(name));
        if !words.iter().any(is_word) {
            return false;
        }
        let message = "`//` joins attribute sets: a comment begins with `#`";
        let diagnostic = Diagnostic::error(Code::ForeignSyntax, message).help("write `#` in place of `//`");
        self.report(diagnostic, *slashes, "not a comment");
        true
    }

    /// `10.0.0.1` and `1.2.3` read as calls of numbers with numbers.
    pub(super) fn dotted_number(&mut self, items: &[&Expr]) -> bool {
        let is_float = |expr: &&Expr| matches!(expr.kind, ExprKind::Float(_));
        let text = self.source.text();
        let Some(at) = items.windows(2).position(|two| match two {
            [a, b] => is_float(a) && is_float(b) && a.span.end == b.span.start,
            _ => false,
        }) else {
            return false;
        };
        let Some(first) = items.get(at) else { return false };
        let start = first.span.range().start;
        let rest = text.get(start..).unwrap_or("");
        let is_of_number = |next: char| next.is_ascii_digit() || matches!(next, '.' | '/');
        let length = rest.find(|next| !is_of_number(next)).unwrap_or(rest.len());
        let number = rest.get(..length).unwrap_or("").trim_end_matches(['.', '/']);
        let parts = number.split('/').next().unwrap_or("").split('.').count();
        let what = if parts == 4 { "an address" } else { "a version" };
        let help = match (items.first().map(|first| self.source.slice(first.span)), at, parts) {
            (_, 0, 4) => format!("write `address \"{number}\"` for machines, or `\"{number}\"`"),
            (Some(function), 1, _) => format!("write `{function} \"{number}\"`"),
            _ => format!("write `\"{number}\"`"),
        };
        let message = format!("{what} stands in a string");
        let span = Span::new(start, start + number.len());
        self.report(Diagnostic::error(Code::ForeignSyntax, message).help(help), span, "not a number");
        true
    }

    /// `jon.fqdn`: what is selected from is not a filter, as elsewhere, but the machine itself; and
    /// `jon.example.org` is the name of one.
    pub(super) fn suggest_machine(
        &mut self,
        before: usize,
        base: &Expr,
        path: &[AttrNameKind],
        selection: Span,
    ) {
        let ExprKind::Variable(name) = &base.kind else { return };
        if self.diagnostics.get(before).is_none_or(|diagnostic| diagnostic.code != Code::UnknownName) {
            return;
        }
        let help =
            self.parameter_before(name, path, selection).or_else(|| self.machine_help(name, path, selection));
        let help = help.or_else(|| self.asked_of_machines(name, path, base.span));
        if let (Some(help), Some(diagnostic)) = (help, self.diagnostics.get_mut(before)) {
            diagnostic.help = Some(help);
        }
    }

    /// `map (m. m.name) machines`
    fn parameter_before(&self, name: &Name, path: &[AttrNameKind], selection: Span) -> Option<String> {
        let Some(AttrNameKind::Static(first)) = path.first() else { return None };
        let rest = self.source.slice(selection).split_once('.')?.1.trim();
        let rest = if rest.contains('(') { rest } else { rest.trim_end_matches(')') };
        let is_same = first == name && rest.starts_with(&format!("{name}."));
        (is_same && rest.len() <= LONGEST_EDIT).then(|| format!("write `{name}: {rest}`"))
    }

    /// `m.name == "jon"`: what is asked of a machine, as a whole query.
    fn asked_of_machines(&self, name: &Name, path: &[AttrNameKind], base: Span) -> Option<String> {
        let Some(AttrNameKind::Static(field)) = path.first() else { return None };
        let text = self.source.text().trim();
        let is_start = self.source.text().get(..base.range().start)?.trim().is_empty();
        let is_field = schema::field_index(Named::Machine, field).is_some();
        let is_short = text.len() <= LONGEST_EDIT && !text.contains('\n') && name.len() <= 2;
        // What a machine is asked ends where such an operator stands, or does not end there: it cannot be known.
        let is_joined = ["||", "&&", "|>", "<|", "->"].iter().any(|sign| text.contains(sign));
        if !is_start || !is_field || !is_short || is_joined {
            return None;
        }
        let compares = ["==", "!=", "<", ">"].iter().any(|sign| text.contains(sign));
        Some(match compares {
            true => format!("write `where ({name}: {text})`"),
            false => format!("write `map ({name}: {text}) machines`"),
        })
    }

    fn machine_help(&self, name: &Name, path: &[AttrNameKind], selection: Span) -> Option<String> {
        let inventory = self.context.inventory?;
        let selected = self.source.slice(selection);
        let is_name = selected.chars().all(|next| next.is_ascii_alphanumeric() || "-_.".contains(next));
        let node = inventory.find_nodes(name).next();
        let first = match path.first() {
            Some(AttrNameKind::Static(first)) => Some(first),
            _ => None,
        };
        let is_field = first.is_some_and(|first| schema::field_index(Named::Machine, first).is_some());
        if let Some(node) = node.filter(|_| is_field || !is_name) {
            let cluster = inventory.nodes.cluster.get(node as usize).copied().unwrap_or(0);
            let cluster = attr_name(&inventory.clusters.get(cluster as usize)?.name);
            let kind = if inventory.is_vm(node) { "vms" } else { "machines" };
            let selected = if selected.contains('\n') { name } else { selected };
            return Some(format!("write `clusters.{cluster}.{kind}.{selected}`"));
        }
        if !is_name {
            return None;
        }
        if inventory.find_nodes(selected).next().is_some() {
            return Some(format!("write `hostname {}`", quote_string(selected)));
        }
        if node.is_some() {
            return Some(format!("write `hostname {}`", quote_string(name)));
        }
        let near = inventory.nearest_nodes(selected, None);
        let near = near.first().filter(|near| near.contains('.'))?;
        Some(format!("did you mean `hostname {}`?", quote_string(near)))
    }

    /// `sortOn m.name machines`: a field is read where a function is asked for.
    pub(super) fn suggest_function(&mut self, before: usize, argument: &Expr, parameter: Option<&Type>) {
        let ExprKind::Select { base, .. } = &argument.kind else { return };
        let ExprKind::Variable(name) = &base.kind else { return };
        let is_function = parameter.is_some_and(|ty| matches!(self.table.shallow(ty), Type::Function(..)));
        let text = self.source.slice(argument.span);
        if !is_function || text.len() > LONGEST_EDIT || !self.is_unbound(name) {
            return;
        }
        let help = format!("write `({name}: {text})`");
        if let Some(diagnostic) = self.diagnostics.get_mut(before)
            && diagnostic.code == Code::UnknownName
            && !diagnostic.help.as_ref().is_some_and(|told| told.starts_with(&format!("write `{name}: ")))
        {
            diagnostic.help = Some(help);
        }
    }

    /// The call of a word of another language, with what invq has for it.
    pub(super) fn renamed(&self, word: &str, arguments: &[Expr]) -> Option<String> {
        let name = same_function(word, arguments.len())?;
        let is_first = |argument: &&Expr| {
            matches!(argument.kind, ExprKind::Lambda { .. })
                || self.source.slice(argument.span).starts_with('"')
        };
        let mut arguments: Vec<&Expr> = arguments.iter().collect();
        if IN_EITHER_ORDER.contains(&name) {
            arguments.sort_by_key(|argument| !is_first(argument));
            arguments.first().filter(|first| is_first(first))?;
        }
        let mut call = name.to_owned();
        for argument in arguments {
            call.push(' ');
            call.push_str(self.source.slice(argument.span));
        }
        (call.len() <= LONGEST_EDIT && !call.contains('\n')).then_some(call)
    }

    /// The method of a list that is nearly called so.
    pub(super) fn near_method(name: &str) -> Option<&'static str> {
        nearest(name, ["length", "first", "last", "filter", "reverse", "unique", "contains", "flatten"])
            .first()
            .and_then(|near| super::habits::list_method(near))
    }
}

/// The builtins whose arguments other languages write in another order, each of them in its own: the function or the
/// separator that is given first tells which it is.
const IN_EITHER_ORDER: [&str; 3] = ["concatStringsSep", "mapAttrs", "sortOn"];

/// The builtin that does the same with the same arguments as a function of another language.
fn same_function(word: &str, arguments: usize) -> Option<&'static str> {
    Some(match (word, arguments) {
        ("len" | "size" | "COUNT", 1) => "length",
        ("first", 1) => "head",
        ("keys", 1) => "attrNames",
        ("values", 1) => "attrValues",
        ("to_entries" | "items", 1) => "lib.attrsToList",
        ("upper" | "uppercase" | "ascii_upcase", 1) => "toUpper",
        ("lower" | "lowercase" | "ascii_downcase", 1) => "toLower",
        ("str", 1) => "toString",
        ("int", 1) => "lib.toInt",
        ("reversed" | "reverse", 1) => "reverseList",
        ("distinct" | "DISTINCT" | "uniq", 1) => "unique",
        ("zip", 2) => "lib.zipLists",
        ("join", 2) => "concatStringsSep",
        ("map_values", 2) => "mapAttrs",
        ("sort_by" | "orderBy" | "order_by" | "sorted", 2) => "sortOn",
        _ => return None,
    })
}

/// What a word of another language is called in a set of builtins: `lib.len`.
pub(super) fn in_module(module: &str, word: &str) -> Option<String> {
    let name = (1..=2).find_map(|arguments| same_function(word, arguments))?;
    let last = name.rsplit('.').next()?;
    builtins::find(module, last).map(|_| format!("write `{module}.{last}`"))
}
