//! What the README says of commands, variables and exit statuses is what the program says.

use super::{COMMANDS, fixture, run};
use std::collections::BTreeSet;
use std::path::Path;

fn readme() -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")).unwrap()
}

/// The first cells of the table below a heading.
fn first_column(heading: &str) -> Vec<String> {
    let text = readme();
    let (_, section) = text.split_once(&format!("\n## {heading}\n")).expect("the README has this heading");
    let section = section.split("\n## ").next().unwrap();
    let rows = section.lines().filter(|line| line.starts_with("| ")).skip(1);
    rows.map(|row| row.trim_start_matches("| ").split(" |").next().unwrap().to_owned()).collect()
}

/// The words in backticks of a text.
fn quoted(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2)
}

#[test]
fn the_readme_has_every_command_and_no_other() {
    let cells = first_column("Commands");
    let named: BTreeSet<&str> = cells
        .iter()
        .flat_map(|cell| quoted(cell))
        .filter_map(|command| command.strip_prefix("shipit ")?.split(' ').next())
        .collect();
    assert_eq!(named, COMMANDS.into_iter().collect());
    let help = run(&fixture(), &["-h"]).stdout;
    let listed = help.split("Commands:\n").nth(1).unwrap().split("\n\n").next().unwrap();
    let listed: BTreeSet<&str> = listed.lines().map(|line| line.split_whitespace().next().unwrap()).collect();
    assert_eq!(named, listed);
}

#[test]
fn the_readme_has_every_variable_and_no_other() {
    let help = run(&fixture(), &["--help"]).stdout;
    let section = help.split("Environment:\n").nth(1).unwrap();
    let names = section.lines().take_while(|line| line.starts_with("  ")).filter(|line| !line.starts_with("   "));
    let listed: BTreeSet<String> = names.flat_map(|line| line.trim().split(", ").map(str::to_owned)).collect();
    let cells = first_column("Environment");
    let named: BTreeSet<String> = cells.iter().flat_map(|cell| quoted(cell)).map(str::to_owned).collect();
    assert_eq!(named, listed);
}

#[test]
fn the_readme_has_every_exit_status() {
    let cells = first_column("Exit status");
    assert_eq!(cells, ["0", "1", "2", "3", "4", "5", "130, 143"]);
}
