package dev.shunt.comparison;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Whose summaries are looked at next. A day is summed as a whole, which takes the longer the more is stored: so none is
 * looked at twice within a sweep, of the days before yesterday one is, and after a slow look there is a rest, so that
 * verifying items comes first. Used by one thread at a time.
 */
final class SummaryDays {

    private static final int REMEMBERED = 60;
    private static final Duration QUICK = Duration.ofSeconds(1);
    private static final int RESTS = 4;

    private final Duration sweep;
    private final TreeSet<LocalDate> known = new TreeSet<>();
    private final Set<LocalDate> changed = new HashSet<>();
    private final Map<LocalDate, Instant> looked = new HashMap<>();
    private @Nullable Instant olderAt;
    private @Nullable Instant restsUntil;

    /** @param sweep how often today, yesterday and one older day are looked at */
    SummaryDays(Duration sweep) {
        this.sweep = sweep;
    }

    /** These days have new items. */
    void changed(Collection<LocalDate> days) {
        known.addAll(days);
        changed.addAll(days);
        while (known.size() > REMEMBERED) {
            changed.remove(known.removeFirst());
        }
    }

    /** Whether a look was slow enough for others to come first now. */
    boolean rests(Instant now) {
        return restsUntil != null && now.isBefore(restsUntil);
    }

    /** The days to look at in this pass: today, yesterday and one older one, as far as each is due. */
    List<LocalDate> due(Instant now) {
        LocalDate today = now.atZone(ZoneOffset.UTC).toLocalDate();
        LocalDate yesterday = today.minusDays(1);
        looked.keySet().removeIf(day -> day.isBefore(yesterday) && !known.contains(day));
        List<LocalDate> due = new ArrayList<>();
        for (LocalDate recent : List.of(today, yesterday)) {
            if (isDue(looked.get(recent), now)) {
                due.add(recent);
            }
        }
        known.stream()
                .filter(day -> !day.equals(today) && !day.equals(yesterday))
                .filter(day -> isDue(looked.get(day), now))
                .min(Comparator.comparing((LocalDate day) -> looked.containsKey(day))
                        .thenComparing(day -> !changed.contains(day))
                        .thenComparing(day -> looked.getOrDefault(day, Instant.MIN))
                        .thenComparing(Comparator.reverseOrder()))
                .filter(day -> !looked.containsKey(day) || isDue(olderAt, now)) // a new one does not wait for its turn
                .ifPresent(due::add);
        return due;
    }

    private boolean isDue(@Nullable Instant last, Instant now) {
        return last == null || !now.isBefore(last.plus(sweep));
    }

    /** Whatever the look found, or that it failed. */
    void looked(LocalDate day, Instant begun, Instant ended) {
        looked.put(day, begun);
        changed.remove(day);
        if (day.isBefore(begun.atZone(ZoneOffset.UTC).toLocalDate().minusDays(1))) {
            olderAt = begun;
        }
        Duration took = Duration.between(begun, ended);
        if (took.compareTo(QUICK) > 0) {
            restsUntil = ended.plus(took.multipliedBy(RESTS));
        }
    }
}
