package dev.shunt.console;

import dev.shunt.comparison.DivergenceLog;
import dev.shunt.comparison.DivergenceLog.Hidden;
import dev.shunt.comparison.GroupReports;
import dev.shunt.core.Divergence;
import dev.shunt.core.GroupState;
import dev.shunt.core.Workload;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Where stored results disagree with their input, or with what the other route made of it. */
@RestController
@RequestMapping("/api/v1/divergences")
class DivergenceController {

    private static final int MOST = 1_000;
    private static final int MOST_EXAMPLES = 20;
    private static final Duration DEFAULT_WINDOW = Duration.ofHours(24);

    private final DivergenceLog divergences;
    private final GroupReports groups;
    private final ReadParameters parameters;
    private final Clock clock;

    DivergenceController(DivergenceLog divergences, GroupReports groups, ReadParameters parameters, Clock clock) {
        this.divergences = divergences;
        this.groups = groups;
        this.parameters = parameters;
        this.clock = clock;
    }

    /** In the order they were found; the next page begins after the last id of this one. */
    @GetMapping
    List<DivergenceLog.Entry> list(
            @RequestParam(name = "workload", required = false) @Nullable String workload,
            @RequestParam(name = "kind", required = false) @Nullable String kind,
            @RequestParam(name = "path", required = false) @Nullable String path,
            @RequestParam(name = "item", required = false) @Nullable String item,
            @RequestParam(name = "foundBy", required = false) @Nullable String foundBy,
            @RequestParam(name = "state", required = false) @Nullable String state,
            @RequestParam(name = "from", required = false) @Nullable String from,
            @RequestParam(name = "to", required = false) @Nullable String to,
            @RequestParam(name = "hidden", defaultValue = "false") String hidden,
            @RequestParam(name = "limit", defaultValue = "100") int limit,
            @RequestParam(name = "after", defaultValue = "0") long after) {
        ReadParameters.between("limit", limit, 1, MOST);
        ReadParameters.between("after", after, 0, Long.MAX_VALUE);
        return divergences.list(new DivergenceLog.Query(
                workload == null ? null : parameters.workload(workload),
                ReadParameters.kind(kind),
                path,
                item,
                ReadParameters.oneOf("foundBy", Divergence.FoundBy.class, foundBy),
                ReadParameters.oneOf("state", GroupState.class, state),
                ReadParameters.instantOrNull("from", from),
                ReadParameters.instantOrNull("to", to),
                hidden(hidden),
                after,
                limit));
    }

    @GetMapping("/{id}")
    DivergenceLog.Entry show(@PathVariable("id") long id) {
        return divergences.find(id).orElseThrow(() -> ApiException.notFound("there is no divergence " + id));
    }

    /**
     * By kind and place in the data, the largest group first. With a window, only what was seen in it; without one all,
     * and rates over the last 24 hours.
     */
    @GetMapping("/groups")
    List<GroupReports.Group> groups(
            @RequestParam(name = "workload", defaultValue = "trace") String name,
            @RequestParam(name = "state", required = false) @Nullable String state,
            @RequestParam(name = "from", required = false) @Nullable String from,
            @RequestParam(name = "to", required = false) @Nullable String to,
            @RequestParam(name = "examples", required = false) @Nullable Integer examples) {
        if (examples != null) {
            ReadParameters.between("examples", examples, 0, MOST_EXAMPLES);
        }
        Workload workload = parameters.workload(name);
        Instant until = ReadParameters.instant("to", to, clock.instant());
        Instant since = ReadParameters.instant("from", from, until.minus(DEFAULT_WINDOW));
        if (!since.isBefore(until)) {
            throw ApiException.badRequest("from (" + since + ") must be before to (" + until + ")");
        }
        return groups.groups(
                workload,
                since,
                until,
                from != null || to != null,
                examples,
                ReadParameters.oneOf("state", GroupState.class, state));
    }

    /** What a person says of a group: {@code {workload, kind, path, state, reason}}. */
    @PostMapping("/groups/state")
    GroupReports.Group judge(
            @RequestHeader(name = Actors.HEADER, defaultValue = "unknown") String actor,
            @RequestBody Map<String, @Nullable Object> body) {
        var request = new RolloutRequest(body, Set.of("workload", "kind", "path", "state", "reason"));
        Workload workload = parameters.workload(request.text("workload"));
        Divergence.Kind kind = ReadParameters.required("kind", Divergence.Kind.class, request.text("kind"));
        String path = request.text("path");
        GroupState state = ReadParameters.required("state", GroupState.class, request.text("state"));
        Instant now = clock.instant();
        GroupReports.Group judged = groups.judge(
                workload,
                kind,
                path,
                state,
                Actors.of(actor).label(),
                request.reason(),
                now.minus(DEFAULT_WINDOW),
                now);
        if (judged == null) {
            throw ApiException.notFound("there is no divergence of kind " + kind + " at the path pattern " + path);
        }
        return judged;
    }

    private static Hidden hidden(String text) {
        return switch (text) {
            case "false" -> Hidden.LEFT_OUT;
            case "true" -> Hidden.ONLY;
            case "all" -> Hidden.INCLUDED;
            default -> throw ApiException.badRequest("hidden must be false, true or all");
        };
    }
}
