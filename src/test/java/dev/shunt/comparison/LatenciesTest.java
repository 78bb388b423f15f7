package dev.shunt.comparison;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

/** Histograms that are packed, added up and read, against the library and against sorted values. */
class LatenciesTest {

    @Test
    void what_is_read_is_what_the_library_reads() {
        long seed = 5;
        var random = new SplittableRandom(seed);
        for (int round = 0; round < 40; round++) {
            long[] values = values(random, random.nextInt(1, 3_000), 1L << random.nextInt(1, 40));
            byte[] packed = Latencies.pack(values);
            var library = Histogram.decodeFromByteBuffer(ByteBuffer.wrap(packed), 0);
            Map<Long, Long> expected = new HashMap<>();
            library.recordedValues()
                    .forEach(step -> expected.put(
                            library.lowestEquivalentValue(step.getValueIteratedTo()),
                            step.getCountAtValueIteratedTo()));
            Map<Long, Long> read = new HashMap<>();
            PackedCounts.read(packed, read::put);

            assertThat(read).as("round %s, seed %s", round, seed).isEqualTo(expected);
        }
    }

    @Test
    void parts_add_up_to_the_quantiles_of_all_values() {
        long seed = 6;
        var random = new SplittableRandom(seed);
        var latencies = new Latencies();
        long[] all = values(random, 20_000, 3_000_000);
        for (int from = 0; from < all.length; from += 700) {
            latencies.add(Latencies.pack(Arrays.copyOfRange(all, from, Math.min(all.length, from + 700))));
        }
        Arrays.sort(all);

        assertThat(latencies.summary()).satisfies(summary -> {
            assertThat(summary.n()).isEqualTo(20_000);
            assertThat(summary.p50Ms()).isBetween(all[9_999] * 0.999e-3, all[9_999] * 1.001e-3);
            assertThat(summary.p99Ms()).isBetween(all[19_799] * 0.999e-3, all[19_799] * 1.001e-3);
            assertThat(summary.p999Ms()).isBetween(all[19_979] * 0.999e-3, all[19_979] * 1.001e-3);
        });
    }

    @Test
    void clocks_that_differ_count_as_nothing_and_more_than_a_day_as_a_day() {
        var latencies = new Latencies();
        latencies.add(Latencies.pack(new long[] {-5, Long.MAX_VALUE}));

        assertThat(latencies.summary().p50Ms()).isEqualTo(0.0);
        assertThat(latencies.summary().p99Ms()).isBetween(86_350_000.0, 86_450_000.0);
    }

    @Test
    void bytes_of_another_kind_are_refused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Latencies().add(new byte[64]))
                .withMessageContaining("not a histogram of 3 digits");
    }

    private static long[] values(SplittableRandom random, int n, long below) {
        long[] values = new long[n];
        for (int i = 0; i < n; i++) {
            values[i] = Math.min(random.nextLong(below), 86_400_000_000L);
        }
        return values;
    }

    @Test
    void a_sum_of_packed_parts_is_what_all_of_them_together_would_be() {
        var random = new SplittableRandom(5);
        var parts = new ArrayList<byte[]>();
        var added = new Latencies();
        for (int part = 0; part < 40; part++) {
            long longest = 1L << random.nextInt(1, 45); // a day and beyond it
            byte[] packed = Latencies.pack(
                    random.longs(random.nextInt(1, 300), -3, longest).toArray());
            parts.add(packed);
            added.add(packed);
        }
        var sum = new Latencies();
        sum.add(Latencies.PACKING.sum(parts));

        assertThat(sum.summary()).isEqualTo(added.summary());
        assertThat(Latencies.PACKING.sum(List.of(Latencies.PACKING.sum(parts))))
                .isEqualTo(Latencies.PACKING.sum(parts));
    }
}
