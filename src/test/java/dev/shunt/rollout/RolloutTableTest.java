package dev.shunt.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.rollout.RolloutState.Step;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The table and the picture of docs/rollout.md are those of the code. */
class RolloutTableTest {

    private static final Path DOCUMENT = Path.of("docs", "rollout.md");
    private static final Map<Step, String> END = Map.of(
            Step.START, "RUNNING",
            Step.PROMOTE, "the next phase",
            Step.HOLD, "HELD",
            Step.RESUME, "RUNNING",
            Step.COMPLETE, "COMPLETED");

    @Test
    void the_documents_table_is_the_codes() throws IOException {
        List<String> rows = new ArrayList<>();
        rows.add("| from | " + Arrays.stream(Step.values()).map(Step::word).collect(Collectors.joining(" | ")) + " |");
        for (RolloutState state : RolloutState.values()) {
            rows.add("| " + state + " | "
                    + Arrays.stream(Step.values())
                            .map(step -> state.after(step).map(Enum::name).orElse("-"))
                            .collect(Collectors.joining(" | "))
                    + " |");
        }
        assertThat(Files.readAllLines(DOCUMENT)).containsSubsequence(rows);
    }

    @Test
    void the_documents_picture_shows_every_change_of_state_and_no_other() throws IOException {
        var drawn = new TreeSet<String>();
        var arrows = Pattern.compile("^ {4}(\\w+) --> (\\w+): ([a-z, ]+)$", Pattern.MULTILINE)
                .matcher(Files.readString(DOCUMENT));
        while (arrows.find()) {
            for (String step : arrows.group(3).split(", ")) {
                drawn.add(arrows.group(1) + " " + step + " " + arrows.group(2));
            }
        }
        var real = new TreeSet<String>();
        for (RolloutState from : RolloutState.values()) {
            for (Step step : Step.values()) {
                from.after(step)
                        .filter(to -> to != from || step == Step.PROMOTE)
                        .ifPresent(to -> real.add(from + " " + step.word() + " " + to));
            }
        }
        assertThat(drawn).isEqualTo(real);
    }

    @Test
    void every_refusal_of_the_table_names_both_ends_the_way_out_and_what_is_possible() {
        int refused = 0;
        for (RolloutState from : RolloutState.values()) {
            String possible = Arrays.stream(Step.values())
                    .filter(step -> from.after(step).isPresent())
                    .map(Step::word)
                    .collect(Collectors.joining(", "));
            for (Step step : Step.values()) {
                if (from.after(step).isPresent()) {
                    continue;
                }
                refused++;
                assertThat(from.refusal(step))
                        .isEqualTo("cannot " + step.word() + " from " + from + " to " + END.get(step) + ": "
                                + wayOut(from, step) + "; possible from here: " + possible);
            }
        }
        assertThat(refused).isEqualTo(18);
    }

    private static String wayOut(RolloutState from, Step step) {
        return switch (from) {
            case HELD ->
                Map.of(Step.HOLD, "it is held already", Step.START, "it runs already, held")
                        .getOrDefault(step, "resume it first");
            case RUNNING -> step == Step.START ? "it runs already" : "it is not held";
            case NOT_STARTED, ROLLED_BACK, COMPLETED -> "no rollout runs, start one first";
        };
    }
}
