package dev.shunt.legacy;

import dev.shunt.core.Preflight;
import dev.shunt.core.UnavailableException;
import dev.shunt.core.Workload;

/** What Redis may lose of accepted items in a crash of its own. */
final class RedisDurability implements Preflight {

    private final RedisConnections redis;

    RedisDurability(RedisConnections redis) {
        this.redis = redis;
    }

    @Override
    public String subject() {
        return "durability of Redis";
    }

    @Override
    public boolean beforeEachRaise() {
        return false;
    }

    @Override
    public Finding check(Workload workload) {
        try {
            String words = redis.step("asking how Redis keeps its data", RedisHealthIndicator::shown);
            if (words.startsWith("unknown")) {
                return new Finding.Unknown(words + "; ask who runs it for appendfsync");
            }
            return words.startsWith("always") || words.startsWith("everysec")
                    ? new Finding.Pass(words)
                    : new Finding.Refused(words + "; set appendonly yes and appendfsync always (or everysec)");
        } catch (UnavailableException away) {
            return new Finding.Unknown(String.valueOf(away.getMessage()));
        }
    }
}
