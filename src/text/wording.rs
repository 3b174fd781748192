//! Wording that messages share: plurals, lists, and the nearest known name.

/// `1 machine`, `2 machines`, `1,204 machines`.
pub fn count(number: usize, singular: &str, plural: &str) -> String {
    let digits = number.to_string();
    let mut grouped = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    format!("{grouped} {}", if number == 1 { singular } else { plural })
}

/// The most characters of a name that a message shows.
const LONGEST_NAME: usize = 200;

/// A name in backticks, with control characters made visible; of a very long one the beginning.
pub fn quoted(name: &str) -> String {
    if name.len() <= LONGEST_NAME && name.bytes().all(|byte| (b' '..=b'~').contains(&byte)) {
        return ["`", name, "`"].concat();
    }
    let mut text = String::from("`");
    for (index, character) in name.chars().enumerate() {
        if index >= LONGEST_NAME {
            text.push('…');
            break;
        }
        if character.is_control() {
            text.extend(character.escape_default());
        } else {
            text.push(character);
        }
    }
    text.push('`');
    text
}

/// `` `a` ``, `` `a` or `b` ``, `` `a`, `b` or `c` ``.
pub fn list_or<S: AsRef<str>>(names: &[S]) -> String {
    list(names, "or")
}

/// `` `a` ``, `` `a` and `b` ``, `` `a`, `b` and `c` ``.
pub fn list_and<S: AsRef<str>>(names: &[S]) -> String {
    list(names, "and")
}

fn list<S: AsRef<str>>(names: &[S], word: &str) -> String {
    match names {
        [] => String::new(),
        [only] => quoted(only.as_ref()),
        [head @ .., last] => {
            let head: Vec<String> = head.iter().map(|name| quoted(name.as_ref())).collect();
            format!("{} {word} {}", head.join(", "), quoted(last.as_ref()))
        }
    }
}

/// ``did you mean `x`?`` for the names nearest to `wrong`, or nothing where none is near.
pub fn did_you_mean<'n>(wrong: &str, known: impl IntoIterator<Item = &'n str>) -> Option<String> {
    offer(&nearest(wrong, known))
}

/// ``did you mean `x`?`` for names that may be meant, or nothing where there are none.
pub fn offer<S: AsRef<str>>(names: &[S]) -> Option<String> {
    (!names.is_empty()).then(|| format!("did you mean {}?", list_or(names)))
}

/// The at most three names that are near to `wrong`: by edit distance, then by name.
///
/// Near is at most a third of the longer name's characters (at least one, two from five on), or
/// an equal name in another case.
pub fn nearest<'n>(wrong: &str, known: impl IntoIterator<Item = &'n str>) -> Vec<&'n str> {
    near(wrong, known, 3).into_iter().map(|(_, name)| name).collect()
}

/// As [`nearest`], at most `most` of them, each with its distance.
pub fn near<'n>(wrong: &str, known: impl IntoIterator<Item = &'n str>, most: usize) -> Vec<(usize, &'n str)> {
    let wrong_folded: Vec<char> = wrong.to_lowercase().chars().collect();
    let pattern = Pattern::new(&wrong_folded);
    let mut near: Vec<(usize, &str)> = Vec::new();
    for name in known {
        if name == wrong || name.is_empty() {
            continue;
        }
        let length = name.len();
        if length > wrong.len() * 2 + 4 || wrong.len() > length * 2 + 4 {
            continue;
        }
        let allowed_for = |longer: usize| if longer < 5 { 1 } else { (longer / 3).max(2) };
        let (longer, distance, allowed) = match &pattern {
            // The usual case, and there may be a hundred thousand names: nothing is allocated.
            Some(pattern) if name.is_ascii() => {
                let longer = length.max(pattern.length);
                (longer, pattern.distance(name), allowed_for(longer))
            }
            _ => {
                let folded: Vec<char> = name.to_lowercase().chars().collect();
                let longer = folded.len().max(wrong_folded.len());
                let allowed = allowed_for(longer);
                (longer, edit_distance(&wrong_folded, &folded, allowed), allowed)
            }
        };
        if distance <= allowed && distance < longer {
            near.push((distance, name));
        }
        if near.len() > 64 + most {
            near.sort_unstable();
            near.dedup();
            near.truncate(most);
        }
    }
    near.sort_unstable();
    near.dedup();
    near.truncate(most);
    near
}

/// A short ASCII text whose edit distances to many others are wanted.
///
/// The columns of the table of distances are bits of machine words, after Hyyrö (2003): a bit says
/// whether the distance rises or falls from one row to the next.
struct Pattern {
    length: usize,
    /// For each byte the places where the text has it.
    places: [u64; 128],
}

impl Pattern {
    fn new(folded: &[char]) -> Option<Pattern> {
        if folded.is_empty() || folded.len() > 64 {
            return None;
        }
        let mut places = [0; 128];
        for (index, character) in folded.iter().enumerate() {
            *places.get_mut(*character as usize)? |= 1 << index;
        }
        Some(Pattern { length: folded.len(), places })
    }

    /// The edit distance to an ASCII name, without regard to case.
    fn distance(&self, name: &str) -> usize {
        let last = 1_u64 << (self.length - 1);
        let (mut rises, mut falls) = (u64::MAX, 0_u64);
        let (mut diagonal, mut before) = (0_u64, 0_u64);
        let mut distance = self.length;
        for byte in name.bytes() {
            let here = self.places.get(usize::from(byte.to_ascii_lowercase())).copied().unwrap_or(0);
            let swaps = ((!diagonal & here) << 1) & before;
            diagonal = ((here & rises).wrapping_add(rises) ^ rises) | here | falls | swaps;
            let right_rises = falls | !(diagonal | rises);
            let right_falls = diagonal & rises;
            distance += usize::from(right_rises & last != 0);
            distance -= usize::from(right_falls & last != 0);
            let right_rises = right_rises << 1 | 1;
            rises = right_falls << 1 | !(diagonal | right_rises);
            falls = right_rises & diagonal;
            before = here;
        }
        distance
    }
}

/// Edit distance with insertions, deletions, substitutions and swaps of neighbours, given up
/// (as `limit + 1`) as soon as it must exceed `limit`.
fn edit_distance(left: &[char], right: &[char], limit: usize) -> usize {
    if left.len().abs_diff(right.len()) > limit {
        return limit + 1;
    }
    let width = right.len() + 1;
    let mut before: Vec<usize> = vec![0; width];
    let mut last: Vec<usize> = (0..width).collect();
    let mut left_previous = None;
    for (row, left_char) in left.iter().enumerate() {
        let mut current = Vec::with_capacity(width);
        current.push(row + 1);
        let mut right_previous = None;
        for (column, right_char) in right.iter().enumerate() {
            let at = |line: &[usize], index: usize| line.get(index).copied().unwrap_or(usize::MAX / 2);
            let substitution = at(&last, column) + usize::from(left_char != right_char);
            let mut best = substitution.min(at(&last, column + 1) + 1).min(at(&current, column) + 1);
            if column > 0 && left_previous == Some(right_char) && right_previous == Some(left_char) {
                best = best.min(at(&before, column - 1) + 1);
            }
            current.push(best);
            right_previous = Some(right_char);
        }
        if current.iter().min().is_none_or(|least| *least > limit) {
            return limit + 1;
        }
        left_previous = Some(left_char);
        before = last;
        last = current;
    }
    last.last().copied().unwrap_or(limit + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_grouped() {
        assert_eq!(count(1, "machine", "machines"), "1 machine");
        assert_eq!(count(1204, "machine", "machines"), "1,204 machines");
    }

    #[test]
    fn nearest_names_come_first() {
        assert_eq!(nearest("bakcup", ["web", "backup", "backups"]), ["backup", "backups"]);
        assert_eq!(nearest("JON", ["jon", "joan"]), ["jon", "joan"]);
        assert!(nearest("x", ["abc"]).is_empty());
        assert!(nearest("ab", ["cd"]).is_empty());
    }

    proptest::proptest! {
        #[test]
        fn both_ways_to_count_edits_agree(left in "[abA]{1,12}|[a-d]{1,64}", right in "[abB]{0,12}|[a-d]{0,70}") {
            let fold = |text: &str| text.to_lowercase().chars().collect::<Vec<char>>();
            let bits = Pattern::new(&fold(&left)).map(|pattern| pattern.distance(&right));
            proptest::prop_assert_eq!(bits, Some(edit_distance(&fold(&left), &fold(&right), usize::MAX - 1)));
        }
    }

    #[test]
    fn lists_read_as_sentences() {
        assert_eq!(list_or(&["a", "b", "c"]), "`a`, `b` or `c`");
        assert_eq!(list_and(&["a"]), "`a`");
    }
}
