package dev.shunt.comparison;

import dev.shunt.core.Divergence;
import dev.shunt.core.Divergence.FoundBy;
import dev.shunt.core.Divergence.Kind;
import dev.shunt.core.Epoch;
import dev.shunt.core.GroupState;
import dev.shunt.core.ItemKey;
import dev.shunt.core.Route;
import dev.shunt.core.Workload;
import dev.shunt.store.Divergences;
import dev.shunt.store.Divergences.Filter;
import dev.shunt.store.Divergences.Recorded;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The divergences that were found, one by one, for people and gates. */
public final class DivergenceLog {

    private final Divergences divergences;

    DivergenceLog(Divergences divergences) {
        this.divergences = divergences;
    }

    /**
     * One disagreement.
     *
     * @param id grows in the order of first sight
     * @param foundBy the mechanism that found it first
     * @param expected null if only its digest is known or nothing must be there
     * @param actual null if nothing is there
     * @param route what produced the actual value, if known
     * @param expectedRoute what produced the expected value; null if it comes from the input
     * @param seen how often it was found
     * @param state what people said of its group
     * @param hiddenBy the ignore rule that hides it; null if none does
     */
    public record Entry(
            long id,
            String workload,
            FoundBy foundBy,
            Kind kind,
            String path,
            @Nullable String expected,
            @Nullable String actual,
            @Nullable String item,
            @Nullable Route route,
            @Nullable Long epoch,
            @Nullable Route expectedRoute,
            @Nullable Long expectedEpoch,
            Instant firstSeen,
            Instant lastSeen,
            long seen,
            GroupState state,
            @Nullable Long hiddenBy) {}

    /** Whether to list what ignore rules hide. */
    public enum Hidden {
        LEFT_OUT,
        ONLY,
        INCLUDED
    }

    /**
     * Which to list. Null leaves a field open.
     *
     * @param path a whole path or a pattern such as {@code spans[].total_cost}
     * @param item an item key
     * @param state of the group
     * @param from seen last at this time or later
     * @param until seen first before this time
     * @param after the id of the last entry already seen; 0 to begin
     * @param limit 1..1000
     */
    public record Query(
            @Nullable Workload workload,
            @Nullable Kind kind,
            @Nullable String path,
            @Nullable String item,
            @Nullable FoundBy foundBy,
            @Nullable GroupState state,
            @Nullable Instant from,
            @Nullable Instant until,
            Hidden hidden,
            long after,
            int limit) {}

    /** In the order they were first found. */
    public List<Entry> list(Query query) {
        var filter = new Filter(
                query.workload(),
                query.kind(),
                query.path(),
                query.item(),
                query.foundBy(),
                query.state(),
                query.from(),
                query.until(),
                Divergences.Hidden.valueOf(query.hidden().name()),
                query.after(),
                query.limit());
        return divergences.list(filter).stream().map(DivergenceLog::entry).toList();
    }

    public Optional<Entry> find(long id) {
        return divergences.find(id).map(DivergenceLog::entry);
    }

    static Entry entry(Recorded recorded) {
        Divergence found = recorded.divergence();
        ItemKey key = found.key();
        return new Entry(
                recorded.id(),
                recorded.workload().name(),
                found.foundBy(),
                found.kind(),
                found.path(),
                found.expected(),
                found.actual(),
                key == null ? null : key.value(),
                found.route(),
                value(found.epoch()),
                found.expectedRoute(),
                value(found.expectedEpoch()),
                recorded.firstSeen(),
                recorded.lastSeen(),
                recorded.seen(),
                recorded.state(),
                recorded.hiddenBy());
    }

    private static @Nullable Long value(@Nullable Epoch epoch) {
        return epoch == null ? null : epoch.value();
    }
}
