"""``python -m deploy`` is the ``pharos`` command."""

from deploy.cli import main

main()
