package dev.shunt.legacy;

import dev.shunt.core.DeadLetterList;
import dev.shunt.core.Workload;
import dev.shunt.core.WorkloadCatalog;

/** The Redis list of raw dead letters. */
final class RedisDeadLetterList implements DeadLetterList {

    private final RedisConnections redis;
    private final WorkloadCatalog catalog;

    RedisDeadLetterList(RedisConnections redis, WorkloadCatalog catalog) {
        this.redis = redis;
        this.catalog = catalog;
    }

    @Override
    public long forget(Workload workload, byte[] raw) {
        String list = LegacyKeys.of(catalog, workload).deadLetters();
        return redis.step("removing copies of a dead letter", commands -> commands.lrem(list, 0, raw));
    }
}
