package dev.shunt.comparison;

import dev.shunt.core.Canonical;
import dev.shunt.core.Divergence;
import dev.shunt.core.Divergence.FoundBy;
import dev.shunt.core.Divergence.Kind;
import dev.shunt.core.Stamp;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Says in divergences how the two results of an item differ: expected is the primary, actual the shadow. */
final class PairJudge {

    private static final int SHOWN = 500;

    private PairJudge() {}

    static List<Divergence> compare(SampledItem item, Canonical primary, Canonical shadow) {
        return CanonicalDiff.of(primary, shadow).stream()
                .map(each -> divergence(item, each.kind(), each.path(), each.expected(), each.actual()))
                .toList();
    }

    /** The primary stored it, the shadow says that it never can be stored. */
    static Divergence errorOneSide(SampledItem item, String reason) {
        return divergence(item, Kind.ERROR_ONE_SIDE, "outcome", "stored", CanonicalText.cut(reason, SHOWN));
    }

    /** The primary buried it, the shadow stores it. */
    static Divergence buriedOneSide(SampledItem item, String reason) {
        return divergence(
                item, Kind.ERROR_ONE_SIDE, "outcome", CanonicalText.cut("dead letter: " + reason, SHOWN), "stored");
    }

    private static Divergence divergence(
            SampledItem item, Kind kind, String path, @Nullable String expected, @Nullable String actual) {
        Stamp stamp = item.delivery().stamp();
        return new Divergence(
                FoundBy.SHADOW,
                kind,
                path,
                expected,
                actual,
                stamp.key(),
                item.shadow(),
                stamp.decision().epoch(),
                item.delivery().route(),
                stamp.decision().epoch());
    }
}
