package dev.shunt.core;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A stored result in a form in which equal results are equal, whatever wrote them: a tree without generated ids, server
 * times, order of keys and scale of numbers. What must not be compared is left out by whoever makes it.
 */
public sealed interface Canonical {

    /** A null. */
    record Nothing() implements Canonical {}

    /** A text, or a time in UTC to the microsecond. */
    record Text(String value) implements Canonical {}

    /** A number by its exact value: 0.10 equals 0.100000. */
    record Amount(BigDecimal value) implements Canonical {
        public Amount {
            value = value.stripTrailingZeros();
        }
    }

    /** A truth value. */
    record Truth(boolean value) implements Canonical {}

    /** Named fields. */
    record Members(SortedMap<String, Canonical> byName) implements Canonical {
        public Members {
            byName = Collections.unmodifiableSortedMap(new TreeMap<>(byName));
        }
    }

    /** Elements that have an identity, in no order; an element's path is its id in brackets. */
    record Elements(SortedMap<String, Canonical> byId) implements Canonical {
        public Elements {
            byId = Collections.unmodifiableSortedMap(new TreeMap<>(byId));
        }
    }

    /** Elements whose order counts. */
    record Sequence(List<Canonical> inOrder) implements Canonical {
        public Sequence {
            inOrder = List.copyOf(inOrder);
        }
    }

    Canonical NOTHING = new Nothing();

    static Canonical text(@Nullable String value) {
        return value == null ? NOTHING : new Text(value);
    }

    static Canonical amount(@Nullable BigDecimal value) {
        return value == null ? NOTHING : new Amount(value);
    }

    static Canonical count(@Nullable Long value) {
        return value == null ? NOTHING : new Amount(BigDecimal.valueOf(value));
    }

    /** To the microsecond, which is what the store keeps. */
    static Canonical time(@Nullable Instant value) {
        return value == null
                ? NOTHING
                : new Text(value.truncatedTo(ChronoUnit.MICROS).toString());
    }

    static Canonical members(Map<String, Canonical> byName) {
        return new Members(new TreeMap<>(byName));
    }

    static Canonical elements(Map<String, Canonical> byId) {
        return new Elements(new TreeMap<>(byId));
    }
}
