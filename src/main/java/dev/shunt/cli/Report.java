package dev.shunt.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** What the demo prints at its end. */
final class Report {

    private final PrintWriter out;

    Report(PrintWriter out) {
        this.out = out;
    }

    void backends(Shunt.Backends backends) {
        out.println("Backends");
        out.println("  Postgres  " + backends.postgres());
        out.println("  Redis     " + backends.redis());
        out.println("  Temporal  " + backends.temporal());
        out.println();
    }

    void phases(Verdict verdict, int repeats) {
        var table = new Table(
                "phase",
                "sent",
                "accepted",
                "legacy",
                "temporal",
                "stored",
                "lost",
                "twice",
                "legacy p50",
                "p95",
                "p99",
                "temporal p50",
                "p95",
                "p99");
        for (Verdict.Line line : verdict.phases()) {
            table.row(
                    line.phase().name(),
                    line.sent(),
                    line.accepted(),
                    line.legacy(),
                    line.temporal(),
                    line.stored(),
                    line.lost(),
                    line.twice(),
                    quantile(line.legacyMillis(), 0.50),
                    quantile(line.legacyMillis(), 0.95),
                    quantile(line.legacyMillis(), 0.99),
                    quantile(line.temporalMillis(), 0.50),
                    quantile(line.temporalMillis(), 0.95),
                    quantile(line.temporalMillis(), 0.99));
        }
        out.print(table);
        out.println("p50, p95, p99: milliseconds from acceptance to commit, of what came over HTTP.");
        out.println("Sent a second time on purpose or for want of an answer: " + repeats + ".");
        verdict.elsewhere()
                .forEach((reason, count) ->
                        out.println("Ran on legacy although the flag said otherwise: " + count + " " + reason + "."));
        out.println();
    }

    void costs(Map<String, CostRow> expected, Map<String, CostRow> stored, List<Verdict.Difference> differences) {
        out.println("Daily cost summary as stored (US dollars), against the one worked out from the requests:");
        var table = costTable("day, model");
        stored.values().forEach(row -> line(table, row, row.equals(expected.get(row.name())) ? "=" : "differs"));
        out.print(table);
        if (differences.isEmpty()) {
            out.println("Equal to the last digit.");
        } else {
            var apart = costTable("differs");
            for (Verdict.Difference difference : differences) {
                line(apart, difference.expected(), "expected");
                line(apart, difference.stored(), "stored");
            }
            out.print(apart);
        }
        out.println();
    }

    /** From the answer of {@code /api/v1/comparison/trace}. */
    void pairs(JsonNode pairs) {
        out.println("Shadow pairs");
        var table =
                new Table("primary, shadow", "sampled", "compared", "differing", "hidden", "shed", "failed", "late");
        for (JsonNode line : pairs.path("routes")) {
            table.row(
                    line.path("primary").asString("?") + ", "
                            + line.path("shadow").asString("?"),
                    line.path("sampled").asLong(),
                    line.path("compared").asLong(),
                    line.path("differing").asLong(),
                    line.path("hidden").asLong(),
                    line.path("shed").asLong(),
                    line.path("failed").asLong(),
                    line.path("timedOut").asLong());
        }
        out.print(table);
        out.println();
    }

    /** @param divergences those that no ignore rule hides */
    void divergences(List<Divergence> divergences) {
        if (divergences.isEmpty()) {
            out.println("Divergences: none.");
        } else {
            out.println("Divergences:");
            var table = new Table("kind", "distinct", "first at", "expected", "stored");
            divergences.forEach(d -> table.row(d.kind(), d.count(), d.path(), d.expected(), d.actual()));
            out.print(table);
        }
        out.println();
    }

    private static Table costTable(String first) {
        return new Table(
                first, "spans", "unpriced", "prompt", "completion", "total tokens", "input", "output", "cost", "");
    }

    private static void line(Table table, CostRow row, String mark) {
        table.row(
                row.name(),
                row.spans(),
                row.unpriced(),
                row.promptTokens(),
                row.completionTokens(),
                row.totalTokens(),
                row.inputCost().toPlainString(),
                row.outputCost().toPlainString(),
                row.totalCost().toPlainString(),
                mark);
    }

    /** Nearest rank, never between two measurements. */
    private static String quantile(List<Double> sorted, double q) {
        if (sorted.isEmpty()) {
            return "-";
        }
        int rank = (int) Math.ceil(q * sorted.size());
        return String.format(Locale.ROOT, "%.1f", sorted.get(Math.max(0, rank - 1)));
    }

    /**
     * Divergences of one kind at one place of the data.
     *
     * @param pattern the path without ids
     * @param path with the ids of the first example
     */
    record Divergence(String kind, String pattern, String path, long count, String expected, String actual) {

        /** From the answer of {@code /api/v1/divergences/groups}, without groups of which rules hide everything. */
        static List<Divergence> of(JsonNode groups) {
            return groups.valueStream()
                    .filter(group -> group.path("count").asLong(1) > 0)
                    .map(group -> {
                        JsonNode example = group.path("examples").path(0);
                        return new Divergence(
                                group.path("kind").asString("?"),
                                group.path("path").asString("?"),
                                example.path("path").asString(group.path("path").asString("?")),
                                group.path("count").asLong(1),
                                example.path("expected").asString("-"),
                                example.path("actual").asString("-"));
                    })
                    .toList();
        }
    }
}
