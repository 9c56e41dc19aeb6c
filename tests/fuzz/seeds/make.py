"""Creates the seeds of the fuzz targets: small files of every kind that Gantei reads.

Usage: python tests/fuzz/seeds/make.py pictures|keras|onnx|archives

`pictures` needs Pillow with pillow-jxl-plugin, numpy, pydicom and pylibjpeg with its plugins; `keras` needs Keras (2 or 3, as in the names of
the files); `onnx` needs the package of that name. Seeds of text and arrays are written by hand. The libraries' output
differs between versions in bytes, not in kind; the seeds are committed.
"""

import io
import pathlib
import struct
import sys

import numpy

HERE = pathlib.Path(__file__).resolve().parent
W, H = 24, 20


def write(group, name, data):
    (HERE / group).mkdir(exist_ok=True)
    (HERE / group / name).write_bytes(data)


def samples():
    """A red disc on black with a bright spot: a minimal eye."""
    y, x = numpy.mgrid[:H, :W]
    inside = ((x - 12) ** 2 + (y - 10) ** 2 < 81)[..., None]
    spot = numpy.exp(-((x - 16) ** 2 + (y - 9) ** 2) / 6)[..., None]
    rgb = inside * (numpy.array([150, 60, 30]) + spot * [90, 120, 80] + (x * 3 % 7)[..., None])
    return rgb.clip(0, 255).astype(numpy.uint8)


def exif(orientation):
    import PIL.Image

    tags = PIL.Image.Exif()
    tags[0x0112] = orientation
    return tags.tobytes()


def pictures():
    import PIL.Image
    import pillow_jxl

    rgb = samples()
    picture = PIL.Image.fromarray(rgb)

    def save(group, name, form, image=picture, **options):
        out = io.BytesIO()
        image.save(out, form, **options)
        write(group, name, out.getvalue())

    alpha = picture.copy()
    alpha.putalpha(PIL.Image.fromarray(rgb[..., 0]))
    deep = PIL.Image.fromarray(rgb[..., 1].astype(numpy.uint16) * 257)
    for name, options in {
        "baseline.jpg": {"subsampling": 0},
        "subsampled_420.jpg": {"subsampling": 2},
        "subsampled_422_restarts.jpg": {"subsampling": 1, "restart_marker_blocks": 2},
        "progressive.jpg": {"progressive": True},
        "turned.jpg": {"exif": exif(6), "icc_profile": b"no profile"},
        "optimised.jpg": {"optimize": True, "quality": 95, "comment": b"a comment"},
    }.items():
        save("jpeg", name, "JPEG", **options)
    save("jpeg", "grey.jpg", "JPEG", picture.convert("L"))
    save("jpeg", "cmyk.jpg", "JPEG", picture.convert("CMYK"))
    for name, image, options in [
        ("rgb.png", picture, {}),
        ("alpha.png", alpha, {}),
        ("grey_16.png", deep, {}),
        ("palette.png", picture.quantize(8), {"transparency": 0}),
        ("bits.png", picture.convert("1"), {}),
        ("turned.png", picture, {"exif": exif(3), "icc_profile": b"no profile"}),
    ]:
        save("png", name, "PNG", image, **options)
    write("png", "interlaced.png", interlaced(rgb))
    for name, image, options in [
        ("lossless.jxl", picture, {"lossless": True}),
        ("lossy.jxl", picture, {"quality": 80}),
        ("grey.jxl", picture.convert("L"), {"lossless": True}),
        ("alpha.jxl", alpha, {"quality": 80}),
        ("container.jxl", picture, {"quality": 80, "use_container": True, "exif": exif(6)}),
    ]:
        save("jxl", name, "JXL", image, **options)
    save("bmp_webp", "rgb.bmp", "BMP")
    save("bmp_webp", "palette.bmp", "BMP", picture.quantize(8))
    save("bmp_webp", "alpha.bmp", "BMP", alpha)
    save("bmp_webp", "lossy.webp", "WEBP")
    save("bmp_webp", "lossless.webp", "WEBP", lossless=True)
    save("bmp_webp", "alpha.webp", "WEBP", alpha, exif=exif(8))
    for name, image, options in [
        ("raw.tif", picture, {}),
        ("lzw.tif", picture, {"compression": "tiff_lzw"}),
        ("zip.tif", picture, {"compression": "tiff_adobe_deflate"}),
        ("packbits.tif", picture.convert("L"), {"compression": "packbits"}),
        ("jpeg.tif", picture, {"compression": "jpeg"}),
        ("strips.tif", picture, {"compression": "tiff_lzw", "strip_size": 4 * W * 3}),
        ("grey_16.tif", deep, {}),
        ("float.tif", PIL.Image.fromarray(rgb[..., 0] / numpy.float32(255)), {}),
        ("palette.tif", picture.quantize(8), {}),
        ("cmyk.tif", picture.convert("CMYK"), {}),
        ("fax.tif", picture.convert("1"), {"compression": "group4"}),
        ("pages.tif", picture, {"save_all": True, "append_images": [picture.convert("L")]}),
        ("big.tif", picture, {"big_tiff": True}),
    ]:
        save("tiff", name, "TIFF", image, **options)
    write("tiff", "tiles.tif", tiled(rgb))
    dicom(rgb)


def interlaced(rgb):
    """PNG with Adam7 interlacing, which Pillow reads but does not write."""
    import zlib

    lines = b""
    for x, y, dx, dy in [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]:
        for line in rgb[y::dy, x::dx]:
            lines += b"\0" + line.tobytes()

    def chunk(name, data):
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", W, H, 8, 2, 0, 0, 1)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(lines)) + chunk(b"IEND", b"")


def tiled(rgb):
    """TIFF in tiles of 16 x 16, little-endian."""
    across, down = -(-W // 16), -(-H // 16)
    padded = numpy.zeros((down * 16, across * 16, 3), numpy.uint8)
    padded[:H, :W] = rgb
    tiles = [padded[y * 16:, x * 16:][:16, :16].tobytes() for y in range(down) for x in range(across)]
    tags = [(256, 3, 1, W), (257, 3, 1, H), (258, 3, 3, 0), (259, 3, 1, 1), (262, 3, 1, 2), (277, 3, 1, 3),
            (322, 3, 1, 16), (323, 3, 1, 16), (324, 4, len(tiles), 0), (325, 4, len(tiles), 0)]
    after = 8 + 2 + 12 * len(tags) + 4
    depths, offsets = after, after + 6
    lengths, data = offsets + 4 * len(tiles), offsets + 8 * len(tiles)
    places = {258: depths, 324: offsets, 325: lengths}
    out = struct.pack(">2sHIH", b"MM", 42, 8, len(tags))
    for tag, of_type, count, value in tags:
        inline = struct.pack(">HH", value, 0) if of_type == 3 and count == 1 else struct.pack(">I", places.get(tag, value))
        out += struct.pack(">HHI", tag, of_type, count) + inline
    out += struct.pack(">I3H", 0, 8, 8, 8)
    out += b"".join(struct.pack(">I", data + at * 768) for at in range(len(tiles)))
    return out + struct.pack(">I", 768) * len(tiles) + b"".join(tiles)


def dicom(rgb):
    import PIL.Image
    import pydicom
    from pydicom.dataset import Dataset, FileMetaDataset
    from pydicom.uid import UID, ExplicitVRLittleEndian, ImplicitVRLittleEndian, RLELossless
    from pydicom.encaps import encapsulate

    def made(syntax, pixels, photometric="RGB", frames=1, bits=8):
        d = Dataset()
        d.file_meta = FileMetaDataset()
        d.file_meta.TransferSyntaxUID = UID(syntax)
        d.file_meta.MediaStorageSOPClassUID = d.SOPClassUID = "1.2.840.10008.5.1.4.1.1.77.1.5.1"
        d.file_meta.MediaStorageSOPInstanceUID = d.SOPInstanceUID = "1.2.3.4"
        d.PatientID, d.Modality, d.ImageLaterality = "P1", "OP", "R"
        d.Rows, d.Columns, d.NumberOfFrames = H, W, frames
        d.SamplesPerPixel = 1 if photometric[:3] in ("MON", "PAL") else 3
        d.PhotometricInterpretation, d.PixelRepresentation = photometric, 0
        d.BitsAllocated = d.BitsStored = bits
        d.HighBit = bits - 1
        if d.SamplesPerPixel == 3:
            d.PlanarConfiguration = 0
        d.PixelData = pixels
        d["PixelData"].VR = "OW" if bits == 16 else "OB"
        return d

    def save(name, d):
        out = io.BytesIO()
        pydicom.dcmwrite(out, d, enforce_file_format=True)
        write("dicom", name, out.getvalue())

    def coded(form, **options):
        out = io.BytesIO()
        PIL.Image.fromarray(rgb).save(out, form, **options)
        return encapsulate([out.getvalue()])

    raw = rgb.tobytes()
    save("native.dcm", made(ExplicitVRLittleEndian, raw))
    save("implicit.dcm", made(ImplicitVRLittleEndian, raw))
    save("big_endian.dcm", made("1.2.840.10008.1.2.2", raw))
    save("deflated.dcm", made("1.2.840.10008.1.2.1.99", raw))
    save("frames.dcm", made(ExplicitVRLittleEndian, raw * 2, frames=2))
    grey = made(ExplicitVRLittleEndian, (rgb[..., 0].astype(numpy.uint16) * 16).tobytes(), "MONOCHROME2", bits=16)
    grey.BitsStored, grey.HighBit, grey.WindowCenter, grey.WindowWidth = 12, 11, 2048, 4096
    save("window.dcm", grey)
    palette = made(ExplicitVRLittleEndian, (rgb[..., 0] // 16).tobytes(), "PALETTE COLOR")
    for colour in ("Red", "Green", "Blue"):
        setattr(palette, f"{colour}PaletteColorLookupTableDescriptor", [16, 0, 16])
        setattr(palette, f"{colour}PaletteColorLookupTableData", numpy.arange(0, 65536, 4096, dtype=numpy.uint16).tobytes())
    save("palette.dcm", palette)
    rle = made(ExplicitVRLittleEndian, raw)
    rle.compress(RLELossless)
    save("rle.dcm", rle)
    save("jpeg.dcm", made("1.2.840.10008.1.2.4.50", coded("JPEG"), "YBR_FULL_422"))
    save("jpeg2000.dcm", made("1.2.840.10008.1.2.4.90", coded("JPEG2000", no_jp2=True, mct=1), "YBR_RCT"))
    save("jpeg2000_lossy.dcm", made("1.2.840.10008.1.2.4.91", coded("JPEG2000", irreversible=True, mct=1), "YBR_ICT"))
    write("dicom", "DICOMDIR", disc())


def disc():
    """The index of a disc with a photograph and a report."""
    import pydicom
    from pydicom.dataset import Dataset, FileMetaDataset
    from pydicom.uid import ExplicitVRLittleEndian

    def record(kind, file, sop_class):
        one = Dataset()
        one.OffsetOfTheNextDirectoryRecord = one.OffsetOfReferencedLowerLevelDirectoryEntity = 0
        one.RecordInUseFlag, one.DirectoryRecordType = 0xFFFF, kind
        one.ReferencedFileID, one.ReferencedSOPClassUIDInFile = file, sop_class
        return one

    index = Dataset()
    index.file_meta = FileMetaDataset()
    index.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    index.file_meta.MediaStorageSOPClassUID = "1.2.840.10008.1.3.10"
    index.file_meta.MediaStorageSOPInstanceUID = "1.2.3.5"
    index.FileSetID = "DISC"
    index.DirectoryRecordSequence = [
        record("IMAGE", ["DICOM", "0001", "IM000001"], "1.2.840.10008.5.1.4.1.1.77.1.5.1"),
        record("SR DOCUMENT", ["DICOM", "SR1"], "1.2.840.10008.5.1.4.1.1.88.11"),
    ]
    out = io.BytesIO()
    pydicom.dcmwrite(out, index, enforce_file_format=True)
    return out.getvalue()


def keras():
    import tempfile

    import keras
    from keras import layers

    version = "keras" + keras.__version__[0]
    keras.utils.set_random_seed(1)

    def small(activation="sigmoid", units=1):
        x = layers.Input((8, 8, 3), name="x")
        y = layers.Rescaling(1 / 127.5, -1)(x)
        y = layers.Conv2D(2, 3, padding="same", use_bias=False)(y)
        y = layers.BatchNormalization()(y)
        y = layers.ReLU(6.0)(y)
        y = layers.DepthwiseConv2D(3, padding="same")(y)
        z = layers.Conv2D(2, 1)(y)
        y = layers.Concatenate()([layers.Add()([y, z]), z])
        y = layers.GlobalAveragePooling2D()(y)
        return keras.Model(x, layers.Dense(units, activation=activation)(y))

    chain = keras.Sequential([
        layers.Input((8, 8, 3)),
        layers.ZeroPadding2D(1),
        layers.SeparableConv2D(2, 3, strides=2, activation="swish"),
        layers.MaxPooling2D(2),
        layers.Flatten(),
        layers.Dropout(0.5),
        layers.Dense(2, activation="softmax"),
    ])
    nested = keras.Sequential([layers.Input((8, 8, 3)), small("relu", 3), layers.Dense(1, name="age")])
    models = {"small": small(), "chain": chain, "nested": nested}
    with tempfile.TemporaryDirectory() as folder:
        for name, model in models.items():
            for ending in ("h5", "keras"):
                path = pathlib.Path(folder, f"{version}_{name}.{ending}")
                model.save(path)
                write(ending, path.name, path.read_bytes())
        path = pathlib.Path(folder, f"{version}_small.weights.h5")
        models["small"].save_weights(path)
        write("h5", path.name, path.read_bytes())


def onnx():
    from onnx import TensorProto, helper, numpy_helper

    random = numpy.random.default_rng(1)

    def weight(name, *shape):
        return numpy_helper.from_array(random.normal(0, 0.5, shape).astype(numpy.float32), name)

    def whole(name, nodes, weights, shape):
        x = helper.make_tensor_value_info("x", TensorProto.FLOAT, ["N", *shape])
        y = helper.make_tensor_value_info("y", TensorProto.FLOAT, ["N", 1])
        graph = helper.make_graph(nodes, "g", [x], [y], weights)
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
        write("onnx", name, model.SerializeToString())

    n = helper.make_node
    norm = [weight(f"n{at}", 2) for at in range(3)] + [numpy_helper.from_array(numpy.ones(2, numpy.float32), "n3")]
    whole("channels_first.onnx", [
        n("Conv", ["x", "k", "b"], ["c"], pads=[1, 1, 1, 1], kernel_shape=[3, 3]),
        n("BatchNormalization", ["c", "n0", "n1", "n2", "n3"], ["n"], epsilon=1e-3),
        n("Relu", ["n"], ["r"]),
        n("MaxPool", ["r"], ["m"], kernel_shape=[2, 2], strides=[2, 2]),
        n("GlobalAveragePool", ["m"], ["p"]),
        n("Flatten", ["p"], ["f"]),
        n("Gemm", ["f", "w", "d"], ["l"], transB=1),
        n("Sigmoid", ["l"], ["y"]),
    ], [weight("k", 2, 3, 3, 3), weight("b", 2), *norm, weight("w", 1, 2), weight("d", 1)], [3, 8, 8])
    pads = numpy_helper.from_array(numpy.array([0, 0, 1, 1, 0, 0, 1, 1], numpy.int64), "pads")
    whole("channels_last.onnx", [
        n("Transpose", ["x"], ["t"], perm=[0, 3, 1, 2]),
        n("Div", ["t", "by"], ["s"]),
        n("Pad", ["s", "pads"], ["e"]),
        n("Conv", ["e", "k"], ["c"], group=3, strides=[2, 2]),
        n("Clip", ["c", "low", "high"], ["r"]),
        n("Concat", ["r", "r"], ["d"], axis=1),
        n("ReduceMean", ["d"], ["p"], axes=[2, 3], keepdims=0),
        n("MatMul", ["p", "w"], ["y"]),
    ], [numpy_helper.from_array(numpy.float32([127.5]), "by"), pads, weight("k", 3, 1, 3, 3), weight("w", 6, 1),
        numpy_helper.from_array(numpy.float32(0), "low"), numpy_helper.from_array(numpy.float32(6), "high")], [8, 8, 3])


def archives():
    """Archives of the models in `tests/fixtures/keras/several_files_*.zip`."""
    import tarfile
    import zipfile

    fixtures = HERE.parents[1] / "fixtures" / "keras"
    for name, generation, members in [
        ("pair2.zip", 2, ["model.json", "model_weights.h5"]),
        ("pair3.zip", 3, ["model.json", "model.weights.h5"]),
        ("shards.zip", 3, ["model.json", "sharded.weights.json", "sharded_00000.weights.h5", "sharded_00001.weights.h5"]),
    ]:
        with zipfile.ZipFile(fixtures / f"several_files_{generation}.zip") as given:
            files = {member: given.read(member) for member in members}
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as packed:
            for member, data in files.items():
                packed.writestr(zipfile.ZipInfo(member, (2024, 1, 1, 0, 0, 0)), data, zipfile.ZIP_DEFLATED)
        write("archives", name, out.getvalue())
        if name != "pair2.zip":
            continue
        for name, form in [("pair2.tar", tarfile.USTAR_FORMAT), ("pair2.tar.gz", tarfile.GNU_FORMAT)]:
            out = io.BytesIO()
            with tarfile.open(fileobj=out, mode="w:gz" if name.endswith("gz") else "w", format=form) as packed:
                for member, data in files.items():
                    entry = tarfile.TarInfo(f"download/{member}")
                    entry.size = len(data)
                    packed.addfile(entry, io.BytesIO(data))
            write("tar", name, out.getvalue())


if __name__ == "__main__":
    {"pictures": pictures, "keras": keras, "onnx": onnx, "archives": archives}[sys.argv[1]]()
