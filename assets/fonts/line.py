"""Writes Line-en.ttf and Line-ja.ttf, which README.md describes: python3 assets/fonts/line.py (pip: fonttools)."""
import pathlib

from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.pens.transformPen import TransformPen
from fontTools.ttLib import TTFont

here = pathlib.Path(__file__).parent
text = TTFont(here / "BIZUDPGothic-Regular.ttf")
units = text["head"].unitsPerEm
stop = text.getBestCmap()[ord(".")]
advance = text["hmtx"][stop][0]
# The typeface has the glyphs of these two exchanged.
inequalities = {0x2264: "lessequal", 0x2265: "greaterequal"}
drawn = {"lessequal": text.getBestCmap()[0x2265], "greaterequal": text.getBestCmap()[0x2264]}
for name, characters in [("Line-en", {0x2026: "ellipsis"}), ("Line-ja", {})]:
    glyphs = text.getGlyphSet()
    pen = TTGlyphPen(None)
    for i in range(3):
        glyphs[stop].draw(TransformPen(pen, (1, 0, 0, 1, i * advance, 0)))
    outlines = {".notdef": TTGlyphPen(None).glyph(), "ellipsis": pen.glyph()}
    metrics = {".notdef": (0, 0), "ellipsis": (3 * advance, 0)}
    for glyph, source in drawn.items():
        pen = TTGlyphPen(None)
        glyphs[source].draw(pen)
        outlines[glyph] = pen.glyph()
        metrics[glyph] = text["hmtx"][source]
    built = FontBuilder(units, isTTF=True)
    built.setupGlyphOrder(list(outlines))
    built.setupCharacterMap(characters | inequalities)
    built.setupGlyf(outlines)
    built.setupHorizontalMetrics(metrics)
    # A line of 1.2 em, with the text in its middle.
    extra = (1.2 * units - (text["hhea"].ascent - text["hhea"].descent)) / 2
    built.setupHorizontalHeader(
        ascent=round(text["hhea"].ascent + extra), descent=round(text["hhea"].descent - extra)
    )
    built.setupNameTable(
        {
            "copyright": "Copyright 2022 The BIZ UDGothic Project Authors; derived from BIZ UDPGothic",
            "familyName": f"Gantei {name}",
            "styleName": "Regular",
            "licenseDescription": "SIL Open Font License 1.1",
        }
    )
    built.setupOS2()
    built.setupPost()
    built.save(here / f"{name}.ttf")
