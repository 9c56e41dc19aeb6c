//! Writes a page as SVG: text as text, pictures inside as PNG.

use std::fmt::Write;

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;

use super::{Colour, DPI, Letters, Mark, Page, Sampling, reduced};
use crate::domain::Lang;
use crate::export::png;

/// Typefaces in order of preference; every line has its laid-out width in whichever is installed.
const FAMILIES: &str = "'BIZ UDPGothic', 'BIZ UDGothic', 'Noto Sans CJK JP', 'Hiragino Sans', 'Yu Gothic', Meiryo, sans-serif";

/// The bytes of an SVG file. Its title is `title`, which must not name a person.
pub fn write(page: &Page, title: &str) -> Result<Vec<u8>, png::Error> {
    let mut svg = String::new();
    let lang = match page.lang {
        Lang::En => "en",
        Lang::Ja => "ja",
    };
    let (width, height) = (number(page.width), number(page.height));
    let millimetres = |points: f32| number(points / super::POINTS_PER_MM);
    let (wide, high) = (millimetres(page.width), millimetres(page.height));
    svg.push_str("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    put(
        &mut svg,
        format_args!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" xmlns:xlink=\"http://www.w3.org/1999/xlink\" \
             width=\"{wide}mm\" height=\"{high}mm\" viewBox=\"0 0 {width} {height}\" xml:lang=\"{lang}\" \
             font-family=\"{FAMILIES}\">\n<title>{}</title>\n\
             <rect width=\"{width}\" height=\"{height}\" fill=\"{}\"/>\n",
            escaped(title),
            hex(page.ground.colour()),
        ),
    );
    for mark in page.drawn() {
        put_mark(&mut svg, mark)?;
    }
    svg.push_str("</svg>\n");
    Ok(svg.into_bytes())
}

fn put(svg: &mut String, text: std::fmt::Arguments) {
    // A string takes everything.
    let _ = svg.write_fmt(text);
}

fn put_mark(svg: &mut String, mark: &Mark) -> Result<(), png::Error> {
    match mark {
        Mark::Text {
            x,
            baseline,
            size,
            text,
            ink,
        } => {
            let wide = Letters::new(*size).width(text);
            if wide > 0.0 && !text.trim().is_empty() {
                put(
                    svg,
                    format_args!(
                        "<text x=\"{}\" y=\"{}\" font-size=\"{}\" fill=\"{}\" textLength=\"{}\" \
                         lengthAdjust=\"spacingAndGlyphs\" xml:space=\"preserve\">{}</text>\n",
                        number(*x),
                        number(*baseline),
                        number(*size),
                        hex(*ink),
                        number(wide),
                        escaped(text),
                    ),
                );
            }
        }
        Mark::Picture {
            at,
            pixels,
            sampling,
        } => {
            let small = reduced(pixels, at, *sampling, DPI);
            let rendering = match sampling {
                Sampling::Smooth => "auto",
                Sampling::Cells => "pixelated",
            };
            put(
                svg,
                format_args!(
                    "<image x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" preserveAspectRatio=\"none\" \
                     style=\"image-rendering:{rendering}\" xlink:href=\"data:image/png;base64,{}\"/>\n",
                    number(at.left),
                    number(at.top),
                    number(at.width),
                    number(at.height),
                    BASE64.encode(png::encode(&small)?),
                ),
            );
        }
        Mark::Fill { at, ink } => put(
            svg,
            format_args!(
                "<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" fill=\"{}\"/>\n",
                number(at.left),
                number(at.top),
                number(at.width),
                number(at.height),
                hex(*ink),
            ),
        ),
        Mark::Line {
            points,
            closed,
            width,
            dash,
            ink,
        } => {
            let element = if *closed { "polygon" } else { "polyline" };
            let path: Vec<String> = points
                .iter()
                .map(|&[x, y]| format!("{},{}", number(x), number(y)))
                .collect();
            let dash = dash.map_or_else(String::new, |[on, off]| {
                format!(" stroke-dasharray=\"{} {}\"", number(on), number(off))
            });
            put(
                svg,
                format_args!(
                    "<{element} points=\"{}\" fill=\"none\" stroke=\"{}\" stroke-width=\"{}\"{dash}/>\n",
                    path.join(" "),
                    hex(*ink),
                    number(*width),
                ),
            );
        }
        Mark::Circle {
            centre: [x, y],
            radius,
            width,
            ink,
        } => {
            let (x, y, radius, ink) = (number(*x), number(*y), number(*radius), hex(*ink));
            let paint = match width {
                Some(width) => {
                    let width = number(*width);
                    format!("fill=\"none\" stroke=\"{ink}\" stroke-width=\"{width}\"")
                }
                None => format!("fill=\"{ink}\""),
            };
            put(
                svg,
                format_args!("<circle cx=\"{x}\" cy=\"{y}\" r=\"{radius}\" {paint}/>\n"),
            );
        }
    }
    Ok(())
}

/// At most three decimals, 0 for what is no number.
fn number(value: f32) -> String {
    if !value.is_finite() {
        return "0".to_owned();
    }
    let text = format!("{value:.3}");
    let short = text.trim_end_matches('0').trim_end_matches('.');
    match short {
        "-0" => "0".to_owned(),
        short => short.to_owned(),
    }
}

fn hex([r, g, b]: Colour) -> String {
    format!("#{r:02x}{g:02x}{b:02x}")
}

/// Text as XML takes it: its own signs escaped, and no characters that it forbids.
fn escaped(text: &str) -> String {
    let mut written = String::with_capacity(text.len());
    for letter in Letters::new(1.0).visible(text).chars() {
        match letter {
            '&' => written.push_str("&amp;"),
            '<' => written.push_str("&lt;"),
            '>' => written.push_str("&gt;"),
            '"' => written.push_str("&quot;"),
            letter => written.push(letter),
        }
    }
    written
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_cannot_break_out_of_their_text() {
        let hostile = "a\u{0}\u{8}<b a=\"1\">&\u{202e}\u{ffff}眼";
        assert_eq!(escaped(hostile), "a  &lt;b a=&quot;1&quot;&gt;&amp;  眼");
    }

    #[test]
    fn numbers_are_short() {
        let written = [1.0, 0.5, -0.0001, 1234.5678, f32::NAN].map(number);
        assert_eq!(written, ["1", "0.5", "0", "1234.568", "0"]);
    }
}
