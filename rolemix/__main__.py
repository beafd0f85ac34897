"""``python -m rolemix`` is the command ``rolemix``."""

from rolemix.cli import main

main()
