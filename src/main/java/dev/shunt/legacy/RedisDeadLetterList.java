package dev.shunt.legacy;

import dev.shunt.core.DeadLetterList;
import dev.shunt.core.Workload;
import dev.shunt.core.WorkloadCatalog;
import java.util.Optional;

/** The Redis list of raw dead letters. */
final class RedisDeadLetterList implements DeadLetterList {

    private final RedisConnections redis;
    private final WorkloadCatalog catalog;
    private final Optional<OldWorker> oldWorker;

    RedisDeadLetterList(RedisConnections redis, WorkloadCatalog catalog, Optional<OldWorker> oldWorker) {
        this.redis = redis;
        this.catalog = catalog;
        this.oldWorker = oldWorker;
    }

    @Override
    public long forget(Workload workload, byte[] raw) {
        String list = LegacyKeys.of(catalog, workload).deadLetters();
        Optional<String> outside = oldWorker
                .filter(worker -> worker.workload().equals(workload))
                .map(OldWorker::deadLetters)
                .filter(other -> !other.equals(list));
        return redis.step("removing copies of a dead letter", commands -> {
            long there = outside.map(other -> commands.lrem(other, 0, raw)).orElse(0L);
            return there + commands.lrem(list, 0, raw);
        });
    }

    @Override
    public long size(Workload workload) {
        String list = LegacyKeys.of(catalog, workload).deadLetters();
        return redis.step("counting dead letters", commands -> commands.llen(list));
    }
}
