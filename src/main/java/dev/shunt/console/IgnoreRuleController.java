package dev.shunt.console;

import dev.shunt.comparison.IgnoreRuleBook;
import dev.shunt.core.Divergence;
import dev.shunt.core.IgnoreRule;
import dev.shunt.core.Workload;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Divergences that somebody chose not to look at for a while. */
@RestController
@RequestMapping("/api/v1/ignore-rules")
class IgnoreRuleController {

    private static final Set<String> FIELDS = Set.of(
            "workload", "path", "kind", "absoluteTolerance", "relativeTolerance", "reason", "owner", "expiresAt");

    private final IgnoreRuleBook rules;
    private final ReadParameters parameters;

    IgnoreRuleController(IgnoreRuleBook rules, ReadParameters parameters) {
        this.rules = rules;
        this.parameters = parameters;
    }

    /** @param kind null: every kind */
    record View(
            long id,
            String workload,
            String path,
            Divergence.@Nullable Kind kind,
            @Nullable BigDecimal absoluteTolerance,
            @Nullable BigDecimal relativeTolerance,
            String reason,
            String owner,
            String createdBy,
            Instant createdAt,
            Instant expiresAt,
            @Nullable String removedBy,
            @Nullable Instant removedAt,
            boolean active,
            long hides,
            long hid) {

        static View of(IgnoreRule rule) {
            IgnoreRule.Draft draft = rule.rule();
            return new View(
                    rule.id(),
                    draft.workload().name(),
                    draft.path(),
                    draft.kind(),
                    draft.absolute(),
                    draft.relative(),
                    draft.reason(),
                    draft.owner(),
                    rule.createdBy(),
                    rule.createdAt(),
                    draft.expiresAt(),
                    rule.removedBy(),
                    rule.removedAt(),
                    rule.active(),
                    rule.hides(),
                    rule.hid());
        }
    }

    /** Oldest first; those that hide nothing any more only with {@code all=true}. */
    @GetMapping
    List<View> list(
            @RequestParam(name = "workload", required = false) @Nullable String workload,
            @RequestParam(name = "all", defaultValue = "false") boolean all) {
        return rules.list(workload == null ? null : parameters.workload(workload), !all).stream()
                .map(View::of)
                .toList();
    }

    @GetMapping("/{id}")
    View show(@PathVariable("id") long id) {
        return rules.find(id).map(View::of).orElseThrow(() -> unknown(id));
    }

    @PostMapping
    @ResponseStatus(HttpStatus.CREATED)
    View create(
            @RequestHeader(name = Actors.HEADER, defaultValue = "unknown") String actor,
            @RequestBody Map<String, @Nullable Object> body) {
        var request = new RolloutRequest(body, FIELDS);
        String kind = request.textOrNull("kind");
        Instant expires = ReadParameters.instant("expiresAt", request.text("expiresAt"), Instant.EPOCH);
        Workload workload = parameters.workload(request.text("workload"));
        BigDecimal absolute = request.decimalOrNull("absoluteTolerance");
        BigDecimal relative = request.decimalOrNull("relativeTolerance");
        String by = Actors.of(actor).label();
        try {
            var draft = new IgnoreRule.Draft(
                    workload,
                    request.text("path"),
                    ReadParameters.kind(kind),
                    absolute,
                    relative,
                    request.reason(),
                    request.text("owner"),
                    expires);
            return View.of(rules.create(draft, by));
        } catch (IllegalArgumentException outOfBounds) {
            throw ApiException.badRequest(String.valueOf(outOfBounds.getMessage()));
        }
    }

    /** What it hid is shown again. The rule itself stays listed with {@code all=true}. */
    @DeleteMapping("/{id}")
    View remove(
            @PathVariable("id") long id, @RequestHeader(name = Actors.HEADER, defaultValue = "unknown") String actor) {
        return rules.remove(id, Actors.of(actor).label()).map(View::of).orElseThrow(() -> unknown(id));
    }

    private static ApiException unknown(long id) {
        return ApiException.notFound("there is no ignore rule " + id);
    }
}
