package dev.shunt.temporal;

import dev.shunt.contract.FaultyHandler;
import dev.shunt.contract.RouteContract;
import dev.shunt.core.InFlight;
import dev.shunt.core.Route;
import dev.shunt.core.RouteGateway;
import dev.shunt.embedded.TestBackends;
import dev.shunt.legacy.TestInFlight;
import dev.shunt.workloads.echo.EchoWorkload;
import java.time.Clock;
import java.time.Duration;
import javax.sql.DataSource;

class TemporalRouteContractTest extends RouteContract {

    @Override
    protected Route route() {
        return Route.TEMPORAL;
    }

    @Override
    protected Running start(String redisUrl, DataSource database) {
        return new OnTemporal(redisUrl, database);
    }

    private static final class OnTemporal implements Running {

        private final TestInFlight redis;
        private final TemporalRig rig;

        OnTemporal(String redisUrl, DataSource database) {
            redis = new TestInFlight(redisUrl, TemporalRig.CATALOG, EchoWorkload.codec(), Clock.systemUTC());
            rig = new TemporalRig(TemporalRig.settings(TestBackends.temporalAddress()), redis.inFlight(), database)
                    .connected();
        }

        @Override
        public RouteGateway gateway() {
            return rig.gateway;
        }

        @Override
        public InFlight inFlight() {
            return redis.inFlight();
        }

        @Override
        public FaultyHandler handler() {
            return rig.handler;
        }

        @Override
        public void sweep() {
            rig.markStoredAsDone();
            rig.sweeper.sweep(TemporalRig.ECHO, Duration.ofSeconds(2));
        }

        @Override
        public void close() {
            rig.close();
            redis.close();
        }
    }
}
