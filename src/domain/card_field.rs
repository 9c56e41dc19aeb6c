//! The fields of a model card on which the meaning of a score rests, each of them confirmed or open.
//!
//! A field is open while it rests on an assumption: a preset, or the conventions of Keras. A model is unconfirmed while
//! one of its fields is open.
//!
//! ```text
//! field                                        open until confirmed  who gives it, if the file does not
//! labels, task, threshold                      yes                   preset or convention
//! scaling, colour, crop, resize                yes                   preset or convention
//! value_scale, value_offset                    yes                   convention: the output is the value
//! pooling, norm_epsilon (weights alone)        yes                   preset
//! mean, std                                    no                    the user, with a scaling of their own
//! value_range                                  no                    the user; a model may have none
//! size, head                                   no                    the user
//! head_norm, hidden_activation,
//! imagenet_rescaling (weights alone)           no                    the user
//! ```

use std::collections::BTreeMap;

use strum::{EnumCount, IntoStaticStr, VariantArray};

use super::{FieldSource, Head, InputSpec, ModelCard};

/// A field of the card, in the order in which it is asked about: the order of the labels first.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, EnumCount, IntoStaticStr, VariantArray,
)]
#[strum(serialize_all = "snake_case")]
pub enum CardField {
    Labels,
    Task,
    Scaling,
    Mean,
    Std,
    Colour,
    Crop,
    Resize,
    Threshold,
    ValueScale,
    ValueOffset,
    ValueRange,
    Size,
    Head,
    Pooling,
    HeadNorm,
    NormEpsilon,
    HiddenActivation,
    ImagenetRescaling,
}

impl CardField {
    /// The name in cards and on the command line.
    pub fn name(self) -> &'static str {
        self.into()
    }

    pub fn of_name(name: &str) -> Option<Self> {
        Self::VARIANTS.iter().copied().find(|f| f.name() == name)
    }

    /// Whether a preset or a convention may give it: see the table above.
    pub fn can_be_open(self) -> bool {
        match self {
            Self::Labels
            | Self::Task
            | Self::Scaling
            | Self::Colour
            | Self::Crop
            | Self::Resize
            | Self::Threshold
            | Self::ValueScale
            | Self::ValueOffset
            | Self::Pooling
            | Self::NormEpsilon => true,
            Self::Mean
            | Self::Std
            | Self::ValueRange
            | Self::Size
            | Self::Head
            | Self::HeadNorm
            | Self::HiddenActivation
            | Self::ImagenetRescaling => false,
        }
    }

    /// Whether it is part of the network as it was read, which a card cannot change.
    pub fn is_of_network(self) -> bool {
        match self {
            Self::Size
            | Self::Head
            | Self::Pooling
            | Self::HeadNorm
            | Self::NormEpsilon
            | Self::HiddenActivation
            | Self::ImagenetRescaling => true,
            Self::Labels
            | Self::Task
            | Self::Scaling
            | Self::Mean
            | Self::Std
            | Self::Colour
            | Self::Crop
            | Self::Resize
            | Self::Threshold
            | Self::ValueScale
            | Self::ValueOffset
            | Self::ValueRange => false,
        }
    }

    /// The fields that are stated and confirmed together, this one first; empty if another field leads it.
    pub fn group(self) -> &'static [Self] {
        match self {
            Self::Labels => &[Self::Labels],
            Self::Task => &[Self::Task],
            Self::Scaling => &[Self::Scaling, Self::Mean, Self::Std],
            Self::Mean | Self::Std | Self::ValueOffset => &[],
            Self::Colour => &[Self::Colour],
            Self::Crop => &[Self::Crop],
            Self::Resize => &[Self::Resize],
            Self::Threshold => &[Self::Threshold],
            Self::ValueScale => &[Self::ValueScale, Self::ValueOffset],
            Self::ValueRange => &[Self::ValueRange],
            Self::Size => &[Self::Size],
            Self::Head => &[Self::Head],
            Self::Pooling => &[Self::Pooling],
            Self::HeadNorm => &[Self::HeadNorm],
            Self::NormEpsilon => &[Self::NormEpsilon],
            Self::HiddenActivation => &[Self::HiddenActivation],
            Self::ImagenetRescaling => &[Self::ImagenetRescaling],
        }
    }

    /// The field that leads its group.
    pub fn leader(self) -> Self {
        let leads = |f: &&Self| f.group().contains(&self);
        *Self::VARIANTS.iter().find(leads).unwrap_or(&self)
    }

    /// Whether a model with this last layer has the field: a score has labels and a threshold, a value a scale.
    pub fn applies_to(self, head: Option<Head>) -> bool {
        match self {
            Self::Labels | Self::Threshold => head != Some(Head::Linear),
            Self::ValueScale | Self::ValueOffset | Self::ValueRange => head == Some(Head::Linear),
            _ => true,
        }
    }
}

impl ModelCard {
    /// Names of the fields that rest on a preset or a convention only, in alphabetical order.
    pub fn unconfirmed(&self) -> impl Iterator<Item = &str> {
        open_fields(&self.settled)
    }

    /// Whether no field is open; until then results carry a finding and the model's name a mark.
    pub fn is_confirmed(&self) -> bool {
        self.unconfirmed().next().is_none()
    }
}

/// The fields among these that rest on a preset or a convention only: what decides whether a model is confirmed.
pub fn open_fields(settled: &BTreeMap<String, FieldSource>) -> impl Iterator<Item = &str> {
    let open = settled.iter().filter(|(_, how)| how.is_unconfirmed());
    open.map(|(name, _)| name.as_str())
        .filter(|name| CardField::of_name(name).is_some())
}

/// The fields in which two cards differ.
pub fn differing(before: &ModelCard, after: &ModelCard) -> Vec<CardField> {
    // Every field of a card is named here. A new one needs a row in the table above, or a line among those without.
    let ModelCard {
        task,
        labels,
        input:
            InputSpec {
                size,
                colour,
                scaling,
                mean,
                std,
                resize,
                crop,
            },
        head,
        threshold,
        value_scale,
        value_offset,
        value_range,
        pooling,
        head_norm,
        norm_epsilon,
        hidden_activation,
        imagenet_rescaling,
        // Names, terms and remarks.
        id: _,
        name: _,
        citation: _,
        acknowledgment: _,
        intended_use: _,
        demonstration: _,
        evaluation: _,
        // Read from the file, which nobody contradicts.
        source_sha256: _,
        architecture: _,
        classes: _,
        grey: _,
        view: _,
        preprocessing: _,
        precisions: _,
        // About several photographs, and about the fields themselves.
        aggregation: _,
        settled: _,
    } = before;
    let input = &after.input;
    let rows: [(CardField, bool); CardField::COUNT] = [
        (CardField::Labels, *labels != after.labels),
        (CardField::Task, *task != after.task),
        (CardField::Scaling, *scaling != input.scaling),
        (CardField::Mean, *mean != input.mean),
        (CardField::Std, *std != input.std),
        (CardField::Colour, *colour != input.colour),
        (CardField::Crop, *crop != input.crop),
        (CardField::Resize, *resize != input.resize),
        (CardField::Threshold, *threshold != after.threshold),
        (CardField::ValueScale, *value_scale != after.value_scale),
        (CardField::ValueOffset, *value_offset != after.value_offset),
        (CardField::ValueRange, *value_range != after.value_range),
        (CardField::Size, *size != input.size),
        (CardField::Head, *head != after.head),
        (CardField::Pooling, *pooling != after.pooling),
        (CardField::HeadNorm, *head_norm != after.head_norm),
        (CardField::NormEpsilon, *norm_epsilon != after.norm_epsilon),
        (
            CardField::HiddenActivation,
            *hidden_activation != after.hidden_activation,
        ),
        (
            CardField::ImagenetRescaling,
            *imagenet_rescaling != after.imagenet_rescaling,
        ),
    ];
    let differ = rows.into_iter().filter(|(_, differs)| *differs);
    differ.map(|(field, _)| field).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{ColourOrder, Crop, Scaling, model_card};

    #[test]
    fn every_field_belongs_to_one_group_and_is_found_by_its_name() {
        for field in CardField::VARIANTS {
            let groups = CardField::VARIANTS.iter().map(|f| f.group());
            assert_eq!(groups.filter(|g| g.contains(field)).count(), 1, "{field:?}");
            assert_eq!(CardField::of_name(field.name()), Some(*field));
            assert!(field.leader().group().contains(field));
        }
        assert_eq!(CardField::of_name("name"), None);
        assert_eq!(CardField::ValueOffset.name(), "value_offset");
        assert_eq!(CardField::VARIANTS[0], CardField::Labels);
    }

    #[test]
    fn cards_differ_in_the_fields_that_were_changed() {
        let before = model_card::example();
        assert_eq!(differing(&before, &before), []);
        let mut after = ModelCard {
            name: "another".into(),
            labels: vec!["male".into(), "female".into()],
            ..before.clone()
        };
        after.input.crop = Crop::Pad;
        after.input.colour = ColourOrder::Bgr;
        after.input.scaling = Scaling::Raw;
        let fields = [
            CardField::Labels,
            CardField::Scaling,
            CardField::Colour,
            CardField::Crop,
        ];
        assert_eq!(differing(&before, &after), fields);
    }

    #[test]
    fn a_model_is_unconfirmed_until_each_field_is_confirmed() {
        let mut card = model_card::example();
        assert!(card.is_confirmed());
        for how in [FieldSource::Preset, FieldSource::Convention] {
            card.settled.insert("crop".into(), how);
            card.settled.insert("labels".into(), how);
            assert!(!card.is_confirmed());
            assert_eq!(card.unconfirmed().collect::<Vec<_>>(), ["crop", "labels"]);
        }
        for how in [FieldSource::User, FieldSource::File, FieldSource::Labels] {
            card.settled.insert("crop".into(), how);
            assert!(!card.is_confirmed());
        }
        card.settled.insert("labels".into(), FieldSource::Recipe);
        assert!(card.is_confirmed());
        // Nobody could confirm a field that no card has.
        card.settled
            .insert("shoe size".into(), FieldSource::Convention);
        assert!(card.is_confirmed());
    }
}
