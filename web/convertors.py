"""Numbers in addresses: as many digits as a number of ours can have."""

from starlette.convertors import IntegerConvertor, register_url_convertor


class Number(IntegerConvertor):
    """Longer ones are another address, which is not there; Python refuses to read thousands of digits."""

    regex = "[0-9]{1,10}"


def use_numbers() -> None:
    """In the place of Starlette's own {…:int}, so that no route can forget it."""
    register_url_convertor("int", Number())
