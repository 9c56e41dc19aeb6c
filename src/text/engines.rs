//! The outcome of engine checks in words, for results, the model library and the command line.

use super::Lang;
use super::report::Report;
use crate::domain::{Approval, Deviation, EngineUsed, Quantity};

/// What one engine may do with one model.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Checked<'a> {
    pub ruling: Approval,
    /// With the engine's optimisation.
    pub optimised: Option<Deviation>,
    /// Without it.
    pub plain: Option<Deviation>,
    /// The device of the second engine, by its word.
    pub against: Option<&'a str>,
    /// Milliseconds of one run; `None` if it was not measured.
    pub run_ms: Option<f64>,
}

/// One line about one engine: checked, optimisation off, or not used.
pub fn engine_check(lang: Lang, used: &EngineUsed, checked: Checked<'_>) -> String {
    let report = Report(lang);
    let engine = report.engine(used);
    let other = match checked.against {
        Some("embedded") => report.of("the embedded engine", "内蔵エンジン").to_owned(),
        Some("cpu") => report
            .of("ONNX Runtime on the CPU", "ONNX Runtime(CPU)")
            .to_owned(),
        Some(other) => other.to_owned(),
        None => report
            .of("its own result without optimisation", "最適化なしの結果")
            .to_owned(),
    };
    let figure = |found: Option<Deviation>| found.map_or_else(String::new, |f| apart(lang, f));
    let time = checked
        .run_ms
        .filter(|_| checked.ruling != Approval::Refused);
    let time = time.map_or_else(String::new, |ms| {
        report.of(
            format!(" {ms:.1} ms per run."),
            format!("1回の実行 {ms:.1} ms。"),
        )
    });
    let outcome = match checked.ruling {
        Approval::NotOptimised => report.of(
            format!(
                "{engine}: used without optimisation. With optimisation: {}.",
                figure(checked.optimised)
            ),
            format!(
                "{engine}: 最適化なしで使用。最適化ありでは{}。",
                figure(checked.optimised)
            ),
        ),
        Approval::Refused => report.of(
            format!(
                "{engine}: not used because it disagrees with {other}. {}.",
                capital(&figure(checked.plain.or(checked.optimised)))
            ),
            format!(
                "{engine}: 使用しません。{other}と一致しません。{}。",
                figure(checked.plain.or(checked.optimised))
            ),
        ),
        Approval::Optimised if checked.optimised.is_none() => report.of(
            format!("{engine}: not checked, no reference is available."),
            format!("{engine}: 比較対象がなく、確認していません。"),
        ),
        Approval::Optimised => report.of(
            format!(
                "{engine}: agrees with {other}; {}.",
                figure(checked.optimised)
            ),
            format!("{engine}: {other}と一致。{}。", figure(checked.optimised)),
        ),
    };
    outcome + &time
}

/// `model score differs by 2.1e-1, tolerance 2.0e-5`.
pub fn apart(lang: Lang, found: Deviation) -> String {
    let report = Report(lang);
    let quantity = match found.of {
        Quantity::Logit => report.of("logit", "ロジット"),
        Quantity::Value => report.of("value", "値"),
        Quantity::Score => report.of("model score", "モデルスコア"),
    };
    if found.largest.is_infinite() {
        return report.of(
            format!("one {quantity} is not a number"),
            format!("片方の{quantity}が数値ではありません"),
        );
    }
    let (largest, allowed) = (found.largest, found.allowed);
    report.of(
        format!("{quantity} differs by {largest:.1e}, tolerance {allowed:.1e}"),
        format!("{quantity}の差 {largest:.1e}(許容 {allowed:.1e})"),
    )
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(|c| c.to_uppercase().to_string());
    first.unwrap_or_default() + letters.as_str()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_ruling_is_one_line_in_both_languages() {
        let used = EngineUsed {
            engine: "onnxruntime".to_owned(),
            provider: "CPUExecutionProvider".to_owned(),
            version: "1.32.0".to_owned(),
        };
        let found = |largest| Deviation {
            of: Quantity::Score,
            largest,
            allowed: 2e-5,
        };
        let mut checked = Checked {
            ruling: Approval::Optimised,
            optimised: Some(found(3e-8)),
            plain: Some(found(2e-8)),
            against: Some("embedded"),
            run_ms: None,
        };
        let says = |checked, en: &str, ja: &str| {
            assert_eq!(engine_check(Lang::En, &used, checked), en);
            assert_eq!(engine_check(Lang::Ja, &used, checked), ja);
        };
        says(
            checked,
            "ONNX Runtime 1.32.0 (CPUExecutionProvider): agrees with the embedded engine; model score differs by 3.0e-8, tolerance 2.0e-5.",
            "ONNX Runtime 1.32.0(CPUExecutionProvider): 内蔵エンジンと一致。モデルスコアの差 3.0e-8(許容 2.0e-5)。",
        );
        checked.ruling = Approval::NotOptimised;
        checked.optimised = Some(found(0.21));
        checked.run_ms = Some(4.04);
        says(
            checked,
            "ONNX Runtime 1.32.0 (CPUExecutionProvider): used without optimisation. With optimisation: model score differs by 2.1e-1, tolerance 2.0e-5. 4.0 ms per run.",
            "ONNX Runtime 1.32.0(CPUExecutionProvider): 最適化なしで使用。最適化ありではモデルスコアの差 2.1e-1(許容 2.0e-5)。1回の実行 4.0 ms。",
        );
        checked.ruling = Approval::Refused;
        checked.plain = Some(found(f64::INFINITY));
        says(
            checked,
            "ONNX Runtime 1.32.0 (CPUExecutionProvider): not used because it disagrees with the embedded engine. One model score is not a number.",
            "ONNX Runtime 1.32.0(CPUExecutionProvider): 使用しません。内蔵エンジンと一致しません。片方のモデルスコアが数値ではありません。",
        );
    }
}
