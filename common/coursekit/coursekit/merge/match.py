"""Tell which region of the pristine file a region in the student's file is."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from coursekit.merge.scan import Pair, Trouble
from coursekit.merge.scopes import Scope, scopes
from coursekit.staging.dialect import Dialect

_WORDS = 8  # letters and digits that make a line tell something


def match(
    pristine: Mapping[str, Pair],
    origin: Sequence[str],
    pairs: Sequence[Pair],
    lines: Sequence[str],
    dialect: Dialect,
) -> tuple[dict[str, Pair], list[Trouble]]:
    """Return the student's regions by the ids of the pristine ones, and the doubts."""
    matcher = _Matcher(pristine, pairs)
    matcher.by_explicit_id()
    matcher.by_scope(
        dict(zip(pristine, scopes(origin, [*pristine.values()], dialect), strict=True)),
        scopes(lines, pairs, dialect),
    )
    matcher.doubt_swallowed(origin, lines)
    matcher.report_missing()
    order = {name: place for place, name in enumerate(pristine)}
    found = sorted(matcher.found.items(), key=lambda item: order[item[0]])
    return dict(found), matcher.troubles


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

    def doubt_swallowed(self, origin: Sequence[str], lines: Sequence[str]) -> None:
        """Drop a region that holds given lines which stood before one now missing."""
        for name in self.missing:
            given = _given_before(name, self.pristine, origin)
            for other, pair in list(self.found.items()):
                if any(line.strip() in given for line in pair.body):
                    del self.found[other]
                    self.troubles.append(
                        Trouble(
                            pair.begin,
                            f"this region holds code that was given behind it, so an"
                            f" END and the BEGIN of {name} are missing: write them"
                            " again where they were",
                        )
                    )

    def report_missing(self) -> None:
        """Say which regions of the pristine file were not found for certain."""
        for name, pair in self.pristine.items():
            if name not in self.found and not self._reported(name):
                self.troubles.append(
                    Trouble(
                        self._about(name),
                        f"the markers of {name} are missing or damaged: around your"
                        f" code write {_marker(pair)} and its END again",
                    )
                )

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
                "there is no such region here in the starter: write the marker again"
                " as .course/pristine has it, or remove it and its END",
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

    def _reported(self, name: str) -> bool:
        return any(name in trouble.message for trouble in self.troubles)

    def _about(self, name: str) -> int:
        """Return the line behind the region that stood before the one of this name."""
        line = 1
        for other in self.pristine:
            if other == name:
                break
            if other in self.found:
                line = self.found[other].end
        return line


def _given_before(
    name: str, pristine: Mapping[str, Pair], origin: Sequence[str]
) -> set[str]:
    """Return the telling lines between the region before ``name`` and ``name``."""
    pair = pristine[name]
    ends = [other.end for other in pristine.values() if other.end < pair.begin]
    lines = (line.strip() for line in origin[max(ends, default=0) : pair.begin - 1])
    return {line for line in lines if len(re.findall(r"\w", line)) >= _WORDS}


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


def _marker(pair: Pair) -> str:
    explicit = f" id={pair.explicit}" if pair.explicit else ""
    return f"`BEGIN YOUR SOLUTION {pair.owner}{explicit}`"
