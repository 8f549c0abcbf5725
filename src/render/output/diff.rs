//! Changes as a patch that `git apply` and people read.

use super::plan::{Change, Changes};
use similar::TextDiff;
use std::fmt::Write as _;

/// Lines that are shown round a change.
const CONTEXT: usize = 3;

impl Changes<'_> {
    /// All changes in the form of `git diff`, in the order of the paths; empty where there are none.
    pub fn diff(&self) -> String {
        let mut changes: Vec<&Change<'_>> = [&self.added, &self.changed, &self.removed].into_iter().flatten().collect();
        changes.sort_by(|a, b| a.path.cmp(&b.path));
        let mut text = String::new();
        for change in changes {
            write_change(&mut text, change);
        }
        text
    }
}

fn write_change(out: &mut String, change: &Change<'_>) {
    let Change { path, before, after } = change;
    let (old, new) = (format!("a/{path}"), format!("b/{path}"));
    let mode = match (before, after) {
        (None, _) => "new file mode 100644\n",
        (_, None) => "deleted file mode 100644\n",
        (Some(_), Some(_)) => "",
    };
    let header = (before.as_ref().map_or("/dev/null", |_| &old), after.map_or("/dev/null", |_| &new));
    let diff = TextDiff::from_lines(before.as_deref().unwrap_or_default(), after.unwrap_or_default());
    let hunks = diff.unified_diff().context_radius(CONTEXT).header(header.0, header.1).to_string();
    write!(out, "diff --git {old} {new}\n{mode}{hunks}").expect("writing to a String cannot fail");
}
