package dev.shunt.configuration;

import java.util.Locale;
import java.util.Optional;

/**
 * One key that can be set.
 *
 * @param path in full; {@code <workload>} and {@code [n]} stand for what the operator names
 * @param type of its value
 * @param shown the type in words
 * @param usual its default as an operator writes it; empty: none
 * @param meaning from the Javadoc
 */
record Key(String path, Class<?> type, String shown, String usual, String meaning) {

    Optional<Range> range() {
        return Range.bounds(type) ? Range.in(meaning) : Optional.empty();
    }

    /** The variable of the environment that sets it, by Spring's rule. */
    String variable() {
        return path.replace("-", "")
                .replace("[n]", "_0_")
                .replace("_.", "_")
                .replace('.', '_')
                .toUpperCase(Locale.ROOT);
    }
}
