package dev.shunt.comparison.gates;

import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What must not be said twice: keys that spoke already, what was said of items that are open, and up to which acceptance
 * keys were counted for the split. It outlives an instance as part of the evidence.
 */
final class Spoken {

    /** More keys than this of one kind are not kept. Only traces can be so many, and a trace seldom has two items. */
    static final int MOST_KEPT = 10_000;

    /** More keys than this, or five times as many, are not remembered, for the same reason; the evidence goes on. */
    static final int MOST_KEYS = 200_000;

    /** Beside what was said of an open item: it was seen by who kept the evidence, and not yet since. */
    private static final int BEFORE = 1 << 8;

    final Keys errors = new Keys(MOST_KEYS);
    final Keys tail = new Keys(MOST_KEYS);
    final Keys bulk = new Keys(5 * MOST_KEYS);
    final Keys split = new Keys(5 * MOST_KEYS);
    private final Map<Long, Integer> open = new HashMap<>();
    private Instant splitUntil;

    /** @param kept what {@link #values()} gave; empty: nothing was said */
    Spoken(Facts kept) {
        errors.addAll(kept.text("errorKeys", ""));
        tail.addAll(kept.text("tailKeys", ""));
        bulk.addAll(kept.text("bulkKeys", ""));
        split.addAll(kept.text("splitKeys", ""));
        GateJson.map(kept.values().get("open")).forEach((said, items) -> {
            for (long item : LongText.read(items.toString())) {
                open.put(item, Integer.parseInt(said) | BEFORE);
            }
        });
        splitUntil = Instant.parse(kept.text("splitUntil", kept.text("cursor", Instant.EPOCH.toString())));
    }

    Map<String, Object> values() {
        Map<String, Object> values = new LinkedHashMap<>();
        Map.of("errorKeys", errors, "tailKeys", tail, "bulkKeys", bulk, "splitKeys", split)
                .forEach((name, keys) -> {
                    if (keys.size() <= MOST_KEPT) {
                        values.put(name, LongText.of(keys.values()));
                    }
                });
        Map<String, Set<Long>> items = new TreeMap<>();
        open.forEach((item, said) -> items.computeIfAbsent(Integer.toString(said & ~BEFORE), unseen -> new TreeSet<>())
                .add(item));
        Map<String, Object> texts = new LinkedHashMap<>();
        items.forEach((said, each) -> texts.put(said, LongText.of(each)));
        values.put("open", texts);
        values.put("splitUntil", splitUntil.toString());
        return values;
    }

    boolean isOpen(long item) {
        return open.containsKey(item);
    }

    /** Whether who kept the evidence had it open, and had not counted its key for the split. Answers so once. */
    boolean waits(long item, Instant acceptedAt) {
        int said = open.getOrDefault(item, 0);
        if ((said & BEFORE) == 0) {
            return false;
        }
        open.put(item, said & ~BEFORE);
        return !acceptedAt.isBefore(splitUntil);
    }

    int said(long item) {
        return open.getOrDefault(item, 0) & ~BEFORE;
    }

    void say(long item, int said) {
        open.put(item, said);
    }

    void close(long item) {
        open.remove(item);
    }

    /** Keys of items accepted before this were counted for the split as soon as the items were seen. */
    Instant splitUntil() {
        return splitUntil;
    }

    void splitUntil(Instant complete) {
        splitUntil = complete.isAfter(splitUntil) ? complete : splitUntil;
    }
}
