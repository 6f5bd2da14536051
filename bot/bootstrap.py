"""Install what is needed beside ``main.py``, once (standard library only, old Pythons included)."""


def ensure(argv):
    pass
