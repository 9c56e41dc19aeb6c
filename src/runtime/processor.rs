//! The instruction sets of this processor.

/// The architecture and the instruction sets that decide how an engine computes, such as `x86_64 avx2 fma`.
pub fn instruction_sets() -> String {
    let mut found = vec![std::env::consts::ARCH];
    #[cfg(target_arch = "x86_64")]
    {
        macro_rules! add {
            ($($name:tt)*) => {
                $(if std::is_x86_feature_detected!($name) {
                    found.push($name);
                })*
            };
        }
        add!("sse4.1" "avx" "avx2" "fma" "f16c" "avxvnni" "avxvnniint8" "avx512f" "avx512bw" "avx512dq" "avx512vl" "avx512vnni" "avx512bf16" "avx512fp16");
    }
    #[cfg(target_arch = "aarch64")]
    {
        macro_rules! add {
            ($($name:tt)*) => {
                $(if std::arch::is_aarch64_feature_detected!($name) {
                    found.push($name);
                })*
            };
        }
        add!("fp16" "dotprod" "i8mm" "bf16" "sve" "sve2" "sme" "sme2");
    }
    found.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_architecture_is_named_first() {
        assert!(instruction_sets().starts_with(std::env::consts::ARCH));
    }
}
