//! Plots as data: axes, series of points, and notes. The window draws a [`Plot`] with its own widgets, a file gets it as a
//! [`Page`](super::page::Page) for every painter ([`page`]) or as a table ([`table`]), so that all of them show the same
//! points.

mod axis;
mod evaluation;
mod flow_chart;
mod layout;

use serde_json::{Map, Value, json};

pub use axis::{Axis, ticks};
pub use evaluation::{
    ForestRow, ModelSize, PlottedModel, bland_altman, by_file_size, calibration, forest,
    precision_recall, roc, score_histogram, value_scatter,
};
pub use flow_chart::{FlowChart, FlowStep, flow_page};
pub use layout::{PlotOptions, page};

/// A plot.
#[derive(Clone, Debug, PartialEq)]
pub struct Plot {
    pub title: String,
    pub x: Axis,
    pub y: Axis,
    pub series: Vec<Series>,
    /// Sentences below it: numbers of cases, intervals, whose figures they are.
    pub notes: Vec<String>,
    /// Both axes have the same unit, so the plot is square.
    pub square: bool,
}

/// Points that belong together.
#[derive(Clone, Debug, PartialEq)]
pub struct Series {
    /// Its name in the legend; empty for lines that need none.
    pub name: String,
    pub form: Form,
    pub tone: Tone,
    pub points: Vec<Point>,
}

/// A point in the units of the axes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Point {
    pub x: f64,
    pub y: f64,
    /// The ends of its interval, along the axis that [`Form`] names.
    pub interval: Option<[f64; 2]>,
    /// What it stands for, such as a model; written beside it.
    pub name: Option<String>,
}

impl Point {
    pub fn at(x: f64, y: f64) -> Self {
        Self {
            x,
            y,
            ..Self::default()
        }
    }
}

/// How points are drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    Line,
    /// A dashed line that serves to compare: chance, perfect calibration, a limit.
    Guide,
    Dots,
    /// Dots with intervals along y.
    Upright,
    /// Dots with intervals along x.
    Level,
    /// Columns of this width from 0, in per mille of the x axis.
    Columns {
        width: u16,
    },
    /// The chosen one of several points.
    Ring,
}

/// Colours that are told apart with every colour vision (Okabe and Ito 2008).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// One of the models or labels, from 0.
    Number(usize),
    /// Guides.
    Quiet,
    /// Figures that others published.
    Published,
}

/// The points as rows: `series, x, y, low, high, name, notes`.
pub fn table(plot: &Plot) -> Vec<Map<String, Value>> {
    let rows = plot.series.iter().flat_map(|series| {
        series.points.iter().map(|point| {
            let [low, high] = match point.interval {
                Some(ends) => ends.map(Value::from),
                None => [Value::Null, Value::Null],
            };
            // Of an axis of names the place alone says nothing.
            let named = plot.y.names.get(point.y.max(0.0) as usize);
            let name = point.name.as_ref().or(named);
            let row = json!({
                "series": series.name, "x": point.x, "y": point.y, "low": low, "high": high, "name": name,
                "notes": plot.notes.join(" "),
            });
            match row {
                Value::Object(row) => row,
                _ => Map::new(),
            }
        })
    });
    rows.collect()
}

#[cfg(test)]
mod tests;
