"""Makes control characters visible: an article's words must not move a terminal's cursor or make links in it.

A terminal takes ``ESC ]8;;file:///… ESC \\`` in a text for a link, and other sequences for changes of its title, its
colours or what stands above.
"""

_PICTURES = {code: 0x2400 + code for code in range(0x20) if chr(code) not in "\t\n"} | {0x7F: 0x2421}  # ␀ to ␟, ␡
_VISIBLE = _PICTURES | dict.fromkeys(range(0x80, 0xA0), 0xFFFD)  # �: those above have no pictures


def show_control_characters(text: str) -> str:
    """The text with a visible character for each control character but tabs and line breaks."""
    return text if text.isprintable() else text.translate(_VISIBLE)
