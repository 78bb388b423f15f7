package dev.shunt.comparison;

import dev.shunt.contract.InMemoryInFlight;
import dev.shunt.core.DeadLetters;
import dev.shunt.core.ExternalResults;
import dev.shunt.core.ForwardedItems;
import dev.shunt.store.Divergences;
import dev.shunt.store.ExternalLedger;
import dev.shunt.store.SoleRunner;
import dev.shunt.store.TestShadow;
import java.time.Clock;
import java.time.Duration;
import javax.sql.DataSource;

/** Settles what a worker outside does, as often as a test looks. */
public final class TestExternalWatch {

    private final ExternalWatch watch;

    public TestExternalWatch(
            ForwardedItems forwarded, ExternalResults results, DeadLetters deadLetters, DataSource database) {
        this(forwarded, results, deadLetters, database, Clock.systemUTC());
    }

    /** Walks the whole list of what was given up each second of this clock. */
    TestExternalWatch(
            ForwardedItems forwarded,
            ExternalResults results,
            DeadLetters deadLetters,
            DataSource database,
            Clock clock) {
        watch = new ExternalWatch(
                results.workload(),
                forwarded,
                results,
                new ExternalLedger(database),
                deadLetters,
                new Divergences(database),
                new SoleRunner(database),
                new OutsidePairs(notSampling(database)),
                new ExternalSettings(
                        Duration.ofSeconds(1), 500, Duration.ofSeconds(1), Duration.ofSeconds(1), Duration.ofHours(1)),
                clock);
    }

    private static Sampler notSampling(DataSource database) {
        return new Sampler(
                new ShadowSwitches(TestShadow.orders(database), System::nanoTime),
                new SampledQueue(1, 1_024),
                new PairTally(TestShadow.minutes(database)),
                Duration.ofSeconds(1),
                new Pressure(new InMemoryInFlight(), () -> 0, 500, 1),
                Clock.systemUTC());
    }

    public void look() {
        watch.look();
    }
}
