"""Commands under one name, such as those of ``pharos token``."""

import typer


class CommandGroup(typer.Typer):
    """Commands under one name; without one of them, their help is shown."""

    def __init__(self, name: str, help: str) -> None:  # noqa: A002 - as typer calls it
        super().__init__(name=name, help=help, no_args_is_help=True)
        self.callback(help=help)(_ask_for_a_command)

    def register(self, app: typer.Typer) -> None:
        """Add the commands to the command line."""
        app.add_typer(self)


def _ask_for_a_command() -> None:
    """Make typer ask for a command's name even when only one command is loaded."""
