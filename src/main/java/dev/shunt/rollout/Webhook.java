package dev.shunt.rollout;

import dev.shunt.core.Seldom;
import dev.shunt.core.UnavailableException;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the webhook what is in the outbox, oldest first: at least once, with an id by which a receiver knows what it has
 * seen. Tried again after 1 s, 2 s, 4 s ... 5 min, for a day.
 */
final class Webhook {

    private static final Logger log = LoggerFactory.getLogger(Webhook.class);
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(5);

    private final WebhookOutbox outbox;
    private final WebhookSettings settings;
    private final Clock clock;
    private final MeterRegistry meters;
    private final HttpClient http;
    private final Seldom failures = new Seldom();

    Webhook(WebhookOutbox outbox, WebhookSettings settings, Clock clock, MeterRegistry meters) {
        this.outbox = outbox;
        this.settings = settings;
        this.clock = clock;
        this.meters = meters;
        for (String outcome : List.of("delivered", "failed")) {
            meters.counter("shunt.webhook", "outcome", outcome);
        }
        this.http = HttpClient.newBuilder()
                .connectTimeout(settings.timeout())
                .followRedirects(HttpClient.Redirect.NEVER) // a signed message is for this address only
                .build();
    }

    /** Tells everything that is due; nothing if no webhook is set. */
    void tell() {
        String url = settings.url();
        if (url == null) {
            return;
        }
        try {
            Optional<WebhookOutbox.Message> next = next();
            while (next.isPresent()) {
                tell(url, next.get());
                next = next();
            }
        } catch (UnavailableException away) {
            log.debug("The webhook is told later: {}", away.toString());
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private Optional<WebhookOutbox.Message> next() {
        return outbox.next(settings.timeout().plusSeconds(5));
    }

    private void tell(String url, WebhookOutbox.Message message) throws InterruptedException {
        String failure = post(url, message);
        meters.counter("shunt.webhook", "outcome", failure == null ? "delivered" : "failed")
                .increment();
        if (failure == null) {
            outbox.delivered(message);
            return;
        }
        Duration pause = FIRST_PAUSE.multipliedBy(1L << Math.min(message.attempts() - 1, 10));
        Duration bounded = pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE;
        outbox.failed(message, failure, bounded);
        failures.log(more -> log.warn(
                "The webhook at {} did not take {} ({}), nor {} before. Try {} failed; the next one is in {}.",
                settings.host(),
                message.eventId(),
                failure,
                more,
                message.attempts(),
                bounded));
    }

    /** @return why it was not taken; null if it was */
    private @Nullable String post(String url, WebhookOutbox.Message message) throws InterruptedException {
        String body = settings.format() == WebhookSettings.Format.SLACK ? WebhookBody.slack(message) : message.body();
        try {
            var request = HttpRequest.newBuilder(URI.create(url))
                    .timeout(settings.timeout())
                    .header("Content-Type", "application/json")
                    .header("Shunt-Event-Id", message.eventId())
                    .header("Shunt-Event", message.kind());
            String secret = settings.secret();
            if (secret != null) {
                request.header("Shunt-Signature", WebhookBody.signature(secret, clock.instant(), body));
            }
            int status = wholeAnswer(request.POST(BodyPublishers.ofString(body)).build());
            return status >= 200 && status < 300 ? null : "it answered " + status;
        } catch (TimeoutException e) {
            return "no whole answer within " + settings.timeout();
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            return cause.getClass().getSimpleName(); // its message may hold the address
        } catch (IllegalArgumentException e) {
            return e.getClass().getSimpleName();
        }
    }

    /** The request's own timeout ends with the headers: a receiver that stalls after them would keep this thread for good. */
    private int wholeAnswer(HttpRequest request) throws InterruptedException, ExecutionException, TimeoutException {
        var answer = http.sendAsync(request, BodyHandlers.discarding());
        try {
            return answer.get(settings.timeout().toNanos(), TimeUnit.NANOSECONDS)
                    .statusCode();
        } finally {
            answer.cancel(true);
        }
    }
}
