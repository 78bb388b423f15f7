package dev.shunt.legacy;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.shunt.core.Epoch;
import dev.shunt.core.InFlight;
import dev.shunt.core.Item;
import dev.shunt.core.ItemKey;
import dev.shunt.core.Reason;
import dev.shunt.core.RouteDecision;
import dev.shunt.core.Stamp;
import dev.shunt.core.Workload;
import dev.shunt.core.WorkloadCatalog;
import dev.shunt.legacy.Script.Arguments;
import dev.shunt.legacy.Script.Reply;
import io.lettuce.core.api.sync.RedisCommands;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Book, registry, fence and stop order in Redis; see {@link Script} for what each step keeps. */
final class RedisInFlight implements InFlight {

    private static final int KEYS_PER_STEP = 500;
    private static final String RUN_ID = "run_id:";
    private static final Instant LATEST = Instant.parse("2200-01-01T00:00:00Z");

    private final RedisConnections redis;
    private final WorkloadCatalog catalog;
    private final ListWalk walk;
    private final InFlightScan scan;
    private final Optional<OldWorker> oldWorker;

    RedisInFlight(RedisConnections redis, WorkloadCatalog catalog, ListWalk walk) {
        this(redis, catalog, walk, Optional.empty());
    }

    /** @param oldWorker takes what one workload decides for legacy, if its legacy side is outside */
    RedisInFlight(RedisConnections redis, WorkloadCatalog catalog, ListWalk walk, Optional<OldWorker> oldWorker) {
        this.redis = redis;
        this.catalog = catalog;
        this.walk = walk;
        this.scan = new InFlightScan(redis);
        this.oldWorker = oldWorker;
    }

    @Override
    public Registration acceptOnLegacy(Item item, RouteDecision decision) {
        LegacyKeys keys = keys(item.workload());
        Stamp stamp = item.stamp(decision);
        Arguments entry = Arguments.of(item.key().value(), BookEntry.of(stamp).text());
        String step = "accepting " + item.key() + " on legacy";
        Reply reply = outside(item.workload())
                .map(worker -> run(
                        Script.ACCEPT_ON_LEGACY,
                        step,
                        keys.withForwarded(keys.book(), worker.queue(), keys.duplicates()),
                        entry.and(item.message())
                                .and(worker.remembered(item.message(), stamp))
                                .and(BookEntry.micros(stamp.acceptedAt()))))
                .orElseGet(() -> run(
                        Script.ACCEPT_ON_LEGACY,
                        step,
                        List.of(keys.book(), keys.queue(), keys.duplicates()),
                        entry.and(stamp.appendTo(item.message()))));
        return registration(reply, item.key());
    }

    private Optional<OldWorker> outside(Workload workload) {
        return oldWorker.filter(worker -> worker.workload().equals(workload));
    }

    @Override
    public Registration register(Item item, RouteDecision decision) {
        LegacyKeys keys = keys(item.workload());
        Stamp stamp = item.stamp(decision);
        Reply reply = run(
                Script.REGISTER,
                "registering " + item.key(),
                List.of(keys.book(), keys.registry(), keys.age(), keys.fence(), keys.stop(), keys.duplicates()),
                Arguments.of(item.key().value(), BookEntry.of(stamp).text())
                        .and(stamp.appendTo(item.message()))
                        .and(decision.epoch().value())
                        .and(BookEntry.micros(stamp.acceptedAt())));
        return registration(reply, item.key());
    }

    private static Registration registration(Reply reply, ItemKey key) {
        return switch (reply.text(0)) {
            case "DUPLICATE" ->
                new Registration.Duplicate(BookEntry.read(reply.bytes(1))
                        .map(entry -> entry.of(key))
                        // not accepted: nobody can say where the message of this entry is
                        .orElseThrow(() -> new IllegalStateException(
                                "the acceptance book holds something unreadable under " + key)));
            case "FENCED" -> new Registration.Fenced(new Epoch(Long.parseLong(reply.text(1))));
            default -> new Registration.Registered();
        };
    }

    @Override
    public boolean handToLegacy(Workload workload, ItemKey key, Reason reason) {
        LegacyKeys keys = keys(workload);
        String step = "handing " + key + " to legacy";
        while (true) {
            byte @Nullable [] payload = redis.step(step, commands -> commands.hget(keys.registry(), key.value()));
            if (payload == null) {
                return false;
            }
            switch (hand(keys, key, payload, reason, step)) {
                case "MOVED" -> {
                    return true;
                }
                case "NOTHING" -> {
                    return false;
                }
                default -> {} // settled and accepted anew in between: look again
            }
        }
    }

    private String hand(LegacyKeys keys, ItemKey key, byte[] payload, Reason reason, String step) {
        Stamp.Stamped registered = Stamp.split(payload);
        Stamp before = registered
                .stamp()
                .orElseThrow(() -> new IllegalStateException("registry entry of " + key + " carries no stamp"));
        Stamp stamp = before.withDecision(before.decision().divertedToLegacy(reason));
        Arguments arguments = Arguments.of(key.value()).and(payload);
        String entry = BookEntry.of(stamp).text();
        return outside(keys.workload())
                .map(worker -> run(
                        Script.HAND_TO_LEGACY,
                        step,
                        keys.withForwarded(keys.book(), keys.registry(), keys.age(), worker.queue()),
                        arguments
                                .and(registered.message())
                                .and(entry)
                                .and(worker.remembered(registered.message(), stamp))
                                .and(BookEntry.micros(stamp.acceptedAt()))))
                .orElseGet(() -> run(
                        Script.HAND_TO_LEGACY,
                        step,
                        List.of(keys.book(), keys.registry(), keys.age(), keys.queue()),
                        arguments.and(stamp.appendTo(registered.message())).and(entry)))
                .text(0);
    }

    @Override
    public void settle(Workload workload, Collection<ItemKey> settled) {
        LegacyKeys keys = keys(workload);
        List<ItemKey> all = List.copyOf(settled);
        for (int from = 0; from < all.size(); from += KEYS_PER_STEP) {
            var arguments = new Arguments();
            all.subList(from, Math.min(all.size(), from + KEYS_PER_STEP)).forEach(key -> arguments.and(key.value()));
            run(
                    Script.SETTLE,
                    "settling " + all.size() + " items",
                    List.of(keys.book(), keys.registry(), keys.age()),
                    arguments);
        }
    }

    @Override
    public Optional<Entry> find(Workload workload, ItemKey key) {
        LegacyKeys keys = keys(workload);
        return step("looking up " + key, commands -> commands.hget(keys.book(), key.value()))
                .flatMap(BookEntry::read)
                .map(entry -> entry.of(key));
    }

    @Override
    public List<Entry> ofSubject(Workload workload, String subjectKey) {
        return scan.ofSubject(keys(workload), subjectKey);
    }

    @Override
    public List<Registered> registered(
            Workload workload, Instant acceptedBefore, Optional<Registered> after, int limit) {
        LegacyKeys keys = keys(workload);
        Reply reply = run(
                Script.REGISTERED,
                "reading the registry",
                List.of(keys.age()),
                Arguments.of(scoreBelow(acceptedBefore))
                        .and(limit)
                        .and(after.map(last -> last.key().value()).orElse(""))
                        .and(after.map(last -> BookEntry.micros(last.acceptedAt()))
                                .orElse(0L)));
        List<Registered> found = new ArrayList<>();
        for (int i = 0; i < reply.size(); i += 2) {
            found.add(new Registered(new ItemKey(reply.text(i)), BookEntry.time(Long.parseLong(reply.text(i + 1)))));
        }
        return found;
    }

    @Override
    public Optional<byte[]> message(Workload workload, ItemKey key) {
        LegacyKeys keys = keys(workload);
        return step("reading the message of " + key, commands -> commands.hget(keys.registry(), key.value()));
    }

    @Override
    public boolean takeTurn(Workload workload, String chore, String turn, Duration lease) {
        Reply reply = run(
                Script.TAKE_TURN,
                "taking the turn of " + chore,
                List.of(keys(workload).turn(chore)),
                Arguments.of(turn).and(lease.toMillis()));
        return reply.number(0) == 1;
    }

    /** {@link Instant#MAX} means all; it has no number of microseconds. */
    private static String scoreBelow(Instant time) {
        return time.isAfter(LATEST) ? "+inf" : "(" + BookEntry.micros(time);
    }

    @Override
    public Census census(Workload workload) {
        LegacyKeys keys = keys(workload);
        // The book first: what leaves the registry for the list afterwards is still met there by whoever looks further.
        var book = scan.book(keys);
        var registry = scan.registry(keys);
        return CensusReply.read(book, registry, lists(keys));
    }

    @Override
    public Set<String> unreadable(Workload workload) {
        return scan.unreadable(keys(workload));
    }

    @Override
    public Counts counts(Workload workload) {
        return CensusReply.counts(lists(keys(workload)));
    }

    private Reply lists(LegacyKeys keys) {
        List<String> counted = new ArrayList<>(
                List.of(keys.queue(), keys.recovered(), keys.consumers(), keys.duplicates(), keys.book(), keys.age()));
        outside(keys.workload()).map(OldWorker::queue).ifPresent(counted::add);
        return run(Script.CENSUS, "counting what is in flight", counted, new Arguments());
    }

    @Override
    public void open(Workload workload, Instant from, Instant before, Consumer<List<Open>> page) {
        scan.open(keys(workload), from, before, page);
    }

    @Override
    public Optional<String> serverRun() {
        return redis.step("asking which run of Redis this is", commands -> commands.info("server"))
                .lines()
                .filter(line -> line.startsWith(RUN_ID))
                .map(line -> line.substring(RUN_ID.length()).strip())
                .findFirst();
    }

    @Override
    public Set<ItemKey> presentOnLegacy(Workload workload, Set<ItemKey> sought) {
        LegacyKeys keys = keys(workload);
        return redis.step("walking the legacy lists", commands -> {
            Set<ItemKey> found = walk.find(commands, keys, sought);
            // after Shunt's own lists: messages move from those to this one
            outside(workload)
                    .ifPresent(
                            worker -> found.addAll(OutsideList.of(keys, worker).waiting(commands, sought)));
            return found;
        });
    }

    @Override
    public void raiseFence(Workload workload, Epoch fence) {
        run(
                Script.RAISE_FENCE,
                "raising the fence to " + fence,
                List.of(keys(workload).fence()),
                new Arguments().and(fence.value()));
    }

    @Override
    public long backlog(Workload workload) {
        String queue = keys(workload).queue();
        return redis.step("reading the length of " + queue, commands -> commands.llen(queue));
    }

    @Override
    public Epoch fence(Workload workload) {
        String key = keys(workload).fence();
        return step("reading the fence", commands -> commands.get(key))
                .map(fence -> new Epoch(Long.parseLong(new String(fence, UTF_8))))
                .orElse(Epoch.NONE);
    }

    @Override
    public void orderStop(Workload workload, String order) {
        String key = keys(workload).stop();
        redis.step("ordering the stop", commands -> commands.set(key, order.getBytes(UTF_8)));
    }

    @Override
    public Optional<String> stopOrder(Workload workload) {
        String key = keys(workload).stop();
        return step("reading the stop order", commands -> commands.get(key)).map(order -> new String(order, UTF_8));
    }

    @Override
    public boolean liftStop(Workload workload, String order) {
        Reply reply = run(
                Script.LIFT_STOP,
                "lifting the stop order",
                List.of(keys(workload).stop()),
                Arguments.of(order));
        return reply.number(0) == 1;
    }

    private LegacyKeys keys(Workload workload) {
        return LegacyKeys.of(catalog, workload);
    }

    private Reply run(Script script, String step, List<String> keys, Arguments arguments) {
        return redis.step(step, commands -> script.run(commands, keys, arguments));
    }

    private Optional<byte[]> step(String step, Function<RedisCommands<String, byte[]>, byte @Nullable []> command) {
        return redis.step(step, commands -> Optional.ofNullable(command.apply(commands)));
    }
}
