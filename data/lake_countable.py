"""The statement by which the published cube reads the lake: beside the writer, and for `data.cube` alone.
 A record counts by its newest revision, when that is neither cancelled nor recalled; its label says that it
may, and always said the same (whoever saw it under another label may remember it); its release window is
open; its place is known, and may be told, to the first level; its time to the week. What is in quarantine
is in no feed.
"""

COUNTABLE = """
WITH steady AS (
    SELECT record_id FROM lake.{feed} GROUP BY record_id HAVING count(DISTINCT label_id) = 1
), found AS (
    SELECT t.adm1_pcode AS area, t.{category} AS category, date_trunc('week', t.start_at)::DATE AS week,
        t.label_id, {presence} AS presence_kind,
        concat_ws(',', CASE WHEN list_contains(?::VARCHAR[], t.country_iso3) THEN t.country_iso3 END,
            CASE WHEN list_contains(?::VARCHAR[], t.adm1_pcode) THEN t.adm1_pcode END,
            CASE WHEN list_contains(?::VARCHAR[], t.adm2_pcode) THEN t.adm2_pcode END) AS places,
        left(sha256(concat(?::VARCHAR, 'cube', t.record_id)), 32) AS mark
    FROM lake.{feed} AS t JOIN lake.labels AS l USING (label_id) JOIN steady USING (record_id)
    WHERE l.agg_release = 'cube_k' AND l.release_geo_level IN ('exact', 'adm2', 'adm1')
        AND t.superseded_at IS NULL AND t.msg_type IN ('new', 'update')
        AND t.adm1_pcode IS NOT NULL AND t.{category} IS NOT NULL AND t.time_precision <= 3
        AND date_trunc('week', t.start_at) < ?::TIMESTAMPTZ
        AND greatest(t.ingested_at, t.received_at) < ?::TIMESTAMPTZ
        AND coalesce(t.release_from <= ?::TIMESTAMPTZ, true)
        AND coalesce(t.release_until > ?::TIMESTAMPTZ, true) AND coalesce(t.label_review_on >= ?::DATE, true)
), fresh AS (
    SELECT * FROM found ANTI JOIN counted USING (mark)
), filled AS (
    SELECT area, category, week FROM fresh GROUP BY ALL HAVING count(*) >= ?
)
SELECT area, category, week, label_id, presence_kind, places, list(mark ORDER BY mark) AS marks
FROM fresh JOIN filled USING (area, category, week) GROUP BY ALL ORDER BY ALL
"""
"""`{feed}`, `{category}` and `{presence}` are names of ours; `counted` is an Arrow table of marks. A mark
is the record's id under the home's secret: it tells whether a record was counted and names none."""
