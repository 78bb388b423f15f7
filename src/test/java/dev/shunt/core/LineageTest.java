package dev.shunt.core;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LineageTest {

    private static final String PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    private static final Lineage KNOWN = Lineage.of(PARENT, "vendor=a\"b\\c;d,other=1");

    /** How a stamp was read before there was a lineage: by versions that may still run beside this one. */
    private static final Pattern BEFORE = Pattern.compile(
            "(.*),(\"Shunt\":\\{\"key\":\"(?<key>[^\"]*)\",\"route\":\"(LEGACY|TEMPORAL)\",\"epoch\":(\\d{1,18}),\"reason\":\"([A-Z]+)\""
                    + ",\"acceptedAt\":\"([^\"]+)\",\"wayIn\":\"([A-Z]+)\",\"decided\":\"(LEGACY|TEMPORAL)\""
                    + ",\"bucket\":(\\d{1,4}),\"basisPoints\":(\\d{1,5}),\"evidence\":\"(?<evidence>[^\"]*)\"\\}\\})\\s*",
            Pattern.DOTALL);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{ }",
                "{\"a\":1}",
                "{\"a\":\"text\"}",
                "{\"ShuntTrace\":\"mine\"}",
                "{\"a\":\"\\\"ShuntTrace\\\":\\\"\"}"
            })
    void it_travels_beside_the_stamp_and_comes_off_with_it(String message) {
        Stamp stamp = stamp(KNOWN);
        Stamp.Stamped split = Stamp.split(stamp.appendTo(message.getBytes(UTF_8)));
        assertThat(split.stamp()).contains(stamp);
        assertThat(new String(split.message(), UTF_8)).isEqualTo(message);
    }

    @Test
    void without_one_the_message_is_as_it_always_was() {
        byte[] stamped = stamp(Lineage.NONE).appendTo("{\"a\":1}".getBytes(UTF_8));
        assertThat(new String(stamped, UTF_8))
                .startsWith("{\"a\":1,\"Shunt\":{\"key\":")
                .doesNotContain("ShuntTrace");
    }

    @Test
    void a_version_that_knows_none_reads_the_same_stamp_and_passes_over_one_more_member() {
        String stamped = new String(stamp(KNOWN).appendTo("{\"ID\":\"t-1\"}".getBytes(UTF_8)), UTF_8);
        Matcher old = BEFORE.matcher(stamped);
        assertThat(old.matches()).isTrue();
        assertThat(old.group("key")).isEqualTo("p:s:0123456789abcdef");
        assertThat(old.group("evidence")).isEqualTo("e");
        assertThat(old.group(1) + "}")
                .startsWith("{\"ID\":\"t-1\",\"ShuntTrace\":\"" + PARENT)
                .endsWith("\"}");
    }

    @Test
    void it_survives_every_change_of_the_decision() {
        Stamp stamp = stamp(KNOWN);
        assertThat(stamp.withDecision(stamp.decision().divertedToLegacy(Reason.RECALL))
                        .lineage())
                .isEqualTo(KNOWN);
        assertThat(stamp.withEvidence("x").lineage()).isEqualTo(KNOWN);
        assertThat(stamp.withoutEvidence().lineage()).isEqualTo(KNOWN);
        assertThat(stamp.withLineage(Lineage.NONE).lineage().isKnown()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "garbage",
                "00-00000000000000000000000000000000-b7ad6b7169203331-01",
                "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
                "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
                "01-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
                "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01\n"
            })
    void what_no_caller_can_mean_counts_as_none(String parent) {
        assertThat(Lineage.of(parent, "a=b")).isEqualTo(Lineage.NONE);
    }

    @Test
    void a_state_that_is_too_long_or_not_text_is_left_out() {
        assertThat(Lineage.of(PARENT, "x".repeat(513)).state()).isEmpty();
        assertThat(Lineage.of(PARENT, "a\u0000b").state()).isEmpty();
        assertThat(Lineage.of(PARENT, "x".repeat(512)).state()).hasSize(512);
        Stamp longest = stamp(Lineage.of(PARENT, "\"".repeat(512)));
        assertThat(Stamp.split(longest.appendTo("{}".getBytes(UTF_8))).stamp()).contains(longest);
    }

    @Test
    void random_bytes_in_it_never_cost_the_message() {
        var random = new SplittableRandom(9);
        String message = "{\"a\":\"b\"}";
        byte[] good = stamp(KNOWN).appendTo(message.getBytes(UTF_8));
        int from = new String(good, UTF_8).indexOf("ShuntTrace");
        for (int i = 0; i < 20_000; i++) {
            byte[] bad = good.clone();
            int to = from + 80; // within the lineage, before the stamp
            bad[random.nextInt(from, to)] = (byte) random.nextInt(32, 127);
            Stamp.Stamped split = Stamp.split(bad);
            assertThat(split.stamp()).as("seed 9, round %d", i).isPresent();
            assertThat(new String(split.message(), UTF_8))
                    .as("seed 9, round %d", i)
                    .startsWith("{\"a\":\"b\"");
        }
    }

    private static Stamp stamp(Lineage lineage) {
        var decision = RouteDecision.byFlag(new Bucket(812), new Percentage(1_000), new Epoch(7));
        return new Stamp(
                ItemKey.of("p", "s", "0123456789abcdef"),
                decision,
                WayIn.HTTP,
                Instant.parse("2026-11-21T22:00:00.123456Z"),
                "e",
                lineage);
    }
}
