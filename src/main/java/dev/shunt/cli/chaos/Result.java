package dev.shunt.cli.chaos;

import java.util.Map;

/** What one round came to. */
record Result(
        Fault fault,
        long seed,
        int instances,
        boolean well,
        int times,
        int sent,
        int accepted,
        int stored,
        int temporal,
        Map<String, Integer> reasons,
        int lost,
        int twice,
        int sums,
        int dead,
        int poisoned,
        String evidence,
        long seconds) {

    /** For people who watch; {@link Summary} has the table. */
    String line() {
        return "%-4s %-40s x%d  seed %d on %d  sent %d  accepted %d  stored %d  by Temporal %d (%s)  lost %d  twice %d  sums %s  dead %d%s%s  %d s"
                .formatted(
                        well ? "ok" : "BAD",
                        fault.number() + " " + fault.text(),
                        times,
                        seed,
                        instances,
                        sent,
                        accepted,
                        stored,
                        temporal,
                        reasonsText(reasons),
                        lost,
                        twice,
                        sums == 0 ? "equal" : sums + " differ",
                        dead,
                        poisoned == 0 ? "" : " (+ " + poisoned + " poisoned)",
                        evidence.isEmpty() ? "" : "  [" + evidence + "]",
                        seconds);
    }

    static String reasonsText(Map<String, Integer> reasons) {
        return String.join(
                ", ",
                reasons.entrySet().stream()
                        .map(reason -> reason.getKey() + " " + reason.getValue())
                        .toList());
    }
}
