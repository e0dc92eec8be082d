"""Which submissions of a class are alike: worth a look, and proof of nothing."""

import hashlib
import itertools
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import PurePosixPath

import msgspec

Files = Mapping[str, bytes]  # what was taken of one submission, by name

RUN = 6  # tokens that are compared at once
WINDOW = 4  # one fingerprint is kept of so many runs in a row: any RUN + WINDOW - 1 tokens that two share are found
NEAR = 0.8  # of the smaller one's own fingerprints, from which on two are told to be alike
OWN = 8  # fingerprints of one's own below which a likeness says nothing
COMMON = 4  # students who may share a fingerprint in any class, however small
BYTES = 200_000  # of one submission that are looked at: more than any honest one has

PRIME = 2**61 - 1
BASE = 1_000_003
LEAVES = pow(BASE, RUN - 1, PRIME)  # what the oldest word of a run is worth in its hash
TOKEN = re.compile(r"\w+|[^\w\s]")
QUOTED_OR_COMMENT = re.compile(r""""(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|(?P<comment>#[^\n]*)""")
HASH_STARTS_A_COMMENT = frozenset({".py", ".yaml", ".yml", ".toml", ".txt", ".sh", ".cfg", ".ini", ".conf", ""})


class Likeness(msgspec.Struct, frozen=True, kw_only=True):
    """Students whose submissions have more in common than the exercise explains."""

    students: tuple[str, ...]  # their keys, sorted
    share: float  # of the smaller one's own part, from NEAR to 1; of a group the least of the pairs that join it
    identical: bool = False  # but for comments and white space


class _Looked(msgspec.Struct, frozen=True):
    """What is left of a file, or of a whole submission."""

    digest: bytes  # of its tokens
    prints: frozenset[int]


def alike(submissions: Mapping[str, Files], given: Iterable[Files] = ()) -> tuple[Likeness, ...]:
    """Groups of students whose submissions are alike, the most alike first.

    What stands in `given` (the starter, the worked solution) counts for nothing, and neither does what more than a
    third of the class has: it is what the exercise asks for. Names that were changed are not seen through.
    """
    seen: dict[tuple[bool, bytes], _Looked] = {}
    known: frozenset[int] = frozenset().union(*(_looked(files, seen).prints for files in given))
    found = {key: _looked(submissions[key], seen) for key in sorted(submissions)}
    counts = Counter(itertools.chain.from_iterable(each.prints for each in found.values()))
    most = max(len(found) / 3, COMMON)
    nobodys = known | {mark for mark, count in counts.items() if count > most}
    own = {key: each.prints - nobodys for key, each in found.items()}
    same = _identical({key: each.digest for key, each in found.items() if len(own[key]) >= OWN})
    groups = [Likeness(students=group, share=1.0, identical=True) for group in same if len(group) > 1]
    # Of those that are identical the first stands for all.
    return tuple(sorted([*groups, *_near({group[0]: own[group[0]] for group in same})], key=_order))


def _order(likeness: Likeness) -> tuple[bool, float, tuple[str, ...]]:
    return not likeness.identical, -likeness.share, likeness.students


def _looked(files: Files, seen: dict[tuple[bool, bytes], _Looked]) -> _Looked:
    """One submission; of too long a one only the start. `seen` keeps each file: most of a class share some."""
    room, digest = BYTES, hashlib.sha256()
    prints: set[int] = set()
    for name in sorted(files):
        content = files[name][:room]
        room -= len(content)
        commented = PurePosixPath(name).suffix in HASH_STARTS_A_COMMENT
        known = commented, hashlib.sha256(content).digest()
        file = seen.get(known) or seen.setdefault(known, _file(content, commented))
        digest.update(f"{len(name)}:{name}".encode("utf-8", "surrogatepass") + file.digest)
        prints |= file.prints
    return _Looked(digest.digest(), frozenset(prints))


def _file(content: bytes, commented: bool) -> _Looked:
    """The words and signs of a file, without comments."""
    text = content.decode("utf-8", "replace")
    if commented:
        text = QUOTED_OR_COMMENT.sub(lambda match: " " if match["comment"] else match[0], text)
    words = TOKEN.findall(text)
    return _Looked(hashlib.sha256("\0".join(words).encode()).digest(), _prints(words))


def _prints(words: Sequence[str]) -> frozenset[int]:
    """Winnowing, after Schleimer, Wilkerson and Aiken: of each window of runs the smallest hash is kept."""
    numbers = {word: _number(word) for word in set(words)}
    hashes = list(_rolled([numbers[word] for word in words]))
    shifted = (hashes[start:] for start in range(min(WINDOW, len(hashes))))
    return frozenset(map(min, zip(*shifted, strict=False)) if len(hashes) > 1 else hashes)


def _rolled(numbers: Sequence[int]) -> Iterator[int]:
    """A hash of each run, made from the one before it, after Karp and Rabin."""
    if len(numbers) < RUN:
        return
    value = 0
    for number in numbers[:RUN]:
        value = (value * BASE + number) % PRIME
    yield value
    for old, new in zip(numbers, numbers[RUN:], strict=False):
        value = ((value - old * LEAVES) * BASE + new) % PRIME
        yield value


def _number(word: str) -> int:
    # Python's own hash of a text is another in each process, and the same class must come out the same.
    return int.from_bytes(hashlib.blake2b(word.encode(), digest_size=7).digest())


def _identical(digests: Mapping[str, bytes]) -> list[tuple[str, ...]]:
    """The keys in groups of one digest, most of them alone."""
    groups: dict[bytes, list[str]] = defaultdict(list)
    for key, digest in digests.items():
        groups[digest].append(key)
    return [tuple(group) for group in groups.values()]


def _near(own: Mapping[str, frozenset[int]]) -> Iterator[Likeness]:
    """The groups that pairs above the bound join together."""
    groups = {key: {key} for key in own}
    least: dict[str, float] = {}
    for share, one, other in _pairs(own):
        joined = groups[one] | groups[other]
        for key in joined:
            groups[key] = joined
            least[key] = share  # the pairs come with the most alike first
    for group in {frozenset(group) for group in groups.values() if len(group) > 1}:
        yield Likeness(students=tuple(sorted(group)), share=round(least[min(group)], 3))


def _pairs(own: Mapping[str, frozenset[int]]) -> list[tuple[float, str, str]]:
    """Each pair above the bound and its share, the most alike first."""
    counts = Counter(itertools.chain.from_iterable(own.values()))
    places = {mark: place for place, mark in enumerate(sorted(m for m, count in counts.items() if count > 1))}
    # One bit for each fingerprint that two or more have: half a million pairs are compared in a second.
    bits = {key: sum(1 << places[mark] for mark in marks if mark in places) for key, marks in own.items()}
    found = []
    for one, other in itertools.combinations(own, 2):
        share = (bits[one] & bits[other]).bit_count() / min(len(own[one]), len(own[other]))
        if share >= NEAR:
            found.append((share, one, other))
    return sorted(found, key=lambda pair: (-pair[0], pair[1:]))
