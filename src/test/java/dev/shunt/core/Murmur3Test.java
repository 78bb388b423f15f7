package dev.shunt.core;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Published vectors of MurmurHash3_x86_32. */
class Murmur3Test {

    @ParameterizedTest
    @CsvSource({
        "'', 0, 00000000",
        "'', 1, 514e28b7",
        "a, 9747b28c, 7fa09ea6",
        "aa, 9747b28c, 5d211726",
        "aaa, 9747b28c, 283e0130",
        "aaaa, 9747b28c, 5a97808a",
        "'Hello, world!', 9747b28c, 24884cba",
        "The quick brown fox jumps over the lazy dog, 9747b28c, 2fa826cd"
    })
    void the_published_vectors_hold(String text, String seed, String hash) {
        assertThat(Murmur3.hash32(text.getBytes(UTF_8), Integer.parseUnsignedInt(seed, 16)))
                .isEqualTo(Integer.parseUnsignedInt(hash, 16));
    }
}
