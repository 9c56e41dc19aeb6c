//! What the user states about the fields of a card: in the flags of an import, or in the card of a stored model.
//!
//! Confirming a right assumption and choosing another value are the same statement: the value becomes the user's.

use strum::VariantArray;

use super::draft::{Draft, DraftInput};
use super::library::edit_card;
use super::{Context, Error, ImportFlags};
use crate::domain::card_field::differing;
use crate::domain::{CardField, FieldSource, ModelCard};
use crate::storage::library::ModelFolder;
use crate::text::failures::{Fault, ModelFault};

/// What is known of a field, or of the fields that are stated together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldState {
    /// With its source, as far as the card records it.
    Confirmed(Option<FieldSource>),
    /// Assumed, by a preset or a convention.
    Open(FieldSource),
    /// Without a value, which the model needs.
    Missing,
    /// Without a value, which the model may lack.
    Absent,
}

impl Draft {
    /// The state of a group of fields, by the one that leads it.
    pub fn state_of(&self, field: CardField) -> FieldState {
        let group = field.group();
        let unknown = self.unknown();
        let is_unknown = |f: &CardField| match f {
            CardField::Size => unknown.iter().any(|name| name == "input_size"),
            f => unknown.iter().any(|name| name == f.name()),
        };
        if group.iter().any(is_unknown) {
            return FieldState::Missing;
        }
        let how = |f: &CardField| self.settled.get(f.name()).copied();
        if let Some(how) = group.iter().filter_map(how).find(|h| h.is_unconfirmed()) {
            return FieldState::Open(how);
        }
        match self.has(field) {
            true => FieldState::Confirmed(how(&field)),
            false => FieldState::Absent,
        }
    }

    /// The leading fields of the groups that this model has.
    pub fn fields(&self) -> impl Iterator<Item = CardField> {
        let all = CardField::VARIANTS.iter().copied();
        let of_labels = self.classes.is_none();
        all.filter(move |field| {
            let applies =
                field.applies_to(self.head) && (of_labels || *field != CardField::Threshold);
            !field.group().is_empty() && applies
        })
    }

    /// Of those the ones in this state.
    pub fn open(&self) -> Vec<CardField> {
        let is_open = |f: &CardField| matches!(self.state_of(*f), FieldState::Open(_));
        self.fields().filter(is_open).collect()
    }

    fn has(&self, field: CardField) -> bool {
        let mut flags = ImportFlags::default();
        flags.set(field, self);
        flags != ImportFlags::default()
    }
}

impl From<&ModelCard> for Draft {
    fn from(card: &ModelCard) -> Self {
        Self {
            id: Some(card.id.clone()),
            name: Some(card.name.clone()),
            task: Some(card.task),
            labels: Some(card.labels.clone()).filter(|labels| !labels.is_empty()),
            classes: card.classes,
            grey: card.grey,
            view: card.view,
            input: DraftInput::from(&card.input),
            head: Some(card.head),
            threshold: card.threshold,
            value_scale: card.value_scale,
            value_offset: card.value_offset,
            value_range: card.value_range,
            source_sha256: Some(card.source_sha256.clone()),
            architecture: Some(card.architecture.clone()).filter(|name| !name.is_empty()),
            pooling: card.pooling,
            head_norm: card.head_norm,
            norm_epsilon: card.norm_epsilon,
            hidden_activation: card.hidden_activation,
            imagenet_rescaling: card.imagenet_rescaling,
            preprocessing: card.preprocessing.clone(),
            precisions: card.precisions.clone(),
            settled: card.settled.clone(),
            ..Self::default()
        }
    }
}

impl ImportFlags {
    /// States the value that a group of fields has in the draft.
    pub fn state(&mut self, field: CardField, draft: &Draft) {
        field.group().iter().for_each(|f| self.set(*f, draft));
    }

    /// Withdraws what was stated: card, preset and convention decide again.
    pub fn reopen(&mut self, field: CardField) {
        self.state(field, &Draft::default());
    }

    fn set(&mut self, field: CardField, from: &Draft) {
        match field {
            CardField::Labels => self.labels.clone_from(&from.labels),
            CardField::Task => self.task = from.task,
            CardField::Scaling => self.scaling = from.input.scaling,
            CardField::Mean => self.mean = from.input.mean,
            CardField::Std => self.std = from.input.std,
            CardField::Colour => self.colour = from.input.colour,
            CardField::Crop => self.crop = from.input.crop,
            CardField::Resize => self.resize = from.input.resize,
            CardField::Threshold => self.threshold = from.threshold,
            CardField::ValueScale => self.value_scale = from.value_scale,
            CardField::ValueOffset => self.value_offset = from.value_offset,
            CardField::ValueRange => self.value_range = from.value_range,
            CardField::Size => self.input_size = from.input.size,
            CardField::Head => self.head = from.head,
            CardField::Pooling => self.pooling = from.pooling,
            CardField::HeadNorm => self.head_norm = from.head_norm,
            CardField::NormEpsilon => self.norm_epsilon = from.norm_epsilon,
            CardField::HiddenActivation => self.hidden_activation = from.hidden_activation,
            CardField::ImagenetRescaling => self.imagenet_rescaling = from.imagenet_rescaling,
        }
    }
}

/// States the value that a group of fields has in the draft. What a card must have is never removed from it.
pub fn state_in_card(card: &mut ModelCard, field: CardField, draft: &Draft) {
    let before = card.clone();
    let input = &mut card.input;
    for field in field.group() {
        match field {
            CardField::Labels => {
                card.labels = draft.labels.clone().unwrap_or_default();
            }
            CardField::Task => card.task = draft.task.unwrap_or(card.task),
            CardField::Scaling => input.scaling = draft.input.scaling.unwrap_or(input.scaling),
            CardField::Mean => input.mean = draft.input.mean,
            CardField::Std => input.std = draft.input.std,
            CardField::Colour => input.colour = draft.input.colour.unwrap_or(input.colour),
            CardField::Crop => input.crop = draft.input.crop.unwrap_or(input.crop),
            CardField::Resize => input.resize = draft.input.resize.unwrap_or(input.resize),
            CardField::Threshold => card.threshold = draft.threshold,
            CardField::ValueScale => card.value_scale = draft.value_scale,
            CardField::ValueOffset => card.value_offset = draft.value_offset,
            CardField::ValueRange => card.value_range = draft.value_range,
            // Part of the network that is stored.
            CardField::Size
            | CardField::Head
            | CardField::Pooling
            | CardField::HeadNorm
            | CardField::NormEpsilon
            | CardField::HiddenActivation
            | CardField::ImagenetRescaling => {}
        }
    }
    for changed in differing(&before, card) {
        if let Some(how) = card.settled.get_mut(changed.name()) {
            *how = FieldSource::User;
        }
    }
    confirm_in_card(card, field);
}

/// The assumed values of a group of fields become the user's; what file or labels have settled keeps its source.
pub fn confirm_in_card(card: &mut ModelCard, field: CardField) {
    for field in field.group() {
        let how = card.settled.get_mut(field.name());
        if let Some(how) = how.filter(|how| how.is_unconfirmed()) {
            *how = FieldSource::User;
        }
    }
}

/// Takes a group of fields, values and sources, from another card of the same model.
pub fn take_back(card: &mut ModelCard, field: CardField, before: &ModelCard) {
    state_in_card(card, field, &Draft::from(before));
    for field in field.group() {
        match before.settled.get(field.name()) {
            Some(how) => card.settled.insert(field.name().to_owned(), *how),
            None => card.settled.remove(field.name()),
        };
    }
}

/// Confirms these fields of a stored model with the values that its card has, and returns the card.
///
/// # Errors
/// As [`edit_card`], and for a field that the card does not record.
pub fn confirm_fields(ctx: &Context, id: &str, fields: &[CardField]) -> Result<ModelCard, Error> {
    let no_such_model = || Error::NoSuchModel(id.to_owned());
    if super::demonstration::Bundled::find(id).is_some() {
        let fault = Fault::Model(ModelFault::BundledCard {
            name: id.to_owned(),
        });
        let why = format!("{id} ships with the application and its card cannot be changed");
        return Err(Error::refused(fault, why));
    }
    let folder = ModelFolder::of(&ctx.places, id)
        .filter(ModelFolder::is_stored)
        .ok_or_else(no_such_model)?;
    let mut card = folder.card()?;
    for field in fields {
        // Mean and SD are stated with the scaling.
        let leader = field.leader();
        let mut group = leader.group().iter();
        if !group.any(|f| card.settled.contains_key(f.name())) {
            let name = field.name();
            return Err(Error::Usage(format!(
                "the card of {id} does not record {name}, so there is nothing to confirm; leave it out"
            )));
        }
        confirm_in_card(&mut card, leader);
    }
    edit_card(ctx, &card)?;
    folder.card().map_err(Error::from)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Crop, Head, Scaling, model_card};
    use crate::workflow::presets::{Preset, guess};

    fn assumed() -> Draft {
        let mut draft = Draft {
            head: Some(Head::Sigmoid),
            ..Draft::default()
        };
        let guess = guess(&draft, Some("MobileNet"), false);
        draft.fill_from(&guess, FieldSource::Convention);
        draft.settled.remove("size");
        draft
    }

    #[test]
    fn what_presets_and_conventions_give_is_what_can_be_open() {
        let heads = [Head::Sigmoid, Head::Linear];
        let known = heads.map(|head| Draft {
            head: Some(head),
            ..Draft::default()
        });
        let guesses = known.iter().map(|known| guess(known, None, false));
        let presets = [Preset::JoirMobileNet, Preset::JoirAge];
        let presets = presets.into_iter().map(|p| p.draft(None, false));
        let given: Vec<Draft> = guesses.chain(presets).collect();
        for field in CardField::VARIANTS {
            let is_given = given.iter().any(|draft| draft.has(*field));
            assert_eq!(is_given, field.can_be_open(), "{field:?}");
        }
    }

    #[test]
    fn a_right_assumption_is_confirmed_with_its_value_and_can_be_reopened() {
        let draft = assumed();
        let open = FieldState::Open(FieldSource::Convention);
        for field in draft.fields() {
            let mut flags = ImportFlags::default();
            flags.state(field, &draft);
            let (stated, is_open) = (flags.clone(), draft.state_of(field) == open);
            assert_eq!(stated != ImportFlags::default(), draft.has(field));
            assert!(is_open || !field.can_be_open() || !draft.has(field));
            flags.reopen(field);
            assert_eq!(flags, ImportFlags::default(), "{field:?}");
        }
        assert_eq!(draft.state_of(CardField::Size), FieldState::Missing);
        assert_eq!(draft.state_of(CardField::HeadNorm), FieldState::Absent);
        assert_eq!(draft.open()[0], CardField::Labels);
    }

    #[test]
    fn statements_about_a_card_are_the_users_and_can_be_taken_back() {
        let mut before = model_card::example();
        for name in ["labels", "crop", "scaling"] {
            let name = name.to_owned();
            before.settled.insert(name, FieldSource::Convention);
        }
        let mut card = before.clone();
        confirm_in_card(&mut card, CardField::Labels);
        assert_eq!(card.settled["labels"], FieldSource::User);
        let mut other = Draft::from(&card);
        other.input.crop = Some(Crop::Pad);
        other.input.scaling = Some(Scaling::Unit);
        state_in_card(&mut card, CardField::Crop, &other);
        assert_eq!(
            (card.input.crop, card.settled["crop"]),
            (Crop::Pad, FieldSource::User)
        );
        assert_eq!(card.input.scaling, Scaling::Tf, "another field");
        for field in [CardField::Crop, CardField::Labels] {
            take_back(&mut card, field, &before);
        }
        assert_eq!(card, before);
    }

    #[test]
    fn confirming_keeps_what_file_and_labels_have_settled() {
        let mut card = model_card::example();
        let sources = [
            ("labels", FieldSource::Labels),
            ("crop", FieldSource::Preset),
            ("scaling", FieldSource::File),
        ];
        for (name, how) in sources {
            card.settled.insert(name.to_owned(), how);
        }
        for field in [CardField::Labels, CardField::Crop, CardField::Scaling] {
            confirm_in_card(&mut card, field);
        }
        assert_eq!(card.settled["labels"], FieldSource::Labels);
        assert_eq!(card.settled["crop"], FieldSource::User);
        assert_eq!(card.settled["scaling"], FieldSource::File);
        // Another value is the user's.
        let mut other = Draft::from(&card);
        other.input.scaling = Some(Scaling::Unit);
        state_in_card(&mut card, CardField::Scaling, &other);
        assert_eq!(card.settled["scaling"], FieldSource::User);
    }
}
