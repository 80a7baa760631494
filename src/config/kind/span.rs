//! Durations, each setting's within bounds of its own.

use std::marker::PhantomData;
use std::ops::RangeInclusive;
use std::time::Duration;

use super::Kind;
use crate::config::reader::Item;
use crate::config::row::Shape;
use crate::duration;

const DAY: u64 = 86_400;

/// How short and how long a duration may be.
pub(in crate::config) trait Bounds {
    /// In seconds.
    const SECONDS: RangeInclusive<u64>;

    /// The same in words, with examples.
    const ALLOWED: &'static str;

    /// Good ones and bad ones.
    #[cfg(test)]
    const SAMPLES: [&'static [&'static str]; 2];
}

/// A duration within bounds.
pub(in crate::config) struct Span<B>(PhantomData<B>);

/// How long something waits: up to 30 days. More is a mistake: an alert that is told a month late is not told.
pub(in crate::config) struct Delay;

/// How long a silence lasts: from a minute to 366 days.
pub(in crate::config) struct Length;

impl Bounds for Delay {
    const SECONDS: RangeInclusive<u64> = 0..=30 * DAY;
    const ALLOWED: &'static str =
        "a duration from `\"0s\"` to `\"30d\"`, such as `\"90s\"`, `\"2m\"` or `\"1h 30m\"`,";

    #[cfg(test)]
    const SAMPLES: [&'static [&'static str]; 2] = [
        &[r#""0s""#, r#""90s""#, r#""1h 30m""#, r#""30d""#],
        &[r#""31d""#, r#""-1s""#, r#""2 minutes""#, "90", r#""""#],
    ];
}

impl Bounds for Length {
    const SECONDS: RangeInclusive<u64> = 60..=366 * DAY;
    const ALLOWED: &'static str =
        "a duration from `\"1m\"` to `\"366d\"`, such as `\"90m\"` or `\"1d 12h\"`,";

    #[cfg(test)]
    const SAMPLES: [&'static [&'static str]; 2] =
        [&[r#""15h""#, r#""1m""#, r#""366d""#], &[r#""0s""#, r#""59s""#, r#""367d""#, r#""15""#, "15"]];
}

impl<B: Bounds> Kind for Span<B> {
    type Value = Duration;
    const ALLOWED: &'static str = B::ALLOWED;

    #[cfg(test)]
    const SAMPLES: [&'static [&'static str]; 2] = B::SAMPLES;

    fn read(item: &Item<'_>) -> Option<Duration> {
        let found = item.text().and_then(duration::parse);
        let found = found.filter(|found| B::SECONDS.contains(&found.as_secs()));
        found.or_else(|| item.refuse(B::ALLOWED))
    }

    fn shape(_: Option<&Duration>) -> Shape {
        Shape::Matching(r"^\s*([0-9]+\s*[dhms]\s*)+$")
    }
}
