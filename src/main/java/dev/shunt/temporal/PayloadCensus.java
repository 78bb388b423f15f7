package dev.shunt.temporal;

import dev.shunt.core.ItemKey;
import dev.shunt.core.ItemSizes;
import dev.shunt.core.Preflight;
import dev.shunt.core.UnavailableException;
import dev.shunt.core.WorkflowSteps;
import dev.shunt.core.Workload;
import dev.shunt.temporal.Bindings.Bound;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Holds recent items against what a Temporal server takes: 2 MB for one payload, 4 MB for one message, 1,000 bytes for an
 * id, 51,200 events and 50 MB for a history. Item by item, the claim check and hashed ids keep Shunt within the first three;
 * this says how many items need that, and which ones nothing can help. What a history can hold follows from the workflow's
 * declared steps and from what its argument will be, with this claim check.
 */
final class PayloadCensus implements Preflight {

    private static final int ITEMS = 2_000;
    private static final int PROJECTS_NAMED = 5;
    /** What a stamp adds to a message, and the digest to an id. */
    private static final int STAMP = 600;

    /** A stamp without evidence, and the claim in front of it; the stamp holds a key of up to a kilobyte. */
    private static final int REFERENCE = 2_000;

    /** Evidence adds 44 characters for each span, which has a hundred or more itself. */
    private static final int EVIDENCE_PART = 2;

    /** Where a server ends the workflow, and where it begins to warn, unless it is configured otherwise. */
    private static final long EVENTS = 51_200;

    private static final long BYTES = 50L * 1_024 * 1_024;
    private static final int WARNED_PART = 5;

    private static final String SOME_DIGEST = "0".repeat(16);

    private final TemporalSettings settings;
    private final Bindings bindings;
    private final List<ItemSizes> sources;

    PayloadCensus(TemporalSettings settings, Bindings bindings, List<ItemSizes> sources) {
        this.settings = settings;
        this.bindings = bindings;
        this.sources = List.copyOf(sources);
    }

    @Override
    public String subject() {
        return "sizes of recent items";
    }

    @Override
    public boolean beforeEachRaise() {
        return false;
    }

    @Override
    public Finding check(Workload workload) {
        var seen = new ArrayList<ItemSizes.Size>();
        var where = new ArrayList<String>();
        for (ItemSizes source : sources) {
            try {
                List<ItemSizes.Size> found = source.recent(workload, ITEMS);
                seen.addAll(found);
                where.add(found.size() + " of " + source.source());
            } catch (UnavailableException away) {
                return new Finding.Unknown(source.source() + " cannot be read: " + away.getMessage());
            }
        }
        if (seen.isEmpty()) {
            return new Finding.Unknown(
                    "no recent items to look at (" + String.join(", ", where) + "); ask again once some have come");
        }
        var bound = bindings.of(workload);
        long limit = settings.claimCheck().toBytes();
        boolean opens = bound.binding().opensClaims();
        List<ItemSizes.Size> tooLarge = having(seen, size -> !ClaimCheck.fits(bound, size.bytes() + STAMP));
        List<ItemSizes.Size> claimed = having(seen, size -> opens && size.bytes() + STAMP > limit);
        List<ItemSizes.Size> hashed = having(seen, size -> runsUnderHash(workload, size));
        List<ItemSizes.Size> started = having(seen, size -> ClaimCheck.fits(bound, size.bytes() + STAMP));
        WorkflowSteps steps = bound.binding().steps();
        long events = steps.events();
        List<ItemSizes.Size> endless =
                having(started, size -> events > EVENTS || steps.bytes(argument(bound, size)) > BYTES);
        long bytes = started.stream()
                .mapToLong(size -> steps.bytes(argument(bound, size)))
                .max()
                .orElse(0);
        long largest = seen.stream().mapToLong(ItemSizes.Size::bytes).max().orElse(0);
        String words = "looked at " + String.join(", ", where) + ": the largest has " + largest + " bytes; "
                + said(claimed, "over " + limit + " bytes, would travel as references") + "; "
                + said(hashed, "with an id over " + WorkflowIds.LONGEST + " bytes, would run under its hash")
                + "; no history would hold more than about " + events + " events of " + EVENTS + " and " + bytes
                + " bytes of " + BYTES + warned(events, bytes);
        if (!endless.isEmpty()) {
            return new Finding.Refused(
                    words + "; " + said(endless, "whose history could grow over that, and the server would end it")
                            + ". Let this workload's workflow take fewer steps, try local ones a limited number of times, or"
                            + " hand its argument on less often");
        }
        return tooLarge.isEmpty()
                ? new Finding.Pass(words)
                : new Finding.Refused(
                        words + "; " + said(tooLarge, "too large for this workload's workflow")
                                + ": they would stay on legacy at any percentage. Let its activities open claims, or make them smaller");
    }

    /** What the workflow's argument has at most. */
    private long argument(Bound bound, ItemSizes.Size size) {
        long limit = settings.claimCheck().toBytes();
        long stamped = size.bytes() + size.bytes() / EVIDENCE_PART + STAMP;
        if (!bound.binding().opensClaims()) {
            return stamped;
        }
        return size.bytes() + STAMP > limit ? REFERENCE : Math.min(stamped, limit);
    }

    private static String warned(long events, long bytes) {
        return events > EVENTS / WARNED_PART || bytes > BYTES / WARNED_PART
                ? " (the server warns from a fifth of either on)"
                : "";
    }

    /** What cannot be read has no id: it is a dead letter on either route. */
    private static boolean runsUnderHash(Workload workload, ItemSizes.Size size) {
        if (size.project().isEmpty() || size.subject().isEmpty()) {
            return false;
        }
        ItemKey key = ItemKey.of(size.project(), size.subject(), SOME_DIGEST);
        return WorkflowIds.isHashed(workload, key);
    }

    private static List<ItemSizes.Size> having(List<ItemSizes.Size> seen, Predicate<ItemSizes.Size> what) {
        return seen.stream().filter(what).toList();
    }

    private static String said(List<ItemSizes.Size> found, String what) {
        if (found.isEmpty()) {
            return "none " + what;
        }
        var byProject = new TreeMap<>(
                found.stream().collect(Collectors.groupingBy(ItemSizes.Size::project, Collectors.counting())));
        String named = byProject.entrySet().stream()
                .limit(PROJECTS_NAMED)
                .map(entry -> entry.getKey() + " " + entry.getValue())
                .collect(Collectors.joining(", "));
        String more = byProject.size() > PROJECTS_NAMED
                ? " and " + (byProject.size() - PROJECTS_NAMED) + " more projects"
                : "";
        return found.size() + " " + what + " (" + named + more + ")";
    }
}
