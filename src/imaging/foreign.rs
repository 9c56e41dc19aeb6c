//! Files that are recognised but not opened: pictures in other formats, data of makers of cameras and OCT devices, and
//! files that are no picture at all.
//!
//! A user who is told what a file is, and how to get a picture from it, needs no second attempt. One table: a row per
//! kind, with its first bytes and what to do. The Japanese texts are in [`crate::text`], which the compiler holds to the
//! same list.

use crate::domain::SkipReason;

/// First bytes of a file, enough to recognise what it is.
pub const FIRST_BYTES: usize = 4096;

/// A recognised kind of file that cannot be opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, strum::VariantArray)]
pub enum Foreign {
    Heic,
    Avif,
    JpegLs,
    JpegXr,
    OpenExr,
    Radiance,
    CameraRaw,
    Gif,
    Photoshop,
    Gimp,
    Svg,
    /// Topcon: `.fda`, `.fds`.
    TopconOct,
    /// Heidelberg Engineering: `.e2e`, `.sdb`.
    HeidelbergData,
    /// Heidelberg Engineering: `.vol`.
    HeidelbergVolume,
    /// Zeiss Cirrus: `.img` and `.bin`, without first bytes of their own.
    CirrusVolume,
    /// Devices of several makers: `.oct`, `.octx`, `.poct`.
    OctData,
    /// Heidelberg Engineering: the description of exported pictures.
    HeidelbergList,
    /// Bioptigen (Leica): `.OCT`.
    BioptigenVolume,
    /// DICOM of Zeiss devices whose compressed pixels were scrambled.
    ZeissScrambled,
    Pdf,
    PostScript,
    Video,
    Volume,
    Numbers,
    Archive,
    Office,
    WebPage,
    /// Stands in for a file that git-lfs or git-annex has not downloaded.
    Placeholder,
    /// Stands in for a file that iCloud has not downloaded: `.NAME.icloud`.
    ICloud,
    /// Begins with nothing but zeros.
    Zeros,
    MacAttributes,
}

impl Foreign {
    /// What the file is: a noun with its article.
    pub fn what(self) -> &'static str {
        self.row().0
    }

    /// What to do next: a sentence without capital letter and full stop.
    pub fn how(self) -> &'static str {
        self.row().1
    }

    /// Why such a file is skipped in a folder; `None` if it holds photographs and is a row with the reason, as every file
    /// is that the user names.
    pub fn skip_reason(self) -> Option<SkipReason> {
        self.row().2
    }

    fn row(self) -> (&'static str, &'static str, Option<SkipReason>) {
        const ROW: Option<SkipReason> = None;
        // Rarely a photograph, such as a mask saved as GIF.
        const PICTURE: Option<SkipReason> = Some(SkipReason::UnsupportedFormat);
        const DOCUMENT: Option<SkipReason> = Some(SkipReason::Document);
        const DATA: Option<SkipReason> = Some(SkipReason::Data);
        match self {
            Self::Heic => (
                "a HEIC picture",
                "export it as JPEG, for example with Preview on a Mac or Photos on Windows",
                ROW,
            ),
            Self::Avif => (
                "an AVIF picture",
                "open it in a browser or an image editor and save it as PNG",
                ROW,
            ),
            Self::JpegLs => (
                "a JPEG-LS picture",
                "convert it to PNG, for example with ffmpeg -i in.jls out.png",
                ROW,
            ),
            Self::JpegXr => (
                "a JPEG XR picture",
                "open it in Photos on Windows and save it as PNG",
                ROW,
            ),
            Self::OpenExr => (
                "an OpenEXR picture",
                "save it as an 8-bit PNG with the program that wrote it",
                ROW,
            ),
            Self::Radiance => (
                "a Radiance picture (.hdr)",
                "save it as an 8-bit PNG with the program that wrote it",
                ROW,
            ),
            Self::CameraRaw => (
                "a camera raw file",
                "develop it with the camera's software and export JPEG, or use the JPEG that the camera saved with it",
                ROW,
            ),
            Self::Gif => (
                "a GIF picture, which has at most 256 colours",
                "use the original photograph, or save this one as PNG",
                PICTURE,
            ),
            Self::Photoshop => (
                "a Photoshop document",
                "flatten it and export it as PNG",
                PICTURE,
            ),
            Self::Gimp => ("a GIMP image (.xcf)", "export it as PNG from GIMP", PICTURE),
            Self::Svg => (
                "an SVG drawing",
                "use the photograph itself, as JPEG or PNG",
                PICTURE,
            ),
            Self::TopconOct => (
                "OCT data of a Topcon device (.fda, .fds)",
                "export the colour fundus photograph as JPEG or DICOM from the Topcon software (IMAGEnet)",
                ROW,
            ),
            Self::HeidelbergData => (
                "data of a Heidelberg device (.e2e, .sdb)",
                "export the photograph as JPEG, PNG or DICOM from Heidelberg Eye Explorer (HEYEX)",
                ROW,
            ),
            Self::HeidelbergVolume => (
                "an OCT volume of a Heidelberg device (.vol)",
                "export the photograph as JPEG, PNG or DICOM from Heidelberg Eye Explorer (HEYEX)",
                ROW,
            ),
            Self::CirrusVolume => (
                "a file with the name and size of Zeiss Cirrus OCT data (.img, .bin)",
                "export the fundus photograph as JPEG or standard DICOM from the Zeiss device or from FORUM",
                ROW,
            ),
            Self::OctData => (
                "a file with the name of an OCT device's data (.oct, .octx, .poct)",
                "export a fundus photograph as JPEG, PNG or DICOM from the software of the device",
                ROW,
            ),
            Self::HeidelbergList => (
                "the description of an export of a Heidelberg device (.xml)",
                "open the pictures that were exported with it, or their folder",
                Some(SkipReason::NotAPicture),
            ),
            Self::BioptigenVolume => (
                "OCT data of a Bioptigen device (.OCT)",
                "export a fundus photograph as JPEG or PNG from the camera's software",
                ROW,
            ),
            Self::ZeissScrambled => (
                "a DICOM file of a Zeiss device whose pixels only Zeiss software can read",
                "export it again as standard DICOM or as JPEG from the Zeiss device or from FORUM",
                ROW,
            ),
            Self::Pdf => (
                "a PDF document",
                "export the photograph in it as PNG or JPEG",
                DOCUMENT,
            ),
            Self::PostScript => (
                "a PostScript file (.ps, .eps)",
                "export the photograph in it as PNG or JPEG",
                DOCUMENT,
            ),
            Self::Video => (
                "a video",
                "save the frame that you need as PNG",
                Some(SkipReason::Video),
            ),
            Self::Volume => (
                "a volume of a scanner or microscope",
                "save the slice or photograph that you need as PNG",
                DATA,
            ),
            Self::Numbers => (
                "a file of numbers (NumPy, MATLAB or HDF5)",
                "save each picture in it as an 8-bit PNG, for example with Image.fromarray(array).save(\"picture.png\") of Pillow",
                DATA,
            ),
            Self::Archive => (
                "an archive",
                "unpack it and open the folder with the pictures",
                Some(SkipReason::Archive),
            ),
            Self::Office => (
                "an Office document",
                "save the photograph in it as PNG or JPEG",
                DOCUMENT,
            ),
            Self::WebPage => (
                "a web page, saved in place of the file that was to be downloaded",
                "sign in to the web site if it asks for that, and download the file again",
                Some(SkipReason::WebPage),
            ),
            Self::Placeholder => (
                "a placeholder for a file that has not been downloaded",
                "fetch the file itself with git lfs pull or git annex get",
                Some(SkipReason::NotDownloaded),
            ),
            Self::ICloud => (
                "a placeholder for a photograph that iCloud has not downloaded",
                "download it first: in the Finder, Control-click it and choose Download Now",
                Some(SkipReason::NotDownloaded),
            ),
            Self::Zeros => (
                "a file that begins with nothing but zeros, from an unfinished download or a cloud folder",
                "download it again; if it is in a cloud folder, first choose to keep it on this computer",
                Some(SkipReason::Zeros),
            ),
            Self::MacAttributes => (
                "a file in which macOS keeps attributes of another file",
                "open that file, whose name does not begin with ._",
                Some(SkipReason::LeftBySystem),
            ),
        }
    }
}

/// What a file is that none of the supported formats recognised, by its first [`FIRST_BYTES`] bytes, or by its name and length
/// in bytes.
pub fn foreign(start: &[u8], name: &str, length: u64) -> Option<Foreign> {
    let start = &start[..start.len().min(FIRST_BYTES)];
    match by_first_bytes(start) {
        // Some makers' files are archives.
        None | Some(Foreign::Archive) => by_name(name, length).or_else(|| by_first_bytes(start)),
        known => known,
    }
    .or_else(|| is_zeros(start).then_some(Foreign::Zeros))
}

fn is_zeros(start: &[u8]) -> bool {
    !start.is_empty() && start.iter().all(|&byte| byte == 0)
}

/// First bytes at an offset. Makers' formats: as read by OCT-Converter, LibE2E and eyepy.
const MAGICS: [(usize, &[u8], Foreign); 47] = [
    (0, b"GIF8", Foreign::Gif),
    (0, b"8BPS", Foreign::Photoshop),
    (0, b"gimp xcf", Foreign::Gimp),
    (0, b"II\xBC", Foreign::JpegXr),
    (0, b"\x76\x2F\x31\x01", Foreign::OpenExr),
    (0, b"#?RADIANCE", Foreign::Radiance),
    (0, b"#?RGBE", Foreign::Radiance),
    (0, b"FUJIFILMCCD-RAW", Foreign::CameraRaw),
    (0, b"IIU\0", Foreign::CameraRaw),
    (0, b"IIRO", Foreign::CameraRaw),
    (0, b"IIRS", Foreign::CameraRaw),
    (0, b"MMOR", Foreign::CameraRaw),
    (0, b"FOVb", Foreign::CameraRaw),
    (0, b"\0MRM", Foreign::CameraRaw),
    (6, b"HEAPCCDR", Foreign::CameraRaw),
    (0, b"FOCT", Foreign::TopconOct),
    (0, b"CMDb", Foreign::HeidelbergData),
    (0, b"MDbMDir", Foreign::HeidelbergData),
    (0, b"MDbDir", Foreign::HeidelbergData),
    (0, b"E2EMultipleVolumeFile", Foreign::HeidelbergData),
    (0, b"HSF-OCT-", Foreign::HeidelbergVolume),
    (10, b"FRAMEHEADER", Foreign::BioptigenVolume),
    (0, b"%PDF", Foreign::Pdf),
    (0, b"%!PS", Foreign::PostScript),
    // Encapsulated PostScript with a preview.
    (0, b"\xC5\xD0\xD3\xC6", Foreign::PostScript),
    (0, b"\x1A\x45\xDF\xA3", Foreign::Video),
    (0, b"\0\0\x01\xBA", Foreign::Video),
    (0, b"\0\0\x01\xB3", Foreign::Video),
    (0, b"\x30\x26\xB2\x75\x8E\x66\xCF\x11", Foreign::Video),
    (344, b"n+1\0", Foreign::Volume),
    (0, b"NRRD000", Foreign::Volume),
    (0, b"ZISRAWFILE", Foreign::Volume),
    (0, b"\x93NUMPY", Foreign::Numbers),
    (0, b"MATLAB 5.0 MAT-file", Foreign::Numbers),
    (0, b"MATLAB 7.3 MAT-file", Foreign::Numbers),
    (0, b"\x89HDF\r\n\x1A\n", Foreign::Numbers),
    // HDF5 behind a block of the program that wrote it.
    (512, b"\x89HDF\r\n\x1A\n", Foreign::Numbers),
    (0, b"PK\x03\x04", Foreign::Archive),
    (0, b"\x1F\x8B\x08", Foreign::Archive),
    (0, b"7z\xBC\xAF\x27\x1C", Foreign::Archive),
    (0, b"Rar!\x1A\x07", Foreign::Archive),
    (0, b"\xFD7zXZ\0", Foreign::Archive),
    (257, b"ustar", Foreign::Archive),
    (0, b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", Foreign::Office),
    (0, b"version https://git-lfs", Foreign::Placeholder),
    (0, b"/annex/objects/", Foreign::Placeholder),
    (0, b"\0\x05\x16\x07", Foreign::MacAttributes),
];

fn by_first_bytes(start: &[u8]) -> Option<Foreign> {
    let known = MAGICS
        .iter()
        .find(|(at, magic, _)| start.get(*at..).is_some_and(|rest| rest.starts_with(magic)));
    match known {
        Some((.., Foreign::Archive)) if is_office(start) => Some(Foreign::Office),
        Some((.., kind)) => Some(*kind),
        None => of_boxes(start)
            .or_else(|| of_riff(start))
            .or_else(|| of_markup(start)),
    }
}

/// Office documents are zip archives that begin with these members.
fn is_office(start: &[u8]) -> bool {
    let name = start.get(30..).unwrap_or_default();
    name.starts_with(b"[Content_Types].xml") || name.starts_with(b"mimetypeapplication/vnd.oasis")
}

/// Files of boxes that begin with `ftyp` (ISO/IEC 14496-12): the brands distinguish pictures from videos.
fn of_boxes(start: &[u8]) -> Option<Foreign> {
    let (length, rest) = start.split_first_chunk::<4>()?;
    let brands = rest.strip_prefix(b"ftyp")?;
    let length = (u32::from_be_bytes(*length) as usize)
        .saturating_sub(8)
        .min(brands.len());
    let brands = brands[..length].as_chunks::<4>().0;
    let major = brands.first()?;
    let any = |known: &[&[u8; 4]]| brands.iter().any(|brand| known.contains(&brand));
    Some(match major {
        b"crx " => Foreign::CameraRaw,
        b"avif" | b"avis" => Foreign::Avif,
        b"heic" | b"heix" | b"heim" | b"heis" | b"hevc" | b"hevx" | b"hevm" | b"hevs" => {
            Foreign::Heic
        }
        b"mif1" | b"msf1" | b"miaf" | b"mif2" if any(&[b"avif", b"avis"]) => Foreign::Avif,
        b"mif1" | b"msf1" | b"miaf" | b"mif2" => Foreign::Heic,
        _ => Foreign::Video,
    })
}

fn of_riff(start: &[u8]) -> Option<Foreign> {
    (start.starts_with(b"RIFF") && start.get(8..12) == Some(b"AVI ")).then_some(Foreign::Video)
}

/// Web pages, SVG drawings and lists of exported pictures, which are text.
fn of_markup(start: &[u8]) -> Option<Foreign> {
    let text = String::from_utf8_lossy(start).to_lowercase();
    let text = text.trim_start_matches('\u{FEFF}').trim_start();
    if text.starts_with("<!doctype html") || text.starts_with("<html") {
        Some(Foreign::WebPage)
    } else if text.starts_with('<') && text.contains("<svg") {
        Some(Foreign::Svg)
    } else if text.starts_with("<?xml") && text.contains("<hedx") {
        Some(Foreign::HeidelbergList)
    } else {
        None
    }
}

/// What a file is by its name alone, or with its length in bytes.
fn by_name(name: &str, length: u64) -> Option<Foreign> {
    let name = name.to_lowercase();
    let (_, extension) = name.rsplit_once('.')?;
    match extension {
        "oct" | "octx" | "poct" => Some(Foreign::OctData),
        "iiq" => Some(Foreign::CameraRaw),
        "icloud" if name.starts_with('.') => Some(Foreign::ICloud),
        _ => is_cirrus(&name, length).then_some(Foreign::CirrusVolume),
    }
}

/// Raw data of a Zeiss Cirrus have no header: a file counts as such if it has both a name and a size of theirs. Names
/// are like `P123_Macular Cube 512x128_1-2-2010_9-10-11_OD_sn0001_cube_z.img`; rows and scans have 512 or 1024 samples,
/// and every size is a multiple of 1024 bytes.
/// `name` is in lower case.
fn is_cirrus(name: &str, length: u64) -> bool {
    const PARTS: [&str; 5] = ["cube", "_lslo", "_iris", "_sn", "pczmi"];
    const SCAN: u64 = 1024;
    let extensions = [".img", ".bin"];
    let Some(stem) = extensions.iter().find_map(|end| name.strip_suffix(end)) else {
        return false;
    };
    length > 0 && length.is_multiple_of(SCAN) && PARTS.iter().any(|part| stem.contains(part))
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use strum::VariantArray;

    use super::*;

    #[test]
    fn every_magic_lies_within_the_bytes_that_are_read() {
        for (at, magic, kind) in MAGICS {
            assert!(at + magic.len() <= FIRST_BYTES, "{kind:?}");
            let mut file = vec![0; FIRST_BYTES];
            file[at..at + magic.len()].copy_from_slice(magic);
            assert_eq!(foreign(&file, "a", 1), Some(kind));
        }
    }

    #[test]
    fn first_bytes_decide() {
        let nifti = [&[0; 344][..], b"n+1\0"].concat();
        let mut table_of_matlab = b"MATLAB 7.3 MAT-file, Platform: GLNXA64".to_vec();
        table_of_matlab.resize(512, b' ');
        table_of_matlab.extend(b"\x89HDF\r\n\x1A\n");
        for (start, kind) in [
            (&b"GIF89a...."[..], Foreign::Gif),
            (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", Foreign::Heic),
            (b"\0\0\0\x1Cftypmif1\0\0\0\0mif1heicmiaf", Foreign::Heic),
            (b"\0\0\0\x1Cftypmif1\0\0\0\0mif1avifmiaf", Foreign::Avif),
            (b"\0\0\0\x1Cftypavif\0\0\0\0avifmif1miaf", Foreign::Avif),
            (b"\0\0\0\x18ftypcrx \0\0\0\x01crx isom", Foreign::CameraRaw),
            (b"\0\0\0\x18ftypisom\0\0\x02\0isomavc1", Foreign::Video),
            (b"\0\0\0\x14ftypqt  \0\0\x02\0qt  ", Foreign::Video),
            (b"RIFF\x10\0\0\0AVI LIST", Foreign::Video),
            (b"II\x1A\0\0\0HEAPCCDR", Foreign::CameraRaw),
            (b"FOCTFDA\x02\0\0\0", Foreign::TopconOct),
            (b"FOCTFDS\x02\0\0\0", Foreign::TopconOct),
            (b"CMDb\0\0\0\0\0\0\0\0", Foreign::HeidelbergData),
            (b"E2EMultipleVolumeFile\0", Foreign::HeidelbergData),
            (b"HSF-OCT-103\0", Foreign::HeidelbergVolume),
            (
                b"\xAF\xBE\xAD\xDE\x02\x01\x0B\0\0\0FRAMEHEADER",
                Foreign::BioptigenVolume,
            ),
            (
                b"<?xml version='1.0'?>\n<!-- a -->\n<svg xmlns=",
                Foreign::Svg,
            ),
            (b"\xEF\xBB\xBF <svg>", Foreign::Svg),
            (
                b"<?xml version=\"1.0\"?><HEDX><BODY>",
                Foreign::HeidelbergList,
            ),
            (b"\n<!DOCTYPE HTML>\n<svg>", Foreign::WebPage),
            (b"<html lang=ja>", Foreign::WebPage),
            (
                b"PK\x03\x04\x14\0......................archive",
                Foreign::Archive,
            ),
            (
                b"PK\x03\x04..........................[Content_Types].xml",
                Foreign::Office,
            ),
            (
                b"version https://git-lfs.github.com/spec/v1",
                Foreign::Placeholder,
            ),
            (b"#?RGBE\nFORMAT=32-bit_rle_rgbe\n", Foreign::Radiance),
            (b"gimp xcf v011\0", Foreign::Gimp),
            (b"%!PS-Adobe-3.0 EPSF-3.0", Foreign::PostScript),
            (b"MATLAB 5.0 MAT-file, Platform: PCWIN64", Foreign::Numbers),
            (&table_of_matlab, Foreign::Numbers),
            (&table_of_matlab[512..], Foreign::Numbers),
            (nifti.as_slice(), Foreign::Volume),
        ] {
            assert_eq!(foreign(start, "a.jpg", 1), Some(kind), "{start:?}");
        }
        for start in [
            &b""[..],
            b"\0\0\0\x0C",
            b"\0\0\0\0ftyp",
            b"hello, this is text",
            b"MATLAB code of this study",
            b"<results><row/></results>",
            b"RIFF\x10\0\0\0WAVEfmt ",
        ] {
            assert_eq!(foreign(start, "a.jpg", 1), None, "{start:?}");
        }
    }

    #[test]
    fn data_without_first_bytes_need_name_and_size() {
        let of = |name: &str, length| foreign(&[0; 64], name, length);
        let cube = "PCZMI7_Macular Cube 512x128_1-2-2010_9-10-11_OD_sn0001_cube_z.img";
        assert_eq!(of(cube, 512 * 128 * 1024), Some(Foreign::CirrusVolume));
        for name in ["A_OS_SN12_LSLO.IMG", "PCZMI1_HD_OD_sn12_lslo.bin"] {
            assert_eq!(of(name, 664 * 512), Some(Foreign::CirrusVolume), "{name}");
        }
        for (name, kind) in [
            ("optovue.OCT", Foreign::OctData),
            ("a.octx", Foreign::OctData),
            ("a.iiq", Foreign::CameraRaw),
            (".p1_OD.jpg.icloud", Foreign::ICloud),
        ] {
            assert_eq!(of(name, 9), Some(kind), "{name}");
        }
        assert_eq!(foreign(b"PK\x03\x04", "a.poct", 9), Some(Foreign::OctData));
        assert_eq!(foreign(b"PK\x03\x04", "a.zip", 9), Some(Foreign::Archive));
        for (name, length) in [
            (cube, 1000),
            (cube, 0),
            ("disk.img", 1 << 20),
            ("cube.jpg", 1024),
            ("p1.icloud", 9),
        ] {
            assert_eq!(foreign(b"other", name, length), None, "{name}");
        }
    }

    #[test]
    fn zeros_alone_are_no_picture_of_any_format() {
        for length in [1, 64, FIRST_BYTES, 2 * FIRST_BYTES] {
            assert_eq!(foreign(&vec![0; length], "a.jpg", 1), Some(Foreign::Zeros));
        }
        let mut later = vec![0; FIRST_BYTES];
        later[FIRST_BYTES - 1] = 1;
        assert_eq!(foreign(&later, "a.jpg", 1), None);
    }

    #[test]
    fn every_kind_has_words_of_its_own() {
        let words: HashSet<_> = Foreign::VARIANTS.iter().map(|kind| kind.what()).collect();
        assert_eq!(words.len(), Foreign::VARIANTS.len());
        for kind in Foreign::VARIANTS {
            let (what, how) = (kind.what(), kind.how());
            assert!(
                ["a ", "an ", "the "].iter().any(|a| what.starts_with(a)) || what.contains("data")
            );
            assert!(
                !how.ends_with('.') && how.starts_with(char::is_lowercase),
                "{how}"
            );
        }
    }
}
