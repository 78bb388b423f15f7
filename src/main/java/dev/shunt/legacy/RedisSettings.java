package dev.shunt.legacy;

import io.lettuce.core.RedisURI;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.ConstructorBinding;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Where Redis is.
 *
 * @param url {@code redis://[:password@]host:port/database}, or {@code rediss://} for TLS; filled in when an embedded
 *     Redis is used
 * @param timeout how long one step of the book, the registry or the list may take before Redis counts as away;
 *     100 ms..30 s
 * @param queue steps that may wait for an answer at one time; more count as Redis being away; 100..1 000 000
 */
@ConfigurationProperties("shunt.redis")
record RedisSettings(
        String url,
        @DefaultValue("2s") Duration timeout,
        @DefaultValue("10000") int queue) {

    RedisSettings(String url, Duration timeout) {
        this(url, timeout, 10_000);
    }

    @ConstructorBinding
    @SuppressWarnings("ConstantValue") // configuration binding hands over null for an absent key
    RedisSettings {
        if (url == null || url.isBlank()) {
            throw new IllegalArgumentException(
                    "shunt.redis.url must name a Redis, for example redis://127.0.0.1:6379/0");
        }
        if (!namesServer(url)) {
            // Not the value: it may hold a password.
            throw new IllegalArgumentException(
                    "shunt.redis.url must be redis://[:password@]host:port/database, rediss:// or redis-sentinel://,"
                            + " special characters of the password percent-encoded (what it was is not shown)");
        }
        if (timeout.toMillis() < 100 || timeout.compareTo(Duration.ofSeconds(30)) > 0) {
            throw new IllegalArgumentException("shunt.redis.timeout must be 100ms..30s, was " + timeout);
        }
        if (queue < 100 || queue > 1_000_000) {
            throw new IllegalArgumentException("shunt.redis.queue must be 100..1000000, was " + queue);
        }
    }

    private static boolean namesServer(String url) {
        try {
            RedisURI read = RedisURI.create(url);
            String host = read.getHost();
            // What cannot be taken apart ends up in the host as a whole.
            boolean named = host != null && (host.startsWith("[") || host.indexOf(':') < 0);
            return named || read.getSocket() != null || !read.getSentinels().isEmpty();
        } catch (IllegalArgumentException unreadable) {
            return false;
        }
    }

    /** Never shows the password. */
    @Override
    public String toString() {
        return "RedisSettings[timeout=" + timeout + ", queue=" + queue + "]";
    }
}
