package dev.shunt.comparison.gates;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How the keys of one phase fell on the routes: each key once in the phase, with its first item. Apart for each percentage
 * at which items were decided: while somebody lowers it by hand, or the switch is off, keys fall as that says, and the
 * share at the phase's own percentage goes on when it is back.
 *
 * <p>A key that spoke in an earlier phase counts again, as all keys may have spoken there. It is no evidence a second time:
 * that is what {@link SplitEvidence} has.
 */
final class PhaseKeys {

    /** Of more percentages in one phase, the one of which no item came for longest is forgotten. */
    private static final int MOST_PERCENTAGES = 8;

    private static final Share NONE = new Share();

    /** The one that was added to last is the last. */
    private final Map<Integer, Share> shares = new LinkedHashMap<>();

    /** What was seen at one percentage. */
    static final class Share {
        private final Keys keys = new Keys(Spoken.MOST_KEYS);
        private long legacy;
        private long temporal;
        private long items;

        long legacy() {
            return legacy;
        }

        long temporal() {
            return temporal;
        }

        /** Items of these keys. */
        long items() {
            return items;
        }
    }

    /** @param kept the evidence that {@link #values()} is in */
    static PhaseKeys of(Facts kept) {
        var phase = new PhaseKeys();
        if (!kept.has("phaseKeys")) {
            phase.first(kept);
        }
        GateJson.map(kept.values().get("phaseKeys")).forEach((basisPoints, each) -> {
            var facts = new Facts(GateJson.map(each));
            Share share = phase.open(Integer.parseInt(basisPoints));
            share.keys.addAll(facts.text("keys", ""));
            share.legacy = facts.count("legacy");
            share.temporal = facts.count("temporal");
            share.items = facts.count("items");
        });
        return phase;
    }

    /**
     * A build before kept no keys of a phase. In the first phase they are those of the rollout; later, they are counted
     * anew from here on, since nothing says which of the rollout's keys the phase has seen.
     */
    private void first(Facts kept) {
        List<List<Double>> cells = kept.triples("split");
        var counts = new Facts(GateJson.map(kept.values().get("counts")));
        long counted = counts.count("keys_legacy") + counts.count("keys_temporal");
        if (cells.size() == 1 && cells.getFirst().get(1) + cells.getFirst().get(2) == counted) {
            Share share = open(cells.getFirst().get(0).intValue());
            share.keys.addAll(kept.text("splitKeys", ""));
            share.legacy = counts.count("keys_legacy");
            share.temporal = counts.count("keys_temporal");
            share.items = counted;
        }
    }

    /** @param unit the routing key, or its bucket */
    void add(int basisPoints, long unit, boolean temporal) {
        Share share = open(basisPoints);
        share.items++;
        if (share.keys.add(unit)) {
            share.temporal += temporal ? 1 : 0;
            share.legacy += temporal ? 0 : 1;
        }
    }

    private Share open(int basisPoints) {
        Share known = shares.remove(basisPoints);
        Share share = known == null ? new Share() : known;
        shares.put(basisPoints, share);
        if (shares.size() > MOST_PERCENTAGES) {
            shares.remove(shares.keySet().iterator().next());
        }
        return share;
    }

    /** What was seen at a percentage; to be read only. */
    Share at(int basisPoints) {
        return shares.getOrDefault(basisPoints, NONE);
    }

    void clear() {
        shares.clear();
    }

    Map<String, Object> values() {
        Map<String, Object> values = new LinkedHashMap<>();
        shares.forEach((basisPoints, share) -> {
            Map<String, Object> each =
                    new HashMap<>(Map.of("legacy", share.legacy, "temporal", share.temporal, "items", share.items));
            if (share.keys.size() <= Spoken.MOST_KEPT) {
                each.put("keys", LongText.of(share.keys.values()));
            }
            values.put(Integer.toString(basisPoints), each);
        });
        return Map.of("phaseKeys", values);
    }
}
