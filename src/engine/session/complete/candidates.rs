//! What could stand at a place, as it is found and as it is shown.

/// What could stand at a place of a line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Completion {
    /// Where what is completed begins; it ends at the cursor.
    pub start: usize,
    /// What could stand there, in name order; where there are very many the first ones.
    pub candidates: Vec<Candidate>,
    /// How many more there are.
    pub more: usize,
    /// What all of them begin with, those that are not shown included.
    pub common: String,
    /// Whether files could stand there, which the program has to find.
    pub files: bool,
}

/// What could stand at a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// The text, as it is to be typed.
    pub text: String,
    /// What it is.
    pub about: String,
}

/// Candidates as they are found.
#[derive(Clone, Debug, Default)]
pub(super) struct Candidates {
    pub(super) shown: Vec<Candidate>,
    pub(super) total: usize,
    /// What all begin with.
    common: Option<String>,
}

impl Candidates {
    /// How many are shown at most.
    pub(super) const MOST: usize = 50;

    /// Candidates from their names; what each is, is only asked for those that are shown.
    pub(super) fn of<'n, F: FnOnce() -> String>(found: impl Iterator<Item = (&'n str, F)>) -> Candidates {
        let mut candidates = Candidates::default();
        let mut last: Option<&str> = None;
        for (name, about) in found {
            if last == Some(name) {
                continue;
            }
            last = Some(name);
            candidates.add(name, about);
        }
        candidates
    }

    pub(super) fn add(&mut self, name: &str, about: impl FnOnce() -> String) {
        self.total += 1;
        self.widen(name, name);
        if self.shown.len() < Candidates::MOST {
            self.shown.push(Candidate { text: name.to_owned(), about: about() });
        }
    }

    /// All names from `first` to `last` are candidates.
    pub(super) fn widen(&mut self, first: &str, last: &str) {
        let common = common(first, last);
        self.common = Some(match &self.common {
            None => common.to_owned(),
            Some(known) => self::common(known, common).to_owned(),
        });
    }

    /// The candidates as they are to be typed.
    pub(super) fn written(mut self, start: usize, write: impl Fn(&str) -> String) -> Completion {
        let more = self.total - self.shown.len().min(self.total);
        let all_shown = more == 0;
        for candidate in &mut self.shown {
            candidate.text = write(&candidate.text);
        }
        let common = match self.shown.split_first() {
            Some((first, rest)) if all_shown => {
                rest.iter().fold(first.text.as_str(), |known, next| common(known, &next.text)).to_owned()
            }
            _ => {
                let name = self.common.unwrap_or_default();
                // Without what comes behind a whole name.
                let written = write(&name);
                let end = written.rfind(name.as_str()).map_or(0, |at| at + name.len());
                written.get(..end).unwrap_or("").to_owned()
            }
        };
        Completion { start, candidates: self.shown, more, common, files: false }
    }
}

/// What both texts begin with.
pub(super) fn common<'t>(a: &'t str, b: &str) -> &'t str {
    let end = a
        .char_indices()
        .zip(b.chars())
        .find(|((_, left), right)| left != right)
        .map_or_else(|| a.len().min(b.len()), |((at, _), _)| at);
    a.get(..end).unwrap_or("")
}
