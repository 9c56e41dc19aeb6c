//! The terms of the field as plain values: eye, photograph, finding, model card and result.
//!
//! Nothing here reads a file or starts a thread; every other storey may name it.

pub mod acceptance;
mod camera;
pub mod card_field;
pub mod correction;
pub mod covered;
mod detail;
mod deviation;
mod device_fault;
pub mod disagreement;
pub mod doubtful;
pub mod eye;
pub mod finding;
pub mod foreign;
pub mod head_settings;
pub mod image;
pub mod label_mapping;
pub mod landmarks;
mod lang;
pub mod listed;
pub mod masked;
pub mod method;
pub mod model_card;
mod natural_order;
pub mod preprocessing;
pub mod provenance;
pub mod regions;
mod remedy;
pub mod result;
mod skipped;
pub mod study;
pub mod subject;
mod system_failure;
pub mod tensor;
mod unavailable;
pub mod value_scale;

pub use acceptance::{is_refused, note_acceptance, with_acceptance};
pub use camera::CameraFacts;
pub use card_field::CardField;
pub use correction::{correct_eye, finding_of_eye, with_eye};
pub use covered::{CoveredFigures, Figures, Fill};
pub use detail::{Bound, Detail, NetworkPart, Property, Reading};
pub use deviation::{Approval, Deviation, Quantity};
pub use device_fault::{DeviceFault, Operation};
pub use disagreement::note_disagreement;
pub use doubtful::{are_hardly_years, doubtful_figures, note_value_scale, value_scale_suspect};
pub use eye::{EyeSource, Laterality};
pub use finding::{Finding, FindingCode, Findings, Severity, insert_about_the_photograph};
pub use head_settings::{HeadNorm, HiddenActivation, Pooling};
pub use image::{FieldOfView, FundusImage, Pixels, Quality};
pub use label_mapping::{CovariateKind, LabelMapping, MappedColumn, MappedValue, Role, RowsPer};
pub use landmarks::{Certainty, DetectedPoint, Landmarks, MarkSource, Point, Proposal, Region};
pub use lang::Lang;
pub use method::{Baseline, Method, StepKind};
pub use model_card::{
    Bilingual, ColourOrder, Crop, FieldSource, Head, InputSpec, ModelCard, Resize, Scaling, Task,
};
pub use natural_order::natural_order;
pub use preprocessing::{CropBasis, CropRect, Preprocessing};
pub use provenance::{BlackLevelSource, MapProvenance, MapSettings, MapTarget, MeanOf};
pub use regions::{CoveredRegion, CoveredRegions, HidingEffect, RegionShare, Regions};
pub use remedy::{Refusal, Remedy};
pub use result::{EngineUsed, ResultRow, Timings};
pub use skipped::{SkipReason, Skipped};
pub use study::{Shard, Study, StudyModel, StudySettings};
pub use subject::{Exclusion, PatientKey, Person, PersonSource, Persons, Subject};
pub use system_failure::SystemFailure;
pub use tensor::Tensor;
pub use unavailable::Unavailable;
pub use value_scale::ValueScale;
