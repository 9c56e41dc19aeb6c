//! Texts that must never be output, planted wherever the application reads text.

use crate::dicom::DicomFile;
use std::path::{Path, PathBuf};

use image::ImageEncoder;

/// Width and height in pixels; a smaller picture is reported `too-small` but opened.
const SIDE: u32 = 128;

/// Every planted text with its place. They are found by a byte search.
pub const CANARIES: [(&str, &str); 43] = [
    ("DICOM PatientName", "KANARI01^HANAKO"),
    ("DICOM PatientID", "KANARI02"),
    ("DICOM PatientBirthDate", "17761104"),
    ("DICOM OtherPatientNames", "KANARI03"),
    ("DICOM PatientAddress", "KANARI04"),
    ("DICOM PatientComments", "KANARI05"),
    ("DICOM InstitutionName", "KANARI06"),
    ("DICOM ReferringPhysicianName", "KANARI07"),
    ("DICOM AccessionNumber", "KANARI08"),
    ("DICOM StudyDescription", "KANARI09"),
    ("DICOM OperatorsName", "KANARI10"),
    ("DICOM SOPInstanceUID", "1.2.276.4177611"),
    ("DICOM StudyInstanceUID", "1.2.276.4177612"),
    ("DICOM IssuerOfPatientID", "KANARI13"),
    ("DICOM ImageComments", "KANARI14"),
    ("DICOM DeviceSerialNumber", "KANARI15"),
    ("DICOM private element", "KANARI16"),
    ("DICOM PhotometricInterpretation, wrong", "KANARI17"),
    ("DICOM TransferSyntaxUID, unknown", "1.2.276.4177618"),
    ("EXIF Artist", "kanari19"),
    ("EXIF ImageDescription", "kanari20"),
    ("XMP creator", "kanari21"),
    ("IPTC by-line", "kanari22"),
    ("JPEG comment", "kanari23"),
    ("ICC description", "kanari24"),
    ("PNG tEXt", "kanari25"),
    ("PNG zTXt", "kanari26"),
    ("PNG iTXt", "kanari27"),
    ("TIFF ImageDescription", "kanari28"),
    ("TIFF Artist", "kanari29"),
    ("TIFF HostComputer", "kanari30"),
    ("TIFF tag of a wrong type", "kanari31"),
    ("folder above everything", "kanari32"),
    ("user name in the path of GANTEI_HOME", "kanari33"),
    ("folder of the model file", "kanari34"),
    ("folder of the table of labels", "kanari35"),
    ("name column of the table", "kanari36"),
    ("remark in a shifted line of the table", "kanari37"),
    ("absolute path in a cell of the table", "kanari38"),
    ("folder of the library", "kanari39"),
    ("folder of results", "kanari40"),
    ("DICOM Manufacturer", "KANARI41"),
    ("DICOM ManufacturerModelName", "KANARI42"),
];

/// Names of files and folders, which results contain by design unless names are masked.
pub const NAMES: [(&str, &str); 4] = [
    ("photograph", "Hanako"),
    ("folder of a photograph", "Yamada"),
    ("file that is no photograph", "Letter-to-Hanako"),
    ("person in names", "Tanaka"),
];

fn canary(place: &str) -> &'static str {
    let found = CANARIES.iter().find(|(known, _)| *known == place);
    found.unwrap_or_else(|| panic!("{place} has no canary")).1
}

/// The folders with the planted texts.
pub struct Planted {
    _folder: tempfile::TempDir,
    pub root: PathBuf,
    pub home: PathBuf,
    pub photographs: PathBuf,
    pub labels: PathBuf,
    pub model: PathBuf,
    pub library: PathBuf,
    pub results: PathBuf,
}

impl Planted {
    pub fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join(canary("folder above everything"));
        let below = |place: &str, name: &str| {
            // The space detects a path that is cut at it.
            let folder = root.join(format!("of {}", canary(place)));
            std::fs::create_dir_all(&folder).unwrap();
            folder.join(name)
        };
        let photographs = root.join("photographs");
        let planted = Self {
            home: below("user name in the path of GANTEI_HOME", "home"),
            labels: below("folder of the table of labels", "labels.csv"),
            model: below("folder of the model file", "network.h5"),
            library: below("folder of the library", "libonnxruntime.so.1.24.0"),
            results: below("folder of results", "out"),
            photographs: photographs.clone(),
            root,
            _folder: folder,
        };
        for (name, bytes) in photographs_of(&planted.root) {
            let path = photographs.join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, bytes).unwrap();
        }
        let model = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("tests/fixtures/keras/keras2_mobilenet_sigmoid.h5");
        std::fs::copy(model, &planted.model).unwrap();
        std::fs::write(&planted.library, b"no library").unwrap();
        std::fs::write(&planted.labels, table()).unwrap();
        planted
    }
}

/// Photographs and other files, by their names below the folder.
fn photographs_of(root: &Path) -> Vec<(String, Vec<u8>)> {
    let jpeg = jpeg(0);
    let png = png(1);
    let dicom_of = |photometric: &str, syntax: &str| dicom(2, photometric, syntax);
    let tiff = tiff(3);
    let half = |bytes: &[u8]| bytes[..bytes.len() / 2].to_vec();
    let unknown = canary("DICOM TransferSyntaxUID, unknown");
    let wrong = canary("DICOM PhotometricInterpretation, wrong");
    let mut wrong_type = tiff.clone();
    spoil_tiff(&mut wrong_type);
    let _ = root;
    vec![
        ("Yamada/Hanako_OD.jpg".to_owned(), jpeg.clone()),
        ("Yamada/Hanako_OS.png".to_owned(), png.clone()),
        ("Yamada/Hanako_OD.dcm".to_owned(), dicom_of("RGB", EXPLICIT)),
        ("Tanaka_OS.tif".to_owned(), tiff.clone()),
        ("Tanaka_OD.jpg".to_owned(), jpeg_of(&plain_jpeg(4))),
        ("broken/Hanako_1.jpg".to_owned(), half(&jpeg)),
        ("broken/Hanako_2.png".to_owned(), half(&png)),
        ("broken/Hanako_3.dcm".to_owned(), dicom_of(wrong, EXPLICIT)),
        ("broken/Hanako_4.dcm".to_owned(), dicom_of("RGB", unknown)),
        (
            "broken/Hanako_5.dcm".to_owned(),
            half(&dicom_of("RGB", EXPLICIT)),
        ),
        ("broken/Hanako_6.tif".to_owned(), half(&tiff)),
        ("broken/Hanako_7.tif".to_owned(), wrong_type),
        ("broken/Hanako_8.jpg".to_owned(), b"kein Bild".to_vec()),
        ("Letter-to-Hanako.txt".to_owned(), b"a letter".to_vec()),
    ]
}

fn table() -> String {
    let name = canary("name column of the table");
    let remark = canary("remark in a shifted line of the table");
    let path = canary("absolute path in a cell of the table");
    format!(
        "name,image,sex\n\
         {name} A,Yamada/Hanako_OD.jpg,female\n\
         {name} B,Yamada/Hanako_OS.png,male\n\
         {name} C,Tanaka_OS.tif,female\n\
         {name} D,/home/{path}/Tanaka_OD.jpg,male\n\
         {name} E,Yamada/Hanako_OD.dcm,male\n\
         {name}, {remark},Hanako_9.jpg,male\n\
         {name} F,C:\\Users\\{path}\\Hanako_10.jpg,male\n\
         {name} G,broken/Hanako_1.jpg,unknown\n"
    )
}

/// A drawn eye as RGB.
fn eye(number: u64) -> Vec<u8> {
    let (_, eye) = gantei::drawing::eye_of_picture(11, number);
    gantei::drawing::draw_eye(&eye, SIDE, SIDE).unwrap().0.rgb
}

fn plain_jpeg(number: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    image::codecs::jpeg::JpegEncoder::new_with_quality(&mut bytes, 92)
        .write_image(&eye(number), SIDE, SIDE, image::ExtendedColorType::Rgb8)
        .unwrap();
    bytes
}

fn jpeg(number: u64) -> Vec<u8> {
    jpeg_of(&plain_jpeg(number))
}

/// The same JPEG with every kind of text before its image data.
fn jpeg_of(plain: &[u8]) -> Vec<u8> {
    let mut bytes = plain[..2].to_vec();
    let mut segment = |marker: u8, content: &[u8]| {
        bytes.extend([0xff, marker]);
        bytes.extend((content.len() as u16 + 2).to_be_bytes());
        bytes.extend(content);
    };
    segment(0xe1, &[b"Exif\0\0".as_slice(), &exif()].concat());
    let xmp = format!(
        "http://ns.adobe.com/xap/1.0/\0<x:xmpmeta xmlns:x='adobe:ns:meta/'><dc:creator>{}</dc:creator></x:xmpmeta>",
        canary("XMP creator")
    );
    segment(0xe1, xmp.as_bytes());
    let by_line = canary("IPTC by-line").as_bytes();
    let mut iptc = b"Photoshop 3.0\x008BIM\x04\x04\0\0".to_vec();
    iptc.extend((by_line.len() as u32 + 5).to_be_bytes());
    iptc.extend([0x1c, 2, 80]);
    iptc.extend((by_line.len() as u16).to_be_bytes());
    iptc.extend(by_line);
    segment(0xed, &iptc);
    let icc = format!("ICC_PROFILE\0\u{1}\u{1}{}", canary("ICC description"));
    segment(0xe2, icc.as_bytes());
    segment(0xfe, canary("JPEG comment").as_bytes());
    bytes.extend(&plain[2..]);
    bytes
}

/// A little-endian TIFF structure with two texts.
fn exif() -> Vec<u8> {
    let texts = [
        (0x010e_u16, canary("EXIF ImageDescription")),
        (0x013b, canary("EXIF Artist")),
    ];
    let mut bytes = b"II*\0\x08\0\0\0".to_vec();
    bytes.extend((texts.len() as u16).to_le_bytes());
    let mut at = 8 + 2 + 12 * texts.len() as u32 + 4;
    for (tag, text) in texts {
        bytes.extend(tag.to_le_bytes());
        bytes.extend(2_u16.to_le_bytes());
        bytes.extend((text.len() as u32 + 1).to_le_bytes());
        bytes.extend(at.to_le_bytes());
        at += text.len() as u32 + 1;
    }
    bytes.extend([0; 4]);
    for (_, text) in texts {
        bytes.extend(text.as_bytes());
        bytes.push(0);
    }
    bytes
}

fn png(number: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, SIDE, SIDE);
    encoder.set_color(png::ColorType::Rgb);
    let text = |place: &str| canary(place).to_owned();
    encoder
        .add_text_chunk("Author".into(), text("PNG tEXt"))
        .unwrap();
    encoder
        .add_ztxt_chunk("Comment".into(), text("PNG zTXt"))
        .unwrap();
    encoder
        .add_itxt_chunk("Description".into(), text("PNG iTXt"))
        .unwrap();
    let mut writer = encoder.write_header().unwrap();
    writer.write_image_data(&eye(number)).unwrap();
    writer.finish().unwrap();
    bytes
}

fn tiff(number: u64) -> Vec<u8> {
    use tiff::tags::Tag;
    let mut bytes = std::io::Cursor::new(Vec::new());
    let mut encoder = tiff::encoder::TiffEncoder::new(&mut bytes).unwrap();
    let mut picture = encoder
        .new_image::<tiff::encoder::colortype::RGB8>(SIDE, SIDE)
        .unwrap();
    for (tag, place) in [
        (Tag::ImageDescription, "TIFF ImageDescription"),
        (Tag::Artist, "TIFF Artist"),
        (Tag::HostComputer, "TIFF HostComputer"),
        // Its tag is replaced below by that of a number.
        (Tag::Unknown(0x02bd), "TIFF tag of a wrong type"),
    ] {
        picture.encoder().write_tag(tag, canary(place)).unwrap();
    }
    picture.write_data(&eye(number)).unwrap();
    bytes.into_inner()
}

/// Gives a text the tag number of the compression, and the compression another one.
fn spoil_tiff(bytes: &mut [u8]) {
    let at = u32::from_le_bytes(bytes[4..8].try_into().unwrap()) as usize;
    let count = usize::from(u16::from_le_bytes([bytes[at], bytes[at + 1]]));
    for entry in 0..count {
        let tag = at + 2 + 12 * entry;
        match u16::from_le_bytes([bytes[tag], bytes[tag + 1]]) {
            259 => bytes[tag..tag + 2].copy_from_slice(&0x0104_u16.to_le_bytes()),
            0x02bd => bytes[tag..tag + 2].copy_from_slice(&259_u16.to_le_bytes()),
            _ => {}
        }
    }
}

/// Explicit VR, little endian.
const EXPLICIT: &str = "1.2.840.10008.1.2.1";

fn dicom(number: u64, photometric: &str, syntax: &str) -> Vec<u8> {
    let mut file = DicomFile::new();
    let mut put = |group, element, vr, value: &[u8]| file.put(group, element, vr, value);
    let text = |place: &str| canary(place).as_bytes();
    put(2, 0x10, b"UI", syntax.as_bytes());
    put(8, 0x16, b"UI", b"1.2.840.10008.5.1.4.1.1.77.1.5.1");
    put(8, 0x18, b"UI", text("DICOM SOPInstanceUID"));
    put(8, 0x50, b"SH", text("DICOM AccessionNumber"));
    put(8, 0x60, b"CS", b"OP");
    put(8, 0x70, b"LO", text("DICOM Manufacturer"));
    put(8, 0x80, b"LO", text("DICOM InstitutionName"));
    put(8, 0x90, b"PN", text("DICOM ReferringPhysicianName"));
    put(8, 0x1030, b"LO", text("DICOM StudyDescription"));
    put(8, 0x1070, b"PN", text("DICOM OperatorsName"));
    put(8, 0x1090, b"LO", text("DICOM ManufacturerModelName"));
    put(9, 0x10, b"LO", text("DICOM private element"));
    put(0x10, 0x10, b"PN", text("DICOM PatientName"));
    put(0x10, 0x20, b"LO", text("DICOM PatientID"));
    put(0x10, 0x21, b"LO", text("DICOM IssuerOfPatientID"));
    put(0x10, 0x30, b"DA", text("DICOM PatientBirthDate"));
    put(0x10, 0x1001, b"PN", text("DICOM OtherPatientNames"));
    put(0x10, 0x1040, b"LO", text("DICOM PatientAddress"));
    put(0x10, 0x4000, b"LT", text("DICOM PatientComments"));
    put(0x18, 0x1000, b"LO", text("DICOM DeviceSerialNumber"));
    put(0x20, 0xd, b"UI", text("DICOM StudyInstanceUID"));
    put(0x20, 0x62, b"CS", b"R");
    put(0x20, 0x4000, b"LT", text("DICOM ImageComments"));
    file.put_picture(photometric, SIDE as u16, &eye(number));
    file.into_bytes()
}
