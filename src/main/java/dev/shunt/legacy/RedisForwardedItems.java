package dev.shunt.legacy;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.shunt.core.ForwardedItems;
import dev.shunt.core.InFlight.Registered;
import dev.shunt.core.ItemKey;
import dev.shunt.core.Workload;
import dev.shunt.core.WorkloadCatalog;
import dev.shunt.legacy.OutsideList.GivenUp;
import dev.shunt.legacy.Script.Arguments;
import dev.shunt.legacy.Script.Reply;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the worker outside has in hand, as Redis remembers it. */
final class RedisForwardedItems implements ForwardedItems {

    private static final int KEYS_PER_STEP = 500;

    private final RedisConnections redis;
    private final WorkloadCatalog catalog;
    private final Optional<OldWorker> oldWorker;

    RedisForwardedItems(RedisConnections redis, WorkloadCatalog catalog, Optional<OldWorker> oldWorker) {
        this.redis = redis;
        this.catalog = catalog;
        this.oldWorker = oldWorker;
    }

    @Override
    public Optional<Workload> workload() {
        return oldWorker.map(OldWorker::workload);
    }

    @Override
    public List<Registered> page(Workload workload, Optional<Registered> after, int limit) {
        LegacyKeys keys = keys(workload);
        Reply reply = redis.step(
                "reading what was forwarded",
                commands -> Script.REGISTERED.run(
                        commands,
                        List.of(keys.forwardedAge()),
                        Arguments.of("+inf")
                                .and(limit)
                                .and(after.map(last -> last.key().value()).orElse(""))
                                .and(after.map(last -> BookEntry.micros(last.acceptedAt()))
                                        .orElse(0L))));
        List<Registered> found = new ArrayList<>();
        for (int i = 0; i < reply.size(); i += 2) {
            found.add(new Registered(new ItemKey(reply.text(i)), BookEntry.time(Long.parseLong(reply.text(i + 1)))));
        }
        return found;
    }

    @Override
    public List<Forwarded> read(Workload workload, Collection<ItemKey> sought) {
        LegacyKeys keys = keys(workload);
        List<Forwarded> found = new ArrayList<>();
        inSteps(
                sought,
                part -> redis.step(
                                "reading what is known of forwarded items",
                                commands -> commands.hmget(
                                        keys.forwarded(),
                                        part.stream().map(ItemKey::value).toArray(String[]::new)))
                        .forEach(one -> {
                            if (one.hasValue()) {
                                found.add(OldWorker.read(one.getValue()));
                            }
                        }));
        return found;
    }

    @Override
    public List<Dead> dead(Workload workload, boolean all) {
        LegacyKeys keys = keys(workload);
        OutsideList list = OutsideList.of(keys, worker(workload));
        String seen = seen(keys);
        GivenUp walked =
                redis.step("walking the outside worker's dead letters", commands -> list.givenUp(commands, seen, all));
        Map<ItemKey, byte[]> givenUp = walked.messages();
        Set<ItemKey> dead = new HashSet<>(givenUp.keySet());
        dead.removeAll(waiting(workload, dead));
        List<Dead> found = new ArrayList<>();
        for (Forwarded one : read(workload, dead)) {
            byte[] message = givenUp.get(one.stamp().key());
            if (message != null) {
                found.add(new Dead(
                        one, message, walked.pushed().contains(one.stamp().key())));
            }
        }
        if (!walked.newest().equals(seen)) {
            redis.step(
                    "noting how far dead letters were seen",
                    commands -> commands.set(keys.givenUpSeen(), walked.newest().getBytes(UTF_8)));
        }
        return found;
    }

    /** Whoever looked: what another instance has settled may have been sent again since. */
    private @Nullable String seen(LegacyKeys keys) {
        byte[] digest =
                redis.step("reading how far dead letters were seen", commands -> commands.get(keys.givenUpSeen()));
        return digest == null ? null : new String(digest, UTF_8);
    }

    @Override
    public void settle(Workload workload, Collection<ItemKey> settled) {
        LegacyKeys keys = keys(workload);
        inSteps(settled, part -> {
            var arguments = new Arguments();
            part.forEach(key -> arguments.and(key.value()));
            redis.step(
                    "settling " + settled.size() + " forwarded items",
                    commands -> Script.SETTLE_FORWARDED.run(
                            commands,
                            List.of(keys.book(), keys.forwarded(), keys.forwardedAge(), keys.forwardedDigests()),
                            arguments));
        });
    }

    @Override
    public Set<ItemKey> waiting(Workload workload, Set<ItemKey> sought) {
        if (sought.isEmpty()) {
            return Set.of();
        }
        OutsideList list = OutsideList.of(keys(workload), worker(workload));
        return redis.step("walking the outside worker's list", commands -> list.waiting(commands, sought));
    }

    @Override
    public long open(Workload workload) {
        String ages = keys(workload).forwardedAge();
        return redis.step("counting what was forwarded", commands -> commands.zcard(ages));
    }

    private static void inSteps(Collection<ItemKey> all, java.util.function.Consumer<List<ItemKey>> step) {
        List<ItemKey> keys = List.copyOf(all);
        for (int from = 0; from < keys.size(); from += KEYS_PER_STEP) {
            step.accept(keys.subList(from, Math.min(keys.size(), from + KEYS_PER_STEP)));
        }
    }

    private LegacyKeys keys(Workload workload) {
        return LegacyKeys.of(catalog, workload);
    }

    private OldWorker worker(Workload workload) {
        return oldWorker
                .filter(worker -> worker.workload().equals(workload))
                .orElseThrow(() -> new IllegalArgumentException("the legacy side of " + workload + " is not outside"));
    }
}
