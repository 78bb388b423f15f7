package dev.shunt.comparison.gates;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Evidence that hits are more frequent than they should be, as an e-value: a number whose expectation is at most 1 as long
 * as they are not, however often it is looked at, so that it ever reaches 1/a with a chance of at most a (J. Ville, 1939).
 *
 * <p>Each trial was a hit with a known chance if nothing is wrong: for an event of two cohorts the share that was routed to
 * Temporal when its item was decided, for a limit the limit itself. It contributes the likelihood of what it was under
 * raised odds, over its likelihood under that chance. Odds ratios above 1 only are mixed, by fixed weights: so only a worse
 * Temporal makes it grow. Trials are kept in blocks, and it is mixed too over the block in which the trouble began: what
 * was good for weeks does not speak against what is bad since an hour. Derivation: docs/statistics.md.
 */
final class Evidence {

    /** How much the odds of a hit are raised, and how likely each was thought to be. The last stands for: hits only. */
    private static final double[] RATIOS = {1.1, 1.2, 1.35, 1.6, 2, 2.7, 4, 6, 10, 25, Double.POSITIVE_INFINITY};

    private static final double[] LOG_WEIGHTS = logs(0.01, 0.04, 0.10, 0.09, 0.09, 0.16, 0.26, 0.08, 0.04, 0.03, 0.10);

    /** The weight of the first block; the others share the rest. */
    private static final double FIRST = 0.9;

    private static final int SMALLEST_BLOCK = 100;

    private final List<SortedMap<Double, long[]>> blocks = new ArrayList<>();
    private long total;
    private long inBlock;

    /** Nothing seen. */
    Evidence() {
        blocks.add(new TreeMap<>());
    }

    /** As it was when it was written by {@link #cells()}. */
    static Evidence of(List<List<List<Double>>> cells) {
        var evidence = new Evidence();
        for (int i = 0; i < cells.size(); i++) {
            if (i > 0) {
                evidence.open();
            }
            for (List<Double> cell : cells.get(i)) {
                evidence.add(cell.get(0), cell.get(1).longValue(), cell.get(2).longValue());
            }
        }
        return evidence;
    }

    /** What it is made of: for each block lists of three, chance of a hit, hits, misses. */
    List<List<List<Double>>> cells() {
        return blocks.stream()
                .map(block -> block.entrySet().stream()
                        .map(cell -> List.of(cell.getKey(), (double) cell.getValue()[0], (double) cell.getValue()[1]))
                        .toList())
                .toList();
    }

    /** @param chance of a hit if nothing is wrong, 0..1; where it is 0 or 1 a trial says nothing */
    void add(double chance, boolean hit) {
        add(chance, hit ? 1 : 0, hit ? 0 : 1);
    }

    void add(double chance, long hits, long misses) {
        if (chance > 0 && chance < 1 && hits + misses > 0) {
            long[] cell = blocks.getLast().computeIfAbsent(chance, unseen -> new long[2]);
            cell[0] += hits;
            cell[1] += misses;
            total += hits + misses;
            inBlock += hits + misses;
        }
    }

    /** To be called after a look: begins a block when this one is a twentieth of all, and a hundred trials at least. */
    void looked() {
        if (inBlock >= Math.max(SMALLEST_BLOCK, total / 20)) {
            open();
        }
    }

    /** Begins a block, as the next phase does. */
    void open() {
        if (inBlock > 0) {
            blocks.add(new TreeMap<>());
            inBlock = 0;
        }
    }

    long trials() {
        return total;
    }

    /** The natural logarithm of the e-value. */
    double log() {
        double mixed = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < RATIOS.length; i++) {
            mixed = Logs.sum(mixed, LOG_WEIGHTS[i] + sinceEachBlock(RATIOS[i]));
        }
        return Logs.sum(mixed, StrictMath.log(1 - begun(blocks.size())));
    }

    /** Of one ratio: the likelihood ratios from each block on, weighed by how likely the trouble was to begin there. */
    private double sinceEachBlock(double ratio) {
        double sum = Double.NEGATIVE_INFINITY;
        for (int block = 0; block < blocks.size(); block++) {
            sum = Logs.sum(sum, StrictMath.log(begun(block + 1) - begun(block)));
            for (var cell : blocks.get(block).entrySet()) {
                sum += likelihoodRatio(ratio, cell.getKey(), cell.getValue()[0], cell.getValue()[1]);
            }
        }
        return sum;
    }

    /** The weight of the first so many blocks together; 1 for endlessly many. */
    private static double begun(int blocks) {
        return blocks == 0 ? 0 : FIRST + (1 - FIRST) * (1 - 1.0 / blocks);
    }

    /** ln of the likelihood under odds raised by a ratio, over the likelihood under the chance itself. */
    static double likelihoodRatio(double ratio, double chance, long hits, long misses) {
        if (ratio == Double.POSITIVE_INFINITY) {
            return misses > 0 ? Double.NEGATIVE_INFINITY : -hits * StrictMath.log(chance);
        }
        return hits * StrictMath.log(ratio) - (hits + misses) * StrictMath.log(1 - chance + ratio * chance);
    }

    private static double[] logs(double... weights) {
        double[] logs = new double[weights.length];
        for (int i = 0; i < weights.length; i++) {
            logs[i] = StrictMath.log(weights[i]);
        }
        return logs;
    }
}
