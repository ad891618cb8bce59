"""Python code as HTML in the colours that the notebook around it has for code."""

from __future__ import annotations

import html
import io
import keyword
import tokenize

_ROLES = {tokenize.STRING: "string", tokenize.NUMBER: "number", tokenize.COMMENT: "comment"}


def coloured(code: str) -> str:
    """The escaped code; keywords, texts, numbers and comments are coloured, if it can be read."""
    lines = code.splitlines(keepends=True)
    parts, line, column = [], 1, 0

    def upto(end: tuple[int, int]) -> str:
        nonlocal line, column
        text = ""
        while line < end[0]:
            text += lines[line - 1][column:]
            line, column = line + 1, 0
        if column < end[1]:
            text += lines[line - 1][column : end[1]]
            column = end[1]
        return html.escape(text, quote=False)

    try:
        for token in tokenize.generate_tokens(io.StringIO(code).readline):
            role = "keyword" if keyword.iskeyword(token.string) else _ROLES.get(token.type)
            if role:
                parts.append(upto(token.start))
                ink = f"var(--jp-mirror-editor-{role}-color, inherit)"
                parts.append(f'<span style="color: {ink}">{upto(token.end)}</span>')
    except (tokenize.TokenError, SyntaxError):
        return html.escape(code, quote=False)
    rest = upto((len(lines), len(lines[-1]))) if lines else ""
    return "".join(parts) + rest
