package dev.shunt.workloads.trace;

import dev.shunt.core.Divergence;
import dev.shunt.core.ItemKey;
import dev.shunt.core.ResultAudit;
import dev.shunt.store.LedgerReach;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.sql.DataSource;

/**
 * Verifies stored traces against their input, apart from the code that stored them: content by its evidence, costs and
 * sums by computing them anew.
 */
final class TraceAudit implements ResultAudit {

    private static final String DAYS = """
            select distinct (s.start_time at time zone 'UTC')::date::text
            from unnest(?::text[], ?::text[], ?::text[]) as i (project_id, trace_id, item_key)
            join span s on s.project_id = i.project_id and s.trace_id = i.trace_id and s.item_key = i.item_key
            """;

    private static final int UNACCOUNTED = 1_000;

    private final Snapshot snapshot;
    private final Snapshot wholeDays;
    private final OutsideAudit outside;
    private final LedgerReach reach;

    /** @param outside verifies what a worker outside Shunt stored */
    TraceAudit(DataSource database, OutsideAudit outside, LedgerReach reach) {
        this(new Snapshot(database), new Snapshot(database), outside, reach);
    }

    /**
     * @param wholeDays sums all spans of a day
     * @param outside verifies what a worker outside Shunt stored
     */
    TraceAudit(Snapshot snapshot, Snapshot wholeDays, OutsideAudit outside, LedgerReach reach) {
        this.snapshot = snapshot;
        this.wholeDays = wholeDays;
        this.outside = outside;
        this.reach = reach;
    }

    @Override
    public List<Divergence> verify(List<Accepted> done) {
        List<Accepted> outsiders = new ArrayList<>();
        List<Divergence> found = new ArrayList<>(snapshot.read(
                "verifying " + done.size() + " traces", connection -> verifyHere(connection, done, outsiders)));
        if (!outsiders.isEmpty()) {
            found.addAll(outside.verify(outsiders));
        }
        return found;
    }

    /** @param outsiders takes those that a worker outside stored, which are not verified here */
    private List<Divergence> verifyHere(Connection connection, List<Accepted> done, List<Accepted> outsiders)
            throws SQLException {
        List<StoredItem> stored =
                StoredItems.read(connection, done.stream().map(Accepted::key).toList());
        Set<ItemKey> there = OutsideAudit.storedOutside(connection, withoutRows(done, stored));
        Set<String> strangers = Unaccounted.items(
                connection,
                stored.stream().flatMap(item -> item.others().values().stream()).toList(),
                reach);
        PricesInForce prices = PricesInForce.read(connection);
        List<Divergence> found = new ArrayList<>();
        List<StoredItem> here = new ArrayList<>(done.size());
        for (int i = 0; i < done.size(); i++) {
            if (there.contains(done.get(i).key())) {
                outsiders.add(done.get(i));
            } else {
                here.add(stored.get(i));
                found.addAll(ItemCheck.run(done.get(i), stored.get(i), prices, strangers));
            }
        }
        found.addAll(VisitorCheck.run(connection, here, reach.since()));
        return found;
    }

    /** What a worker outside stored has no row here. */
    private static List<Accepted> withoutRows(List<Accepted> done, List<StoredItem> stored) {
        List<Accepted> none = new ArrayList<>();
        for (int i = 0; i < done.size(); i++) {
            if (!stored.get(i).wroteTrace() && stored.get(i).spans().isEmpty()) {
                none.add(done.get(i));
            }
        }
        return none;
    }

    @Override
    public List<Divergence> unaccounted(Instant begin, Instant until) {
        Instant from = reach.known(begin);
        if (!from.isBefore(until)) {
            return List.of();
        }
        List<Divergence> found = new ArrayList<>(snapshot.read("looking for traces nobody accepted", connection -> {
            List<Divergence> here = new ArrayList<>(Unaccounted.traces(connection, from, until, UNACCOUNTED));
            here.addAll(Unaccounted.visitors(connection, from, until));
            return here;
        }));
        found.addAll(outside.unaccounted(from, until));
        return found;
    }

    @Override
    public List<Divergence> verifySummaries(LocalDate day) {
        List<Divergence> found = new ArrayList<>(
                wholeDays.read("verifying the summaries of " + day, connection -> SummaryCheck.run(connection, day)));
        found.addAll(outside.verifySummaries(day));
        return found;
    }

    @Override
    public Set<LocalDate> summaryDays(Collection<ItemKey> done) {
        Set<LocalDate> days = new HashSet<>(snapshot.read(
                "looking up the days of " + done.size() + " traces", connection -> days(connection, done)));
        days.addAll(outside.summaryDays(done));
        return days;
    }

    @Override
    public Optional<String> stored(String project, String subject) {
        return snapshot.read(
                        "reading trace " + subject, connection -> StoredReports.trace(connection, project, subject))
                .or(() -> outside.stored(project, subject));
    }

    @Override
    public List<Map<String, Object>> summary(String project, LocalDate day) {
        return snapshot.read(
                "reading the summary of " + day, connection -> StoredReports.summary(connection, project, day));
    }

    private static Set<LocalDate> days(Connection connection, Collection<ItemKey> items) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(DAYS)) {
            select.setArray(
                    1,
                    connection.createArrayOf(
                            "text", items.stream().map(ItemKey::project).toArray()));
            select.setArray(
                    2,
                    connection.createArrayOf(
                            "text", items.stream().map(ItemKey::subject).toArray()));
            select.setArray(
                    3,
                    connection.createArrayOf(
                            "text", items.stream().map(ItemKey::value).toArray()));
            Set<LocalDate> days = new HashSet<>();
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    days.add(LocalDate.parse(rows.getString(1)));
                }
            }
            return days;
        }
    }
}
