"""The statements by which a released snapshot is made (see `data.snapshot`). SQL decides nothing: it puts
rows into classes, joins what was decided, and transforms.

`{name}` is the snapshot's own schema in memory, `{feed}` a feed, `{rows}` its rows: names of ours.
"""

CLASSES = """
CREATE TABLE {name}.classes_{feed} AS
WITH given AS (SELECT ?::TIMESTAMPTZ AS now, ?::DATE AS today, ?::VARCHAR[] AS codes),
classed AS (
    SELECT record_id, revision, msg_type, superseded_at IS NULL AS is_newest, label_id,
        coalesce(release_from > now, false) AS not_yet,
        coalesce(release_until <= now, false) AS over,
        coalesce(label_review_on < today, false) AS past_review,
        {presence} AS presence_kind,
        concat_ws(',', CASE WHEN list_contains(codes, country_iso3) THEN country_iso3 END,
            CASE WHEN list_contains(codes, adm1_pcode) THEN adm1_pcode END,
            CASE WHEN list_contains(codes, adm2_pcode) THEN adm2_pcode END) AS places
    FROM {rows}, given
),
recalled AS (
    SELECT record_id, max(revision) AS up_to FROM classed WHERE msg_type = 'recall' GROUP BY record_id
),
keyed AS (
    SELECT *, concat_ws('|', label_id, not_yet, over, past_review, presence_kind, places) AS class
    FROM classed
)
SELECT k.record_id, k.revision, n.revision > 1 AS is_revised, k.class AS own_class, n.class AS newest_class,
    k.label_id, k.not_yet, k.over,
    k.past_review, k.presence_kind, k.places
FROM keyed AS k
JOIN keyed AS n ON n.record_id = k.record_id AND n.is_newest
LEFT JOIN recalled AS r ON r.record_id = k.record_id
WHERE r.up_to IS NULL OR k.revision > r.up_to
"""
"""One row per revision that was not recalled, with its class and that of its record's newest revision.
A class is all that a decision hangs on."""

PAIRS = """
SELECT DISTINCT own_class, newest_class, label_id, not_yet, over, past_review, presence_kind, places
FROM {name}.classes_{feed} ORDER BY ALL
"""

KEEP = """
CREATE TABLE {name}.{table} AS
WITH denied AS (
    SELECT c.record_id, max(c.revision) AS up_to
    FROM {name}.classes_{feed} AS c ANTI JOIN incoming AS g USING (own_class, newest_class)
    GROUP BY c.record_id
), granted AS (
    SELECT t.record_id, t.revision, t.label_id, c.own_class, c.newest_class,
        greatest(t.ingested_at, t.received_at) AS known_from,
        CASE WHEN t.superseded_received_at <= g.g_received_before AND t.superseded_at <= ?::TIMESTAMPTZ
            THEN greatest(t.superseded_at, t.superseded_received_at) END AS known_until,
        list_contains(?::VARCHAR[], t.originator) AS g_own,
        CASE WHEN NOT g_own AND c.is_revised THEN hash({seen}, g_geo, g_operational, g_protection, g_personal,
            g_received_before, g_agreements, g_label) END AS seen
    FROM {rows} AS t
    JOIN {name}.classes_{feed} AS c ON c.record_id = t.record_id AND c.revision = t.revision
    JOIN incoming AS g ON g.own_class = c.own_class AND g.newest_class = c.newest_class
    LEFT JOIN denied AS d ON d.record_id = t.record_id
    WHERE t.received_at <= g.g_received_before AND list_contains(?::SMALLINT[], t.label_id)
        AND t.ingested_at <= ?::TIMESTAMPTZ AND (d.up_to IS NULL OR t.revision > d.up_to)
), stepped AS (
    SELECT *, coalesce(seen <> lag(seen) OVER w OR known_from <> lag(known_until) OVER w, true) AS is_another
    FROM granted WINDOW w AS (PARTITION BY record_id ORDER BY revision)
), runs AS (
    SELECT *, count(*) FILTER (is_another) OVER (PARTITION BY record_id ORDER BY revision) AS run FROM stepped
), kept AS (
    SELECT record_id, run, min(revision) AS first_revision, min(known_from) AS known_from,
        last(known_until ORDER BY revision) AS known_until, arg_min(own_class, revision) AS own_class,
        any_value(newest_class) AS newest_class, any_value(g_own) AS g_own
    FROM runs GROUP BY record_id, run
), shown AS (
    SELECT t.* EXCLUDE (revision), k.run, k.first_revision, k.known_from, k.known_until, k.g_own,
        g.* EXCLUDE (own_class, newest_class),
        concat(t.originator, ':', t.source, ':~', left(sha256(concat(?, t.record_id)), 20)) AS g_opaque_id
    FROM {rows} AS t
    JOIN kept AS k ON k.record_id = t.record_id AND k.first_revision = t.revision
    JOIN incoming AS g ON g.own_class = k.own_class AND g.newest_class = k.newest_class
)
SELECT {columns}, t.run AS revision, t.known_from, t.known_until, t.label_id, t.record_id AS stored_id,
    t.first_revision AS stored_revision, g_geo, g_operational, g_protection, g_personal, g_own, g_opaque_id,
    g_agreements, g_received_before < ?::TIMESTAMPTZ AS g_delayed
FROM shown AS t
ORDER BY t.day, record_id, t.run
"""
"""A row per revision of which the viewer sees something change. One that changed only what is withheld is one
with the revision before: its time, or that there was one, would tell that, and when. For the same reason a
record begins anew after a revision that is denied, and rows stand in the order of the ids that are released
(`record_id` is the column given out). What is known from a later time on is not here yet."""

ROWS = """
CREATE TABLE {name}.rows_{feed} AS
SELECT * FROM lake.{feed} WHERE record_id IN (SELECT record_id FROM incoming)
"""
"""All rows of the records that changed, in the place of the lake's. What becomes of a record hangs on its
own rows, so the others stay as they were."""

MERGE = """
CREATE TABLE {name}.{feed} AS
SELECT * FROM {before} WHERE stored_id NOT IN (SELECT record_id FROM incoming)
UNION ALL SELECT * FROM {name}.fresh_{feed}
ORDER BY day, record_id, revision
"""
"""As `KEEP` orders all of them."""

FIGURES = """
CREATE TABLE {name}.figures AS
SELECT stored_id, stored_revision, metric, metric_value, metric_unit, metric_period, metric_adds_over_time,
    metric_adds_over_area
FROM {name}.incidents WHERE metric IS NOT NULL AND metric_value IS NOT NULL
UNION ALL
SELECT stored_id, stored_revision, f.metric, f.metric_value, f.metric_unit, f.metric_period,
    f.metric_adds_over_time, f.metric_adds_over_area
FROM (SELECT stored_id, stored_revision, unnest(further_figures) AS f FROM {name}.incidents)
WHERE f.metric_value IS NOT NULL
"""
"""All figures of the released incidents, the leading one and the further ones, a row each."""

DIGEST = """
SELECT count(*) AS rows, coalesce(bit_xor(hash(record_id, stored_revision, known_from, known_until, g_geo,
    g_operational, g_protection, g_personal, g_agreements)), 0)::VARCHAR AS digest
FROM {name}.{feed}
"""

REFERENCE_DIGEST = "SELECT reference_id, known_from FROM {name}.reference ORDER BY reference_id"

NEXT_CHANGE = """
SELECT min(moment) FROM (
    SELECT min(release_from) AS moment FROM {rows} AS t WHERE release_from > ?
    UNION ALL SELECT min(release_until) FROM {rows} AS t WHERE release_until > ?
    UNION ALL SELECT min(label_review_on + 1)::TIMESTAMPTZ FROM {rows} AS t
        WHERE label_review_on >= ?::DATE
    UNION ALL SELECT min(greatest(ingested_at, received_at)) FROM {rows} AS t
        WHERE greatest(ingested_at, received_at) > ?
    UNION ALL SELECT min(t.received_at + (?::TIMESTAMPTZ - g.g_received_before)) FROM {rows} AS t
        JOIN {name}.classes_{feed} AS c ON c.record_id = t.record_id AND c.revision = t.revision
        JOIN incoming AS g ON g.own_class = c.own_class AND g.newest_class = c.newest_class
        WHERE t.received_at > g.g_received_before
    UNION ALL SELECT min(t.superseded_received_at + (?::TIMESTAMPTZ - g.g_received_before))
        FROM {rows} AS t
        JOIN {name}.classes_{feed} AS c ON c.record_id = t.record_id AND c.revision = t.revision
        JOIN incoming AS g ON g.own_class = c.own_class AND g.newest_class = c.newest_class
        WHERE t.superseded_received_at > g.g_received_before
)
"""
