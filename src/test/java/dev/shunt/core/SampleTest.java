package dev.shunt.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class SampleTest {

    private static final Workload TRACE = new Workload("trace");
    private static final List<ItemKey> KEYS = IntStream.range(0, 20_000)
            .mapToObj(i -> ItemKey.of("p", "trace-" + i, "0123456789abcdef"))
            .toList();

    @Test
    void a_greater_share_takes_all_that_a_smaller_one_takes() {
        List<ItemKey> tenth = taken(1_000);

        assertThat(tenth).hasSizeBetween(1_850, 2_150);
        assertThat(taken(5_000)).containsAll(tenth);
        assertThat(taken(0)).isEmpty();
        assertThat(taken(10_000)).hasSize(KEYS.size());
    }

    @Test
    void the_sample_says_nothing_about_the_route() {
        Percentage half = new Percentage(5_000);
        List<ItemKey> tenth = taken(1_000);

        long temporal = tenth.stream()
                .filter(key -> half.includes(Bucket.of(TRACE, key.subjectKey())))
                .count();

        assertThat((double) temporal / tenth.size()).isCloseTo(0.5, Offset.offset(0.04));
    }

    private static List<ItemKey> taken(int basisPoints) {
        return KEYS.stream()
                .filter(key -> Sample.takes(TRACE, key, new Percentage(basisPoints)))
                .toList();
    }
}
