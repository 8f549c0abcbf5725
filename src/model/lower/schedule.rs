//! Schedules of cron.

use super::Cx;
use crate::manifest::Spanned;
use crate::model::cron;

/// A schedule of cron; a mistake is shown at the field that has it.
pub(super) fn schedule(cx: &mut Cx<'_>, text: &Spanned<String>) -> Option<String> {
    let text = cx.plain("schedule", text)?;
    match cron::parse(text.get_ref()) {
        Ok(schedule) => Some(schedule),
        Err(error) => {
            let place = cx.locate(text.get_ref(), &text.span(), &error.range);
            cx.error("bad-schedule", error.message, place, "").help(error.help).push();
            None
        }
    }
}
