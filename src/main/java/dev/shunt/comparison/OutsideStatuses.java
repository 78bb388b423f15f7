package dev.shunt.comparison;

import dev.shunt.comparison.OutsideStatus.Lost;
import dev.shunt.core.DeadLetterArchive;
import dev.shunt.core.DeadLetterArchive.Filter;
import dev.shunt.core.DeadLetterArchive.Letter;
import dev.shunt.core.DeadLetterArchive.State;
import dev.shunt.core.ExternalResults;
import dev.shunt.core.ItemKey;
import dev.shunt.core.UnavailableException;
import dev.shunt.core.Workload;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells how it stands with workers outside, and warns of items that were left with one that is no longer configured. */
public final class OutsideStatuses {

    private static final Logger log = LoggerFactory.getLogger(OutsideStatuses.class);
    private static final int KEYS = 100;

    private final Set<Workload> workloads;
    private final OutsideItems items;
    private final Watches watches;
    private final DeadLetterArchive deadLetters;
    private final Map<Workload, Long> warnedOf = new HashMap<>();

    OutsideStatuses(Set<Workload> workloads, OutsideItems items, Watches watches, DeadLetterArchive deadLetters) {
        this.workloads = Set.copyOf(workloads);
        this.items = items;
        this.watches = watches;
        this.deadLetters = deadLetters;
    }

    /** Never throws because a backend is away. */
    public OutsideStatus of(Workload workload) {
        Conservation.Look look = watches.of(workload).conservation().last();
        Optional<ExternalResults> outside = items.of(workload);
        Long open = null;
        String problem = null;
        try {
            open = items.open(workload);
            problem = !items.isOutside(workload) && open > 0 ? OutsideItems.leftBehind(open) : null;
            outside.ifPresent(results -> results.present(List.of()));
        } catch (UnavailableException away) {
            problem = String.valueOf(away.getMessage());
        }
        return new OutsideStatus(
                workload.name(),
                items.isOutside(workload),
                open,
                look.notKnown().stream()
                        .sorted()
                        .limit(KEYS)
                        .map(ItemKey::value)
                        .toList(),
                lost(workload),
                orElse(problem, look.whyNotKnown()),
                outside.map(ExternalResults::notCompared).orElse(List.of()));
    }

    private @Nullable List<Lost> lost(Workload workload) {
        try {
            return deadLetters.list(new Filter(workload, State.DEAD, LostOutside.LOST, 0, KEYS)).stream()
                    .map(letter -> new Lost(letter.id(), keyOf(letter), letter.acceptedAt(), letter.bytes() > 0))
                    .toList();
        } catch (UnavailableException away) {
            return null;
        }
    }

    private static String keyOf(Letter letter) {
        ItemKey key = letter.key();
        return key == null ? "" : key.value();
    }

    private static @Nullable String orElse(@Nullable String one, @Nullable String other) {
        return one == null ? other : one;
    }

    /** Says once, and again when their number changes, that items were left behind. */
    void warn() {
        for (Workload workload : workloads) {
            try {
                long open = items.isOutside(workload) ? 0 : items.open(workload);
                long before = warnedOf.getOrDefault(workload, 0L);
                if (open > 0 && open != before) {
                    log.warn(
                            "{}: {}. Until then they are neither done nor missing",
                            workload,
                            OutsideItems.leftBehind(open));
                } else if (open == 0 && before > 0) {
                    log.info("No item of {} is left with a worker outside any more", workload);
                }
                warnedOf.put(workload, open);
            } catch (UnavailableException away) {
                log.debug("What is left with a worker outside of {} is not known", workload, away);
            }
        }
    }
}
