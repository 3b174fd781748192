//! One thing per line, or ended by NUL each.

use std::io::{self, Write};

use super::answer::OutputError;
use super::escape::visible;
use super::format::Options;
use crate::diagnostic::{Code, Diagnostic};
use crate::engine::Inventory;
use crate::text::quoted;

/// Which text of a machine is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NodeText {
    /// Its name.
    Name,
    /// Its fully qualified domain name.
    Fqdn,
    /// The path by which filters name it.
    Path,
}

/// Writes a text of each machine.
///
/// Names cannot be told apart where one of them holds what ends each: nothing is written then.
pub(super) fn write_nodes(
    inventory: &Inventory,
    nodes: &[u32],
    text: NodeText,
    options: &Options,
    out: &mut dyn Write,
) -> Result<(), OutputError> {
    let names = || nodes.iter().map(|node| inventory.machine_name(*node));
    if text == NodeText::Name {
        return write_lines(names, options, out);
    }
    let texts = nodes.iter().map(|node| match text {
        NodeText::Path => Ok(inventory.model().node_path(*node)),
        _ => inventory.machine_fqdn(*node).map_err(Box::new),
    });
    let texts: Vec<String> = texts.collect::<Result<_, _>>().map_err(OutputError::Refused)?;
    write_lines(|| texts.iter().map(String::as_str), options, out)
}

/// Writes texts, each ended; they are gone through twice, so that nothing is written where one cannot be.
pub(super) fn write_lines<'t, I: Iterator<Item = &'t str>>(
    texts: impl Fn() -> I,
    options: &Options,
    out: &mut dyn Write,
) -> Result<(), OutputError> {
    if let Some(name) = texts().find(|text| is_unprintable(text, options.nul)) {
        return Err(OutputError::Refused(Box::new(unprintable(name, options.nul))));
    }
    let end = options.end();
    let mut first = true;
    for text in texts() {
        if !first {
            out.write_all(end)?;
        }
        first = false;
        write_text(text, &[], options, out)?;
    }
    if !first && options.last_end {
        out.write_all(end)?;
    }
    Ok(())
}

/// Writes one text that is the whole answer: it may have lines of its own.
pub(super) fn write_whole(text: &str, options: &Options, out: &mut dyn Write) -> Result<(), OutputError> {
    if options.nul && text.contains('\0') {
        return Err(OutputError::Refused(Box::new(unprintable(text, true))));
    }
    write_text(text, &['\n', '\t'], options, out)?;
    if options.last_end {
        out.write_all(options.end())?;
    }
    Ok(())
}

fn write_text(text: &str, keep: &[char], options: &Options, out: &mut dyn Write) -> io::Result<()> {
    if options.terminal {
        out.write_all(visible(text, keep).as_bytes())
    } else {
        out.write_all(text.as_bytes())
    }
}

fn is_unprintable(text: &str, nul: bool) -> bool {
    text.bytes().any(|byte| byte == 0 || (byte == b'\n' && !nul))
}

fn unprintable(name: &str, nul: bool) -> Diagnostic {
    let holds = match (name.contains('\0'), nul) {
        (true, _) => "NUL",
        (false, _) => "a line break",
    };
    let place = if nul { "between NULs" } else { "on a line of its own" };
    let short: String = name.chars().take(80).collect();
    let message = format!("{} holds {holds} and cannot be written {place}", quoted(&short));
    let help = if name.contains('\0') { "add `-o json`" } else { "add `-0` or `-o json`" };
    Diagnostic::error(Code::UnprintableName, message).help(help)
}

/// The mistake that a name holds what means something in a node set.
pub(super) fn unprintable_in_nodeset(name: &str) -> Diagnostic {
    let short: String = name.chars().take(80).collect();
    let message = format!("{} would be read otherwise in a node set", quoted(&short));
    Diagnostic::error(Code::UnprintableName, message).help("use `-o names` or `-o json`")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(texts: &[&str], options: &Options) -> Result<String, Code> {
        let mut out = Vec::new();
        match write_lines(|| texts.iter().copied(), options, &mut out) {
            Ok(()) => Ok(String::from_utf8_lossy(&out).into_owned()),
            Err(OutputError::Refused(diagnostic)) => {
                assert!(out.is_empty(), "nothing is written before a refusal");
                Err(diagnostic.code)
            }
            Err(OutputError::Io(error)) => panic!("{error}"),
        }
    }

    #[test]
    fn each_text_is_ended() {
        let options = Options::default();
        assert_eq!(lines(&["a", "b"], &options), Ok("a\nb\n".to_owned()));
        assert_eq!(lines(&[], &options), Ok(String::new()));
        assert_eq!(lines(&["a", "b"], &Options { last_end: false, ..options }), Ok("a\nb".to_owned()));
        assert_eq!(lines(&["a", "b"], &Options { nul: true, ..options }), Ok("a\0b\0".to_owned()));
    }

    #[test]
    fn what_ends_a_name_cannot_be_in_one() {
        let options = Options::default();
        assert_eq!(lines(&["a", "b\nc"], &options), Err(Code::UnprintableName));
        assert_eq!(lines(&["a\0"], &options), Err(Code::UnprintableName));
        let nul = Options { nul: true, ..options };
        assert_eq!(lines(&["a\0"], &nul), Err(Code::UnprintableName));
        assert_eq!(lines(&["b\nc"], &nul), Ok("b\nc\0".to_owned()));
    }

    #[test]
    fn a_terminal_gets_no_control_characters() {
        let options = Options { terminal: true, ..Options::default() };
        assert_eq!(lines(&["\u{1b}[2J"], &options), Ok("\\u{1b}[2J\n".to_owned()));
    }
}
