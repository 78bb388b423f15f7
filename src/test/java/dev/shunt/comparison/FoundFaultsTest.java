package dev.shunt.comparison;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.cli.DemoTrace;
import dev.shunt.cli.Phase;
import dev.shunt.cli.Recordings;
import dev.shunt.comparison.DivergenceLog.Entry;
import dev.shunt.core.Item;
import dev.shunt.core.MessageCodec.Reading;
import dev.shunt.core.Route;
import dev.shunt.core.Workload;
import dev.shunt.embedded.TestBackends;
import dev.shunt.embedded.faults.Fault;
import dev.shunt.embedded.faults.Planting;
import dev.shunt.store.Divergences;
import dev.shunt.store.LedgerChecks;
import dev.shunt.store.ShadowSchema;
import dev.shunt.store.SoleRunner;
import dev.shunt.workloads.trace.TestTraces;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Each fault that can be planted, on both real lanes, and what the comparator makes of it: reconciliation of what is
 * stored, and a pair for each item, whose shadow is on the other route. The table of {@code docs/comparator.md} is this
 * test's outcome; {@code -Dshunt.golden=write} writes it anew.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("slow")
class FoundFaultsTest {

    private static final Path DOCUMENT = Path.of("docs", "comparator.md");
    private static final Pattern TABLE =
            Pattern.compile("(<!-- what found what -->\n)(.*?)(<!-- end -->)", Pattern.DOTALL);
    private static final Workload TRACE = TestTraces.TRACE;
    private static final Phase PHASE = new Phase("test", 50, false);
    private static final ComparisonSettings SETTINGS = new ComparisonSettings(
            Duration.ofSeconds(1),
            Duration.ZERO,
            500,
            500,
            Duration.ofSeconds(10),
            Duration.ofMinutes(1),
            Duration.ofMinutes(1));

    private final DataSource database = TestBackends.migratedDatabase();
    private final JdbcClient sql = JdbcClient.create(database);
    private final TestTraces traces = new TestTraces(database);
    private final PairRig pairs = new PairRig(database, traces);
    private final Divergences divergences = new Divergences(database);
    private int sent;

    /** What was found: kind, path pattern, mechanism. */
    private record Found(String kind, String path, String foundBy) implements Comparable<Found> {

        @Override
        public int compareTo(Found other) {
            return toString().compareTo(other.toString());
        }
    }

    @AfterAll
    void close() {
        pairs.close();
        traces.close();
    }

    @Test
    void every_planted_fault_is_found_and_without_one_there_is_nothing() throws SQLException, IOException {
        Map<Fault, Set<Found>> table = new EnumMap<>(Fault.class);
        assertThat(found(null)).isEmpty();
        for (Fault fault : Fault.values()) {
            table.put(fault, found(fault));
        }
        assertThat(found(null)).isEmpty();
        assertThat(table)
                .allSatisfy((fault, found) -> assertThat(found)
                        .as("what was found of %s", fault.label())
                        .containsAll(fault.signs().stream()
                                .map(sign -> new Found(sign.kind(), sign.path(), sign.foundBy()))
                                .toList()));
        Set<Found> lost = foundOfWhatIsTakenAndNeverHandled();
        assertThat(lost).containsExactly(new Found("MISSING", "item", "CONSERVATION"));

        String written = Files.readString(DOCUMENT);
        String golden = TABLE.matcher(written)
                .replaceFirst(part -> Matcher.quoteReplacement(part.group(1) + text(table, lost) + part.group(3)));
        if ("write".equals(System.getProperty("shunt.golden"))) {
            Files.writeString(DOCUMENT, golden);
        }
        assertThat(Files.readString(DOCUMENT)).isEqualTo(golden);
        assertThat(golden).contains("<!-- what found what -->");
    }

    /** Plants it, sends the same traces as for every other fault, checks, and takes everything away again. */
    private Set<Found> found(@Nullable Fault fault) throws SQLException {
        try (Connection connection = database.getConnection()) {
            if (fault != null) {
                for (String schema : List.of("public", ShadowSchema.NAME)) {
                    Planting.plant(connection, schema, fault, Math.min(fault.every(), 5));
                }
            }
            send();
            check();
            Planting.takeAway(connection);
        }
        var found = new TreeSet<Found>();
        sql.sql("select distinct kind, path_pattern, found_by from divergence")
                .query((row, number) -> new Found(row.getString(1), row.getString(2), row.getString(3)))
                .list()
                .forEach(found::add);
        sql.sql("truncate divergence, trace, span, session, tracked_user, daily_cost_summary, ledger, project cascade")
                .update();
        return found;
    }

    // Recorded and awkward traces; a legacy group first, so that rows of summaries, sessions and users are there.
    private void send() {
        Recordings odd = Recordings.odd(11);
        Recordings recorded = Recordings.published(11);
        Instant at = Instant.now().truncatedTo(ChronoUnit.MICROS).minusSeconds(120);
        List<Item> legacy = new ArrayList<>();
        List<Item> temporal = new ArrayList<>();
        DemoTrace first = odd.next(PHASE, DemoTrace.Way.LIST, at);
        legacy.add(item("p", first, at));
        for (int i = 1; i < 24; i++) {
            DemoTrace trace = (i % 2 == 0 ? odd : recorded).next(PHASE, DemoTrace.Way.LIST, at);
            (i < 8 ? legacy : temporal).add(item("p", trace, at.plusSeconds(2L * i)));
        }
        store(Route.LEGACY, legacy);
        store(Route.TEMPORAL, temporal.subList(0, 8));
        store(Route.TEMPORAL, temporal.subList(8, temporal.size()));
        store(Route.TEMPORAL, List.of(item("other", first, at.plusSeconds(60))));
        store(Route.TEMPORAL, List.of(item("p", recorded.again(first, at), at.plusSeconds(70))));
        // As if each had been stored at once: then it is certain which was the first of its session and user.
        // The one that is late by a minute stays late.
        sql.sql("""
                update ledger set committed_at = accepted_at + interval '1 ms'
                where committed_at - accepted_at < interval '150 s'
                """).update();
    }

    private void store(Route route, List<Item> group) {
        pairs.run(route, group, Duration.ofSeconds(30));
        sent += group.size();
    }

    private static Item item(String project, DemoTrace trace, Instant acceptedAt) {
        if (TestTraces.codec().read(trace.queueMessage(project), acceptedAt) instanceof Reading.Read read) {
            return read.item();
        }
        throw new IllegalStateException("not a trace: " + trace);
    }

    private void check() {
        var check = new DivergenceCheck(
                TRACE,
                traces.audit(),
                new LedgerChecks(database),
                divergences,
                new SoleRunner(database),
                SETTINGS,
                new MovableClock(Instant.now().plusSeconds(5)),
                new SimpleMeterRegistry());
        check.run();
        check.run();
        assertThat(check.status().failures()).isZero();
        assertThat(check.status().backlog()).isZero();
        assertThat(pairs.report().compared()).as("pairs that were compared").isEqualTo(sent);
    }

    /** Nothing of what a lane writes: one message is taken from the list, and nobody handles it. */
    private static Set<Found> foundOfWhatIsTakenAndNeverHandled() {
        try (var rig = new ComparisonRig()) {
            Item lost = rig.accept(TestTraces.item("lost", rig.start.minusSeconds(60)));
            rig.accept(TestTraces.item("waiting", rig.start.minusSeconds(60)));
            rig.removeFromList(lost);
            rig.conservation.look();
            rig.clock.advance(Duration.ofSeconds(10));
            rig.conservation.look();
            var found = new TreeSet<Found>();
            for (Entry entry : rig.list()) {
                assertThat(entry.item()).isEqualTo(lost.key().value());
                found.add(new Found(
                        entry.kind().name(), entry.path(), entry.foundBy().name()));
            }
            return found;
        }
    }

    /** Which columns of a sum are off depends on the day's hour. */
    private static String withoutColumn(String path) {
        return path.startsWith("summaries[]") ? "summaries[]" : path;
    }

    private static String text(Map<Fault, Set<Found>> table, Set<Found> lost) {
        var text = new StringBuilder("""
                | `--fault` | row | on the Temporal route | reconciliation | shadow pairs | conservation |
                |---|---|---|---|---|---|
                """);
        table.forEach(
                (fault, found) -> text.append(line("`" + fault.label() + "`", fault.row(), fault.sentence(), found)));
        return text.append(
                        line("", "S-25", "a message is taken from the list and never handled, on either route", lost))
                .toString();
    }

    private static String line(String label, String row, String sentence, Set<Found> found) {
        return "| %s | %s | %s | %s | %s | %s |\n"
                .formatted(
                        label,
                        row,
                        sentence,
                        by("RECONCILIATION", found),
                        by("SHADOW", found),
                        by("CONSERVATION", found));
    }

    /** Where rows of sums are too few or too many, what is off in others depends on the day's hour, too. */
    private static String by(String mechanism, Set<Found> found) {
        boolean rows = found.stream()
                .anyMatch(each -> each.foundBy().equals("SHADOW") && each.path().equals("summaries[]"));
        return found.stream()
                .filter(each -> each.foundBy().equals(mechanism))
                .filter(each ->
                        !rows || !(each.kind().equals("VALUE") && each.path().startsWith("summaries[]")))
                .map(each -> each.kind() + " `" + withoutColumn(each.path()) + "`")
                .distinct()
                .collect(joining(", "));
    }
}
