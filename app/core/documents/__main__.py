"""The other process of ``render_in_subprocess``: an order on standard input, a PDF on output."""

import sys

from app.core.documents.typst_render import RenderError, answer_order

if __name__ == "__main__":
    try:
        sys.stdout.buffer.write(answer_order(sys.stdin.buffer.read()))
    except RenderError as error:
        sys.exit(str(error))
