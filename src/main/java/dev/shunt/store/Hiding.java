package dev.shunt.store;

/**
 * Which divergences are hidden, asked when they are read: a rule that expired or was removed a moment ago hides nothing,
 * and a new one hides also what was recorded before it.
 */
final class Hiding {

    static final String NUMBER = "'^-?[0-9]{1,60}([.][0-9]{1,60})?([eE][-+]?[0-9]{1,2})?$'";

    /** Whether the rule {@code r} fits the divergence {@code d}; says nothing of the rule's life. */
    static final String FITS = """
            r.workload = d.workload and (r.kind is null or r.kind = d.kind)
            and (d.path like r.path_like or d.path_pattern like r.path_like)
            and (r.absolute_tolerance is null and r.relative_tolerance is null
                or case when d.expected ~ NUMBER and d.actual ~ NUMBER
                        then abs(d.expected::numeric - d.actual::numeric) <= greatest(
                            coalesce(r.absolute_tolerance, 0),
                            coalesce(r.relative_tolerance, 0) * abs(d.expected::numeric))
                        else false end)
            """.replace("NUMBER", NUMBER);

    /** By the time of the statement: {@code clock_timestamp()} is volatile, which has Postgres compute all rows first. */
    static final String ACTIVE = "r.removed_at is null and r.expires_at > statement_timestamp()";

    /** The oldest active rule that fits {@code d}, as one column {@code id}; empty if it is not hidden. */
    static final String RULE =
            "select r.id from ignore_rule r where " + ACTIVE + " and " + FITS + " order by r.id limit 1";

    /**
     * To be followed by a query: {@code shown} has every divergence with {@code hiding_rule}; {@code judged} the newest
     * judgement of each group, with {@code back} where a fixed group was seen again. Nothing is computed before the query
     * that follows says of which rows: there may be many, of months, and somebody asks every few seconds.
     */
    static final String WITH = """
            with shown as not materialized (
                select d.*, h.id as hiding_rule from divergence d left join lateral (%s) h on true
            ), latest as (
                select distinct on (workload, kind, path_pattern) * from divergence_judgement
                order by workload, kind, path_pattern, id desc
            ), judged as (
                select l.*, l.state = 'FIXED' and coalesce((
                    select true from divergence d
                    where d.workload = l.workload and d.kind = l.kind and d.path_pattern = l.path_pattern
                      and d.last_seen > l.judged_at and not exists (%s)
                    order by d.last_seen desc limit 1), false) as back
                from latest l
            )
            """.formatted(RULE, RULE);

    private Hiding() {}
}
