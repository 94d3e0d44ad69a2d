"""The one exception a user may ever see: what is wrong, and what to do, in the operator's language.

This module does not know where messages are shown, nor which exit code they end in.
"""


class Refusal(Exception):
    """An input, a setting or the surroundings do not allow the work to go on.

    Raised before anything is published, so whatever stood there before still stands. The text names the file,
    sheet, row, column and rule where there are such; it never carries a value of a personal field or a secret.

    Args:
        what: One line that says what is wrong and where.
        todo: One line that says what to do about it.
        may_pass: True where the same step may succeed a little later without anybody doing anything.
    """

    def __init__(self, what: str, *, todo: str, may_pass: bool = False) -> None:
        super().__init__(what, todo)
        self.what = what
        self.todo = todo
        self.may_pass = may_pass

    def __str__(self) -> str:
        """Both lines as one, as the terminal and the log show it."""
        what = " ".join(self.what.split()).rstrip("。")
        todo = " ".join(self.todo.split()).rstrip("。")
        return f"{what}。处理办法：{todo}。"
