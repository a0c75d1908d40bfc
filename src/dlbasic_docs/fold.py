"""Fold the parts of dlbasic that some programs use into one text, without which they can't run."""

import builtins
import functools
import importlib.metadata
import itertools
import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from graphlib import TopologicalSorter
from typing import NamedTuple

import libcst as cst
from libcst.helpers import get_absolute_module_for_import_or_raise
from libcst.metadata import Assignment, MetadataWrapper, ParentNodeProvider, ScopeProvider

from dlbasic_docs.standalone import PACKAGE, Folded, file_of

MARKER = re.compile(r"^ *# --8<-- .*\n", re.MULTILINE)
WIDTH = 100  # of a line of code


class Origin(NamedTuple):
    """What a name stands for: a thing of a module, or the module itself if `name` is None."""

    module: str
    name: str | None

    @property
    def ours(self) -> bool:
        """Whether it is a part of the course."""
        return self.module.partition(".")[0] == PACKAGE


class Unit:
    """A file that was read once: its statements, and the names that each of them uses."""

    def __init__(self, name: str, text: str) -> None:
        wrapper = MetadataWrapper(cst.parse_module(MARKER.sub("", text)))
        scopes = {scope for scope in wrapper.resolve(ScopeProvider).values() if scope}
        self.name, self.body, self.header = name, wrapper.module.body, wrapper.module.header
        self._parents = wrapper.resolve(ParentNodeProvider)
        self._places: dict[cst.CSTNode, int] = {
            statement: place for place, statement in enumerate(self.body)
        }
        self.imports: dict[str, Origin] = {}
        self.others = [n for n, part in enumerate(self.body) if not self._read_import(part)]
        self.binds: dict[str, set[int]] = {}  # the statements that give a name of the file
        self._uses: list[list[tuple[cst.CSTNode, str]]] = [[] for _ in self.body]
        everywhere = next(iter(scopes)).globals
        self.inner = {a.name for scope in scopes - {everywhere} for a in scope.assignments}
        for assignment in everywhere.assignments:
            nodes: list[cst.CSTNode] = [access.node for access in assignment.references]
            if assignment.name not in self.imports and isinstance(assignment, Assignment):
                nodes.append(getattr(assignment.node, "name", assignment.node))
                self.binds.setdefault(assignment.name, set()).add(self._place(nodes[-1]))
            for node in nodes:
                self._uses[self._place(node)].append((node, assignment.name))

    def _read_import(self, statement: cst.CSTNode) -> bool:
        line = statement.body[0] if isinstance(statement, cst.SimpleStatementLine) else None
        if not isinstance(line, cst.Import | cst.ImportFrom) or isinstance(
            line.names, cst.ImportStar
        ):
            return False
        for alias in line.names:
            origin = Origin(alias.evaluated_name, None)
            if isinstance(line, cst.ImportFrom):
                module = get_absolute_module_for_import_or_raise(None, line)
                origin = Origin(module, alias.evaluated_name)
                if file_of(inside := f"{module}.{origin.name}").is_file():
                    origin = Origin(inside, None)
            self.imports[alias.evaluated_alias or alias.evaluated_name] = origin
        return True

    def _place(self, node: cst.CSTNode) -> int:
        while node not in self._places:
            node = self._parents[node]
        return self._places[node]

    def uses(self, places: Iterable[int]) -> Iterator[tuple[cst.CSTNode, str, Origin]]:
        """Yield each use of a name of the file in some statements: what it says, and means.

        Raises:
            ValueError: If a module of the course is used otherwise than for a thing in it.
        """
        for node, name in itertools.chain.from_iterable(self._uses[place] for place in places):
            origin = self.imports.get(name, Origin(self.name, name))
            if not (origin.ours and origin.name is None):
                yield node, name, origin
                continue
            whole = self._parents[node]
            if not isinstance(whole, cst.Attribute):
                raise ValueError(f"{self.name}: a module can't be folded in as a value: {name}")
            yield whole, whole.attr.value, Origin(origin.module, whole.attr.value)

    def text(self, places: Iterable[int], names: Mapping[Origin, str]) -> str:
        """Return some statements, with every name replaced that has another one in `names`."""
        new = {node: names[origin] for node, said, origin in self.uses(places) if origin in names}
        parts = [self.body[place].visit(_Rename(new)) for place in sorted(places)]
        code = cst.Module(body=parts).code.strip()  # pyright: ignore[reportArgumentType]
        return re.sub(r"\n{4,}", "\n\n\n", code) + "\n"


class _Rename(cst.CSTTransformer):
    def __init__(self, new: Mapping[cst.CSTNode, str]) -> None:
        super().__init__()
        self.new = new

    def leave_Name(self, original_node: cst.Name, updated_node: cst.Name) -> cst.Name:  # noqa: N802
        return updated_node.with_changes(value=self.new.get(original_node, updated_node.value))

    def leave_Attribute(  # noqa: N802
        self, original_node: cst.Attribute, updated_node: cst.Attribute
    ) -> cst.BaseExpression:
        new = self.new.get(original_node)
        return cst.Name(new) if new and "." not in new else updated_node


@functools.cache
def _read(name: str, text: str) -> Unit:
    return Unit(name, text)


def _module(name: str) -> Unit:
    path = file_of(name)
    if not path.is_file():
        raise ValueError(f"not a module that can be folded in: {name}")
    return _read(name, path.read_text(encoding="utf-8"))


def _home(origin: Origin) -> Origin:
    """Return where a thing is defined, which may have been imported from elsewhere.

    Raises:
        ValueError: If its module does not define it.
    """
    while origin.ours and origin.name in (unit := _module(origin.module)).imports:
        origin = unit.imports[origin.name]
    if origin.ours and origin.name not in _module(origin.module).binds:
        raise ValueError(f"{origin.module} defines no {origin.name}")
    return origin


def fold(texts: Sequence[str]) -> Folded:
    """Fold what some programs use of dlbasic into one text, after which each of them can run.

    Everything keeps its name, unless two things have the same one: then the second is also called
    after its module.

    Raises:
        ValueError: If a program uses dlbasic in a way that can't be folded in.
    """
    programs = [Unit(f"program {number}", text) for number, text in enumerate(texts)]
    chosen: dict[Unit, set[int]] = {unit: set(unit.others) for unit in programs}
    wishes: dict[Origin, dict[str, None]] = {}
    users: dict[Origin, set[tuple[Unit, str]]] = {}

    def look(unit: Unit, places: Iterable[int]) -> None:
        # In an order of their own, since libcst keeps what it finds in sets.
        for node, said, origin in sorted(unit.uses(places), key=lambda use: (use[1], str(use[2]))):
            origin = _home(origin)
            wishes.setdefault(origin, {})[said] = None
            alone = said if isinstance(node, cst.Name) else ""  # not what stands behind a dot
            users.setdefault(origin, set()).add((unit, alone))
            if origin.ours:
                home = _module(origin.module)
                known = chosen.setdefault(home, set())
                new = home.binds[origin.name or ""] - known
                known |= new
                look(home, new)

    for unit in programs:
        look(unit, unit.others)
    names = _names(wishes, users, programs)
    graph = {
        unit.name: sorted({origin.module for origin in unit.imports.values() if origin.ours})
        for unit in sorted(chosen.keys() - set(programs), key=lambda unit: unit.name)
    }
    order = [name for name in TopologicalSorter(graph).static_order() if name in graph]

    def written(unit: Unit) -> str:
        raw = {origin for _, _, origin in unit.uses(chosen[unit])}
        return unit.text(chosen[unit], {o: names[_home(o)] for o in raw if _home(o) in names})

    parts = [f"# From {file_of(name)}\n\n{written(_module(name))}" for name in order]
    foreign = {origin: name for origin, name in names.items() if not origin.ours}
    imports = _imports(foreign)
    rest = [written(unit) for unit in programs]
    return Folded(imports, "\n\n".join(parts), rest, packages(imports))


def _names(
    wishes: Mapping[Origin, Iterable[str]],
    users: Mapping[Origin, Iterable[tuple[Unit, str]]],
    programs: Sequence[Unit],
) -> dict[Origin, str]:
    """Return a name for each thing that is the programs' or is folded in, such that none clash."""
    own = {unit.name for unit in programs}
    taken = {name for unit in programs for name in unit.binds} | set(dir(builtins))
    names: dict[Origin, str] = {}
    for origin, said in wishes.items():
        if origin.module in own:
            continue
        longer = f"{origin.name or origin.module}_{origin.module.rpartition('.')[2]}"
        numbered = (f"{longer}_{number}" for number in itertools.count(2))
        # A function may have a name of its own that would hide the one that is given here.
        names[origin] = next(
            name
            for name in itertools.chain(said, [longer], numbered)
            if name not in taken
            and not any(name in unit.inner and name != alone for unit, alone in users[origin])
        )
        taken.add(names[origin])
    return names


def _imports(names: Mapping[Origin, str]) -> str:
    """Return the imports of what is not ours: Python's own modules first, and a line for each."""
    things: dict[str, list[str]] = {}
    for (module, thing), name in names.items():
        alias = "" if name == (thing or module) else f" as {name}"
        if thing is None:
            things[f"import {module}{alias}"] = []
        else:
            things.setdefault(f"from {module} import ", []).append(thing + alias)
    lines: list[list[str]] = [[], []]
    for start, found in sorted(things.items(), key=lambda pair: (pair[0][0] == "f", pair[0])):
        line = start + ", ".join(sorted(found))
        if len(line) > WIDTH:
            line = f"{start}(\n    " + ",\n    ".join(sorted(found)) + ",\n)"
        lines[start.split()[1].partition(".")[0] not in sys.stdlib_module_names].append(line)
    return "\n\n".join("\n".join(group) for group in lines if group)


def packages(imports: str) -> list[str]:
    """Return what must be installed for some lines of imports, with the versions of this site."""
    lines = re.findall(r"^(?:from|import) (\w+)", imports, re.MULTILINE)
    found = {package for name in lines for package in _distributions().get(name, ())}
    return sorted(f"{package}=={_version(package).partition('+')[0]}" for package in found)


_distributions = functools.cache(importlib.metadata.packages_distributions)
_version = functools.cache(importlib.metadata.version)
