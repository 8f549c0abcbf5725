//! The terminal: whether there is one, how large it is, colours, restoring it, reading a secret.

use crate::util::Secret;
use rustix::termios::{self, LocalModes, OptionalActions, Termios};
use std::fs::File;
use std::io::{self, IsTerminal, Read, Write};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use zeroize::Zeroizing;

pub(super) const HIDE_CURSOR: &str = "\u{1b}[?25l";
/// And wrap lines again.
pub(super) const SHOW_CURSOR: &str = "\u{1b}[?7h\u{1b}[?25h";
/// The longest secret that can be typed, in bytes.
const SECRET_LIMIT: usize = 64 * 1024;

static CURSOR_IS_HIDDEN: AtomicBool = AtomicBool::new(false);
/// The terminal that a secret is being typed into, and its settings before.
static SILENCED: Mutex<Option<(File, Termios)>> = Mutex::new(None);

/// `--color`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ColorChoice {
    #[default]
    Auto,
    Always,
    Never,
}

/// Variables that a choice of colours depends on, as they are set.
#[derive(Clone, Copy, Debug, Default)]
pub struct ColorVariables<'a> {
    pub no_color: Option<&'a str>,
    pub clicolor_force: Option<&'a str>,
    pub term: Option<&'a str>,
}

/// Whether to colour: `--color` first, then `NO_COLOR` (set and not empty, no-color.org), then
/// `CLICOLOR_FORCE` (set and not `0`), then whether it is a terminal that can.
pub fn wants_color(choice: ColorChoice, variables: ColorVariables<'_>, is_terminal: bool) -> bool {
    let is_set = |value: Option<&str>| value.is_some_and(|value| !value.is_empty());
    match choice {
        ColorChoice::Always => true,
        ColorChoice::Never => false,
        ColorChoice::Auto if is_set(variables.no_color) => false,
        ColorChoice::Auto if is_set(variables.clicolor_force) && variables.clicolor_force != Some("0") => true,
        ColorChoice::Auto => is_terminal && variables.term != Some("dumb"),
    }
}

/// Whether the locale is UTF-8: the first of `LC_ALL`, `LC_CTYPE` and `LANG` that is set and not
/// empty decides; none means ASCII.
pub fn is_utf8_locale(lc_all: Option<&str>, lc_ctype: Option<&str>, lang: Option<&str>) -> bool {
    let locale = [lc_all, lc_ctype, lang].into_iter().flatten().find(|value| !value.is_empty());
    locale.is_some_and(|locale| {
        let locale = locale.to_ascii_lowercase();
        locale.contains("utf-8") || locale.contains("utf8")
    })
}

pub fn stderr_is_terminal() -> bool {
    io::stderr().is_terminal()
}

/// Width and height of the terminal behind stderr, in columns and rows; 80 and 24 where it does not tell.
pub fn stderr_size() -> (usize, usize) {
    let size = termios::tcgetwinsize(io::stderr()).ok();
    match size.map(|size| (usize::from(size.ws_col), usize::from(size.ws_row))) {
        Some((width, height)) if width > 0 && height > 0 => (width, height),
        _ => (80, 24),
    }
}

/// Remembers whether [`restore`] must bring the cursor back.
pub(super) fn cursor_is_hidden(is_hidden: bool) {
    CURSOR_IS_HIDDEN.store(is_hidden, Ordering::SeqCst);
}

/// Whether a secret is being asked for.
pub(super) fn is_asking() -> bool {
    SILENCED.lock().unwrap_or_else(PoisonError::into_inner).is_some()
}

/// Makes the terminal usable again: cursor, wrapping, echo. For the ways out that run no destructors:
/// the second signal, the panic hook. Does nothing where nothing was changed.
pub fn restore() {
    if CURSOR_IS_HIDDEN.swap(false, Ordering::SeqCst) {
        let _ = rustix::io::write(io::stderr(), SHOW_CURSOR.as_bytes());
    }
    // Never waits for the lock: whoever holds it may be the thread that panics.
    let silenced = match SILENCED.try_lock() {
        Ok(mut silenced) => silenced.take(),
        Err(std::sync::TryLockError::Poisoned(silenced)) => silenced.into_inner().take(),
        Err(std::sync::TryLockError::WouldBlock) => None,
    };
    if let Some((terminal, settings)) = silenced {
        let _ = termios::tcsetattr(&terminal, OptionalActions::Now, &settings);
    }
}

/// Installs the panic hook of the program: the terminal is restored first, and a panic of a step's
/// action is left to the report of the step.
pub fn install_panic_hook() {
    let print = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        if !crate::pipeline::hide_panic_of_action(info) {
            restore();
            print(info);
        }
    }));
}

/// What became of writing data to stdout.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Written {
    Whole,
    /// Whoever read it has gone (`shipit … | head -1`): the program ends quietly.
    ReaderGone,
}

/// Writes data, whole, and flushes.
///
/// # Errors
///
/// Those of the stream, but for a reader who has gone.
pub fn write_data(mut out: impl Write, data: &[u8]) -> io::Result<Written> {
    match out.write_all(data).and_then(|()| out.flush()) {
        Ok(()) => Ok(Written::Whole),
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(Written::ReaderGone),
        Err(error) => Err(error),
    }
}

/// Asks for a secret on the process's terminal, without showing what is typed.
///
/// Blocks; a signal ends the process at once. The echo comes back when this returns, and through
/// [`restore`].
///
/// # Errors
///
/// There is no terminal, it cannot be read, or the input ended before a line did.
pub fn read_secret(prompt: &str) -> io::Result<Secret> {
    let terminal = File::options().read(true).write(true).open("/dev/tty")?;
    let _silence = Silence::begin(&terminal)?;
    (&terminal).write_all(prompt.as_bytes())?;
    let secret = read_line(&terminal);
    // The line end that was typed was not shown either.
    (&terminal).write_all(b"\n")?;
    secret
}

fn read_line(mut input: impl Read) -> io::Result<Secret> {
    // As large as it can become: growing would leave copies behind.
    let mut line = Zeroizing::new(Vec::with_capacity(SECRET_LIMIT));
    let mut byte = [0];
    loop {
        if input.read(&mut byte)? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        match byte[0] {
            b'\n' => break,
            _ if line.len() == SECRET_LIMIT => return Err(io::Error::other("the line is too long")),
            typed => line.push(typed),
        }
    }
    if line.last() == Some(&b'\r') {
        line.pop();
    }
    let text = std::str::from_utf8(&line).map_err(|_| io::Error::other("the line is not UTF-8"))?;
    Ok(Secret::new(text))
}

/// Keeps the echo off while it lives.
struct Silence;

impl Silence {
    fn begin(terminal: &File) -> io::Result<Self> {
        let before = termios::tcgetattr(terminal)?;
        let mut silent = before.clone();
        silent.local_modes -= LocalModes::ECHO;
        *SILENCED.lock().unwrap_or_else(PoisonError::into_inner) = Some((terminal.try_clone()?, before));
        let silence = Self;
        termios::tcsetattr(terminal, OptionalActions::Flush, &silent)?;
        Ok(silence)
    }
}

impl Drop for Silence {
    fn drop(&mut self) {
        let silenced = SILENCED.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some((terminal, settings)) = silenced {
            let _ = termios::tcsetattr(&terminal, OptionalActions::Now, &settings);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_flag_wins_over_variables_and_they_over_the_terminal() {
        let with = |no_color, clicolor_force, term| ColorVariables { no_color, clicolor_force, term };
        let none = ColorVariables::default();
        assert!(wants_color(ColorChoice::Auto, none, true));
        assert!(!wants_color(ColorChoice::Auto, none, false));
        assert!(!wants_color(ColorChoice::Auto, with(Some("1"), Some("1"), None), true));
        assert!(wants_color(ColorChoice::Auto, with(Some(""), None, None), true));
        assert!(wants_color(ColorChoice::Auto, with(None, Some("1"), None), false));
        assert!(!wants_color(ColorChoice::Auto, with(None, Some("0"), None), false));
        assert!(!wants_color(ColorChoice::Auto, with(None, None, Some("dumb")), true));
        assert!(wants_color(ColorChoice::Always, with(Some("1"), None, None), false));
        assert!(!wants_color(ColorChoice::Never, with(None, Some("1"), None), true));
    }

    #[test]
    fn the_first_locale_variable_that_is_set_decides() {
        assert!(is_utf8_locale(None, None, Some("de_DE.UTF-8")));
        assert!(is_utf8_locale(Some(""), Some("C.utf8"), Some("C")));
        assert!(!is_utf8_locale(Some("C"), None, Some("de_DE.UTF-8")));
        assert!(!is_utf8_locale(None, None, None));
    }

    #[test]
    fn a_reader_who_has_gone_is_no_error() {
        struct Gone(io::ErrorKind);
        impl Write for Gone {
            fn write(&mut self, _: &[u8]) -> io::Result<usize> {
                Err(self.0.into())
            }
            fn flush(&mut self) -> io::Result<()> {
                Ok(())
            }
        }
        assert_eq!(write_data(Gone(io::ErrorKind::BrokenPipe), b"x").unwrap(), Written::ReaderGone);
        assert!(write_data(Gone(io::ErrorKind::StorageFull), b"x").is_err());
        assert_eq!(write_data(Vec::new(), b"x").unwrap(), Written::Whole);
    }

    #[test]
    fn a_typed_line_is_read_to_its_end_and_no_further() {
        let mut input: &[u8] = b"p\xc3\xa4ss word\r\nnext";
        assert_eq!(read_line(&mut input).unwrap().expose(), "päss word");
        assert_eq!(input, b"next");
        assert!(read_line(&b"no end"[..]).is_err());
        assert!(read_line(&b"\xff\n"[..]).is_err());
    }
}
