"""The README of a student's bundle."""

from __future__ import annotations

from coursekit.course import Course
from coursekit.homework import Homework
from coursekit.words import words_for

_TEXT = """\
# {title}

{name} of *{course}*, version {version}. {length}

This folder is yours to work in. It needs Python 3.10 or newer{compiler}.

## Set up, once

In this folder:

```sh
python3 -m venv .venv
. .venv/bin/activate
python -m pip install -r requirements.txt
```

On Windows, use WSL. In Google Colab, open `{name}.ipynb`: its first cell sets up.

## Work

Read `handout.md`, or open the same text as a notebook:

```sh
jupyter notebook {name}.ipynb
```

Your code goes where a file says `YOUR SOLUTION`; leave those two lines in place.
{build}After each question run its tests, which fail until it is solved:

```sh
python -m pytest -k "{first}"
```

| question | points | |
| --- | ---: | --- |
{questions}

`course doctor` says what your machine lacks, and how to get it.

## A newer bundle

In this folder, with the new zip file wherever it is:

```sh
course update --from ~/Downloads/{name}.zip
```

It merges: your solutions, notes and results stay. Then run what it tells you to; where
the course's own packages changed, that is `python -m pip install --force-reinstall
--no-deps wheels/*.whl`.

## Submit

```sh
grader submit {name} -k "{first}"   # one question
grader submit {name}            # all of them
```

That needs the grading pack of {name}, if your course gives it out:
`grader install {name}-grading-{version}.zip`, once. Without it the command says so, and
your work goes where your course collects it.

What counts as your submission is {submitted}.
"""


def readme(course: Course, homework: Homework) -> bytes:
    """Return the README: how to set up, work and submit."""
    text = _TEXT.format(
        title=homework.title,
        name=homework.name,
        course=course.config.course.name,
        version=course.version,
        length=_length(homework),
        compiler=" and a C++ compiler with make" if homework.builds else "",
        build="Native code is compiled by `make`.\n" if homework.builds else "",
        first=words_for(homework.questions[0]),
        questions="\n".join(_rows(homework)),
        submitted=_joined([f"`{pattern}`" for pattern in homework.submission.files]),
    )
    return text.encode()


def _rows(homework: Homework) -> list[str]:
    return [
        f"| {number}. `{question.name}` | {question.points} | {question.title} |"
        for number, question in enumerate(homework.questions, start=1)
    ]


def _length(homework: Homework) -> str:
    if homework.minutes is None:
        return f"{homework.points} points."
    hours = f"{homework.minutes / 60:.1f}".removesuffix(".0")
    return f"{homework.points} points; it usually takes about {hours} hours."


def _joined(words: list[str]) -> str:
    """Join words as a sentence does: ``a, b and c``."""
    return " and ".join([", ".join(words[:-1]), words[-1]] if words[1:] else words)
