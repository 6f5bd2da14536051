"""``python3 main.py COMMAND``: makes sure that what is needed is installed, then hands over to ``bot.cli``."""

import sys

if __name__ == "__main__":
    from bot.bootstrap import ensure

    ensure(sys.argv)
    from bot.cli import main

    sys.exit(main())
