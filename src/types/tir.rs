//! The typed tree: names are slots, builtins are numbers, and what is evaluated later says what it
//! needs from around it.
//!
//! A [`Body`] is evaluated in a frame of its own: its slots hold parameters and `let` bindings, its
//! captures are copied out of the frame around it when the function or the delayed expression is
//! made. So a value never holds more alive than it can reach.

use std::sync::Arc;

use super::{Named, Needed, Type};
use crate::syntax::ast::{BinaryOperator, Name};
use crate::text::{Source, Span};

/// A typed expression with its place in its body's source.
#[derive(Debug)]
pub struct Expr {
    /// What it is.
    pub kind: ExprKind,
    /// Its place.
    pub span: Span,
}

/// The kinds of typed expressions.
#[derive(Debug)]
pub enum ExprKind {
    /// A value known now.
    Constant(Constant),
    /// A slot of the running frame.
    Local(u32),
    /// A captured value of the running body.
    Captured(u32),
    /// The function with this index in the running function's own group.
    Sibling(u32),
    /// A builtin, by its index in the table.
    Builtin(u32),
    /// A collection of the inventory.
    Root(Root),
    /// A name given from outside (`--arg`, the REPL's bindings), by its index.
    Host(u32),
    /// A named filter of the inventory; looked up when it is resolved.
    NamedFilter(Name),
    /// An expression that is evaluated when its value is needed.
    Delayed(Arc<Body>, Vec<Capture>),
    /// A function.
    Lambda(Arc<Group>, Vec<Capture>),
    /// A string with interpolations.
    Interpolate(Vec<Expr>),
    /// A list; the elements are delayed where they need to be.
    List(Vec<Expr>),
    /// An attribute set with known keys, sorted, and values in the order of the keys.
    AttrSet {
        /// The keys, sorted by bytes.
        keys: Arc<[Name]>,
        /// The values, delayed where they need to be.
        values: Vec<Expr>,
    },
    /// An attribute set, and attributes with computed names added to it in written order; a null name
    /// adds nothing.
    DynamicAttrs {
        /// The set of the known keys.
        base: Box<Expr>,
        /// Name and value.
        extra: Vec<(Expr, Expr)>,
    },
    /// Bindings, then a body in the same frame.
    Let {
        /// In an order in which each needs only those before it, cycles aside.
        bindings: Vec<Binding>,
        /// What is evaluated then.
        body: Box<Expr>,
    },
    /// `if`
    If {
        /// The condition.
        condition: Box<Expr>,
        /// Where it holds.
        then: Box<Expr>,
        /// Where it does not.
        otherwise: Box<Expr>,
    },
    /// `assert`
    Assert {
        /// The condition.
        condition: Box<Expr>,
        /// Where it holds.
        body: Box<Expr>,
    },
    /// A name that is looked up in the values of `with` expressions, innermost first, since their
    /// types do not tell their attributes.
    WithLookup {
        /// The name.
        name: Name,
        /// The values, innermost first.
        scopes: Vec<Expr>,
        /// What the name means where no scope has it.
        fallback: Option<Box<Expr>>,
    },
    /// A call with all arguments that stand there.
    Apply {
        /// The function.
        function: Box<Expr>,
        /// The arguments, delayed where they need to be.
        arguments: Vec<Expr>,
    },
    /// `first |> stage |> stage`: the functions called one after the other.
    Pipe {
        /// What the first function gets, delayed where it needs to be.
        first: Box<Expr>,
        /// The functions.
        stages: Vec<Expr>,
    },
    /// `base.name`, one step; a missing attribute is an error.
    Select {
        /// The set.
        base: Box<Expr>,
        /// The attribute.
        name: Name,
        /// Where the attribute probably is: its index in the sorted keys, or its field number.
        hint: u32,
        /// The record, where it is known to be one of the inventory.
        record: Option<Named>,
    },
    /// `base.a.${b} or default`, or without a default where a name is computed.
    SelectPath {
        /// The set.
        base: Box<Expr>,
        /// The names; each evaluates to a string.
        path: Vec<Expr>,
        /// The value where one is missing.
        default: Option<Box<Expr>>,
    },
    /// `base ? a.b`
    HasAttr {
        /// The set.
        base: Box<Expr>,
        /// The names; each evaluates to a string.
        path: Vec<Expr>,
    },
    /// `!e`
    Not(Box<Expr>),
    /// `-e`
    Negate(Box<Expr>),
    /// Operands of one precedence level, grouped as the operators group.
    Chain {
        /// The first operand.
        first: Box<Expr>,
        /// Operators and right operands.
        rest: Vec<(BinaryOperator, Expr)>,
    },
    /// A value whose type could not be known before: checked against the type when it runs.
    Checked {
        /// The value.
        value: Box<Expr>,
        /// What it must be.
        ty: Type,
    },
    /// A variable of free-form data, with what it was bound to, by which its place is found when something
    /// is wrong with it.
    Named {
        /// The variable.
        value: Box<Expr>,
        /// What it was bound to: a chain of selections.
        from: Box<Expr>,
    },
    /// `import ./file`: the body of the file.
    Import(Arc<Body>),
}

/// A value known before evaluation.
#[derive(Clone, Debug, PartialEq)]
pub enum Constant {
    /// `null`
    Null,
    /// `true`, `false`
    Bool(bool),
    /// An integer.
    Int(i64),
    /// A floating point number.
    Float(f64),
    /// A text.
    String(Name),
}

/// The names that every query sees; see `docs/inventory.md`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Root {
    /// `machines : [Machine]`
    Machines,
    /// `clusters : { _ : Cluster }`
    Clusters,
    /// `services : { _ : Service }`
    Services,
    /// `instances : { _ : Instance }`
    Instances,
    /// `placements : [Placement]`
    Placements,
    /// `clouds : { _ : Cloud }`
    Clouds,
    /// `groups : { _ : [Machine] }`
    Groups,
    /// `tags : { _ : [Machine] }`
    Tags,
    /// `meta : Any`
    Meta,
    /// `checks : [Check]`
    Checks,
    /// `config : Any`, the ClusterConfig form
    Config,
    /// `inventory : Any`, the documents as loaded
    Inventory,
    /// `clusterInfo : Any`
    ClusterInfo,
    /// `servers : [Server]`
    Servers,
    /// `resources : { _ : [Resource] }`
    Resources,
    /// `channels`
    Channels,
    /// `clusterTemplates`
    ClusterTemplates,
    /// `updates`
    Updates,
}

impl Root {
    /// Each with its name and the text of its type.
    pub const ALL: [(Root, &'static str, &'static str, &'static str); 18] = [
        (Root::Machines, "machines", "[Machine]", "all machines and VMs, in cluster, then name order"),
        (Root::Clusters, "clusters", "{ _ : Cluster }", "the clusters by name"),
        (Root::Services, "services", "{ _ : Service }", "the services by identifier"),
        (Root::Instances, "instances", "{ _ : Instance }", "the instances of services by name"),
        (Root::Placements, "placements", "[Placement]", "which machine holds which role, and why"),
        (Root::Clouds, "clouds", "{ _ : Cloud }", "the clouds by name"),
        (Root::Groups, "groups", "{ _ : [Machine] }", "the groups by name"),
        (Root::Tags, "tags", "{ _ : [Machine] }", "the machines of each tag"),
        (Root::Meta, "meta", "Any", "what the inventory says about itself"),
        (
            Root::Checks,
            "checks",
            "[Check]",
            "checks that do not hold: the system's own, and invq's that are more than hints",
        ),
        (Root::Config, "config", "Any", "the inventory in ClusterConfig's form, as filters get it"),
        (Root::Inventory, "inventory", "Any", "the documents as they were loaded"),
        (Root::ClusterInfo, "clusterInfo", "Any", "the view that ClusterConfig's own tool prints"),
        (
            Root::Servers,
            "servers",
            "[Server]",
            "the servers of Operations Center, in the order of the documents",
        ),
        (
            Root::Resources,
            "resources",
            "{ _ : [Resource] }",
            "the rows of Operations Center's inventory by table, such as `resources.networks`",
        ),
        (
            Root::Channels,
            "channels",
            "[{ name : String, description : String, last_updated : String }]",
            "the channels of Operations Center",
        ),
        (
            Root::ClusterTemplates,
            "clusterTemplates",
            "[{ name : String, description : String, service_config_template : String, application_config_template : String, variables : { _ : { description : String, default : String } }, last_updated : String }]",
            "the cluster templates of Operations Center",
        ),
        (
            Root::Updates,
            "updates",
            "[{ uuid : String, format : String, origin : String, version : String, published_at : String, severity : String, channels : [String], upstream_channels : [String], changelog : String, files : [{ filename : String, size : Int, sha256 : String, component : String, type : String, architecture : String }], url : String, update_status : String }]",
            "the updates of Operations Center",
        ),
    ];
}

/// An expression that is evaluated in a frame of its own.
#[derive(Debug)]
pub struct Body {
    /// The expression.
    pub expr: Expr,
    /// How many slots its frame has.
    pub slots: u32,
    /// The text that its spans are places in.
    pub source: Arc<Source>,
}

/// Where a captured value comes from in the frame around.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Capture {
    /// A slot.
    Local(u32),
    /// A captured value.
    Captured(u32),
    /// A function of the running function's own group.
    Sibling(u32),
}

/// Functions that need each other, or one function alone; they share their captures.
#[derive(Debug)]
pub struct Group {
    /// The functions.
    pub lambdas: Vec<Lambda>,
}

/// A function. Its parameter is slot 0.
#[derive(Debug)]
pub struct Lambda {
    /// How the argument is taken apart.
    pub parameter: Parameter,
    /// What is evaluated.
    pub body: Body,
    /// Its name, where it is bound to one, for messages.
    pub name: Option<Name>,
    /// The place of the parameter.
    pub span: Span,
    /// The arguments that it needs before anything else.
    pub needed: Needed,
}

/// How a function takes its argument.
#[derive(Debug)]
pub enum Parameter {
    /// As it is, in slot 0.
    Value,
    /// Taken apart; the whole stays in slot 0.
    Pattern {
        /// The attributes in written order.
        fields: Vec<PatternField>,
        /// Whether others are allowed.
        open: bool,
    },
}

/// An attribute that a pattern takes.
#[derive(Debug)]
pub struct PatternField {
    /// Its name.
    pub name: Name,
    /// The slot that gets it.
    pub slot: u32,
    /// The value where it is missing, evaluated in the function's own frame once all fields that are
    /// there, and all defaults, have their slots.
    pub default: Option<Expr>,
}

/// Bindings of a `let`.
#[derive(Debug)]
pub enum Binding {
    /// One that does not need itself.
    Plain {
        /// Its slot.
        slot: u32,
        /// Its value, delayed where it needs to be.
        value: Expr,
    },
    /// Functions that need themselves or each other, and nothing that needs them in turn.
    Functions {
        /// Their slots, in the order of the group.
        slots: Vec<u32>,
        /// The functions.
        group: Arc<Group>,
        /// What they share.
        captures: Vec<Capture>,
    },
    /// Values that need each other.
    Cycle {
        /// Slot and delayed value.
        members: Vec<(u32, Expr)>,
    },
}

/// A checked program: what is evaluated, and the type of the result.
#[derive(Debug)]
pub struct Program {
    /// The whole expression.
    pub body: Arc<Body>,
    /// The type of the result.
    pub scheme: super::Scheme,
    /// Names in strings that must exist in the inventory.
    pub names: Vec<NamedString>,
    /// The named filters of the inventory that it uses, as often as it does.
    pub filters: Vec<Name>,
    /// Whether it asks about an inventory: by a collection, or by a filter.
    pub asks_inventory: bool,
    /// Whether the type of some part mentions `Any`, so that it may fail for a type when it runs.
    pub mentions_any: bool,
}

/// A literal that names something of the inventory.
#[derive(Clone, Debug, PartialEq)]
pub struct NamedString {
    /// What it names.
    pub kind: NameKind,
    /// The name.
    pub name: Name,
    /// The literal's place.
    pub span: Span,
    /// The cluster of an enclosing `inCluster`, where it is a literal.
    pub cluster: Option<Name>,
    /// For a role: the instance that stands before it.
    pub instance: Option<Name>,
    /// Whether an enclosing `optional` allows it to be unknown.
    pub optional: bool,
}

/// What a named string names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum NameKind {
    /// A machine (or VM).
    Machine,
    /// A machine of any cluster, also where others must be in the cluster in question.
    Source,
    /// A VM.
    Vm,
    /// A tag.
    Tag,
    /// A group.
    Group,
    /// A cluster.
    Cluster,
    /// A cloud.
    Cloud,
    /// A service.
    Service,
    /// An instance.
    Instance,
    /// A role of the instance before it.
    Role,
    /// A platform.
    System,
    /// A machine class.
    Class,
    /// A kind of machine.
    Kind,
    /// What something is done once for.
    Unit,
    /// A table of rows.
    Table,
    /// What a row is: the word for one of a table.
    Row,
}

impl NameKind {
    /// The word in messages.
    pub fn word(self) -> &'static str {
        match self {
            NameKind::Machine | NameKind::Source => "machine",
            NameKind::Vm => "VM",
            NameKind::Tag => "tag",
            NameKind::Group => "group",
            NameKind::Cluster => "cluster",
            NameKind::Cloud => "cloud",
            NameKind::Service => "service",
            NameKind::Instance => "instance",
            NameKind::Role => "role",
            NameKind::System => "system",
            NameKind::Class => "class",
            NameKind::Kind => "kind",
            NameKind::Unit => "unit",
            NameKind::Table => "table",
            NameKind::Row => "kind of rows",
        }
    }
}
