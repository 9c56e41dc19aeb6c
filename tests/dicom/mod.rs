//! Builds DICOM files element by element.

/// A file in explicit VR, little endian.
pub struct DicomFile(Vec<u8>);

impl DicomFile {
    /// Preamble and magic bytes.
    pub fn new() -> Self {
        let mut bytes = vec![0; 128];
        bytes.extend(b"DICM");
        Self(bytes)
    }

    /// Appends an element; its value is padded to an even length.
    pub fn put(&mut self, group: u16, element: u16, vr: &[u8; 2], value: &[u8]) {
        let bytes = &mut self.0;
        bytes.extend(group.to_le_bytes());
        bytes.extend(element.to_le_bytes());
        bytes.extend(vr);
        let padded = value.len() + value.len() % 2;
        if matches!(vr, b"OB" | b"OW") {
            bytes.extend([0, 0]);
            bytes.extend((padded as u32).to_le_bytes());
        } else {
            bytes.extend((padded as u16).to_le_bytes());
        }
        bytes.extend(value);
        let padding = if vr == b"UI" { 0 } else { b' ' };
        bytes.resize(bytes.len() + value.len() % 2, padding);
    }

    /// The elements of a square 8-bit RGB image.
    pub fn put_picture(&mut self, photometric: &str, side: u16, rgb: &[u8]) {
        self.put(0x28, 2, b"US", &3_u16.to_le_bytes());
        self.put(0x28, 4, b"CS", photometric.as_bytes());
        self.put(0x28, 6, b"US", &0_u16.to_le_bytes());
        self.put(0x28, 0x10, b"US", &side.to_le_bytes());
        self.put(0x28, 0x11, b"US", &side.to_le_bytes());
        self.put(0x28, 0x100, b"US", &8_u16.to_le_bytes());
        self.put(0x28, 0x101, b"US", &8_u16.to_le_bytes());
        self.put(0x7FE0, 0x10, b"OB", rgb);
    }

    pub fn into_bytes(self) -> Vec<u8> {
        self.0
    }
}
