package dev.shunt.comparison.gates;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which items whoever kept the evidence had counted last. Of the items that were stored or died from {@code since} until
 * the cursor, these and no others; before it, all. So who takes over counts none twice, and none is left out whose
 * transaction showed after it was looked for.
 *
 * @param since in the database's time, not after the cursor
 * @param items by the hash of their key
 */
record Recall(Instant since, Set<Long> items) {

    /** Bounds what is kept each minute: about 100 KB. */
    private static final int MOST = 10_000;

    Recall {
        items = Set.copyOf(items);
    }

    /**
     * @param known when each item was stored, or a time after it died
     * @param back how far before the cursor a look goes back
     */
    static Recall of(Map<Long, Instant> known, Instant cursor, Duration back) {
        Instant earliest = cursor.minus(back);
        List<Instant> times = known.values().stream()
                .filter(at -> !at.isBefore(earliest))
                .sorted((one, other) -> other.compareTo(one))
                .toList();
        Instant since = times.size() <= MOST ? earliest : times.get(MOST).plus(1, ChronoUnit.MICROS);
        Set<Long> items = new HashSet<>();
        known.forEach((item, at) -> {
            if (!at.isBefore(since)) {
                items.add(item);
            }
        });
        return new Recall(since, items);
    }

    /** @param cursor what applies without a word in the evidence: everything before it was counted */
    static Recall of(Facts kept, Instant cursor) {
        Set<Long> items = new HashSet<>();
        for (long item : LongText.read(kept.text("items", ""))) {
            items.add(item);
        }
        return new Recall(Instant.parse(kept.text("since", cursor.toString())), items);
    }

    Map<String, Object> values() {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("since", since.toString());
        values.put("items", LongText.of(items));
        return values;
    }
}
