package dev.shunt.store;

import dev.shunt.core.Divergence.Kind;
import dev.shunt.core.Workload;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the store tells of itself: new divergences by kind, letters that wait for a person, whether Postgres answers. */
final class StoreMeters {

    private static final Logger log = LoggerFactory.getLogger(StoreMeters.class);
    private static final String LETTERS = """
            select count(*) from (select 1 from dead_letter where workload = ? and state = 'DEAD' limit 10001) counted
            """;

    private final DataSource database;
    private final MeterRegistry meters;
    private final Map<Workload, Double> letters = new ConcurrentHashMap<>();
    private volatile boolean up;

    StoreMeters(DataSource database, MeterRegistry meters, Collection<Workload> workloads) {
        this.database = database;
        this.meters = meters;
        Gauge.builder("shunt.backend.up", this, store -> store.up ? 1 : 0)
                .description("Whether a backend answers this instance")
                .tag("backend", "postgres")
                .register(meters);
        for (Workload workload : workloads) {
            letters.put(workload, Double.NaN);
            Gauge.builder("shunt.dead.letters.waiting", () -> letters.get(workload))
                    .description("Letters with state DEAD, at most 10001")
                    .tag("workload", workload.name())
                    .register(meters);
            for (Kind kind : Kind.values()) {
                divergences(workload, kind);
            }
        }
    }

    void divergence(Workload workload, Kind kind) {
        divergences(workload, kind).increment();
    }

    private Counter divergences(Workload workload, Kind kind) {
        return Counter.builder("shunt.divergences")
                .description(
                        "Divergences found for the first time, or again after they were mended, without those that a rule hides")
                .tag("workload", workload.name())
                .tag("kind", kind.name())
                .register(meters);
    }

    /** Looks once. Never throws: what cannot be read has no value. */
    void look() {
        try (var connection = database.getConnection();
                var count = connection.prepareStatement(LETTERS)) {
            for (Workload workload : List.copyOf(letters.keySet())) {
                count.setString(1, workload.name());
                try (var row = count.executeQuery()) {
                    letters.put(workload, row.next() ? row.getDouble(1) : Double.NaN);
                }
            }
            up = true;
        } catch (SQLException away) {
            log.debug("Dead letters are not counted now: {}", away.toString());
            up = false;
            letters.replaceAll((workload, before) -> Double.NaN);
        }
    }
}
