"""What stands for a value in the help of commands: words for people instead of names of Python types."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final, get_args, get_origin

from typer.core import TyperCommand, TyperGroup, TyperOption

WORDS: Final[dict[object, str]] = {str: "TEXT", int: "NUMBER", float: "NUMBER", Path: "PATH", bool: ""}


def readable(command: object) -> None:
    """Give every option of a command and of those below it a word, where it has none and is no choice."""
    for option in _options(command):
        if option.metavar is None and not option.type_descriptor.is_choice:
            option.metavar = _word(option.type_descriptor.annotation)


def _options(command: object) -> Iterator[TyperOption]:
    if isinstance(command, TyperCommand | TyperGroup):
        yield from (one for one in command.params if isinstance(one, TyperOption))
    if isinstance(command, TyperGroup):
        for below in command.commands.values():
            yield from _options(below)


def _word(annotation: object) -> str | None:
    return WORDS.get(get_args(annotation)[0] if get_origin(annotation) is list else annotation)
