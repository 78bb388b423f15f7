package dev.shunt.bridge;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.springframework.test.context.TestPropertySource;
import tools.jackson.databind.JsonNode;

/** The whole service, told by each test how much of its work to do a second time with the effects kept apart. */
@TestPropertySource(
        properties = {"shunt.comparison.interval=1s", "shunt.shadow.shed-above=60s", "shunt.shadow.pause-above-cpu=100"
        })
abstract class ShadowSuite extends ServiceSuite {

    static final Duration SOON = Duration.ofSeconds(60);

    @AfterEach
    void nothingIsLeftOver() {
        order(0, "OTHER_ROUTE");
        await().atMost(SOON).until(() -> pairs().path("waiting").asLong() == 0);
        sql.sql("delete from divergence").update();
    }

    void send(String project, String body) {
        Client.Answer answer = client().trace(body.getBytes(UTF_8), "X-Project-ID", project);
        assertThat(answer.status()).as(answer.body()).isEqualTo(202);
    }

    JsonNode order(int percentage, String mode) {
        Client.Answer answer = client().post(
                        "/api/v1/shadow/trace",
                        "{\"percentage\":" + percentage + ",\"mode\":\"" + mode + "\",\"reason\":\"test\"}");
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        return answer.json();
    }

    JsonNode pairs() {
        return client().get("/api/v1/comparison/trace").json().path("pairs");
    }

    static long sum(JsonNode pairs, String primary, String shadow, String figure) {
        long sum = 0;
        for (JsonNode line : pairs.path("routes")) {
            if (line.path("primary").asString().equals(primary)
                    && line.path("shadow").asString().equals(shadow)) {
                sum += line.path(figure).asLong();
            }
        }
        return sum;
    }

    void awaitDone(String project, long items) {
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(count("project_id = ? and state = 'DONE'", project))
                        .isEqualTo(items));
    }

    long count(String where, String project) {
        return sql.sql("select count(*) from ledger where " + where)
                .param(project)
                .query(Long.class)
                .single();
    }

    List<Map<String, Object>> divergences() {
        return sql.sql("select * from divergence where found_by = 'SHADOW' order by id")
                .query()
                .listOfRows();
    }
}
