//! The layout of types.

use crate::syntax::format::doc::Doc;
use crate::syntax::limits::on_enough_stack;

use super::layout::{Hug, Layout, Piece};

impl Layout<'_> {
    /// `[a] -> { name : String, .. }?`
    pub(super) fn type_expression(&mut self) -> Piece {
        Piece::new(on_enough_stack(|| self.function_type()), Hug::None, false)
    }

    fn function_type(&mut self) -> Doc {
        let first = self.type_operand();
        let mut rest = Vec::new();
        while self.text_at(0) == "->" {
            rest.extend([Doc::line(), self.take(), Doc::space(), self.type_operand()]);
        }
        Doc::concat(vec![first, Doc::concat(rest).nest()]).group()
    }

    fn type_operand(&mut self) -> Doc {
        let mut docs = vec![match self.text_at(0) {
            "(" | "[" => {
                let opener = self.take();
                let inner = self.type_expression().doc;
                Doc::concat(vec![opener, inner, self.take()])
            }
            "{" => self.record_type(),
            _ => self.take(),
        }];
        if self.text_at(0) == "?" {
            docs.push(self.take());
        }
        Doc::concat(docs)
    }

    /// `{ a : T, b? : U, .. }`
    fn record_type(&mut self) -> Doc {
        let opener = self.take();
        let mut fields = Vec::new();
        while self.text_at(0) != "}" && !self.is_at_end() {
            fields.push(Doc::line());
            if self.text_at(0) == ".." {
                fields.push(self.take());
            } else {
                fields.push(self.attr());
                if self.text_at(0) == "?" {
                    fields.push(self.take());
                }
                fields.extend([Doc::space(), self.take(), Doc::space(), self.type_expression().doc]);
            }
            if self.text_at(0) == "," {
                fields.push(self.take());
            }
        }
        self.bracketed(opener, fields, false)
    }
}
