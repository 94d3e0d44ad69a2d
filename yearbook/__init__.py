"""What a statutory annual report means: figures, changes, tie-outs, wording, the form, the document.

This package meets no database, no scheduler, no clock and no environment. Values come in, values go out.
"""
