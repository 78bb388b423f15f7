package dev.shunt.embedded.faults;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Faults that can be planted: what a Temporal route that was written anew got wrong in a real migration (rows D and S of
 * {@code docs/comparator.md}), and what any second implementation might. What each does to the rows is in
 * {@code faults/<name>.sql}.
 */
public enum Fault {
    TIMES_CUT_TO_SECONDS(
            "D-01",
            "times lose their fractions of a second",
            value("occurred_at"),
            pair("VALUE", "trace.occurred_at"),
            value("spans[].start_time"),
            pair("VALUE", "spans[].start_time")),
    ZERO_TOKENS_TO_NULL("D-02", "a token count of 0 is stored as null", ofSpan("completion_tokens")),
    EMPTY_TEXT_TO_NULL("D-03", "an empty text is stored as null", ofSpan("status_message")),
    EMPTY_OBJECTS_TO_NULL("D-04", "empty metadata and model parameters become a JSON null", ofSpan("model_parameters")),
    USER_METADATA_DROPPED("D-05", "what is told about a user is not stored", value("users[].metadata")),
    SESSION_TAKES_LAST_USER(
            "D-07",
            "a session follows the last user it saw",
            value("sessions[].user_id"),
            pair("VALUE", "session.user_id")),
    VISITORS_LEFT_BEHIND(
            "D-08",
            "session and user of a trace that was not stored stay behind",
            20,
            rows("EXTRA", "sessions[]"),
            rows("EXTRA", "users[]")),
    ABSENT_TOTAL_IS_ZERO(
            "D-09",
            "an absent token total is summed as 0",
            summary("summaries[].total_tokens"),
            pair("VALUE", "summaries[].total_tokens")),
    ALL_MODELS_ROW_MISSING(
            "D-10",
            "nothing is added to the row of all models",
            summary("summaries[].spans"),
            summary("summaries[]"),
            pair("MISSING", "summaries[]")),
    OTHER_DAYS_UNSUMMARISED(
            "D-12",
            "spans of another day than today are in no summary",
            summary("summaries[].spans"),
            pair("MISSING", "summaries[]")),
    DAY_SHIFTED(
            "D-13",
            "everything is summed under the day before",
            summary("summaries[]"),
            pair("MISSING", "summaries[]"),
            pair("EXTRA", "summaries[]")),
    STALE_SUMS("D-15", "one in 20 additions to a sum is overwritten", 20, summary("summaries[].spans")),
    TRACE_DELETED_LATER(
            "D-16", "an old trace goes with every 20th new one, its summary stays", 20, rows("MISSING", "trace")),
    PRICE_OF_BEFORE("D-18", "costs are made with a price that is no longer in force", ofSpan("input_cost")),
    MODELS_BY_CASE(
            "D-19",
            "models are summed as they were spelled",
            summary("summaries[]"),
            pair("MISSING", "summaries[]"),
            pair("EXTRA", "summaries[]")),
    COST_FAILURE_SWALLOWED("S-21", "one in 20 priced spans has no costs and says it has", 20, ofSpan("total_cost")),
    COSTS_NEVER_MADE("S-22", "one in 20 spans is stored and neither priced nor summed", 20, ofSpan("price_state")),
    SECOND_BODY_LOST(
            "S-23, S-24",
            "of a second request for the same trace nothing is stored",
            rows("MISSING", "spans[]"),
            pair("EXTRA", "spans")),
    SAME_ID_IN_TWO_PROJECTS(
            "D-27",
            "a trace id that another project has used is not stored",
            rows("MISSING", "trace"),
            pair("EXTRA", "trace")),
    ONE_LOST(
            "",
            "one trace in 1,000 is gone",
            1_000,
            rows("MISSING", "trace"),
            pair("MISSING", "trace"),
            pair("EXTRA", "trace")),
    ONE_DOUBLED("", "one trace in 1,000 is there twice, under another id", 1_000, rows("EXTRA", "traces[]")),
    ONE_LATE("", "one trace in 1,000 is stored a minute late", 1_000, rows("LATE", "item")),
    PARENTS_SWAPPED("", "two spans of each trace have each other's parent", ofSpan("parent_span_id")),
    TEXT_TRUNCATED("", "names of spans end after 8 characters", ofSpan("name")),
    COST_AS_FLOAT("", "costs pass through a float", ofSpan("total_cost")),
    COST_ROUNDED("", "costs are rounded to four decimals, as a money type might", ofSpan("total_cost")),
    SUMMARY_MISSING(
            "", "the summary rows of gpt-4 models vanish", summary("summaries[]"), pair("MISSING", "summaries[]"));

    private static final String SUMS = "summaries[]";

    private final String row;
    private final String sentence;
    private final int every;

    @SuppressWarnings("ImmutableEnumChecker") // made by List.of
    private final List<Sign> signs;

    /**
     * What the comparator must show.
     *
     * @param kind of the divergence
     * @param path its pattern, without ids
     * @param foundBy the mechanism that must find it
     */
    public record Sign(String kind, String path, String foundBy) {
        static final String RECONCILIATION = "RECONCILIATION";
        static final String SHADOW = "SHADOW";
    }

    Fault(String row, String sentence, Sign... signs) {
        this(row, sentence, 1, signs);
    }

    Fault(String row, String sentence, int every, Sign... signs) {
        this.row = row;
        this.sentence = sentence;
        this.every = every;
        this.signs = List.of(signs);
    }

    /** As on the command line: {@code times-cut-to-seconds}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The difference between the old worker and its successor that it stands for; empty if it is none of those. */
    public String row() {
        return row;
    }

    /** What goes wrong on the Temporal route, for people. */
    public String sentence() {
        return sentence;
    }

    /** Of how many cases one goes wrong, beginning with the first; 1 if all do. */
    public int every() {
        return every;
    }

    /** What the comparator must show, each by its mechanism, where every item is compared by each. */
    public List<Sign> signs() {
        return signs;
    }

    /**
     * Whether such a divergence shows it, whoever found it. A sum that lacks this fault's rows is a row that is not there, or
     * one with other columns if somebody else adds to it: either will do.
     *
     * @param path a pattern, without ids
     */
    public boolean isShownAs(String kind, String path) {
        return signs.stream()
                .filter(sign -> sign.kind().equals(kind))
                .anyMatch(sign -> sign.path().equals(path) || (sign.path().startsWith(SUMS) && path.startsWith(SUMS)));
    }

    /** By its label. */
    public static Optional<Fault> of(String label) {
        return Arrays.stream(values())
                .filter(fault -> fault.label().equals(label))
                .findAny();
    }

    /** A field of a span, which the row has and the result of either run. */
    private static Sign[] ofSpan(String field) {
        return new Sign[] {value("spans[]." + field), pair("VALUE", "spans[]." + field)};
    }

    private static Sign value(String path) {
        return rows("VALUE", path);
    }

    private static Sign summary(String path) {
        return rows("SUMMARY", path);
    }

    /** In what is stored. */
    private static Sign rows(String kind, String path) {
        return new Sign(kind, path, Sign.RECONCILIATION);
    }

    /** Between an item's two runs. */
    private static Sign pair(String kind, String path) {
        return new Sign(kind, path, Sign.SHADOW);
    }
}
