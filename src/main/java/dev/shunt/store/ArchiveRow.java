package dev.shunt.store;

import dev.shunt.core.DeadLetterArchive.Action;
import dev.shunt.core.DeadLetterArchive.Content;
import dev.shunt.core.DeadLetterArchive.Letter;
import dev.shunt.core.DeadLetterArchive.State;
import dev.shunt.core.ItemKey;
import dev.shunt.core.Route;
import dev.shunt.core.WayIn;
import dev.shunt.core.Workload;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;

/** Reads rows of the table {@code dead_letter}. */
final class ArchiveRow {

    static final String COLUMNS = """
            d.id, d.workload, d.item_key, d.route, d.reason, d.state, d.attempts, d.replays, length(d.raw) as bytes,
            d.accepted_at, d.died_at, d.stored_at
            """;

    /** With the evidence of the acceptance, which only the ledger keeps. */
    static final String CONTENT = "select " + COLUMNS + """
            , d.raw, d.way_in, (
                select l.evidence from ledger l
                where l.workload = d.workload and l.item_key = d.item_key and l.accepted_at = d.accepted_at
                limit 1) as evidence
            from dead_letter d
            """;

    private ArchiveRow() {}

    static Letter letter(ResultSet row, int number) throws SQLException {
        String key = row.getString("item_key");
        return new Letter(
                row.getLong("id"),
                new Workload(row.getString("workload")),
                key == null ? null : new ItemKey(key),
                Route.valueOf(row.getString("route")),
                row.getString("reason"),
                State.valueOf(row.getString("state")),
                row.getInt("attempts"),
                row.getInt("replays"),
                row.getInt("bytes"),
                Reads.timeOrNull(row, "accepted_at"),
                Reads.time(row, "died_at"),
                Reads.timeOrNull(row, "stored_at"));
    }

    static Content content(ResultSet row, List<Action> actions) throws SQLException {
        String wayIn = row.getString("way_in");
        return new Content(
                letter(row, 0),
                row.getBytes("raw"),
                wayIn == null ? null : WayIn.valueOf(wayIn),
                row.getString("evidence"),
                actions);
    }

    static Action action(ResultSet row, int number) throws SQLException {
        return new Action(Reads.time(row, "at"), row.getString("action"), row.getString("actor"), row.getString("why"));
    }
}
