package dev.shunt.console;

import dev.shunt.comparison.DivergenceLog;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Where stored results disagree with their input. */
@RestController
@RequestMapping("/api/v1/divergences")
class DivergenceController {

    private static final int MOST = 1_000;

    private final DivergenceLog divergences;
    private final ReadParameters parameters;

    DivergenceController(DivergenceLog divergences, ReadParameters parameters) {
        this.divergences = divergences;
        this.parameters = parameters;
    }

    /** In the order they were found; the next page begins after the last id of this one. */
    @GetMapping
    List<DivergenceLog.Entry> list(
            @RequestParam(name = "workload", required = false) @Nullable String workload,
            @RequestParam(name = "kind", required = false) @Nullable String kind,
            @RequestParam(name = "path", required = false) @Nullable String path,
            @RequestParam(name = "item", required = false) @Nullable String item,
            @RequestParam(name = "limit", defaultValue = "100") int limit,
            @RequestParam(name = "after", defaultValue = "0") long after) {
        ReadParameters.between("limit", limit, 1, MOST);
        ReadParameters.between("after", after, 0, Long.MAX_VALUE);
        return divergences.list(
                workload == null ? null : parameters.workload(workload),
                ReadParameters.kind(kind),
                path,
                item,
                after,
                limit);
    }

    /** By kind and place in the data, the largest group first. */
    @GetMapping("/groups")
    List<DivergenceLog.Group> groups(@RequestParam(name = "workload", defaultValue = "trace") String workload) {
        return divergences.groups(parameters.workload(workload));
    }
}
