package dev.shunt.rollout;

import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Where rollouts are told of, {@code shunt.rollout.webhook.*}. Neither address nor secret is ever logged: the address of a
 * Slack webhook is a secret itself.
 *
 * @param url http or https; absent: nobody is told
 * @param secret key of the signature, 16 characters or more; must be set for format json
 * @param format {@code json} or {@code slack}
 * @param timeout of one try, 100 ms..60 s
 */
@ConfigurationProperties("shunt.rollout.webhook")
record WebhookSettings(
        @Nullable String url,
        @Nullable String secret,
        @DefaultValue("json") Format format,
        @DefaultValue("5s") Duration timeout) {

    private static final int SHORTEST_SECRET = 16;

    /** What is posted. */
    enum Format {
        JSON,
        SLACK
    }

    WebhookSettings {
        url = url == null || url.isBlank() ? null : url.strip();
        secret = secret == null || secret.isBlank() ? null : secret;
        if (url != null && !url.matches("https?://[^/\\s]+(/\\S*)?")) {
            throw new IllegalArgumentException(
                    "shunt.rollout.webhook.url must be http://... or https://... (what it was is not shown)");
        }
        if (secret != null && secret.length() < SHORTEST_SECRET) {
            throw new IllegalArgumentException("shunt.rollout.webhook.secret must have " + SHORTEST_SECRET
                    + " characters or more, had " + secret.length());
        }
        if (url != null && secret == null && format == Format.JSON) {
            throw new IllegalArgumentException(
                    "shunt.rollout.webhook.secret must be set with shunt.rollout.webhook.url and format json");
        }
        if (timeout.toMillis() < 100 || timeout.compareTo(Duration.ofSeconds(60)) > 0) {
            throw new IllegalArgumentException("shunt.rollout.webhook.timeout must be 100ms..60s, was " + timeout);
        }
    }

    /** Host and port only, for messages. */
    String host() {
        return url == null
                ? "nowhere"
                : String.valueOf(URI.create(url).getAuthority()).replaceAll(".*@", "");
    }

    @Override
    public String toString() {
        return "webhook at " + host() + ", " + format;
    }
}
