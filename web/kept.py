"""What was typed into a form that was refused: nobody writes it twice."""

from starlette.datastructures import FormData


class Kept:
    """Of one form; false where it is not the one that was refused."""

    def __init__(self, form: FormData | None) -> None:
        self._form = form

    def __bool__(self) -> bool:
        return self._form is not None

    def __call__(self, name: str, default: object = "") -> object:
        """The field as it was sent, else `default`: what the form shows when it is opened."""
        sent = None if self._form is None else self._form.get(name)
        return default if sent is None else sent

    def holds(self, name: str, value: object) -> bool:
        """Whether that was ticked, or chosen from a list."""
        return self._form is not None and str(value) in self._form.getlist(name)


class Refused:
    """The form of a request that was refused, by the address it was sent to."""

    def __init__(self, path: str, form: FormData) -> None:
        self._path = path
        self._form = form

    def __call__(self, address: object, **fields: str) -> Kept:
        """`fields`: what tells it from another form that goes to the same address."""
        same = str(address) == self._path and all(self._form.get(k) == v for k, v in fields.items())
        return Kept(self._form if same and self._form else None)
