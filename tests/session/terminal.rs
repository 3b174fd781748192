//! The built program in a terminal of its own, as a person has it before them.

use std::io::{Read, Write};
use std::num::NonZero;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};

/// How long anything may take, on a machine that does a lot besides.
const PATIENCE: Duration = Duration::from_secs(60);

/// The rows of a terminal whose whole contents are wanted.
pub(crate) const TALL: u16 = 400;

pub(crate) const PROMPT: &str = "invq> ";

/// The program in a terminal.
pub(crate) struct Terminal {
    screen: Arc<Mutex<vt100::Parser>>,
    master: Box<dyn MasterPty + Send>,
    writer: Box<dyn Write + Send>,
    child: Box<dyn Child + Send + Sync>,
}

/// How to start it.
pub(crate) struct Start<'s> {
    pub(crate) arguments: &'s [&'s str],
    pub(crate) folder: &'s Path,
    /// Where the history is kept.
    pub(crate) state: &'s Path,
    pub(crate) rows: u16,
    pub(crate) columns: u16,
    /// `dumb` for a terminal that can only append.
    pub(crate) term: &'s str,
    pub(crate) variables: &'s [(&'s str, &'s str)],
}

impl Terminal {
    /// Starts the program and waits for its first prompt.
    pub(crate) fn start(start: &Start) -> Terminal {
        let terminal = Terminal::open(start);
        terminal.wait_for_prompt();
        terminal
    }

    /// Starts the program.
    pub(crate) fn open(start: &Start) -> Terminal {
        let size = PtySize { rows: start.rows, cols: start.columns, pixel_width: 0, pixel_height: 0 };
        let pair = native_pty_system().openpty(size).expect("a terminal can be opened");
        let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_invq"));
        command.args(start.arguments);
        command.cwd(start.folder);
        command.env_clear();
        command.env("PATH", std::env::var_os("PATH").unwrap_or_default());
        command.env("TERM", start.term);
        command.env("LANG", "C.UTF-8");
        command.env("XDG_STATE_HOME", start.state);
        for (name, value) in start.variables {
            command.env(name, value);
        }
        let child = pair.slave.spawn_command(command).expect("the program can be started");
        drop(pair.slave);
        let screen = Arc::new(Mutex::new(vt100::Parser::new(size_of(start.rows), size_of(start.columns), 0)));
        let mut reader = pair.master.try_clone_reader().expect("the terminal can be read");
        let writer = pair.master.take_writer().expect("the terminal can be written to");
        let filled = Arc::clone(&screen);
        std::thread::spawn(move || {
            let mut bytes = [0; 4096];
            while let Ok(length) = reader.read(&mut bytes) {
                if length == 0 {
                    return;
                }
                filled.lock().expect("no reader panics").process(&bytes[..length]);
            }
        });
        Terminal { screen, master: pair.master, writer, child }
    }

    /// Types keys: text, and control characters as they are sent.
    pub(crate) fn keys(&mut self, keys: &str) {
        self.bytes(keys.as_bytes());
    }

    /// Sends bytes as they are.
    pub(crate) fn bytes(&mut self, bytes: &[u8]) {
        self.writer.write_all(bytes).expect("the terminal takes keys");
        self.writer.flush().expect("the terminal takes keys");
    }

    /// Types a line and waits until it is answered: until the next prompt stands at the end.
    pub(crate) fn enter(&mut self, line: &str) {
        let before = self.prompts();
        self.keys(&format!("{line}\r"));
        self.wait(|screen| prompts(screen) > before && screen.trim_end().ends_with(PROMPT.trim_end()), line);
    }

    /// Presses Ctrl-C while a line is typed, and waits for the next one.
    pub(crate) fn clear(&mut self) {
        let before = self.prompts();
        self.keys("\u{3}");
        self.wait(|screen| prompts(screen) > before, "the prompt after Ctrl-C");
    }

    /// What is on the screen, without blanks at the ends of lines and empty lines at the end.
    pub(crate) fn screen(&self) -> String {
        let screen = self.screen.lock().expect("no reader panics");
        let contents = screen.screen().contents();
        let lines: Vec<&str> = contents.lines().map(str::trim_end).collect();
        lines.join("\n").trim_end().to_owned()
    }

    /// What is underlined on the screen, and whether anything has a colour.
    pub(crate) fn marked(&self) -> (String, bool) {
        let screen = self.screen.lock().expect("no reader panics");
        let (rows, columns) = screen.screen().size();
        let (rows, columns) = (rows.get(), columns.get());
        let (mut underlined, mut coloured) = (String::new(), false);
        for (row, column) in (0..rows).flat_map(|row| (0..columns).map(move |column| (row, column))) {
            let Some(cell) = screen.screen().cell(row, column) else { continue };
            if cell.underline() {
                underlined.push_str(cell.contents());
            }
            coloured |= cell.fgcolor() != vt100::Color::Default;
        }
        (underlined, coloured)
    }

    /// Waits until the screen is as it should be; `what` is told where it never is.
    pub(crate) fn wait(&self, is_there: impl Fn(&str) -> bool, what: &str) -> Duration {
        let started = Instant::now();
        loop {
            let screen = self.screen();
            if is_there(&screen) {
                return started.elapsed();
            }
            assert!(started.elapsed() < PATIENCE, "waiting for {what:?}, the screen is\n{screen}\n---");
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// Waits until a text is on the screen.
    pub(crate) fn wait_for(&self, text: &str) -> Duration {
        self.wait(|screen| screen.contains(text), text)
    }

    fn wait_for_prompt(&self) {
        self.wait(|screen| screen.ends_with(PROMPT.trim_end()), "the prompt");
    }

    fn prompts(&self) -> usize {
        prompts(&self.screen())
    }

    /// Makes the terminal another size.
    pub(crate) fn resize(&self, rows: u16, columns: u16) {
        let size = PtySize { rows, cols: columns, pixel_width: 0, pixel_height: 0 };
        self.master.resize(size).expect("the terminal has another size");
        self.screen.lock().expect("no reader panics").screen_mut().set_size(size_of(rows), size_of(columns));
    }

    /// Waits until the program ends, and gives its exit status.
    pub(crate) fn ended(&mut self) -> u32 {
        let started = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().expect("the program can be waited for") {
                return status.exit_code();
            }
            assert!(started.elapsed() < PATIENCE, "the program goes on:\n{}", self.screen());
            std::thread::sleep(Duration::from_millis(5));
        }
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn size_of(number: u16) -> NonZero<u16> {
    NonZero::new(number).expect("a terminal has rows and columns")
}

fn prompts(screen: &str) -> usize {
    screen.lines().filter(|line| line.starts_with(PROMPT.trim_end())).count()
}
