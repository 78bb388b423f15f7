package dev.shunt.console;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * @param token who sends it as {@code Authorization: Bearer <token>} may call {@code /api/v1} from anywhere, and nobody
 *     may without it; at least 16 characters. Unset or empty: only clients on this machine may call
 */
@ConfigurationProperties("shunt.api")
record ApiSettings(@Nullable String token) {

    private static final int SHORTEST = 16;

    ApiSettings {
        token = token == null || token.isBlank() ? null : token;
        if (token != null && token.length() < SHORTEST) {
            throw new IllegalArgumentException(
                    "shunt.api.token must have at least " + SHORTEST + " characters, has " + token.length());
        }
    }

    @Override
    public String toString() {
        return "ApiSettings[token=" + (token == null ? "unset" : "set") + "]"; // a secret does not belong in a log
    }
}
