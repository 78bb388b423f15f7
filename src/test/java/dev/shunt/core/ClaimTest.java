package dev.shunt.core;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClaimTest {

    private static final String ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    @Test
    void a_reference_is_small_json_that_can_be_stamped_and_read_again() {
        Claim claim = Claim.of("abc".getBytes(UTF_8));
        assertThat(new String(claim.reference(), UTF_8))
                .isEqualTo("{\"Claimed\":{\"sha256\":\"" + ABC + "\",\"length\":3}}");
        var stamp = new Stamp(
                ItemKey.of("p", "t", "0123456789abcdef"),
                RouteDecision.byFlag(new Bucket(1), Percentage.ALL, new Epoch(7)),
                WayIn.HTTP,
                Instant.parse("2026-11-21T22:00:00Z"),
                "x".repeat(1_000_000));

        byte[] argument = stamp.withoutEvidence().appendTo(claim.reference());

        assertThat(argument).hasSizeLessThan(1_000);
        Stamp.Stamped taken = Stamp.split(argument);
        assertThat(taken.stamp()).contains(stamp.withoutEvidence());
        assertThat(Claim.read(taken.message())).contains(claim);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"Claimed\":{\"sha256\":\"" + ABC + "\",\"length\":3},\"more\":1}",
                "{\"Claimed\":{\"sha256\":\"" + ABC + "\",\"length\":-3}}",
                "{\"Claimed\":{\"sha256\":\"BA7816\",\"length\":3}}",
                "{\"ID\":\"t\",\"Claimed\":{\"sha256\":\"" + ABC + "\",\"length\":3}}"
            })
    void anything_else_is_a_message(String message) {
        assertThat(Claim.read(message.getBytes(UTF_8))).isEmpty();
    }

    @Test
    void a_message_is_claimed_once_however_it_is_stamped() {
        byte[] message = "{\"a\":1}".getBytes(UTF_8);
        byte[] stamped = stampedAt("2026-11-21T22:00:00Z").appendTo(message);
        byte[] again = stampedAt("2026-11-22T22:00:00Z").appendTo(message);

        assertThat(Claim.of(stamped)).isEqualTo(Claim.of(again)).isEqualTo(Claim.of(message));
        assertThat(Claim.of(stamped).fits(again)).isTrue();
        assertThat(Claim.of(stamped).fits("{\"a\":2}".getBytes(UTF_8))).isFalse();
    }

    private static Stamp stampedAt(String time) {
        return new Stamp(
                ItemKey.of("p", "t", "0123456789abcdef"),
                RouteDecision.byFlag(new Bucket(1), Percentage.ALL, new Epoch(7)),
                WayIn.HTTP,
                Instant.parse(time),
                "");
    }

    @Test
    void a_claim_checks_its_parts() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Claim("abc", 3))
                .withMessageContaining("64");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Claim(ABC, -1))
                .withMessageContaining("-1");
    }
}
