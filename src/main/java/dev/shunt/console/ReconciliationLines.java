package dev.shunt.console;

import dev.shunt.console.ReportPage.Section;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;

/** Reconciliations as a table of the report. */
final class ReconciliationLines {

    private ReconciliationLines() {}

    static Section section(List<WindowReport.Run> runs, UnaryOperator<String> escape) {
        List<List<String>> rows = new ArrayList<>();
        runs.forEach(run -> rows.add(List.of(
                ReportPage.time(run.from()) + " to " + ReportPage.time(run.until()),
                ended(run, escape),
                escape.apply(run.by()),
                ReportPage.number(run.verified()) + " of " + ReportPage.number(run.items()),
                found(run),
                repaired(run))));
        return new Section(
                "Reconciliations",
                runs.isEmpty() ? "None looked at this time." : "Everything of a span of time, compared in full.",
                List.of("looked at", "ended", "by", "items verified", "found", "summary rows repaired"),
                rows);
    }

    private static String ended(WindowReport.Run run, UnaryOperator<String> escape) {
        String state = run.state().toLowerCase(Locale.ROOT);
        if (run.endedAt() == null) {
            return state;
        }
        return state + " " + ReportPage.time(run.endedAt())
                + (run.failure() == null ? "" : ": " + escape.apply(run.failure()));
    }

    /** Only a run that is done says anything about what it did not find. */
    private static String found(WindowReport.Run run) {
        List<String> kinds = new ArrayList<>();
        run.findings().forEach((kind, count) -> {
            if (count > 0) {
                kinds.add(ReportPage.number(count) + " " + kind);
            }
        });
        return kinds.isEmpty() ? (run.state().equals("DONE") ? "nothing" : "") : String.join(", ", kinds);
    }

    private static String repaired(WindowReport.Run run) {
        return switch (run.repair()) {
            case "NONE" -> "";
            case "DRY_RUN" -> ReportPage.number(run.repaired()) + " would be";
            default -> ReportPage.number(run.repaired());
        };
    }
}
