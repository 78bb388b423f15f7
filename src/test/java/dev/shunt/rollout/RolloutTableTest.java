package dev.shunt.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.rollout.RolloutState.Step;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The table and the picture of docs/rollout.md are those of the code. */
class RolloutTableTest {

    private static final Path DOCUMENT = Path.of("docs", "rollout.md");

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
    void a_refusal_names_both_ends_and_the_way_out() {
        assertThat(RolloutState.HELD.refusal(Step.PROMOTE))
                .isEqualTo("cannot promote from HELD to the next phase: resume it first; possible from here: resume,"
                        + " percentage, rollback");
        assertThat(RolloutState.NOT_STARTED.refusal(Step.HOLD)).contains("from NOT_STARTED", "start one first");
        assertThat(RolloutState.RUNNING.refusal(Step.START)).contains("it runs already");
        assertThat(RolloutState.RUNNING.refusal(Step.RESUME)).contains("it is not held");
    }
}
