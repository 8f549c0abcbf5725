//! Asks for a parameter on the terminal.

use super::terminal;
use crate::resolve::{Prompt, Question};
use crate::util::{Secret, text};
use std::io::{self, BufRead as _, Write as _};

/// Asks on standard error, reads from standard input; a secret is not shown while it is typed.
pub(super) struct TerminalPrompt;

impl Prompt for TerminalPrompt {
    fn ask(&self, question: &Question<'_>, check: &dyn Fn(&str) -> Result<(), String>) -> io::Result<Secret> {
        let about = question.description.map(|about| format!(" ({about})")).unwrap_or_default();
        let allowed = match question.allowed {
            [] => String::new(),
            words => format!(" [{}]", words.join(", ")),
        };
        let prompt = text::sanitize(&format!("{}{about}{allowed}: ", question.name)).into_owned();
        loop {
            let answer = if question.secret { terminal::read_secret(&prompt)? } else { read_line(&prompt)? };
            match check(answer.expose()) {
                Ok(()) => return Ok(answer),
                Err(reason) => writeln!(io::stderr(), "  {}", text::sanitize(&reason))?,
            }
        }
    }
}

fn read_line(prompt: &str) -> io::Result<Secret> {
    let mut err = io::stderr();
    err.write_all(prompt.as_bytes())?;
    err.flush()?;
    let mut line = String::new();
    if io::stdin().lock().read_line(&mut line)? == 0 {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    Ok(Secret::new(line.trim_end_matches(['\r', '\n'])))
}
