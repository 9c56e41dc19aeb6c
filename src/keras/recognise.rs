//! Which network of Keras applications the convolution kernels belong to.
//!
//! Number and total size of the four-axis kernels separate the 16 networks, and are the same in every Keras version.

/// Name, number of kernels, their numbers together.
const KNOWN: [(&str, usize, u64); 16] = [
    ("DenseNet121", 120, 6_870_208),
    ("DenseNet169", 168, 12_326_080),
    ("DenseNet201", 200, 17_863_872),
    ("EfficientNetB0", 81, 3_956_192),
    ("EfficientNetB1", 115, 6_436_976),
    ("EfficientNetB2", 115, 7_618_016),
    ("EfficientNetB3", 130, 10_588_856),
    ("EfficientNetB4", 160, 17_394_376),
    ("EfficientNetB5", 194, 28_127_728),
    ("EfficientNetB6", 224, 40_458_672),
    ("EfficientNetB7", 273, 63_403_040),
    ("InceptionResNetV2", 244, 54_200_160),
    ("InceptionV3", 94, 21_751_136),
    ("MobileNet", 27, 3_185_088),
    ("MobileNetV2", 52, 2_189_760),
    ("Xception", 74, 20_752_424),
];

/// The network with these kernels; a 1 × 1 convolution on 1024 channels as classifier does not count, so that MobileNet
/// is recognised with its top too. `None` for any other network or width.
pub fn architecture<'a>(kernels: impl Iterator<Item = &'a [usize]>) -> Option<String> {
    let mut count = 0_usize;
    let mut total = 0_u64;
    let mut last: &[usize] = &[];
    for shape in kernels.filter(|s| s.len() == 4) {
        count += 1;
        total = total.saturating_add(shape.iter().map(|&s| s as u64).product());
        last = shape;
    }
    let classifier = match last {
        &[1, 1, 1024, classes] => classes as u64 * 1024,
        _ => 0,
    };
    let fits = |&&(_, kernels, numbers): &&(&str, usize, u64)| {
        (count, total) == (kernels, numbers)
            || (classifier > 0
                && count == kernels + 1
                && total.checked_sub(classifier) == Some(numbers))
    };
    KNOWN
        .iter()
        .find(fits)
        .map(|(name, _, _)| (*name).to_owned())
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
        let name = |shapes: &[Vec<usize>]| architecture(shapes.iter().map(Vec::as_slice));
        assert_eq!(name(&shapes).as_deref(), Some("MobileNet"));
        shapes.push(vec![1, 1, 1024, 2]);
        assert_eq!(name(&shapes).as_deref(), Some("MobileNet"));
        shapes.push(vec![1, 1, 2, 2]);
        assert_eq!(name(&shapes), None);
    }
}
