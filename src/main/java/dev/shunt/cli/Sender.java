package dev.shunt.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Sends traces as patient producers do: what was not acknowledged is sent again, the same bytes, until it is. A refusal
 * is not repeated; it goes into the book as a complaint.
 */
final class Sender implements AutoCloseable {

    static final String QUEUE = "cognobserve:traces";

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final long PAUSE_MILLIS = 250;

    private final DemoService service;
    private final Shunt shunt;
    private final String project;
    private final Book book;
    private @Nullable RedisList list;

    Sender(DemoService service, Book book) {
        this.service = service;
        this.shunt = service.shunt();
        this.project = service.project();
        this.book = book;
    }

    /** May be called by several threads at once. */
    void post(DemoTrace trace) throws InterruptedException {
        byte[] body = trace.httpBody();
        Instant giveUp = Instant.now().plus(PATIENCE);
        while (Instant.now().isBefore(giveUp)) {
            try {
                HttpResponse<byte[]> answer = shunt.post(project, body);
                if (answer.statusCode() == 202) {
                    check(trace, Recordings.JSON.readTree(answer.body()));
                    book.accepted(trace);
                    return;
                }
                if (answer.statusCode() < 500) {
                    book.complain(trace.id() + " was refused with " + answer.statusCode() + ": "
                            + new String(answer.body(), UTF_8).strip());
                    return;
                }
            } catch (IOException unanswered) {
                // The service may or may not have taken it; the same bytes again are safe.
            }
            Thread.sleep(PAUSE_MILLIS);
        }
    }

    /** The same trace id in another project: another trace, of which the book only wants to hear that it was taken. */
    @Nullable
    Void twin(DemoTrace trace) throws InterruptedException {
        Instant giveUp = Instant.now().plus(PATIENCE);
        while (Instant.now().isBefore(giveUp)) {
            try {
                HttpResponse<byte[]> answer = shunt.post(project + "-twin", trace.httpBody());
                if (answer.statusCode() < 500) {
                    if (answer.statusCode() != 202) {
                        book.complain(trace.id() + " was refused in another project with " + answer.statusCode());
                    }
                    return null;
                }
            } catch (IOException unanswered) {
                // The service may or may not have taken it; the same bytes again are safe.
            }
            Thread.sleep(PAUSE_MILLIS);
        }
        book.complain(trace.id() + " was not taken in another project");
        return null;
    }

    /** Only for one thread. */
    void push(DemoTrace trace) throws InterruptedException {
        byte[] message = trace.queueMessage(project);
        Instant giveUp = Instant.now().plus(PATIENCE);
        while (Instant.now().isBefore(giveUp)) {
            try {
                connected().push(QUEUE, message);
                book.accepted(trace);
                return;
            } catch (IOException unanswered) {
                disconnect(); // a restarted service has its Redis on another port
                Thread.sleep(PAUSE_MILLIS);
            }
        }
    }

    @Override
    public void close() {
        disconnect();
    }

    private RedisList connected() throws IOException, InterruptedException {
        RedisList open = list;
        if (open == null) {
            open = new RedisList(service.redis());
            list = open;
        }
        return open;
    }

    private void disconnect() {
        RedisList broken = list;
        list = null;
        if (broken != null) {
            try {
                broken.close();
            } catch (IOException alreadyGone) {
                // Closing was all that was wanted of it.
            }
        }
    }

    private void check(DemoTrace trace, JsonNode answer) {
        List<String> sent = spanIds(trace.request().path("spans"), "span_id");
        List<String> answered =
                answer.path("span_ids").valueStream().map(id -> id.asString("")).toList();
        if (!trace.id().equals(answer.path("trace_id").asString("")) || !sent.equals(answered)) {
            book.complain(trace.id() + " was answered with other ids: " + answer);
        }
    }

    static List<String> spanIds(JsonNode spans, String field) {
        return spans.valueStream().map(span -> span.path(field).asString("")).toList();
    }
}
