package dev.shunt.deployment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.shunt.deployment.PromQl.Selector;
import dev.shunt.embedded.TestBackends;
import io.temporal.worker.MetricsType;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** Every series that an alert or a dashboard asks for, looked for in what a service really answers after a little of everything. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "shunt.temporal.start-deadline=10s",
            "shunt.temporal.late-start-limit=60s",
            // As where the door and the workers are apart: a workflow task waits for its worker.
            "shunt.temporal.eager-start=false",
            "shunt.comparison.interval=1s",
            "shunt.shadow.pause-above-cpu=100",
            "shunt.rollout.plans.trace.phases[0].percentage=50",
            "shunt.rollout.plans.trace.phases[1].percentage=100",
            "shunt.rollout.plans.trace.automatic-rollback=false",
            "shunt.rollout.plans.trace.evaluation-interval=1s"
        })
@DirtiesContext
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class LiveSeriesSuite {

    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final Duration SOON = Duration.ofSeconds(60);
    // Comes with a fault that a healthy service cannot be made to have. Its name is held against the SDK's own list.
    private static final Set<String> ONLY_WITH_A_FAULT = Set.of("temporal_workflow_task_execution_failed_total");
    // Values that only a fault gives a label; the label itself must be there.
    private static final Set<String> LABELS_OF_FAULTS = Set.of("status_code", "status", "failure_reason");

    @LocalServerPort
    private int port;

    @Autowired
    private JdbcClient sql;

    @DynamicPropertySource
    static void backends(DynamicPropertyRegistry registry) {
        String database = TestBackends.freshJdbcUrl();
        String redis = TestBackends.freshRedisUrl();
        String queue = "shunt-trace-live-" + redis.substring(redis.lastIndexOf('/') + 1);
        registry.add("spring.datasource.url", () -> database);
        registry.add("shunt.redis.url", () -> redis);
        registry.add("shunt.temporal.address", TestBackends::temporalAddress);
        registry.add("shunt.workloads.trace.task-queue", () -> queue);
        registry.add("shunt.data", () -> "target/" + queue);
    }

    /** Whether only the other mode has the series of that name. */
    abstract boolean isOfTheOtherMode(String series);

    @BeforeAll
    void aLittleOfEverything() {
        await().atMost(SOON).until(() -> get("/api/v1/backends").contains("\"TEMPORAL\":\"ready\""));
        sql.sql("""
                create or replace function fail_named() returns trigger language plpgsql as $$
                begin
                    if new.name = 'poison' then raise exception 'poison' using errcode = '23514'; end if;
                    return new;
                end $$;
                create or replace trigger fail_named before insert on trace for each row execute function fail_named()
                """).update();
        assertThat(post("/api/v1/rollouts/trace/start", "{\"reason\":\"every series is wanted\",\"override\":true}"))
                .isEqualTo(200);
        for (int i = 0; i < 20; i++) {
            assertThat(post(
                            "/v1/traces",
                            "{\"trace_id\":\"%s-%d\",\"name\":\"%s\",\"spans\":[]}"
                                    .formatted(getClass().getSimpleName(), i, i % 4 == 0 ? "poison" : "fine")))
                    .isEqualTo(202);
        }
        await().atMost(SOON)
                .until(() -> sql.sql("select count(*) from ledger where state in ('DONE', 'DEAD')")
                                .query(Integer.class)
                                .single()
                        == 20);
    }

    @Test
    void every_series_of_every_alert_is_there() {
        awaitAll(Monitoring.alerts().stream().map(Monitoring.Alert::expression));
    }

    @Test
    void every_series_of_every_dashboard_is_there() {
        awaitAll(Monitoring.queries().stream().map(Monitoring.Query::expression));
    }

    @Test
    void the_buckets_of_a_histogram_reach_further_than_the_limit_that_it_is_held_against() {
        Scrape scrape = Scrape.of(get("/actuator/prometheus"));
        List<PromQl.Limit> limits = Monitoring.alerts().stream()
                .flatMap(alert -> PromQl.limits(alert.expression()).stream())
                .filter(limit -> !isOfTheOtherMode(limit.histogram()))
                .toList();

        assertThat(limits)
                .hasSizeGreaterThanOrEqualTo(5)
                .allSatisfy(limit -> assertThat(scrape.largestBucket(limit.histogram()))
                        .as(limit.histogram())
                        .isGreaterThan(limit.seconds()));
    }

    @Test
    void what_shunt_itself_measures_is_a_number_also_after_a_collection_and_every_backend_is_up() {
        System.gc(); // a gauge whose source nobody holds has no value from here on
        Set<Selector> asked = Monitoring.alerts().stream()
                .flatMap(alert -> PromQl.selectors(alert.expression()).stream())
                .filter(selector -> selector.metric().startsWith("shunt_"))
                .map(LiveSeriesSuite::withoutFaults)
                .collect(Collectors.toSet());

        await().atMost(SOON).untilAsserted(() -> {
            Scrape scrape = Scrape.of(get("/actuator/prometheus"));
            assertThat(asked).isNotEmpty().allMatch(scrape::hasNumber);
            assertThat(scrape.series().stream().filter(one -> one.name().equals("shunt_backend_up")))
                    .hasSize(3)
                    .allMatch(one -> one.value() == 1);
        });
    }

    @Test
    void what_a_healthy_service_cannot_show_is_at_least_a_name_of_the_sdk() throws IllegalAccessException {
        Set<String> known = new TreeSet<>();
        for (var field : MetricsType.class.getFields()) {
            known.add(String.valueOf(field.get(null)) + "_total");
        }
        assertThat(known).containsAll(ONLY_WITH_A_FAULT);
    }

    private void awaitAll(Stream<String> expressions) {
        Set<Selector> asked = expressions
                .flatMap(expression -> PromQl.selectors(expression).stream())
                .filter(selector -> !MonitoringTest.PROMETHEUS.contains(selector.metric()))
                .filter(selector -> !ONLY_WITH_A_FAULT.contains(selector.metric()))
                .filter(selector -> !isOfTheOtherMode(selector.metric()))
                .map(LiveSeriesSuite::withoutFaults)
                .collect(Collectors.toSet());

        assertThat(asked).hasSizeGreaterThan(20);
        await().atMost(SOON).untilAsserted(() -> {
            Scrape scrape = Scrape.of(get("/actuator/prometheus"));
            assertThat(asked).allMatch(scrape::has);
        });
    }

    /** Prometheus gives each series the labels job and instance. */
    private static Selector withoutFaults(Selector selector) {
        var equal = new LinkedHashMap<>(selector.equal());
        var labels = new TreeSet<>(selector.labels());
        labels.removeAll(Set.of("job", "instance"));
        equal.keySet().removeAll(Set.of("job", "instance"));
        LABELS_OF_FAULTS.forEach(label -> {
            equal.remove(label);
            if (label.equals("failure_reason")) {
                labels.remove(label);
            }
        });
        return new Selector(selector.metric(), equal, labels);
    }

    final String get(String path) {
        return send(request(path).GET()).body();
    }

    private int post(String path, String json) {
        return send(request(path)
                        .header("Content-Type", "application/json")
                        .header("If-Match", "*")
                        .header("X-Project-ID", "live")
                        .POST(BodyPublishers.ofString(json)))
                .statusCode();
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(Duration.ofSeconds(30));
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return HTTP.send(request.build(), BodyHandlers.ofString());
        } catch (IOException e) {
            throw new AssertionError("no answer from " + request.build().uri(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }
}
