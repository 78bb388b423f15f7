package dev.shunt.comparison.gates;

import java.util.ArrayList;
import java.util.List;

/**
 * Evidence that keys do not fall on the routes as the percentage says, in either direction: the Bayes factor of a
 * Dirichlet prior against the fixed shares, as in M. Lindon and A. Malek, "Anytime-valid inference for multinomial count
 * data" (2022), mixed with likelihood ratios of some odds. One factor for each percentage, each with its own prior; they
 * are mixed over the one with which the trouble began.
 */
final class SplitEvidence {

    /** Pseudo-observations of the prior; 2 at one half is the uniform one. */
    private static final double PRIOR = 2;

    private static final double[] RATIOS = {1.1, 1.25, 1.5, 2};
    private static final double LOG_HALF = StrictMath.log(0.5);

    /** The weight of the first percentage; the others share the rest. */
    private static final double FIRST = 0.9;

    private final List<long[]> blocks = new ArrayList<>();

    static SplitEvidence of(List<List<Double>> cells) {
        var evidence = new SplitEvidence();
        cells.forEach(cell -> evidence.blocks.add(new long[] {
            cell.get(0).longValue(), cell.get(1).longValue(), cell.get(2).longValue()
        }));
        return evidence;
    }

    /** For each percentage in turn: basis points, keys on Temporal, keys on legacy. */
    List<List<Double>> cells() {
        return blocks.stream()
                .map(block -> List.of((double) block[0], (double) block[1], (double) block[2]))
                .toList();
    }

    /** @param basisPoints 1..9999; with none or all on Temporal a key says nothing */
    void add(int basisPoints, boolean temporal) {
        if (basisPoints <= 0 || basisPoints >= 10_000) {
            return;
        }
        for (long[] block : blocks) {
            if (block[0] == basisPoints) {
                block[temporal ? 1 : 2]++;
                return;
            }
        }
        blocks.add(new long[] {basisPoints, temporal ? 1 : 0, temporal ? 0 : 1});
    }

    double log() {
        double sum = Double.NEGATIVE_INFINITY;
        double left = 1;
        for (long[] block : blocks) {
            double weight = left * FIRST;
            left -= weight;
            sum = Logs.sum(sum, StrictMath.log(weight)) + factor(block[0] / 10_000.0, block[1], block[2]);
        }
        return Logs.sum(sum, StrictMath.log(left));
    }

    /** Half the Dirichlet prior, which finds large shifts of any size; half the likely small ones, either way. */
    private static double factor(double chance, long hits, long misses) {
        double mixed = LOG_HALF + factor(chance, PRIOR * chance, PRIOR * (1 - chance), hits, misses);
        for (double ratio : RATIOS) {
            double weight = LOG_HALF - StrictMath.log(RATIOS.length * 2.0);
            mixed = Logs.sum(mixed, weight + Evidence.likelihoodRatio(ratio, chance, hits, misses));
            mixed = Logs.sum(mixed, weight + Evidence.likelihoodRatio(1 / ratio, chance, hits, misses));
        }
        return mixed;
    }

    /** ln of the Bayes factor of Beta(a, b) against a fixed chance. */
    static double factor(double chance, double a, double b, long hits, long misses) {
        return LogGamma.beta(a + hits, b + misses)
                - LogGamma.beta(a, b)
                - hits * StrictMath.log(chance)
                - misses * StrictMath.log(1 - chance);
    }
}
