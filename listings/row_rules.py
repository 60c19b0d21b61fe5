"""Who sees which rows of catalogues and flags, in PostgreSQL (portal/database/row_security.py).

Flags carry platform and regulator themselves, as every list is drawn from them; what hangs on a flag is asked for a case
at a time, and goes through it.
"""

from portal.database.row_security import TENANT, Rule, guard, tenant, through, with_row

_BOTH = {"platform": "platform_id", "regulator": "regulator_id"}
_MESSAGE = f"(audience = 'both' OR organisation_id = {TENANT}) AND {with_row('flag_id', 'listings.Flag')}"
_OWN_PEOPLE = f"EXISTS (SELECT FROM portal_user AS own WHERE own.id = person_id AND own.organisation_id = {TENANT})"
guard(
    {
        "listings.Listing": Rule(
            platform=tenant(platform="platform_id").platform,
            # in turn (portal/database/row_security.py: with_row): lists show some fifty of the listings of 100,000 flags
            regulator="EXISTS (SELECT FROM listings_flag AS flagged WHERE flagged.listing_id = listings_listing.id OFFSET 0)"
            " OR EXISTS (SELECT FROM listings_heldmatch AS held WHERE held.listing_id = listings_listing.id OFFSET 0)",
        ),
        "listings.ListingChange": through("listing_id", "listings.Listing"),
        "listings.CatalogueImport": tenant(platform="platform_id"),
        "listings.CatalogueReject": through("job_id", "listings.CatalogueImport"),
        "listings.CatalogueUpload": tenant(platform="platform_id"),
        "listings.UploadPart": through("upload_id", "listings.CatalogueUpload"),
        "listings.ScheduledFeed": tenant(platform="platform_id"),
        "listings.FeedRule": tenant(platform="platform_id"),
        "listings.Flag": tenant(**_BOTH),
        "listings.RemovalTrace": tenant(platform="platform_id"),
        "listings.Decision": through("flag_id", "listings.Flag"),
        "listings.Exclusion": tenant(**_BOTH),
        "listings.FlagLimit": tenant(regulator="regulator_id"),
        "listings.HeldMatch": tenant(regulator="regulator_id"),
        "listings.CoverageCheck": through("notice_id", "recalls.Notice"),
        "listings.CodeCheck": tenant(platform="platform_id"),
        "listings.SharedCode": Rule(
            platform=tenant(platform="platform_id").platform, regulator=f"regulators @> ARRAY[{TENANT}]"
        ),
        "listings.Message": Rule(platform=_MESSAGE, regulator=_MESSAGE),
        "listings.Message_mentioned": through("message_id", "listings.Message"),
        "listings.MessagesRead": Rule(platform=_OWN_PEOPLE, regulator=_OWN_PEOPLE),
        "listings.Attachment": through("message_id", "listings.Message"),
        "listings.SellerLink": through("flag_id", "listings.Flag"),
        "listings.SellerAnswer": through("message_id", "listings.Message"),
        "listings.DryRun": tenant(regulator="regulator_id"),
        "listings.DryRunResult": through("run_id", "listings.DryRun"),
        "listings.ReadingCorrection": through("version_id", "recalls.RecallVersion"),
    }
)
