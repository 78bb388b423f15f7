package dev.shunt.operations;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.distribution.DistributionStatisticConfig;
import java.time.Duration;
import java.util.stream.Stream;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Temporal's SDK asks for 69 buckets for each of its timers and label values; these are enough to see its thresholds. */
@Configuration(proxyBeanMethods = false)
class SdkBuckets {

    private static final double[] NANOS = Stream.of(
                    5L, 10L, 50L, 100L, 250L, 500L, 1_000L, 2_500L, 5_000L, 10_000L, 30_000L)
            .mapToDouble(millis -> Duration.ofMillis(millis).toNanos())
            .toArray();

    @Bean
    MeterFilter fewerBucketsForTheSdk() {
        return new MeterFilter() {
            @Override
            public DistributionStatisticConfig configure(Meter.Id id, DistributionStatisticConfig config) {
                return !id.getName().startsWith("temporal")
                        ? config
                        : DistributionStatisticConfig.builder()
                                .percentilesHistogram(false)
                                .serviceLevelObjectives(NANOS)
                                .build()
                                .merge(config);
            }
        };
    }
}
