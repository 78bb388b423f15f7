package dev.shunt.legacy;

import dev.shunt.core.ClockSkew;
import dev.shunt.core.Preflight;
import dev.shunt.core.Workload;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/** Redis's clock against this instance's. */
final class RedisClock implements Preflight {

    private final RedisConnections redis;
    private final Clock clock;

    RedisClock(RedisConnections redis, Clock clock) {
        this.redis = redis;
        this.clock = clock;
    }

    @Override
    public String subject() {
        return "clock of Redis";
    }

    @Override
    public boolean beforeEachRaise() {
        return false;
    }

    @Override
    public Finding check(Workload workload) {
        return ClockSkew.of(
                "Redis",
                clock,
                () -> redis.step("asking for its time", commands -> {
                    List<byte[]> parts = commands.time();
                    return Instant.ofEpochSecond(number(parts.get(0))).plus(number(parts.get(1)), ChronoUnit.MICROS);
                }));
    }

    private static long number(byte[] digits) {
        return Long.parseLong(new String(digits, StandardCharsets.US_ASCII));
    }
}
