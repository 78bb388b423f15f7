package dev.shunt.legacy;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.shunt.core.InFlight.Entry;
import dev.shunt.core.ItemKey;
import io.lettuce.core.MapScanCursor;
import io.lettuce.core.ScanArgs;
import io.lettuce.core.ScanCursor;
import io.lettuce.core.ScoredValue;
import io.lettuce.core.ScoredValueScanCursor;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Reads book and registry page by page, so that a long backlog never stops Redis. What is there during the whole scan is
 * seen; what comes or goes meanwhile may be seen or not, which is why conservation looks twice.
 */
final class InFlightScan {

    private static final ScanArgs PAGE = ScanArgs.Builder.limit(1_000);

    private final RedisConnections redis;

    InFlightScan(RedisConnections redis) {
        this.redis = redis;
    }

    Map<ItemKey, Entry> book(LegacyKeys keys) {
        Map<ItemKey, Entry> book = new HashMap<>();
        ScanCursor position = ScanCursor.INITIAL;
        while (!position.isFinished()) {
            ScanCursor from = position;
            MapScanCursor<String, byte[]> page =
                    redis.step("reading the book", commands -> commands.hscan(keys.book(), from, PAGE));
            page.getMap().forEach((field, value) -> {
                var key = new ItemKey(field);
                book.put(key, BookEntry.parse(new String(value, UTF_8)).of(key));
            });
            position = page;
        }
        return book;
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
                var key = new ItemKey(field);
                if (key.subjectKey().equals(subjectKey)) {
                    found.put(key, BookEntry.parse(new String(value, UTF_8)).of(key));
                }
            });
            position = part;
        }
        return List.copyOf(found.values());
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
