//! What Azure Resource Manager takes in one template.

use super::super::syntax::{Declaration, File, Span};
use super::file::Report;

/// Source: "Template best practices", limits of templates.
const MOST: [(&str, usize); 4] = [("parameters", 256), ("variables", 256), ("resources", 800), ("outputs", 64)];

pub(super) fn check<'a>(file: &'a File<'a>, report: &mut Report<'a>) {
    let mut found = [0; MOST.len()];
    for statement in &file.statements {
        let index = match &statement.declaration {
            Declaration::Param(_) => 0,
            Declaration::Var(..) => 1,
            Declaration::Resource(resource) if resource.is_existing => continue,
            Declaration::Resource(_) | Declaration::Module(_) => 2,
            Declaration::Output(..) => 3,
            _ => continue,
        };
        found[index] += 1;
    }
    for ((what, most), found) in MOST.into_iter().zip(found) {
        if found > most {
            let message = format!("Azure takes {most} {what} in a template, and here are {found}");
            report.warning(Span { start: 0, end: 0 }, "too-many", message);
        }
    }
}
