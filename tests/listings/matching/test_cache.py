"""What was read of recalls and is kept: used only where it is whole, for the same recalls, and nobody else wrote it."""

import json
import os
import pickle
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from listings.matching import RecallIndex, cache
from listings.matching.bulk.tables import tables_of
from listings.matching.cache import making, shelf
from listings.matching.cache import postings as postings_module
from listings.matching.cache.folder import MAX_FILES
from listings.matching.cache.postings import PackedPostings
from listings.matching.cache.shelf import shelf_of
from listings.matching.files import UnreadableRecord
from tests.listings.matching.build import listing, recall

HEATER = recall("Hearthline space heaters", number="1", brand="Hearthline", models=("HL-200R",))
STROLLER = recall("Maclaren strollers", number="2", description="This recall involves all Maclaren strollers.")
TITLES = ("Hearthline heater HL-200R", "Kinderwagen Maclaren", "Case for Hearthline heater", "Cotton towel")


@pytest.fixture
def packed() -> bytes:
    index = RecallIndex([STROLLER, HEATER])
    return bytes(cache.pack(index, [UnreadableRecord(3, "no number")], tables_of(index.profiles, index.postings)))


def test_an_index_that_was_kept_gives_the_same_matches(packed: bytes) -> None:
    index, kept = RecallIndex([STROLLER, HEATER]), cache.unpack(packed)
    assert kept.unreadable == (UnreadableRecord(3, "no number"),)
    assert kept.recalls.numbers == ["2", "1"]
    for title in TITLES:
        text = listing(title).text
        assert kept.recalls.judged(text) == index.judged(text)
    assert kept.recalls.match(listing(TITLES[0]).text)


def test_a_kept_index_can_be_sent_on(packed: bytes) -> None:
    index = pickle.loads(pickle.dumps(cache.unpack(packed).recalls))  # noqa: S301  made here
    assert [match.recall_number for match in index.match(listing(TITLES[0]).text)] == ["1"]


def test_a_kept_index_is_read_where_it_is_mapped_and_can_be_sent_from_there(packed: bytes, tmp_path: Path) -> None:
    folder = cache.PrivateFolder(tmp_path / "kept")
    folder.write("a", packed)
    mapped = folder.read("a")
    assert mapped is not None
    kept = cache.unpack(mapped)
    for column in (kept.tables.facts, kept.tables.values, kept.tables.rows, kept.tables.single.keys):
        assert np.shares_memory(column, np.frombuffer(mapped, dtype=np.uint8)), "no copy of it was made"
        assert column.flags.aligned, "no search makes one"
    folder.write("a", b"another index")
    sent = pickle.loads(pickle.dumps(kept.recalls))  # noqa: S301  made here
    for index in (kept.recalls, sent):
        assert [match.recall_number for match in index.match(listing(TITLES[0]).text)] == ["1"]


@given(st.dictionaries(st.text(max_size=6), st.lists(st.integers(0, 9_999), max_size=4), max_size=8))
def test_packed_keys_are_found_and_no_others(postings: dict[str, list[int]]) -> None:
    packed = PackedPostings.of(postings)
    again = PackedPostings.unpack([memoryview(column) for column in packed.columns()])
    assert PackedPostings.of(packed) is packed
    assert {**packed} == {**again} == {key: tuple(places) for key, places in postings.items()}
    for key in ("w:nobody", "\ud800", *(f"{key}x" for key in postings)):
        assert again.get(key) == (tuple(postings[key]) if key in postings else None)


def test_keys_with_the_same_digest_are_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postings_module, "_digest", lambda _: 7)
    packed = PackedPostings.of({"w:one": (1,), "w:two": (2, 3), "w:three": (4,)})
    assert (packed["w:one"], packed["w:two"], packed["w:three"]) == ((1,), (2, 3), (4,))
    assert "w:four" not in packed


def test_a_flipped_byte_anywhere_is_noticed(packed: bytes) -> None:
    for place in range(0, len(packed), 97):
        with pytest.raises(cache.Broken):
            cache.unpack(packed[:place] + bytes([packed[place] ^ 1]) + packed[place + 1 :])
    for end in (0, 10, 40, 70, len(packed) - 1):
        with pytest.raises(cache.Broken):
            cache.unpack(packed[:end])


def test_what_several_processes_read_is_what_one_reads(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(making, "MIN_TO_SPLIT", 2)
    monkeypatch.setattr(making, "READ_AT_ONCE", 1)
    rows = [STROLLER.text, UnreadableRecord(2, "no number"), HEATER.text]
    index, (read, unreadable, tables) = RecallIndex([STROLLER, HEATER]), cache.made(rows, processes=2)
    assert unreadable == (UnreadableRecord(2, "no number"),)
    assert read.numbers == index.numbers
    assert read.postings == index.postings
    assert read.judged(listing(TITLES[0]).text) == index.judged(listing(TITLES[0]).text)
    assert cache.unpack(cache.pack(read, unreadable, tables)).recalls.numbers == index.numbers


def test_a_walk_over_all_values_keeps_none_of_them() -> None:
    values = shelf_of(["one", "two"])
    first = values[0]
    assert [*values] == ["one", "two"]
    assert values[0] is first
    assert values._unpacked == ["one", None]
    assert shelf_of(values) is values


class Bomb:
    def __init__(self, target: Path) -> None:
        self.target = target

    def __reduce__(self) -> tuple[object, ...]:
        return Path.touch, (self.target,)


@pytest.mark.parametrize("named", ["os.system", "builtins.eval", "pathlib.Path", "listings.matching.index.RecallIndex"])
def test_nothing_but_plain_values_can_be_named_in_what_is_kept(named: str) -> None:
    module, _, name = named.rpartition(".")
    with pytest.raises(cache.Broken, match="is no value of the engine"):
        shelf.Shelf(f"c{module}\n{name}\n.".encode(), [len(named) + 4])[0]


def test_what_would_run_if_it_were_an_ordinary_pickle_does_not(tmp_path: Path) -> None:
    written = pickle.dumps(Bomb(tmp_path / "ran"))
    with pytest.raises(cache.Broken):
        shelf.Shelf(written, [len(written)])[0]
    assert not (tmp_path / "ran").exists()


def test_a_file_that_is_not_the_owners_own_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = cache.PrivateFolder(tmp_path / "kept")
    assert folder.read("a") is None
    folder.write("a", b"content")
    assert folder.read("a") == b"content"
    file = tmp_path / "kept" / "a.index"
    file.chmod(0o666)
    with pytest.raises(cache.Untrusted, match="others may write"):
        folder.read("a")
    file.chmod(0o600)
    (tmp_path / "kept" / "b.index").symlink_to(file)
    os.mkfifo(tmp_path / "kept" / "c.index")
    with pytest.raises(OSError, match="symbolic link"):
        folder.read("b")
    with pytest.raises(cache.Untrusted, match="plain file"):
        folder.read("c")
    user = os.geteuid()
    monkeypatch.setattr(os, "geteuid", lambda: user + 1)
    for each in (folder.read, lambda name: folder.write(name, b"")):
        with pytest.raises(cache.Untrusted, match="belongs to another user"):
            each("a")
    assert file.read_bytes() == b"content"


def test_a_folder_behind_a_link_is_not_used(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir(mode=0o700)
    (tmp_path / "kept").symlink_to(tmp_path / "real")
    with pytest.raises(OSError, match="kept"):
        cache.PrivateFolder(tmp_path / "kept").write("a", b"content")
    assert list((tmp_path / "real").iterdir()) == []


def test_only_the_few_that_were_used_last_stay(tmp_path: Path) -> None:
    folder = cache.PrivateFolder(tmp_path / "kept")
    (tmp_path / "kept").mkdir(mode=0o700)
    half = tmp_path / "kept" / "x.1.half"
    half.touch()
    os.utime(half, (1, 1))
    for number in range(MAX_FILES):
        folder.write(str(number), b"")
        os.utime(tmp_path / "kept" / f"{number}.index", (1_000 + number, 1_000 + number))
    assert folder.read("0") == b""
    folder.write("new", b"")
    assert {each.name for each in (tmp_path / "kept").iterdir()} == {"0.index", "2.index", "3.index", "new.index"}


def test_the_name_changes_with_the_recalls_and_with_the_code_that_reads_them(tmp_path: Path) -> None:
    recalls, code = tmp_path / "recalls.json", tmp_path / "reader"
    code.mkdir()
    (code / "one.py").write_text("1")
    recalls.write_text(json.dumps([]))
    before = cache.digest_of(recalls, [code])
    assert cache.digest_of(recalls, [code]) == before
    (code / "one.py").write_text("2")
    other_code = cache.digest_of(recalls, [code])
    recalls.write_text(json.dumps([1]))
    assert len({before, other_code, cache.digest_of(recalls, [code])}) == 3
