package dev.shunt.operations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.shunt.ShuntApplication;
import dev.shunt.embedded.TestBackends;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** A start that fails says which setting is wrong, and never what a secret is. */
@ExtendWith(OutputCaptureExtension.class)
class SecretsAtStartTest {

    private static final String SECRET = "SECRET-do-not-show";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "shunt.redis.url=redis://:SECRET-do-not-show@no such host:6379 | shunt.redis.url",
                "shunt.redis.url=redis://:SECRET-do-not-show@127.0.0.1:1x/0 | shunt.redis.url",
                "shunt.redis.url=redis//user:SECRET-do-not-show@host | shunt.redis.url",
                "spring.datasource.url=jdbc:postgresql://127.0.0.1:1/x?user=u&password=SECRET-do-not-show | spring.datasource.url cannot be used: Connection to 127.0.0.1:1 refused",
                "spring.datasource.url=postgres://u:SECRET-do-not-show@127.0.0.1:1/x | spring.datasource.url must begin with jdbc:postgresql://",
                "shunt.temporal.codec-keys.k1=SECRET-do-not-show | shunt.temporal.codec-keys.k1",
                "shunt.temporal.api-key=SECRET-do-not-show in two words | shunt.temporal.api-key",
                "shunt.temporal.tls.ca=/no/such/file | shunt.temporal.tls.ca",
                "shunt.rollout.webhook.url=ftp://SECRET-do-not-show | shunt.rollout.webhook.url",
            })
    void a_start_that_fails_says_which_setting_is_wrong_and_shows_no_secret(
            String wrong, String named, CapturedOutput output) {
        List<String> arguments = new ArrayList<>(List.of(
                "--server.port=0",
                "--shunt.data=target/secrets",
                "--shunt.embedded.enabled=false",
                "--spring.datasource.hikari.initialization-fail-timeout=1",
                "--spring.flyway.connect-retries=0",
                "--shunt.temporal.address=127.0.0.1:1",
                "--shunt.redis.url=" + TestBackends.freshRedisUrl(),
                "--shunt.temporal.api-key=SECRET-do-not-show-either",
                "--shunt.api.token=SECRET-do-not-show-either",
                "--shunt.rollout.webhook.secret=SECRET-do-not-show-either",
                "--spring.datasource.url=" + TestBackends.freshJdbcUrl()));
        arguments.removeIf(argument -> argument.startsWith("--" + wrong.substring(0, wrong.indexOf('=') + 1)));
        arguments.add("--" + wrong);

        Throwable failure =
                catchThrowable(() -> SpringApplication.run(ShuntApplication.class, arguments.toArray(String[]::new))
                        .close());

        assertThat(failure)
                .as("the start with %s", wrong.replace(SECRET, "..."))
                .isNotNull();
        assertThat(StartFailures.told(failure)).contains(named).doesNotContain("SECRET");
        assertThat(output.getAll().lines().filter(line -> line.contains("SECRET")))
                .isEmpty();
    }
}
