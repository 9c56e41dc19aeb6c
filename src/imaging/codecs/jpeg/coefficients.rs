//! Tracks which DCT coefficients a JPEG's scans have sent, and whether to the last bit.

/// The missing bits of each coefficient, for up to four components.
#[derive(Clone, Debug)]
pub(super) struct MissingBits {
    missing_bits: [[u8; 64]; 4],
}

/// Nothing of a coefficient has been sent.
const NOTHING: u8 = u8::MAX;

impl Default for MissingBits {
    fn default() -> Self {
        Self {
            missing_bits: [[NOTHING; 64]; 4],
        }
    }
}

impl MissingBits {
    /// Processes the header of a scan (ITU-T T.81, B.2.3). A non-progressive scan sends all coefficients completely.
    pub fn take(&mut self, header: &[u8], ids: &[u8; 4], progressive: bool) {
        let Some((&count, rest)) = header.split_first() else {
            return;
        };
        let (components, rest) = rest.split_at(rest.len().min(2 * usize::from(count)));
        let (first, last, missing) = match *rest {
            [first, last, bits, ..] if progressive => (first, last, bits & 15),
            _ => (0, 63, 0),
        };
        for component in components.as_chunks::<2>().0 {
            let Some(index) = ids.iter().position(|id| *id == component[0]) else {
                continue;
            };
            let band =
                self.missing_bits[index].get_mut(usize::from(first)..=usize::from(last.min(63)));
            band.unwrap_or_default().fill(missing);
        }
    }

    /// Whether every coefficient of the first `components` components is complete.
    pub fn is_whole(&self, components: u8) -> bool {
        let used = self.missing_bits.iter().take(components.into());
        used.flatten().all(|bits| *bits == 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const IDS: [u8; 4] = [1, 2, 3, 0];

    #[test]
    fn a_baseline_picture_is_whole_when_each_component_had_its_scan() {
        let mut sent = MissingBits::default();
        sent.take(&[1, 1, 0, 0, 63, 0], &IDS, false);
        assert!(sent.is_whole(1) && !sent.is_whole(3));
        sent.take(&[2, 2, 0x11, 3, 0x11, 0, 63, 0], &IDS, false);
        assert!(sent.is_whole(3));
    }

    #[test]
    fn a_progressive_picture_is_whole_when_the_last_bit_was_sent() {
        let mut sent = MissingBits::default();
        sent.take(&[1, 1, 0, 0, 0, 0x01], &IDS, true);
        sent.take(&[1, 1, 0, 1, 63, 0x00], &IDS, true);
        assert!(!sent.is_whole(1));
        sent.take(&[1, 1, 0, 0, 0, 0x10], &IDS, true);
        assert!(sent.is_whole(1));
    }

    #[test]
    fn a_malformed_scan_header_is_ignored() {
        let mut sent = MissingBits::default();
        for header in [
            &[][..],
            &[9],
            &[4, 1],
            &[1, 1, 0, 60, 2, 0],
            &[1, 1, 0, 200, 255, 0],
        ] {
            sent.take(header, &IDS, true);
        }
        assert!(!sent.is_whole(1));
    }
}
