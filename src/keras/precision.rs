//! Precisions other than float32: what a file states, and how its values become float32.
//!
//! Gantei computes in float32, whatever the precision in which a network was trained or saved, and names the precision
//! to the user.

use serde_json::Value;

/// IEEE 754 binary16, as in HDF5.
pub const FLOAT16: &str = "float16";
/// The upper half of a float32.
pub const BFLOAT16: &str = "bfloat16";
pub const FLOAT64: &str = "float64";

/// Precisions and policies of Keras that are computed in float32.
pub const OTHERS: [&str; 5] = [
    FLOAT16,
    BFLOAT16,
    FLOAT64,
    "mixed_float16",
    "mixed_bfloat16",
];

/// Types of whole numbers that an input layer may have: those that hold the values of a pixel, 0 to 255. Keras converts
/// the input to them, and the layer after it converts them to floating-point numbers.
pub const WHOLE_NUMBERS: [&str; 4] = ["uint8", "uint16", "int32", "int64"];

/// Whether a network with these precisions takes whole numbers, so that pixels must not be scaled before it.
pub fn takes_whole_numbers(precisions: &[String]) -> bool {
    precisions
        .iter()
        .any(|name| WHOLE_NUMBERS.contains(&name.as_str()))
}

/// Adds a name that is not there yet.
pub fn note(found: &mut Vec<&'static str>, name: &'static str) {
    if !found.contains(&name) {
        found.push(name);
    }
}

/// The name of a dtype or policy in a configuration; `None` if it is an object of another kind.
pub fn name_of(dtype: &Value) -> Option<&str> {
    match dtype {
        Value::Object(policy) => policy.get("config")?.get("name")?.as_str(),
        other => other.as_str(),
    }
}

/// The value of a float16.
pub fn from_float16(bits: u16) -> f32 {
    let magnitude = match (bits >> 10 & 0x1f, f32::from(bits & 0x3ff)) {
        (0, fraction) => fraction * 2_f32.powi(-24),
        (31, 0.0) => f32::INFINITY,
        (31, _) => f32::NAN,
        (exponent, fraction) => (1.0 + fraction / 1024.0) * 2_f32.powi(i32::from(exponent) - 15),
    };
    if bits >> 15 == 0 {
        magnitude
    } else {
        -magnitude
    }
}

/// The value of a bfloat16.
pub fn from_bfloat16(bits: u16) -> f32 {
    f32::from_bits(u32::from(bits) << 16)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_have_the_values_that_ieee_754_gives_them() {
        for (bits, value) in [
            (0x0000, 0.0),
            (0x3c00, 1.0),
            (0xc000, -2.0),
            (0x7bff, 65504.0),
            (0x0001, 5.960_464_5e-8),
            (0x03ff, 6.097_555e-5),
            (0x3555, 0.333_251_95),
            (0xfc00, f32::NEG_INFINITY),
        ] {
            assert_eq!(from_float16(bits), value, "{bits:#x}");
        }
        assert!(from_float16(0x7e00).is_nan());
        assert_eq!(from_float16(0x8000).to_bits(), (-0.0_f32).to_bits());
        assert_eq!(from_bfloat16(0x3f80), 1.0);
        assert_eq!(from_bfloat16(0xc040), -3.0);
    }
}
