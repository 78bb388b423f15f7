package dev.shunt.bench;

import dev.shunt.ShuntApplication;
import dev.shunt.core.RouteDecider;
import dev.shunt.core.Workload;
import dev.shunt.embedded.TestBackends;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.codec.StringCodec;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/** The whole service in this JVM, on servers of its own database and number, with a line to its Redis. */
final class App implements AutoCloseable {

    static final Workload TRACE = new Workload("trace");
    static final String QUEUE = "cognobserve:traces";
    private static final String BOOK = "shunt:trace:book";

    final ConfigurableApplicationContext context;
    final StatefulRedisConnection<String, byte[]> redis;
    private final RedisClient client;
    private final SingleConnectionDataSource database;
    private final JdbcClient sql;

    App(Map<String, String> settings) {
        String redisUrl = TestBackends.freshRedisUrl();
        String jdbcUrl = TestBackends.freshJdbcUrl();
        List<String> arguments = new ArrayList<>(List.of(
                "--spring.datasource.url=" + jdbcUrl,
                "--shunt.redis.url=" + redisUrl,
                "--shunt.temporal.address=" + TestBackends.temporalAddress(),
                "--shunt.workloads.trace.task-queue=bench-" + UUID.randomUUID(),
                "--server.port=0",
                "--logging.level.root=warn",
                "--shunt.data=target/bench/data/" + jdbcUrl.replaceAll(".*/(\\w+).*", "$1")));
        settings.forEach((key, value) -> arguments.add("--" + key + "=" + value));
        context = new SpringApplicationBuilder(ShuntApplication.class).run(arguments.toArray(String[]::new));
        database = new SingleConnectionDataSource(jdbcUrl, true);
        sql = JdbcClient.create(database);
        client = RedisClient.create(redisUrl);
        redis = client.connect(RedisCodec.of(StringCodec.UTF8, ByteArrayCodec.INSTANCE));
    }

    /** On a connection of its own: the service's pool may be empty while it works, and is part of what is measured. */
    JdbcClient sql() {
        return sql;
    }

    int port() {
        return Integer.parseInt(context.getEnvironment().getRequiredProperty("local.server.port"));
    }

    /** @param what pause or resume */
    void consumers(String what) {
        var call = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + port() + "/api/v1/instance/consumers/trace/" + what))
                .POST(BodyPublishers.noBody())
                .build();
        int status = HttpClient.newHttpClient()
                .sendAsync(call, BodyHandlers.discarding())
                .join()
                .statusCode();
        if (status != 200) {
            throw new IllegalStateException("to " + what + " the consumers was answered with " + status);
        }
    }

    void percentage(int basisPoints) {
        sql().sql("update ff4j_features set expression = ?")
                .param("bp=" + basisPoints)
                .update();
        var decider = context.getBean(RouteDecider.class);
        await("the percentage is obeyed", 10, () -> {
            var decision = decider.decide(TRACE, "p:1");
            return decision.percentage().basisPoints() == basisPoints && decision.decided() == decision.executed();
        });
    }

    /** Accepted and not settled. */
    long inFlight() {
        return redis.sync().hlen(BOOK);
    }

    long waiting() {
        return redis.sync().llen(QUEUE);
    }

    /** Items of the ledger that are done. */
    long done() {
        return sql().sql("select count(*) from ledger where state = 'DONE'")
                .query(Long.class)
                .single();
    }

    static void await(String what, int seconds, BooleanSupplier condition) {
        long end = System.nanoTime() + seconds * 1_000_000_000L;
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - end > 0) {
                throw new IllegalStateException("not within " + seconds + " s: " + what);
            }
            LockSupport.parkNanos(20_000_000); // rarely: asking costs what is being measured
        }
    }

    @Override
    public void close() {
        redis.close();
        client.close();
        context.close();
        database.destroy();
    }
}
