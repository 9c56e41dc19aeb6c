//! Masks and maps of labels, which data sets keep beside their photographs: drawings of a handful of colours, each
//! standing for a part of the retina. In the colours of a retina they have its vessels and its border.

use crate::domain::Detail;

/// Colours of a map of labels: background, retina, vessels, disc, cup, macula and lesions. A photograph has thousands,
/// and one reduced to a palette has sixteen or more.
const MOST_LABELS: usize = 8;

/// The number of colours, if there are so few that the pixels are labels.
pub(super) fn objection(rgb: &[u8]) -> Option<Detail> {
    let mut colours: Vec<[u8; 3]> = Vec::with_capacity(MOST_LABELS);
    let mut last = None;
    for &colour in rgb.as_chunks::<3>().0 {
        if last == Some(colour) {
            continue;
        }
        last = Some(colour);
        if !colours.contains(&colour) {
            if colours.len() == MOST_LABELS {
                return None;
            }
            colours.push(colour);
        }
    }
    let colours = colours.len();
    Some(Detail::FewColours { colours })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_handful_of_colours_are_labels() {
        let picture = |colours: usize| -> Vec<u8> {
            let pixels = (0..1000).map(|at| (at / 7 % colours) as u8);
            pixels.flat_map(|value| [value, 0, 9]).collect()
        };
        let labels = |colours| Some(Detail::FewColours { colours });
        assert_eq!(objection(&picture(2)), labels(2));
        assert_eq!(objection(&picture(8)), labels(8));
        assert_eq!(objection(&picture(9)), None);
    }
}
