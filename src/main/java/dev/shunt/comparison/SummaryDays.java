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
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Whose summaries are looked at next. A day is summed as a whole, which takes the longer the more is stored: so none is
 * looked at twice within a sweep unless the look failed, of the days other than today and yesterday one is, and after a slow
 * look there is a rest, so that verifying items comes first. Today, yesterday and the other days take turns, so that none of
 * the three waits for ever, however slow. Used by one thread at a time.
 */
final class SummaryDays {

    private static final int REMEMBERED = 60;
    private static final Duration QUICK = Duration.ofSeconds(1);
    private static final int RESTS = 4;

    private final Duration sweep;
    private final TreeSet<LocalDate> known = new TreeSet<>();
    private final Set<LocalDate> changed = new HashSet<>();
    private final Map<LocalDate, Look> looked = new HashMap<>();
    private @Nullable Instant otherAt;
    private boolean newsHadTheTurn;
    private @Nullable Instant restsUntil;

    private record Look(Instant begun, boolean succeeded) {}

    /** @param sweep how often today, yesterday and one other day are looked at */
    SummaryDays(Duration sweep) {
        this.sweep = sweep;
    }

    /** These days have new items. None is forgotten before it was looked at; of the others the newest are remembered. */
    void changed(Collection<LocalDate> days) {
        known.addAll(days);
        changed.addAll(days);
        Iterator<LocalDate> oldest = known.iterator();
        while (known.size() > REMEMBERED && oldest.hasNext()) {
            if (!changed.contains(oldest.next())) {
                oldest.remove();
            }
        }
    }

    /** Whether a look was slow enough for others to come first now; a recent day that was never looked at does not wait. */
    boolean rests(LocalDate day, Instant now) {
        return restsUntil != null
                && now.isBefore(restsUntil)
                && (looked.containsKey(day) || !recent(now).contains(day));
    }

    /** The days to look at in this pass: today, yesterday and one other, as far as each is due, whose turn is oldest first. */
    List<LocalDate> due(Instant now) {
        List<LocalDate> recent = recent(now);
        looked.keySet().removeIf(day -> !recent.contains(day) && !known.contains(day));
        List<LocalDate> due = new ArrayList<>();
        for (LocalDate day : recent) {
            Look last = looked.get(day);
            if (last == null || !last.succeeded() || isDue(last.begun(), now)) {
                due.add(day);
            }
        }
        known.stream()
                .filter(day -> !recent.contains(day))
                .filter(day -> isDue(begun(day), now))
                .min(Comparator.comparing((LocalDate day) -> looked.containsKey(day))
                        .thenComparing(day -> newsHadTheTurn || !hasNew(day)) // they take turns with the rest
                        .thenComparing(day -> orNever(begun(day)))
                        .thenComparing(Comparator.reverseOrder()))
                .filter(day -> !looked.containsKey(day) || isDue(otherAt, now)) // a new one does not wait for its turn
                .ifPresent(due::add);
        due.sort(Comparator.comparing(day -> orNever(recent.contains(day) ? begun(day) : otherAt)));
        return due;
    }

    private static List<LocalDate> recent(Instant now) {
        LocalDate today = now.atZone(ZoneOffset.UTC).toLocalDate();
        return List.of(today, today.minusDays(1));
    }

    /** One that cannot be summed takes its turn with the rest. */
    private boolean hasNew(LocalDate day) {
        Look last = looked.get(day);
        return changed.contains(day) && (last == null || last.succeeded());
    }

    private @Nullable Instant begun(LocalDate day) {
        Look last = looked.get(day);
        return last == null ? null : last.begun();
    }

    private static Instant orNever(@Nullable Instant time) {
        return time == null ? Instant.MIN : time;
    }

    private boolean isDue(@Nullable Instant last, Instant now) {
        return last == null || !now.isBefore(last.plus(sweep));
    }

    /**
     * Whatever the look found.
     *
     * @param succeeded whether it came to its end
     */
    void looked(LocalDate day, Instant begun, Instant ended, boolean succeeded) {
        if (!recent(begun).contains(day)) {
            otherAt = begun;
            newsHadTheTurn = looked.containsKey(day) && hasNew(day);
        }
        looked.put(day, new Look(begun, succeeded));
        if (succeeded) {
            changed.remove(day);
        }
        Duration took = Duration.between(begun, ended);
        if (took.compareTo(QUICK) > 0) {
            restsUntil = ended.plus(took.multipliedBy(RESTS));
        }
    }

    /** Of today and yesterday, those whose last look failed, or that nobody has looked at yet. */
    List<LocalDate> unseen(Instant now) {
        return recent(now).stream()
                .filter(day -> Stream.ofNullable(looked.get(day)).noneMatch(Look::succeeded))
                .toList();
    }
}
