//! Sentences about maps of what moved the score: which method, with which settings, after whom, and what was left over.
//!
//! A map is told by its description, the field `saliency` of a row of results.

use serde_json::Value;

use super::Lang;
use super::report::Report;
use crate::domain::{Head, ModelCard, StepsOf};

impl Report {
    /// How a map was made, for a caption or a text to paste.
    pub fn map_of_row(self, saliency: &Value) -> String {
        let size = |axis: usize| saliency["grid"][axis].as_u64().unwrap_or(0) as usize;
        let made = self.map_made(
            saliency["method"].as_str().unwrap_or_default(),
            saliency["target"].as_str().unwrap_or_default(),
            saliency["layer"].as_str(),
            size(1),
            size(0),
        );
        let space = self.of(" ", "");
        match self.map_settings(saliency) {
            Some(settings) => format!("{made}{space}{settings}"),
            None => made,
        }
    }

    /// The settings that the method has, and what integrated gradients leave over; `None` for a method without any.
    pub fn map_settings(self, saliency: &Value) -> Option<String> {
        let mut parts = Vec::new();
        let steps = saliency["steps"].as_u64();
        let method = saliency["method"].as_str().unwrap_or_default();
        parts.extend(steps.map(|n| match method {
            "occlusion" => self.of(
                format!("{n} patches along the longer side"),
                format!("長辺を{n}分割"),
            ),
            "smooth-grad" => self.of(format!("{n} samples"), format!("{n}サンプル")),
            _ => self.of(format!("{n} steps"), format!("{n}ステップ")),
        }));
        let baseline = saliency["baseline"].as_str();
        parts.extend(baseline.map(|b| {
            let name = self.baseline(b);
            self.of(format!("baseline: {name}"), format!("基準画像: {name}"))
        }));
        let seed = saliency["seed"].as_u64();
        parts.extend(seed.map(|s| self.of(format!("seed {s}"), format!("乱数シード {s}"))));
        let gap = saliency["completeness_gap"].as_f64();
        parts.extend(
            gap.map(|gap| self.completeness(gap, saliency["completeness_gap_share"].as_f64())),
        );
        let (comma, stop) = self.of((", ", "."), ("、", "。"));
        (!parts.is_empty()).then(|| super::report::capital(&parts.join(comma)) + stop)
    }

    /// What the attributions leave over of what they should add up to: `completeness gap +0.019 (0.4 % of the difference)`.
    pub fn completeness(self, gap: f64, share: Option<f64>) -> String {
        let share = share.map(|s| s * 100.0);
        let of_difference = match (self.0, share) {
            (_, None) => String::new(),
            (Lang::En, Some(percent)) => format!(" ({percent:.1} % of the difference)"),
            (Lang::Ja, Some(percent)) => format!("(差の{percent:.1} %)"),
        };
        self.of(
            format!("completeness gap {gap:+.3}{of_difference}"),
            format!("完全性の誤差 {gap:+.3}{of_difference}"),
        )
    }

    /// What is said of two models' maps of one photograph together; `None` where nothing is to be said.
    pub fn two_maps(self, same_scale: bool, rank_correlation: Option<f64>) -> Option<String> {
        let scale = self.of(
            "same colour scale in both maps",
            "両マップの配色の目盛りは共通",
        );
        let agree = rank_correlation.map(|rho| {
            self.of(
                format!("rank correlation of the two maps {rho:+.2} (Spearman)"),
                format!("2つのマップの順位相関 {rho:+.2}(Spearman)"),
            )
        });
        let parts: Vec<String> = same_scale
            .then(|| scale.to_owned())
            .into_iter()
            .chain(agree)
            .collect();
        let (join, stop) = self.of(("; ", "."), ("、", "。"));
        (!parts.is_empty()).then(|| super::report::capital(&parts.join(join)) + stop)
    }

    /// What is covered by hand, by its word in files.
    pub fn fill(self, word: &str) -> &str {
        match word {
            "black" => self.of("black", "黒"),
            "blur" => self.of("blur", "ぼかし"),
            "field-mean" => self.of("mean colour of the field", "撮影範囲の平均色"),
            other => other,
        }
    }

    /// What is covered of a photograph and what it does to the answer; `covered` is the field of that name of a row:
    /// `Covered: 12 % of the field (blur), score 0.870, covered 0.612 (-0.258).`
    pub fn covered(self, card: &ModelCard, covered: &Value) -> String {
        let percent = covered["area_share"].as_f64().unwrap_or(0.0) * 100.0;
        let fill = self.fill(covered["fill"].as_str().unwrap_or_default());
        let moved = self.moved(card, covered).unwrap_or_default();
        self.of(
            format!("Covered: {percent:.0} % of the field ({fill}); {moved}."),
            format!("被覆: 撮影範囲の{percent:.0} %({fill})、{moved}。"),
        )
    }

    /// The figure of the whole photograph, that of the covered one, and the difference.
    pub fn moved(self, card: &ModelCard, covered: &Value) -> Option<String> {
        let (field, digits, what) = match card.head {
            Head::Linear => ("value", 1, self.of("estimate", "推定値")),
            Head::Sigmoid | Head::Softmax => ("score", 3, self.of("score", "スコア")),
        };
        let at = |when: &str| covered[when][field].as_f64();
        let (before, after) = (at("before")?, at("after")?);
        let change = after - before;
        Some(self.of(
            format!("{what} {before:.digits$}, covered {after:.digits$} ({change:+.digits$})"),
            format!("{what} {before:.digits$}、被覆後 {after:.digits$}({change:+.digits$})"),
        ))
    }

    /// What stands for "nothing to see", by its word in files.
    pub fn baseline(self, word: &str) -> &str {
        match word {
            "black" => self.of("black", "黒"),
            "blur" => self.of("blurred photograph", "ぼかした写真"),
            "mean" => self.of("mean colour", "平均色"),
            other => other,
        }
    }

    /// What a method takes several of, as the title of a setting, and what is to be said about it, if anything.
    pub fn steps_of(self, of: StepsOf) -> [&'static str; 2] {
        match of {
            StepsOf::Path => self.of(["Steps", ""], ["ステップ数", ""]),
            StepsOf::Samples => self.of(["Samples", ""], ["サンプル数", ""]),
            StepsOf::Patches => self.of(
                ["Patches", "Along the longer side of the network's input"],
                ["分割数", "ネットワーク入力の長辺の分割数"],
            ),
        }
    }

    /// A sentence about a method with the author of its formula, by its word in files.
    pub fn method_tip(self, word: &str) -> &'static str {
        match word {
            "grad-cam" => self.of(
                "Selvaraju et al., 2017: the feature map, each channel weighted by how much it moves the score on average.",
                "Selvarajuら、2017: 各チャンネルを、スコアへの平均的な影響で重みづけして足した特徴マップ。",
            ),
            "hires-cam" => self.of(
                "Draelos and Carin, 2020: the feature map times the score's gradient, cell by cell.",
                "Draelos・Carin、2020: 特徴マップとスコアの勾配をセルごとに掛けたもの。",
            ),
            "layer-cam" => self.of(
                "Jiang et al., 2021: the feature map times the positive part of the gradient, cell by cell; it shows mainly what raises the score.",
                "Jiangら、2021: 特徴マップと勾配の正の部分をセルごとに掛けたもの。主にスコアを上げる領域を示す。",
            ),
            "integrated-gradients" => self.of(
                "Sundararajan et al., 2017: gradients added up on the way from a baseline to the photograph; all pixels together make up the change of the score.",
                "Sundararajanら、2017: 基準画像から写真までの勾配を足し合わせたもの。全画素の合計がスコア(ロジット)の変化になる。",
            ),
            "smooth-grad" => self.of(
                "Smilkov et al., 2017: the mean gradient over noisy copies; positive where a brighter pixel would raise the score.",
                "Smilkovら、2017: ノイズを加えた写真の勾配の平均。正の画素は、明るくなるとスコアが上がる。",
            ),
            "occlusion" => self.of(
                "Zeiler and Fergus, 2014: how much the score falls when a patch is hidden.",
                "Zeiler・Fergus、2014: 一部を隠したときにスコアがどれだけ下がるか。",
            ),
            _ => self.of(
                "Simonyan et al., 2013: positive where a slightly brighter pixel would raise the score.",
                "Simonyanら、2013: 正の画素は、わずかに明るくなるとスコアが上がる。",
            ),
        }
    }

    /// How the maps of a model came about, a sentence for each way; empty where there is none.
    pub fn method_maps(self, card: &ModelCard, maps: &[&Value]) -> String {
        let mut sentences: Vec<String> = Vec::new();
        for map in maps {
            let sentence = self.method_map(card, map);
            if !sentences.contains(&sentence) {
                sentences.push(sentence);
            }
        }
        sentences.join(self.of(" ", ""))
    }

    fn method_map(self, card: &ModelCard, map: &Value) -> String {
        let (moved, target) = match card.head {
            Head::Linear => self.of(("value", "value"), ("値", "値")),
            Head::Sigmoid => self.of(("score", "logit"), ("スコア", "ロジット")),
            Head::Softmax => self.of(("score", "logit z1 - z0"), ("スコア", "ロジット z1 - z0 ")),
        };
        let text = |field: &str| map[field].as_str().unwrap_or_default();
        let (method, layer) = (text("method"), text("layer"));
        let (steps, seed) = (map["steps"].as_u64().unwrap_or(0), map["seed"].as_u64());
        let baseline = self.baseline(text("baseline"));
        let name = self.method(method);
        let at_layer = |author: &str| {
            self.of(
                format!("{name} ({author}) of the {target} at the feature map of layer {layer}: signed, without ReLU on the sum, and at the grid of that feature map"),
                format!("層 {layer} の特徴マップにおける{target}の{name}({author})であり、正負の符号を保ち(合計にReLUを用いず)、特徴マップの格子のまま求めた"),
            )
        };
        let how = match method {
            "hires-cam" => at_layer("Draelos and Carin, 2020"),
            "layer-cam" => at_layer("Jiang et al., 2021"),
            "integrated-gradients" => self.of(
                format!("{name} (Sundararajan et al., 2017) of the {target} in {steps} steps (baseline: {baseline}), added up over the colour channels"),
                format!("{target}の{name}(Sundararajan et al., 2017、{steps}ステップ、基準画像: {baseline})を色チャンネルについて合計したものである"),
            ),
            "smooth-grad" => self.of(
                format!("{name} (Smilkov et al., 2017) of the {target} with {steps} samples (noise of 15 % of the input's range, seed {}), added up over the colour channels", seed.unwrap_or(0)),
                format!("{target}の{name}(Smilkov et al., 2017、{steps}サンプル、ノイズは入力範囲の15 %、乱数シード {})を色チャンネルについて合計したものである", seed.unwrap_or(0)),
            ),
            "occlusion" => self.of(
                format!("{name} (Zeiler and Fergus, 2014): the fall of the {target} when one of {steps} patches along the longer side is hidden ({baseline})"),
                format!("{name}(Zeiler and Fergus, 2014)であり、長辺を{steps}分割した各領域を隠した({baseline})ときの{target}の低下である"),
            ),
            "input-gradient" => self.of(
                format!("the gradient of the {target} by the network's input (Simonyan et al., 2013), added up over the colour channels"),
                format!("ネットワーク入力に対する{target}の勾配(Simonyan et al., 2013)を色チャンネルについて合計したものである"),
            ),
            _ => at_layer("Selvaraju et al., 2017"),
        };
        self.of(
            format!("Maps of what moved the {moved}, where shown, are {how}."),
            format!("{moved}に影響した領域のマップを示す場合は、{how}。"),
        )
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde_json::json;

    use super::*;
    use crate::domain::model_card;

    const BOTH: [Report; 2] = [Report(Lang::En), Report(Lang::Ja)];
    const METHODS: [&str; 7] = [
        "grad-cam",
        "hires-cam",
        "layer-cam",
        "integrated-gradients",
        "smooth-grad",
        "occlusion",
        "input-gradient",
    ];

    #[test]
    fn a_map_is_told_with_its_settings_and_what_it_leaves_over() {
        let row = json!({
            "method": "integrated-gradients", "layer": null, "target": "logit", "grid": [224, 224],
            "steps": 50, "baseline": "blur", "completeness_gap": -0.0191, "completeness_gap_share": 0.0042,
        });
        let [en, ja] = BOTH.map(|r| r.map_of_row(&row));
        assert_eq!(
            en,
            "What moved this model's score: integrated gradients of the logit, 224 × 224 cells. \
             50 steps, baseline: blurred photograph, completeness gap -0.019 (0.4 % of the difference)."
        );
        assert!(
            ja.ends_with("50ステップ、基準画像: ぼかした写真、完全性の誤差 -0.019(差の0.4 %)。"),
            "{ja}"
        );
        let plain = json!({"method": "grad-cam", "grid": [7, 7], "target": "logit"});
        assert_eq!(BOTH[0].map_settings(&plain), None);
    }

    #[test]
    fn every_method_has_a_tip_and_a_sentence_for_a_paper() {
        let card = model_card::example();
        for report in BOTH {
            let said: BTreeSet<String> = METHODS
                .iter()
                .map(|m| report.method_maps(&card, &[&json!({"method": m, "steps": 9})]))
                .collect();
            assert_eq!(said.len(), METHODS.len());
            let tips: BTreeSet<&str> = METHODS.iter().map(|m| report.method_tip(m)).collect();
            assert_eq!(tips.len(), METHODS.len());
            assert!(tips.iter().all(|tip| tip.contains("20")), "a year each");
        }
    }

    #[test]
    fn what_is_covered_is_told_with_its_effect() {
        let card = model_card::example();
        let figures = |score: f64| json!({"score": score, "logit": 0.0, "value": null});
        let covered = json!({
            "fill": "field-mean", "area_share": 0.123, "before": figures(0.87), "after": figures(0.612),
        });
        let [en, ja] = BOTH.map(|r| r.covered(&card, &covered));
        assert_eq!(
            en,
            "Covered: 12 % of the field (mean colour of the field); score 0.870, covered 0.612 (-0.258)."
        );
        assert_eq!(
            ja,
            "被覆: 撮影範囲の12 %(撮影範囲の平均色)、スコア 0.870、被覆後 0.612(-0.258)。"
        );
        let age = ModelCard {
            head: Head::Linear,
            ..card
        };
        assert_eq!(BOTH[0].moved(&age, &covered), None);
    }

    #[test]
    fn two_maps_are_told_of_together() {
        let both = BOTH.map(|r| r.two_maps(true, Some(0.417)).unwrap());
        assert_eq!(
            both[0],
            "Same colour scale in both maps; rank correlation of the two maps +0.42 (Spearman)."
        );
        assert_eq!(
            both[1],
            "両マップの配色の目盛りは共通、2つのマップの順位相関 +0.42(Spearman)。"
        );
        assert_eq!(BOTH[0].two_maps(false, None), None);
    }

    #[test]
    fn each_way_is_told_once() {
        let card = model_card::example();
        let cam = json!({"method": "grad-cam", "layer": "top", "target_value": 1.0});
        let again = json!({"method": "grad-cam", "layer": "top", "target_value": 2.0});
        let [en, ja] = BOTH.map(|r| r.method_maps(&card, &[&cam, &again]));
        assert_eq!(en.matches("Maps of what moved").count(), 1);
        assert!(en.contains("Grad-CAM (Selvaraju et al., 2017)") && en.contains("layer top"));
        assert!(ja.contains("層 top の特徴マップ"), "{ja}");
        assert_eq!(BOTH[0].method_maps(&card, &[]), "");
    }
}
