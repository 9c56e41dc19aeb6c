//! A check as text and tables: settings in four words, the evidence in one sentence, rows for spreadsheets.

use serde_json::{Map, Value, json};

use super::report::{CheckReport, CheckRow, ImageScores};
use crate::domain::{InputSpec, Task};
use crate::evaluation::Figure;

/// The fields of a card that a check decides.
pub(super) const FIELDS: [&str; 4] = ["scaling", "crop", "colour", "resize"];

impl CheckReport {
    /// The first row as one sentence: `AUC 0.93 (0.86-0.98) on 50 images of 25 persons`.
    pub fn evidence(&self, row: &CheckRow) -> String {
        let [low, high] = row.interval;
        let figure = match self.figure {
            Figure::Auc => format!("AUC {:.2} ({low:.2}-{high:.2})", row.value),
            Figure::MeanAbsoluteError => {
                let unit = if self.task == Task::Age { " years" } else { "" };
                format!(
                    "mean absolute error {:.2}{unit} ({low:.2}-{high:.2})",
                    row.value
                )
            }
        };
        let persons = if self.persons_known {
            format!(" of {} persons", self.persons)
        } else {
            String::new()
        };
        format!("{figure} on {} images{persons}", self.images)
    }

    /// The rows as a table for spreadsheets.
    pub fn csv(&self) -> Vec<u8> {
        let rows: Vec<Map<String, Value>> = self.rows.iter().map(|row| self.cells(row)).collect();
        crate::export::csv::of_rows(&rows)
    }

    /// Each image under each row as a table for spreadsheets.
    pub fn scores_csv(&self) -> Vec<u8> {
        let row = |image: &ImageScores| {
            let mut cells = Map::new();
            cells.insert("image".into(), json!(image.image));
            cells.insert("recorded".into(), json!(image.recorded));
            for (row, score) in self.rows.iter().zip(&image.scores) {
                cells.insert(short(&row.input), json!(score));
            }
            cells
        };
        let rows: Vec<Map<String, Value>> = self.scores.iter().map(row).collect();
        crate::export::csv::of_rows(&rows)
    }

    fn cells(&self, row: &CheckRow) -> Map<String, Value> {
        let same: Vec<String> = row.same.iter().map(short).collect();
        let fields = json!({
            "rank": row.rank,
            "scaling": row.input.scaling,
            "crop": row.input.crop,
            "colour": row.input.colour,
            "resize": row.input.resize,
            "figure": self.figure,
            "value": row.value,
            "low": row.interval[0],
            "high": row.interval[1],
            "behind_best": row.behind_best,
            "behind_best_low": row.behind_best_interval[0],
            "behind_best_high": row.behind_best_interval[1],
            "inseparable": row.inseparable,
            "training_distance": row.training_distance,
            "flipped": row.flipped,
            "of_card": row.of_card,
            "same": same.join("; "),
            "images": self.images,
            "model": self.model,
            "model_sha256": self.model_sha256,
        });
        match fields {
            Value::Object(map) => map,
            _ => Map::new(),
        }
    }
}

/// A setting in four words: `tf square rgb pil-bilinear`.
pub fn short(input: &InputSpec) -> String {
    words_of(input).join(" ")
}

/// The values of a setting as words, in the order of [`FIELDS`].
fn words_of(input: &InputSpec) -> Vec<String> {
    let word = |value: Result<Value, _>| {
        value
            .ok()
            .and_then(|v: Value| v.as_str().map(str::to_owned))
            .unwrap_or_default()
    };
    [
        word(serde_json::to_value(input.scaling)),
        word(serde_json::to_value(input.crop)),
        word(serde_json::to_value(input.colour)),
        word(serde_json::to_value(input.resize)),
    ]
    .into()
}

#[cfg(test)]
mod tests {
    use super::super::example::example_report;
    use super::super::report::ImageScores;
    use super::*;

    #[test]
    fn the_evidence_is_one_sentence() {
        let mut report = example_report("m");
        let evidence = report.evidence(&report.rows[0]);
        assert_eq!(evidence, "AUC 0.95 (0.90-0.97) on 50 images of 25 persons");
        report.figure = Figure::MeanAbsoluteError;
        report.task = Task::Age;
        report.persons_known = false;
        let evidence = report.evidence(&report.rows[0]);
        let expected = "mean absolute error 0.95 years (0.90-0.97) on 50 images";
        assert_eq!(evidence, expected);
    }

    #[test]
    fn the_tables_have_a_line_for_each_row_and_image() {
        let mut report = example_report("m");
        report.scores = vec![ImageScores {
            image: "=a.png".into(),
            recorded: 1.0,
            scores: vec![0.5, -0.25, 3.0],
        }];
        let text = String::from_utf8(report.csv()).unwrap();
        assert_eq!(text.lines().count(), 4);
        let start = "1,tf,square,rgb,pil-bilinear,auc,0.95,";
        assert!(text.lines().nth(1).unwrap().starts_with(start), "{text}");
        let text = String::from_utf8(report.scores_csv()).unwrap();
        let line = text.lines().nth(1).unwrap();
        assert!(line.starts_with("'=a.png,1.0,0.5,-0.25,3.0,"), "{text}");
    }
}
