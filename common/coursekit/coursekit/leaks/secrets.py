"""What nobody may be given: the solutions and the hidden suites."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import ClassVar

from coursekit.course import Course
from coursekit.homework import Homework
from coursekit.leaks.tokens import Token, code_tokens
from coursekit.staging.dialect import dialect_of
from coursekit.staging.document import Document, Text, parse
from coursekit.staging.sources import Source, collect

RUN = 8  # tokens: a shorter piece may well be written twice by chance
WORDS = 4  # different ones in a run, that say something
# Words that say nothing of how a question is solved, in any of the languages.
PLAIN_WORDS = frozenset(
    """
    and as assert auto bool break case char class const constexpr continue def del do
    double elif else enumerate except False finally float for from if import in inline
    int is len list long namespace ndarray None not np numpy or pass print private
    public raise range return self short size_t static std str struct template this
    throw True try tuple type typename unsigned using virtual void while with yield zip
    """.split()  # noqa: SIM905
)
Gram = tuple[str, ...]


@dataclass(frozen=True)
class Origin:
    """A line of a solution."""

    file: str  # relative to the checkout
    line: int
    text: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


@dataclass
class Secrets:
    """Every run of ``RUN`` tokens that only solutions have, and where it begins."""

    size: ClassVar[int] = RUN

    runs: dict[Gram, Origin] = field(default_factory=dict)
    vocabulary: frozenset[str] = frozenset()

    @classmethod
    def of(cls, course: Course, homework: Homework) -> Secrets:
        """Return the secrets of all homeworks that this one's given code has not."""
        hidden: dict[Gram, Origin] = {}
        for each in course.homeworks():
            for source, document in _marked(course, each):
                file = source.path.relative_to(course.root).as_posix()
                for gram, origin in _hidden(document, each.stage, file):
                    hidden.setdefault(gram, origin)
        given = {
            gram
            for _, document in _marked(course, homework)
            for gram in _given(document, homework.stage)
        }
        runs = {gram: origin for gram, origin in hidden.items() if gram not in given}
        return cls(runs, frozenset(word for gram in runs for word in gram))


def _marked(course: Course, homework: Homework) -> Iterator[tuple[Source, Document]]:
    """Yield the homework's files that hold solutions."""
    for path, source in collect(course, homework).items():
        dialect = dialect_of(path)
        if dialect is not None:
            document = parse(path, source.content.decode(), dialect)
            if document.marked:
                yield source, document


def _hidden(document: Document, stage: int, file: str) -> Iterator[tuple[Gram, Origin]]:
    for piece in document.at(stage):
        if isinstance(piece, Text):
            continue
        first = piece.begin.number + 1
        lines = [line.text for line in piece.body]
        tokens = code_tokens("\n".join(lines), document.dialect)
        for gram, start in grams(tokens):
            text = lines[start.line - 1].strip()
            yield gram, Origin(file, first + start.line - 1, text)


def _given(document: Document, stage: int) -> Iterator[Gram]:
    """Yield the runs of what everybody gets; what a solution is cut out of ends one."""
    part: list[str] = []
    for piece in [*document.at(stage), None]:
        if isinstance(piece, Text):
            part.append(piece.line.text)
        else:
            tokens = code_tokens("\n".join(part), document.dialect)
            yield from (gram for gram, _ in grams(tokens))
            part = []


def grams(tokens: Iterable[Token], size: int = RUN) -> Iterator[tuple[Gram, Token]]:
    """Yield every run of ``size`` tokens with the first of them."""
    tokens = list(tokens)
    for start in range(len(tokens) - size + 1):
        run = tokens[start : start + size]
        yield tuple(token.text for token in run), run[0]


def says_something(run: Gram) -> bool:
    """Tell whether a run is more than punctuation and what every program has."""
    words = {word for word in run if word[0].isalnum() or word[0] == "_"}
    return len(words - PLAIN_WORDS) >= WORDS
