//! Sessions: what they print, and how they are on a terminal.

mod piped;
pub(crate) mod terminal;
pub(crate) mod transcripts;
mod typing;

/// Lines of anything, always the same.
fn anything(lines: usize) -> String {
    // A linear congruential generator, so that a failure is the same every time.
    let mut state = 42_u64;
    let mut next = |bound: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % bound
    };
    let pieces = [
        "tag \"",
        "web",
        "\"",
        " && ",
        "(",
        ")",
        "[",
        "]",
        "{",
        "}",
        "=",
        ";",
        ":",
        "let ",
        " in ",
        "x",
        "1",
        ".",
        "é",
        "日本",
        "\u{0}",
        "\u{1b}[2J",
        "${",
        "''",
        "\\",
        "machines",
        " ",
        "|> ",
        "map ",
        "it",
        ":undo",
        ":type ",
        "#",
        "/*",
        "/ 0",
        "m: m.",
        "\t",
        "?",
        "@",
        "a = ",
    ];
    let mut text = String::new();
    for _ in 0..lines {
        for _ in 0..next(12) {
            let piece = pieces[usize::try_from(next(pieces.len() as u64)).expect("a small number")];
            text.push_str(piece);
        }
        // An unfinished line takes the next ones in, so the end of a line is one of everything.
        text.push('\n');
    }
    text
}
