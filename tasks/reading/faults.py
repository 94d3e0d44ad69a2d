"""What a parser of markup means when it gives up."""

from lxml import etree

from tasks.reading.found import damaged


def unreadable(error: Exception, detail: str) -> Exception:
    """What to raise for markup that a parser gave up: it calls a want of memory a fault of syntax."""
    if isinstance(error, etree.XMLSyntaxError) and error.code == etree.ErrorTypes.ERR_NO_MEMORY:
        return MemoryError()
    return damaged(detail)
