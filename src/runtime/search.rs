//! Where an ONNX Runtime library may be located, in search order.
//!
//! setting → `ORT_DYLIB_PATH` → next to the executable → the application's runtime folder → Python environments. The
//! working directory is never searched, and only absolute paths count: a stray library must not be loaded. Folders are
//! listed through a function argument, since the file system belongs to another module.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use serde::Serialize;

use super::Device;

/// Lists a folder: full paths of its entries in any order; empty if the folder does not exist.
pub type List<'a> = &'a dyn Fn(&Path) -> Vec<PathBuf>;

/// Where a library was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Origin {
    Setting,
    OrtDylibPath,
    BesideExecutable,
    RuntimeFolder,
    Python,
}

/// A library file that may be loaded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// Absolute.
    pub path: PathBuf,
    pub origin: Origin,
}

/// The result of a search, each list in the order of trial.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SearchResult {
    /// ONNX Runtime libraries.
    pub libraries: Vec<Candidate>,
    /// Plug-in libraries, each with one execution provider.
    pub plugins: Vec<Candidate>,
    /// Places named by the user that cannot be used, with the reason.
    pub refused: Vec<(Candidate, String)>,
}

/// The places of this machine and user.
#[derive(Clone, Debug, Default)]
pub struct Places {
    /// The user's setting: a library, or a folder that contains one.
    pub setting: Option<PathBuf>,
    /// `ORT_DYLIB_PATH`: likewise.
    pub ort_dylib_path: Option<PathBuf>,
    /// The folder of the executable.
    pub executable_folder: Option<PathBuf>,
    /// The application's folder of installed libraries, with one subfolder each.
    pub runtime_folder: Option<PathBuf>,
    /// Roots of active Python environments, such as `$VIRTUAL_ENV`.
    pub python_environments: Vec<PathBuf>,
    /// Folders whose `python*` entries hold the packages of the user and of the system.
    pub python_roots: Vec<PathBuf>,
}

impl Places {
    /// The places given by the environment of this process. `setting` and `runtime_folder` come from storage.
    pub fn of_this_process(setting: Option<PathBuf>, runtime_folder: Option<PathBuf>) -> Self {
        let folder = |name: &str| {
            std::env::var_os(name)
                .filter(|value| !value.is_empty())
                .map(PathBuf::from)
        };
        let executable = std::env::current_exe().ok();
        Self {
            setting,
            ort_dylib_path: folder("ORT_DYLIB_PATH"),
            executable_folder: executable.and_then(|path| path.parent().map(Path::to_path_buf)),
            runtime_folder,
            python_environments: ["VIRTUAL_ENV", "CONDA_PREFIX"]
                .into_iter()
                .filter_map(folder)
                .collect(),
            python_roots: python_roots(&folder),
        }
    }
}

/// Everything that may be loaded, in order.
pub fn find(places: &Places, list: List<'_>) -> SearchResult {
    let mut found = SearchResult::default();
    named(places.setting.as_deref(), Origin::Setting, list, &mut found);
    named(
        places.ort_dylib_path.as_deref(),
        Origin::OrtDylibPath,
        list,
        &mut found,
    );
    if let Some(folder) = &places.executable_folder {
        take_folder(folder, Origin::BesideExecutable, list, &mut found);
    }
    if let Some(folder) = &places.runtime_folder {
        take_folder(folder, Origin::RuntimeFolder, list, &mut found);
        let mut installed = list(folder);
        // A hidden folder is still being written.
        installed.retain(|path| !name_of(path).starts_with('.'));
        installed.sort_by_key(|path| std::cmp::Reverse(installed_rank(path)));
        for folder in installed {
            take_folder(&folder, Origin::RuntimeFolder, list, &mut found);
        }
    }
    for packages in site_packages(places, list) {
        take_folder(
            &packages.join("onnxruntime").join("capi"),
            Origin::Python,
            list,
            &mut found,
        );
        let mut plugins = list(&packages);
        plugins.retain(|path| name_of(path).starts_with("onnxruntime_ep_"));
        plugins.sort();
        for folder in plugins {
            take_folder(&folder, Origin::Python, list, &mut found);
        }
    }
    found
}

/// The provider of a plug-in library, by its file name; `None` for any other file.
pub fn plugin_device(path: &Path) -> Option<Device> {
    let name = name_of(path);
    let provider = name
        .strip_prefix("lib")
        .unwrap_or(name)
        .strip_prefix("onnxruntime_providers_")?;
    if !is_library_name(name) {
        return None;
    }
    let marked = provider.contains("plugin");
    let starts = |word: &str| provider.starts_with(word);
    match provider {
        _ if starts("webgpu") => Some(Device::WebGpu),
        _ if marked && starts("openvino") => Some(Device::OpenVino),
        _ if marked && starts("cuda") => Some(Device::Cuda),
        _ if marked && starts("migraphx") => Some(Device::MiGraphX),
        _ => None,
    }
}

/// True for file names of the ONNX Runtime library itself, with or without a version.
pub fn is_onnx_runtime_name(name: &str) -> bool {
    let rest = |prefix: &str| name.strip_prefix(prefix);
    let version = |text: &str| text.chars().all(|c| c.is_ascii_digit() || c == '.');
    name.eq_ignore_ascii_case("onnxruntime.dll")
        || rest("libonnxruntime.so").is_some_and(version)
        || rest("libonnxruntime.")
            .is_some_and(|tail| tail.strip_suffix("dylib").is_some_and(version))
}

/// True for the name of a shared library on any platform.
pub fn is_library_name(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    lower.ends_with(".dll")
        || lower.ends_with(".dylib")
        || lower.ends_with(".so")
        || lower.contains(".so.")
}

/// A place named by the user: a file is taken as it is, a folder is searched.
fn named(path: Option<&Path>, origin: Origin, list: List<'_>, found: &mut SearchResult) {
    let Some(path) = path else { return };
    let candidate = Candidate {
        path: path.to_path_buf(),
        origin,
    };
    if !path.is_absolute() {
        found
            .refused
            .push((candidate, "the path is not absolute".to_owned()));
        return;
    }
    let before = found.libraries.len();
    take_folder(path, origin, list, found);
    take_folder(&path.join("capi"), origin, list, found);
    if found.libraries.len() == before {
        found.libraries.push(candidate);
        if let Some(folder) = path.parent() {
            take_plugins(folder, origin, list, found);
        }
    }
}

fn take_folder(folder: &Path, origin: Origin, list: List<'_>, found: &mut SearchResult) {
    if !folder.is_absolute() {
        return;
    }
    let mut libraries = list(folder);
    libraries.retain(|path| is_onnx_runtime_name(name_of(path)));
    libraries.sort_by_key(|path| std::cmp::Reverse(numbers(name_of(path))));
    for path in libraries {
        push_new(&mut found.libraries, Candidate { path, origin });
    }
    take_plugins(folder, origin, list, found);
}

/// If files differ only in the version after `.so`, the shortest name is taken.
fn take_plugins(folder: &Path, origin: Origin, list: List<'_>, found: &mut SearchResult) {
    let mut plugins = list(folder);
    plugins.retain(|path| plugin_device(path).is_some());
    plugins.sort_by_key(|path| (name_of(path).len(), path.clone()));
    let mut seen = Vec::new();
    for path in plugins {
        let device = plugin_device(&path);
        if !seen.contains(&device) {
            seen.push(device);
            push_new(&mut found.plugins, Candidate { path, origin });
        }
    }
}

fn push_new(list: &mut Vec<Candidate>, candidate: Candidate) {
    if list.iter().all(|known| known.path != candidate.path) {
        list.push(candidate);
    }
}

/// Folders with Python packages: active environments, then the user's, then the system's; newer versions first.
fn site_packages(places: &Places, list: List<'_>) -> Vec<PathBuf> {
    let mut folders = Vec::new();
    for environment in &places.python_environments {
        folders.push(environment.join("Lib").join("site-packages"));
        for lib in ["lib", "lib64"] {
            folders.extend(below_pythons(&environment.join(lib), list));
        }
    }
    for root in &places.python_roots {
        folders.extend(below_pythons(root, list));
    }
    folders.retain(|folder| folder.is_absolute());
    folders
}

/// `root/python3.12/site-packages` and its forms on Debian, macOS and Windows.
fn below_pythons(root: &Path, list: List<'_>) -> Vec<PathBuf> {
    let mut pythons = list(root);
    pythons.retain(|path| {
        let name = name_of(path).to_ascii_lowercase();
        name.starts_with("python") || name.starts_with("3.")
    });
    pythons.sort_by_key(|path| std::cmp::Reverse(numbers(name_of(path))));
    let forms: [&[&str]; 5] = [
        &["site-packages"],
        &["dist-packages"],
        &["Lib", "site-packages"],
        &["lib", "python", "site-packages"],
        &["lib", "site-packages"],
    ];
    pythons
        .iter()
        .flat_map(|python| {
            forms.map(|form| {
                form.iter()
                    .fold(python.clone(), |path, part| path.join(part))
            })
        })
        .collect()
}

fn python_roots(folder: &dyn Fn(&str) -> Option<PathBuf>) -> Vec<PathBuf> {
    let mut roots = Vec::new();
    if cfg!(windows) {
        roots.extend(folder("APPDATA").map(|path| path.join("Python")));
        roots.extend(folder("LOCALAPPDATA").map(|path| path.join("Programs").join("Python")));
        roots.extend(folder("ProgramFiles"));
    } else {
        let home = folder("HOME");
        if cfg!(target_os = "macos") {
            roots.extend(home.as_ref().map(|path| path.join("Library/Python")));
            roots.push(PathBuf::from("/opt/homebrew/lib"));
        }
        roots.extend(home.map(|path| path.join(".local/lib")));
        roots.extend(["/usr/local/lib", "/usr/lib", "/usr/lib64"].map(PathBuf::from));
    }
    roots
}

/// Sorts the application's folders: builds that the user chose explicitly (`onnxruntime_gpu-1.31.1`) before the plain
/// one (`1.31.1`), newer before older.
fn installed_rank(folder: &Path) -> (bool, Vec<u64>, String) {
    let name = name_of(folder);
    let chosen = !name.starts_with(|c: char| c.is_ascii_digit());
    let version = name.rsplit_once('-').map_or(name, |(_, version)| version);
    (chosen, numbers(version), name.to_owned())
}

/// The numbers in a name, for sorting by version: `libonnxruntime.so.1.31.1` gives 1, 31, 1.
fn numbers(name: &str) -> Vec<u64> {
    name.split(|c: char| !c.is_ascii_digit())
        .filter_map(|part| part.parse().ok())
        .collect()
}

fn name_of(path: &Path) -> &str {
    path.file_name().and_then(OsStr::to_str).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A file system of a few files: lists the direct children of a folder.
    fn files(paths: &'static [&'static str]) -> impl Fn(&Path) -> Vec<PathBuf> {
        move |folder| {
            let mut children = Vec::new();
            for path in paths {
                if let Ok(rest) = Path::new(path).strip_prefix(folder)
                    && let Some(first) = rest.components().next()
                {
                    let child = folder.join(first);
                    if !children.contains(&child) {
                        children.push(child);
                    }
                }
            }
            children
        }
    }

    fn shown(list: &[Candidate]) -> Vec<(Origin, String)> {
        list.iter()
            .map(|c| (c.origin, c.path.to_string_lossy().replace('\\', "/")))
            .collect()
    }

    #[cfg(unix)]
    #[test]
    fn places_are_tried_in_order() {
        let list = files(&[
            "/set/libonnxruntime.so.1.25.0",
            "/dylib/libonnxruntime.so",
            "/app/libonnxruntime.so.1.31.1",
            "/app/libonnxruntime_providers_shared.so",
            "/data/1.30.0/libonnxruntime.so.1.30.0",
            "/data/.part-1/libonnxruntime.so.1.99.0",
            "/data/1.31.1/libonnxruntime.so.1.31.1",
            "/data/onnxruntime_gpu-1.24.4/libonnxruntime.so.1.24.4",
            "/data/onnxruntime_gpu-1.24.4/libonnxruntime_providers_cuda.so",
            "/venv/lib/python3.11/site-packages/onnxruntime/capi/libonnxruntime.so.1.31.1",
            "/venv/lib/python3.11/site-packages/onnxruntime_ep_openvino/libonnxruntime_providers_openvino_plugin.so",
            "/venv/lib/python3.11/site-packages/onnxruntime_ep_openvino/libonnxruntime_providers_openvino_plugin.so.1",
            "/venv/lib/python3.11/site-packages/onnxruntime_ep_webgpu/libonnxruntime_providers_webgpu.so",
            "/usr/lib/python3/dist-packages/onnxruntime/capi/libonnxruntime.so.1.31.1",
            "/usr/lib/python3.9/site-packages/onnxruntime/capi/libonnxruntime.so.1.24.0",
            "/usr/lib/python3.12/site-packages/onnxruntime/capi/libonnxruntime.so.1.26.0",
        ]);
        let places = Places {
            setting: Some("/set".into()),
            ort_dylib_path: Some("/dylib/libonnxruntime.so".into()),
            executable_folder: Some("/app".into()),
            runtime_folder: Some("/data".into()),
            python_environments: vec!["/venv".into()],
            python_roots: vec!["/usr/lib".into()],
        };
        let found = find(&places, &list);
        let order = [
            (Origin::Setting, "/set/libonnxruntime.so.1.25.0"),
            (Origin::OrtDylibPath, "/dylib/libonnxruntime.so"),
            (Origin::BesideExecutable, "/app/libonnxruntime.so.1.31.1"),
            (
                Origin::RuntimeFolder,
                "/data/onnxruntime_gpu-1.24.4/libonnxruntime.so.1.24.4",
            ),
            (
                Origin::RuntimeFolder,
                "/data/1.31.1/libonnxruntime.so.1.31.1",
            ),
            (
                Origin::RuntimeFolder,
                "/data/1.30.0/libonnxruntime.so.1.30.0",
            ),
            (
                Origin::Python,
                "/venv/lib/python3.11/site-packages/onnxruntime/capi/libonnxruntime.so.1.31.1",
            ),
            (
                Origin::Python,
                "/usr/lib/python3.12/site-packages/onnxruntime/capi/libonnxruntime.so.1.26.0",
            ),
            (
                Origin::Python,
                "/usr/lib/python3.9/site-packages/onnxruntime/capi/libonnxruntime.so.1.24.0",
            ),
            (
                Origin::Python,
                "/usr/lib/python3/dist-packages/onnxruntime/capi/libonnxruntime.so.1.31.1",
            ),
        ];
        assert_eq!(
            shown(&found.libraries),
            order.map(|(origin, path)| (origin, path.to_owned()))
        );
        let plugins = [
            "/venv/lib/python3.11/site-packages/onnxruntime_ep_openvino/libonnxruntime_providers_openvino_plugin.so",
            "/venv/lib/python3.11/site-packages/onnxruntime_ep_webgpu/libonnxruntime_providers_webgpu.so",
        ];
        assert_eq!(
            shown(&found.plugins),
            plugins.map(|path| (Origin::Python, path.to_owned()))
        );
    }

    #[test]
    fn relative_places_are_refused() {
        let list = |_: &Path| vec![PathBuf::from("./libonnxruntime.so")];
        let places = Places {
            setting: Some("libonnxruntime.so".into()),
            ort_dylib_path: Some("./lib".into()),
            executable_folder: Some(".".into()),
            runtime_folder: Some("runtime".into()),
            python_environments: vec!["venv".into()],
            python_roots: vec!["lib".into()],
        };
        let found = find(&places, &list);
        assert_eq!(found.libraries, []);
        assert_eq!(found.plugins, []);
        assert_eq!(found.refused.len(), 2);
    }

    #[test]
    fn names_of_the_library_and_of_plugins() {
        for name in [
            "libonnxruntime.so",
            "libonnxruntime.so.1",
            "libonnxruntime.so.1.31.1",
            "libonnxruntime.dylib",
            "libonnxruntime.1.31.1.dylib",
            "onnxruntime.dll",
        ] {
            assert!(is_onnx_runtime_name(name), "{name}");
        }
        for name in [
            "libonnxruntime_providers_shared.so",
            "libonnxruntime.so.1.part",
            "libonnxruntime.txt",
            "onnxruntime_pybind11_state.so",
            "myonnxruntime.dll",
        ] {
            assert!(!is_onnx_runtime_name(name), "{name}");
        }
        let device = |name: &str| plugin_device(Path::new(name));
        assert_eq!(
            device("libonnxruntime_providers_openvino_plugin.so"),
            Some(Device::OpenVino)
        );
        assert_eq!(
            device("onnxruntime_providers_webgpu.dll"),
            Some(Device::WebGpu)
        );
        assert_eq!(device("libonnxruntime_providers_cuda.so"), None);
        assert_eq!(device("libonnxruntime_providers_shared.so"), None);
        assert_eq!(device("onnxruntime_providers_webgpu.txt"), None);
    }
}
