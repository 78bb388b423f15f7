package dev.shunt.temporal;

import dev.shunt.core.ItemSizes;
import dev.shunt.core.Preflight;
import dev.shunt.core.UnavailableException;
import dev.shunt.core.Workload;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Holds recent items against what a Temporal server takes: 2 MB for one payload, 4 MB for one message, 1,000 bytes for an
 * id, 51,200 events and 50 MB for a history. Item by item, the claim check and hashed ids keep Shunt within all of them;
 * this says how many items need that, and which ones nothing can help.
 */
final class PayloadCensus implements Preflight {

    private static final int ITEMS = 2_000;
    private static final int PROJECTS_NAMED = 5;
    /** What a stamp adds to a message, and the digest to an id. */
    private static final int STAMP = 600;

    private static final int DIGEST = 18;

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
        List<ItemSizes.Size> hashed = having(seen, size -> idBytes(workload, size) > WorkflowIds.LONGEST);
        long largest = seen.stream().mapToLong(ItemSizes.Size::bytes).max().orElse(0);
        String words = "looked at " + String.join(", ", where) + ": the largest has " + largest + " bytes; "
                + said(claimed, "over " + limit + " bytes, would travel as references") + "; "
                + said(hashed, "with an id over " + WorkflowIds.LONGEST + " bytes, would run under its hash");
        return tooLarge.isEmpty()
                ? new Finding.Pass(words)
                : new Finding.Refused(
                        words + "; " + said(tooLarge, "too large for this workload's workflow")
                                + ": they would stay on legacy at any percentage. Let its activities open claims, or make them smaller");
    }

    private static int idBytes(Workload workload, ItemSizes.Size size) {
        return workload.name().length()
                + (size.project() + size.subject()).getBytes(StandardCharsets.UTF_8).length
                + 2
                + DIGEST;
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
