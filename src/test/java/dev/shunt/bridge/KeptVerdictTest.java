package dev.shunt.bridge;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.shunt.cli.Commands;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Value;
import tools.jackson.databind.JsonNode;

/** What a verdict of a running service rests on, and that it can be read and made again. */
class KeptVerdictTest extends RolloutSuite {

    @Value("${spring.datasource.url}")
    private String jdbcUrl;

    @Test
    void the_verdict_of_a_promotion_is_in_the_history_and_comes_out_the_same_again() {
        for (int i = 0; i < 5; i++) {
            send("judged-" + i);
        }
        await().atMost(SOON)
                .until(() -> sql.sql("select count(*) from ledger where subject like 'judged-%' and state = 'DONE'")
                                .query(Long.class)
                                .single()
                        == 5);
        applied("start");
        applied("promote");
        JsonNode promotion = client().get(ROLLOUT + "/history?limit=20").json();
        String id = "";
        for (JsonNode entry : promotion) {
            if (entry.path("what").asString("").equals("PROMOTE")) {
                id = entry.path("verdict").asString();
                break;
            }
        }
        assertThat(id).as("%s", promotion).isNotEmpty();

        JsonNode kept = client().get("/api/v1/verdicts/" + id).json();
        assertThat(kept.path("id").asString()).isEqualTo(id);
        assertThat(kept.at("/gates/0/gate").asString()).isEqualTo("completion");
        assertThat(kept.at("/gates/0/inputs").size()).isPositive();
        assertThat(client().get("/api/v1/verdicts/none").status()).isEqualTo(404);

        awaitDecisive(id);
        for (String[] from : places()) {
            assertThat(made(id, from))
                    .startsWith("0: Verdict " + id + ", trace, phase p10")
                    .contains("completion (HOLD): INCONCLUSIVE. ")
                    .endsWith("Made again from what was kept: the same.");
        }
        assertThat(made("none", places().getFirst())).startsWith("2: ");
        assertThat(made("none", places().getLast())).startsWith("2: ").contains("no verdict none was kept in jdbc:");

        assertTamperingIsSeen(id, "outcome = 'PASS'", "DIFFERS: the verdict is INCONCLUSIVE, recorded is PASS");
        assertTamperingIsSeen(
                id,
                "findings = jsonb_set(findings, '{0,outcome}', '\"PASS\"')",
                "DIFFERS: gate completion is INCONCLUSIVE, recorded is PASS");
        assertTamperingIsSeen(
                id,
                "findings = jsonb_set(findings, '{0,inputs,trials}', '5000')",
                "DIFFERS: gate completion has items on Temporal 5000, recorded is 0");
    }

    /** It is written beside the promotion, not before. */
    private void awaitDecisive(String id) {
        await().atMost(SOON)
                .until(() -> sql.sql("select count(*) from gate_verdict where decisive and id = ?")
                                .param(id)
                                .query(Long.class)
                                .single()
                        == 1);
    }

    /** Somebody changes what was kept: each reader sees what is not as it would come out. */
    private void assertTamperingIsSeen(String id, String change, String difference) {
        List<String> kept = sql.sql("select outcome, findings::text from gate_verdict where id = ?")
                .param(id)
                .query((row, n) -> List.of(row.getString(1), row.getString(2)))
                .single();
        sql.sql("update gate_verdict set " + change + " where id = ?").param(id).update();
        try {
            for (String[] from : places()) {
                assertThat(made(id, from))
                        .startsWith("1: Verdict " + id)
                        .contains(difference)
                        .endsWith("Made again from what was kept: not the same.");
            }
        } finally {
            sql.sql("update gate_verdict set outcome = ?, findings = ?::jsonb where id = ?")
                    .params(kept.getFirst(), kept.getLast(), id)
                    .update();
        }
    }

    /** The command's exit code and all that it says. */
    private static String made(String id, String... from) {
        var printed = new StringWriter();
        var out = new PrintWriter(printed);
        var arguments = new ArrayList<>(List.of("verdict", id));
        arguments.addAll(List.of(from));
        int exit = Commands.line().setOut(out).setErr(out).execute(arguments.toArray(String[]::new));
        return exit + ": " + printed.toString().strip();
    }

    /** Where a kept verdict can be read: from the service, and from its row. */
    private List<String[]> places() {
        return List.of(
                new String[] {"--url", "http://127.0.0.1:" + port}, new String[] {"--jdbc", jdbcUrl});
    }

    @Test
    void items_of_a_pinned_project_change_no_verdict() {
        applied("start");
        applied("promote");
        send("flagged-1");
        JsonNode before = completionOf(1);

        String until = Instant.now().plus(1, ChronoUnit.HOURS).toString();
        Client.Answer pinned = client().post(
                        ROLLOUT + "/pin",
                        "{\"project\": \"kept\", \"route\": \"legacy\", \"until\": \"" + until
                                + "\", \"reason\": \"slow\"}",
                        "If-Match",
                        "*");
        assertThat(pinned.status()).as(pinned.body()).isEqualTo(200);
        for (int i = 0; i < 40; i++) {
            String body = "{\"trace_id\":\"pinned-" + i + "\",\"name\":\"n\"}";
            Client.Answer answer = client().trace(body.getBytes(UTF_8), "X-Project-ID", "kept");
            assertThat(answer.text("route")).as(answer.body()).isEqualTo("LEGACY");
        }
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(
                                sql.sql("select reason || ' ' || count(*) from ledger where project_id = 'kept'"
                                                + " and state = 'DONE' and decided_route = 'TEMPORAL' group by reason")
                                        .query(String.class)
                                        .list())
                        .containsExactly("PINNED 40"));
        send("flagged-2");

        JsonNode after = completionOf(2);
        assertThat(after.at("/inputs/trials").asInt()).as("%s", after).isEqualTo(2);
        assertThat(after.at("/inputs/hits").asInt()).isZero();
        assertThat(after.path("outcome")).isEqualTo(before.path("outcome"));
    }

    /** What the gate says as soon as it counts that many items. */
    private JsonNode completionOf(int items) {
        return await().atMost(SOON)
                .until(
                        () -> client().get(ROLLOUT + "/verdict").json().at("/gates/0"),
                        gate -> gate.at("/inputs/trials").asInt() >= items);
    }
}
