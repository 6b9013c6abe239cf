"""What lies beside the program in a release, made from `cargo metadata` and nothing else, the same bytes each time.

    release/parts.py licences OUT [COPYRIGHT…]   the licences of all that is built in, and these files of Debian
    release/parts.py sbom OUT                    CycloneDX 1.5 (JSON)
    release/parts.py pack FOLDER OUT.tar.gz|.zip a folder, sorted, dated by SOURCE_DATE_EPOCH
"""

import gzip
import hashlib
import io
import json
import os
import re
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from datetime import datetime, timezone
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TARGETS = ["x86_64-unknown-linux-gnu", "aarch64-unknown-linux-gnu", "x86_64-pc-windows-gnu", "wasm32-wasip1"]
# The program of a crate that is built in; what only tests or build scripts use is not.
TEXTS = re.compile(r"(?i)^(licen[cs]e|copying|notice|unlicense|copyright)")


def crates() -> tuple[dict, list[dict], dict[str, list[str]]]:
    """The package itself, the crates that are built into it for any target, by name, and which needs which."""
    arguments = ["cargo", "metadata", "--locked", "--format-version", "1"]
    arguments += [word for target in TARGETS for word in ("--filter-platform", target)]
    found = json.loads(subprocess.run(arguments, cwd=ROOT, check=True, capture_output=True).stdout)
    packages = {package["id"]: package for package in found["packages"]}
    nodes = {node["id"]: node for node in found["resolve"]["nodes"]}
    root = found["resolve"]["root"]
    needs: dict[str, list[str]] = {}
    waiting = [root]
    while waiting:
        name = waiting.pop()
        if name in needs:
            continue
        kinds = lambda edge: any(kind["kind"] is None for kind in edge["dep_kinds"])
        needs[name] = sorted(edge["pkg"] for edge in nodes[name]["deps"] if kinds(edge))
        waiting += needs[name]
    built = sorted((packages[name] for name in needs if name != root), key=lambda p: (p["name"], p["version"]))
    return packages[root], built, needs


def page_modules() -> list[tuple[str, str, str]]:
    """The npm packages that are built into the page: name, version, licence."""
    packages = json.loads((ROOT / "desk" / "package-lock.json").read_text())["packages"]
    named = [(f"node_modules/{name}", name) for name in sorted(packages[""].get("dependencies", {}))]
    return [(name, packages[path]["version"], packages[path]["license"]) for path, name in named]


def texts_of(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if path.is_file() and TEXTS.match(path.name))


def read(path: Path) -> str:
    return path.read_text("utf-8", "replace").replace("\r\n", "\n").strip() + "\n"


def without_text(package: dict, built: list[dict]) -> str:
    """The licence of a crate that comes without its text: that of another of the same repository, that at the head of its
    source, or the usual one in the name of its authors."""
    folder = Path(package["manifest_path"]).parent
    for other in built:
        beside = Path(other["manifest_path"]).parent
        if package["repository"] and other["repository"] == package["repository"] and texts_of(beside):
            return read(texts_of(beside)[0])
    head = re.match(r"/\*(.*?)\*/", read(folder / "src" / "lib.rs"), re.S)
    if head and "Permission is hereby granted" in head[1]:
        return "\n".join(re.sub(r"^ \* ?", "", line).rstrip() for line in head[1].strip().splitlines()) + "\n"
    if package["license"] == "MIT":
        return re.sub(r"(?m)^Copyright .*$", f"Copyright (c) the authors of {package['name']}, {package['repository']}", read(ROOT / "LICENSE-MIT"), count=1)
    sys.exit(f"{package['name']}: under {package['license']}, and no text comes with it")


def licences(out: Path, more: list[Path]) -> None:
    root, built, _ = crates()
    texts: dict[str, list[str]] = {}
    for package in built:
        name = f"{package['name']} {package['version']} ({package['license'] or 'see its text'})"
        folder = Path(package["manifest_path"]).parent
        files = texts_of(folder)
        if not files:
            texts.setdefault(without_text(package, built), []).append(name)
        for path in files:
            texts.setdefault(read(path), []).append(f"{name}: {path.name}")
    # Of the two licences that the modules of the page may be used under, the one whose text is the same for all.
    for name, version, licence in page_modules():
        if "Apache-2.0" not in licence:
            sys.exit(f"{name}: under {licence}, whose text is not here")
        texts.setdefault(read(ROOT / "LICENSE-APACHE"), []).append(f"{name} {version} ({licence}), in the page")
    for path in more:
        texts.setdefault(path.read_text("utf-8", "replace").strip() + "\n", []).append(f"{path.parent.name} (Debian)")
    line = "=" * 80
    parts = [f"duban {root['version']} is under {root['license']}. What is built into it, and under which licence:\n"]
    parts += [f"{line}\n" + "\n".join(names) + f"\n{line}\n\n{text}" for text, names in sorted(texts.items(), key=lambda item: item[1])]
    out.write_text("\n".join(parts), "utf-8")
    print(f"{out}: {len(built)} crates, {len(texts)} texts")


def sbom(out: Path) -> None:
    root, built, needs = crates()
    lock = tomllib.loads((ROOT / "Cargo.lock").read_text())
    hashes = {(package["name"], package["version"]): package.get("checksum") for package in lock["package"]}
    purl = lambda package: f"pkg:cargo/{package['name']}@{package['version']}"
    by_id = {package["id"]: package for package in [root, *built]}

    def component(package: dict, kind: str) -> dict:
        found = {"type": kind, "bom-ref": purl(package), "name": package["name"], "version": package["version"], "purl": purl(package)}
        if package["license"]:
            found["licenses"] = [{"expression": package["license"].replace("/", " OR ")}]
        if checksum := hashes.get((package["name"], package["version"])):
            found["hashes"] = [{"alg": "SHA-256", "content": checksum}]
        return found

    day = datetime.fromtimestamp(int(os.environ["SOURCE_DATE_EPOCH"]), timezone.utc)
    components = [component(package, "library") for package in built]
    for name, version, licence in page_modules():
        ref = f"pkg:npm/{name.replace('@', '%40')}@{version}"
        components.append({"type": "library", "bom-ref": ref, "name": name, "version": version, "purl": ref, "licenses": [{"expression": licence}]})
    number = hashlib.sha256(json.dumps(components).encode()).hexdigest()
    serial = f"{number[:8]}-{number[8:12]}-4{number[13:16]}-8{number[17:20]}-{number[20:32]}"
    bom = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "serialNumber": f"urn:uuid:{serial}",
        "version": 1,
        "metadata": {"timestamp": day.strftime("%Y-%m-%dT%H:%M:%SZ"), "component": component(root, "application")},
        "components": components,
        "dependencies": [{"ref": purl(by_id[name]), "dependsOn": [purl(by_id[other]) for other in needs[name]]} for name in sorted(needs)],
    }
    out.write_text(json.dumps(bom, indent=1, ensure_ascii=False) + "\n", "utf-8")
    print(f"{out}: {len(components)} components")


def pack(folder: Path, out: Path) -> None:
    seconds = int(os.environ["SOURCE_DATE_EPOCH"])
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    mode = lambda path: 0o755 if os.access(path, os.X_OK) else 0o644
    if out.suffix == ".zip":
        moment = datetime.fromtimestamp(seconds, timezone.utc)
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
            for path in files:
                entry = zipfile.ZipInfo(str(path.relative_to(folder.parent)), moment.timetuple()[:6])
                entry.compress_type, entry.create_system, entry.external_attr = zipfile.ZIP_DEFLATED, 3, mode(path) << 16
                archive.writestr(entry, path.read_bytes())
        return
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for path in files:
            entry = tarfile.TarInfo(str(path.relative_to(folder.parent)))
            entry.size, entry.mtime, entry.mode = path.stat().st_size, seconds, mode(path)
            archive.addfile(entry, io.BytesIO(path.read_bytes()))
    with open(out, "wb") as file, gzip.GzipFile("", "wb", 9, file, mtime=seconds) as stream:
        stream.write(packed.getvalue())


match sys.argv[1:]:
    case ["licences", out, *more]:
        licences(Path(out), [Path(path) for path in more])
    case ["sbom", out]:
        sbom(Path(out))
    case ["pack", folder, out]:
        pack(Path(folder), Path(out))
    case _:
        sys.exit(__doc__)
