"""`python -m signalbook` is the command `signalbook`."""

from signalbook.cli import main

main(prog_name="signalbook")
