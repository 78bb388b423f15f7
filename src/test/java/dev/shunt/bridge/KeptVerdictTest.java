package dev.shunt.bridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.shunt.cli.Commands;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** A verdict that a step rested on can be read and made again, from the API of a running service. */
class KeptVerdictTest extends RolloutSuite {

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

        var printed = new StringWriter();
        int exit = Commands.line()
                .setOut(new PrintWriter(printed))
                .execute("verdict", id, "--url", "http://127.0.0.1:" + port);
        assertThat(exit).as(printed.toString()).isZero();
        assertThat(printed.toString())
                .contains("Verdict " + id + ", trace, phase p10", "completion (HOLD): ", "the same.");
        assertThat(Commands.line()
                        .setErr(new PrintWriter(printed))
                        .execute("verdict", "none", "--url", "http://127.0.0.1:" + port))
                .isEqualTo(2);
    }
}
