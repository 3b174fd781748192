//! Snapshots of inventories: what is opened is what would have been loaded, or nothing is.

use std::fs::{self, File, Permissions};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use invq::diagnostic::Diagnostic;
use invq::engine::{Kept, Severities};
use invq::inventory::model::Dialect;
use invq::{Engine, Inventory, Limits};
use xxhash_rust::xxh3::Xxh3Default;

use crate::support::{file, folder, invq, root};

const PROGRAM: &str = "test";

/// Small, and with something of everything: clusters, services with closures, filters, mistakes in data and in
/// expressions, free-form parts.
const SMALL: &str = r#"{
  "filters": { "backups": "tag \"backup\"", "wrong": "tag \"bakcup\"" },
  "domain": { "suffix": "lan", "clusters": { "lab": {
    "machines": {
      "jon": { "system": "x86_64-linux", "tags": ["backup", "web"], "ips": { "eth0": ["10.0.0.1"] }, "vars": { "cpus": 4 } },
      "sara": { "system": "aarch64-linux", "tags": [], "ips": { "eth0": ["nowhere"] } }
    },
    "services": { "borg": {
      "selectors": ["tag \"backup\""], "roles": { "server": ["hostname \"sara\""] },
      "definition": "{ selectors, roles, this }: { services.borg.server = (builtins.head roles.server).fqdn; }"
    } }
  } } }
}"#;

/// An inventory in a folder of its own, and where its snapshot goes.
struct Case {
    inventory: PathBuf,
    snapshot: PathBuf,
}

impl Case {
    /// An inventory with its snapshot.
    fn written(name: &str) -> Case {
        let case = Case::of(&file(&format!("indexed-{name}"), "inventory.json", SMALL), name);
        case.write().expect("the snapshot can be written");
        assert!(case.opens(), "a snapshot that nothing is wrong with opens");
        case
    }

    fn of(inventory: &Path, name: &str) -> Case {
        let snapshot = folder(&format!("indexed-{name}")).join("snapshot");
        Case { inventory: inventory.to_path_buf(), snapshot }
    }

    fn kept(&self) -> Kept<'_> {
        Kept { path: &self.snapshot, program: PROGRAM }
    }

    fn write(&self) -> Result<(), Vec<Diagnostic>> {
        Engine::default().write_snapshot(&self.inventory, self.kept())
    }

    fn open(&self) -> Option<Inventory> {
        Engine::default().open_snapshot(&self.inventory, self.kept())
    }

    fn opens(&self) -> bool {
        self.open().is_some()
    }
}

#[test]
fn what_is_opened_is_what_would_have_been_loaded() {
    let mut opened = Vec::new();
    for below in ["examples", "tests"] {
        for path in documents(&root().join(below)) {
            let shown = path.strip_prefix(root()).expect("a file of the repository").display().to_string();
            let case = Case::of(&path, "everything");
            let Ok(loaded) = Engine::default().load_path(&path) else { continue };
            if case.write().is_err() {
                continue;
            }
            let kept = case.open().unwrap_or_else(|| panic!("{shown}: the snapshot opens"));
            assert_same(&shown, &loaded, &kept);
            opened.push(shown);
        }
    }
    assert!(opened.len() > 40, "{opened:?}");
    let case = Case::written("small");
    let loaded = Engine::default().load_path(&case.inventory).expect("it loads");
    assert!(loaded.mistakes().len() > 1, "the inventory has mistakes");
    assert_same("small", &loaded, &case.open().expect("the snapshot opens"));
}

/// Everything that can be seen of two inventories is the same. Of what was opened nothing is looked at
/// before it is asked for, so that each question begins with another part of the snapshot.
#[track_caller]
fn assert_same(name: &str, loaded: &Inventory, kept: &Inventory) {
    assert_eq!(kept.mistake_counts(), loaded.mistake_counts(), "{name}");
    for question in [
        "all",
        "machines",
        "clusters",
        "services",
        "instances",
        "placements",
        "clouds",
        "groups",
        "tags",
        "meta",
        "config",
        "inventory",
        "clusterInfo",
        "checks",
        "filters.backups",
        "map (m: m.source) machines",
    ] {
        assert_eq!(answer(question, kept), answer(question, loaded), "{name}: {question}");
    }
    let known = |inventory: &Inventory| -> Vec<String> {
        inventory
            .mistakes()
            .iter()
            .map(|mistake| format!("{:?} {}", mistake.part, told(&mistake.diagnostic)))
            .collect()
    };
    assert_eq!(known(kept), known(loaded), "{name}");
    let all = |inventory: &Inventory| -> Vec<String> { inventory.check().iter().map(told).collect() };
    assert_eq!(all(kept), all(loaded), "{name}");
    assert!(kept.intact().is_ok(), "{name}");
}

fn answer(question: &str, inventory: &Inventory) -> Result<String, String> {
    let all = |found: Vec<Diagnostic>| found.iter().map(told).collect::<Vec<_>>().join("\n");
    let query = Engine::default().compile(question, inventory).map_err(all)?;
    let answer = query.run(inventory).map_err(|failure| told(&failure))?;
    answer.into_data(inventory).map(|data| data.to_string()).map_err(|failure| told(&failure))
}

/// A mistake with all its places.
fn told(diagnostic: &Diagnostic) -> String {
    let place = |label: &invq::diagnostic::Label| {
        let (source, span) = label.source.locate(label.span);
        let (from, to) = (source.position(span.start), source.position(span.end));
        format!("{} {from:?} {to:?} {}", source.name(), label.message)
    };
    let places: Vec<String> = diagnostic.labels.iter().map(place).collect();
    let Diagnostic { code, severity, message, help, .. } = diagnostic;
    format!("{code:?} {severity:?} {message} {places:?} {help:?}")
}

/// Documents below a folder.
fn documents(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("the folder can be read") {
        let path = entry.expect("the entry can be read").path();
        if path.is_dir() {
            found.extend(documents(&path));
        } else if path
            .extension()
            .is_some_and(|extension| ["json", "yaml", "toml"].iter().any(|known| extension == *known))
        {
            found.push(path);
        }
    }
    found.sort();
    found
}

#[test]
fn a_snapshot_that_was_cut_off_is_not_believed() {
    let case = Case::written("cut");
    let whole = fs::read(&case.snapshot).expect("the snapshot");
    for length in 0..whole.len() {
        fs::write(&case.snapshot, &whole[..length]).expect("the snapshot can be written");
        assert!(!case.opens(), "{length} of {} bytes", whole.len());
    }
    let longer = [whole.as_slice(), b"x"].concat();
    fs::write(&case.snapshot, longer).expect("the snapshot can be written");
    assert!(!case.opens(), "one byte more");
}

#[test]
fn a_snapshot_with_a_wrong_bit_is_not_believed() {
    let case = Case::written("bits");
    let mut bytes = fs::read(&case.snapshot).expect("the snapshot");
    for at in 0..bytes.len() {
        let bit = 1 << (at % 8);
        bytes[at] ^= bit;
        fs::write(&case.snapshot, &bytes).expect("the snapshot can be written");
        assert!(!case.opens(), "bit {bit} of byte {at}");
        bytes[at] ^= bit;
    }
    fs::write(&case.snapshot, &bytes).expect("the snapshot can be written");
    assert!(case.opens());
}

#[test]
fn a_snapshot_of_another_version_is_not_believed() {
    let case = Case::written("version");
    let mut bytes = fs::read(&case.snapshot).expect("the snapshot");
    let hash = |bytes: &[u8]| {
        let mut hash = Xxh3Default::new();
        hash.update(&bytes[..24]);
        hash.update(&bytes[40..]);
        hash.digest128().to_le_bytes()
    };
    assert_eq!(bytes[24..40], hash(&bytes), "this is where the hash stands, and what it covers");
    bytes[8] += 1;
    let changed = hash(&bytes);
    bytes[24..40].copy_from_slice(&changed);
    fs::write(&case.snapshot, &bytes).expect("the snapshot can be written");
    assert!(!case.opens());
}

#[test]
fn a_snapshot_of_another_program_or_of_other_settings_is_not_believed() {
    let case = Case::written("settings");
    let kept = Kept { program: "another", ..case.kept() };
    assert!(Engine::default().open_snapshot(&case.inventory, kept).is_none());
    let opens = |engine: Engine| engine.open_snapshot(&case.inventory, case.kept()).is_some();
    assert!(!opens(Engine::default().with_dialect(Some(Dialect::ClusterConfig))));
    assert!(!opens(Engine::new(Limits { document_depth: 3, ..Limits::default() })));
    assert!(!opens(Engine::new(Limits { document: 10, ..Limits::default() })));
    let severities =
        Severities { allowed: vec![invq::diagnostic::Code::InvalidOption], ..Severities::default() };
    assert!(!opens(Engine::default().with_severities(severities)));
    assert!(
        opens(Engine::new(Limits { steps: 10_000_000, ..Limits::default() })),
        "what has no part in loading"
    );
}

#[test]
fn a_snapshot_of_another_inventory_is_not_believed() {
    let case = Case::written("source");
    let times = fs::metadata(&case.inventory).and_then(|about| about.modified()).expect("its time");
    let changed = SMALL.replace("\"web\"", "\"wib\"");
    assert_eq!(changed.len(), SMALL.len());
    fs::write(&case.inventory, &changed).expect("the inventory can be written");
    let touch = |time: SystemTime| {
        let file = File::options().write(true).open(&case.inventory).expect("the inventory");
        file.set_modified(time).expect("its time can be set");
    };
    touch(times);
    assert!(!case.opens(), "as large and as old as before");
    fs::write(&case.inventory, SMALL).expect("the inventory can be written");
    touch(times);
    assert!(case.opens(), "as before");
    touch(SystemTime::now() + Duration::from_secs(10));
    assert!(!case.opens(), "newer than its snapshot");
    touch(times);
    fs::write(&case.inventory, format!("{SMALL}\n")).expect("the inventory can be written");
    touch(times);
    assert!(!case.opens(), "larger than before");
    fs::remove_file(&case.inventory).expect("the inventory can be removed");
    assert!(!case.opens(), "no inventory");
}

#[test]
fn a_change_shows_also_of_a_file_that_has_not_been_touched_for_long() {
    let inventory = file("indexed-untouched", "inventory.json", SMALL);
    // So long that the system's clock has gone on.
    std::thread::sleep(Duration::from_millis(3100));
    let case = Case::of(&inventory, "untouched");
    case.write().expect("the snapshot can be written");
    let times = fs::metadata(&inventory).and_then(|about| about.modified()).expect("its time");
    let write = |text: &str| {
        fs::write(&inventory, text).expect("the inventory can be written");
        let file = File::options().write(true).open(&inventory).expect("the inventory");
        file.set_modified(times).expect("its time can be set");
    };
    assert!(case.opens(), "nobody has touched it");
    write(&SMALL.replace("\"web\"", "\"wib\""));
    assert!(!case.opens(), "another text, as large and as old as before");
    write(SMALL);
    assert!(case.opens(), "touched, but as it was");
}

#[cfg(unix)]
#[test]
fn a_snapshot_that_others_can_write_is_not_believed() {
    use std::os::unix::fs::PermissionsExt;
    let case = Case::written("permissions");
    let mode =
        |mode: u32| fs::set_permissions(&case.snapshot, Permissions::from_mode(mode)).expect("its mode");
    let written = fs::metadata(&case.snapshot).expect("the snapshot").permissions().mode();
    assert_eq!(written & 0o777, 0o600);
    for wrong in [0o620, 0o602, 0o666] {
        mode(wrong);
        assert!(!case.opens(), "{wrong:o}");
    }
    mode(0o644);
    assert!(case.opens());
    fs::remove_file(&case.snapshot).expect("the snapshot can be removed");
    fs::create_dir_all(&case.snapshot).expect("a folder in its place");
    assert!(!case.opens());
    fs::remove_dir(&case.snapshot).expect("the folder can be removed");
}

#[test]
fn what_changes_behind_an_opened_snapshot_is_noticed() {
    let case = Case::written("lost");
    let inventory = case.open().expect("the snapshot opens");
    assert_eq!(answer("map (m: m.name) machines", &inventory), Ok(r#"["jon","sara"]"#.to_owned()));
    fs::write(&case.inventory, SMALL.replace("4", "5")).expect("the inventory can be written");
    let failure = answer("map (m: m.vars) machines", &inventory).expect_err("the text is another one");
    assert!(failure.contains("has changed while it was read"), "{failure}");
    let again = answer("map (m: m.name) machines", &inventory);
    assert!(again.is_err(), "nothing is believed any more");
}

#[test]
fn what_depends_on_more_than_one_file_has_no_snapshot() {
    let included = file("indexed-unfit", "included.json", SMALL);
    for (name, text) in [
        ("include.json", r#"{ "include": ["included.json"] }"#),
        ("inventory.invq", "{ machines.jon.tags = [ \"a\" ]; }"),
        ("hosts.ini", "[web]\njon\nsara\n"),
        ("hosts.yaml", "all: { hosts: { jon: {} } }\n"),
    ] {
        let case = Case::of(&file("indexed-unfit", name, text), "unfit");
        let failures = case.write().expect_err(name);
        assert!(failures[0].message.contains("cannot index"), "{name}: {}", failures[0].message);
        assert!(!case.snapshot.exists(), "{name}");
    }
    let folder = Case::of(included.parent().expect("its folder"), "unfit");
    assert!(folder.write().is_err());
}

#[test]
fn queries_use_the_snapshot_that_index_writes() {
    let inventory = file("indexed-command", "inventory.json", SMALL);
    let path = inventory.to_str().expect("a path of this test");
    let cache = folder("indexed-command").join("cache");
    let ask = |arguments: &[&str]| invq(arguments).env("XDG_CACHE_HOME", &cache).run();
    let query = ["-i", path, "map (m: { inherit (m) name vars; }) (filter (m: m.tags != [ ]) machines)"];
    let before = ask(&query);
    assert_eq!((before.status, before.stdout.lines().count()), (0, 1));
    let indexed = ask(&["index", path]);
    assert_eq!((indexed.status, indexed.stderr.as_str()), (0, ""));
    let snapshot = PathBuf::from(indexed.stdout.trim_end());
    assert!(snapshot.starts_with(&cache) && snapshot.is_file(), "{snapshot:?}");
    assert_eq!(ask(&query), before);
    let mut bytes = fs::read(&snapshot).expect("the snapshot");
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(&snapshot, bytes).expect("the snapshot can be written");
    assert_eq!(ask(&query), before, "a damaged one is as good as none");
}

#[test]
fn index_tells_what_it_cannot_do() {
    let inventory = file("indexed-refused", "inventory.json", SMALL);
    let path = inventory.to_str().expect("a path of this test");
    let other = file("indexed-refused", "other.json", SMALL);
    let other = other.to_str().expect("a path of this test");
    for (arguments, said) in [
        (&["index", "nothing.json"][..], "no such file"),
        (&["index", "-"], "only an inventory that is one file"),
        (&["--demo", "index"], "only an inventory that is one file"),
        (&["-i", path, "-i", other, "index"], "only an inventory that is one file"),
    ] {
        let outcome = invq(arguments).env("XDG_CACHE_HOME", folder("indexed-refused")).run();
        assert_eq!((outcome.status, outcome.stdout.as_str()), (2, ""), "{arguments:?}: {}", outcome.stderr);
        assert!(outcome.stderr.contains(said), "{arguments:?}: {}", outcome.stderr);
    }
    let cache = file("indexed-refused", "cache", "a file where a folder should be");
    let outcome = invq(&["index", path]).env("XDG_CACHE_HOME", cache).run();
    assert_eq!(outcome.status, 2, "{}", outcome.stderr);
    assert!(outcome.stderr.contains("cannot write"), "{}", outcome.stderr);
}
