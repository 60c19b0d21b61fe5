"""The commitment over a catalogue: the tree of RFC 6962, and proofs that a listing was searched."""

import hashlib
import json
from pathlib import Path

import pytest

from listings.ingest.rows import ListingRow, parse_row
from offshelf_client.commitment import METHOD, Rows, leaf_of, path_of, proves, root_of
from offshelf_client.private_files import write_private
from offshelf_client.search import rows_of
from tests.client.conftest import HEATER
from tests.client.running import run


def listing(number: int, title: str = "Lamp") -> ListingRow:
    row, _ = parse_row(number, {"id": f"L-{number}", "title": title})
    assert row is not None
    return row


def test_the_root_is_that_of_rfc_6962() -> None:
    """Roots of the certificate transparency test data: of these leaves, 0, 1, 2, 3 and 8 of them."""
    data = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
    leaves = [hashlib.sha256(b"\x00" + bytes.fromhex(each)).digest() for each in data]
    known = {
        0: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        1: "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        2: "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        3: "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        8: "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    }
    assert {count: root_of(leaves[:count]).hex() for count in known} == known


def test_every_leaf_has_a_path_that_proves_it_and_no_other() -> None:
    for count in range(1, 20):
        leaves = [hashlib.sha256(bytes([number])).digest() for number in range(count)]
        root = root_of(leaves).hex()
        for place, leaf in enumerate(leaves):
            assert proves(root, leaf, path_of(leaves, place))
            assert not proves(root, hashlib.sha256(b"other").digest(), path_of(leaves, place))


def test_the_order_of_rows_makes_no_difference_and_any_change_does() -> None:
    def root(*rows: ListingRow) -> str:
        made = Rows()
        for row in rows:
            made.add(row)
        return made.root()

    one, two, three = listing(1), listing(2), listing(3)
    assert root(one, two, three) == root(three, one, two)
    assert len({root(one, two, three), root(one, two), root(one, two, listing(3, "Lamps")), root(one, two, two)}) == 4
    assert leaf_of(one._replace(line=99)) == leaf_of(one)


@pytest.fixture
def commitment(catalogue: Path, home: Path) -> Path:
    rows = Rows()
    for row in rows_of(catalogue):
        rows.add(row)
    write_private(home / "commitment.json", {"method": METHOD, "root": rows.root()})
    return home / "commitment.json"


def test_a_listing_is_proved_to_have_been_searched(catalogue: Path, commitment: Path, home: Path) -> None:
    root = json.loads(commitment.read_text())["root"]
    made = run("prove", str(catalogue), "A-1", "--commitment", str(commitment))
    assert (made.status, made.err) == (0, "")
    assert HEATER in made.out
    assert "towel" not in made.out, "it shows this listing and no other"
    proof = home / "proof.json"
    proof.write_text(made.out)
    assert run("verify", str(proof), "--root", root).status == 0
    assert run("verify", str(proof), "--root", "0" * 64).status == 1
    proof.write_text(made.out.replace("Hearthline", "Heartless"))
    assert run("verify", str(proof), "--root", root).status == 1, "another row"


def test_what_was_not_searched_cannot_be_proved(catalogue: Path, commitment: Path) -> None:
    assert run("prove", str(catalogue), "A-77", "--commitment", str(commitment)).status == 1
    catalogue.write_text(catalogue.read_text() + "A-77,Seeded heater,Hearthline,,1.00 USD\n")
    ran = run("prove", str(catalogue), "A-77", "--commitment", str(commitment))
    assert (ran.status, ran.out) == (2, "")
    assert "is not the catalogue that was searched" in ran.err


NO_PROOFS = [b"", b"[]", b"{}", b"\xff\xfe", b"[" * 100_000, b'{"method": "offshelf-rows-1", "row": {}, "path": [["zz", true]]}',
             b'{"method": "offshelf-rows-1", "row": [1], "path": []}', b'{"method": "offshelf-rows-1", "row": {}, "path": [["00", 1]]}',
             b'{"method": "offshelf-rows-1", "row": {"title": [[1]]}, "path": []}',
             b'{"method": "other", "row": {}, "path": []}', b'{"method": "offshelf-rows-1", "row": {}, "path": {"a": 1}}']  # fmt: skip


@pytest.mark.parametrize("content", NO_PROOFS)
def test_a_file_that_is_no_proof_is_refused_in_one_sentence(content: bytes, home: Path) -> None:
    file = home / "proof.json"
    file.write_bytes(content)
    ran = run("verify", str(file), "--root", "0" * 64)
    assert (ran.status, ran.out) == (2, "")
    assert ran.err == f"offshelf: {file} is not a proof of offshelf prove.\n"
