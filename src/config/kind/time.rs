//! Times of silences: days and a time of day, a date with a time, a time zone.

use toml_edit::Value;

use super::{Kind, Print};
use crate::config::calendar::{Every, Moment, Zone};
use crate::config::reader::Item;
use crate::config::row::Shape;

/// Days of the week and a time of day.
pub(in crate::config) struct WeeklyTimes;

/// A date and a time on the wall clock.
pub(in crate::config) struct LocalTime;

/// A time zone by its name.
pub(in crate::config) struct TimeZoneName;

impl Kind for WeeklyTimes {
    type Value = Every;
    const ALLOWED: &'static str = "days and a time, such as `\"Fri 18:00\"`, `\"Mon,Wed 22:00\"`, `\"Mon-Fri 08:00\"` or `\"daily 02:00\"`,";

    #[cfg(test)]
    const SAMPLES: [&'static [&'static str]; 2] = [
        &[r#""Fri 18:00""#, r#""Mon, wed 22:00""#, r#""Sat-Mon 8:05""#, r#""daily 02:00""#],
        &[r#""18:00""#, r#""Fri""#, r#""Fri 24:00""#, r#""Fri 18""#, r#""Fry 18:00""#, r#""""#, "5"],
    ];

    fn read(item: &Item<'_>) -> Option<Every> {
        item.text().and_then(Every::parse).or_else(|| item.refuse(Self::ALLOWED))
    }

    fn shape(_: Option<&Every>) -> Shape {
        Shape::Matching(concat!(
            r"^\s*([Dd][Aa][Ii][Ll][Yy]|",
            r"([Mm]on|[Tt]ue|[Ww]ed|[Tt]hu|[Ff]ri|[Ss]at|[Ss]un)[a-z]*",
            r"(\s*[,-]\s*([Mm]on|[Tt]ue|[Ww]ed|[Tt]hu|[Ff]ri|[Ss]at|[Ss]un)[a-z]*)*)",
            r"\s+([01]?[0-9]|2[0-3]):[0-5][0-9]\s*$"
        ))
    }
}

impl Kind for LocalTime {
    type Value = Moment;
    const ALLOWED: &'static str = "a date and a time without a zone, such as `\"2026-12-24T18:00\"`,";

    #[cfg(test)]
    const SAMPLES: [&'static [&'static str]; 2] = [
        &[r#""2026-12-24T18:00""#, r#""2026-12-24 18:00:30""#, "2026-12-24T18:00:00"],
        &[
            r#""2026-12-24""#,
            r#""2026-02-30T18:00""#,
            r#""2026-12-24T18:00Z""#,
            "2026-12-24",
            r#""now""#,
            "5",
        ],
    ];

    fn read(item: &Item<'_>) -> Option<Moment> {
        let text = item.text().map(str::to_owned).or_else(|| item.date_or_time());
        text.and_then(|text| Moment::parse(&text)).or_else(|| item.refuse(Self::ALLOWED))
    }

    fn shape(_: Option<&Moment>) -> Shape {
        Shape::Matching(r"^\s*[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}[T ][0-9]{1,2}:[0-9]{1,2}(:[0-9]{1,2})?\s*$")
    }
}

impl Kind for TimeZoneName {
    type Value = Zone;
    const ALLOWED: &'static str = "a time zone that this machine knows (a file under `/usr/share/zoneinfo`; without one, \
                                   install `tzdata`), such as `\"Europe/Berlin\"`,";

    #[cfg(test)]
    const SAMPLES: [&'static [&'static str]; 2] =
        [&[r#""UTC""#], &[r#""Mars/Olympus""#, r#""CEST-2""#, r#""""#, "1"]];

    fn read(item: &Item<'_>) -> Option<Zone> {
        item.text().and_then(Zone::find).or_else(|| item.refuse(Self::ALLOWED))
    }

    fn shape(_: Option<&Zone>) -> Shape {
        Shape::Matching(r"^[A-Za-z]")
    }
}

impl Print for Every {
    fn print(&self) -> Option<Value> {
        Some(self.as_str().into())
    }
}

impl Print for Moment {
    fn print(&self) -> Option<Value> {
        Some(self.to_string().into())
    }
}

impl Print for Zone {
    fn print(&self) -> Option<Value> {
        Some(self.name().into())
    }
}
