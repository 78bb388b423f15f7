package dev.shunt.comparison;

import dev.shunt.core.ExternalResults;
import dev.shunt.core.ForwardedItems;
import dev.shunt.core.ItemKey;
import dev.shunt.core.UnavailableException;
import dev.shunt.core.Workload;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Accepted items that were handed to a worker outside and are found nowhere else: its tables say whether they are done.
 * While those cannot be read, nothing is known of them, and that is not MISSING.
 */
final class OutsideItems {

    static final OutsideItems NONE = new OutsideItems(null, Stream::empty);

    private final @Nullable ForwardedItems forwarded;
    private final Results results;

    /** @param forwarded null if nothing is ever handed over */
    OutsideItems(@Nullable ForwardedItems forwarded, Results results) {
        this.forwarded = forwarded;
        this.results = results;
    }

    /** Where results of workers outside can be read. */
    interface Results {
        Stream<ExternalResults> all();
    }

    /**
     * @param there have results that nobody settled yet
     * @param notKnown nobody can tell now
     * @param why they are not known; null if all are
     */
    record Look(
            Set<ItemKey> there,
            Set<ItemKey> notKnown,
            @Nullable String why) {

        static final Look NOTHING = new Look(Set.of(), Set.of(), null);
    }

    /** @throws UnavailableException if Redis does not answer */
    Look look(Workload workload, Set<ItemKey> nowhere) {
        if (forwarded == null || nowhere.isEmpty()) {
            return Look.NOTHING;
        }
        Set<ItemKey> handedOver = forwarded.read(workload, nowhere).stream()
                .map(item -> item.stamp().key())
                .collect(Collectors.toSet());
        if (handedOver.isEmpty()) {
            return Look.NOTHING;
        }
        Optional<ExternalResults> outside = of(workload);
        if (outside.isEmpty()) {
            return new Look(Set.of(), handedOver, leftBehind(handedOver.size()));
        }
        try {
            return new Look(
                    Set.copyOf(outside.get().present(List.copyOf(handedOver)).keySet()), Set.of(), null);
        } catch (UnavailableException away) {
            return new Look(Set.of(), handedOver, String.valueOf(away.getMessage()));
        }
    }

    /** The results outside, if the workload's legacy side is outside now. */
    Optional<ExternalResults> of(Workload workload) {
        return isOutside(workload)
                ? results.all().filter(one -> one.workload().equals(workload)).findFirst()
                : Optional.empty();
    }

    boolean isOutside(Workload workload) {
        return forwarded != null
                && forwarded.workload().filter(workload::equals).isPresent();
    }

    /** @throws UnavailableException if Redis does not answer */
    long open(Workload workload) {
        return forwarded == null ? 0 : forwarded.open(workload);
    }

    static String leftBehind(long items) {
        return items + (items == 1 ? " item was" : " items were")
                + " handed to a worker outside and nobody settles them, because shunt.legacy.consumer is internal; set it to"
                + " external again until none is open";
    }
}
