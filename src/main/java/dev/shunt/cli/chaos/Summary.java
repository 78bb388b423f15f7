package dev.shunt.cli.chaos;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToIntFunction;

/** All rounds of a run as a table in Markdown, one row for each fault. */
final class Summary {

    private static final String HEAD = """
            | fault | rounds | done | sent | accepted | stored | by Temporal | lost | twice | sums | innocent dead | seconds |
            |---|---|---|---|---|---|---|---|---|---|---|---|
            """;

    private final List<Result> results = new ArrayList<>();

    void add(Result result) {
        results.add(result);
    }

    /** Not of a run without a round: nothing was seen there. */
    boolean allWell() {
        return !results.isEmpty() && results.stream().allMatch(Result::well);
    }

    int rounds() {
        return results.size();
    }

    List<Result> bad() {
        return results.stream().filter(result -> !result.well()).toList();
    }

    String markdown() {
        var text = new StringBuilder(HEAD);
        for (Fault fault : Fault.values()) {
            List<Result> of =
                    results.stream().filter(result -> result.fault() == fault).toList();
            if (!of.isEmpty()) {
                row(text, fault.number() + " " + fault.text(), of);
            }
        }
        row(text, "**all**", results);
        Map<String, Integer> reasons = new TreeMap<>();
        Map<Integer, Integer> instances = new TreeMap<>();
        results.forEach(result -> {
            result.reasons().forEach((reason, count) -> reasons.merge(reason, count, Integer::sum));
            instances.merge(result.instances(), 1, Integer::sum);
        });
        text.append("\nRounds by number of instances: ").append(instances).append(". Ledger rows: ");
        text.append(Result.reasonsText(reasons)).append(".\n");
        List<Result> bad = bad();
        text.append(rounds())
                .append(" rounds, ")
                .append(bad.isEmpty() ? "none" : Integer.toString(bad.size()))
                .append(" of them BAD.\n");
        return text.toString();
    }

    private static void row(StringBuilder text, String name, List<Result> of) {
        int rows = sum(
                of,
                result -> result.reasons().values().stream()
                        .mapToInt(Integer::intValue)
                        .sum());
        int temporal = sum(of, Result::temporal);
        int differing = sum(of, Result::sums);
        text.append("| %s | %d | %d | %d | %d | %d | %d (%d %%) | %d | %d | %s | %d | %d |\n"
                .formatted(
                        name,
                        of.size(),
                        sum(of, Result::times),
                        sum(of, Result::sent),
                        sum(of, Result::accepted),
                        sum(of, Result::stored),
                        temporal,
                        rows == 0 ? 0 : Math.round(100.0 * temporal / rows),
                        sum(of, Result::lost),
                        sum(of, Result::twice),
                        differing == 0 ? "equal" : differing + " differ",
                        sum(of, Result::dead),
                        of.stream().mapToLong(Result::seconds).sum()));
    }

    private static int sum(List<Result> of, ToIntFunction<Result> what) {
        return of.stream().mapToInt(what).sum();
    }
}
