//! How long to wait before something is tried again, and when to give up.
//!
//! Decides only: it neither sleeps nor knows what is tried.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime};

/// How far a wait may lie from its nominal length: below a third, waits grow strictly.
const JITTER: f64 = 0.3;

/// How often something is tried, and how the waits between grow.
#[derive(Clone, Debug)]
pub struct RetryPolicy {
    /// Tries altogether, the first one included.
    pub tries: u32,
    /// Nominal wait after the first failure; doubles each time.
    pub first_wait: Duration,
    /// No wait of ours is longer; one that the other side asks for may be.
    pub longest_wait: Duration,
}

/// The most that several retries may wait together. Waits that overlap count once.
#[derive(Debug)]
pub struct WaitBudget {
    limit: Duration,
    spent: Mutex<Spent>,
}

#[derive(Debug, Default)]
struct Spent {
    total: Duration,
    /// Until when waiting is paid for.
    until: Option<Instant>,
}

/// The failures of one request so far.
#[derive(Debug)]
pub struct Retry {
    policy: RetryPolicy,
    budget: Arc<WaitBudget>,
    failures: u32,
    /// Tries beyond the policy's, granted while others were served.
    granted: u32,
    /// How many others were served when this was throttled last.
    served: Option<u64>,
    started: Instant,
}

/// One wait before the next try.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wait {
    pub duration: Duration,
    /// Failures so far.
    pub failures: u32,
    /// Tries altogether.
    pub tries: u32,
}

/// Why there is no next try.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GiveUp {
    Tries {
        tries: u32,
        elapsed: Duration,
    },
    Budget {
        limit: Duration,
    },
    /// The other side asks for a longer wait than may be waited.
    AskedTooLong {
        asked: Duration,
        left: Duration,
    },
}

impl WaitBudget {
    pub fn new(limit: Duration) -> Arc<Self> {
        Arc::new(Self { limit, spent: Mutex::default() })
    }

    /// What may still be waited.
    pub fn left(&self) -> Duration {
        self.limit.saturating_sub(self.lock().total)
    }

    /// Books a wait that begins at `now`; `Err` with what is left where it does not fit.
    pub fn take(&self, now: Instant, wait: Duration) -> Result<(), Duration> {
        let mut spent = self.lock();
        let end = now + wait;
        let paid = spent.until.filter(|until| *until > now).unwrap_or(now);
        let total = spent.total + end.saturating_duration_since(paid);
        if total > self.limit {
            return Err(self.limit.saturating_sub(spent.total));
        }
        *spent = Spent { total, until: Some(end.max(paid)) };
        Ok(())
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Spent> {
        self.spent.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Retry {
    pub fn new(policy: RetryPolicy, budget: Arc<WaitBudget>) -> Self {
        Self { policy, budget, failures: 0, granted: 0, served: None, started: Instant::now() }
    }

    /// Counts a failure and says how long to wait; `asked` is what the other side wants
    /// (`Retry-After`), which is never cut short.
    pub fn after_failure(&mut self, asked: Option<Duration>) -> Result<Wait, GiveUp> {
        self.after_failure_with(asked, rand::random::<f64>())
    }

    /// As [`after_failure`](Self::after_failure), where the other side says that there are too many
    /// requests. `served` counts those that it answered so far: while that grows, the last try is
    /// not the last, up to three times the tries of the policy.
    pub fn after_throttling(&mut self, asked: Option<Duration>, served: u64) -> Result<Wait, GiveUp> {
        let others_were_served = self.served.replace(served).is_some_and(|before| served > before);
        let is_last = self.failures + 1 >= self.policy.tries;
        if is_last && others_were_served && self.granted < 2 * self.policy.tries {
            self.granted += 1;
            self.failures -= 1;
        }
        self.after_failure(asked)
    }

    /// As [`after_failure`](Self::after_failure), with the chance (0 to 1) given.
    pub fn after_failure_with(&mut self, asked: Option<Duration>, chance: f64) -> Result<Wait, GiveUp> {
        self.failures += 1;
        if self.failures >= self.policy.tries {
            return Err(GiveUp::Tries { tries: self.failures + self.granted, elapsed: self.started.elapsed() });
        }
        let own = self.policy.backoff(self.failures, chance);
        // A little more than was asked for, so that those who were told the same do not come at once.
        let duration = asked.map_or(own, |asked| own.max(asked + own.mul_f64(0.3).min(Duration::from_millis(250))));
        self.budget.take(Instant::now(), duration).map_err(|left| match asked {
            Some(asked) if asked > left => GiveUp::AskedTooLong { asked, left },
            _ => GiveUp::Budget { limit: self.budget.limit },
        })?;
        Ok(Wait { duration, failures: self.failures, tries: self.policy.tries })
    }
}

impl RetryPolicy {
    fn backoff(&self, failures: u32, chance: f64) -> Duration {
        let doubled = self.first_wait.saturating_mul(1 << (failures - 1).min(16));
        doubled.mul_f64(1.0 - JITTER + 2.0 * JITTER * chance.clamp(0.0, 1.0)).min(self.longest_wait)
    }
}

impl fmt::Display for GiveUp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tries { tries: 1, elapsed } => write!(f, "1 try in {}", spoken(*elapsed)),
            Self::Tries { tries, elapsed } => write!(f, "{tries} tries in {}", spoken(*elapsed)),
            Self::Budget { limit } => write!(f, "waited {} altogether", spoken(*limit)),
            Self::AskedTooLong { asked, left } => {
                write!(f, "it asks to wait {}, and no more than {} may be waited", spoken(*asked), spoken(*left))
            }
        }
    }
}

/// A duration as people say it: `0.4 s`, `12 s`, `5 min`, `1 h`.
pub fn spoken(duration: Duration) -> String {
    let seconds = duration.as_secs_f64();
    match seconds.round() {
        _ if seconds < 9.95 && (seconds - seconds.round()).abs() >= 0.05 => format!("{seconds:.1} s"),
        whole if whole < 120.0 => format!("{whole} s"),
        whole if whole < 7200.0 && whole % 3600.0 != 0.0 => format!("{} min", (whole / 60.0).round()),
        whole => format!("{} h", (whole / 3600.0).round()),
    }
}

/// Reads `Retry-After`: seconds or an HTTP date (RFC 9110, 10.2.3). `None` for what is neither,
/// and for a date that is past.
pub fn parse_retry_after(value: &str, now: SystemTime) -> Option<Duration> {
    let value = value.trim();
    if !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit()) {
        // A number too large to read is a wait too long to wait.
        return Some(Duration::from_secs(value.parse().unwrap_or(u64::from(u32::MAX)).min(u64::from(u32::MAX))));
    }
    parse_http_date(value)?.duration_since(now).ok().filter(|wait| !wait.is_zero())
}

/// Reads the one form of HTTP dates that may still be sent: `Sun, 06 Nov 1994 08:49:37 GMT`.
fn parse_http_date(text: &str) -> Option<SystemTime> {
    const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let (_, rest) = text.split_once(", ")?;
    let mut words = rest.split(' ');
    let day: u64 = words.next()?.parse().ok().filter(|day| (1..=31).contains(day))?;
    let month = words.next()?;
    let month = MONTHS.iter().position(|name| *name == month)? as u64 + 1;
    let year: u64 = words.next()?.parse().ok().filter(|year| (1970..=9999).contains(year))?;
    let time: Vec<u64> = words.next()?.split(':').map(|part| part.parse().ok()).collect::<Option<_>>()?;
    let [hours, minutes, seconds] = time[..] else { return None };
    if words.next()? != "GMT" || hours > 23 || minutes > 59 || seconds > 60 {
        return None;
    }
    let seconds = days_since_1970(year, month, day) * 86_400 + hours * 3600 + minutes * 60 + seconds;
    Some(SystemTime::UNIX_EPOCH + Duration::from_secs(seconds))
}

/// Days of the Gregorian calendar, counted in years that begin in March.
fn days_since_1970(year: u64, month: u64, day: u64) -> u64 {
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    365 * year + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5 + day - 1 - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    fn policy() -> RetryPolicy {
        RetryPolicy { tries: 6, first_wait: SECOND / 2, longest_wait: 30 * SECOND }
    }

    #[test]
    fn waits_grow_whatever_the_chance() {
        for (low, high) in [(0.0, 0.0), (1.0, 0.0), (0.0, 1.0)] {
            let mut retry = Retry::new(policy(), WaitBudget::new(300 * SECOND));
            let mut last = Duration::ZERO;
            for turn in 0..5 {
                let chance = if turn % 2 == 0 { low } else { high };
                let wait = retry.after_failure_with(None, chance).expect("five failures leave a try");
                assert!(wait.duration > last, "{:?} after {last:?}", wait.duration);
                last = wait.duration;
            }
            assert!(matches!(retry.after_failure_with(None, 0.5), Err(GiveUp::Tries { tries: 6, .. })));
        }
    }

    #[test]
    fn the_first_wait_is_about_half_a_second() {
        for chance in [0.0, 0.5, 1.0] {
            let wait = Retry::new(policy(), WaitBudget::new(300 * SECOND)).after_failure_with(None, chance);
            let wait = wait.expect("one failure leaves a try").duration;
            assert!(wait >= SECOND / 4 && wait <= SECOND * 3 / 4, "{wait:?}");
        }
    }

    #[test]
    fn who_is_throttled_while_others_are_served_goes_on_for_a_while() {
        let budget = || WaitBudget::new(3000 * SECOND);
        let mut alone = Retry::new(policy(), budget());
        let tries = |retry: &mut Retry, served: &dyn Fn(u64) -> u64| {
            (1..).find(|&turn| retry.after_throttling(None, served(turn)).is_err())
        };
        assert_eq!(tries(&mut alone, &|_| 7), Some(6));
        assert_eq!(tries(&mut Retry::new(policy(), budget()), &|turn| turn), Some(18));
        assert_eq!(tries(&mut Retry::new(policy(), budget()), &|turn| turn.min(8)), Some(9));
    }

    #[test]
    fn what_is_asked_for_is_not_cut_short() {
        let wait = Retry::new(policy(), WaitBudget::new(300 * SECOND)).after_failure_with(Some(2 * SECOND), 1.0);
        let wait = wait.expect("two seconds fit").duration;
        assert!(wait >= 2 * SECOND && wait <= SECOND * 26 / 10, "{wait:?}");
    }

    #[test]
    fn a_wait_that_does_not_fit_is_refused_at_once() {
        let give_up = Retry::new(policy(), WaitBudget::new(300 * SECOND)).after_failure(Some(3600 * SECOND));
        let give_up = give_up.expect_err("an hour does not fit into five minutes");
        assert!(give_up.to_string().starts_with("it asks to wait 1 h"), "{give_up}");
    }

    #[test]
    fn waits_at_the_same_time_count_once() {
        let budget = WaitBudget::new(10 * SECOND);
        let now = Instant::now();
        for _ in 0..5 {
            assert_eq!(budget.take(now, 4 * SECOND), Ok(()));
        }
        assert_eq!(budget.left(), 6 * SECOND);
        assert_eq!(budget.take(now + 2 * SECOND, 4 * SECOND), Ok(()));
        assert_eq!(budget.left(), 4 * SECOND);
        assert_eq!(budget.take(now + 60 * SECOND, 5 * SECOND), Err(4 * SECOND));
    }

    #[test]
    fn retry_after_is_seconds_or_a_date() {
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(784_111_777);
        for (value, expect) in [
            ("2", Some(2)),
            (" 120 ", Some(120)),
            ("0", Some(0)),
            ("Sun, 06 Nov 1994 08:49:40 GMT", Some(3)),
            ("Sun, 06 Nov 1994 08:49:37 GMT", None),
            ("Sat, 05 Nov 1994 08:49:37 GMT", None),
            ("99999999999999999999999", Some(u64::from(u32::MAX))),
            ("-1", None),
            ("soon", None),
            ("", None),
            ("Sun, 06 Nov 1994 08:49 GMT", None),
            ("Sun, 99 Nov 1994 08:49:37 GMT", None),
        ] {
            assert_eq!(parse_retry_after(value, now), expect.map(Duration::from_secs), "{value:?}");
        }
    }

    #[test]
    fn durations_are_said_as_people_say_them() {
        for (millis, expect) in
            [(400, "0.4 s"), (2000, "2 s"), (2040, "2 s"), (60_000, "60 s"), (300_000, "5 min"), (3_600_000, "1 h")]
        {
            assert_eq!(spoken(Duration::from_millis(millis)), expect);
        }
    }
}
