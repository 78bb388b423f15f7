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
    TIMES_CUT_TO_SECONDS("D-01", "times lose their fractions of a second", value("spans[].start_time")),
    ZERO_TOKENS_TO_NULL("D-02", "a token count of 0 is stored as null", value("spans[].completion_tokens")),
    EMPTY_TEXT_TO_NULL("D-03", "an empty text is stored as null", value("spans[].status_message")),
    EMPTY_OBJECTS_TO_NULL(
            "D-04", "empty metadata and model parameters become a JSON null", value("spans[].model_parameters")),
    USER_METADATA_DROPPED("D-05", "what is told about a user is not stored", value("users[].metadata")),
    SESSION_TAKES_LAST_USER("D-07", "a session follows the last user it saw", value("sessions[].user_id")),
    VISITORS_LEFT_BEHIND(
            "D-08",
            "session and user of a trace that was not stored stay behind",
            20,
            new Sign("EXTRA", "sessions[]", Sign.RECONCILIATION)),
    ABSENT_TOTAL_IS_ZERO("D-09", "an absent token total is summed as 0", summary("summaries[].total_tokens")),
    ALL_MODELS_ROW_MISSING(
            "D-10", "nothing is added to the row of all models", summary("summaries[].spans"), summary("summaries[]")),
    OTHER_DAYS_UNSUMMARISED(
            "D-12",
            "spans of another day than today are in no summary",
            summary("summaries[].spans"),
            summary("summaries[]")),
    DAY_SHIFTED("D-13", "everything is summed under the day before", summary("summaries[]")),
    STALE_SUMS("D-15", "one in 20 additions to a sum is overwritten", 20, summary("summaries[].spans")),
    TRACE_DELETED_LATER(
            "D-16",
            "an old trace goes with every 20th new one, its summary stays",
            20,
            new Sign("MISSING", "trace", Sign.RECONCILIATION)),
    PRICE_OF_BEFORE("D-18", "costs are made with a price that is no longer in force", value("spans[].input_cost")),
    MODELS_BY_CASE("D-19", "models are summed as they were spelled", summary("summaries[]")),
    COST_FAILURE_SWALLOWED(
            "S-21", "one in 20 priced spans has no costs and says it has", 20, value("spans[].total_cost")),
    COSTS_NEVER_MADE(
            "S-22", "one in 20 spans is stored and neither priced nor summed", 20, value("spans[].price_state")),
    SECOND_BODY_LOST(
            "S-23, S-24",
            "of a second request for the same trace nothing is stored",
            new Sign("MISSING", "spans[]", Sign.RECONCILIATION)),
    SAME_ID_IN_TWO_PROJECTS(
            "D-27",
            "a trace id that another project has used is not stored",
            new Sign("MISSING", "trace", Sign.RECONCILIATION)),
    ONE_LOST("", "one trace in 1,000 is gone", 1_000, new Sign("MISSING", "trace", Sign.RECONCILIATION)),
    ONE_DOUBLED(
            "",
            "one trace in 1,000 is there twice, under another id",
            1_000,
            new Sign("EXTRA", "traces[]", Sign.RECONCILIATION)),
    ONE_LATE("", "one trace in 1,000 is stored a minute late", 1_000, new Sign("LATE", "item", Sign.RECONCILIATION)),
    PARENTS_SWAPPED("", "two spans of each trace have each other's parent", value("spans[].parent_span_id")),
    TEXT_TRUNCATED("", "names of spans end after 8 characters", value("spans[].name")),
    COST_AS_FLOAT("", "costs pass through a float", value("spans[].total_cost")),
    COST_ROUNDED("", "costs are rounded to four decimals, as a money type might", value("spans[].total_cost")),
    SUMMARY_MISSING(
            "", "the summary rows of gpt-4 models vanish", summary("summaries[]"), summary("summaries[].spans"));

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

    /** What the comparator must show: the first, or what it turns into when the legacy route writes the same row later. */
    public List<Sign> signs() {
        return signs;
    }

    /** By its label. */
    public static Optional<Fault> of(String label) {
        return Arrays.stream(values())
                .filter(fault -> fault.label().equals(label))
                .findAny();
    }

    private static Sign value(String path) {
        return new Sign("VALUE", path, Sign.RECONCILIATION);
    }

    private static Sign summary(String path) {
        return new Sign("SUMMARY", path, Sign.RECONCILIATION);
    }
}
