//! The built program, and files of the repository.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// A call of the built program, away from every inventory and from the caller's environment.
pub(crate) struct Call {
    command: Command,
    input: Vec<u8>,
}

/// What a call came to.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Outcome {
    pub(crate) status: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

/// A call with arguments.
pub(crate) fn invq(arguments: &[&str]) -> Call {
    let mut command = Command::new(env!("CARGO_BIN_EXE_invq"));
    command.args(arguments).current_dir(folder("empty"));
    for variable in ["INVQ_INVENTORY", "NO_COLOR", "CLICOLOR_FORCE"] {
        command.env_remove(variable);
    }
    Call { command, input: Vec::new() }
}

impl Call {
    /// Sets a variable of the environment.
    pub(crate) fn env(mut self, name: &str, value: impl AsRef<Path>) -> Call {
        self.command.env(name, value.as_ref());
        self
    }

    /// Sets the working directory.
    pub(crate) fn within(mut self, folder: &Path) -> Call {
        self.command.current_dir(folder);
        self
    }

    /// Sets what stands on standard input.
    pub(crate) fn input(mut self, text: &str) -> Call {
        self.input = text.as_bytes().to_vec();
        self
    }

    /// Runs it.
    pub(crate) fn run(mut self) -> Outcome {
        self.command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = self.command.spawn().expect("the program can be started");
        let mut stdin = child.stdin.take().expect("standard input is a pipe");
        // A program that does not read its input closes it; that is no failure.
        let _ = stdin.write_all(&self.input);
        drop(stdin);
        outcome(&child.wait_with_output().expect("the program ends"))
    }
}

/// What a finished process came to.
pub(crate) fn outcome(output: &Output) -> Outcome {
    Outcome {
        status: output.status.code().unwrap_or(-1),
        stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

/// A folder of its own for a test.
pub(crate) fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::create_dir_all(&folder).expect("the folder for tests can be written");
    folder
}

/// A file in a folder of its own for a test. Tests that run at once may ask for the same one: it is there
/// whole or not at all.
pub(crate) fn file(folder_name: &str, name: &str, text: &str) -> PathBuf {
    let folder = folder(folder_name);
    let path = folder.join(name);
    let unfinished = folder.join(format!(".{:?}-{name}", std::thread::current().id()));
    std::fs::write(&unfinished, text).expect("the folder for tests can be written");
    std::fs::rename(&unfinished, &path).expect("the folder for tests can be written");
    path
}

/// The repository's own folder.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// All Rust files below a folder of the repository, with their paths in it.
pub(crate) fn rust_files(folder: &str) -> Vec<(String, String)> {
    let mut files = Vec::new();
    let mut folders = vec![root().join(folder)];
    while let Some(folder) = folders.pop() {
        let entries = std::fs::read_dir(&folder).expect("the folder can be read");
        for entry in entries {
            let path = entry.expect("the entry can be read").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = std::fs::read_to_string(&path).expect("the file is text");
                let name = path.strip_prefix(root()).unwrap_or(&path).to_string_lossy().replace('\\', "/");
                files.push((name, text));
            }
        }
    }
    files.sort();
    files
}
