"""Fresh random data for every run, so that an answer typed in beforehand does not pass."""

import json
import random
import re
from collections.abc import Mapping, Set

from grader.spec import nearest

# Common, short, lower-case, without a letter that HTML or a URL would escape.
WORDS = (  # noqa: SIM905 -- a list of quoted words would be eight times as long
    "amber anchor apple arrow basil beacon birch bishop breeze candle canvas cedar cherry clover cobalt "
    "compass copper coral cotton crane dahlia daisy delta ember falcon feather fennel fern fiddle finch garnet "
    "ginger granite harbor hazel heron indigo iris ivory jasmine juniper kestrel kettle lagoon lantern laurel "
    "lemon lilac linen lotus magnet mallow maple marble meadow mellow mint mirror nectar nettle nutmeg olive "
    "onyx opal orchid otter oyster paper pebble pepper pigeon plum poppy quartz quill raven reed ribbon river "
    "robin rowan saddle saffron sage salmon sandal sorrel sparrow spruce sunset tallow teal thistle timber "
    "topaz tulip umber velvet violet walnut willow winter wren yarrow zephyr zinnia"
).split()

PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_]*)\}")
BRACES = re.compile(r"\{([A-Za-z][\w-]*)\}")  # a placeholder, or what was meant as one
KNOWN = frozenset({"word", "other_word", "number"})
CLOSE = 0.75  # how alike two names are for one to be a slip of the other


def draw(generator: random.Random) -> dict[str, str]:
    """One value for each placeholder that an exercise may use."""
    word, other_word = generator.sample(WORDS, 2)
    # A number after the word: 120 words alone could be guessed.
    return {
        "word": f"{word}{generator.randrange(10, 100)}",
        "other_word": f"{other_word}{generator.randrange(10, 100)}",
        "number": str(generator.randrange(1000, 10_000)),
    }


def fill(text: str, values: Mapping[str, str]) -> str:
    """Put the values in place of the known placeholders; other braces, as in JSON, stay as they are."""
    return PLACEHOLDER.sub(lambda found: values.get(found[1], found[0]), text)


def fill_json(text: str, values: Mapping[str, str]) -> str:
    """The same in a JSON text, where a value that holds a quote must not end the string around it."""
    return fill(text, {name: json.dumps(value)[1:-1] for name, value in values.items()})


def placeholders(*texts: str) -> frozenset[str]:
    """The names in braces that the texts use, known or not."""
    return frozenset(name for text in texts for name in PLACEHOLDER.findall(text))


def slips(*texts: str, known: Set[str] = KNOWN) -> dict[str, str]:
    """The names in braces that come so near a known placeholder that they were meant as it, each with that one."""
    names = {name for text in texts for name in BRACES.findall(text)} - known
    return {name: meant for name in sorted(names) if (meant := nearest(name.lower(), known, cutoff=CLOSE))}


def newness(text: str) -> str:
    """What a rubric adds to a text that uses placeholders: ", where {word} is new in every run", or nothing."""
    fresh = sorted(placeholders(text) & KNOWN)
    return f", where {', '.join(f'{{{name}}}' for name in fresh)} is new in every run" if fresh else ""
