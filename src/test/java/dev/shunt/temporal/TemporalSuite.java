package dev.shunt.temporal;

import static org.awaitility.Awaitility.await;

import dev.shunt.contract.InMemoryInFlight;
import dev.shunt.core.Item;
import dev.shunt.core.ItemKey;
import dev.shunt.core.Reason;
import dev.shunt.core.RouteGateway.Description;
import dev.shunt.core.RouteGateway.Dispatch;
import dev.shunt.embedded.TestBackends;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;

/**
 * One server for a whole suite, behind a line that can be cut; a route of its own for each test. A route takes a second to
 * stop, because its polls end only then: it stops while the next test runs, which has another task queue and registry.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class TemporalSuite {

    static final Duration SOON = Duration.ofSeconds(20);

    final DataSource database = TestBackends.migratedDatabase();
    final String prefix = UUID.randomUUID().toString().substring(0, 8);
    private final List<CompletableFuture<Void>> stopping = new ArrayList<>();
    InMemoryInFlight inFlight = new InMemoryInFlight();

    @SuppressWarnings("NullAway.Init") // made for each test
    CuttableLine line;

    @SuppressWarnings("NullAway.Init")
    TemporalRig rig;

    /** Of the server; it is there until the JVM ends. */
    String server() {
        return TestBackends.temporalAddress();
    }

    @BeforeAll
    void open() {
        line = new CuttableLine(server());
    }

    @AfterAll
    void close() {
        try {
            CompletableFuture.allOf(stopping.toArray(CompletableFuture[]::new)).join();
        } finally {
            line.close();
        }
    }

    TemporalRig start(TemporalRig.Settings settings) {
        inFlight = new InMemoryInFlight();
        rig = new TemporalRig(settings, inFlight, database);
        return rig;
    }

    TemporalRig startConnected() {
        return start(TemporalRig.settings(line.address())).connected();
    }

    @AfterEach
    void stop() {
        line.mend();
        stopping.add(CompletableFuture.runAsync(
                rig::close, stop -> Thread.ofVirtual().start(stop)));
    }

    Item item(String id, String text) {
        return rig.item(prefix + id, text);
    }

    Dispatch dispatch(Item item) {
        return rig.gateway.dispatch(item, TemporalRig.onTemporal());
    }

    static Dispatch.Accepted onLegacy(Reason reason) {
        return new Dispatch.Accepted(TemporalRig.onTemporal().divertedToLegacy(reason), null);
    }

    String status(ItemKey key) {
        return rig.gateway
                .describe(TemporalRig.ECHO, key)
                .map(Description::status)
                .orElse("NOT_FOUND");
    }

    void awaitSettled(ItemKey key) {
        await().atMost(SOON).until(() -> inFlight.find(TemporalRig.ECHO, key).isEmpty());
    }
}
