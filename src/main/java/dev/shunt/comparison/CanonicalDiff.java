package dev.shunt.comparison;

import dev.shunt.core.Canonical;
import dev.shunt.core.Divergence.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Compares two canonical results field by field. What one side lacks is MISSING or EXTRA as a whole and is not looked
 * into; null against a value is a VALUE, another type is a TYPE, the same elements of a sequence in another order are one
 * ORDER.
 */
public final class CanonicalDiff {

    /** Two results that have nothing in common need not be told in full. */
    static final int MOST = 200;

    private final List<Difference> found = new ArrayList<>();

    /**
     * One disagreement.
     *
     * @param kind MISSING, EXTRA, VALUE, TYPE or ORDER
     * @param path members by name, elements by id in brackets, elements of a sequence by place in brackets: {@code
     *     spans[839f2bf5].input.messages[2].role}; at most 300 characters
     * @param expected at most 500 characters; null if there is nothing, or a null
     * @param actual at most 500 characters; null if there is nothing, or a null
     */
    public record Difference(
            Kind kind,
            String path,
            @Nullable String expected,
            @Nullable String actual) {}

    private CanonicalDiff() {}

    /** @return at most 200; empty if both are equal */
    public static List<Difference> of(Canonical expected, Canonical actual) {
        var diff = new CanonicalDiff();
        diff.compare(CanonicalPath.ROOT, expected, actual);
        return List.copyOf(diff.found);
    }

    private void compare(CanonicalPath path, Canonical expected, Canonical actual) {
        if (expected.equals(actual)) {
            return;
        }
        if (expected instanceof Canonical.Nothing || actual instanceof Canonical.Nothing) {
            differ(Kind.VALUE, path, expected, actual);
        } else if (expected.getClass() != actual.getClass()) {
            differ(Kind.TYPE, path, expected, actual);
        } else if (expected instanceof Canonical.Members members) {
            named(path, members.byName(), ((Canonical.Members) actual).byName(), true);
        } else if (expected instanceof Canonical.Elements elements) {
            named(path, elements.byId(), ((Canonical.Elements) actual).byId(), false);
        } else if (expected instanceof Canonical.Sequence sequence) {
            sequences(path, sequence.inOrder(), ((Canonical.Sequence) actual).inOrder());
        } else {
            differ(Kind.VALUE, path, expected, actual);
        }
    }

    private void named(
            CanonicalPath path,
            SortedMap<String, Canonical> expected,
            SortedMap<String, Canonical> actual,
            boolean members) {
        var names = new TreeSet<>(expected.keySet());
        names.addAll(actual.keySet());
        for (String name : names) {
            CanonicalPath at = members ? path.member(name) : path.element(name);
            Canonical one = expected.get(name);
            Canonical other = actual.get(name);
            if (one == null || other == null) {
                differ(one == null ? Kind.EXTRA : Kind.MISSING, at, one, other);
            } else {
                compare(at, one, other);
            }
        }
    }

    /** What both have at the beginning and at the end is set aside, so that one element too few is one difference. */
    private void sequences(CanonicalPath path, List<Canonical> expected, List<Canonical> actual) {
        if (counted(expected).equals(counted(actual))) {
            differ(Kind.ORDER, path, new Canonical.Sequence(expected), new Canonical.Sequence(actual));
            return;
        }
        int shorter = Math.min(expected.size(), actual.size());
        int from = 0;
        while (from < shorter && expected.get(from).equals(actual.get(from))) {
            from++;
        }
        int tail = 0;
        while (tail < shorter - from
                && expected.get(expected.size() - 1 - tail).equals(actual.get(actual.size() - 1 - tail))) {
            tail++;
        }
        int until = Math.max(expected.size(), actual.size()) - tail;
        for (int i = from; i < until; i++) {
            Canonical one = i < expected.size() - tail ? expected.get(i) : null;
            Canonical other = i < actual.size() - tail ? actual.get(i) : null;
            if (one == null || other == null) {
                differ(one == null ? Kind.EXTRA : Kind.MISSING, path.place(i), one, other);
            } else {
                compare(path.place(i), one, other);
            }
        }
    }

    private static Map<Canonical, Integer> counted(List<Canonical> elements) {
        Map<Canonical, Integer> counts = new HashMap<>();
        elements.forEach(element -> counts.merge(element, 1, Integer::sum));
        return counts;
    }

    private void differ(Kind kind, CanonicalPath path, @Nullable Canonical expected, @Nullable Canonical actual) {
        if (found.size() < MOST) {
            found.add(new Difference(kind, path.text(), CanonicalText.of(expected), CanonicalText.of(actual)));
        }
    }
}
