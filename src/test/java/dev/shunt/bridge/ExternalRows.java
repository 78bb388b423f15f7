package dev.shunt.bridge;

import static java.util.stream.Collectors.joining;

import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * Differences between the old worker and its successor, by their numbers, as they look with the old worker outside and
 * Temporal as Shunt has it.
 *
 * @param project where it is played
 * @param zone the worker's
 * @param sent what a message has
 * @param expected all that is found, as {@code KIND pattern by}; nothing where both do the same, or where what differs is
 *     not compared
 * @param why of a row in which nothing is found
 */
record ExternalRows(
        String row, String project, ZoneId zone, List<String> messages, String sent, Set<String> expected, String why) {

    private static final String VISITORS =
            "\"SessionID\":\"s\",\"UserID\":\"%s\",\"User\":{\"Metadata\":{\"plan\":\"pro\"}},";

    /** Each in a project of its own. */
    static List<ExternalRows> all() {
        return List.of(
                same(
                        "D-01",
                        "times with microseconds",
                        "cut to `shunt.external.trace.digits` on both sides",
                        text -> text.replace("T12:00:00Z", "T12:00:00.123456Z")),
                same("D-02", "token counts of 0", "Shunt keeps 0", text -> text),
                same(
                        "D-03",
                        "`\"\"` as parent and model",
                        "Shunt keeps `\"\"`",
                        text -> text.replace(
                                "\"Model\":\"gpt-4o\",\"ModelParameters\":null",
                                "\"Model\":\"\",\"ModelParameters\":null")),
                same(
                        "D-04",
                        "`{}` as metadata and model parameters",
                        "Shunt keeps `{}`",
                        text -> text.replace("{\"t\":0.7}", "{}")),
                visitors("D-05", "metadata of a user", "metadata of users are not compared", "u"),
                visitors("D-07", "a session with two users", "which of them came first is not compared", "u", "v"),
                found(
                        "D-09",
                        "a total other than prompt + completion",
                        text -> text.replaceFirst("\"TotalTokens\":null", "\"TotalTokens\":9000"),
                        "VALUE summaries[].total_tokens SHADOW"),
                found(
                        "D-10",
                        "priced spans on two days",
                        text -> text.replace("2026-11-20T12:00:01Z", "2026-11-19T12:00:01Z")
                                .replace("\"PromptTokens\":0", "\"PromptTokens\":5"),
                        "SUMMARY summaries[] RECONCILIATION"),
                same(
                        "D-12",
                        "spans of another day than today",
                        "both sum by the day of the span",
                        text -> text.replace("2026-11-20", "2026-11-18")),
                new ExternalRows(
                        "D-13",
                        "row-d13",
                        ZoneId.of("Asia/Tokyo"),
                        List.of(message("D-13", 0, "").replace("T12:00:00Z", "T20:00:00Z")),
                        "a worker in another time zone",
                        Set.of("SUMMARY summaries[] RECONCILIATION"),
                        ""),
                same(
                        "D-19",
                        "capitals in a model's name",
                        "both sum in lower case",
                        text -> text.replace("gpt-4o", "GPT-4o")),
                found(
                        "D-19",
                        "blanks around a model's name",
                        text -> text.replace("gpt-4o", " gpt-4o "),
                        "MISSING summaries[] SHADOW",
                        "EXTRA summaries[] SHADOW"));
    }

    private static ExternalRows same(String row, String sent, String why, UnaryOperator<String> change) {
        return new ExternalRows(
                row, project(row), ZoneOffset.UTC, List.of(change.apply(message(row, 0, ""))), sent, Set.of(), why);
    }

    private static ExternalRows visitors(String row, String sent, String why, String... users) {
        List<String> messages = Arrays.stream(users)
                .map(user -> message(row, user.charAt(0), VISITORS.formatted(user)))
                .toList();
        return new ExternalRows(row, project(row), ZoneOffset.UTC, messages, sent, Set.of(), why);
    }

    private static ExternalRows found(String row, String sent, UnaryOperator<String> change, String... expected) {
        String project = project(row) + "-found";
        return new ExternalRows(
                row,
                project,
                ZoneOffset.UTC,
                List.of(change.apply(ExternalSuite.trace(project, project + "-t", 10, "gpt-4o", ""))),
                sent,
                Set.of(expected),
                "");
    }

    private static String project(String row) {
        return "row-" + row.toLowerCase(Locale.ROOT).replace("-", "");
    }

    private static String message(String row, int number, String visitors) {
        return ExternalSuite.trace(project(row), project(row) + "-t" + number, 10, "gpt-4o", visitors);
    }

    /**
     * The table in the documentation.
     *
     * @param found of each row, as {@link #expected} says it
     */
    static String table(Map<ExternalRows, Set<String>> found) {
        return "| row | sent | found as | by |\n|---|---|---|---|\n"
                + all().stream()
                        .map(row -> row.line(found.getOrDefault(row, Set.of())))
                        .collect(joining());
    }

    private String line(Set<String> found) {
        String as = found.stream()
                .sorted()
                .map(one -> one.split(" ", -1))
                .map(words -> words[0] + " `" + words[1] + "`")
                .collect(joining(", "));
        String by = found.stream()
                .map(one -> one.split(" ", -1)[2])
                .distinct()
                .sorted()
                .map(each -> each.equals("SHADOW") ? "shadow pairs" : "reconciliation")
                .collect(joining(", "));
        return "| %s | %s | %s | %s |\n".formatted(row, sent, as.isEmpty() ? "nothing: " + why : as, by);
    }
}
