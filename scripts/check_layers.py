#!/usr/bin/env python3
"""Fail if a module includes its own row or a higher one (docs/layers.txt), another module's third-party library, or
a third-party header in a public one. Usage: check_layers.py REPO"""
import pathlib
import re
import sys

HOME = {
    "spdlog/": "base", "nlohmann/": "base", "sodium": "crypto", "curl/": "net", "archive.h": "archive",
    "archive_entry.h": "archive", "zstd": "archive", "toml++/": "config", "seccomp": "sandbox",
    "keyutils": "credentials", "zlib": "imap", "gmime/": "mail", "libxml/": "mail", "poppler": "mail", "ytnef.h": "mail",
    "libpst/": "mail",
    "sqlite3": "catalog", "xapian": "index", "CLI/": "cli", "httplib": "web",
}

root = pathlib.Path(sys.argv[1])
rows = [line.split()[1:] for line in (root / "docs/layers.txt").read_text().splitlines()
        if line and not line.startswith("#")]
depth = {module: i for i, row in enumerate(rows) for module in row}
problems = []


def check_line(path, n, line, me, public):
    if re.match(r'#\s*include "\.\./', line):
        problems.append(f"{path}:{n}: include other modules by their public header")
    used = re.match(r'#\s*include "mailhold/(\w+)/', line)
    if used and used[1] not in depth:
        problems.append(f"{path}:{n}: {used[1]} stands in no row of docs/layers.txt")
    elif used and used[1] != me and depth[used[1]] >= depth[me]:
        problems.append(f"{path}:{n}: {me} may not include {used[1]}")
    third_party = re.match(r"#\s*include <([^>]+)>", line)
    for header, home in HOME.items():
        if third_party and third_party[1].startswith(header):
            if home != me:
                problems.append(f"{path}:{n}: only {home} may include <{header}...>")
            elif public:
                problems.append(f"{path}:{n}: third-party header in a public header")


for top in ("include/mailhold", "src"):
    for path in sorted((root / top).rglob("*.[hc]pp")):
        module = path.relative_to(root / top).parts[0]
        if module == "main.cpp":
            continue
        if module not in depth:
            problems.append(f"{path}: {module} stands in no row of docs/layers.txt")
            continue
        for n, line in enumerate(path.read_text().splitlines(), 1):
            check_line(path, n, line, module, top != "src")
        if n > 400:
            problems.append(f"{path}: {n} lines; split it (docs/design.md)")

print(*problems, sep="\n", end="\n" if problems else "")
sys.exit(bool(problems))
