package dev.shunt.core;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StampTest {

    private static final Instant TIME = Instant.parse("2026-11-21T22:00:00.123456Z");

    @Test
    void a_stamp_is_the_last_member_and_comes_off_again() {
        Stamp stamp = stamp("default:t-1", "AbC-_1");
        byte[] stamped = stamp.appendTo("{\"ID\":\"t-1\",\"Spans\":[]}".getBytes(UTF_8));
        assertThat(new String(stamped, UTF_8))
                .isEqualTo("{\"ID\":\"t-1\",\"Spans\":[],\"Shunt\":{\"key\":\"default:t-1:0123456789abcdef\","
                        + "\"route\":\"TEMPORAL\",\"epoch\":7,\"reason\":\"FLAG\","
                        + "\"acceptedAt\":\"2026-11-21T22:00:00.123456Z\",\"wayIn\":\"HTTP\",\"decided\":\"TEMPORAL\","
                        + "\"bucket\":812,\"basisPoints\":1000,\"evidence\":\"AbC-_1\"}}");
        assertComesOff(stamp, "{\"ID\":\"t-1\",\"Spans\":[]}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{ }",
                "{\"a\":1}",
                "{\"a\":\"}\"}",
                "{\"a\":\"\\\"Shunt\\\":{\\\"key\\\":\"}",
                "{\"Shunt\":1}",
                "{\"a\":{\"Shunt\":{\"key\":\"x\"}}}"
            })
    void the_message_before_it_stays_byte_for_byte(String message) {
        assertComesOff(stamp("p:s", "e"), message);
    }

    @Test
    void keys_and_evidence_may_hold_anything() {
        assertComesOff(stamp("q\"uo\\te\u0001\n:é😕\u2028", "\"}}\\,\"Shunt\":{\"key\":"), "{\"a\":1}");
    }

    @Test
    void evidence_of_a_thousand_spans_is_read_without_recursion() {
        assertComesOff(stamp("p:s", "x".repeat(60_000)), "{\"a\":1}");
    }

    @Test
    void a_forged_stamp_inside_the_message_is_content() {
        Stamp forged = stamp("p:forged", "");
        String inner = new String(forged.appendTo("{\"x\":1}".getBytes(UTF_8)), UTF_8);
        for (String message :
                List.of("{\"a\":" + inner + "}", "{\"a\":[" + inner + "]}", "{\"a\":" + inner + ",\"b\":1}")) {
            assertThat(Stamp.split(message.getBytes(UTF_8)).stamp()).isEmpty();
            assertComesOff(stamp("p:real", "e"), message);
        }
    }

    @Test
    void of_two_stamps_the_outer_one_comes_off_first() {
        Stamp first = stamp("p:first", "");
        Stamp second = stamp("p:second", "");
        byte[] twice = second.appendTo(first.appendTo("{}".getBytes(UTF_8)));
        Stamp.Stamped outer = Stamp.split(twice);
        assertThat(outer.stamp()).contains(second);
        assertThat(Stamp.split(outer.message()).stamp()).contains(first);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"epoch\":7|\"epoch\":-7",
                "FLAG|flag",
                "FLAG|WHIM",
                "812|99999",
                "2026-11-21T|2026-13-41T",
                "\"TEMPORAL\",\"epoch|\"LEGACY\",\"epoch",
                "0123456789abcdef|0123",
                "1000|10001"
            })
    void what_only_looks_like_a_stamp_stays_content(String change) {
        String[] fromTo = change.split("\\|", 2);
        String good = new String(stamp("p:s", "e").appendTo("{\"a\":1}".getBytes(UTF_8)), UTF_8);
        String bad = good.replace(fromTo[0], fromTo[1]);
        assertThat(bad).isNotEqualTo(good);
        Stamp.Stamped split = Stamp.split(bad.getBytes(UTF_8));
        assertThat(split.stamp()).isEmpty();
        assertThat(new String(split.message(), UTF_8)).isEqualTo(bad);
    }

    @Test
    void a_space_after_the_message_is_no_hindrance() {
        Stamp stamp = stamp("p:s", "e");
        byte[] stamped = (new String(stamp.appendTo("{\"a\":1} \n".getBytes(UTF_8)), UTF_8) + "\n").getBytes(UTF_8);
        assertThat(Stamp.split(stamped).stamp()).contains(stamp);
        assertThat(new String(Stamp.split(stamped).message(), UTF_8)).isEqualTo("{\"a\":1}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "null", "[]", "}", "1"})
    void only_an_object_can_be_stamped(String message) {
        assertThatThrownBy(() -> stamp("p:s", "").appendTo(message.getBytes(UTF_8)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("p:s");
    }

    @Test
    void random_bytes_never_break_the_reader() {
        var random = new SplittableRandom(6);
        byte[] good = stamp("p:s", "e").appendTo("{\"a\":1}".getBytes(UTF_8));
        for (int i = 0; i < 20_000; i++) {
            byte[] bad = good.clone();
            for (int changes = random.nextInt(1, 4); changes > 0; changes--) {
                bad[random.nextInt(bad.length)] = (byte) random.nextInt(256);
            }
            Stamp.Stamped split = Stamp.split(bad);
            if (split.stamp().isEmpty()) {
                assertThat(split.message()).as("seed 6, round %d", i).isEqualTo(bad);
            }
        }
    }

    private static void assertComesOff(Stamp stamp, String message) {
        Stamp.Stamped split = Stamp.split(stamp.appendTo(message.getBytes(UTF_8)));
        assertThat(split.stamp()).contains(stamp);
        assertThat(new String(split.message(), UTF_8)).isEqualTo(message);
    }

    private static Stamp stamp(String subjectKey, String evidence) {
        String[] parts = subjectKey.split(":", 2);
        var decision = RouteDecision.byFlag(new Bucket(812), new Percentage(1_000), new Epoch(7));
        return new Stamp(ItemKey.of(parts[0], parts[1], "0123456789abcdef"), decision, WayIn.HTTP, TIME, evidence);
    }
}
