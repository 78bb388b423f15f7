package dev.shunt.legacy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.shunt.core.Acceptance;
import dev.shunt.core.Bucket;
import dev.shunt.core.DeadLetters.DeadLetter;
import dev.shunt.core.Epoch;
import dev.shunt.core.InFlight.Census;
import dev.shunt.core.Instance;
import dev.shunt.core.Item;
import dev.shunt.core.ItemHandler;
import dev.shunt.core.ItemKey;
import dev.shunt.core.MessageCodec;
import dev.shunt.core.Percentage;
import dev.shunt.core.RegisteredStarter;
import dev.shunt.core.RouteDecision;
import dev.shunt.core.Stamp;
import dev.shunt.core.Trail;
import dev.shunt.core.UnavailableException;
import dev.shunt.core.Workload;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** One Redis, the book and registry in it, and any number of instances that consume the tiny workload. */
final class Bench implements AutoCloseable {

    static final Duration LEASE = Duration.ofMillis(900);

    /** Where nobody may be taken for dead though the machine is busy. */
    static final Duration LONG_LEASE = Duration.ofSeconds(3);

    /** A message that the codec does not even refuse. */
    static final byte[] UNREADABLE = "unreadable".getBytes(UTF_8);

    final RedisConnections connections;
    final RedisInFlight inFlight;
    final RecordingHandler handler = new RecordingHandler();
    final List<DeadLetter> deadLetters = new CopyOnWriteArrayList<>();
    final Set<ItemKey> settled = ConcurrentHashMap.newKeySet();
    final Set<ItemKey> diedBefore = ConcurrentHashMap.newKeySet();
    final List<Stamp> offered = new CopyOnWriteArrayList<>();
    final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    final ConsumerSwitch paused = new ConsumerSwitch();

    /** What the flag says. */
    volatile Percentage percentage = Percentage.ZERO;

    volatile Epoch epoch = new Epoch(7);

    /** Whether the starter's queue takes one more; null: this process has no starter. */
    volatile @Nullable Boolean starting = true;

    volatile boolean ledgerAway;

    /** Takes what is decided for legacy, if it is outside. */
    Optional<OldWorker> oldWorker = Optional.empty();

    /** How often the table of dead letters was asked in vain; null: it takes them. */
    volatile @Nullable AtomicInteger tableAway;

    private final String url;
    private final StatefulRedisConnection<String, byte[]> direct;
    private final List<ConsumerGroup> running = new ArrayList<>();

    Bench(String url) {
        this.url = url;
        connections = new RedisConnections(new RedisSettings(url, Duration.ofSeconds(2)));
        inFlight = inFlight(connections);
        direct = connections.own(Duration.ofSeconds(10));
    }

    static RedisInFlight inFlight(RedisConnections connections) {
        var walk = new ListWalk(workload -> TinyWorkload::read, Clock.systemUTC());
        return new RedisInFlight(connections, TinyWorkload.CATALOG, walk);
    }

    static LegacySettings settings(int consumers, int batch, LegacySettings.Pop pop) {
        return settings(consumers, batch, pop, LEASE);
    }

    static LegacySettings settings(int consumers, int batch, LegacySettings.Pop pop, Duration lease) {
        return new LegacySettings(
                consumers,
                batch,
                pop,
                Duration.ofMillis(100),
                Duration.ZERO,
                Duration.ofSeconds(10),
                lease,
                Duration.ofMillis(150),
                Duration.ofSeconds(5),
                Duration.ofSeconds(2),
                Duration.ofMillis(10),
                Duration.ofMillis(100));
    }

    static LegacySettings stalling(Duration stall, Duration drain) {
        return stalling(stall, drain, LEASE);
    }

    static LegacySettings stalling(Duration stall, Duration drain, Duration lease) {
        return new LegacySettings(
                1,
                64,
                LegacySettings.Pop.BLMOVE,
                Duration.ofMillis(100),
                Duration.ZERO,
                Duration.ofSeconds(10),
                lease,
                Duration.ofMillis(150),
                stall,
                drain,
                Duration.ofMillis(10),
                Duration.ofMillis(100));
    }

    /** Every list, the book and the registry are empty soon. */
    void assertNothingInFlight() {
        await().untilAsserted(() -> {
            Census census = inFlight.census(TinyWorkload.TINY);
            assertThat(census.book()).isEmpty();
            assertThat(census.registry()).isEmpty();
            assertThat(census.waiting() + census.processing()).isZero();
        });
    }

    RedisCommands<String, byte[]> redis() {
        return direct.sync();
    }

    void push(byte[]... messages) {
        for (byte[] message : messages) {
            redis().lpush(TinyWorkload.KEYS.queue(), message);
        }
    }

    void push(String... ids) {
        for (String id : ids) {
            push(TinyWorkload.message(id));
        }
    }

    List<String> list(String key) {
        return redis().lrange(key, 0, -1).stream()
                .map(raw -> new String(raw, UTF_8))
                .toList();
    }

    RouteDecision decision(String id) {
        return decision(TinyWorkload.item(id));
    }

    private RouteDecision decision(Item item) {
        return RouteDecision.byFlag(Bucket.of(TinyWorkload.TINY, item.routingKey()), percentage, epoch);
    }

    ConsumerGroup start(String instance) {
        return start(instance, settings(1, 64, LegacySettings.Pop.BLMOVE), url, handler);
    }

    ConsumerGroup start(String instance, LegacySettings settings) {
        return start(instance, settings, url, handler);
    }

    ConsumerGroup start(String instance, LegacySettings settings, String throughUrl, ItemHandler with) {
        RedisConnections own = throughUrl.equals(url)
                ? connections
                : new RedisConnections(new RedisSettings(throughUrl, Duration.ofSeconds(2)));
        ConsumerGroup group = factory(instance, settings, own).group(new TinyWorkload(with));
        group.start();
        running.add(group);
        return group;
    }

    ConsumerFactory factory(String instance, LegacySettings settings, RedisConnections own) {
        return new ConsumerFactory(
                settings,
                own,
                TinyWorkload.CATALOG,
                new Instance(instance),
                inFlight,
                this::rule,
                this::settled,
                this::bury,
                starting == null ? Optional.empty() : Optional.of((RegisteredStarter) this::offer),
                oldWorker,
                paused,
                new Waits(Clock.systemUTC()),
                meters,
                Clock.systemUTC(),
                Trail.NONE);
    }

    private Acceptance.Ruling rule(Workload workload, byte[] message) {
        if (Arrays.equals(message, UNREADABLE)) {
            throw new IllegalStateException("a codec with a fault");
        }
        return switch (TinyWorkload.read(message, Clock.systemUTC().instant())) {
            case MessageCodec.Reading.Read read ->
                new Acceptance.Ruling.Routed(read.item(), decision(read.item()), read.decoded());
            case MessageCodec.Reading.Undecodable bad -> new Acceptance.Ruling.Undecodable(bad.reason());
        };
    }

    private Set<ItemKey> settled(Workload workload, Map<ItemKey, Instant> lives) {
        if (ledgerAway) {
            throw new UnavailableException("ledger", Duration.ofMillis(10), null);
        }
        var found = new HashSet<>(lives.keySet());
        found.removeIf(
                key -> !settled.contains(key) && !(diedBefore.contains(key) && !Instant.MAX.equals(lives.get(key))));
        return found;
    }

    private void bury(DeadLetter letter) {
        AtomicInteger inVain = tableAway;
        if (inVain != null) {
            inVain.incrementAndGet();
            throw new UnavailableException("table", Duration.ofMillis(10), null);
        }
        deadLetters.add(letter);
    }

    private boolean offer(Workload workload, Stamp stamp, byte[] message) {
        if (Boolean.TRUE.equals(starting)) {
            offered.add(stamp);
            return true;
        }
        return false;
    }

    ProcessingList list(String instance, int slot, long generation) {
        var list = new ProcessingList(
                redis(), TinyWorkload.KEYS, TinyWorkload.KEYS.processing(new Instance(instance), slot, generation));
        list.open(new Instance(instance), LEASE);
        return list;
    }

    double count(String meter) {
        return meters.get("shunt.legacy." + meter).counter().count();
    }

    void stop(ConsumerGroup group) {
        group.stop();
        running.remove(group);
    }

    @Override
    public void close() {
        handler.before(group -> {});
        List.copyOf(running).forEach(this::stop);
        direct.close();
        connections.destroy();
    }
}
