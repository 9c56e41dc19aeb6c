//! Sentences about saliency maps: method, settings, reference and completeness gap.

use super::Lang;
use super::report::Report;
use crate::domain::{
    Baseline, CoveredFigures, Figures, Fill, Head, MapProvenance, MapTarget, Method, ModelCard,
    StepKind,
};

/// Stands for the layers in a sentence about several models.
const LAYERS: &str = "\u{0}";

impl Report {
    /// How a map was computed, for a caption or for copied text.
    pub fn map_of_row(self, map: &MapProvenance) -> String {
        let made = self.map_computed(map.method, map.target, map.layer.as_deref(), map.grid);
        let space = self.of(" ", "");
        match self.map_settings(map) {
            Some(settings) => format!("{made}{space}{settings}"),
            None => made,
        }
    }

    /// How a map was computed: `Grad-CAM of the logit at layer top_activation, 7 × 7 cells`.
    pub fn map_computed(
        self,
        method: Method,
        target: MapTarget,
        layer: Option<&str>,
        [rows, columns]: [usize; 2],
    ) -> String {
        let what = match target {
            MapTarget::Value => self.of(
                "Saliency map of this model's estimate",
                "このモデルの推定値のサリエンシーマップ",
            ),
            MapTarget::Logit | MapTarget::Difference | MapTarget::Output(_) => {
                self.texts().what_moved()
            }
        };
        let (method, target) = (self.method(method), self.target(target));
        match self.0 {
            Lang::En => {
                let layer = layer.map(|l| format!(" at layer {l}")).unwrap_or_default();
                format!("{what}: {method} of the {target}{layer}, {columns} × {rows} cells.")
            }
            Lang::Ja => {
                let layer = layer.map(|l| format!("、層 {l}")).unwrap_or_default();
                format!("{what}: {method}(対象は{target}{layer})、{columns} × {rows} セル。")
            }
        }
    }

    fn target(self, target: MapTarget) -> String {
        match target {
            MapTarget::Logit => self.of("logit", "ロジット").to_owned(),
            MapTarget::Difference => target.to_string(),
            MapTarget::Value => self.of("estimate", "推定値").to_owned(),
            MapTarget::Output(k) => self.of(format!("output {k}"), format!("出力 {k}")),
        }
    }

    /// The settings of the method and the completeness gap of integrated gradients; `None` for a method without settings.
    pub fn map_settings(self, map: &MapProvenance) -> Option<String> {
        let mut parts = Vec::new();
        let of = map.method.description().steps.map(|steps| steps.of);
        parts.extend(of.zip(map.settings.steps).map(|(of, n)| self.steps(of, n)));
        parts.extend(map.settings.baseline.map(|baseline| {
            let name = self.baseline(baseline);
            self.of(format!("baseline: {name}"), format!("基準画像: {name}"))
        }));
        let seed = map.settings.seed;
        parts.extend(seed.map(|s| self.of(format!("seed {s}"), format!("乱数シード {s}"))));
        let gap = map.completeness_gap;
        parts.extend(gap.map(|gap| self.completeness(gap, map.completeness_gap_share)));
        let (comma, stop) = self.of((", ", "."), ("、", "。"));
        (!parts.is_empty()).then(|| super::report::capital(&parts.join(comma)) + stop)
    }

    fn steps(self, of: StepKind, n: usize) -> String {
        match of {
            StepKind::Path => self.of(format!("{n} steps"), format!("{n}ステップ")),
            StepKind::Samples => self.of(format!("{n} samples"), format!("{n}サンプル")),
            StepKind::Patches => self.of(
                format!("{n} patches along the longer side"),
                format!("長辺を{n}分割"),
            ),
            StepKind::Channels => self.of(
                format!("{n} channels with the highest energy"),
                format!("エネルギー(二乗和)上位{n}チャンネル"),
            ),
        }
    }

    /// The title of a method's step setting and a note on it, which may be empty.
    pub fn steps_of(self, of: StepKind) -> [&'static str; 2] {
        match of {
            StepKind::Path => self.of(["Steps", ""], ["ステップ数", ""]),
            StepKind::Samples => self.of(["Samples", ""], ["サンプル数", ""]),
            StepKind::Patches => self.of(
                ["Patches", "Along the longer side of the network's input"],
                ["分割数", "ネットワーク入力の長辺の分割数"],
            ),
            StepKind::Channels => self.of(
                ["Channels", "With the highest energy"],
                ["チャンネル数", "エネルギー(二乗和)の大きい順"],
            ),
        }
    }

    /// Difference between the sum of the attributions and its expected value: `completeness gap +0.019 (0.4 % of the
    /// difference)`.
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

    /// A comparison of two models' maps of one photograph; `None` if there is nothing to report.
    pub fn two_maps(self, same_scale: bool, rank_correlation: Option<f64>) -> Option<String> {
        let scale = self.of(
            "same colour scale in both maps",
            "両マップのカラースケールは共通",
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

    /// The fill of an area hidden with the brush.
    pub fn fill(self, fill: Fill) -> &'static str {
        match fill {
            Fill::Black => self.of("black", "黒"),
            Fill::Blur => self.of("blur", "ぼかし"),
            Fill::FieldMean => self.of("mean colour of the field of view", "撮影範囲の平均色"),
        }
    }

    /// How much of a photograph is hidden and how that changes the result:
    /// `Hidden: 12 % of the field of view (blur); score 0.870, with area hidden 0.612 (-0.258).`
    pub fn covered(self, card: &ModelCard, covered: &CoveredFigures) -> String {
        let percent = covered.area_share * 100.0;
        let fill = self.fill(covered.fill);
        let moved = self.moved(card, covered).unwrap_or_default();
        self.of(
            format!("Hidden: {percent:.0} % of the field of view ({fill}); {moved}."),
            format!("遮蔽: 撮影範囲の{percent:.0} %({fill})、{moved}。"),
        )
    }

    /// The figure without and with the hidden area, and the difference.
    pub fn moved(self, card: &ModelCard, covered: &CoveredFigures) -> Option<String> {
        type Figure = fn(&Figures) -> Option<f64>;
        let (figure, digits, what): (Figure, _, _) = match card.head {
            Head::Linear => (|f| f.value, 1, self.of("estimate", "推定値")),
            Head::Sigmoid | Head::Softmax => (|f| f.score, 3, self.of("score", "スコア")),
        };
        let (before, after) = (figure(&covered.before)?, figure(&covered.after)?);
        let change = after - before;
        Some(self.of(
            format!(
                "{what} {before:.digits$}, with area hidden {after:.digits$} ({change:+.digits$})"
            ),
            format!("{what} {before:.digits$}、遮蔽後 {after:.digits$}({change:+.digits$})"),
        ))
    }

    /// The baseline image.
    pub fn baseline(self, baseline: Baseline) -> &'static str {
        match baseline {
            Baseline::Black => self.of("black", "黒"),
            Baseline::Blur => self.of("blurred photograph", "ぼかした写真"),
            Baseline::Mean => self.of("mean colour", "平均色"),
        }
    }

    /// A method's name as written in publications.
    pub fn method(self, method: Method) -> &'static str {
        let [en, ja] = method.description().name;
        self.of(en, ja)
    }

    /// The authors and year of a method's formula, and what the method shows.
    pub fn method_tip(self, method: Method) -> String {
        let facts = method.description();
        let (authors, year) = (self.authors(facts.authors), facts.year);
        let what = self.method_does(method);
        self.of(
            format!("{authors}, {year}: {what}"),
            format!("{authors}、{year}: {what}"),
        )
    }

    fn method_does(self, method: Method) -> &'static str {
        match method {
            Method::GradCam => self.of(
                "the sum of the feature map's channels, each weighted by the mean gradient of the score.",
                "特徴マップの各チャンネルを、スコアの勾配の平均で重みづけした和。",
            ),
            Method::ScoreCam => self.of(
                "the sum of the feature map's channels. Each is weighted by the rise in score when it masks the input, without gradients.",
                "特徴マップの各チャンネルを、そのチャンネルで入力をマスクしたときのスコアの上昇で重みづけした和。勾配は用いない。",
            ),
            Method::HiresCam => self.of(
                "the product of the feature map and the gradient of the score, cell by cell.",
                "特徴マップとスコアの勾配のセルごとの積。",
            ),
            Method::LayerCam => self.of(
                "the product of the feature map and the positive part of the gradient, cell by cell. It mainly shows what raises the score.",
                "特徴マップと勾配の正の部分のセルごとの積。主にスコアを上げる領域を示す。",
            ),
            Method::IntegratedGradients => self.of(
                "gradients integrated along the path from a baseline to the photograph. The values of all pixels add up to the change in score.",
                "基準画像から写真までの経路に沿った勾配の積分。全画素の合計がスコア(ロジット)の変化になる。",
            ),
            Method::SmoothGrad => self.of(
                "the mean gradient over noisy copies of the photograph. It is positive if a brighter pixel would raise the score.",
                "ノイズを加えた複数の写真での勾配の平均。正の画素は、明るくなるとスコアが上がる。",
            ),
            Method::Occlusion => self.of(
                "how much the score falls when a patch is hidden.",
                "一部を遮蔽したときのスコアの低下量。",
            ),
            Method::InputGradient => self.of(
                "positive if a slightly brighter pixel would raise the score.",
                "正の画素は、わずかに明るくなるとスコアが上がる。",
            ),
        }
    }

    /// `Zeiler and Fergus`, or the first of more than two.
    fn authors(self, names: &[&str]) -> String {
        match *names {
            [first, _, _, ..] => self.of(format!("{first} et al."), format!("{first}ら")),
            [first, second] => self.of(
                format!("{first} and {second}"),
                format!("{first}・{second}"),
            ),
            _ => names.concat(),
        }
    }

    /// How saliency maps were computed, each with the name of its model: once for each distinct way, with the layers of
    /// the models. `models` are the names of all models.
    pub fn method_maps(
        self,
        models: &[&str],
        maps: &[(&str, &ModelCard, &MapProvenance)],
    ) -> String {
        type Places<'a> = Vec<(&'a str, &'a str)>;
        let mut ways: Vec<(String, Places)> = Vec::new();
        for (name, card, map) in maps {
            let way = self.method_map(card, map);
            let place = (*name, map.layer.as_deref().unwrap_or_default());
            match ways.iter_mut().find(|(known, _)| *known == way) {
                Some((_, places)) if places.contains(&place) => {}
                Some((_, places)) => places.push(place),
                None => ways.push((way, vec![place])),
            }
        }
        let said = ways.into_iter().map(|(way, places)| {
            let way = way.replace(LAYERS, &self.layers(&places));
            let of_all = models
                .iter()
                .all(|m| places.iter().any(|(name, _)| name == m));
            let mut names: Vec<&str> = places.iter().map(|(name, _)| *name).collect();
            names.dedup();
            match of_all {
                true => way,
                false => self.for_models(&names, &way),
            }
        });
        said.collect::<Vec<_>>().join(self.of(" ", ""))
    }

    /// `layer a`, or with the models if these differ: `layer a ("A") or layer b ("B")`.
    fn layers(self, places: &[(&str, &str)]) -> String {
        let (_, first) = places[0];
        let word = self.of("layer", "層");
        if places.iter().all(|(_, layer)| *layer == first) {
            return format!("{word} {first}");
        }
        let several = places.iter().any(|(name, _)| *name != places[0].0);
        let layer = |(name, layer): &(&str, &str)| match several {
            true => self.of(
                format!("{word} {layer} (\"{name}\")"),
                format!("{word} {layer}(「{name}」)"),
            ),
            false => format!("{word} {layer}"),
        };
        let layers: Vec<String> = places.iter().map(layer).collect();
        layers.join(self.of(" or ", "または"))
    }

    /// How a map was computed, with [`LAYERS`] in the place of its layer.
    fn method_map(self, card: &ModelCard, map: &MapProvenance) -> String {
        let (moved, target) = match card.head {
            Head::Linear => self.of(("value", "value"), ("値", "値")),
            Head::Sigmoid => self.of(("score", "logit"), ("スコア", "ロジット")),
            Head::Softmax => self.of(("score", "logit z1 - z0"), ("スコア", "ロジット z1 - z0 ")),
        };
        let facts = map.method.description();
        // Japanese papers cite authors in Latin letters.
        let paper = format!(
            "{}, {}",
            Report(Lang::En).authors(facts.authors),
            facts.year
        );
        let name = self.method(map.method);
        let steps = map.settings.steps.unwrap_or(0);
        let seed = map.settings.seed.unwrap_or(0);
        let baseline = map.settings.baseline.map_or("", |b| self.baseline(b));
        let how = match map.method {
            Method::GradCam | Method::HiresCam | Method::LayerCam => self.of(
                format!("with {name} ({paper}) of the {target} at the feature map of {LAYERS}. The sign was kept (no ReLU on the sum), and so was the grid of the feature map."),
                format!("{LAYERS} の特徴マップにおける{target}の{name}({paper})により求めた。正負の符号を保ち(和にReLUを用いず)、特徴マップの格子のままとした。"),
            ),
            Method::ScoreCam => self.of(
                format!("with {name} ({paper}) of the {target} at the feature map of {LAYERS}. The {steps} channels with the highest energy (sum of squares) were enlarged to the input size, scaled to 0–1 and used to mask the input. Each channel was weighted by the rise of the {target} over that of the baseline ({baseline}). Neither softmax over the weights nor ReLU on the sum was applied, and the grid of the feature map was kept."),
                format!("{LAYERS} の特徴マップにおける{target}の{name}({paper})により求めた。エネルギー(二乗和)の大きい{steps}チャンネルを入力の大きさに拡大し、0〜1に正規化して入力のマスクとした。各チャンネルの重みは、基準画像({baseline})からの{target}の上昇とした。重みへのソフトマックスと和へのReLUは用いず、特徴マップの格子のままとした。"),
            ),
            Method::IntegratedGradients => self.of(
                format!("with {name} ({paper}) of the {target} in {steps} steps (baseline: {baseline}) and summed over the colour channels."),
                format!("{target}の{name}({paper}、{steps}ステップ、基準画像: {baseline})により求め、色チャンネルについて合計した。"),
            ),
            Method::SmoothGrad => self.of(
                format!("with {name} ({paper}) of the {target} with {steps} samples (noise of 15 % of the input range, seed {seed}) and summed over the colour channels."),
                format!("{target}の{name}({paper}、{steps}サンプル、ノイズは入力範囲の15 %、乱数シード {seed})により求め、色チャンネルについて合計した。"),
            ),
            Method::Occlusion => self.of(
                format!("with {name} ({paper}): each patch, one of {steps} along the longer side, was hidden in turn ({baseline}), and the fall of the {target} was recorded."),
                format!("{name}({paper})により求めた。長辺を{steps}分割した各領域を順に遮蔽し({baseline})、{target}の低下を記録した。"),
            ),
            Method::InputGradient => self.of(
                format!("as the gradient of the {target} with respect to the network's input ({paper}), summed over the colour channels."),
                format!("ネットワーク入力に対する{target}の勾配({paper})として求め、色チャンネルについて合計した。"),
            ),
        };
        self.of(
            format!("Saliency maps of the {moved} were computed {how}"),
            format!("{moved}に対するサリエンシーマップは、{how}"),
        )
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use strum::IntoEnumIterator;

    use super::*;
    use crate::domain::provenance::sample::provenance;
    use crate::domain::{BlackLevelSource, MapSettings, MeanOf, model_card};

    const BOTH: [Report; 2] = [Report(Lang::En), Report(Lang::Ja)];

    /// One map per baseline, with every setting of the method.
    fn reported(method: Method) -> Vec<MapProvenance> {
        let facts = method.description();
        let of = |baseline| MapProvenance {
            layer: method.is_of_a_layer().then(|| "top".to_owned()),
            settings: MapSettings {
                steps: facts.steps.map(|steps| steps.default),
                baseline,
                black_of: Some(BlackLevelSource::Card),
                black: Some(vec![-1.0; 3]),
                mean_of: Some(MeanOf::Field),
                seed: facts.has_seed.then_some(3),
            },
            ..provenance(method)
        };
        match facts.baseline {
            Some(_) => Baseline::iter().map(Some).map(of).collect(),
            None => vec![of(None)],
        }
    }

    #[test]
    fn a_map_is_told_with_its_settings_and_what_it_leaves_over() {
        let row = MapProvenance {
            grid: [112, 224],
            settings: MapSettings {
                steps: Some(50),
                baseline: Some(Baseline::Blur),
                ..MapSettings::default()
            },
            completeness_gap: Some(-0.0191),
            completeness_gap_share: Some(0.0042),
            ..provenance(Method::IntegratedGradients)
        };
        let [en, ja] = BOTH.map(|r| r.map_of_row(&row));
        assert_eq!(
            en,
            "Saliency map of this model's score: integrated gradients of the logit, 224 × 112 cells. \
             50 steps, baseline: blurred photograph, completeness gap -0.019 (0.4 % of the difference)."
        );
        assert!(
            ja.ends_with("50ステップ、基準画像: ぼかした写真、完全性の誤差 -0.019(差の0.4 %)。"),
            "{ja}"
        );
        assert_eq!(BOTH[0].map_settings(&provenance(Method::GradCam)), None);
    }

    #[test]
    fn every_method_has_a_tip_and_a_sentence_for_a_paper() {
        let card = model_card::example();
        let count = Method::iter().count();
        for report in BOTH {
            let wording: BTreeSet<String> = Method::iter()
                .map(|m| report.method_maps(&["m"], &[("m", &card, &reported(m)[0])]))
                .collect();
            assert_eq!(wording.len(), count);
            for method in Method::iter() {
                let (facts, tip) = (method.description(), report.method_tip(method));
                for text in [
                    tip,
                    report.method_maps(&["m"], &[("m", &card, &reported(method)[0])]),
                ] {
                    assert!(text.contains(&facts.year.to_string()), "{text}");
                    assert!(text.contains(facts.authors[0]), "{text}");
                }
            }
        }
        let two = BOTH.map(|r| r.method_tip(Method::Occlusion));
        assert!(two[0].starts_with("Zeiler and Fergus, 2014: how"));
        assert!(two[1].starts_with("Zeiler・Fergus、2014: "));
        let many = BOTH.map(|r| r.method_tip(Method::GradCam));
        assert!(many[0].starts_with("Selvaraju et al., 2017: the"));
        assert!(many[1].starts_with("Selvarajuら、2017: "));
    }

    /// True if the text contains three English words in a row; names of methods, layers and authors do not.
    fn has_english(text: &str) -> bool {
        let is_word = |word: &&str| word.len() > 1 && word.chars().all(|c| c.is_ascii_lowercase());
        let words: Vec<&str> = text.split(' ').collect();
        words.windows(3).any(|three| three.iter().all(is_word))
    }

    #[test]
    fn no_sentence_about_a_map_is_english_in_japanese() {
        let ja = BOTH[1];
        let heads = [Head::Sigmoid, Head::Softmax, Head::Linear];
        let targets = [
            MapTarget::Logit,
            MapTarget::Difference,
            MapTarget::Value,
            MapTarget::Output(2),
        ];
        let mut wording: Vec<String> = Vec::new();
        for map in Method::iter().flat_map(reported) {
            wording.push(ja.method_tip(map.method));
            wording.push(ja.method(map.method).to_owned());
            wording.extend(
                map.method
                    .description()
                    .steps
                    .map(|s| ja.steps_of(s.of).join("、")),
            );
            for target in targets {
                let one = MapProvenance {
                    target,
                    completeness_gap: Some(0.1),
                    completeness_gap_share: Some(0.2),
                    ..map.clone()
                };
                wording.push(ja.map_of_row(&one));
            }
            for head in heads {
                let card = ModelCard {
                    head,
                    ..model_card::example()
                };
                wording.push(ja.method_maps(&["m"], &[("m", &card, &map)]));
            }
        }
        let figures = Figures {
            score: Some(0.5),
            logit: Some(0.0),
            value: Some(61.0),
        };
        for (head, fill) in heads.into_iter().flat_map(|h| Fill::ALL.map(|f| (h, f))) {
            let card = ModelCard {
                head,
                ..model_card::example()
            };
            let covered = CoveredFigures {
                fill,
                area_share: 0.1,
                before: figures,
                after: figures,
            };
            wording.push(ja.covered(&card, &covered));
        }
        wording.extend(Baseline::iter().map(|b| ja.baseline(b).to_owned()));
        wording.extend(ja.two_maps(true, Some(0.5)));
        for text in &wording {
            assert!(!has_english(text), "{text}");
            let is_name = text.is_ascii();
            assert!(
                !is_name || Method::iter().any(|m| ja.method(m) == text),
                "{text}"
            );
        }
        // The English texts are detected.
        for method in Method::iter() {
            assert!(has_english(&BOTH[0].method_tip(method)), "{method}");
        }
    }

    #[test]
    fn what_is_covered_is_told_with_its_effect() {
        let card = model_card::example();
        let figures = |score: f64| Figures {
            score: Some(score),
            logit: Some(0.0),
            value: None,
        };
        let covered = CoveredFigures {
            fill: Fill::FieldMean,
            area_share: 0.123,
            before: figures(0.87),
            after: figures(0.612),
        };
        let [en, ja] = BOTH.map(|r| r.covered(&card, &covered));
        assert_eq!(
            en,
            "Hidden: 12 % of the field of view (mean colour of the field of view); score 0.870, with area hidden 0.612 (-0.258)."
        );
        assert_eq!(
            ja,
            "遮蔽: 撮影範囲の12 %(撮影範囲の平均色)、スコア 0.870、遮蔽後 0.612(-0.258)。"
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
            "両マップのカラースケールは共通、2つのマップの順位相関 +0.42(Spearman)。"
        );
        assert_eq!(BOTH[0].two_maps(false, None), None);
    }

    #[test]
    fn each_way_is_told_once() {
        let card = model_card::example();
        let cam = reported(Method::GradCam).remove(0);
        let again = MapProvenance {
            target_value: Some(2.0),
            ..cam.clone()
        };
        let maps = [("a", &card, &cam), ("a", &card, &again)];
        let [en, ja] = BOTH.map(|r| r.method_maps(&["a"], &maps));
        assert_eq!(en.matches("Saliency maps of the score").count(), 1);
        assert!(en.contains("Grad-CAM (Selvaraju et al., 2017)") && en.contains("layer top."));
        assert!(ja.contains("層 top の特徴マップ"), "{ja}");
        assert_eq!(BOTH[0].method_maps(&["a"], &[]), "");
        // Two models: one sentence with both layers; the model is named if the other has no such map.
        let other = MapProvenance {
            layer: Some("last".into()),
            ..cam.clone()
        };
        let maps = [("a", &card, &cam), ("b", &card, &other)];
        let en = BOTH[0].method_maps(&["a", "b"], &maps);
        assert_eq!(en.matches("aliency maps of the score").count(), 1);
        assert!(
            en.contains("of layer top (\"a\") or layer last (\"b\")."),
            "{en}"
        );
        let en = BOTH[0].method_maps(&["a", "b"], &maps[..1]);
        assert!(en.starts_with("For the model \"a\", saliency maps"), "{en}");
    }
}
