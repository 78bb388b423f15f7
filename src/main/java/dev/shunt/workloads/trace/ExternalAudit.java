package dev.shunt.workloads.trace;

import dev.shunt.core.Divergence;
import dev.shunt.core.Divergence.Kind;
import dev.shunt.core.ItemKey;
import dev.shunt.core.ResultAudit.Accepted;
import dev.shunt.workloads.trace.ExternalRows.CostedSpan;
import dev.shunt.workloads.trace.ExternalRows.Stored;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.sql.DataSource;

/** Verifies traces, costs and summaries in the tables of a worker outside. */
final class ExternalAudit implements OutsideAudit {

    /** What the worker wrote this long ago was looked up and is in the ledger, unless nobody accepted it. */
    private static final Duration SEEN = Duration.ofSeconds(30);

    private static final String SINCE = "select since from external_worker where workload = ?";
    private static final String KNOWN = """
            select distinct l.project_id, l.subject from unnest(?::text[], ?::text[]) as i (project_id, subject)
            join ledger l on l.workload = ? and l.project_id = i.project_id and l.subject = i.subject
            """;

    private final ExternalDatabase database;
    private final Snapshot ledger;
    private final ExternalCheck check;
    private final ExternalSummaries summaries;
    private final ExternalColumns columns;
    private final Clock clock;

    ExternalAudit(ExternalDatabase database, DataSource ledger, Clock clock) {
        this.database = database;
        this.ledger = new Snapshot(ledger);
        this.check = new ExternalCheck(database.tables(), new Doubts(clock)::confirmed);
        this.summaries = new ExternalSummaries(database, clock);
        this.columns = new ExternalColumns(database.names());
        this.clock = clock;
    }

    @Override
    public List<Divergence> verify(List<Accepted> done) {
        return database.read(
                "verifying " + done.size() + " traces outside",
                connection -> check.run(connection, done).values().stream()
                        .flatMap(List::stream)
                        .toList());
    }

    private record Written(String project, String id) {}

    @Override
    public List<Divergence> unaccounted(Instant from, Instant until) {
        Optional<Instant> since = ledger.read("reading since when Shunt is in front", ExternalAudit::since);
        Instant seen = clock.instant().minus(SEEN);
        Instant first = since.filter(begun -> begun.isAfter(from)).orElse(from);
        Instant last = until.isAfter(seen) ? seen : until;
        if (since.isEmpty() || !first.isBefore(last)) {
            return List.of();
        }
        List<Written> written = new ArrayList<>();
        database.read("reading what the worker outside wrote", connection -> {
            ExternalDatabase.rows(
                    connection,
                    database.tables().writtenBetween(),
                    row -> written.add(new Written(row.getString("project_id"), row.getString("id"))),
                    local(first),
                    local(last));
            return true;
        });
        Set<Written> known = ledger.read("looking up what was accepted", connection -> known(connection, written));
        return written.stream()
                .filter(trace -> !known.contains(trace))
                .map(trace -> Divergence.ofInput(
                        Kind.EXTRA,
                        "traces[" + trace.project() + "/" + trace.id() + "]",
                        null,
                        "stored by the worker outside",
                        null,
                        null,
                        null))
                .toList();
    }

    private static Optional<Instant> since(Connection connection) throws SQLException {
        List<Instant> found = new ArrayList<>();
        ExternalDatabase.rows(
                connection, SINCE, row -> found.add(row.getTimestamp(1).toInstant()), TraceWorkload.TRACE.name());
        return found.stream().findFirst();
    }

    private static Set<Written> known(Connection connection, List<Written> written) throws SQLException {
        Set<Written> known = new HashSet<>();
        ExternalDatabase.rows(
                connection,
                KNOWN,
                row -> known.add(new Written(row.getString(1), row.getString(2))),
                written.stream().map(Written::project).toArray(),
                written.stream().map(Written::id).toArray(),
                TraceWorkload.TRACE.name());
        return known;
    }

    private static String local(Instant time) {
        return time.atOffset(ZoneOffset.UTC).toLocalDateTime().toString();
    }

    @Override
    public List<Divergence> verifySummaries(LocalDate day) {
        return columns.summaries() ? summaries.verify(day) : List.of();
    }

    @Override
    public Set<LocalDate> summaryDays(Collection<ItemKey> done) {
        if (done.isEmpty() || !columns.summaries()) {
            return Set.of();
        }
        Set<LocalDate> days = new HashSet<>();
        rows(done)
                .values()
                .forEach(stored -> stored.spans().stream()
                        .map(CostedSpan::span)
                        .filter(ExternalPrices::isBilled)
                        .forEach(span -> days.add(
                                span.startTime().atOffset(ZoneOffset.UTC).toLocalDate())));
        return days;
    }

    private Map<String, Stored> rows(Collection<ItemKey> keys) {
        var rows = new ExternalRows(database.tables());
        return database.read("reading traces outside", connection -> new HashMap<>(rows.read(connection, keys)));
    }

    @Override
    public Optional<String> stored(String project, String subject) {
        return Optional.ofNullable(rows(List.of(ItemKey.of(project, subject, "0000000000000000")))
                        .get(ExternalRows.subject(project, subject)))
                .map(ExternalReports::trace);
    }
}
