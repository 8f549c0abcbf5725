//! Panics of actions: how they are told from others, and their text. Prints nothing.
//!
//! A panic of an action is a failure of its step. So that it is not also printed by the hook that
//! the process has, `cli` installs one that asks [`hide_panic_of_action`] first.

use std::any::Any;
use std::cell::{Cell, RefCell};
use std::future::poll_fn;
use std::panic::PanicHookInfo;
use std::pin::pin;

thread_local! {
    static IN_ACTION: Cell<bool> = const { Cell::new(false) };
    static PLACE: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Whether the panic comes from an action, and will be reported as its step's failure.
///
/// To be called from the panic hook; keeps the place of the panic for the report.
pub fn hide_panic_of_action(info: &PanicHookInfo<'_>) -> bool {
    let hide = IN_ACTION.get();
    if hide {
        PLACE.set(info.location().map(ToString::to_string));
    }
    hide
}

/// Runs an action and catches its panic: `Err` is its text and, if the hook kept it, its place.
pub(super) async fn catch<T>(action: impl Future<Output = T>) -> Result<T, String> {
    use futures_util::FutureExt as _;
    let mut action = pin!(std::panic::AssertUnwindSafe(action).catch_unwind());
    let result = poll_fn(|cx| {
        let before = IN_ACTION.replace(true);
        let poll = action.as_mut().poll(cx);
        IN_ACTION.set(before);
        poll
    })
    .await;
    result.map_err(|payload| {
        let text = text(&*payload);
        match PLACE.take() {
            Some(place) => format!("{text} ({place})"),
            None => text,
        }
    })
}

fn text(payload: &(dyn Any + Send)) -> String {
    let text = payload.downcast_ref::<&str>().map(ToString::to_string);
    text.or_else(|| payload.downcast_ref::<String>().cloned()).unwrap_or_else(|| "a panic without a text".to_owned())
}
