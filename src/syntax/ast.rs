//! The untyped tree, as written.
//!
//! Chains of one precedence level are flat lists, so that a long chain is neither a deep tree
//! here nor a deep recursion later. Parentheses leave no node: the printer adds them where they
//! are needed.

use std::sync::Arc;

use crate::text::Span;

/// A name or a decoded text.
pub type Name = Arc<str>;

/// An expression with its place.
#[derive(Clone, Debug)]
pub struct Expr {
    /// What it is.
    pub kind: ExprKind,
    /// From its first to its last byte, without white space around it; parentheses around an
    /// expression belong to it.
    pub span: Span,
}

/// The kinds of expressions.
#[derive(Clone, Debug)]
pub enum ExprKind {
    /// `12`
    Int(i64),
    /// `1.5`, `1e3`
    Float(f64),
    /// `"text ${e}"` or `''…''`, escapes and indentation resolved.
    String(Vec<StringPart>),
    /// `./part.invq`, only as the argument of `import`.
    Path(Name),
    /// `x`; also `true`, `false`, `null`, which are ordinary names as in Nix.
    Variable(Name),
    /// `[ a b ]`
    List(Vec<Expr>),
    /// `{ … }` or `rec { … }`
    AttrSet {
        /// Whether the bindings see each other.
        recursive: bool,
        /// The bindings in written order; nested paths are not merged yet.
        bindings: Vec<Binding>,
    },
    /// `let … in e`
    Let {
        /// The bindings in written order.
        bindings: Vec<Binding>,
        /// The expression after `in`.
        body: Box<Expr>,
    },
    /// `if c then a else b`
    If {
        /// The condition.
        condition: Box<Expr>,
        /// The value where it holds.
        then: Box<Expr>,
        /// The value where it does not.
        otherwise: Box<Expr>,
    },
    /// `with e; body`
    With {
        /// The set whose attributes come into scope.
        scope: Box<Expr>,
        /// The expression that sees them.
        body: Box<Expr>,
    },
    /// `assert c; body`
    Assert {
        /// The condition.
        condition: Box<Expr>,
        /// The value where it holds.
        body: Box<Expr>,
    },
    /// `x: e`, `{ a, b ? d, ... }@all: e`
    Lambda {
        /// The parameter.
        parameter: Parameter,
        /// The body.
        body: Box<Expr>,
    },
    /// `f a b c`: at least one argument.
    Apply {
        /// The function.
        function: Box<Expr>,
        /// The arguments in order.
        arguments: Vec<Expr>,
    },
    /// `e.a."b c".${d}` or `e.a or default`
    Select {
        /// The expression before the first dot.
        base: Box<Expr>,
        /// The attribute names; at least one.
        path: Vec<AttrName>,
        /// The expression after `or`.
        default: Option<Box<Expr>>,
    },
    /// `e ? a.b`
    HasAttr {
        /// The expression before `?`.
        base: Box<Expr>,
        /// The attribute names; at least one.
        path: Vec<AttrName>,
    },
    /// `-e`, `!e`
    Unary {
        /// The operator.
        operator: UnaryOperator,
        /// The operand.
        operand: Box<Expr>,
    },
    /// `a + b - c`: operands joined by operators of one precedence level, in written order.
    /// Whether the chain groups to the left or to the right is [`BinaryOperator::associativity`].
    /// Comparisons and `->` chains have exactly the operands that the grammar allows.
    Chain {
        /// The first operand.
        first: Box<Expr>,
        /// Operators with their places and right operands; at least one.
        rest: Vec<(BinaryOperator, Span, Expr)>,
    },
    /// `e :: Type`
    Ascription {
        /// The expression.
        value: Box<Expr>,
        /// The type.
        ty: TypeExpr,
    },
}

/// A part of a string.
#[derive(Clone, Debug)]
pub enum StringPart {
    /// Text with escapes resolved.
    Text(Name),
    /// `${e}`
    Interpolation(Expr),
}

/// A name in an attribute path.
#[derive(Clone, Debug)]
pub struct AttrName {
    /// What it is.
    pub kind: AttrNameKind,
    /// Its place, quotes and `${}` included.
    pub span: Span,
}

/// The kinds of attribute names.
#[derive(Clone, Debug)]
pub enum AttrNameKind {
    /// `a`, `"a b"`
    Static(Name),
    /// `${e}`, `"a${e}"`
    Dynamic(Box<Expr>),
}

/// A binding in an attribute set or a `let`.
#[derive(Clone, Debug)]
pub enum Binding {
    /// `a.b = e;`
    Value {
        /// The path on the left.
        path: Vec<AttrName>,
        /// The expression on the right.
        value: Expr,
    },
    /// `inherit a b;` or `inherit (e) a b;`
    Inherit {
        /// The expression in parentheses.
        from: Option<Expr>,
        /// The names.
        names: Vec<AttrName>,
    },
}

/// The parameter of a function.
#[derive(Clone, Debug)]
pub enum Parameter {
    /// `x:`
    Name(Name, Span),
    /// `{ a, b ? d, ... }:` with an optional `@name`
    Pattern(Pattern),
}

/// A pattern that takes an attribute set apart.
#[derive(Clone, Debug)]
pub struct Pattern {
    /// The attributes, in written order.
    pub fields: Vec<PatternField>,
    /// Whether `...` allows others.
    pub open: bool,
    /// The name of the whole argument.
    pub whole: Option<(Name, Span)>,
    /// The place of the pattern.
    pub span: Span,
}

/// An attribute that a pattern takes.
#[derive(Clone, Debug)]
pub struct PatternField {
    /// Its name.
    pub name: Name,
    /// The place of the name.
    pub span: Span,
    /// The expression after `?`.
    pub default: Option<Expr>,
}

/// Prefix operators.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnaryOperator {
    /// `-`
    Negate,
    /// `!`
    Not,
}

/// Infix operators.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BinaryOperator {
    /// `++`
    Concat,
    /// `*`
    Multiply,
    /// `/`
    Divide,
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `//`
    Update,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
    /// `==`
    Equal,
    /// `!=`
    NotEqual,
    /// `&&`
    And,
    /// `||`
    Or,
    /// `->`
    Implies,
    /// `|>`
    PipeForward,
    /// `<|`
    PipeBackward,
}

/// How a chain of equal precedence groups.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Associativity {
    /// `(a + b) + c`
    Left,
    /// `a // (b // c)`
    Right,
    /// `a < b < c` is an error.
    None,
}

impl BinaryOperator {
    /// The operator as written.
    pub fn symbol(self) -> &'static str {
        match self {
            BinaryOperator::Concat => "++",
            BinaryOperator::Multiply => "*",
            BinaryOperator::Divide => "/",
            BinaryOperator::Add => "+",
            BinaryOperator::Subtract => "-",
            BinaryOperator::Update => "//",
            BinaryOperator::Less => "<",
            BinaryOperator::LessOrEqual => "<=",
            BinaryOperator::Greater => ">",
            BinaryOperator::GreaterOrEqual => ">=",
            BinaryOperator::Equal => "==",
            BinaryOperator::NotEqual => "!=",
            BinaryOperator::And => "&&",
            BinaryOperator::Or => "||",
            BinaryOperator::Implies => "->",
            BinaryOperator::PipeForward => "|>",
            BinaryOperator::PipeBackward => "<|",
        }
    }

    /// How tightly it binds, from 1; the levels are those of Nix, where `!` (9), `?` (13) and `-` (14) are the
    /// levels that take no two operands, and `::` (2) stands between `->` and the pipes.
    pub fn precedence(self) -> u8 {
        match self {
            BinaryOperator::PipeForward | BinaryOperator::PipeBackward => 1,
            BinaryOperator::Implies => 3,
            BinaryOperator::Or => 4,
            BinaryOperator::And => 5,
            BinaryOperator::Equal | BinaryOperator::NotEqual => 6,
            BinaryOperator::Less
            | BinaryOperator::LessOrEqual
            | BinaryOperator::Greater
            | BinaryOperator::GreaterOrEqual => 7,
            BinaryOperator::Update => 8,
            BinaryOperator::Add | BinaryOperator::Subtract => 10,
            BinaryOperator::Multiply | BinaryOperator::Divide => 11,
            BinaryOperator::Concat => 12,
        }
    }

    /// How a chain of this operator's precedence groups.
    pub fn associativity(self) -> Associativity {
        match self {
            BinaryOperator::Concat
            | BinaryOperator::Update
            | BinaryOperator::Implies
            | BinaryOperator::PipeBackward => Associativity::Right,
            BinaryOperator::Equal
            | BinaryOperator::NotEqual
            | BinaryOperator::Less
            | BinaryOperator::LessOrEqual
            | BinaryOperator::Greater
            | BinaryOperator::GreaterOrEqual => Associativity::None,
            _ => Associativity::Left,
        }
    }
}

/// A type as written.
#[derive(Clone, Debug)]
pub struct TypeExpr {
    /// What it is.
    pub kind: TypeExprKind,
    /// Its place.
    pub span: Span,
}

/// The kinds of types as written.
#[derive(Clone, Debug)]
pub enum TypeExprKind {
    /// `Int`, `Machine`
    Name(Name),
    /// `a`
    Variable(Name),
    /// `[T]`
    List(Box<TypeExpr>),
    /// `T?`
    Optional(Box<TypeExpr>),
    /// `T -> U`, right associative.
    Function(Box<TypeExpr>, Box<TypeExpr>),
    /// `{ a : T, b? : U }`, with more than that where its rest says so.
    Record {
        /// Name, whether it may be missing, type.
        fields: Vec<(Name, bool, TypeExpr)>,
        /// What else there may be.
        rest: TypeRest,
    },
    /// `{ _ : T }`
    Dictionary(Box<TypeExpr>),
}

/// What a written record type allows besides its fields.
#[derive(Clone, Debug)]
pub enum TypeRest {
    /// Nothing.
    Closed,
    /// `{ a : T, .. }`: anything.
    Open,
    /// `{ a : T, _ : U }`: any other keys, with values of one type.
    Keys(Box<TypeExpr>),
}

/// What a line of the REPL or a library file holds.
#[derive(Clone, Debug)]
pub enum Line {
    /// `name = e;` one or several; the last `;` may be missing in a line.
    Bindings(Vec<Binding>),
    /// An expression.
    Expression(Expr),
    /// Only white space and comments.
    Empty,
}
