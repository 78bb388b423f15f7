package dev.shunt.intake;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Says which project a request belongs to. The one place where API keys will be checked. */
@Component
final class ProjectResolver {

    static final String HEADER = "x-project-id";
    static final String DEFAULT_PROJECT = "default";
    private static final int LONGEST = 128;

    /** Who sends, or why that is not acceptable. */
    sealed interface Resolved {
        record Project(String id) implements Resolved {}

        record Refused(String message) implements Resolved {}
    }

    Resolved resolve(@Nullable String header) {
        String id = Optional.ofNullable(header).map(String::strip).orElse("");
        if (id.isEmpty()) {
            return new Resolved.Project(DEFAULT_PROJECT);
        }
        if (id.codePointCount(0, id.length()) > LONGEST) {
            return new Resolved.Refused("header X-Project-ID must be at most " + LONGEST + " characters, was "
                    + id.codePointCount(0, id.length()));
        }
        if (id.chars().anyMatch(Character::isISOControl)) {
            return new Resolved.Refused("header X-Project-ID must not hold control characters");
        }
        return new Resolved.Project(id);
    }
}
