"""How the numbers are made, in short: what they are, how sure, what for, and what this is not."""

from sensor_hub import words
from sensor_hub.adapters.web.elements import Tag, unbroken
from sensor_hub.adapters.web.frame import Frame


class AboutPage:
    """Words only; nothing in it changes."""

    def __init__(self) -> None:
        with Frame(words.about_title(), back=True, about=False).body:
            for section in words.about_sections():
                title_id = f"about-{section.key}"
                with Tag("section", classes="card about", aria_labelledby=title_id, data_testid=title_id):
                    Tag("h2", section.title, id=title_id)
                    with Tag("ul"):
                        for line in section.lines:
                            Tag("li", unbroken(line))
