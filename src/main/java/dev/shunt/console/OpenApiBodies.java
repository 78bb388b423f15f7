package dev.shunt.console;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What orders take. They are read by hand, field by field, so that a wrong one is answered with its name; what they take is
 * written here, and a test holds it against what the running service refuses.
 */
final class OpenApiBodies {

    private static final Map<String, Object> TEXT = Map.of("type", "string");
    private static final Map<String, Object> FLAG = Map.of("type", "boolean");
    private static final Map<String, Object> NUMBER = Map.of("type", "number");
    private static final Map<String, Object> WHOLE = Map.of("type", "integer", "minimum", 0);
    private static final Map<String, Object> TIME = Map.of("type", "string", "format", "date-time");
    private static final Map<String, Object> PERCENT = Map.of("type", "number", "minimum", 0, "maximum", 100);
    private static final String ROLLOUT = "/api/v1/rollouts/{workload}/";

    private static final Body STEP = new Body(List.of("reason"), Map.of("reason", TEXT, "override", FLAG));
    private static final Body REASON = new Body(List.of(), Map.of("reason", TEXT));

    private static final Map<String, Body> BODIES = Map.ofEntries(
            Map.entry(ROLLOUT + "start", STEP),
            Map.entry(ROLLOUT + "promote", STEP),
            Map.entry(ROLLOUT + "hold", STEP),
            Map.entry(ROLLOUT + "resume", STEP),
            Map.entry(ROLLOUT + "complete", STEP),
            Map.entry(
                    ROLLOUT + "percentage",
                    new Body(
                            List.of("percentage", "reason"),
                            Map.of("percentage", PERCENT, "reason", TEXT, "override", FLAG))),
            Map.entry(ROLLOUT + "rollback", new Body(List.of(), Map.of("reason", TEXT, "inFlight", TEXT))),
            Map.entry(ROLLOUT + "recall", REASON),
            Map.entry(ROLLOUT + "rehearsal", REASON),
            Map.entry(
                    ROLLOUT + "pin",
                    new Body(
                            List.of("reason"),
                            Map.of(
                                    "project", TEXT,
                                    "key", TEXT,
                                    "route", Map.of("type", "string", "enum", List.of("legacy", "temporal")),
                                    "until", TIME,
                                    "release", FLAG,
                                    "reason", TEXT))),
            Map.entry(
                    "/api/v1/shadow/{workload}",
                    new Body(
                            List.of("percentage", "reason"),
                            Map.of(
                                    "percentage", PERCENT,
                                    "mode", names(dev.shunt.core.Shadowing.Mode.values()),
                                    "reason", TEXT))),
            Map.entry(
                    "/api/v1/dead-letters/replay",
                    new Body(List.of("workload"), Map.of("workload", TEXT, "reason", TEXT, "after", WHOLE))),
            Map.entry("/api/v1/dead-letters/{id}/discard", new Body(List.of("reason"), Map.of("reason", TEXT))),
            Map.entry(
                    "/api/v1/divergences/groups/state",
                    new Body(
                            List.of("workload", "kind", "path", "state", "reason"),
                            Map.of(
                                    "workload", TEXT,
                                    "kind", names(dev.shunt.core.Divergence.Kind.values()),
                                    "path", TEXT,
                                    "state", names(dev.shunt.core.GroupState.values()),
                                    "reason", TEXT))),
            Map.entry(
                    "/api/v1/ignore-rules",
                    new Body(
                            List.of("workload", "path", "reason", "owner", "expiresAt"),
                            Map.of(
                                    "workload", TEXT,
                                    "path", TEXT,
                                    "kind", names(dev.shunt.core.Divergence.Kind.values()),
                                    "absoluteTolerance", NUMBER,
                                    "relativeTolerance", NUMBER,
                                    "reason", TEXT,
                                    "owner", TEXT,
                                    "expiresAt", TIME))),
            Map.entry(
                    "/api/v1/reconciliations",
                    new Body(
                            List.of("workload"),
                            Map.of(
                                    "workload", TEXT,
                                    "from", TIME,
                                    "to", TIME,
                                    "repair", names(dev.shunt.core.Reconciliation.Repair.values())))));

    private OpenApiBodies() {}

    private record Body(List<String> required, Map<String, Object> properties) {}

    /** @param path as the controllers map it */
    static Map<String, Object> of(String path, boolean required) {
        @Nullable Body body = BODIES.get(path);
        Map<String, Object> schema = body == null
                ? Map.of("type", "object")
                : Map.of(
                        "type",
                        "object",
                        "required",
                        body.required(),
                        "properties",
                        body.properties(),
                        "additionalProperties",
                        false);
        return Map.of("required", required, "content", Map.of("application/json", Map.of("schema", schema)));
    }

    /** Of what the order takes; empty where it takes none, or a JSON of no fields. */
    static Set<String> fields(String path) {
        Body body = BODIES.get(path);
        return body == null ? Set.of() : body.properties().keySet();
    }

    private static Map<String, Object> names(Enum<?>[] values) {
        return Map.of(
                "type", "string", "enum", Arrays.stream(values).map(Enum::name).toList());
    }
}
