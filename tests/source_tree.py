"""What there is under src, found by looking: a new package is under every rule from its first file on."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ROOTS = [ROOT / "src", ROOT / "src" / "adapters", ROOT / "src" / "entrypoints"]


def packages() -> dict[str, Path]:
    """Import name and folder of each package that the wheel ships."""
    folders = [ROOT / "src" / "shopcore", *(folder for root in ROOTS[1:] for folder in sorted(root.iterdir()))]
    return {folder.name: folder for folder in folders if any(folder.rglob("*.py"))}


def python_files() -> list[Path]:
    return [path for folder in packages().values() for path in sorted(folder.rglob("*.py"))]


def shown(path: Path) -> str:
    """`shopcore_sql/carts.py`: the path as it will be in the wheel."""
    root = max((root for root in ROOTS if root in path.parents), key=lambda root: len(root.parts))
    return path.relative_to(root).as_posix()


def module_names() -> list[str]:
    """Every module that can be imported; migrations are Alembic's to load."""
    names = [shown(path).removesuffix(".py").split("/") for path in python_files()]
    return [".".join(parts).removesuffix(".__init__") for parts in names if "migrations" not in parts]


def imports(path: Path) -> Iterator[tuple[str, bool]]:
    """The top-level name of each absolute import, and whether importing the module itself needs it."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    outermost = set(map(id, tree.body))
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name.partition(".")[0], id(node) in outermost
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield str(node.module).partition(".")[0], id(node) in outermost
