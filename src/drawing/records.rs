//! The tables that accompany a set of drawn pictures: `labels.csv` and `signs.json`.

use super::person::{Eye, Person, Side, person};
use super::signs::{LATENT_LIMIT, RecordedSex, Sign, auc, best_auc};
use super::truth::EyeTruth;
use serde_json::{Map, Value, json};

/// One picture of a set.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// Path of the picture in the set, with `/`: `images/00000_OD.png`.
    pub image: String,
    /// Identifier of the person.
    pub person: String,
    pub side: Side,
    pub age_years: u8,
    pub sex: RecordedSex,
    pub truth: EyeTruth,
}

/// The person and eye of picture `number` (from 0) of a set: right and left eye of one person after another.
///
/// A set of N pictures shows N/2 persons, the last with only the right eye when N is odd.
pub fn eye_of_picture(seed: u64, number: u64) -> (Person, Eye) {
    let person = person(seed, number / 2);
    let eye = if number.is_multiple_of(2) {
        person.right
    } else {
        person.left
    };
    (person, eye)
}

/// The row of a picture, `extension` without a dot.
pub fn entry(person: &Person, eye: &Eye, truth: EyeTruth, extension: &str) -> Entry {
    let identifier = person.identifier();
    Entry {
        image: format!("images/{identifier}_{}.{extension}", eye.side.code()),
        person: identifier,
        side: eye.side,
        age_years: person.age_years,
        sex: person.sex,
        truth,
    }
}

/// `labels.csv`: image, person, eye (OD, OS), age in years, recorded sex (F, M).
pub fn labels_csv(entries: &[Entry]) -> String {
    let mut csv = String::from("image,person,eye,age,sex\n");
    for e in entries {
        csv.push_str(&format!(
            "{},{},{},{},{}\n",
            e.image,
            e.person,
            e.side.code(),
            e.age_years,
            e.sex.letter()
        ));
    }
    csv
}

/// `signs.json`: the signs that carry the label, their strengths, and the position of each sign in each picture
/// (pixels).
///
/// `best_auc` is the theoretical AUC of the ideal observer; `best_auc_of_this_set` that of its scores on these
/// pictures, null if only one label occurs.
pub fn signs_json(seed: u64, entries: &[Entry]) -> String {
    let scores: Vec<_> = entries
        .iter()
        .map(|e| (e.sex, e.truth.latents.ideal_logit()))
        .collect();
    let signs: Map<String, Value> = Sign::ALL
        .iter()
        .map(|sign| {
            let about = json!({
                "separation": sign.separation(),
                "effect_unit": sign.unit(),
                "effect_at_zero": sign.effect(0.0),
                "effect_per_deviation": sign.effect(1.0) - sign.effect(0.0),
            });
            (sign.name().to_owned(), about)
        })
        .collect();
    let document = json!({
        "schema": 1,
        "seed": seed,
        "count": entries.len(),
        "latent_limit": LATENT_LIMIT,
        "signs": signs,
        "best_auc": best_auc(),
        "best_auc_of_this_set": auc(&scores),
        "images": entries.iter().map(entry_json).collect::<Vec<_>>(),
    });
    let mut text = document.to_string();
    text.push('\n');
    text
}

fn entry_json(entry: &Entry) -> Value {
    let truth = &entry.truth;
    let signs: Map<String, Value> = Sign::ALL
        .iter()
        .map(|sign| {
            let region = truth.region(*sign);
            let value = json!({
                "latent": rounded(truth.latents.value(*sign), 1e4),
                "effect": rounded(truth.latents.effect(*sign), 1e5),
                "region": {
                    "x": rounded(region.x, 1e2), "y": rounded(region.y, 1e2),
                    "radius": rounded(region.radius, 1e2), "inner_radius": rounded(region.inner_radius, 1e2),
                },
            });
            (sign.name().to_owned(), value)
        })
        .collect();
    let field = truth.field_of_view;
    json!({
        "image": entry.image,
        "person": entry.person,
        "eye": entry.side.code(),
        "age": entry.age_years,
        "sex": entry.sex.letter(),
        "width": truth.width,
        "height": truth.height,
        "field_of_view": { "x": rounded(field.x, 1e2), "y": rounded(field.y, 1e2), "radius": rounded(field.radius, 1e2) },
        "disc": {
            "x": rounded(truth.disc.x, 1e2), "y": rounded(truth.disc.y, 1e2),
            "half_width": rounded(truth.disc.half_width, 1e2), "half_height": rounded(truth.disc.half_height, 1e2),
        },
        "fovea": { "x": rounded(truth.fovea.x, 1e2), "y": rounded(truth.fovea.y, 1e2) },
        "signs": signs,
        "ideal_observer": {
            "logit": rounded(truth.latents.ideal_logit(), 1e4),
            "probability": rounded(truth.latents.ideal_probability(), 1e6),
        },
    })
}

/// Rounded for readability.
fn rounded(value: f64, parts: f64) -> f64 {
    (value * parts).round() / parts
}
