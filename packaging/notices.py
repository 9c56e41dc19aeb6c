"""Third-party notices from `cargo metadata` on standard input: every crate that is compiled into the executable, by the
text of its licence."""

import json
import pathlib
import re
import sys

KEPT = re.compile(r"^(licen[cs]e|copying|copyright|notice|unlicense|authors)", re.I)
NO_TEXT = {".rs", ".toml", ".html", ".svg", ".json"}


def inside(metadata):
    """Crates that the executable is made of: not those that only build or test it, and no macros."""
    nodes = {node["id"]: node for node in metadata["resolve"]["nodes"]}
    packages = {package["id"]: package for package in metadata["packages"]}
    seen, todo = set(), [metadata["resolve"]["root"]]
    while todo:
        one = todo.pop()
        if one in seen or any("proc-macro" in t["kind"] for t in packages[one]["targets"]):
            continue
        seen.add(one)
        for dependency in nodes[one]["deps"]:
            if any(kind["kind"] is None for kind in dependency["dep_kinds"]):
                todo.append(dependency["pkg"])
    seen.discard(metadata["resolve"]["root"])
    return sorted((packages[one] for one in seen), key=lambda p: (p["name"], p["version"]))


def texts(package):
    """Files of its licence, as they lie in its source."""
    folder = pathlib.Path(package["manifest_path"]).parent
    found = {p for p in folder.iterdir() if KEPT.match(p.name)}
    found |= {p for p in folder.glob("LICENSE*/*")} | {p for p in folder.glob("licenses/*")}
    if package.get("license_file"):
        found.add(folder / package["license_file"])
    files = [p for p in sorted(found) if p.is_file() and p.suffix.lower() not in NO_TEXT]
    read = (p.read_text(encoding="utf-8", errors="replace").replace("\r\n", "\n") for p in files)
    return [text.strip("\n").rstrip() for text in read if text.strip()]


def of_siblings(package, packages):
    """Of a crate that comes without its text, that of another crate of the same repository under the same licence."""
    same = [p for p in packages if p["repository"] and (p["repository"], p["license"]) == (package["repository"], package["license"])]
    return next((found for found in map(texts, same) if found), [])


def standard(package):
    """Of a crate that comes without its text, that of its licence with the names that its manifest gives."""
    licence = package["license"] or ""
    names = ", ".join(re.sub(r"\s*<.*?>", "", a) for a in package["authors"])
    names = names or f"the authors of {package['name']}"
    if "MIT" in licence:
        text = pathlib.Path("LICENSE-MIT").read_text()
        return [re.sub(r"Copyright.*", f"Copyright (c) {names}", text, count=1).strip()]
    if "Apache-2.0" in licence:
        return [pathlib.Path("LICENSE-APACHE").read_text().strip()]
    if licence == "CC0-1.0":
        # Dedicated to the public: no text has to be kept.
        return ["CC0 1.0 Universal: https://creativecommons.org/publicdomain/zero/1.0/legalcode"]
    if licence == "BSL-1.0":
        # Asks for its text beside source code, not beside what was compiled of it.
        return ["Boost Software License 1.0: https://www.boost.org/LICENSE_1_0.txt"]
    return []


def main():
    by_text, bare = {}, []
    packages = inside(json.load(sys.stdin))
    for package in packages:
        found = texts(package) or of_siblings(package, packages) or standard(package)
        if not found:
            bare.append(f"{package['name']} {package['version']} ({package['license']})")
        for text in found:
            by_text.setdefault(text, []).append(package)
    if bare:
        sys.exit("notices: no text of a licence for " + ", ".join(bare))
    line = "=" * 100
    print("Gantei holds the works below, each under its own licence.\n")
    for package in packages:
        where = package["repository"] or package["homepage"] or ""
        print(f"  {package['name']} {package['version']}  {package['license'] or 'see below'}  {where}".rstrip())
    for work, file in [
        ("BIZ UDPGothic and fonts derived from it, SIL Open Font License 1.1", "assets/fonts/OFL.txt"),
        ("Phosphor Icons, MIT", "assets/fonts/Phosphor-LICENSE.txt"),
        ("The sample photograph, CC0 1.0", "assets/samples/README.md"),
    ]:
        print(f"\n{line}\n{work}\n{line}\n\n{pathlib.Path(file).read_text().strip()}")
    for text, of in sorted(by_text.items(), key=lambda item: (item[1][0]["name"], item[0])):
        names = ", ".join(dict.fromkeys(f"{p['name']} {p['version']}" for p in of))
        print(f"\n{line}\n{names}\n{line}\n\n{text}")
    print(f"{len(packages)} crates, {len(by_text)} texts", file=sys.stderr)


main()
