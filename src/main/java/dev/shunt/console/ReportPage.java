package dev.shunt.console;

import dev.shunt.comparison.CheckerStatus;
import dev.shunt.comparison.ComparisonReport;
import dev.shunt.comparison.ComparisonReport.Cohort;
import dev.shunt.comparison.ComparisonReport.Cost;
import dev.shunt.comparison.ComparisonReport.Way;
import dev.shunt.comparison.Judgement;
import dev.shunt.comparison.OutsideStatus;
import dev.shunt.comparison.PairReport;
import dev.shunt.core.Route;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToLongFunction;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A report in words and lines, for templates that only arrange it. Public for the template engine.
 *
 * @param mood good, bad or open: the colour of the verdict
 * @param sections tables behind the first screen, in their order
 */
public record ReportPage(
        String title,
        String window,
        String madeAt,
        String mood,
        String sentence,
        String basis,
        List<String> because,
        PhaseChart phaseChart,
        List<List<String>> phases,
        List<LatencyChart> latency,
        List<GroupLine> groups,
        List<Section> sections) {

    /** Leaves a text as it is: the template escapes it. */
    static final UnaryOperator<String> PLAIN = text -> text;

    /** Keeps a text on its line and in its cell. */
    static final UnaryOperator<String> MARKDOWN = text ->
            text.replace("\\", "\\\\").replace("|", "\\|").replace("`", "'").replaceAll("\\s+", " ");

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss").withZone(ZoneOffset.UTC);
    private static final int SHOWN = 160;

    /** One group of divergences with its examples. */
    public record GroupLine(
            String kind,
            String path,
            String foundBy,
            String count,
            String rate,
            String bound,
            String basis,
            String state,
            String firstSeen,
            String lastSeen,
            List<ExampleLine> examples) {}

    /** One example with both values. */
    public record ExampleLine(String path, String expected, String actual, String item, String route) {}

    /** A table with its heading; its first row is the head. */
    public record Section(String heading, String note, List<String> head, List<List<String>> rows) {}

    static ReportPage of(WindowReport report, UnaryOperator<String> escape) {
        Judgement verdict = report.verdict();
        return new ReportPage(
                "Shunt: " + report.workload(),
                time(report.from()) + " to " + time(report.until()) + " UTC",
                time(report.madeAt()) + " UTC",
                mood(verdict.word()),
                escape.apply(verdict.sentence()),
                basis(verdict),
                verdict.because().stream().map(escape).toList(),
                PhaseChart.of(report),
                report.phases().stream()
                        .map(phase -> List.of(
                                time(phase.at()),
                                phase.percentage().stripTrailingZeros().toPlainString() + " %",
                                escape.apply(phase.by()),
                                escape.apply(phase.reason()),
                                Long.toString(phase.epoch())))
                        .toList(),
                LatencyChart.of(report.latency()),
                report.groups().stream().map(group -> line(group, escape)).toList(),
                sections(report, escape));
    }

    private static String mood(Judgement.Word word) {
        return switch (word) {
            case MATCHING -> "good";
            case LOST, DIVERGING -> "bad";
            case INCONCLUSIVE, NO_DATA -> "open";
        };
    }

    private static String basis(Judgement verdict) {
        Double bound = verdict.upperBound();
        return bound == null
                ? verdict.basis()
                : verdict.basis() + "; exact one-sided bound " + String.format(Locale.ROOT, "%.4f", bound * 100) + " %";
    }

    static GroupLine line(WindowReport.Group group, UnaryOperator<String> escape) {
        return new GroupLine(
                group.kind(),
                escape.apply(group.path()),
                String.join(", ", group.foundBy()).toLowerCase(Locale.ROOT),
                number(group.count()) + (group.hidden() == 0 ? "" : " (+" + number(group.hidden()) + " hidden)"),
                share(group.rate()),
                share(group.upperBound()),
                group.basis(),
                group.state().toLowerCase(Locale.ROOT),
                time(group.firstSeen()),
                time(group.lastSeen()),
                group.examples().stream()
                        .map(example -> new ExampleLine(
                                escape.apply(example.path()),
                                escape.apply(value(example.expected())),
                                escape.apply(value(example.actual())),
                                escape.apply(example.item() == null ? "" : example.item()),
                                example.route() == null ? "" : example.route()))
                        .toList());
    }

    private static List<Section> sections(WindowReport report, UnaryOperator<String> escape) {
        ComparisonReport comparison = report.comparison();
        List<Section> sections = new ArrayList<>();
        sections.add(cohorts(comparison));
        ComparisonReport.Items items = comparison.conservation();
        List<List<String>> places = new ArrayList<>();
        places.add(List.of("accepted", number(items.accepted())));
        places.add(List.of("done", number(items.done())));
        places.add(List.of("in flight", number(items.inFlight())));
        places.add(List.of("dead letters", number(items.dead())));
        places.add(List.of("missing", number(items.missing().size())));
        items.missing().stream().limit(20).forEach(key -> places.add(List.of("missing: " + escape.apply(key), "")));
        sections.add(new Section(
                "Conservation",
                "Every accepted item is done, in flight or dead. Looked at last: " + time(items.lookedAt()) + ".",
                List.of("items", "number"),
                places));
        sections.add(pairs(comparison.pairs()));
        sections.add(ReconciliationLines.section(report.reconciliations(), escape));
        if (report.outside() != null) {
            sections.add(outside(report.outside(), escape));
        }
        sections.add(hidden(comparison, escape));
        sections.add(checker(comparison, escape));
        return sections;
    }

    static Section cohorts(ComparisonReport comparison) {
        Map<String, ToLongFunction<Cohort>> figures = new LinkedHashMap<>();
        figures.put("accepted", Cohort::accepted);
        figures.put("completed", Cohort::completed);
        figures.put("in flight", Cohort::inFlight);
        figures.put("failed", Cohort::failed);
        figures.put("tried more than once", Cohort::retried);
        figures.put("fell back to legacy", Cohort::fallback);
        figures.put("ran on the other route", Cohort::diverted);
        figures.put("duplicates", Cohort::duplicates);
        figures.put("replays", Cohort::replays);
        figures.put("dead letters", Cohort::deadLetters);
        List<Route> routes = List.copyOf(comparison.routes().keySet());
        List<String> head = new ArrayList<>(List.of("items, by decided route"));
        routes.forEach(route -> head.add(route.name()));
        List<List<String>> rows = new ArrayList<>();
        figures.forEach((label, figure) -> {
            List<String> row = new ArrayList<>(List.of(label));
            comparison.routes().values().forEach(cohort -> row.add(number(figure.applyAsLong(cohort))));
            rows.add(row);
        });
        rows.add(each("Temporal actions per item", comparison, Cost::temporalActions));
        rows.add(each("rows written per item", comparison, Cost::rowsWritten));
        return new Section("Cohorts", "", head, rows);
    }

    /** One figure per item, over all ways in. */
    private static List<String> each(String label, ComparisonReport comparison, ToLongFunction<Cost> figure) {
        List<String> row = new ArrayList<>(List.of(label));
        for (Cohort cohort : comparison.routes().values()) {
            long items = 0;
            long sum = 0;
            for (Way way : cohort.ways().values()) {
                items += way.cost().items();
                sum += figure.applyAsLong(way.cost());
            }
            row.add(items == 0 ? "" : String.format(Locale.ROOT, "%.2f", (double) sum / items));
        }
        return row;
    }

    private static Section pairs(PairReport pairs) {
        return new Section(
                "Shadow pairs",
                pairs.sampled() == 0
                        ? "No item was processed a second time in these minutes."
                        : number(pairs.waiting())
                                + " still wait. Shed: not run, because the primary comes first. Hidden: they differ"
                                + " only in what ignore rules hide, and are no part of the bound.",
                List.of(
                        "primary, shadow",
                        "sampled",
                        "compared",
                        "differing",
                        "hidden",
                        "at most",
                        "shed",
                        "failed",
                        "late"),
                pairs.routes().stream()
                        .map(line -> List.of(
                                line.primary() + ", " + line.shadow(),
                                number(line.sampled()),
                                number(line.compared()),
                                number(line.differing()),
                                number(line.hidden()),
                                line.compared() == 0 ? "" : Judgement.percent(line.upperBound()),
                                number(line.shed()),
                                number(line.failed()),
                                number(line.timedOut())))
                        .toList());
    }

    private static Section outside(OutsideStatus worker, UnaryOperator<String> escape) {
        String problem = worker.problem();
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("handed over and not settled", worker.open() == null ? "not known" : number(worker.open())));
        rows.add(List.of("not known whether stored", number(worker.notKnown().size())));
        List<OutsideStatus.Lost> lost = worker.lost();
        rows.add(List.of(
                "lost, and neither sent again nor written off", lost == null ? "not known" : number(lost.size())));
        worker.notCompared().forEach(field -> rows.add(List.of("not compared: " + escape.apply(field), "")));
        return new Section(
                "The worker outside",
                problem == null ? "Its rows are compared as far as its tables have them." : escape.apply(problem),
                List.of("items", "number"),
                rows);
    }

    private static Section hidden(ComparisonReport comparison, UnaryOperator<String> escape) {
        return new Section(
                "What ignore rules hide",
                comparison.hidden().isEmpty() ? "Nothing." : "",
                List.of("path", "divergences", "owner", "reason", "until"),
                comparison.hidden().stream()
                        .map(rule -> List.of(
                                escape.apply(rule.path()),
                                number(rule.divergences()),
                                escape.apply(rule.owner()),
                                escape.apply(rule.reason()),
                                time(rule.expiresAt())))
                        .toList());
    }

    private static Section checker(ComparisonReport comparison, UnaryOperator<String> escape) {
        CheckerStatus checker = comparison.checker();
        String failure = checker.lastFailure();
        return new Section(
                "The checker itself",
                "",
                List.of("", ""),
                List.of(
                        List.of("role of the instance asked", checker.role().name()),
                        List.of("last pass without a failure", time(checker.lastCheckedAt())),
                        List.of("stored items not verified yet", number(checker.backlog())),
                        List.of(
                                "failures since its start",
                                number(checker.failures()) + (failure == null ? "" : ": " + escape.apply(failure))),
                        List.of("Redis", escape.apply(comparison.redis()))));
    }

    static String time(@Nullable Instant time) {
        return time == null ? "never" : TIME.format(time);
    }

    static String number(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    private static String share(@Nullable Double share) {
        return share == null ? "" : String.format(Locale.ROOT, "%.3f %%", share * 100);
    }

    private static String value(@Nullable String value) {
        if (value == null) {
            return "(none)";
        }
        return value.length() <= SHOWN ? value : value.substring(0, value.offsetByCodePoints(0, 80)) + "…";
    }
}
