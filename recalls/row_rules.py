"""Who sees which rows of recalls and notices, in PostgreSQL (portal/database/row_security.py); wider nowhere than needed
for pages, and narrowed further by querysets.py.

A platform sees published versions of the recalls that it was ever noticed of: drafts and embargoes are out of its reach.
"""

from portal.database.row_security import Rule, guard, tenant, through, with_row

_NOTICED = "EXISTS (SELECT FROM recalls_notice AS sent WHERE sent.recall_id = recalls_recall.id)"
guard(
    {
        "recalls.Recall": Rule(
            platform=f"status IN ('published', 'withdrawn') AND {_NOTICED}",
            regulator=tenant(regulator="regulator_id").regulator,
        ),
        "recalls.RecallVersion": Rule(
            platform=f"published_at IS NOT NULL AND {with_row('recall_id', 'recalls.Recall')}",
            regulator=with_row("recall_id", "recalls.Recall"),
        ),
        "recalls.RecallVersion_writers": through("recallversion_id", "recalls.RecallVersion"),
        "recalls.Product": through("version_id", "recalls.RecallVersion"),
        "recalls.Picture": through("version_id", "recalls.RecallVersion"),
        "recalls.RiskAssessment": Rule(regulator=with_row("version_id", "recalls.RecallVersion")),
        "recalls.RiskAssessment_writers": through("riskassessment_id", "recalls.RiskAssessment"),
        "recalls.RecallFile": Rule(
            platform=f"for_platforms AND {with_row('recall_id', 'recalls.Recall')}",
            regulator=with_row("recall_id", "recalls.Recall"),
        ),
        "recalls.Notice": Rule(
            platform=tenant(platform="platform_id").platform,
            regulator=with_row("recall_id", "recalls.Recall"),
        ),
        "recalls.Sending": tenant(regulator="regulator_id"),
        "recalls.RecallFeed": tenant(regulator="regulator_id"),
        "recalls.RecallImport": tenant(regulator="regulator_id"),
        "recalls.RecallImportRow": through("job_id", "recalls.RecallImport"),
        "recalls.RecallReject": through("job_id", "recalls.RecallImport"),
        "recalls.IncidentLead": Rule(
            regulator="EXISTS (SELECT FROM recalls_recall AS own WHERE own.id IN (first_id, second_id))"
        ),
        "recalls.IncidentMember": Rule(regulator=with_row("recall_id", "recalls.Recall")),
        "recalls.IncidentSearch": Rule(regulator=with_row("version_id", "recalls.RecallVersion")),
    }
)
