package dev.shunt.comparison;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.core.Item;
import dev.shunt.core.Route;
import dev.shunt.core.Shadowing.Mode;
import dev.shunt.store.Divergences;
import dev.shunt.store.TestShadow;
import dev.shunt.workloads.trace.TestTraceShadow;
import dev.shunt.workloads.trace.TestTraces;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;

/** Items stored by one route's lane and processed a second time by the other's, as if each were sampled. */
final class PairRig implements AutoCloseable {

    private final DataSource database;
    private final TestTraces traces;
    private final Divergences divergences;
    private final TestTraceShadow shadow;
    private final LegacyShadow runs = new LegacyShadow(2);
    private final PairTally tally;
    private int pairs;

    PairRig(DataSource database, TestTraces traces) {
        this.database = database;
        this.traces = traces;
        this.divergences = new Divergences(database);
        this.shadow = new TestTraceShadow(database);
        this.tally = new PairTally(TestShadow.minutes(database));
    }

    /**
     * Stores a group and compares each of its items with its second run.
     *
     * @param within how long the second runs may take
     */
    void run(Route primary, List<Item> group, Duration within) {
        Instant since = Instant.now();
        traces.storeAll(primary, group);
        List<String> failures = new ArrayList<>();
        List<SampledItem> unfinished = new ArrayList<>();
        List<SampledItem> sampled = new ArrayList<>(group.stream()
                .map(item -> new SampledItem(TestTraces.delivery(primary, item), Mode.OTHER_ROUTE, since, null))
                .toList());
        sampled.forEach(tally::sampled);
        new PairRunner(
                        shadow.on(Mode.OTHER_ROUTE.shadowOf(primary)),
                        runs,
                        divergences,
                        tally,
                        within,
                        () -> "run" + pairs++,
                        failures::add,
                        Clock.systemUTC())
                .run(sampled, unfinished::add);
        assertThat(failures).isEmpty();
        assertThat(unfinished).isEmpty();
        assertThat(tally.waiting(ComparisonRig.TRACE))
                .as("pairs that have not ended")
                .isZero();
    }

    /** Of all pairs of the last day. */
    PairReport report() {
        tally.flush();
        Instant now = Instant.now();
        return PairReport.of(
                TestShadow.minutes(database)
                        .sums(ComparisonRig.TRACE, now.minus(Duration.ofDays(1)), now.plus(Duration.ofDays(1))),
                List.of(),
                0);
    }

    @Override
    public void close() {
        runs.close();
        shadow.close();
    }
}
