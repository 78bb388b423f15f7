package dev.shunt.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.shunt.core.Bucket;
import dev.shunt.core.Percentage;
import dev.shunt.core.Workload;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.ff4j.core.FlippingExecutionContext;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class StickyBasisPointsTest {

    private static final long SEED = 0x5348554EL;
    private static final Workload TRACE = new Workload("trace");

    @Test
    void raising_the_percentage_only_ever_adds_keys() {
        var random = new SplittableRandom(SEED);
        for (int round = 0; round < 200; round++) {
            int one = random.nextInt(Percentage.SCALE + 1);
            int other = random.nextInt(Percentage.SCALE + 1);
            var lower = new StickyBasisPoints(new Percentage(Math.min(one, other)));
            var higher = new StickyBasisPoints(new Percentage(Math.max(one, other)));
            for (int i = 0; i < 500; i++) {
                var key = BucketContext.of(Bucket.of(TRACE, "p:" + random.nextLong()));
                if (lower.evaluate("f", null, key)) {
                    assertThat(higher.evaluate("f", null, key))
                            .as("seed %d, round %d, %s within %s", SEED, round, one, other)
                            .isTrue();
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"0,0", "1,1", "2500,2500", "9999,9999", "10000,10000"})
    void exactly_that_many_of_ten_thousand_buckets_go_to_temporal(String parameter, long expected) {
        var strategy = new StickyBasisPoints();
        strategy.init("f", Map.of("bp", parameter));
        long routed = 0;
        for (int bucket = 0; bucket < Percentage.SCALE; bucket++) {
            routed += strategy.evaluate("f", null, BucketContext.of(new Bucket(bucket))) ? 1 : 0;
        }
        assertThat(routed).isEqualTo(expected);
        assertThat(strategy.getInitParams()).isEqualTo(Map.of("bp", parameter));
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", " ", "banana", "-1", "10001", "99999999999999999999", "1e3", "12.5", "٣"})
    void what_cannot_be_understood_is_zero(@Nullable String parameter) {
        var strategy = new StickyBasisPoints(Percentage.ALL);
        var parameters = new HashMap<String, @Nullable String>();
        parameters.put("bp", parameter);
        assertThatCode(() -> strategy.init("f", parameters)).doesNotThrowAnyException();
        assertThat(strategy.evaluate("f", null, BucketContext.of(new Bucket(0))))
                .isFalse();
        assertThat(strategy.getInitParams()).isEqualTo(Map.of("bp", "0"));
    }

    @Test
    void without_a_key_it_stays_on_legacy() {
        var all = new StickyBasisPoints(Percentage.ALL);
        assertThat(all.evaluate("f", null, null)).isFalse();
        assertThat(all.evaluate("f", null, new FlippingExecutionContext())).isFalse();
        assertThat(new StickyBasisPoints().evaluate("f", null, BucketContext.of(new Bucket(0))))
                .isFalse();
    }

    @Test
    void no_parameters_at_all_is_zero() {
        var strategy = new StickyBasisPoints(Percentage.ALL);
        strategy.init(null, null);
        assertThat(strategy.getInitParams()).isEqualTo(Map.of("bp", "0"));
    }
}
