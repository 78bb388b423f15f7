package dev.shunt.intake;

import dev.shunt.core.DoorCodec;
import dev.shunt.core.DoorCodec.Reading;
import dev.shunt.core.Route;
import dev.shunt.core.RouteGateway.Dispatch;
import dev.shunt.core.Seldom;
import dev.shunt.core.UnavailableException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.web.servlet.function.ServerRequest;
import org.springframework.web.servlet.function.ServerResponse;

/**
 * Answers one workload's POSTs. The client's mistakes get 400 or 413 naming the field, an outage 503 with Retry-After;
 * 202 is given only for what can no longer be lost.
 */
final class Door {

    private static final Logger log = LoggerFactory.getLogger(Door.class);
    private static final MediaType TEXT = new MediaType("text", "plain", StandardCharsets.UTF_8);

    private static final String GZIP = "gzip";
    private static final Duration FULL_FOR = Duration.ofSeconds(1);

    private final DoorCodec codec;
    private final ProjectResolver projects;
    private final Intake intake;
    private final Admission admission;
    private final DoorSettings settings;
    private final Clock clock;
    private final Seldom refusals = new Seldom();

    Door(
            DoorCodec codec,
            ProjectResolver projects,
            Intake intake,
            Admission admission,
            DoorSettings settings,
            Clock clock) {
        this.codec = codec;
        this.projects = projects;
        this.intake = intake;
        this.admission = admission;
        this.settings = settings;
        this.clock = clock;
    }

    ServerResponse post(ServerRequest request) {
        Optional<Admission.Room> room = admission.enter(announced(request));
        if (room.isEmpty()) {
            return unavailable("too much is in hand", FULL_FOR);
        }
        try (Admission.Room inHand = room.get()) {
            return admitted(request);
        }
    }

    private ServerResponse admitted(ServerRequest request) {
        try {
            return answer(request);
        } catch (UnavailableException away) {
            return unavailable(away.getMessage(), away.retryAfter());
        } catch (ZipException broken) {
            return refused(400, "invalid request body: it is not gzip, as its content encoding says");
        } catch (IOException cut) {
            return refused(400, "invalid request body: it ended before it was complete");
        }
    }

    private ServerResponse answer(ServerRequest request) throws IOException {
        Optional<String> unknown = encoding(request).filter(coding -> !coding.equals(GZIP));
        if (unknown.isPresent()) {
            return refused(
                    415,
                    "content encoding is not supported: send the body plain or as gzip",
                    headers -> headers.set("Accept-Encoding", GZIP));
        }
        Optional<byte[]> body = body(request);
        if (body.isEmpty()) {
            return refused(
                    413,
                    "request body too large: the limit is " + settings.maxBody().toBytes() + " bytes");
        }
        HttpHeaders headers = request.headers().asHttpHeaders();
        return switch (projects.resolve(headers.getFirst(ProjectResolver.HEADER))) {
            case ProjectResolver.Resolved.Refused refused -> refused(400, refused.message());
            case ProjectResolver.Resolved.Project project -> accept(project.id(), headers, body.get());
        };
    }

    private ServerResponse accept(String project, HttpHeaders headers, byte[] body) {
        return switch (codec.read(project, lowerCase(headers), body, clock.instant())) {
            case Reading.Refused refused -> refused(refused.status(), refused.message());
            case Reading.Read read -> dispatched(intake.accept(read.item()), read.reply());
        };
    }

    private ServerResponse dispatched(Dispatch dispatch, DoorCodec.Reply reply) {
        return switch (dispatch) {
            case Dispatch.Accepted accepted ->
                accepted(reply, accepted.decision().executed(), accepted.workflowId());
            case Dispatch.Duplicate duplicate -> accepted(reply, duplicate.route(), duplicate.workflowId());
            case Dispatch.Refused refused -> unavailable(refused.why(), refused.retryAfter());
        };
    }

    private static ServerResponse accepted(DoorCodec.Reply reply, Route route, @Nullable String workflowId) {
        return ServerResponse.accepted()
                .contentType(MediaType.APPLICATION_JSON)
                .body(reply.accepted(route, workflowId));
    }

    private static ServerResponse refused(int status, String message) {
        return refused(status, message, headers -> {});
    }

    private static ServerResponse refused(int status, String message, Consumer<HttpHeaders> headers) {
        return ServerResponse.status(status).headers(headers).contentType(TEXT).body(message + "\n");
    }

    /** Anything but a POST, which the old ingest refused as well. */
    static ServerResponse wrongMethod(ServerRequest request) {
        return refused(405, "method not allowed: send a POST", headers -> headers.setAllow(Set.of(HttpMethod.POST)));
    }

    private ServerResponse unavailable(@Nullable String why, Duration retryAfter) {
        refusals.log(more -> log.warn("Refused a request and {} more before it with 503: {}", more, why));
        return ServerResponse.status(503)
                .header(HttpHeaders.RETRY_AFTER, Long.toString(Math.max(1, retryAfter.toSeconds())))
                .contentType(TEXT)
                .body("temporarily unavailable: nothing was accepted, send it again\n");
    }

    /** The inflated body, or empty if it is over the limit: at most one byte more than the limit is ever held. */
    private Optional<byte[]> body(ServerRequest request) throws IOException {
        int limit = Math.toIntExact(settings.maxBody().toBytes());
        long announced = request.headers().contentLength().orElse(0);
        if (announced > limit) {
            return Optional.empty();
        }
        try (InputStream sent = request.servletRequest().getInputStream();
                InputStream stream = encoding(request).isPresent() ? new GZIPInputStream(sent) : sent) {
            byte[] body = stream.readNBytes(limit + 1);
            return body.length > limit ? Optional.empty() : Optional.of(body);
        }
    }

    /** Less than 0 where it says nothing: a compressed body takes as much room as it inflates to. */
    private static long announced(ServerRequest request) {
        return encoding(request).isPresent()
                ? -1
                : request.headers().contentLength().orElse(-1);
    }

    private static Optional<String> encoding(ServerRequest request) {
        return Optional.ofNullable(request.headers().firstHeader(HttpHeaders.CONTENT_ENCODING))
                .map(coding -> coding.strip().toLowerCase(Locale.ROOT))
                .filter(coding -> !coding.isEmpty() && !coding.equals("identity"));
    }

    private static Map<String, String> lowerCase(HttpHeaders headers) {
        return headers.headerNames().stream()
                .collect(Collectors.toMap(
                        name -> name.toLowerCase(Locale.ROOT),
                        name -> Optional.ofNullable(headers.getFirst(name)).orElse(""),
                        (first, second) -> first));
    }
}
