package dev.shunt.comparison;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What may be said of a window in one sentence. Never yes without evidence: whatever keeps the comparator from knowing
 * makes it INCONCLUSIVE, and no difference at all is said as the share that can differ all the same.
 *
 * @param sentence for the first line of a report, without a full stop at the end of a bound that needs none
 * @param basis what the bound is made of; empty if there is none
 * @param upperBound the share that can differ, 0..1, with 95 % confidence; null if nothing may be said
 * @param because why it cannot be said, or what is wrong; empty if all is well
 */
public record Judgement(
        Word word, String sentence, String basis, @Nullable Double upperBound, List<String> because) {

    /** The verdict in one word, the worst first. */
    public enum Word {
        /** Accepted items are nowhere. */
        LOST,
        /** Something differs. */
        DIVERGING,
        /** Nothing differs as far as was seen, and not all could be seen. */
        INCONCLUSIVE,
        /** Nothing was accepted. */
        NO_DATA,
        /** Nothing differs. */
        MATCHING
    }

    /** With a greater share of pairs without a result nothing is said: what they have in common may be the difference. */
    private static final double MOST_WITHOUT_RESULT = 0.01;

    public Judgement {
        because = List.copyOf(because);
    }

    /**
     * What it is made from.
     *
     * @param accepted items of the window
     * @param missing accepted items that are nowhere
     * @param openGroups groups of divergences that nobody has accepted, the largest first, as {@code kind at path}
     * @param acceptedGroups groups that people know and live with
     * @param pairs shadow pairs compared
     * @param differingPairs those of them that differ
     * @param verified items of the Temporal route that were verified against their input
     * @param blind why not everything could be seen; empty if it could
     * @param pairsWithoutResult shadow pairs besides those compared whose second run was late or failed: they may differ
     */
    public record Evidence(
            long accepted,
            long missing,
            List<String> openGroups,
            int acceptedGroups,
            long pairs,
            long differingPairs,
            long verified,
            List<String> blind,
            long pairsWithoutResult) {

        /** Every sampled pair has a result. */
        public Evidence(
                long accepted,
                long missing,
                List<String> openGroups,
                int acceptedGroups,
                long pairs,
                long differingPairs,
                long verified,
                List<String> blind) {
            this(accepted, missing, openGroups, acceptedGroups, pairs, differingPairs, verified, blind, 0);
        }

        public Evidence {
            openGroups = List.copyOf(openGroups);
            blind = List.copyOf(blind);
        }
    }

    public static Judgement of(Evidence evidence) {
        if (evidence.missing() > 0) {
            return new Judgement(
                    Word.LOST,
                    "Not matching: " + count(evidence.missing(), "accepted item") + " can be found nowhere.",
                    "",
                    null,
                    evidence.openGroups());
        }
        if (!evidence.openGroups().isEmpty()) {
            return new Judgement(
                    Word.DIVERGING,
                    "Diverging: " + count(evidence.openGroups().size(), "kind") + " of disagreement, the largest "
                            + evidence.openGroups().getFirst() + ".",
                    "",
                    null,
                    evidence.openGroups());
        }
        if (evidence.accepted() == 0 && evidence.pairs() == 0) {
            return new Judgement(Word.NO_DATA, "No data: nothing was accepted in this time.", "", null, List.of());
        }
        List<String> blind = new ArrayList<>(evidence.blind());
        long without = evidence.pairsWithoutResult();
        if (without > MOST_WITHOUT_RESULT * (evidence.pairs() + without)) {
            blind.add(count(without, "shadow pair") + " of "
                    + String.format(Locale.ROOT, "%,d", evidence.pairs() + without)
                    + " were late or failed, and whether those differ is not known: with them at most "
                    + percent(Equality.upperBound(evidence.differingPairs() + without, evidence.pairs() + without))
                    + " can");
        }
        if (evidence.pairs() == 0 && evidence.verified() == 0) {
            blind.add("nothing was compared: no shadow pair, and no verified item of the Temporal route");
        }
        if (!blind.isEmpty()) {
            return new Judgement(
                    Word.INCONCLUSIVE,
                    "Inconclusive: no difference was seen, but " + blind.getFirst() + ".",
                    "",
                    null,
                    blind);
        }
        boolean byPairs = evidence.pairs() > 0;
        long compared = byPairs ? evidence.pairs() : evidence.verified();
        long differing = byPairs ? evidence.differingPairs() : 0;
        double bound = Equality.upperBound(differing + without, compared + without);
        String known = evidence.acceptedGroups() == 0
                ? ""
                : ", besides " + count(evidence.acceptedGroups(), "accepted kind") + " of disagreement";
        String late =
                without == 0 ? "" : ", counting " + count(without, "shadow pair") + " late or failed as differing";
        return new Judgement(
                Word.MATCHING,
                "Matching: at most " + percent(bound) + " can differ (95 %)" + late + known + ".",
                differing + " of " + String.format(Locale.ROOT, "%,d", compared)
                        + (byPairs ? " shadow pairs differ" : " items of the Temporal route differ from their input")
                        + (without == 0 ? "" : "; " + count(without, "more pair") + " late or failed"),
                bound,
                List.of());
    }

    /** Rounded up to a tenth of a percent: what is said is never better than what is known. */
    public static String percent(double share) {
        BigDecimal tenths = new BigDecimal(share).movePointRight(2).setScale(1, RoundingMode.CEILING);
        return tenths.min(BigDecimal.valueOf(100)).stripTrailingZeros().toPlainString() + " %";
    }

    private static String count(long number, String noun) {
        return String.format(Locale.ROOT, "%,d ", number) + noun + (number == 1 ? "" : "s");
    }
}
