package dev.shunt.legacy;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.shunt.core.InFlight.Entry;
import dev.shunt.core.InFlight.Open;
import dev.shunt.core.ItemKey;
import io.lettuce.core.MapScanCursor;
import io.lettuce.core.ScanArgs;
import io.lettuce.core.ScanCursor;
import io.lettuce.core.ScoredValue;
import io.lettuce.core.ScoredValueScanCursor;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * Reads book and registry page by page, so that a long backlog never stops Redis. What is there during the whole scan is
 * seen; what comes or goes meanwhile may be seen or not, which is why conservation looks twice.
 */
final class InFlightScan {

    private static final ScanArgs PAGE = ScanArgs.Builder.limit(1_000);

    private static final int MOST_UNREADABLE = 100;

    private final RedisConnections redis;
    private final Map<String, Set<String>> unreadable = new ConcurrentHashMap<>();

    InFlightScan(RedisConnections redis) {
        this.redis = redis;
    }

    /** Fields that {@link #book} met last and could not read, at most 100. */
    Set<String> unreadable(LegacyKeys keys) {
        return unreadable.getOrDefault(keys.book(), Set.of());
    }

    Map<ItemKey, Entry> book(LegacyKeys keys) {
        Map<ItemKey, Entry> book = new HashMap<>();
        Set<String> odd = new HashSet<>();
        ScanCursor position = ScanCursor.INITIAL;
        while (!position.isFinished()) {
            ScanCursor from = position;
            MapScanCursor<String, byte[]> page =
                    redis.step("reading the book", commands -> commands.hscan(keys.book(), from, PAGE));
            page.getMap().forEach((field, value) -> {
                Optional<ItemKey> key = key(field);
                Optional<BookEntry> entry = BookEntry.read(value);
                if (key.isPresent() && entry.isPresent()) {
                    book.put(key.get(), entry.get().of(key.get()));
                } else if (odd.size() < MOST_UNREADABLE) {
                    odd.add(field);
                }
            });
            position = page;
        }
        unreadable.put(keys.book(), Set.copyOf(odd));
        return book;
    }

    /** @param page takes what was accepted in that time, one page of the book after the other; never called with nothing */
    void open(LegacyKeys keys, Instant from, Instant before, Consumer<List<Open>> page) {
        ScanCursor position = ScanCursor.INITIAL;
        while (!position.isFinished()) {
            ScanCursor at = position;
            MapScanCursor<String, byte[]> part =
                    redis.step("reading the book", commands -> commands.hscan(keys.book(), at, PAGE));
            List<Open> open = part.getMap().entrySet().stream()
                    .flatMap(entry -> key(entry.getKey())
                            .flatMap(key -> BookEntry.read(entry.getValue()).map(read -> read.open(key)))
                            .stream())
                    .filter(entry -> !entry.acceptedAt().isBefore(from)
                            && entry.acceptedAt().isBefore(before))
                    .toList();
            if (!open.isEmpty()) {
                page.accept(open);
            }
            position = part;
        }
    }

    /** Redis picks them out, so that however long the book is, only these come over. */
    List<Entry> ofSubject(LegacyKeys keys, String subjectKey) {
        ScanArgs page = ScanArgs.Builder.matches(literally(subjectKey) + ":*").limit(1_000);
        Map<ItemKey, Entry> found = new HashMap<>();
        ScanCursor position = ScanCursor.INITIAL;
        while (!position.isFinished()) {
            ScanCursor from = position;
            MapScanCursor<String, byte[]> part =
                    redis.step("reading the book", commands -> commands.hscan(keys.book(), from, page));
            part.getMap().forEach((field, value) -> {
                key(field)
                        .filter(key -> key.subjectKey().equals(subjectKey))
                        .ifPresent(key -> BookEntry.read(value).ifPresent(entry -> found.put(key, entry.of(key))));
            });
            position = part;
        }
        return List.copyOf(found.values());
    }

    /** Empty for a field that is no item's key: somebody else's, and left alone. */
    static Optional<ItemKey> key(String field) {
        try {
            return Optional.of(new ItemKey(field));
        } catch (IllegalArgumentException notOurs) {
            return Optional.empty();
        }
    }

    /** A client's id may hold what means something in a pattern. */
    private static String literally(String text) {
        return text.replaceAll("[\\\\*?\\[\\]^]", "\\\\$0");
    }

    /** Through the index of ages: the registry itself would hand out every payload. */
    Set<ItemKey> registry(LegacyKeys keys) {
        Set<ItemKey> registry = new HashSet<>();
        ScanCursor position = ScanCursor.INITIAL;
        while (!position.isFinished()) {
            ScanCursor from = position;
            ScoredValueScanCursor<byte[]> page =
                    redis.step("reading the registry", commands -> commands.zscan(keys.age(), from, PAGE));
            for (ScoredValue<byte[]> entry : page.getValues()) {
                registry.add(new ItemKey(new String(entry.getValue(), UTF_8)));
            }
            position = page;
        }
        return registry;
    }
}
