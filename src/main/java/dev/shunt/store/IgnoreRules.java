package dev.shunt.store;

import static dev.shunt.store.Reads.utc;

import dev.shunt.core.Divergence.Kind;
import dev.shunt.core.IgnoreRule;
import dev.shunt.core.Workload;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Rules that hide divergences for a while. None is ever deleted. */
public final class IgnoreRules {

    private static final String RULES = """
            with hidden as (
                select h.id, count(*) as divergences from divergence d cross join lateral (%s) h group by h.id
            ), recorded as (
                select hidden_by as id, count(*) as divergences from divergence where hidden_by is not null group by 1
            )
            select r.*, %s as active, coalesce(h.divergences, 0) as hides, coalesce(c.divergences, 0) as hid
            from ignore_rule r left join hidden h using (id) left join recorded c using (id)
            """.formatted(Hiding.RULE, Hiding.ACTIVE);

    private final Reads reads;

    public IgnoreRules(DataSource database) {
        this.reads = new Reads(database);
    }

    /** Hides from now on, also what was recorded before. */
    public IgnoreRule create(IgnoreRule.Draft draft, String by) {
        Kind kind = draft.kind();
        long id = reads.ask(
                "creating an ignore rule",
                jdbc -> jdbc.sql("""
                        insert into ignore_rule (workload, path, path_like, kind, absolute_tolerance,
                            relative_tolerance, reason, owner, created_by, created_at, expires_at)
                        values (:workload, :path, :like, :kind, :absolute, :relative, :reason, :owner, :by,
                            statement_timestamp(), least(:expires, statement_timestamp() + interval '90 days'))
                        returning id
                        """)
                        .param("workload", draft.workload().name())
                        .param("path", draft.path())
                        .param("like", draft.like())
                        .param("kind", kind == null ? null : kind.name())
                        .param("absolute", draft.absolute())
                        .param("relative", draft.relative())
                        .param("reason", draft.reason())
                        .param("owner", draft.owner())
                        .param("by", by)
                        .param("expires", utc(draft.expiresAt()))
                        .query(Long.class)
                        .single());
        reads.ask(
                "noting what rule " + id + " hides",
                jdbc -> jdbc.sql("update divergence d set hidden_by = r.id from ignore_rule r where r.id = :id"
                                + " and d.hidden_by is null and " + Hiding.FITS)
                        .param("id", id)
                        .update());
        return find(id).orElseThrow();
    }

    /** Oldest first. */
    public List<IgnoreRule> list(@Nullable Workload workload, boolean onlyActive) {
        return reads.ask(
                "reading ignore rules",
                jdbc -> jdbc.sql(RULES + "where (:workload::text is null or r.workload = :workload) and (:all or "
                                + Hiding.ACTIVE + ") order by r.id")
                        .param("workload", workload == null ? null : workload.name())
                        .param("all", !onlyActive)
                        .query(IgnoreRules::rule)
                        .list());
    }

    public Optional<IgnoreRule> find(long id) {
        return reads.ask(
                "reading ignore rule " + id,
                jdbc -> jdbc.sql(RULES + "where r.id = :id")
                        .param("id", id)
                        .query(IgnoreRules::rule)
                        .optional());
    }

    /**
     * Takes a rule back; what it hid is shown again. A second time changes nothing.
     *
     * @return the rule as it is now; empty if there is none
     */
    public Optional<IgnoreRule> remove(long id, String by) {
        reads.ask(
                "removing ignore rule " + id,
                jdbc -> jdbc.sql("update ignore_rule set removed_at = clock_timestamp(), removed_by = :by"
                                + " where id = :id and removed_at is null")
                        .param("id", id)
                        .param("by", by)
                        .update());
        return find(id);
    }

    /** What active rules hide of the divergences seen in a window. */
    public record Count(long rule, String path, String owner, String reason, Instant expiresAt, long divergences) {}

    /** Rules that hide at least one divergence seen in {@code from <= t < until}. */
    public List<Count> counts(Workload workload, Instant from, Instant until) {
        return reads.ask(
                "counting what is hidden of " + workload,
                jdbc -> jdbc.sql("""
                        select r.id, r.path, r.owner, r.reason, r.expires_at, h.divergences
                        from (select h.id, count(*) as divergences
                              from divergence d cross join lateral (%s) h
                              where d.workload = :workload and d.last_seen >= :from and d.first_seen < :until
                              group by h.id) h
                        join ignore_rule r using (id) order by r.id
                        """.formatted(Hiding.RULE))
                        .param("workload", workload.name())
                        .param("from", utc(from))
                        .param("until", utc(until))
                        .query((row, number) -> new Count(
                                row.getLong("id"),
                                row.getString("path"),
                                row.getString("owner"),
                                row.getString("reason"),
                                Reads.time(row, "expires_at"),
                                row.getLong("divergences")))
                        .list());
    }

    private static IgnoreRule rule(ResultSet row, int number) throws SQLException {
        String kind = row.getString("kind");
        var draft = new IgnoreRule.Draft(
                new Workload(row.getString("workload")),
                row.getString("path"),
                kind == null ? null : Kind.valueOf(kind),
                row.getBigDecimal("absolute_tolerance"),
                row.getBigDecimal("relative_tolerance"),
                row.getString("reason"),
                row.getString("owner"),
                Reads.time(row, "expires_at"));
        return new IgnoreRule(
                row.getLong("id"),
                draft,
                row.getString("created_by"),
                Reads.time(row, "created_at"),
                row.getString("removed_by"),
                Reads.timeOrNull(row, "removed_at"),
                row.getBoolean("active"),
                row.getLong("hides"),
                row.getLong("hid"));
    }
}
