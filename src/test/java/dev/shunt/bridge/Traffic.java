package dev.shunt.bridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.shunt.bridge.Client.Answer;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import org.springframework.jdbc.core.simple.JdbcClient;

/** A client that sends one new trace of one priced span after the other until it is stopped, whatever happens meanwhile. */
final class Traffic implements AutoCloseable {

    private final List<Answer> answers = new CopyOnWriteArrayList<>();
    private final String prefix;
    private final Thread sender;
    private volatile boolean stopping;

    Traffic(Client client, String prefix) {
        this.prefix = prefix;
        this.sender = Thread.ofPlatform().daemon().start(() -> {
            while (!stopping) {
                answers.add(client.trace("{\"trace_id\":\"" + prefix + answers.size() + "\",\"name\":\"n\",\"spans\":["
                        + "{\"span_id\":\"s\",\"name\":\"s\",\"model\":\"gpt-4o\","
                        + "\"usage\":{\"prompt_tokens\":10,\"completion_tokens\":1}}]}"));
                LockSupport.parkNanos(2_000_000); // what is sent has to be stored before the test ends
            }
        });
    }

    /** The routes of so many items, each of which was sent after this call. */
    List<String> next(int items) {
        int from = answers.size() + 1; // one may be under way
        await().atMost(RolloutSuite.SOON).until(() -> answers.size() >= from + items);
        return routes().subList(from, from + items);
    }

    /** How many were taken for this route. */
    long taken(String route) {
        return routes().stream().filter(route::equals).count();
    }

    private List<String> routes() {
        return answers.stream().map(answer -> answer.text("route")).toList();
    }

    /** Sends no more; all that was sent was accepted, and is stored once and summed once. */
    void assertStoredOnce(JdbcClient sql) {
        close();
        assertThat(answers).allSatisfy(answer -> assertThat(answer.status()).isEqualTo(202));
        String like = " like '" + prefix + "%'";
        await().atMost(RolloutSuite.SOON)
                .untilAsserted(() -> assertThat(count(sql, "ledger where state = 'DONE' and subject" + like))
                        .isEqualTo(answers.size()));
        assertThat(count(sql, "ledger where subject" + like)).isEqualTo(answers.size());
        assertThat(count(sql, "trace where id" + like)).isEqualTo(answers.size());
        assertThat(count(sql, "span where trace_id" + like)).isEqualTo(answers.size());
        assertThat(count(sql, "dead_letter")).isZero();
        assertThat(sql.sql("select coalesce(sum(spans), 0) from daily_cost_summary where model = '__all__'")
                        .query(Long.class)
                        .single())
                .isEqualTo(count(sql, "span where summary_model is not null"));
    }

    private static long count(JdbcClient sql, String from) {
        return sql.sql("select count(*) from " + from).query(Long.class).single();
    }

    @Override
    public void close() {
        stopping = true;
        try {
            sender.join();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new AssertionError(stopped);
        }
    }
}
