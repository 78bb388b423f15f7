package dev.shunt.legacy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.comparison.TestExternalWatch;
import dev.shunt.contract.FaultyHandler;
import dev.shunt.contract.RouteContract;
import dev.shunt.core.Bucket;
import dev.shunt.core.Delivery;
import dev.shunt.core.Epoch;
import dev.shunt.core.ExternalResults;
import dev.shunt.core.ForwardedSample;
import dev.shunt.core.InFlight;
import dev.shunt.core.Item;
import dev.shunt.core.ItemHandler;
import dev.shunt.core.ItemKey;
import dev.shunt.core.MessageCodec.Reading;
import dev.shunt.core.Percentage;
import dev.shunt.core.ResultAudit.Accepted;
import dev.shunt.core.Route;
import dev.shunt.core.RouteDecision;
import dev.shunt.core.RouteGateway;
import dev.shunt.core.Stamp;
import dev.shunt.core.UnavailableException;
import dev.shunt.core.Workload;
import dev.shunt.core.WorkloadCatalog;
import dev.shunt.core.WorkloadSettings;
import dev.shunt.workloads.echo.EchoMessage;
import dev.shunt.workloads.echo.EchoTable;
import dev.shunt.workloads.echo.EchoWorkload;
import io.lettuce.core.KeyValue;
import io.lettuce.core.RedisException;
import io.lettuce.core.api.StatefulRedisConnection;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The legacy route whose worker is outside: it pops from its own list, writes its own rows and tells nobody. */
class ExternalRouteContractTest extends RouteContract {

    @Override
    protected Route route() {
        return Route.LEGACY;
    }

    @Override
    protected Running start(String redisUrl, DataSource database) {
        return new Outside(redisUrl, database);
    }

    /** The worker outside knows nothing of decisions. */
    private static final RouteDecision ANY = RouteDecision.byFlag(new Bucket(0), Percentage.ZERO, new Epoch(1));

    private static final class Outside implements Running {

        private static final WorkloadCatalog CATALOG = new WorkloadCatalog(
                Map.of(EchoMessage.ECHO, new WorkloadSettings("echo", "echo-dlq", "echo", "echo", "echo")));
        private static final OldWorker WORKER =
                new OldWorker(EchoMessage.ECHO, "echo:outside", "echo:given-up", message -> "", ForwardedSample.NONE);

        private final RedisConnections redis;
        private final InFlight inFlight;
        private final FaultyHandler handler;
        private final TestExternalWatch watch;
        private final Thread loop;
        private volatile boolean stopping;

        Outside(String redisUrl, DataSource database) {
            EchoTable table = EchoTable.in(database);
            redis = new RedisConnections(new RedisSettings(redisUrl, Duration.ofSeconds(2)));
            inFlight = new RedisInFlight(
                    redis,
                    CATALOG,
                    new ListWalk(workload -> EchoWorkload.codec(), Clock.systemUTC()),
                    Optional.of(WORKER));
            handler = new FaultyHandler(new Rows(database));
            watch = new TestExternalWatch(
                    new RedisForwardedItems(redis, CATALOG, Optional.of(WORKER)),
                    new Echoes(table),
                    letter -> {},
                    database);
            loop = Thread.ofPlatform().daemon().start(this::work);
        }

        private void work() {
            while (!stopping) {
                try (StatefulRedisConnection<String, byte[]> connection = redis.own(Duration.ofSeconds(5))) {
                    while (!stopping) {
                        @Nullable
                        KeyValue<String, byte[]> message = connection.sync().brpop(0.2, WORKER.queue());
                        if (message != null) {
                            handle(message.getValue());
                        }
                    }
                } catch (RedisException away) {
                    Thread.onSpinWait(); // Redis is stopped by the test and comes back
                }
            }
        }

        private void handle(byte[] message) {
            assertThat(Stamp.split(message).stamp()).isEmpty();
            if (!(EchoWorkload.codec().read(message, Instant.now()) instanceof Reading.Read read)) {
                throw new IllegalStateException("no echo");
            }
            Item item = read.item();
            var stamp = new Stamp(item.key(), ANY, item.wayIn(), item.acceptedAt(), "");
            while (!stopping) {
                try {
                    handler.handle(List.of(Delivery.onLegacy(EchoMessage.ECHO, stamp, message)));
                    return;
                } catch (UnavailableException again) {
                    Thread.onSpinWait();
                }
            }
        }

        @Override
        public RouteGateway gateway() {
            return new LegacyGateway(inFlight);
        }

        @Override
        public InFlight inFlight() {
            return inFlight;
        }

        @Override
        public FaultyHandler handler() {
            return handler;
        }

        @Override
        public void sweep() {
            watch.look();
        }

        @Override
        public void close() {
            stopping = true;
            try {
                loop.join(5_000);
            } catch (InterruptedException hurried) {
                Thread.currentThread().interrupt();
            }
            redis.destroy();
        }
    }

    /** Writes rows, and no ledger. */
    private record Rows(DataSource database) implements ItemHandler {
        @Override
        public List<Outcome> handle(List<Delivery> group) {
            for (Delivery delivery : group) {
                JdbcClient.create(database)
                        .sql("insert into echo (project_id, id, item_key, text) values (?, ?, ?, 'outside')"
                                + " on conflict do nothing")
                        .params(
                                delivery.key().project(),
                                delivery.key().subject(),
                                delivery.key().value())
                        .update();
            }
            return group.stream()
                    .map(delivery -> (Outcome) new Outcome.Stored(false))
                    .toList();
        }
    }

    private record Echoes(EchoTable table) implements ExternalResults {

        @Override
        public Workload workload() {
            return EchoMessage.ECHO;
        }

        @Override
        public String evidence(byte[] message) {
            return "";
        }

        @Override
        public Map<ItemKey, Present> present(Collection<ItemKey> keys) {
            Set<String> stored = table.keys();
            return keys.stream()
                    .filter(key -> stored.contains(key.value()))
                    .collect(Collectors.toMap(key -> key, key -> new Present(null)));
        }

        @Override
        public List<ItemKey> complete(List<Accepted> items) {
            return items.stream().map(Accepted::key).toList();
        }
    }
}
