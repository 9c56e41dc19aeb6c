//! The header's description of the picture, and which kinds of DICOM object are photographs.

use crate::domain::Laterality;

use super::data_set::{DataSet, PixelData, Tag};
use super::grey::Layout;
use super::objects::OtherObject;
use super::{malformed, unsupported};
use crate::imaging::Error;

pub(super) const ICC_PROFILE: Tag = (0x0028, 0x2000);

const MODALITY: Tag = (0x0008, 0x0060);
const ANATOMIC_REGION: Tag = (0x0008, 0x2218);
const ANATOMIC_REGION_MODIFIER: Tag = (0x0008, 0x2220);
const CODE_VALUE: Tag = (0x0008, 0x0100);
const LATERALITY: Tag = (0x0020, 0x0060);
const IMAGE_LATERALITY: Tag = (0x0020, 0x0062);
const SAMPLES_PER_PIXEL: Tag = (0x0028, 0x0002);
const PHOTOMETRIC: Tag = (0x0028, 0x0004);
const PLANAR: Tag = (0x0028, 0x0006);
const FRAMES: Tag = (0x0028, 0x0008);
const ROWS: Tag = (0x0028, 0x0010);
const COLUMNS: Tag = (0x0028, 0x0011);
const BITS_ALLOCATED: Tag = (0x0028, 0x0100);
const BITS_STORED: Tag = (0x0028, 0x0101);
const HIGH_BIT: Tag = (0x0028, 0x0102);
const PIXEL_REPRESENTATION: Tag = (0x0028, 0x0103);

/// Ophthalmic Photography 8 Bit and 16 Bit Image Storage.
const OPHTHALMIC_PHOTOGRAPHS: [&str; 2] = [
    "1.2.840.10008.5.1.4.1.1.77.1.5.1",
    "1.2.840.10008.5.1.4.1.1.77.1.5.2",
];

/// More frames than any photograph has.
const MAX_FRAMES: u32 = 100_000;

/// The attributes that determine how pixels are read.
#[derive(Clone, Debug)]
pub(super) struct Attributes {
    sop_class: String,
    pub rows: u16,
    pub columns: u16,
    pub samples_per_pixel: u16,
    pub bits_allocated: u16,
    pub layout: Layout,
    pub photometric: String,
    /// Colour by plane rather than by pixel.
    pub planar: bool,
    pub frames: u32,
    pub eye: Laterality,
}

impl Attributes {
    /// Reads the header; rejects anything but a colour photograph or a grey ophthalmic one.
    pub fn read(data_set: &DataSet) -> Result<Self, Error> {
        let sop_class = data_set.sop_class();
        refuse_other_objects(&sop_class, &data_set.text(MODALITY), data_set)?;
        let word = |tag| data_set.words(tag).and_then(|words| words.first().copied());
        let needed =
            |tag, name: &str| word(tag).ok_or_else(|| malformed(format!("{name} is missing")));
        let bits_allocated = needed(BITS_ALLOCATED, "bits allocated")?;
        let bits_stored = word(BITS_STORED).unwrap_or(bits_allocated);
        let attributes = Self {
            rows: needed(ROWS, "the number of rows")?,
            columns: needed(COLUMNS, "the number of columns")?,
            samples_per_pixel: word(SAMPLES_PER_PIXEL).unwrap_or(1),
            bits_allocated,
            layout: Layout {
                bits_stored,
                // An impossible value counts as missing.
                high_bit: word(HIGH_BIT)
                    .filter(|&high| high < bits_allocated && high + 1 >= bits_stored)
                    .unwrap_or(bits_stored.saturating_sub(1)),
                signed: word(PIXEL_REPRESENTATION) == Some(1),
            },
            photometric: data_set.text(PHOTOMETRIC),
            planar: word(PLANAR) == Some(1),
            frames: data_set
                .text(FRAMES)
                .parse()
                .unwrap_or(1)
                .clamp(1, MAX_FRAMES),
            eye: eye(data_set),
            sop_class,
        };
        attributes.check()?;
        Ok(attributes)
    }

    pub fn is_ophthalmic_photograph(&self) -> bool {
        OPHTHALMIC_PHOTOGRAPHS.contains(&self.sop_class.as_str())
    }

    /// Ophthalmic or other visible-light photography, and secondary capture, which many cameras write instead.
    fn may_be_grey(&self) -> bool {
        self.sop_class.starts_with("1.2.840.10008.5.1.4.1.1.77.1.")
            || (self.sop_class.starts_with("1.2.840.10008.5.1.4.1.1.7") && self.bits_allocated == 8)
    }

    pub fn is_monochrome(&self) -> bool {
        self.photometric.starts_with("MONOCHROME")
    }

    fn check(&self) -> Result<(), Error> {
        if self.is_monochrome() && !self.may_be_grey() {
            return Err(Error::NotAPhotograph(
                "this DICOM image is not a colour photograph".into(),
            ));
        }
        if !matches!(self.bits_allocated, 8 | 16) {
            return Err(unsupported(&format!(
                "{} bits per sample",
                self.bits_allocated
            )));
        }
        let bits_stored = self.layout.bits_stored;
        if bits_stored == 0 || bits_stored > self.bits_allocated {
            return Err(malformed("bits stored do not fit bits allocated"));
        }
        let samples = if self.is_monochrome() || self.photometric == "PALETTE COLOR" {
            1
        } else {
            3
        };
        if self.samples_per_pixel != samples {
            return Err(malformed("samples per pixel do not fit the colour format"));
        }
        Ok(())
    }
}

/// Rejects objects without a photograph, with a name for each.
fn refuse_other_objects(sop_class: &str, modality: &str, data_set: &DataSet) -> Result<(), Error> {
    let by_modality = match modality {
        "RTPLAN" | "RTSTRUCT" | "RTDOSE" => Some(OtherObject::Radiotherapy),
        "ECG" | "HD" | "EPS" => Some(OtherObject::Waveform),
        "SR" => Some(OtherObject::Report),
        _ => None,
    };
    let what = match OtherObject::of_class(sop_class) {
        Some(object) => object.what(),
        None if data_set.pixel_data != PixelData::Missing => return Ok(()),
        None if OPHTHALMIC_PHOTOGRAPHS.contains(&sop_class) => {
            return Err(malformed("its pixels are missing"));
        }
        None => by_modality.map_or("without a picture", OtherObject::what),
    };
    Err(Error::NotAPhotograph(format!("this DICOM file is {what}")))
}

/// Image Laterality, then Laterality, then the modifier of the anatomic region (SNOMED right or left).
fn eye(data_set: &DataSet) -> Laterality {
    for tag in [IMAGE_LATERALITY, LATERALITY] {
        match data_set.text(tag).as_str() {
            "R" => return Laterality::Od,
            "L" => return Laterality::Os,
            // Both eyes, or a value that the standard does not define.
            "" => {}
            _ => return Laterality::Unknown,
        }
    }
    let modifier = data_set
        .first_item(ANATOMIC_REGION)
        .and_then(|region| region.first_item(ANATOMIC_REGION_MODIFIER))
        .map(|code| code.text(CODE_VALUE));
    match modifier.as_deref() {
        Some("G-A100" | "24028007") => Laterality::Od,
        Some("G-A101" | "7771000") => Laterality::Os,
        _ => Laterality::Unknown,
    }
}
