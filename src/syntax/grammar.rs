//! The generated parser, and the words that users see in place of its rules.

use pest_derive::Parser;

/// The parser generated from the grammar; [`Rule`] has one variant for each of its rules.
#[derive(Parser)]
#[grammar = "grammar/invq.pest"]
pub(super) struct Grammar;

/// What a rule is called in a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Word {
    /// Text that must stand there as it is.
    Text(&'static str),
    /// A name to bind or to read.
    Name,
    /// The name of an attribute, quoted or not.
    Attribute,
    /// A binding of a set or a `let`.
    Binding,
    /// A type.
    Type,
    /// An infix operator, or what else may follow an operand.
    Operator,
    /// Anything that has a value.
    Expression,
    /// The end of the text.
    End,
    /// What may stand there and is not worth a word: the dot behind a name, the `?` of a default.
    Unnamed,
}

/// The word for a rule. There is no wildcard, so that a new rule must be given one.
pub(super) fn word(rule: Rule) -> Word {
    use Word::{Attribute, Binding, End, Expression, Name, Operator, Text, Type, Unnamed};
    match rule {
        Rule::EOI => End,
        Rule::file | Rule::line | Rule::expression | Rule::operation | Rule::application => Expression,
        Rule::head | Rule::if_head | Rule::let_head | Rule::with_head | Rule::assert_head => Expression,
        Rule::name_head | Rule::pattern_head | Rule::pattern_start => Expression,
        Rule::select | Rule::primary | Rule::list | Rule::set | Rule::parenthesised => Expression,
        Rule::variable | Rule::string | Rule::indented | Rule::path => Expression,
        Rule::float | Rule::integer | Rule::prefix_op | Rule::not_op | Rule::negate_op => Expression,
        Rule::if_kw | Rule::let_kw | Rule::with_kw | Rule::assert_kw | Rule::rec_kw => Expression,
        Rule::pattern => Text("{"),
        Rule::pattern_entry | Rule::identifier => Name,
        Rule::line_bindings | Rule::binding | Rule::binding_body => Binding,
        Rule::inherit_binding | Rule::value_binding | Rule::inherit_kw => Binding,
        Rule::attr_path | Rule::attr | Rule::attr_word | Rule::inherit_from => Attribute,
        Rule::interpolation => Text("${"),
        Rule::signature | Rule::type_expression | Rule::type_operand | Rule::type_primary => Type,
        Rule::type_list | Rule::type_parens | Rule::type_record | Rule::type_word => Type,
        Rule::type_field => Attribute,
        Rule::type_open => Text(".."),
        Rule::has_attr | Rule::ascription | Rule::infix_op => Operator,
        Rule::pipe_forward_op | Rule::pipe_backward_op | Rule::or_op | Rule::and_op => Operator,
        Rule::implies_op | Rule::equal_op | Rule::not_equal_op | Rule::less_or_equal_op => Operator,
        Rule::greater_or_equal_op | Rule::less_op | Rule::greater_op | Rule::concat_op => Operator,
        Rule::add_op | Rule::subtract_op | Rule::update_op | Rule::divide_op | Rule::multiply_op => Operator,
        Rule::question | Rule::double_colon => Operator,
        Rule::dot | Rule::or_kw | Rule::arrow | Rule::default_mark | Rule::optional_mark => Unnamed,
        Rule::after_pattern | Rule::colon => Text(":"),
        Rule::at => Text("@"),
        Rule::comma => Text(","),
        Rule::ellipsis => Text("..."),
        Rule::equals => Text("="),
        Rule::semicolon => Text(";"),
        Rule::close_paren => Text(")"),
        Rule::close_bracket => Text("]"),
        Rule::close_brace => Text("}"),
        Rule::close_quote | Rule::string_text => Text("\""),
        Rule::close_indented | Rule::indented_text | Rule::indented_escape => Text("''"),
        Rule::else_kw => Text("else"),
        Rule::in_kw => Text("in"),
        Rule::then_kw => Text("then"),
        Rule::reserved | Rule::word_char | Rule::number_tail | Rule::path_char => Name,
        Rule::WHITESPACE | Rule::COMMENT => Unnamed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_word_is_the_name_of_a_rule() {
        for rule in Rule::all_rules() {
            if let Word::Text(text) = word(*rule) {
                let is_keyword = crate::syntax::lex::KEYWORDS.contains(&text);
                assert!(
                    is_keyword || !text.contains(|letter: char| letter.is_alphanumeric()),
                    "{rule:?} {text}"
                );
            }
        }
    }
}
