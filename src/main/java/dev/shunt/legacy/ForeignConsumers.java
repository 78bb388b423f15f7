package dev.shunt.legacy;

import dev.shunt.core.Preflight;
import dev.shunt.core.UnavailableException;
import dev.shunt.core.Workload;
import dev.shunt.core.WorkloadCatalog;
import io.lettuce.core.RedisURI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds consumers of a workload's queue that are not Shunt's. Two consumers of one list share its messages: what the other
 * one takes is stored by it alone, and no flag decides about it. {@code CLIENT LIST} has the last command of a client, not
 * its key: it is looked at several times, since a consumer asks Redis for other things in between, and if anybody pops from
 * some list, all are watched with {@code MONITOR}. For the whole time: one connection may take from several lists in turn.
 */
final class ForeignConsumers implements Preflight {

    private static final Logger log = LoggerFactory.getLogger(ForeignConsumers.class);

    /** The old worker asks again every 5 s. */
    private static final Duration WATCH = Duration.ofSeconds(6);

    private static final int LOOKS = 10;
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(100);

    private static final Set<String> POPS =
            Set.of("brpop", "rpop", "blpop", "lpop", "blmpop", "lmpop", "brpoplpush", "rpoplpush", "blmove", "lmove");

    private final RedisConnections redis;
    private final RedisSettings settings;
    private final WorkloadCatalog catalog;
    private final OldWorkerSettings.Foreign answer;
    private final Duration watch;

    ForeignConsumers(
            RedisConnections redis, RedisSettings settings, WorkloadCatalog catalog, OldWorkerSettings.Foreign answer) {
        this(redis, settings, catalog, answer, WATCH);
    }

    /** @param watch for how long clients that pop are watched */
    ForeignConsumers(
            RedisConnections redis,
            RedisSettings settings,
            WorkloadCatalog catalog,
            OldWorkerSettings.Foreign answer,
            Duration watch) {
        this.watch = watch;
        this.redis = redis;
        this.settings = settings;
        this.catalog = catalog;
        this.answer = answer;
    }

    @Override
    public String subject() {
        return "no other consumer on the queue";
    }

    @Override
    public Finding check(Workload workload) {
        String queue = catalog.of(workload).queue();
        try {
            Finding found = look(queue);
            if (found instanceof Finding.Refused refused && answer == OldWorkerSettings.Foreign.WARN) {
                log.warn("{} (shunt.legacy.foreign-consumers is warn: going on)", refused.whatToDo());
                return new Finding.Pass("tolerated by shunt.legacy.foreign-consumers=warn: " + refused.whatToDo());
            }
            return found;
        } catch (UnavailableException away) {
            return new Finding.Unknown(String.valueOf(away.getMessage()));
        }
    }

    private Finding look(String queue) {
        Map<String, String> suspects = suspects();
        if (suspects.isEmpty()) {
            return new Finding.Pass("no client but Shunt's own takes from a list");
        }
        Map<String, Boolean> anothers = new HashMap<>();
        RedisMonitor.Seen seen = new RedisMonitor(settings.url())
                .watch(POPS, queue, address -> anothers.computeIfAbsent(address, this::isAnothers), watch);
        if (!seen.onQueue().isEmpty()) {
            return new Finding.Refused("another consumer takes from " + queue + ": client "
                    + described(List.copyOf(seen.onQueue().keySet()), seen.onQueue())
                    + ". Stop it, or point it at shunt.legacy.queue and set"
                    + " shunt.legacy.consumer=external");
        }
        List<String> unseen = new ArrayList<>(suspects.keySet());
        unseen.removeAll(seen.elsewhere());
        String failure = seen.failure();
        if (failure != null) {
            return new Finding.Refused(
                    "clients take from lists of this Redis, and which ones cannot be seen (" + failure
                            + "): " + described(unseen, suspects) + ". If none takes from " + queue
                            + ", set shunt.legacy.foreign-consumers=warn");
        }
        unseen.removeIf(address -> !isAnothers(address));
        if (!unseen.isEmpty()) {
            return new Finding.Refused("clients wait on lists of this Redis, and did not ask again within "
                    + watch.toSeconds() + " s, so which ones cannot be seen: " + described(unseen, suspects)
                    + ". If none waits on " + queue + ", set shunt.legacy.foreign-consumers=warn");
        }
        return new Finding.Pass("other clients take from lists, but not from " + queue);
    }

    private static String described(List<String> addresses, Map<String, String> commands) {
        return String.join(
                ", ",
                addresses.stream()
                        .map(address -> address + " (" + commands.getOrDefault(address, "?") + ")")
                        .toList());
    }

    /** Address to last command of the clients of this database that pop and are not Shunt's own. */
    private Map<String, String> suspects() {
        String database = Integer.toString(RedisURI.create(settings.url()).getDatabase());
        Map<String, String> found = new LinkedHashMap<>();
        for (int look = 0; look < LOOKS && found.isEmpty(); look++) {
            if (look > 0) {
                LockSupport.parkNanos(BETWEEN_LOOKS.toNanos());
            }
            anothers()
                    .filter(client -> POPS.contains(client.getOrDefault("cmd", "")))
                    .filter(client -> client.getOrDefault("db", "0").equals(database))
                    .forEach(client -> found.put(client.getOrDefault("addr", "?"), client.getOrDefault("cmd", "?")));
        }
        return found;
    }

    /** Asked when one is first seen: Shunt's consumers come and go. One that is gone already may have been Shunt's. */
    private boolean isAnothers(String address) {
        return anothers().anyMatch(client -> address.equals(client.get("addr")));
    }

    private Stream<Map<String, String>> anothers() {
        return redis.step("listing its clients", commands -> commands.clientList())
                .lines()
                .map(ForeignConsumers::fields)
                .filter(client -> !client.getOrDefault("name", "").startsWith(RedisConnections.NAME));
    }

    private static Map<String, String> fields(String line) {
        Map<String, String> fields = new LinkedHashMap<>();
        for (String part : line.split(" ", -1)) {
            int equals = part.indexOf('=');
            if (equals > 0) {
                fields.put(part.substring(0, equals), part.substring(equals + 1));
            }
        }
        return fields;
    }
}
