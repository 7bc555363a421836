"""Tell which region of the pristine file a region in the student's file is."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from coursekit.merge.scan import Pair, Trouble
from coursekit.merge.scopes import Scope, scopes
from coursekit.staging.dialect import Dialect, Kind

# What begins a function or a class; no body holds one of the given ones.
_HEAD = re.compile(r"(?:(?:async\s+)?def|class|struct)\s+\w|[^()=]*\w\s*\(.*\{$")


def match(
    pristine: Mapping[str, Pair],
    origin: Sequence[str],
    pairs: Sequence[Pair],
    lines: Sequence[str],
    dialect: Dialect,
) -> tuple[dict[str, Pair], list[Trouble]]:
    """Return the student's regions by the ids of the pristine ones, and the doubts."""
    given = _Given(pristine, origin)
    certain, troubles = given.without_swallowing(pairs, lines)
    matcher = _Matcher(pristine, certain)
    matcher.by_explicit_id()
    matcher.by_scope(
        dict(zip(pristine, scopes(origin, [*pristine.values()], dialect), strict=True)),
        scopes(lines, certain, dialect),
    )
    order = {name: place for place, name in enumerate(pristine)}
    found = dict(sorted(matcher.found.items(), key=lambda item: order[item[0]]))
    troubles += matcher.troubles
    troubles += [
        Trouble(given.place(name, lines), _lost(name, pristine[name], dialect))
        for name in pristine
        if name not in found and not any(name in each.message for each in troubles)
    ]
    return found, troubles


class _Given:
    """The lines of the pristine file that are outside its regions."""

    def __init__(self, pristine: Mapping[str, Pair], origin: Sequence[str]) -> None:
        self.pristine, self.origin = pristine, origin
        outside = Counter(line.strip() for line in _outside(pristine.values(), origin))
        self.heads = {
            line for line, count in outside.items() if count == 1 and _HEAD.match(line)
        }

    def without_swallowing(
        self, pairs: Sequence[Pair], lines: Sequence[str]
    ) -> tuple[list[Pair], list[Trouble]]:
        """Leave out the regions that run on into what was given behind them."""
        gone = self.heads - {line.strip() for line in _outside(pairs, lines)}
        certain: list[Pair] = []
        troubles: list[Trouble] = []
        for pair in pairs:
            inside = [line.strip() for line in pair.body if line.strip() in gone]
            if not inside:
                certain.append(pair)
                continue
            message = (
                f"this region holds `{inside[0]}`, which was given behind it, so an END"
                " and a BEGIN are missing: write them again where they were"
            )
            troubles.append(Trouble(pair.begin, message))
        return certain, troubles

    def place(self, name: str, lines: Sequence[str]) -> int:
        """Return the line below which a region that is missing was expected."""
        begin = self.pristine[name].begin
        stripped = [line.strip() for line in lines]
        for line in reversed(self.origin[: begin - 1]):
            if line.strip() in self.heads and line.strip() in stripped:
                return stripped.index(line.strip()) + 1
        return 1


def _outside(pairs: Iterable[Pair], lines: Sequence[str]) -> Iterator[str]:
    inside = {n for pair in pairs for n in range(pair.begin, pair.end + 1)}
    return (line for n, line in enumerate(lines, start=1) if n not in inside)


class _Matcher:
    """The regions that are matched so far, and those that are left on either side."""

    def __init__(self, pristine: Mapping[str, Pair], pairs: Sequence[Pair]) -> None:
        self.pristine = pristine
        self.missing = dict(pristine)
        self.left = dict(enumerate(pairs))
        self.found: dict[str, Pair] = {}
        self.troubles: list[Trouble] = []

    def by_explicit_id(self) -> None:
        """Match what says its id itself, unless two regions say the same."""
        claims: dict[str, list[int]] = defaultdict(list)
        for number, pair in self.left.items():
            if pair.explicit is not None:
                claims[pair.explicit].append(number)
        for name, numbers in claims.items():
            self._claimed(name, numbers)

    def by_scope(self, here: Mapping[str, Scope], there: Sequence[Scope]) -> None:
        """Match the regions of one owner in one function, class or module, in order."""
        groups: dict[tuple[Scope, str], tuple[list[str], list[int]]]
        groups = defaultdict(lambda: ([], []))
        for name, pair in self.missing.items():
            if pair.explicit is None:
                groups[here[name], pair.owner][0].append(name)
        for number, pair in self.left.items():
            groups[there[number], pair.owner][1].append(number)
        for (scope, _), (names, numbers) in groups.items():
            if scope.function:
                self._group(scope, names, numbers)
            else:
                self._group(scope, *self._by_binding(names, numbers))

    def _claimed(self, name: str, numbers: list[int]) -> None:
        pairs = [self.left.pop(number) for number in numbers]
        if name not in self.missing:
            for pair in pairs:
                self._stranger(pair)
        elif len(pairs) > 1:
            self._twice(name, pairs)
        else:
            self._settle(name, pairs[0])

    def _group(self, scope: Scope, names: list[str], numbers: list[int]) -> None:
        pairs = [self.left.pop(number) for number in numbers]
        if not names:
            for pair in pairs:
                self._stranger(pair)
        elif len(pairs) == len(names) and (scope.function or len(names) == 1):
            for name, pair in zip(names, pairs, strict=True):
                self._settle(name, pair)
        elif len(pairs) > len(names):
            self._twice(names[0], pairs)
        else:
            for pair in pairs:
                self.troubles.append(
                    Trouble(
                        pair.begin,
                        f"this may be any of {', '.join(names)}, since other markers"
                        f" in {scope} are missing: write those again",
                    )
                )

    def _by_binding(
        self, names: list[str], numbers: list[int]
    ) -> tuple[list[str], list[int]]:
        """Match regions outside functions by the name they define; return the rest."""
        claims = {
            name: [n for n in numbers if _defines(self.left[n].body, _last(name))]
            for name in names
        }
        for name, claiming in claims.items():
            others = [n for each in claims if each != name for n in claims[each]]
            if len(claiming) == 1 and claiming[0] not in others:
                self._settle(name, self.left.pop(claiming[0]))
        return (
            [name for name in names if name not in self.found],
            [number for number in numbers if number in self.left],
        )

    def _settle(self, name: str, pair: Pair) -> None:
        self.found[name] = pair
        del self.missing[name]

    def _stranger(self, pair: Pair) -> None:
        self.troubles.append(
            Trouble(
                pair.begin,
                "there is no such region here in the starter: give what it stands in"
                " its name back, write the marker as .course/pristine has it, or remove"
                " it and its END",
            )
        )

    def _twice(self, name: str, pairs: Iterable[Pair]) -> None:
        places = [pair.begin for pair in pairs]
        self.troubles.append(
            Trouble(
                places[0],
                f"{name} stands here more than once, in lines"
                f" {', '.join(map(str, places))}: keep the markers of one of them",
            )
        )


def _defines(body: Sequence[str], name: str) -> bool:
    """Whether some line of a body looks like a definition of the name."""
    word = re.escape(name)
    definition = re.compile(
        rf"\s*(?:async\s+)?(?:def|class|struct)\s+{word}\b|{word}\s*[:=]|[^()=]*"
        rf"(?<!\w){word}\s*\([^;]*$"
    )
    return any(definition.match(line) for line in body)


def _last(name: str) -> str:
    """Return the bare name a region's id ends with."""
    return re.split(r"::|\.", name.partition("#")[0])[-1]


def _lost(name: str, pair: Pair, dialect: Dialect) -> str:
    explicit = f" id={pair.explicit}" if pair.explicit else ""
    begin = f"{dialect.comment} {Kind.BEGIN.value} {pair.owner}{explicit}"
    return (
        f"the markers of {name} are missing or damaged, or what they stand in has"
        f" another name: write `{begin}` before your code there again, and"
        f" `{dialect.comment} {Kind.END.value}` behind it"
    )
