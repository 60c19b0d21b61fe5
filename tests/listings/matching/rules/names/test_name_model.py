from tests.listings.matching.build import found, listing, recall

RECALL = recall("Canon EOS Rebel T4i Digital Cameras", title="Canon Recalls EOS Rebel T4i Digital Cameras")


def test_a_name_that_is_a_model_number_must_be_there() -> None:
    other = found(RECALL, listing("canon eos rebel t3i digital camera"))["model_of_name_missing"]
    assert other.weight < -1
    assert "T4i" in other.detail


def test_none_stated_is_weaker_evidence_against_it_than_another() -> None:
    other = found(RECALL, listing("canon eos rebel t3i digital camera"))["model_of_name_missing"]
    assert other.weight < found(RECALL, listing("canon eos rebel digital camera"))["model_of_name_missing"].weight < 0


def test_the_number_of_the_name_is_enough() -> None:
    assert "model_of_name_missing" not in found(RECALL, listing("canon eos rebel t4i digital camera"))
