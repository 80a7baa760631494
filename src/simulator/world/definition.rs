//! How an alert is configured on a simulated agent: one stanza of Netdata's `health.d`.

/// An alert's definition. [`Definition::new`] gives plain values; set the others with struct update.
#[derive(Clone, Debug, PartialEq)]
pub struct Definition {
    /// Chart (instance) id, such as `disk_space._var`.
    pub chart: String,
    /// Alert name, such as `disk_space_usage`.
    pub name: String,
    /// Context of the chart, such as `disk.space`.
    pub context: String,
    /// Family of the chart, such as `/var`.
    pub family: String,
    /// Unit of the value.
    pub units: String,
    /// One line; empty on most alerts of old agents, and never given by v1.37.
    pub summary: String,
    /// What the alert means. Printed without escaping by `/api/v1/alarms`.
    pub info: String,
    /// Classification, such as `Utilization`.
    pub class: String,
    /// Component, such as `Disk`.
    pub component: String,
    /// Type, such as `System`.
    pub kind: String,
    /// Recipient roles; `silent` means nobody.
    pub to: String,
    /// Seconds that a worse status waits before it is notified.
    pub delay_up: u32,
    /// Seconds that a better status waits before it is notified.
    pub delay_down: u32,
    /// What both delays are multiplied by for each change within a delay.
    pub delay_multiplier: f64,
    /// Longest delay that this may come to, in seconds.
    pub delay_max: u32,
    /// Seconds between repeated notifications; 0 for none. [`World::repeat`](super::World::repeat) makes one.
    pub repeat_every: u32,
    /// The expression that makes it a warning; empty for none, as for the other two.
    pub warn: String,
    /// The expression that makes it critical.
    pub crit: String,
    /// How the value is calculated.
    pub calc: String,
    /// What is looked up for it: the method, since when (seconds, negative), the dimensions.
    pub lookup: Option<(String, i64, String)>,
    /// File and line, as in `source`.
    pub source: (String, u32),
}

impl Definition {
    /// An alert with plausible values, no delays, for `sysadmin`.
    #[must_use]
    pub fn new(chart: &str, name: &str) -> Self {
        Self {
            chart: chart.to_owned(),
            name: name.to_owned(),
            context: chart.to_owned(),
            family: chart.split_once('.').map_or(chart, |(_, family)| family).to_owned(),
            units: "%".to_owned(),
            summary: format!("{name} summary"),
            info: format!("{name} info"),
            class: "Utilization".to_owned(),
            component: "Test".to_owned(),
            kind: "System".to_owned(),
            to: "sysadmin".to_owned(),
            delay_up: 0,
            delay_down: 0,
            delay_multiplier: 1.0,
            delay_max: 3600,
            repeat_every: 0,
            warn: "$this > 80".to_owned(),
            crit: "$this > 90".to_owned(),
            calc: String::new(),
            lookup: None,
            source: ("/etc/netdata/health.d/simulator.conf".to_owned(), 1),
        }
    }

    /// The configuration's hash, which Netdata prints as a UUID: the same definition, the same hash.
    pub(crate) fn hash(&self) -> u128 {
        let mut hash = 0xcbf2_9ce4_8422_2325_u64;
        let texts = [&self.name, &self.source.0, &self.info, &self.warn, &self.crit, &self.calc];
        for byte in texts.into_iter().flat_map(|text| text.bytes()) {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
        super::uuid(hash)
    }
}
