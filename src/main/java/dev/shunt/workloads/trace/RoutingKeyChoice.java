package dev.shunt.workloads.trace;

import dev.shunt.core.ItemKey;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What of a trace stays together on one route. An item without the chosen value stays with its trace. */
enum RoutingKeyChoice {
    TRACE,
    SESSION,
    USER,
    PROJECT;

    /** @throws IllegalArgumentException naming the key and the choices */
    static RoutingKeyChoice of(String setting) {
        return Arrays.stream(values())
                .filter(choice -> choice.setting().equals(setting))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("shunt.workloads.trace.routing-key must be one of "
                        + Arrays.stream(values()).map(RoutingKeyChoice::setting).toList() + ", was '" + setting
                        + "'"));
    }

    String routingKey(ItemKey key, @Nullable String sessionId, @Nullable String userId) {
        return switch (this) {
            case TRACE -> key.subjectKey();
            case SESSION -> scoped(key, sessionId);
            case USER -> scoped(key, userId);
            case PROJECT -> projectPart(key);
        };
    }

    // Three parts, so that no session can be taken for a trace: parts hold no colon of their own.
    private String scoped(ItemKey key, @Nullable String id) {
        if (id == null || id.isEmpty()) {
            return key.subjectKey();
        }
        String projectAndId = ItemKey.of(key.project(), id, key.digest()).subjectKey();
        String project = projectPart(key);
        return project + ':' + setting() + projectAndId.substring(project.length());
    }

    private static String projectPart(ItemKey key) {
        return key.value().substring(0, key.value().indexOf(':'));
    }

    private String setting() {
        return name().toLowerCase(Locale.ROOT);
    }
}
