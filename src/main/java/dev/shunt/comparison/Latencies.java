package dev.shunt.comparison;

import dev.shunt.comparison.ComparisonReport.Interval;
import dev.shunt.comparison.ComparisonReport.Latency;
import dev.shunt.store.CohortMinute.Packing;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramIterationValue;

/**
 * Latencies of one stage of one cohort, in microseconds with 3 significant digits, up to a day; longer ones count as a day,
 * those below 0 (two clocks differ) as 0. Added up from packed parts, whoever made them.
 */
final class Latencies {

    private static final long LONGEST = TimeUnit.DAYS.toMicros(1);
    private static final int DIGITS = 3;
    private static final Map<String, Double> QUANTILES = quantiles();

    static final Packing PACKING = new Packing() {
        @Override
        public byte[] pack(long[] micros) {
            return Latencies.pack(micros);
        }

        @Override
        public byte[] sum(List<byte[]> packed) {
            return Latencies.sum(packed);
        }
    };

    private final Histogram histogram = new Histogram(1, LONGEST, DIGITS);

    private static Map<String, Double> quantiles() {
        Map<String, Double> quantiles = new LinkedHashMap<>();
        quantiles.put("p50", 0.5);
        quantiles.put("p90", 0.9);
        quantiles.put("p95", 0.95);
        quantiles.put("p99", 0.99);
        quantiles.put("p999", 0.999);
        return quantiles;
    }

    /**
     * HdrHistogram's V2 encoding, which packs zeros and small counts; not deflated on top of that, because it is unpacked
     * far more often than it is kept. No larger than the longest latency demands: reports add up thousands of them.
     */
    static byte[] pack(long[] micros) {
        long longest = 2;
        for (long each : micros) {
            longest = Math.max(longest, Math.min(each, LONGEST));
        }
        var histogram = new Histogram(1, longest, DIGITS);
        for (long each : micros) {
            histogram.recordValue(Math.clamp(each, 0, LONGEST));
        }
        return packed(histogram);
    }

    /** Loses nothing: all parts have the same slots. */
    private static byte[] sum(List<byte[]> parts) {
        var sum = new Latencies();
        parts.forEach(sum::add);
        return packed(sum.histogram);
    }

    private static byte[] packed(Histogram histogram) {
        ByteBuffer buffer = ByteBuffer.allocate(histogram.getNeededByteBufferCapacity());
        byte[] packed = new byte[histogram.encodeIntoByteBuffer(buffer)];
        buffer.flip();
        buffer.get(packed);
        return packed;
    }

    void add(byte[] packed) {
        PackedCounts.read(packed, histogram::recordValueWithCount);
    }

    long n() {
        return histogram.getTotalCount();
    }

    Latency summary() {
        Map<String, QuantileInterval> wanted = new LinkedHashMap<>();
        SortedSet<Long> ranks = new TreeSet<>();
        QUANTILES.forEach((name, q) -> {
            QuantileInterval interval = QuantileInterval.of(q, n());
            wanted.put(name, interval);
            ranks.add(interval.rank());
            ranks.add(interval.low());
            ranks.add(interval.high());
        });
        Map<Long, Double> values = valuesAt(ranks);
        Map<String, Interval> intervals = new LinkedHashMap<>();
        wanted.forEach((name, of) -> intervals.put(name, new Interval(values.get(of.low()), values.get(of.high()))));
        return new Latency(
                n(),
                values.get(rank(wanted, "p50")),
                values.get(rank(wanted, "p90")),
                values.get(rank(wanted, "p95")),
                values.get(rank(wanted, "p99")),
                values.get(rank(wanted, "p999")),
                n() == 0 ? Map.of() : intervals);
    }

    private static long rank(Map<String, QuantileInterval> wanted, String name) {
        QuantileInterval of = wanted.get(name);
        return of == null ? 0 : of.rank();
    }

    /** The values at these ranks, from 1; other ranks have none. */
    private Map<Long, Double> valuesAt(SortedSet<Long> ranks) {
        Map<Long, Double> values = new TreeMap<>();
        NavigableSet<Long> left = new TreeSet<>(ranks.tailSet(1L));
        for (HistogramIterationValue step : histogram.recordedValues()) {
            double millis = histogram.medianEquivalentValue(step.getValueIteratedTo()) / 1_000.0;
            while (!left.isEmpty() && left.first() <= step.getTotalCountToThisValue()) {
                values.put(left.pollFirst(), millis);
            }
        }
        return values;
    }
}
