"""Names that signals of the evidence had first: version 1 of the API keeps returning them."""

from typing import Any

FIRST_NAMES = {
    "same_gtin": "gtin_equal",
    "doubtful_gtin": "gtin_doubtful",
    "same_model": "model_equal",
    "same_model_and_brand": "model_and_brand",
    "same_short_model": "model_equal_short",
    "same_brand": "brand_equal",
    "misspelled_brand": "brand_misspelt",
    "different_brand": "brand_other",
    "different_maker": "maker_other",
    "same_product_type": "thing_same",
    "different_product_type": "thing_other",
    "product_type_not_stated": "thing_not_stated",
    "contains_component": "component_inside",
    "title_mentions_something_else": "title_says_more",
    "title_adds_words": "title_adds",
    "different_size": "size_conflict",
    "same_size": "size_equal",
    "different_product_line": "line_other",
    "different_version": "version_other",
    "different_type": "type_other",
    "excluded_model": "model_excluded",
    "model_of_name_missing": "name_model_missing",
    "same_picture": "picture_equal",
    "brand_not_named": "nameless",
}
"""Signal → its first name. A signal that is not here was never renamed."""


def evidence_of_v1(evidence: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Stored evidence as version 1 answers it: `signal` by its first name, `name` by that of today; `says` and `detail`
    are the same sentence."""
    return [
        {
            **item,
            "signal": FIRST_NAMES.get(item["signal"], item["signal"]),
            "name": item["signal"],
            "detail": item["says"],
        }
        if "signal" in item and "says" in item
        else item
        for item in evidence
    ]
