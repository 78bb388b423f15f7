package dev.shunt.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.embedded.TestBackends;
import java.io.PrintWriter;
import java.io.StringWriter;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import picocli.CommandLine;

class VerdictCommandTest {

    private static final String FINDINGS = """
            [{"gate": "divergence", "mode": "ROLLBACK", "outcome": "PASS",
              "words": "0 of 3,000 shadow pairs differ: at most 0.0998 % can (95 %), allowed are 0.1 %.",
              "legacyItems": 0, "temporalItems": 3000,
              "effect": {"what": "share of compared items that differ", "value": 0, "low": 0, "high": 0.000998078901889},
              "inputs": {"alpha": 0.001, "compared": 3000, "differing": 0, "basis": "shadow pairs"}}]
            """;

    private static String url;
    private static String user;
    private static String password;
    private final StringWriter printed = new StringWriter();

    @BeforeAll
    static void keep() {
        DataSource database = TestBackends.migratedDatabase();
        url = ((PGSimpleDataSource) database).getUrl();
        user = String.valueOf(((PGSimpleDataSource) database).getUser());
        password = String.valueOf(((PGSimpleDataSource) database).getPassword());
        JdbcClient sql = JdbcClient.create(database);
        keep(sql, "right", FINDINGS);
        keep(sql, "forged", FINDINGS.replace("\"differing\": 0", "\"differing\": 9"));
    }

    private static void keep(JdbcClient sql, String id, String findings) {
        sql.sql("""
                insert into gate_verdict (id, workload, rollout, phase, epoch, at, outcome, findings)
                values (:id, 'trace', 'r1', '10 %', 7, now(), 'PASS', :findings::jsonb)
                """).param("id", id).param("findings", findings).update();
    }

    @Test
    void a_verdict_that_was_kept_comes_out_the_same() {
        assertThat(run("right")).isZero();
        assertThat(printed.toString()).contains("divergence (ROLLBACK): PASS. 0 of 3,000", "the same.");
    }

    @Test
    void one_whose_numbers_were_changed_does_not() {
        assertThat(run("forged")).isEqualTo(1);
        assertThat(printed.toString()).contains("DIFFERS: gate divergence is INCONCLUSIVE, recorded is PASS");
    }

    @Test
    void one_that_was_never_kept_is_an_error_that_names_it() {
        assertThat(run("unknown")).isEqualTo(2);
    }

    private int run(String id) {
        return new CommandLine(new VerdictCommand())
                .setOut(new PrintWriter(printed))
                .setExecutionExceptionHandler((failure, command, parsed) -> DemoCommand.COULD_NOT_RUN)
                .execute(id, "--jdbc", url, "--user", user, "--password", password);
    }
}
