//! Snapshots in files: written beside an inventory, believed where everything agrees.
//!
//! A file begins with [`PREFIX`] bytes: the magic, the version of the format, where the directory is, and
//! the hash of everything else. The sections follow, and at the end the directory. A snapshot is opened
//! where its hash is right, the same program made it under the same settings, it is newer than its source,
//! and the source still has the hash that it had. Whatever is not so makes it as good as not there.
//!
//! The source is hashed again unless the system says that nobody has touched it since: as in Git's index, a file
//! of the same number, size and times, of which that of the last change is the system's own to set.

#![allow(clippy::disallowed_methods, reason = "a part of the loader")]

use std::fs::{File, Metadata};
use std::io::{self, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::{Xxh3Default, xxh3_128};

use super::load::{Input, reason};
use super::{Engine, Inventory, Origin};
use crate::diagnostic::{Code, Diagnostic};
use crate::inventory::snapshot::{self, Section, Sections, Unfit};
use crate::limits::Limits;
use crate::services::{Broken, Loaded};
use crate::text::{Deferred, Source, quoted};

/// What snapshots begin with.
const MAGIC: [u8; 8] = *b"invqsnap";

/// The version of the format: another one for every change of what is written.
const VERSION: u32 = 2;

/// Magic, version, length of the directory, its place, and the hash.
const PREFIX: usize = 8 + 4 + 4 + 8 + 16;

/// Where the hash stands in the prefix, behind what it covers of it.
const HASH_AT: usize = PREFIX - 16;

/// How much is read and hashed at once: little enough to stay near the processor.
const BLOCK: usize = 128 * 1024;

/// Where the snapshot of an inventory is kept, and for whom.
#[derive(Clone, Copy, Debug)]
pub struct Kept<'k> {
    /// The file.
    pub path: &'k Path,
    /// What identifies the program, down to its build: another one's snapshots are not believed.
    pub program: &'k str,
}

/// What a snapshot says of itself, and where its sections are.
#[derive(Serialize, Deserialize)]
struct Directory {
    program: String,
    settings: String,
    source_size: u64,
    source_hash: u128,
    /// The source as the system knows it; nothing where that cannot tell one text from another.
    source_known: Option<Untouched>,
    /// Start, length and hash, in the order of [`Section::ALL`].
    sections: Vec<(u64, u64, u128)>,
}

/// Why a snapshot was not written.
enum Failure {
    Io(io::Error),
    Unfit(Unfit),
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Failure {
        Failure::Io(error)
    }
}

impl From<Unfit> for Failure {
    fn from(reason: Unfit) -> Failure {
        Failure::Unfit(reason)
    }
}

impl Engine {
    /// Opens the snapshot of an inventory that is one file. Nothing where there is none, or one that is
    /// damaged, of another program, of other settings, or older than its source: the inventory is loaded
    /// from the file then.
    pub fn open_snapshot(&self, source: &Path, kept: Kept<'_>) -> Option<Inventory> {
        if self.reader.is_some() || !self.severities.is_default() {
            return None;
        }
        let file = File::open(source).ok()?;
        let about = file.metadata().ok().filter(Metadata::is_file)?;
        let stored = File::open(kept.path).ok()?;
        let about_stored = stored.metadata().ok().filter(Metadata::is_file)?;
        if !is_private(&about_stored) || about_stored.modified().ok()? < about.modified().ok()? {
            return None;
        }
        let (directory, stored) = directory(stored, about_stored.len())?;
        let agrees = directory.program == kept.program
            && directory.settings == self.settings()
            && directory.source_size == about.len()
            && about.len() <= self.limits.document as u64;
        if !agrees {
            return None;
        }
        let is_untouched = directory.source_known.is_some_and(|known| Untouched::of(&about) == Some(known));
        let file = if is_untouched { file } else { with_hash(file, about.len(), directory.source_hash)? };
        let hash = directory.source_hash;
        let lost = Arc::new(AtomicBool::new(false));
        let text = Text { file: Mutex::new(file), size: about.len(), hash, lost: Arc::clone(&lost) };
        let source = Source::deferred(source.display().to_string(), Deferred::new(move || text.read()));
        let stored =
            Stored { file: Mutex::new(stored), sections: directory.sections, lost: Arc::clone(&lost) };
        let sections: Arc<dyn Sections> = Arc::new(stored);
        let model = snapshot::read(&sections, &source, &self.limits)?;
        let kept_broken = snapshot::decoded(&sections.read(Section::Broken)?)?;
        let broken = Broken::from_kept(kept_broken, snapshot::pairs(Section::BrokenNodes, &sections));
        let (programs, _known) = self.checked(&model, &Default::default());
        let loaded = Loaded::kept(model, programs, broken, &self.limits);
        let origin = Origin { documents: vec![0], ..Origin::default() };
        Some(Inventory { origin, lost: Some(lost), ..Inventory::new(loaded) })
    }

    /// Loads an inventory that is one file, and writes a snapshot of it.
    ///
    /// # Errors
    /// As [`Engine::load_path`]; an inventory of which there is no snapshot; a file that cannot be written.
    pub fn write_snapshot(&self, source: &Path, kept: Kept<'_>) -> Result<(), Vec<Diagnostic>> {
        let unfit = |reason: Unfit| {
            let diagnostic = Diagnostic::error(
                Code::Usage,
                format!("cannot index {}: an inventory {reason}", quoted(&source.display().to_string())),
            );
            vec![diagnostic.help("name an inventory that is one file of JSON, NDJSON, YAML or TOML")]
        };
        if source.is_dir() {
            return Err(unfit("of several files is read from them each time"));
        }
        if self.reader.is_some() || !self.severities.is_default() {
            return Err(unfit("with a reader or other severities is loaded each time"));
        }
        // Before it is read, so that whatever happens to it meanwhile shows.
        let source_known = source.metadata().ok().and_then(|about| Untouched::since_long(&about));
        let input = Input::read_within(source, &self.limits).map_err(|failure| vec![failure])?;
        let text = Arc::clone(&input.source);
        if text.text().starts_with('\u{feff}') {
            return Err(unfit("that begins with a byte order mark is loaded each time"));
        }
        let inventory = self.load(vec![input])?;
        snapshot::fits(inventory.model()).map_err(unfit)?;
        let loaded = Arc::into_inner(inventory.view.0).ok_or_else(|| unfit("in use"))?;
        let directory = Directory {
            program: kept.program.to_owned(),
            settings: self.settings(),
            source_size: text.text().len() as u64,
            source_hash: xxh3_128(text.text().as_bytes()),
            source_known,
            sections: Vec::new(),
        };
        write(kept.path, directory, loaded).map_err(|failure| match failure {
            Failure::Unfit(reason) => unfit(reason),
            Failure::Io(error) => {
                let place = quoted(&kept.path.display().to_string());
                vec![Diagnostic::error(Code::Io, format!("cannot write {place}: {}", reason(&error)))]
            }
        })
    }

    /// What an inventory depends on besides its text.
    fn settings(&self) -> String {
        let Limits { source, nesting, literal, document_depth, document_values, .. } = &self.limits;
        format!("{:?} {source} {nesting} {literal} {document_depth} {document_values}", self.dialect)
    }
}

impl Inventory {
    /// Whether all that was looked at is what was written.
    ///
    /// # Errors
    /// A snapshot, or the source of one, that has changed since it was opened.
    pub fn intact(&self) -> Result<(), Diagnostic> {
        match &self.lost {
            Some(lost) if lost.load(Ordering::Acquire) => {
                let message = "the inventory has changed while it was read";
                Err(Diagnostic::error(Code::Io, message).help("run the command again"))
            }
            _ => Ok(()),
        }
    }
}

/// What the system knows of a file that changes with each change of its text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Untouched {
    device: u64,
    number: u64,
    size: u64,
    /// Seconds and nanoseconds, here and below.
    modified: (i64, i64),
    changed: (i64, i64),
}

impl Untouched {
    #[cfg(unix)]
    fn of(about: &Metadata) -> Option<Untouched> {
        use std::os::unix::fs::MetadataExt;
        Some(Untouched {
            device: about.dev(),
            number: about.ino(),
            size: about.size(),
            modified: (about.mtime(), about.mtime_nsec()),
            changed: (about.ctime(), about.ctime_nsec()),
        })
    }

    #[cfg(not(unix))]
    fn of(_about: &Metadata) -> Option<Untouched> {
        None
    }

    /// Of a file that was last changed so long ago that another change would have another time: clocks of file
    /// systems have steps of up to two seconds.
    fn since_long(about: &Metadata) -> Option<Untouched> {
        let known = Untouched::of(about)?;
        let now = SystemTime::now().duration_since(UNIX_EPOCH).ok()?;
        (now.as_secs() as i64 - known.changed.0 > 2).then_some(known)
    }
}

/// Whether nobody else could have written a file.
#[cfg(unix)]
fn is_private(about: &Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt;
    about.permissions().mode() & 0o022 == 0
}

#[cfg(not(unix))]
fn is_private(_about: &Metadata) -> bool {
    true
}

/// The directory of a snapshot, where every byte of it is right.
fn directory(mut file: File, size: u64) -> Option<(Directory, File)> {
    let mut prefix = [0; PREFIX];
    file.read_exact(&mut prefix).ok()?;
    let (covered, hash) = prefix.split_at(HASH_AT);
    let (magic, rest) = covered.split_first_chunk::<8>()?;
    let (version, rest) = rest.split_first_chunk::<4>()?;
    let (length, rest) = rest.split_first_chunk::<4>()?;
    let start = u64::from_le_bytes(*rest.first_chunk::<8>()?);
    let length = u64::from(u32::from_le_bytes(*length));
    let whole = start.checked_add(length) == Some(size);
    if *magic != MAGIC || u32::from_le_bytes(*version) != VERSION || !whole || start < PREFIX as u64 {
        return None;
    }
    let mut hasher = Xxh3Default::new();
    hasher.update(covered);
    hash_rest(&mut file, &mut hasher, size - PREFIX as u64)?;
    if hasher.digest128().to_le_bytes() != *hash.first_chunk::<16>()? {
        return None;
    }
    let directory = read_at(&mut file, start, length)?;
    let directory: Directory = snapshot::decoded(&directory)?;
    (directory.sections.len() == Section::ALL.len()).then_some((directory, file))
}

/// Hashes so many bytes from where a file stands; nothing where it has fewer or more.
fn hash_rest(file: &mut File, hasher: &mut Xxh3Default, size: u64) -> Option<()> {
    let mut block = vec![0; BLOCK];
    let mut left = size;
    loop {
        let read = match file.read(&mut block) {
            Ok(read) => read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(_) => return None,
        };
        if read == 0 {
            return (left == 0).then_some(());
        }
        hasher.update(block.get(..read)?);
        left = left.checked_sub(read as u64)?;
    }
}

/// A file, where its bytes have this hash.
fn with_hash(mut file: File, size: u64, hash: u128) -> Option<File> {
    let mut hasher = Xxh3Default::new();
    hash_rest(&mut file, &mut hasher, size)?;
    (hasher.digest128() == hash).then_some(file)
}

fn read_at(file: &mut File, start: u64, length: u64) -> Option<Vec<u8>> {
    file.seek(SeekFrom::Start(start)).ok()?;
    let mut bytes = Vec::with_capacity(usize::try_from(length).ok()?);
    file.take(length).read_to_end(&mut bytes).ok()?;
    (bytes.len() as u64 == length).then_some(bytes)
}

/// The text of the document, read when somebody looks at it.
struct Text {
    file: Mutex<File>,
    size: u64,
    hash: u128,
    lost: Arc<AtomicBool>,
}

impl Text {
    fn read(&self) -> Box<str> {
        let mut file = self.file.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        let bytes = read_at(&mut file, 0, self.size).filter(|bytes| xxh3_128(bytes) == self.hash);
        let text = bytes.and_then(|bytes| String::from_utf8(bytes).ok());
        text.map(String::into_boxed_str).unwrap_or_else(|| {
            self.lost.store(true, Ordering::Release);
            Box::default()
        })
    }
}

/// The sections of an opened snapshot.
struct Stored {
    file: Mutex<File>,
    sections: Vec<(u64, u64, u128)>,
    lost: Arc<AtomicBool>,
}

impl Sections for Stored {
    fn read(&self, section: Section) -> Option<Vec<u8>> {
        let (start, length, hash) = *self.sections.get(section as usize)?;
        let mut file = self.file.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        // It was right when the snapshot was opened, and may have been written to since.
        read_at(&mut file, start, length).filter(|bytes| xxh3_128(bytes) == hash)
    }

    fn lost(&self) {
        self.lost.store(true, Ordering::Release);
    }
}

/// A file that nobody else can write, and that can be read again.
fn create(path: &Path) -> io::Result<File> {
    let mut options = File::options();
    options.read(true).write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// Writes a snapshot beside its place, and moves it there.
fn write(path: &Path, mut directory: Directory, loaded: Loaded) -> Result<(), Failure> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    let beside = path.with_extension(format!("{}.tmp", std::process::id()));
    let result =
        write_file(&beside, &mut directory, loaded).and_then(|()| Ok(std::fs::rename(&beside, path)?));
    if result.is_err() {
        // The first failure is the one to tell.
        let _ = std::fs::remove_file(&beside);
    }
    result
}

fn write_file(path: &Path, directory: &mut Directory, loaded: Loaded) -> Result<(), Failure> {
    let mut file = BufWriter::with_capacity(BLOCK, create(path)?);
    file.write_all(&[0; PREFIX])?;
    let mut at = PREFIX as u64;
    let mut hashes = vec![(0, 0, 0); Section::ALL.len()];
    let mut put = |section: Section, bytes: Vec<u8>| -> Result<(), Failure> {
        file.write_all(&bytes)?;
        if let Some(place) = hashes.get_mut(section as usize) {
            *place = (at, bytes.len() as u64, xxh3_128(&bytes));
        }
        at += bytes.len() as u64;
        Ok(())
    };
    put(Section::Broken, snapshot::encoded(&loaded.broken().kept())?)?;
    put(Section::BrokenNodes, snapshot::pairs_to_bytes(loaded.broken().nodes()))?;
    let model = Arc::into_inner(loaded.model).ok_or(Failure::Unfit("that is in use is read each time"))?;
    snapshot::write(model, &mut put)?;
    directory.sections = hashes;
    let listed = snapshot::encoded(directory)?;
    file.write_all(&listed)?;
    let mut file = file.into_inner().map_err(io::IntoInnerError::into_error)?;
    let mut prefix = Vec::with_capacity(PREFIX);
    prefix.extend_from_slice(&MAGIC);
    prefix.extend_from_slice(&VERSION.to_le_bytes());
    prefix.extend_from_slice(&u32::try_from(listed.len()).unwrap_or(u32::MAX).to_le_bytes());
    prefix.extend_from_slice(&at.to_le_bytes());
    let mut hash = Xxh3Default::new();
    hash.update(&prefix);
    file.seek(SeekFrom::Start(PREFIX as u64))?;
    hash_rest(&mut file, &mut hash, at + listed.len() as u64 - PREFIX as u64)
        .ok_or_else(|| io::Error::other("it has changed while it was written"))?;
    prefix.extend_from_slice(&hash.digest128().to_le_bytes());
    file.seek(SeekFrom::Start(0))?;
    file.write_all(&prefix)?;
    Ok(())
}
