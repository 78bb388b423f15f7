package dev.shunt.console;

import dev.shunt.console.DeadLetterView.Detail;
import dev.shunt.console.DeadLetterView.Moved;
import dev.shunt.console.DeadLetterView.Summary;
import dev.shunt.core.DeadLetterArchive;
import dev.shunt.core.DeadLetterArchive.Filter;
import dev.shunt.core.DeadLetterArchive.Letter;
import dev.shunt.core.DeadLetterArchive.State;
import dev.shunt.core.Replays;
import dev.shunt.core.Replays.Outcome;
import dev.shunt.core.Workload;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** What could not be processed, and what a person does about it. */
@RestController
@RequestMapping("/api/v1/dead-letters")
class DeadLetterController {

    private static final int MOST = 1_000;
    private static final int EXAMPLES = 20;

    private final DeadLetterArchive archive;
    private final Replays replays;
    private final ReadParameters parameters;

    DeadLetterController(DeadLetterArchive archive, Replays replays, ReadParameters parameters) {
        this.archive = archive;
        this.replays = replays;
        this.parameters = parameters;
    }

    /** Oldest first, without payloads; the next page begins after the last id of this one. */
    @GetMapping
    List<Summary> list(
            @RequestParam(name = "workload", required = false) @Nullable String workload,
            @RequestParam(name = "state", required = false) @Nullable String state,
            @RequestParam(name = "reason", required = false) @Nullable String reason,
            @RequestParam(name = "limit", defaultValue = "100") int limit,
            @RequestParam(name = "after", defaultValue = "0") long after) {
        ReadParameters.between("limit", limit, 1, MOST);
        ReadParameters.between("after", after, 0, Long.MAX_VALUE);
        var filter =
                new Filter(workload == null ? null : parameters.workload(workload), state(state), reason, after, limit);
        return archive.list(filter).stream().map(Summary::of).toList();
    }

    @GetMapping("/{id}")
    Detail show(@PathVariable("id") long id) {
        return archive.find(id).map(Detail::of).orElseThrow(() -> unknown(id));
    }

    /** 200 when it is sent, or was before; 202 while it could not be sent yet. */
    @PostMapping("/{id}/replay")
    ResponseEntity<Moved> replay(
            @PathVariable("id") long id, @RequestHeader(name = Actors.HEADER, defaultValue = "unknown") String actor) {
        Outcome outcome = replays.replay(id, Actors.of(actor).label()).orElseThrow(() -> unknown(id));
        return switch (outcome) {
            case Outcome.Unreadable still ->
                throw ApiException.conflict("letter " + id + " cannot be read even now: " + still.reason());
            case Outcome.InFlight same ->
                throw ApiException.conflict("the item of letter " + id
                        + " is still in flight: its burial is not over, or it was sent again; try again in a moment");
            case Outcome.NotDead other -> {
                if (other.state() == State.DISCARDED) {
                    throw ApiException.conflict("letter " + id + " is discarded");
                }
                yield ResponseEntity.ok(Moved.of(id, other));
            }
            case Outcome.Waiting waiting ->
                ResponseEntity.status(HttpStatus.ACCEPTED).body(Moved.of(id, waiting));
            default -> ResponseEntity.ok(Moved.of(id, outcome));
        };
    }

    /** By the beginning of the reason, or all of a workload; at most 1,000 in one call, which says where to go on. */
    @PostMapping("/replay")
    DeadLetterView.Batch replayAll(
            @RequestHeader(name = Actors.HEADER, defaultValue = "unknown") String actor,
            @RequestBody Map<String, @Nullable Object> body) {
        var request = new RolloutRequest(body, Set.of("workload", "reason", "after"));
        Workload workload = parameters.workload(request.text("workload"));
        String reason = request.reasonOr("");
        String by = Actors.of(actor).label();
        List<Letter> letters =
                archive.list(new Filter(workload, State.DEAD, reason, request.numberOr("after", 0), MOST));
        int sent = 0;
        List<Moved> left = new ArrayList<>();
        for (Letter letter : letters) {
            Outcome outcome = replays.replay(letter.id(), by).orElseThrow(() -> unknown(letter.id()));
            if (outcome instanceof Outcome.Sent) {
                sent++;
            } else {
                left.add(Moved.of(letter.id(), outcome));
            }
        }
        return new DeadLetterView.Batch(
                workload.name(),
                letters.size(),
                sent,
                left.size(),
                left.stream().limit(EXAMPLES).toList(),
                letters.size() == MOST ? letters.getLast().id() : null);
    }

    @PostMapping("/{id}/discard")
    Moved discard(
            @PathVariable("id") long id,
            @RequestHeader(name = Actors.HEADER, defaultValue = "unknown") String actor,
            @RequestBody Map<String, @Nullable Object> body) {
        String reason = new RolloutRequest(body, Set.of("reason")).reason();
        Outcome outcome = replays.discard(id, Actors.of(actor).label(), reason).orElseThrow(() -> unknown(id));
        if (outcome instanceof Outcome.NotDead other && other.state() == State.REPLAYED) {
            throw ApiException.conflict("letter " + id + " is replayed; it can be discarded if it dies again");
        }
        return Moved.of(id, outcome);
    }

    private static @Nullable State state(@Nullable String text) {
        if (text == null || text.isBlank()) {
            return null;
        }
        return Arrays.stream(State.values())
                .filter(state -> state.name().equals(text.toUpperCase(Locale.ROOT)))
                .findAny()
                .orElseThrow(() -> ApiException.badRequest("state must be one of " + Arrays.toString(State.values())));
    }

    private static ApiException unknown(long id) {
        return ApiException.notFound("there is no dead letter " + id);
    }
}
