//! Axes and their ticks.

/// An axis, from the lower to the upper end of its range.
#[derive(Clone, Debug, PartialEq)]
pub struct Axis {
    /// What it shows, with its unit.
    pub label: String,
    pub range: [f64; 2],
    /// Names in place of numbers: that of `i` stands at the value `i`.
    pub names: Vec<String>,
}

impl Axis {
    /// An axis of numbers.
    pub fn new(label: impl Into<String>, range: [f64; 2]) -> Self {
        Self {
            label: label.into(),
            range,
            names: Vec::new(),
        }
    }

    /// An axis of numbers that holds all the values, with a margin.
    pub fn around(label: impl Into<String>, values: impl Iterator<Item = f64>) -> Self {
        let values = values.filter(|value| value.is_finite());
        let [low, high] = values.fold([f64::INFINITY, f64::NEG_INFINITY], |[low, high], value| {
            [low.min(value), high.max(value)]
        });
        let [low, high] = if low <= high { [low, high] } else { [0.0, 1.0] };
        let margin = match high - low {
            0.0 => 1.0_f64.max(high.abs() * 0.1),
            width => width * 0.05,
        };
        Self::new(label, [low - margin, high + margin])
    }

    /// An axis of names, the first one at the top of a vertical axis.
    pub fn of_names(label: impl Into<String>, names: Vec<String>) -> Self {
        let range = [names.len() as f64 - 0.5, -0.5];
        Self {
            names,
            ..Self::new(label, range)
        }
    }

    /// Places of the ticks, with their texts.
    pub fn marks(&self) -> Vec<(f64, String)> {
        if self.names.is_empty() {
            return ticks(self.range);
        }
        let names = self.names.iter().enumerate();
        names.map(|(at, name)| (at as f64, name.clone())).collect()
    }

    /// Where a value lies, from 0 at the beginning of the axis to 1 at its end.
    pub fn place(&self, value: f64) -> f64 {
        let [from, to] = self.range;
        (value - from) / (to - from)
    }
}

/// Round numbers in a range, four to nine of them, with as many decimals as they need.
pub fn ticks([from, to]: [f64; 2]) -> Vec<(f64, String)> {
    let width = to - from;
    if !width.is_finite() || width <= 0.0 {
        return Vec::new();
    }
    let power = 10_f64.powf((width / 5.0).log10().floor());
    let steps = [1.0, 2.0, 5.0, 10.0].map(|step| step * power);
    let step = steps
        .into_iter()
        .find(|step| width / step <= 6.0)
        .unwrap_or(steps[3]);
    let decimals = (-step.log10().floor()).clamp(0.0, 12.0) as usize;
    let first = (from / step - 1e-9).ceil();
    let count = ((to / step + 1e-9).floor() - first).clamp(0.0, 20.0) as usize;
    let numbers = (0..=count).map(|i| (first + i as f64) * step);
    let text = |number: f64| {
        let text = format!("{:.decimals$}", number + 0.0);
        text.strip_prefix('-').map_or(text.clone(), |digits| {
            match digits.bytes().any(|b| b.is_ascii_digit() && b != b'0') {
                true => format!("−{digits}"),
                false => digits.to_owned(),
            }
        })
    };
    numbers.map(|number| (number, text(number))).collect()
}
