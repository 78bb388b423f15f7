package dev.shunt.core;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
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

    @Test
    void hashing_characters_equals_hashing_their_bytes() {
        long seed = 20_261_121;
        var random = new SplittableRandom(seed);
        for (int round = 0; round < 200_000; round++) {
            String first = text(random);
            String second = text(random);
            int start = random.nextInt();
            assertThat(Murmur3.hash32(first, second, start))
                    .as(
                            "seed %d, round %d: %s",
                            seed, round, (first + '\0' + second).chars().boxed().toList())
                    .isEqualTo(Murmur3.hash32((first + '\0' + second).getBytes(UTF_8), start));
        }
    }

    /** Every length of UTF-8 in turn, with whole and broken surrogate pairs at any place. */
    private static String text(SplittableRandom random) {
        var text = new StringBuilder();
        for (int left = random.nextInt(14); left > 0; left--) {
            switch (random.nextInt(7)) {
                case 0 -> text.append((char) random.nextInt(0x80));
                case 1 -> text.append((char) random.nextInt(0x80, 0x800));
                case 2 -> text.append((char) random.nextInt(0x800, 0x10000));
                case 3 -> text.appendCodePoint(random.nextInt(0x10000, 0x110000));
                case 4 -> text.append((char) random.nextInt(0xd800, 0xdc00));
                case 5 -> text.append((char) random.nextInt(0xdc00, 0xe000));
                default -> text.append("\u007f\u0080\u07ff\u0800\uffff\ud800\udc00\udbff\udfff");
            }
        }
        return text.toString();
    }
}
