"""What each signal of the evidence means, in a sentence for admins."""

from django.utils.translation import gettext_noop

WORDS = {
    "same_gtin": gettext_noop("The listing has a GTIN that the recall names."),
    "doubtful_gtin": gettext_noop("The codes are the same, but other products may have the code too."),
    "same_model": gettext_noop("The listing states a recalled model number, however it is written."),
    "same_model_and_brand": gettext_noop("The listing states a recalled model number and the brand of the recall."),
    "same_short_model": gettext_noop("The model number is the same, but so short that other products may have it."),
    "model_in_description": gettext_noop("A recalled model number is only in the listing's description."),
    "same_brand": gettext_noop("Title or brand field of the listing names the brand of the recall."),
    "misspelled_brand": gettext_noop("The listing misspells the brand: a letter is lost, doubled or swapped."),
    "different_brand": gettext_noop("The brand field of the listing names a brand that the recall does not."),
    "different_maker": gettext_noop("The title begins with a known maker that the recall does not name."),
    "brand_not_stated": gettext_noop("The listing names the product line, but not the brand."),
    "brand_not_named": gettext_noop("The listing names neither the brand nor the product line."),
    "same_product_type": gettext_noop("Both are the same type of product, even in another word or language."),
    "different_product_type": gettext_noop("The listing is of another type of product than the recall."),
    "product_type_not_stated": gettext_noop("The listing does not say what type of product it is."),
    "contains_component": gettext_noop("The listing is a product that was sold with the recalled part."),
    "name_line": gettext_noop("The listing has the words that tell the product from others of its brand."),
    "name_words": gettext_noop("The listing has words of the product's name, all of them ordinary words."),
    "name_whole": gettext_noop("Brand, product type and whole product name are all in the listing."),
    "name_plain": gettext_noop("Brand and product type are all that the recall states, and the listing has both."),
    "title_fits": gettext_noop("The title says little that the recall does not say too."),
    "title_mentions_something_else": gettext_noop("The title has names that the recall does not know."),
    "title_adds_words": gettext_noop("The title has ordinary words that the recall does not know."),
    "described": gettext_noop("The listing has a name that only the recall's description mentions."),
    "described_line": gettext_noop("Beside the brand, the listing has a product line from the recall's description."),
    "disguised": gettext_noop("Brand or name is written in letters that only look alike, or with hidden ones."),
    "different_size": gettext_noop("The listing states another size or capacity than the recall."),
    "same_size": gettext_noop("The listing states the size or capacity that the recall names."),
    "name_missing": gettext_noop("The listing lacks the words that tell the product from others of its brand."),
    "different_product_line": gettext_noop("The listing names another product line of the same brand."),
    "model_of_name_missing": gettext_noop(
        "The product's name has a model number, and the listing has another or none."
    ),
    "model_not_stated": gettext_noop("The recall names models, and the listing states none."),
    "limits_not_stated": gettext_noop(
        "Only some products of a large maker are recalled, and the listing does not say which."
    ),
    "lot_not_stated": gettext_noop("Only certain lots or dates are recalled, and the listing states none."),
    "excluded_model": gettext_noop("The recall says that the listing's model is not recalled."),
    "other_model": gettext_noop("The listing states a model number that the recall does not list."),
    "model_variant": gettext_noop("The model number is a recalled one with an added letter or digit."),
    "different_version": gettext_noop("The name is the same, but the version number differs."),
    "different_type": gettext_noop("The listing says the opposite: electric for gas, corded for cordless."),
    "accessory": gettext_noop("The listing is something for the product: a case, a part, a spare."),
    "not_affected": gettext_noop("The seller says that the product is not part of the recall."),
    "replacement_for_recalled": gettext_noop("The listing is offered in place of the recalled product."),
    "media": gettext_noop("The listing is a book, a manual, a film or a picture about the product."),
    "toy": gettext_noop("The listing is a toy or a scale model of the product."),
    "seller_before": gettext_noop("The seller had listings of the same recall removed from the same platform before."),
    "same_picture": gettext_noop("The picture is that of a listing which was removed from the same platform."),
}
"""Signal → its sentence, as listings/signal_titles.py has its title."""
