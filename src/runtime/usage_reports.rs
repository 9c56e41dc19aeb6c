//! Keeps ONNX Runtime from reporting usage.
//!
//! From version 1.31, its builds for Linux and macOS send events about the process, models and errors to Microsoft and
//! keep an identifier of the machine in the user's cache, unless a variable of the environment forbids it before the
//! library is loaded: the option of its interface comes too late. Nothing of this application goes over a network, so the
//! library is loaded only where the variable is set.
#![expect(
    unsafe_code,
    reason = "the standard library has no safe way to set a variable of the environment"
)]

/// The names of the variable: that of 1.31, and that of later versions.
const VARIABLES: [&str; 2] = ["ORT_DISABLE_TELEMETRY", "ORT_TELEMETRY_DISABLED"];

/// Forbids usage reports for this process and those that it starts.
///
/// # Safety
/// No other thread of the process may be running.
pub unsafe fn forbid() {
    for name in VARIABLES {
        // SAFETY: without another thread nothing reads the environment meanwhile.
        unsafe { std::env::set_var(name, "1") };
    }
}

/// Whether usage reports are forbidden.
///
/// # Errors
/// What to set.
pub(super) fn check_forbidden() -> Result<(), String> {
    let is_set = |name: &str| std::env::var_os(name).is_some_and(|value| value == "1");
    match VARIABLES.into_iter().find(|name| !is_set(name)) {
        None => Ok(()),
        Some(name) => Err(format!(
            "its usage reports are not forbidden; set {name}=1 before the start"
        )),
    }
}
