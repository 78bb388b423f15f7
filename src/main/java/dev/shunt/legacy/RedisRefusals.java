package dev.shunt.legacy;

import io.lettuce.core.RedisException;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Counts steps that Redis refused because it is full: it answers, so nothing else calls it down. */
final class RedisRefusals {

    static final RedisRefusals UNCOUNTED = new RedisRefusals(Map.of());

    private final Map<String, Counter> byReason;

    private RedisRefusals(Map<String, Counter> byReason) {
        this.byReason = byReason;
    }

    /** {@code OOM}: at {@code maxmemory}. {@code MISCONF}: it cannot write its files, most often for want of disk. */
    static RedisRefusals in(MeterRegistry meters) {
        return new RedisRefusals(Stream.of("OOM", "MISCONF")
                .collect(Collectors.toMap(
                        reason -> reason,
                        reason -> Counter.builder("shunt.backend.full")
                                .description("Writes that a backend refused because it is full")
                                .tag("backend", "redis")
                                .tag("reason", reason)
                                .register(meters))));
    }

    void count(RedisException refused) {
        for (Throwable cause = refused; cause != null; cause = cause.getCause()) {
            String message = String.valueOf(cause.getMessage());
            int end = message.indexOf(' ');
            Counter counter = byReason.get(end < 0 ? message : message.substring(0, end));
            if (counter != null) {
                counter.increment();
                return;
            }
        }
    }
}
