package dev.shunt.comparison;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * How shadow pairs are run. Whether there are any is ordered at run time, by {@code PUT /api/v1/shadow/{workload}}.
 *
 * @param shedAbove items that took longer than this from acceptance to commit are not processed a second time: the primary
 *     is behind; 10 ms..1 h
 * @param shedAboveWaiting nothing is processed a second time while more messages than this wait in the legacy list:
 *     the primary has a backlog; 1..1 000 000
 * @param pauseAboveCpu while the machine's (or container's) processors are busier than this, in percent, sampled items
 *     wait in the queue: second runs take what nobody else needs; 1..100, 100 for never waiting
 * @param queue most sampled items that wait for their second run, more are shed; 1..1 000 000
 * @param queueBytes most bytes of their messages, more are shed; 1 KB..1 GB
 * @param threads batches of pairs that are worked on at the same time; 1..16
 * @param batch most pairs of a batch: read, run and removed together; 1..100
 * @param linger how long a batch waits for company: nobody waits for its pairs; 0..10 s
 * @param timeout when a second run is late and called off; 100 ms..10 min
 */
@ConfigurationProperties("shunt.shadow")
public record ShadowSettings(
        @DefaultValue("1s") Duration shedAbove,
        @DefaultValue("500") int shedAboveWaiting,
        @DefaultValue("50") int pauseAboveCpu,
        @DefaultValue("5000") int queue,
        @DefaultValue("32MB") DataSize queueBytes,
        @DefaultValue("1") int threads,
        @DefaultValue("25") int batch,
        @DefaultValue("200ms") Duration linger,
        @DefaultValue("60s") Duration timeout) {

    public ShadowSettings {
        Bounds bounds = Bounds.of("shunt.shadow");
        bounds.check("shed-above", shedAbove, Duration.ofMillis(10), Duration.ofHours(1));
        bounds.check("linger", linger, Duration.ZERO, Duration.ofSeconds(10));
        bounds.check("timeout", timeout, Duration.ofMillis(100), Duration.ofMinutes(10));
        bounds.check("shed-above-waiting", shedAboveWaiting, 1, 1_000_000);
        bounds.check("pause-above-cpu", pauseAboveCpu, 1, 100);
        bounds.check("queue", queue, 1, 1_000_000);
        bounds.check("queue-bytes", queueBytes.toBytes(), 1_024L, 1L << 30);
        bounds.check("threads", threads, 1, 16);
        bounds.check("batch", batch, 1, 100);
    }
}
