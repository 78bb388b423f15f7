package dev.shunt.workloads.trace;

import dev.shunt.core.Divergence;
import dev.shunt.core.Divergence.Kind;
import dev.shunt.store.LedgerReach;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Rows whose counterpart is not there. One set-based question for each sort, because a window may hold millions.
 *
 * <p>A session or user that no trace names can still be rightful: of a trace that came in two items only the first wrote
 * the trace's row. Rightful ones carry the acceptance time of an item of their project, to the microsecond.
 */
final class Orphans {

    private static final int MOST = 10_000;

    /** @param ofLedger whether it takes what the ledger does not know for what nobody accepted */
    private record Question(boolean ofLedger, Kind kind, String sql) {}

    private static final List<Question> QUESTIONS = List.of(
            new Question(true, Kind.EXTRA, """
            select 'traces[' || s.project_id || '/' || s.trace_id || '].spans[' || s.id || ']',
                   'stored by ' || s.item_key || ', which nobody accepted', s.item_key
            from span s join trace t on t.project_id = s.project_id and t.id = s.trace_id
            where s.stored_at >= ?::timestamptz and s.stored_at < ?::timestamptz and s.item_key <> t.item_key
              and not exists (select from ledger l where l.workload = 'trace' and l.item_key = s.item_key)
            """),
            new Question(false, Kind.EXTRA, """
            select 'traces[' || s.project_id || '/' || s.trace_id || '].spans[' || s.id || ']',
                   'stored by ' || s.item_key || ', without its trace', s.item_key
            from span s
            where s.stored_at >= ?::timestamptz and s.stored_at < ?::timestamptz
              and not exists (select from trace t where t.project_id = s.project_id and t.id = s.trace_id)
            """),
            new Question(true, Kind.EXTRA, """
            select 'sessions[' || s.project_id || '/' || s.id || ']', 'no trace of it, last seen ' || s.updated_at, null::text
            from session s
            where s.updated_at >= ?::timestamptz and s.updated_at < ?::timestamptz
              and not exists (select from trace t where t.project_id = s.project_id and t.session_id = s.id)
              and not exists (select from ledger l where l.workload = 'trace' and l.accepted_at = s.updated_at
                  and l.project_id = s.project_id)
            """),
            new Question(true, Kind.EXTRA, """
            select 'users[' || u.project_id || '/' || u.id || ']', 'no trace of it, last seen ' || u.last_seen_at, null::text
            from tracked_user u
            where u.last_seen_at >= ?::timestamptz and u.last_seen_at < ?::timestamptz
              and not exists (select from trace t where t.project_id = u.project_id and t.user_id = u.id)
              and not exists (select from ledger l where l.workload = 'trace' and l.accepted_at = u.last_seen_at
                  and l.project_id = u.project_id)
            """),
            new Question(false, Kind.MISSING, """
            select distinct 'sessions[' || t.project_id || '/' || t.session_id || ']', 'a row for its traces', null::text
            from trace t
            where t.stored_at >= ?::timestamptz and t.stored_at < ?::timestamptz and t.session_id <> ''
              and not exists (select from session s where s.project_id = t.project_id and s.id = t.session_id)
            """),
            new Question(false, Kind.MISSING, """
            select distinct 'users[' || t.project_id || '/' || t.user_id || ']', 'a row for its traces', null::text
            from trace t
            where t.stored_at >= ?::timestamptz and t.stored_at < ?::timestamptz and t.user_id <> ''
              and not exists (select from tracked_user u where u.project_id = t.project_id and u.id = t.user_id)
            """));

    private Orphans() {}

    /** Of each sort at most 10,000. */
    static List<Divergence> find(Connection connection, Instant from, Instant until, LedgerReach reach)
            throws SQLException {
        List<Divergence> found = new ArrayList<>();
        for (Question question : QUESTIONS) {
            boolean extra = question.kind() == Kind.EXTRA;
            try (PreparedStatement select = connection.prepareStatement(question.sql() + " limit " + MOST)) {
                select.setString(1, (question.ofLedger() ? reach.known(from) : from).toString());
                select.setString(2, until.toString());
                try (ResultSet rows = select.executeQuery()) {
                    while (rows.next()) {
                        String what = rows.getString(2);
                        found.add(Divergence.ofInput(
                                question.kind(),
                                rows.getString(1),
                                extra ? null : what,
                                extra ? what : null,
                                Findings.key(rows.getString(3)),
                                null,
                                null));
                    }
                }
            }
        }
        return found;
    }
}
