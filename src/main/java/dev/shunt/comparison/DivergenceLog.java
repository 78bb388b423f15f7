package dev.shunt.comparison;

import dev.shunt.core.Divergence;
import dev.shunt.core.Divergence.Kind;
import dev.shunt.core.Epoch;
import dev.shunt.core.ItemKey;
import dev.shunt.core.Route;
import dev.shunt.core.Workload;
import dev.shunt.store.Divergences;
import dev.shunt.store.Divergences.Filter;
import dev.shunt.store.Divergences.Recorded;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The divergences that were found, for people and gates. */
public final class DivergenceLog {

    private final Divergences divergences;

    DivergenceLog(Divergences divergences) {
        this.divergences = divergences;
    }

    /**
     * One disagreement.
     *
     * @param id grows in the order of first sight
     * @param expected null if only its digest is known or nothing must be there
     * @param actual null if nothing is there
     * @param seen how often it was found
     */
    public record Entry(
            long id,
            String workload,
            Kind kind,
            String path,
            @Nullable String expected,
            @Nullable String actual,
            @Nullable String item,
            @Nullable Route route,
            @Nullable Long epoch,
            Instant firstSeen,
            Instant lastSeen,
            long seen) {}

    /**
     * Divergences of one kind at one place of the data.
     *
     * @param path without ids
     * @param count distinct ones
     * @param seen how often they were found in all
     * @param examples the first three
     */
    public record Group(
            Kind kind, String path, long count, long seen, Instant firstSeen, Instant lastSeen, List<Entry> examples) {}

    /**
     * In the order they were first found. Null leaves a field open.
     *
     * @param path a whole path or a pattern such as {@code spans[].total_cost}
     * @param item an item key
     * @param after the id of the last entry already seen; 0 to begin
     * @param limit 1..1000
     */
    public List<Entry> list(
            @Nullable Workload workload,
            @Nullable Kind kind,
            @Nullable String path,
            @Nullable String item,
            long after,
            int limit) {
        return divergences.list(new Filter(workload, kind, path, item, after, limit)).stream()
                .map(DivergenceLog::entry)
                .toList();
    }

    /** The largest first. */
    public List<Group> groups(Workload workload) {
        return divergences.groups(workload).stream()
                .map(group -> new Group(
                        group.kind(),
                        group.pathPattern(),
                        group.count(),
                        group.seen(),
                        group.firstSeen(),
                        group.lastSeen(),
                        group.examples().stream().map(DivergenceLog::entry).toList()))
                .toList();
    }

    private static Entry entry(Recorded recorded) {
        Divergence found = recorded.divergence();
        ItemKey key = found.key();
        Epoch epoch = found.epoch();
        return new Entry(
                recorded.id(),
                recorded.workload().name(),
                found.kind(),
                found.path(),
                found.expected(),
                found.actual(),
                key == null ? null : key.value(),
                found.route(),
                epoch == null ? null : epoch.value(),
                recorded.firstSeen(),
                recorded.lastSeen(),
                recorded.seen());
    }
}
