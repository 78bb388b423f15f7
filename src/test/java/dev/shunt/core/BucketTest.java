package dev.shunt.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BucketTest {

    private static final Workload TRACE = new Workload("trace");

    @ParameterizedTest
    @CsvSource({
        "default:b2e9ea70eed6615e3f4da72c85bcac0e, 5098",
        "default:6f7357b82942cf977f92dd55a2a8ae6a, 1040",
        "prój:é, 1944"
    })
    void the_frozen_vectors_hold(String routingKey, int bucket) {
        assertThat(Bucket.of(TRACE, routingKey)).isEqualTo(new Bucket(bucket));
    }

    @Test
    void the_workload_is_part_of_the_hash() {
        assertThat(Bucket.of(new Workload("score"), "default:1")).isNotEqualTo(Bucket.of(TRACE, "default:1"));
    }

    @Test
    void a_larger_percentage_keeps_every_bucket_of_a_smaller_one() {
        var random = new SplittableRandom(4);
        for (int i = 0; i < 5_000; i++) {
            Bucket bucket = Bucket.of(TRACE, "p:" + random.nextLong());
            int smaller = random.nextInt(Percentage.SCALE + 1);
            int larger = random.nextInt(smaller, Percentage.SCALE + 1);
            if (new Percentage(smaller).includes(bucket)) {
                assertThat(new Percentage(larger).includes(bucket))
                        .as("seed 4: bucket %s is in %d and must be in %d", bucket, smaller, larger)
                        .isTrue();
            }
        }
    }

    @Test
    void keys_spread_evenly_over_the_scale() {
        var random = new SplittableRandom(5);
        int below = 0;
        for (int i = 0; i < 100_000; i++) {
            below += new Percentage(1_000).includes(Bucket.of(TRACE, "p:" + random.nextLong())) ? 1 : 0;
        }
        assertThat(below)
                .as("of 100,000 keys at 10 %%, five standard deviations")
                .isBetween(9_525, 10_475);
    }

    @ParameterizedTest
    @CsvSource({"-1", "10000"})
    void a_bucket_off_the_scale_is_refused(int value) {
        assertThatThrownBy(() -> new Bucket(value)).hasMessage("bucket must be 0..9999, was " + value);
    }
}
