package dev.shunt.temporal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shunt.core.ItemKey;
import dev.shunt.core.Workload;
import java.time.Duration;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.mock.env.MockEnvironment;

class TemporalSettingsTest {

    @Test
    void a_bad_value_is_refused_with_its_key_and_bounds() {
        assertThatThrownBy(() -> TemporalRig.settings("x:1").queue(0).build())
                .hasMessage("shunt.temporal.starter-queue must be 1..100000, was 0");
        assertThatThrownBy(() -> TemporalRig.settings("x:1")
                        .deadline(Duration.ofMillis(1))
                        .build())
                .hasMessage("shunt.temporal.start-deadline must be between PT0.1S and PT10S, was PT0.001S");
        assertThatThrownBy(() -> TemporalRig.settings(" ").build()).hasMessageContaining("shunt.temporal.address");
    }

    @Test
    void what_does_not_fit_together_is_refused_by_key_and_never_shows_a_secret() {
        String ca = TlsTemporal.file("ca.pem").toString();
        String mine = TlsTemporal.file("client.pem").toString();
        String key = TlsTemporal.file("client.key").toString();
        String other = TlsTemporal.file("server.key").toString();

        refused(() -> tls(false, ca, "", ""), "shunt.temporal.tls.enabled must be true", "tls.ca is set");
        refused(() -> tls(null, "/no/such.pem", "", ""), "shunt.temporal.tls.ca", "/no/such.pem", "no such file");
        refused(() -> tls(null, key, "", ""), "shunt.temporal.tls.ca must be a PEM file of certificates", key);
        refused(() -> tls(null, "", mine, ""), "shunt.temporal.tls.certificate", "must be set together", mine);
        refused(() -> tls(null, "", "", key), "shunt.temporal.tls.key", "must be set together", key);
        refused(() -> tls(null, "", mine, other), "shunt.temporal.tls.key must be the private key of", mine, other);
        refused(() -> tls(null, "", mine, ca), "shunt.temporal.tls.key must be a PEM file", "PKCS#8", ca);
        refused(() -> new TemporalTls(null, "", "", "", "host:1"), "shunt.temporal.tls.server-name", "host:1");
        refused(() -> new TemporalAccess("two words", TemporalTls.NONE), "shunt.temporal.api-key", "was ***");
        refused(
                () -> new TemporalAccess("word", new TemporalTls(false, "", "", "", "")),
                "shunt.temporal.tls.enabled",
                "shunt.temporal.api-key is set");
        assertThat(new TemporalAccess("word", TemporalTls.NONE).encrypted()).isTrue();
        assertThat(new TemporalAccess("word", TemporalTls.NONE).toString()).doesNotContain("word");
        assertThat(TemporalAccess.PLAIN.encrypted()).isFalse();
        assertThat(tls(null, ca, mine, key).on()).isTrue();
        var embedded = new MockEnvironment().withProperty("shunt.backends.temporal", "embedded");
        refused(
                () -> new TemporalAccessConfiguration()
                        .temporalTransport(new TemporalAccess("word", TemporalTls.NONE), embedded),
                "shunt.temporal.address");
    }

    private static TemporalTls tls(@Nullable Boolean enabled, String ca, String certificate, String key) {
        return new TemporalTls(enabled, ca, certificate, key, "");
    }

    private static void refused(ThrowingCallable start, String... words) {
        assertThatThrownBy(start)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("shunt.temporal.")
                .hasMessageContainingAll(words)
                .hasMessageNotContaining("two words");
    }

    @Test
    void the_in_memory_server_is_capped_whatever_is_configured() {
        TemporalSettings settings =
                TemporalRig.settings("x:1").inMemory().inFlight(1_000).build();

        assertThat(settings.ceilingInFlight()).isEqualTo(32);
        assertThat(settings.ceilingStarts()).isEqualTo(20_000);
        assertThat(TemporalRig.settings("x:1").build().ceilingStarts()).isZero();
    }

    @Test
    void a_workflow_id_is_the_item_key_and_a_very_long_one_its_digest() {
        var workload = new Workload("trace");
        ItemKey key = ItemKey.of("default", "t:1", "0123456789abcdef");
        ItemKey endless = ItemKey.of("default", "é".repeat(450), "0123456789abcdef");

        assertThat(WorkflowIds.of(workload, key)).isEqualTo("trace:default:t%3A1:0123456789abcdef");
        assertThat(WorkflowIds.of(workload, endless)).matches("trace:sha256:[0-9a-f]{64}");
    }

    @Test
    void no_workflow_id_is_longer_than_the_columns_of_temporals_sql_schemas() {
        var workload = new Workload("trace");
        int others = WorkflowIds.of(workload, ItemKey.of("p", "t", "0123456789abcdef"))
                        .length()
                - 1;
        ItemKey fits = ItemKey.of("p", "t".repeat(255 - others), "0123456789abcdef");
        ItemKey tooLong = ItemKey.of("p", "t".repeat(256 - others), "0123456789abcdef");
        // 130 characters would fit; 260 bytes would not pass a server whose limit.maxIDLength is 255.
        ItemKey wide = ItemKey.of("p", "é".repeat(130), "0123456789abcdef");

        assertThat(WorkflowIds.of(workload, fits)).hasSize(255).endsWith(":0123456789abcdef");
        assertThat(WorkflowIds.of(workload, tooLong)).matches("trace:sha256:[0-9a-f]{64}");
        assertThat(WorkflowIds.of(workload, wide)).matches("trace:sha256:[0-9a-f]{64}");
    }
}
