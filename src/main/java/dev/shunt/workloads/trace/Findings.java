package dev.shunt.workloads.trace;

import dev.shunt.core.Divergence;
import dev.shunt.core.Divergence.Kind;
import dev.shunt.core.ItemKey;
import dev.shunt.core.ResultAudit.Accepted;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Collects the divergences of one item. */
final class Findings {

    private final Accepted item;
    private final List<Divergence> found = new ArrayList<>();

    Findings(Accepted item) {
        this.item = item;
    }

    void missing(String path, String expected) {
        add(Kind.MISSING, path, expected, null);
    }

    /** A field whose expected value is known. */
    void compare(String path, @Nullable Object expected, @Nullable Object actual) {
        if (!Objects.equals(expected, actual)) {
            add(Kind.VALUE, path, text(expected), text(actual));
        }
    }

    /** An amount: 0.10 and 0.1 are equal. */
    void compareAmount(String path, @Nullable BigDecimal expected, @Nullable BigDecimal actual) {
        boolean equal = (expected == null || actual == null)
                ? (expected == null && actual == null)
                : expected.compareTo(actual) == 0;
        if (!equal) {
            add(Kind.VALUE, path, plain(expected), plain(actual));
        }
    }

    void add(Kind kind, String path, @Nullable String expected, @Nullable String actual) {
        found.add(Divergence.ofInput(
                kind,
                path,
                expected,
                actual,
                item.key(),
                item.executed(),
                item.decision().epoch()));
    }

    List<Divergence> found() {
        return found;
    }

    /** The item that a stored row names; null where what stands there is no item's key. */
    static @Nullable ItemKey key(@Nullable String stored) {
        try {
            return stored == null ? null : new ItemKey(stored);
        } catch (IllegalArgumentException foreign) { // somebody else's row
            return null;
        }
    }

    /** To the last digit, without an exponent and without trailing zeros. */
    static @Nullable String plain(@Nullable BigDecimal amount) {
        return amount == null
                ? null
                : amount.signum() == 0 ? "0" : amount.stripTrailingZeros().toPlainString();
    }

    private static @Nullable String text(@Nullable Object value) {
        return value == null ? null : value.toString();
    }
}
