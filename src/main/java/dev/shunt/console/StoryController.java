package dev.shunt.console;

import dev.shunt.core.Workload;
import dev.shunt.rollout.RolloutStory;
import dev.shunt.rollout.RolloutStory.Cursor;
import dev.shunt.rollout.RolloutStory.Entry;
import dev.shunt.rollout.RolloutStory.Situation;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Tells what happened to a rollout: changes of the flag and steps, newest first. */
@RestController
class StoryController {

    private static final int LONGEST = 1_000;

    private final RolloutStory story;
    private final ReadParameters parameters;

    StoryController(RolloutStory story, ReadParameters parameters) {
        this.story = story;
        this.parameters = parameters;
    }

    /**
     * One entry; fields that it does not have are absent.
     *
     * @param kind FLAG or ROLLOUT
     * @param cursor sent as {@code before}, it gives the page after this entry
     * @param what the step, of a ROLLOUT entry
     */
    record EntryView(
            String kind,
            String cursor,
            @Nullable Long epoch,
            Instant changedAt,
            String changedBy,
            boolean verified,
            String reason,
            @Nullable String databaseUser,
            @Nullable String what,
            @Nullable String rollout,
            @Nullable String verdict,
            @Nullable String detail,
            @Nullable SituationView from,
            @Nullable SituationView to) {

        static EntryView of(Entry entry) {
            return new EntryView(
                    entry.cursor().kind().name(),
                    entry.cursor().toString(),
                    entry.epoch(),
                    entry.at(),
                    entry.actor(),
                    entry.verified(),
                    entry.reason(),
                    entry.databaseUser(),
                    entry.what(),
                    entry.rollout(),
                    entry.verdict(),
                    entry.detail(),
                    SituationView.of(entry.from()),
                    SituationView.of(entry.to()));
        }
    }

    /** What it was before or after. */
    record SituationView(
            @Nullable BigDecimal percentage,
            @Nullable Boolean enabled,
            @Nullable String state,
            @Nullable String phase) {

        static @Nullable SituationView of(@Nullable Situation situation) {
            return situation == null
                    ? null
                    : new SituationView(
                            situation.percentage() == null
                                    ? null
                                    : situation.percentage().percent(),
                            situation.enabled(),
                            situation.state(),
                            situation.phase());
        }
    }

    @GetMapping("/api/v1/rollouts/{workload}/history")
    List<EntryView> history(
            @PathVariable("workload") String name,
            @RequestParam(name = "limit", defaultValue = "100") int limit,
            @RequestParam(name = "before", required = false) @Nullable String before) {
        ReadParameters.between("limit", limit, 1, LONGEST);
        Workload workload = parameters.workload(name);
        return story.page(workload, cursor(before), limit).stream()
                .map(EntryView::of)
                .toList();
    }

    private static Optional<Cursor> cursor(@Nullable String text) {
        if (text == null || text.isBlank()) {
            return Optional.empty();
        }
        try {
            return Optional.of(Cursor.parse(text));
        } catch (IllegalArgumentException wrong) {
            throw ApiException.badRequest("before " + wrong.getMessage());
        }
    }
}
