"""Where the Cyrus and Courier are that scripts/test_servers extracted below build/servers.

Debian does not install two IMAP servers on one machine, so these two never lie in /usr."""

import pathlib
import shutil
import sys

_ROOT = pathlib.Path(__file__).resolve().parents[2] / "build" / "servers"
SKIPPED = 77  # the exit code that CTest reads as "skipped"


def exit_unless_there():
    """Ends a test program, as skipped, on a machine where scripts/test_servers got nothing."""
    if not (_ROOT / "packages").exists():
        print("skipped: no Cyrus and Courier; scripts/test_servers says why")
        sys.exit(SKIPPED)


def programs(folder):
    """The extracted tree, as the server's user can read it: a copy in `folder` when the repository
    lies where only its owner gets in, such as /root."""
    if all(part.stat().st_mode & 0o005 == 0o005 for part in (_ROOT, *_ROOT.parents)):
        return _ROOT
    copy = folder / "programs"
    if not copy.exists():
        shutil.copytree(_ROOT, copy, symlinks=True)
    return copy


def environment(root):
    """What the programs below `root` need to find their libraries."""
    (libraries,) = (root / "usr" / "lib").glob("*-linux-gnu*")
    return {"LD_LIBRARY_PATH": f"{libraries}:{root / 'usr' / 'lib'}",
            "SASL_PATH": str(libraries / "sasl2")}
