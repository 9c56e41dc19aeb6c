//! The 16 supported networks of Keras applications, and how convolution kernels identify them.
//!
//! The number and total size of the 4-D kernels distinguish the 16 networks and are the same in every Keras version.

use std::str::FromStr;

use strum::{Display, EnumIter, IntoEnumIterator, IntoStaticStr};

/// One of the 16 networks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Display, EnumIter, IntoStaticStr)]
pub enum Architecture {
    DenseNet121,
    DenseNet169,
    DenseNet201,
    EfficientNetB0,
    EfficientNetB1,
    EfficientNetB2,
    EfficientNetB3,
    EfficientNetB4,
    EfficientNetB5,
    EfficientNetB6,
    EfficientNetB7,
    InceptionResNetV2,
    InceptionV3,
    MobileNet,
    MobileNetV2,
    Xception,
}

impl Architecture {
    /// The number of its 4-D kernels, and their total number of weights.
    fn kernels(self) -> (usize, u64) {
        match self {
            Self::DenseNet121 => (120, 6_870_208),
            Self::DenseNet169 => (168, 12_326_080),
            Self::DenseNet201 => (200, 17_863_872),
            Self::EfficientNetB0 => (81, 3_956_192),
            Self::EfficientNetB1 => (115, 6_436_976),
            Self::EfficientNetB2 => (115, 7_618_016),
            Self::EfficientNetB3 => (130, 10_588_856),
            Self::EfficientNetB4 => (160, 17_394_376),
            Self::EfficientNetB5 => (194, 28_127_728),
            Self::EfficientNetB6 => (224, 40_458_672),
            Self::EfficientNetB7 => (273, 63_403_040),
            Self::InceptionResNetV2 => (244, 54_200_160),
            Self::InceptionV3 => (94, 21_751_136),
            Self::MobileNet => (27, 3_185_088),
            Self::MobileNetV2 => (52, 2_189_760),
            Self::Xception => (74, 20_752_424),
        }
    }

    /// Default input height and width in Keras, in pixels.
    pub fn usual_size(self) -> u32 {
        match self {
            Self::EfficientNetB1 => 240,
            Self::EfficientNetB2 => 260,
            Self::EfficientNetB3 => 300,
            Self::EfficientNetB4 => 380,
            Self::EfficientNetB5 => 456,
            Self::EfficientNetB6 => 528,
            Self::EfficientNetB7 => 600,
            Self::InceptionResNetV2 | Self::InceptionV3 | Self::Xception => 299,
            _ => 224,
        }
    }

    /// The name in Keras applications, such as `MobileNet` or `EfficientNetB7`.
    pub fn as_str(self) -> &'static str {
        self.into()
    }

    /// The network with these kernels. A 1 × 1 convolution on 1024 channels as classifier is ignored, so that MobileNet
    /// is also recognised with its top. `None` for any other network or width.
    pub fn recognise<'a>(kernels: impl Iterator<Item = &'a [usize]>) -> Option<Self> {
        let mut count = 0_usize;
        let mut total = 0_u64;
        let mut classifiers = Vec::new();
        for shape in kernels.filter(|s| s.len() == 4) {
            let numbers = shape.iter().fold(1_u64, |n, &s| n.saturating_mul(s as u64));
            count += 1;
            total = total.saturating_add(numbers);
            if matches!(shape, [1, 1, 1024, _]) {
                classifiers.push(numbers);
            }
        }
        let fits = |network: &Self| {
            let (kernels, numbers) = network.kernels();
            (count, total) == (kernels, numbers)
                || (count == kernels + 1
                    && classifiers
                        .iter()
                        .any(|&c| total.checked_sub(c) == Some(numbers)))
        };
        Self::iter().find(fits)
    }
}

impl FromStr for Architecture {
    type Err = String;

    /// Ignores case, hyphens and underscores: `efficientnet-b0` is EfficientNetB0.
    fn from_str(word: &str) -> Result<Self, String> {
        let plain = |name: &str| name.replace(['-', '_'], "").to_ascii_lowercase();
        Self::iter()
            .find(|a| plain(a.as_str()) == plain(word))
            .ok_or_else(|| {
                let names: Vec<_> = Self::iter().map(Self::as_str).collect();
                format!("unknown architecture; choose one of {}", names.join(", "))
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mobilenet_is_known_with_and_without_its_top() {
        let mut shapes: Vec<Vec<usize>> = vec![vec![3, 3, 3, 32]];
        let widths = [
            32, 64, 128, 128, 256, 256, 512, 512, 512, 512, 512, 512, 1024, 1024,
        ];
        for pair in widths.windows(2) {
            shapes.push(vec![3, 3, pair[0], 1]);
            shapes.push(vec![1, 1, pair[0], pair[1]]);
        }
        let known =
            |shapes: &[Vec<usize>]| Architecture::recognise(shapes.iter().map(Vec::as_slice));
        assert_eq!(known(&shapes), Some(Architecture::MobileNet));
        shapes.insert(0, vec![1, 1, 1024, 2]);
        assert_eq!(known(&shapes), Some(Architecture::MobileNet));
        shapes.push(vec![1, 1, 2, 2]);
        assert_eq!(known(&shapes), None);
    }

    #[test]
    fn every_name_is_found_again() {
        for a in Architecture::iter() {
            assert_eq!(a.as_str().parse(), Ok(a));
        }
        assert_eq!("efficientnet-b7".parse(), Ok(Architecture::EfficientNetB7));
        assert!("ResNet50".parse::<Architecture>().is_err());
    }
}
