package dev.shunt.temporal;

import static org.awaitility.Awaitility.await;

import dev.shunt.contract.InMemoryInFlight;
import dev.shunt.core.Item;
import dev.shunt.core.ItemKey;
import dev.shunt.core.Reason;
import dev.shunt.core.RouteGateway.Description;
import dev.shunt.core.RouteGateway.Dispatch;
import dev.shunt.embedded.TemporalServerHandle;
import dev.shunt.embedded.TestBackends;
import java.time.Duration;
import java.util.UUID;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;

/** One server for a whole suite, behind a line that can be cut; a route of its own for each test. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class TemporalSuite {

    static final Duration SOON = Duration.ofSeconds(20);

    final DataSource database = TestBackends.migratedDatabase();
    final String prefix = UUID.randomUUID().toString().substring(0, 8);
    private @Nullable TemporalServerHandle server;
    InMemoryInFlight inFlight = new InMemoryInFlight();

    @SuppressWarnings("NullAway.Init") // made for each test
    CuttableLine line;

    @SuppressWarnings("NullAway.Init")
    TemporalRig rig;

    abstract TemporalServerHandle startServer();

    @BeforeAll
    void open() {
        server = startServer();
        line = new CuttableLine(server.address());
    }

    @AfterAll
    void close() {
        if (server != null) {
            line.close();
            server.close();
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
        rig.close();
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
