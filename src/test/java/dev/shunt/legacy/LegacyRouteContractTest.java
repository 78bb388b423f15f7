package dev.shunt.legacy;

import dev.shunt.contract.FaultyHandler;
import dev.shunt.contract.RouteContract;
import dev.shunt.core.Acceptance;
import dev.shunt.core.InFlight;
import dev.shunt.core.Instance;
import dev.shunt.core.Route;
import dev.shunt.core.RouteGateway;
import dev.shunt.core.Trail;
import dev.shunt.core.WorkloadCatalog;
import dev.shunt.core.WorkloadSettings;
import dev.shunt.store.GroupWriter;
import dev.shunt.store.TestLanes;
import dev.shunt.workloads.echo.EchoMessage;
import dev.shunt.workloads.echo.EchoTable;
import dev.shunt.workloads.echo.EchoWorkload;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.sql.DataSource;

class LegacyRouteContractTest extends RouteContract {

    @Override
    protected Route route() {
        return Route.LEGACY;
    }

    @Override
    protected Running start(String redisUrl, DataSource database) {
        return new OnLegacy(redisUrl, database);
    }

    private static final class OnLegacy implements Running {

        private static final WorkloadCatalog CATALOG = new WorkloadCatalog(
                Map.of(EchoMessage.ECHO, new WorkloadSettings("echo", "echo-dlq", "echo", "echo", "echo")));

        private final GroupWriter<EchoMessage> lane;
        private final FaultyHandler handler;
        private final RedisConnections redis;
        private final InFlight inFlight;
        private final RouteGateway gateway;
        private final ConsumerGroup consumers;

        OnLegacy(String redisUrl, DataSource database) {
            EchoTable table = EchoTable.in(database);
            lane = TestLanes.open("echo", database, table);
            handler = new FaultyHandler(EchoWorkload.handler(lane));
            redis = new RedisConnections(new RedisSettings(redisUrl, Duration.ofSeconds(2)));
            inFlight = new RedisInFlight(
                    redis, CATALOG, new ListWalk(workload -> EchoWorkload.codec(), Clock.systemUTC()));
            gateway = new LegacyGateway(inFlight);
            consumers = new ConsumerFactory(
                            Bench.settings(1, 64, LegacySettings.Pop.BLMOVE),
                            redis,
                            CATALOG,
                            new Instance("contract"),
                            inFlight,
                            (workload, message) -> new Acceptance.Ruling.Undecodable("every item here is stamped"),
                            (workload, keys) -> Set.of(),
                            letter -> {},
                            Optional.empty(),
                            Optional.empty(),
                            new ConsumerSwitch(),
                            new Waits(Clock.systemUTC()),
                            new SimpleMeterRegistry(),
                            Clock.systemUTC(),
                            Trail.NONE)
                    .group(EchoWorkload.create(table, handler, handler, inFlight));
            consumers.start();
        }

        @Override
        public RouteGateway gateway() {
            return gateway;
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
        public void sweep() {}

        @Override
        public void close() {
            consumers.stop();
            redis.destroy();
            lane.close();
        }
    }
}
