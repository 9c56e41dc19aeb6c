//! Use of the model library: editing a card, exporting a card or a network.

use std::path::Path;

use super::demonstration::Bundled;
use super::draft::check;
use super::error::library_unwritten;
use super::{Context, Error, stored};
use crate::domain::card_field::differing;
use crate::domain::{FieldSource, ModelCard};
use crate::progress::{Cancel, Progress};
use crate::storage::library::{ModelFolder, card_text};
use crate::storage::{self, atomic, file_name};
use crate::text::failures::{Fault, ModelFault};
use crate::text::{Lang, research_only};

/// What to export of a model.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ModelFile {
    /// `<id>.card.json`.
    Card,
    /// `<id>.onnx` with its card, and `<id>.terms.txt` with its terms.
    Network,
}

/// Stores another card for a model of the library. What was read from the file is unchanged: id, checksum,
/// architecture, input size and head. Each field that differs is marked as stated by the user.
///
/// # Errors
/// A bundled model, an unknown id, or a card that contradicts itself.
pub fn edit_card(ctx: &Context, edited: &ModelCard) -> Result<(), Error> {
    if Bundled::find(&edited.id).is_some() {
        return Err(Error::refused(
            Fault::Model(ModelFault::Bundled {
                name: edited.id.clone(),
            }),
            format!(
                "{} ships with the application and keeps its card",
                edited.id
            ),
        ));
    }
    let model_folder = ModelFolder::of(&ctx.places, &edited.id)
        .filter(ModelFolder::is_stored)
        .ok_or_else(|| no_such_model(&edited.id))?;
    let before = model_folder.card()?;
    let mut card = ModelCard {
        id: before.id.clone(),
        head: before.head,
        architecture: before.architecture.clone(),
        source_sha256: before.source_sha256.clone(),
        demonstration: before.demonstration,
        settled: before.settled.clone(),
        ..edited.clone()
    };
    card.input.size = before.input.size;
    let confirmed = edited.settled.iter();
    let confirmed = confirmed
        .filter(|(name, how)| **how == FieldSource::User && before.settled.contains_key(*name));
    let changed = differing(&before, &card)
        .into_iter()
        .map(|field| field.name().to_owned());
    for name in changed.chain(confirmed.map(|(name, _)| name.clone())) {
        card.settled.insert(name, FieldSource::User);
    }
    check(&card)?;
    model_folder
        .replace_card(&card)
        .map_err(|e| library_unwritten(&ctx.places, e.into()))?;
    // It may still be open with its previous card.
    ctx.let_go(|open| open.id == card.id);
    Ok(())
}

/// Writes a model's card, or its network with card and terms, into a folder. An existing file is left alone and the
/// next free name (`~2`) is used. Returns the names written.
pub fn export_model(
    ctx: &Context,
    id: &str,
    what: ModelFile,
    folder: &Path,
) -> Result<Vec<String>, Error> {
    // The id of a model, never the path of a file.
    ModelFolder::of(&ctx.places, id).ok_or_else(|| no_such_model(id))?;
    let (card, onnx) = stored::with(ctx, id, &Cancel::new(), &Progress::new(), |stored| {
        let onnx = match what {
            ModelFile::Card => None,
            ModelFile::Network => Some(stored.onnx()?.0.into_owned()),
        };
        Ok((stored.card()?, onnx))
    })?;
    let mut files = vec![("card.json", card_text(&card)?)];
    if let Some(onnx) = onnx {
        files.push(("onnx", onnx));
        files.push(("terms.txt", terms(&card).into_bytes()));
    }
    for number in 1..1000 {
        let stem = match number {
            1 => id.to_owned(),
            n => format!("{id}~{n}"),
        };
        let paths: Vec<_> = files
            .iter()
            .map(|(end, _)| folder.join(format!("{stem}.{end}")))
            .collect();
        if paths.iter().any(|p| storage::is_there(p)) {
            continue;
        }
        for (path, (_, bytes)) in paths.iter().zip(&files) {
            atomic::write(path, bytes)?;
        }
        return Ok(paths.iter().map(|p| file_name(p)).collect());
    }
    Err(Error::Exists(id.to_owned()))
}

/// The terms of a network that was converted from someone's file.
fn terms(card: &ModelCard) -> String {
    let mut lines = vec![
        card.name.clone(),
        format!(
            "Converted to ONNX by Gantei {} from a file with SHA-256 {}.",
            super::VERSION,
            card.source_sha256
        ),
        "The terms of that file's publisher apply to this file as well. Read them before you pass it on; the models \
of the Japan Ocular Imaging Registry may not be redistributed."
            .to_owned(),
        "元ファイルの利用条件はこのファイルにも適用されます。第三者に渡す前に確認してください。JOIRのモデルは再配布できません。".to_owned(),
    ];
    let wording = [
        ("Citation", &card.citation),
        ("Acknowledgment", &card.acknowledgment.en),
        ("謝辞", &card.acknowledgment.ja),
        ("Intended use", &card.intended_use.en),
        ("想定用途", &card.intended_use.ja),
    ];
    for (title, text) in wording.into_iter().filter(|(_, text)| !text.is_empty()) {
        lines.push(format!("{title}: {text}"));
    }
    lines.push(research_only(Lang::En).to_owned());
    lines.push(research_only(Lang::Ja).to_owned());
    lines.join("\n\n") + "\n"
}

fn no_such_model(id: &str) -> Error {
    Error::NoSuchModel(file_name(Path::new(id)))
}

#[cfg(test)]
mod tests {
    use strum::VariantArray;

    use super::*;
    use crate::domain::{CardField, Scaling};
    use crate::storage::Places;
    use crate::workflow::presets::Preset;
    use crate::workflow::statements::confirm_fields;
    use crate::workflow::{Class, ImportFlags, import};

    /// A library with one imported model.
    fn library() -> (tempfile::TempDir, Context) {
        let home = tempfile::tempdir().unwrap();
        let ctx = Context::in_places(Places::below(&home.path().join("home")));
        let file = home.path().join("mine.h5");
        std::fs::write(&file, crate::workflow::demonstration::BUNDLED[0].keras).unwrap();
        let flags = ImportFlags {
            id: Some("mine".to_owned()),
            preset: Some(Preset::JoirMobileNet),
            ..ImportFlags::default()
        };
        import(&ctx, &file, &flags, None, &Cancel::new(), &Progress::new()).unwrap();
        (home, ctx)
    }

    fn card(ctx: &Context) -> ModelCard {
        ModelFolder::of(&ctx.places, "mine")
            .unwrap()
            .card()
            .unwrap()
    }

    #[test]
    fn what_is_right_can_be_confirmed_without_a_change() {
        let (_home, ctx) = library();
        let mut edited = card(&ctx);
        let assumed = edited
            .settled
            .iter()
            .find(|(_, how)| **how != FieldSource::User);
        let field = assumed.expect("the file did not say everything").0.clone();
        edited.settled.insert(field.clone(), FieldSource::User);
        // A field that the card does not settle is no statement.
        edited
            .settled
            .insert("colour of the box".to_owned(), FieldSource::User);
        edit_card(&ctx, &edited).unwrap();
        let after = card(&ctx);
        assert_eq!(after.settled[&field], FieldSource::User);
        assert!(!after.settled.contains_key("colour of the box"));
    }

    #[test]
    fn fields_of_a_stored_model_are_confirmed_by_name_and_keep_their_values() {
        let (_home, ctx) = library();
        let before = card(&ctx);
        let fields = [CardField::Labels, CardField::Crop];
        let after = confirm_fields(&ctx, "mine", &fields).unwrap();
        assert_eq!(after, card(&ctx));
        assert_eq!(
            (&after.labels, &after.input),
            (&before.labels, &before.input)
        );
        for field in fields {
            assert_eq!(after.settled[field.name()], FieldSource::User);
        }
        assert!(!after.is_confirmed(), "others are open");
        let unrecorded = confirm_fields(&ctx, "mine", CardField::VARIANTS).unwrap_err();
        assert!(matches!(unrecorded, Error::Usage(_)), "{unrecorded}");
        assert_eq!(after, card(&ctx), "nothing was confirmed");
        let recorded = CardField::VARIANTS.iter().copied();
        let recorded = recorded.filter(|field| after.settled.contains_key(field.name()));
        confirm_fields(&ctx, "mine", &recorded.collect::<Vec<_>>()).unwrap();
        assert!(card(&ctx).is_confirmed());
        assert!(confirm_fields(&ctx, "none", &fields).is_err());
        let error = confirm_fields(&ctx, "demo-mobilenet", &fields).unwrap_err();
        assert_eq!(error.class(), Class::Usage);
    }

    #[test]
    fn an_edit_is_the_persons_word_and_leaves_what_the_file_said() {
        let (_home, ctx) = library();
        let before = card(&ctx);
        let mut edited = before.clone();
        edited.name = "Ours".to_owned();
        edited.input.scaling = Scaling::Unit;
        edited.input.size = [100, 100];
        edited.source_sha256 = "00".to_owned();
        edit_card(&ctx, &edited).unwrap();
        let after = card(&ctx);
        assert_eq!(
            (after.name.as_str(), after.input.scaling),
            ("Ours", Scaling::Unit)
        );
        assert_eq!(after.input.size, before.input.size);
        assert_eq!(after.source_sha256, before.source_sha256);
        assert_eq!(after.settled["scaling"], FieldSource::User);
        assert_eq!(after.settled["crop"], FieldSource::Preset);
        edited.threshold = Some(7.0);
        assert!(edit_card(&ctx, &edited).is_err());
        assert_eq!(card(&ctx), after, "a refused card changes nothing");
        edited.id = "demo-mobilenet".to_owned();
        assert_eq!(edit_card(&ctx, &edited).unwrap_err().class(), Class::Usage);
    }

    #[test]
    fn a_card_that_cannot_be_read_takes_no_other_model_with_it() {
        let (_home, ctx) = library();
        let card = ctx.places.models.join("mine/card.json");
        std::fs::write(card, "{").unwrap();
        let ids: Vec<_> = crate::workflow::models(&ctx);
        assert_eq!(ids.len(), 2, "bundled models stay");
        let damaged = crate::workflow::damaged(&ctx);
        assert_eq!(damaged.len(), 1);
        assert_eq!(damaged[0].id, "mine");
        crate::workflow::remove_model(&ctx, "mine").unwrap();
        assert!(crate::workflow::damaged(&ctx).is_empty());
    }

    #[test]
    fn a_network_is_written_with_its_card_and_terms_and_nothing_is_replaced() {
        let (home, ctx) = library();
        let folder = home.path().join("given");
        let names = export_model(&ctx, "mine", ModelFile::Network, &folder).unwrap();
        assert_eq!(names, ["mine.card.json", "mine.onnx", "mine.terms.txt"]);
        let terms = std::fs::read_to_string(folder.join("mine.terms.txt")).unwrap();
        assert!(terms.contains("Japan Ocular Imaging Registry"));
        assert!(terms.contains(research_only(Lang::Ja)));
        let again = export_model(&ctx, "mine", ModelFile::Card, &folder).unwrap();
        assert_eq!(again, ["mine~2.card.json"]);
        let whole = std::fs::read(folder.join("mine.card.json")).unwrap();
        assert_eq!(
            serde_json::from_slice::<ModelCard>(&whole).unwrap(),
            card(&ctx)
        );
        assert!(export_model(&ctx, "none", ModelFile::Card, &folder).is_err());
    }
}
